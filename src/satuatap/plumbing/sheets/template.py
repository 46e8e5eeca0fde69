"""Templates to fill in: an XLSX with explanations, examples and drop-down lists, or a folder of CSV files."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

from satuatap.plumbing.sheets.files import COMMENT
from satuatap.plumbing.sheets.schema import Book, Column, Kind, Sheet

ROWS_WITH_LISTS = 2000
LONGEST_LIST = 255  # letters of a drop-down list that Excel takes in one piece
GUIDE = "petunjuk"
Examples = Mapping[str, Sequence[Mapping[str, str]]]


def _explained(column: Column) -> str:
    kind = {
        Kind.BOOL: "yes / no",
        Kind.DATE: "2026-11-24",
        Kind.TIME: "08:00",
        Kind.LIST: "a; b; c",
        Kind.CHOICE: " / ".join(column.choices),
    }.get(column.kind, "")
    words = [column.explanation, f"({kind})" if kind else "", "[wajib]" if column.required else ""]
    return " ".join(word for word in words if word)


def _people_rows(sheet: Sheet) -> list[list[str]]:
    """Rows that the reader skips: what each column means, and an example."""
    explained = [_explained(column) for column in sheet.columns]
    example = [column.example for column in sheet.columns]
    rows = [explained, example] if any(example) else [explained]
    return [[f"{COMMENT} {row[0]}", *row[1:]] for row in rows]


def write_workbook(path: Path, book: Book, examples: Examples | None = None) -> Path:
    """One XLSX: a guide, a sheet each with its labels, explanations, example, drop-downs. Never over another file."""
    path.open("xb").close()
    workbook = xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False})
    head = workbook.add_format({"bold": True, "bg_color": "#0f4c5c", "font_color": "#ffffff", "text_wrap": True})
    need = workbook.add_format({"bold": True, "bg_color": "#7a3b00", "font_color": "#ffffff", "text_wrap": True})
    quiet = workbook.add_format({"italic": True, "font_color": "#555555", "text_wrap": True, "valign": "top"})
    guide = workbook.add_worksheet(GUIDE)
    guide.set_column(0, 0, 24)
    guide.set_column(1, 1, 100)
    for line, sheet in enumerate(book.sheets):
        guide.write_row(line, 0, [sheet.key, f"{sheet.label}. {sheet.explanation}"])
    for sheet in book.sheets:
        page = workbook.add_worksheet(sheet.key)
        page.freeze_panes(1, 0)
        for place, column in enumerate(sheet.columns):
            page.write(0, place, column.label, need if column.required else head)
            page.set_column(place, place, 16 if column.kind is not Kind.TEXT else 26)
            _drop_down(page, place, column)
        for number, row in enumerate(_people_rows(sheet), start=1):
            page.write_row(number, 0, row, quiet)
        start = 1 + len(_people_rows(sheet))
        for number, values in enumerate((examples or {}).get(sheet.key, ()), start=start):
            page.write_row(number, 0, [values.get(column.key, "") for column in sheet.columns])
    workbook.close()
    return path


def _drop_down(page: Any, place: int, column: Column) -> None:
    choices = ["yes", "no"] if column.kind is Kind.BOOL else list(column.choices)
    if choices and len(",".join(choices)) <= LONGEST_LIST:
        rule = {"validate": "list", "source": choices, "ignore_blank": True, "error_title": column.label}
        page.data_validation(1, place, ROWS_WITH_LISTS, place, {**rule, "error_type": "warning"})


def write_folder(folder: Path, book: Book, examples: Examples | None = None) -> list[Path]:
    """A folder with one CSV file a sheet, headed by the keys. Never over another file."""
    paths = [folder / f"{sheet.key}.csv" for sheet in book.sheets]
    for path in paths:
        if path.exists():
            raise FileExistsError(17, "File exists", str(path))
    folder.mkdir(parents=True, exist_ok=True)
    for sheet in book.sheets:
        with (folder / f"{sheet.key}.csv").open("w", encoding="utf-8", newline="") as file:
            out = csv.writer(file, lineterminator="\n")
            out.writerow([column.key for column in sheet.columns])
            out.writerows(_people_rows(sheet))
            for values in (examples or {}).get(sheet.key, ()):
                out.writerow([values.get(column.key, "") for column in sheet.columns])
    return paths
