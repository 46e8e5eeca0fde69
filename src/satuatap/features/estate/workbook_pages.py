"""A workbook with live formulas: its sheets are written row by row, and text in it never becomes a formula."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from typing import Any

import xlsxwriter

from satuatap.plumbing.sheets.cells import escaped

MADE = datetime(2000, 1, 1)  # a workbook carries when it was made: the same study is the same bytes
FIRST = 3  # row of a sheet's first line, below what the sheet is for and the titles of its columns
PLAIN = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
# The writer says that Excel made the file, and gives every formula the result 0: who trusts Excel would show it.
HONEST = {
    "docProps/app.xml": (b"<Application>Microsoft Excel</Application>", b"<Application>satuatap</Application>"),
    "xl/workbook.xml": (b'appName="xl"', b'appName="satuatap"'),
}
NOT_COMPUTED = (b"</f><v>0</v>", b"</f>")
STYLES: dict[str, dict[str, Any]] = {
    "for": {"italic": True, "font_color": "#4A5B63"},
    "title": {"bold": True, "bg_color": "#0B5563", "font_color": "#FFFFFF", "text_wrap": True, "valign": "top"},
    "head": {"bold": True, "font_size": 14},
    "text": {},
    "wrap": {"text_wrap": True, "valign": "top"},
    "input": {"bg_color": "#FBF0D5", "num_format": "#,##0.######"},
    "choice": {"bg_color": "#FBF0D5"},
    "plain": {"num_format": "#,##0.######"},
    "exact": {"num_format": "#,##0.00", "font_color": "#4A5B63"},
    "rupiah": {"num_format": "#,##0"},
    "total": {"num_format": "#,##0", "bold": True, "top": 1},
    "bold": {"bold": True, "top": 1},
}
TALL = {"title": 12, "wrap": 100}  # style -> letters that fit in one line
TWO_LINES = 31  # points


@dataclass(frozen=True, slots=True)
class Formula:
    """A cell that is computed; ``shown`` is what a program shows that doesn't compute."""

    text: str
    style: str = "plain"
    shown: float | str = 0


@dataclass(frozen=True, slots=True)
class Cell:
    """A value with a style of its own."""

    value: float | str
    style: str


class Page:
    """One sheet, written downwards."""

    def __init__(self, sheet: Any, styles: dict[str, Any], name: str) -> None:
        self.sheet, self.styles, self.name = sheet, styles, name
        self.next = 1

    def row(self, *cells: Cell | Formula | float | str | None) -> int:
        """Write the next row; returns its number as the workbook shows it."""
        line = self.next - 1
        for column, cell in enumerate(cells):
            self._put(line, column, cell)
        self.next += 1
        return self.next - 1

    def _put(self, line: int, column: int, cell: Cell | Formula | float | str | None) -> None:
        if isinstance(cell, Formula):
            self.sheet.write_formula(line, column, cell.text, self.styles[cell.style], cell.shown)
            return
        value, style = (cell.value, cell.style) if isinstance(cell, Cell) else (cell, "")
        if style in TALL and len(str(value)) > TALL[style]:  # two lines; no program makes room by itself when it opens
            self.sheet.set_row(line, TWO_LINES)
        if isinstance(value, str):
            if value:
                self.sheet.write_string(line, column, escaped(value), self.styles[style or "text"])
        elif value is not None:
            self.sheet.write_number(line, column, float(value), self.styles[style or "plain"])

    def column(self, letter: str, last: int) -> str:
        """The name of a column's cells, for a formula on any sheet."""
        return f"{self.name}!${letter}${FIRST}:${letter}${max(FIRST, last)}"


@dataclass(slots=True)
class Book:
    """A workbook that is being written, in memory."""

    _out: BytesIO = field(default_factory=BytesIO)
    book: Any = None
    styles: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.book = xlsxwriter.Workbook(self._out, PLAIN)
        self.book.set_properties({"created": MADE})
        self.styles = {name: self.book.add_format(form) for name, form in STYLES.items()}

    def page(self, name: str, purpose: str, titles: Sequence[str], widths: Sequence[float]) -> Page:
        """A sheet with what it is for, its titles, and room below them."""
        sheet = self.book.add_worksheet(name)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        page = Page(sheet, self.styles, name)
        page.row(Cell(purpose, "for"))
        page.row(*(Cell(title, "title") for title in titles))
        if titles:
            sheet.freeze_panes(2, 0)
            sheet.repeat_rows(1)
        return page

    def bytes(self) -> bytes:
        """The finished file; a formula has no result until a program computes it."""
        self.book.close()
        made = BytesIO()
        with zipfile.ZipFile(self._out) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
            for part in old.infolist():
                is_sheet = part.filename.startswith("xl/worksheets/")
                change = NOT_COMPUTED if is_sheet else HONEST.get(part.filename, (b"", b""))
                new.writestr(part, old.read(part).replace(*change) if change[0] else old.read(part))
        return made.getvalue()
