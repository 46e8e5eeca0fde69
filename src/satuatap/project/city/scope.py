"""What somebody who keeps the estate alone may touch of the city's sheets, and the files for her to fill in."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Collection
from pathlib import Path
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

from satuatap.features.estate import queries as estate
from satuatap.features.estate.refusals import NoSuchImport
from satuatap.features.malls.changes import ChangeView
from satuatap.plumbing.sheets.cells import escaped
from satuatap.plumbing.sheets.schema import Book, Sheet
from satuatap.plumbing.sheets.template import write_workbook
from satuatap.plumbing.sheets.write import write_xlsx
from satuatap.project.city.estate_format import ESTATE
from satuatap.project.city.examples import EXAMPLES
from satuatap.project.city.export import city_rows
from satuatap.project.city.format import BOOK

ESTATE_SHEETS = tuple(sheet.key for sheet in ESTATE)
THREE = ("buildings", "units", "placements")  # a study starts from these alone


def within(view: ChangeView, only: Collection[str]) -> bool:
    """Whether a change or a draft is about these sheets alone: its rows, its problems, the cells kept of it.

    A problem without a row is what other sheets would suffer from it (or is a file's), and no part of the upload.
    """
    known = {sheet.key for sheet in BOOK.sheets}
    at_rows = {problem[0] for problem in view.problems if problem[1] and problem[0] in known}
    named = {row.sheet for row in view.rows} | at_rows
    with contextlib.suppress(NoSuchImport):
        named |= set(estate.kept_tables(view.id).tables)
    return named <= set(only)


def template(only: Collection[str]) -> bytes:
    """An XLSX of these sheets to fill in, with explanations, examples and drop-down lists."""
    return _file(lambda path: write_workbook(path, _book(only), EXAMPLES))


def sheets_file(only: Collection[str]) -> bytes:
    """These sheets as they are now, as one XLSX; read back unchanged it changes nothing."""
    rows = city_rows(only)
    return _file(lambda path: write_xlsx(path, _book(only), rows))


def problems_file(view: ChangeView) -> bytes:
    """What is wrong with an upload as an XLSX: sheet, row, column, what stands there, what is wrong, what to do."""
    heads = [_("Lembar"), _("Baris"), _("Kolom"), _("Isi"), _("Masalah"), _("Yang ditunggu")]

    def write(path: Path) -> None:
        plain = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        with xlsxwriter.Workbook(path, plain) as workbook:
            page = workbook.add_worksheet("masalah")
            page.set_column(0, 5, 24)
            page.write_row(0, 0, heads)
            for number, one in enumerate(view.problems, start=1):
                page.write_row(number, 0, ["" if cell is None else escaped(str(cell)) for cell in one[:6]])

    return _file(write)


def _book(only: Collection[str]) -> Book:
    sheets: list[Sheet] = [sheet for sheet in BOOK.sheets if sheet.key in only]
    return Book(sheets)


def _file(write: Any) -> bytes:
    with tempfile.TemporaryDirectory(prefix="satuatap-file-") as name:
        path = Path(name) / "lembar.xlsx"
        write(path)
        return path.read_bytes()
