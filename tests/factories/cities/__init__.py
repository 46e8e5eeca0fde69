"""A small invented city in the zone WITA, five services, all of it synthetic; and ways to spoil a copy of it."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from pathlib import Path

import xlsxwriter

TANJUNG = Path(__file__).parent / "tanjung"
PALEMBANG = Path(__file__).parents[3] / "data" / "palembang"
Rows = list[list[str]]


def copy_of(folder: Path) -> Path:
    """The city's files, to be spoiled."""
    return shutil.copytree(TANJUNG, folder / "tanjung")


def rows_of(path: Path) -> Rows:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def change(folder: Path, sheet: str, spoil: Callable[[Rows], None]) -> Path:
    """Let ``spoil`` work on the rows (header first) of one sheet."""
    path = folder / f"{sheet}.csv"
    rows = rows_of(path)
    spoil(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
    return path


def put(folder: Path, sheet: str, row: int, column: str, value: str) -> None:
    """One cell, by its row number as a spreadsheet shows it (the header is row 1)."""

    def spoil(rows: Rows) -> None:
        rows[row - 1][rows[0].index(column)] = value

    change(folder, sheet, spoil)


def as_workbook(folder: Path, path: Path) -> Path:
    """The same sheets in one XLSX: numbers as numbers, times as text, as a person would have typed them."""
    workbook = xlsxwriter.Workbook(path, {"strings_to_numbers": True, "strings_to_formulas": False})
    for file in sorted(folder.glob("*.csv")):
        page = workbook.add_worksheet(file.stem)
        for number, row in enumerate(rows_of(file)):
            page.write_row(number, 0, row)
    workbook.close()
    return path
