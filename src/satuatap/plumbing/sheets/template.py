"""Templates to fill in: an XLSX with explanations, examples and drop-down lists, or a folder of CSV files."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from satuatap.plumbing.sheets.files import COMMENT
from satuatap.plumbing.sheets.schema import Book, Column, Kind, Sheet

ROWS_WITH_LISTS = 2000
LONGEST_LIST = 255  # letters of a drop-down list that Excel takes in one piece
GUIDE = "petunjuk"
HOW_TO = (
    "Satu lembar untuk setiap tabel. Ganti baris contoh dengan isi kota Anda; baris yang diawali # tidak dibaca. "
    "Sel dengan judul coklat wajib diisi."
)
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


def _people_row(sheet: Sheet) -> list[str]:
    """A row that the reader skips: what each column means."""
    first, *others = (_explained(column) for column in sheet.columns)
    return [f"{COMMENT} {first}", *others]


def write_workbook(path: Path, book: Book, examples: Examples | None = None) -> Path:
    """One XLSX: a guide, a sheet each with its labels, explanations, example, drop-downs. Never over another file."""
    path.open("xb").close()
    workbook = xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False})
    head = workbook.add_format({"bold": True, "bg_color": "#0f4c5c", "font_color": "#ffffff", "text_wrap": True})
    need = workbook.add_format({"bold": True, "bg_color": "#7a3b00", "font_color": "#ffffff", "text_wrap": True})
    quiet = workbook.add_format({"italic": True, "font_color": "#555555", "text_wrap": True, "valign": "top"})
    text = workbook.add_format({"num_format": "@"})
    guide = workbook.add_worksheet(GUIDE)
    guide.set_column(0, 0, 24)
    guide.set_column(1, 1, 100)
    guide.write_row(0, 0, ["petunjuk", HOW_TO])
    for line, sheet in enumerate(book.sheets, start=1):
        guide.write_row(line, 0, [sheet.key, f"{sheet.label}. {sheet.explanation}"])
    for sheet in book.sheets:
        page = workbook.add_worksheet(sheet.key)
        page.freeze_panes(1, 0)
        for place, column in enumerate(sheet.columns):
            page.write(0, place, column.label, need if column.required else head)
            # as text, so that Excel makes no date of a code and no fraction of a time
            page.set_column(place, place, 16 if column.kind is not Kind.TEXT else 26, text)
            _drop_down(page, place, column, _choices(book, sheet, column))
        page.write_row(1, 0, _people_row(sheet), quiet)
        for number, values in enumerate((examples or {}).get(sheet.key, ()), start=2):
            page.write_row(number, 0, [values.get(column.key, "") for column in sheet.columns])
    workbook.close()
    return path


def _choices(book: Book, sheet: Sheet, column: Column) -> list[str] | str:
    """What a cell may be chosen from: the words of its column, or the codes of the sheet that it points to."""
    if column.kind is Kind.BOOL:
        return ["yes", "no"]
    if column.choices:
        return list(column.choices) if len(",".join(column.choices)) <= LONGEST_LIST else []
    for reference in sheet.references:
        if reference.columns[-1] == column.key and column.kind is not Kind.LIST:
            target = next((one for one in book.sheets if one.key == reference.sheet), None)
            if target is None:  # a book of a few sheets: the other's codes are not here to choose from
                return []
            place = xl_col_to_name([c.key for c in target.columns].index(reference.target[-1]), col_abs=True)
            return f"={target.key}!{place}$3:{place}${ROWS_WITH_LISTS}"
    return []


def _drop_down(page: Any, place: int, column: Column, choices: list[str] | str) -> None:
    if choices:
        rule = {"validate": "list", "source": choices, "ignore_blank": True, "error_title": column.label}
        page.data_validation(2, place, ROWS_WITH_LISTS, place, {**rule, "error_type": "warning"})


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
            out.writerow(_people_row(sheet))
            for values in (examples or {}).get(sheet.key, ()):
                out.writerow([values.get(column.key, "") for column in sheet.columns])
    return paths
