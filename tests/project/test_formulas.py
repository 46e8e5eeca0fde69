"""No cell of a file that leaves is a formula: each writer of sheets is known and is given the worst to write."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import openpyxl
import pytest
from django.test import RequestFactory

from satuatap.features.estate.workbook_pages import Book, Cell
from satuatap.plumbing.sheets.cells import CODE, unescaped
from satuatap.plumbing.sheets.schema import Kind
from satuatap.plumbing.sheets.template import write_folder, write_workbook
from satuatap.plumbing.sheets.write import as_csv, write_xlsx
from satuatap.project.city import scope
from satuatap.project.city.examples import EXAMPLES
from satuatap.project.city.format import BOOK
from satuatap.project.operate import office
from satuatap.project.privacy import register
from satuatap.project.privacy.declared import declared_fields
from satuatap.web.studio import public
from tests.architecture.source import ROOT

# Who writes cells, and the test below that gives it formulas. A new one stands here, or its file is not known.
WRITERS = {
    "plumbing/sheets/write.py": "the city's sheets, as CSV and XLSX",
    "plumbing/sheets/template.py": "the empty template",
    "project/privacy/register.py": "the register of processing",
    "project/privacy/erasures.py": "days, kinds and random ids: nothing that anybody typed",
    "web/studio/public.py": "the moves of a plan",
    "project/city/scope.py": "what is wrong with an upload",
    "features/estate/workbook_pages.py": "a plan's annexes and its working paper, whose own formulas are meant",
}
SIGNS = ("csv.writer(", "csv.DictWriter(", "xlsxwriter.Workbook(")
RUN = ("=", "+", "-", "@", "\t", "\r")  # how a spreadsheet knows a formula
WORST = ['=HYPERLINK("http://127.0.0.1")', "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "'=1", "''=1", "=1", "-"]


def formulas(cells: Any) -> list[str]:
    """Cells that a spreadsheet would run; a plain number, also one below zero, is none."""
    found = []
    for cell in cells:
        text = str(cell)
        try:
            float(text)
        except ValueError:
            if text.startswith(RUN):
                found.append(text)
    return found


def of_csv(text: str) -> list[str]:
    return [cell for row in csv.reader(io.StringIO(text)) for cell in row]


def of_book(path: Path) -> list[str]:
    book = openpyxl.load_workbook(path)
    cells = [cell for page in book for row in page.iter_rows() for cell in row if cell.value is not None]
    assert [cell.coordinate for cell in cells if cell.data_type == "f"] == []
    return [str(cell.value) for cell in cells]


def worst_rows() -> dict[str, list[dict[str, Any]]]:
    """Every text and every list of every sheet of the city, filled with each of the worst."""
    found: dict[str, list[dict[str, Any]]] = {}
    for sheet in BOOK.sheets:
        free = [column for column in sheet.columns if column.kind in (Kind.TEXT, Kind.LIST)]
        found[sheet.key] = [{c.key: [text, text] if c.kind is Kind.LIST else text for c in free} for text in WORST]
    return found


def test_every_writer_of_sheets_is_known() -> None:
    room = ROOT / "src" / "satuatap"
    found = {str(path.relative_to(room)) for path in room.rglob("*.py") if any(s in path.read_text() for s in SIGNS)}
    assert found == WRITERS.keys(), "give the new writer formulas in this file, or take the old one out"


def test_the_citys_sheets_run_nothing_and_say_the_same(tmp_path: Path) -> None:
    rows = worst_rows()
    for sheet in BOOK.sheets:
        cells = of_csv(as_csv(sheet, rows[sheet.key]).decode())
        assert formulas(cells) == [], sheet.key
        texts = {unescaped(cell) for cell in cells}
        assert any(c.kind is not Kind.TEXT for c in sheet.columns) or set(WORST) <= texts, sheet.key
    assert formulas(of_book(write_xlsx(tmp_path / "kota.xlsx", BOOK, rows))) == []


def test_what_is_not_escaped_cannot_be_one() -> None:
    """Codes, choices, dates, times and numbers are written as they are: none of the worst is read as one."""
    assert not any(CODE.fullmatch(text) for text in WORST)
    choices = [str(choice) for sheet in BOOK.sheets for column in sheet.columns for choice in column.choices]
    assert formulas(choices) == []


def test_the_template_runs_nothing(tmp_path: Path) -> None:
    assert formulas(of_book(write_workbook(tmp_path / "a.xlsx", BOOK, EXAMPLES))) == []
    for path in write_folder(tmp_path / "b", BOOK, EXAMPLES):
        assert formulas(of_csv(path.read_text())) == [], path.name


def test_the_register_runs_nothing() -> None:
    worst = [
        replace(one, purpose=text, purpose_en=text, readers=(text,))
        for one, text in zip([declared_fields()[0]] * len(WORST), WORST, strict=True)
    ]
    assert formulas(of_csv(register.as_csv(worst))) == []
    assert formulas(of_csv(office.register_csv())) == []


def test_a_plans_moves_run_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    moves = [SimpleNamespace(unit=text, origin=text, target=text, address=text, on=date(2027, 1, 4)) for text in WORST]
    view = SimpleNamespace(shown=SimpleNamespace(number=1, content_hash="ab12"))
    monkeypatch.setattr(public.queries, "regrouping", lambda code, public: view)
    monkeypatch.setattr(public, "figures_of", lambda view: {"rows": moves})
    answer = public.download(RequestFactory().get("/penataan/satu/unduh"), code="satu")
    cells = of_csv(answer.content.decode())
    assert formulas(cells) == [] and len(cells) == 7 * (1 + len(WORST))


def test_what_is_wrong_with_an_upload_runs_nothing(tmp_path: Path) -> None:
    view: Any = SimpleNamespace(problems=[("units", 2, text, text, text, text) for text in WORST])
    (tmp_path / "masalah.xlsx").write_bytes(scope.problems_file(view))
    cells = of_book(tmp_path / "masalah.xlsx")
    assert formulas(cells) == [] and set(WORST) - {unescaped(cell) for cell in cells} <= {"\r=1"}  # XML has no such end


def test_a_workbook_runs_only_the_formulas_that_are_meant(tmp_path: Path) -> None:
    book = Book()
    page = book.page("Uji", "=1+1", ["=2+2", "b"], [12, 12])
    for text in WORST:
        page.row(text, Cell(text, "bold"))
    (tmp_path / "kerja.xlsx").write_bytes(book.bytes())
    cells = of_book(tmp_path / "kerja.xlsx")
    assert formulas(cells) == [] and set(WORST) - {unescaped(cell) for cell in cells} <= {"\r=1"}  # XML has no such end


def test_a_formula_is_noticed() -> None:
    assert formulas(WORST[:6]) == WORST[:6] and formulas(["-5", "-1.5", "a=1", "'=1", "kk-baru", ""]) == []
