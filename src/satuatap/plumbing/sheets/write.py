"""Write sheets so that ``read`` gives back exactly what was written: the same bytes for the same rows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import xlsxwriter

from satuatap.plumbing.sheets.cells import THOUSANDS, escaped
from satuatap.plumbing.sheets.schema import Book, Column, Kind, Sheet

Rows = Sequence[Mapping[str, Any]]
QUOTED = re.compile(r'[,;"\r\n\t]|^\s|\s$')
MADE = datetime(2000, 1, 1)  # a workbook carries when it was made: the same rows are the same bytes


def cell(column: Column, value: Any) -> str:
    """A value as it stands in a file; text that a spreadsheet could take for a formula is escaped."""
    if value is None:
        return ""
    if column.kind is Kind.BOOL:
        return "yes" if value else "no"
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, time):
        return value.strftime("%H:%M")
    if isinstance(value, date):
        return value.isoformat()
    text = ";".join(str(part) for part in value) if isinstance(value, list | tuple) else str(value)
    return escaped(text) if column.kind in (Kind.TEXT, Kind.LIST) else text


def _number(value: float) -> str:
    """The shortest digits that give the same number; never such that the reader asks "thousands or a fraction?"."""
    text = str(int(value)) if value.is_integer() else repr(value)
    return f"{text}0" if "." in text and THOUSANDS.fullmatch(text) else text


def _cells(sheet: Sheet, rows: Rows) -> Iterable[list[str]]:
    yield [column.key for column in sheet.columns]
    for row in rows:
        yield [cell(column, row.get(column.key)) for column in sheet.columns]


def as_csv(sheet: Sheet, rows: Rows) -> bytes:
    """A sheet as CSV in UTF-8, headed by the keys of its columns."""
    lines = (",".join(_quoted(text) for text in cells) for cells in _cells(sheet, rows))
    return "".join(f"{line}\n" for line in lines).encode()


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if QUOTED.search(text) else text


def write_xlsx(path: Path, book: Book, rows: Mapping[str, Rows]) -> Path:
    """All sheets as one workbook; every cell is text, so that no program makes a date of a code."""
    plain = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(path, plain) as workbook:
        workbook.set_properties({"created": MADE})
        head, text = workbook.add_format({"bold": True}), workbook.add_format({"num_format": "@"})
        for sheet in book.sheets:
            page = workbook.add_worksheet(sheet.key)
            page.freeze_panes(1, 0)
            page.set_column(0, len(sheet.columns) - 1, 18, text)
            for number, cells in enumerate(_cells(sheet, rows.get(sheet.key, ()))):
                page.write_row(number, 0, cells, head if number == 0 else text)
    return path
