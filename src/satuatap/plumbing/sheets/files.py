"""The raw cells of a folder of CSV files or of one workbook; only what can't even be read is a problem here."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import openpyxl
from django.utils.translation import gettext as _
from openpyxl.utils.exceptions import InvalidFileException

from satuatap.plumbing.sheets.cells import near, shown
from satuatap.plumbing.sheets.schema import Book, Problem

LARGEST = 20_000_000  # bytes of a file
MOST_ROWS, MOST_COLUMNS = 50_000, 200
COMMENT = "#"  # a row that begins so is for people: explanations and examples of the template


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet's header, and its rows with their numbers as the person's own program shows them."""

    header: list[str]
    rows: list[tuple[int, list[object]]]


Raw = tuple[dict[str, Table], list[Problem]]


def read_raw(path: Path, book: Book) -> Raw:
    """The tables of a folder of CSV files, or of one XLSX file."""
    if path.is_dir():
        return _folder(path, book)
    if path.suffix.lower() == ".xlsx" and path.is_file():
        return _workbook(path, book)
    wrong = _("tidak ada, atau bukan folder CSV atau berkas XLSX")
    return {}, [Problem(str(path), None, "", "", wrong)]


def _names(book: Book) -> dict[str, str]:
    return {name.lower(): sheet.key for sheet in book.sheets for name in (sheet.key, sheet.label)}


def _folder(path: Path, book: Book) -> Raw:
    tables: dict[str, Table] = {}
    problems: list[Problem] = []
    names = _names(book)
    workbooks = sorted(path.glob("*.xlsx"))
    files = sorted(path.glob("*.csv"))
    if not files and len(workbooks) == 1:
        return _workbook(workbooks[0], book)
    for file in files:
        key = names.get(file.stem.lower())
        if key is None:
            hint = near(file.stem, names)
            if hint:
                problems.append(Problem(file.name, None, "", "", _("bukan nama lembar yang dikenal."), hint.strip()))
            continue
        try:
            tables[key] = _csv(file)
        except ValueError as problem:
            problems.append(Problem(file.name, None, "", "", str(problem)))
    return tables, problems


def _csv(file: Path) -> Table:
    if file.stat().st_size > LARGEST:
        raise ValueError(_("terlalu besar"))
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError(_("bukan UTF-8. Simpan lagi sebagai CSV UTF-8.")) from None
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = ";" if first.count(";") > first.count(",") else "\t" if "\t" in first and "," not in first else ","
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    numbered: list[tuple[int, list[object]]] = []
    try:
        before = 0
        for cells in lines:
            numbered.append((before + 1, list(cells)))
            before = lines.line_num
            if len(numbered) > MOST_ROWS:
                raise ValueError(_("terlalu banyak baris"))
    except csv.Error:
        raise ValueError(_("tanda kutip tidak berpasangan di dekat baris %(row)d") % {"row": lines.line_num}) from None
    return _table(numbered)


def _workbook(path: Path, book: Book) -> Raw:
    problems: list[Problem] = []
    tables: dict[str, Table] = {}
    if path.stat().st_size > LARGEST:
        return {}, [Problem(path.name, None, "", "", _("terlalu besar"))]
    try:
        workbook = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, OSError):
        return {}, [Problem(path.name, None, "", "", _("bukan berkas XLSX yang dapat dibaca"))]
    names = _names(book)
    try:
        for sheet in workbook.worksheets:
            key = names.get(sheet.title.strip().lower())
            if key is not None:
                tables[key] = _table(_cells(sheet.iter_rows(values_only=True)))
            elif hint := near(sheet.title, names):
                problems.append(Problem(sheet.title, None, "", "", _("bukan nama lembar yang dikenal."), hint.strip()))
    finally:
        workbook.close()
    return tables, problems


def _cells(rows: Iterable[tuple[object, ...]]) -> Iterator[tuple[int, list[object]]]:
    for number, cells in enumerate(rows, start=1):
        if number > MOST_ROWS:
            return
        yield number, list(cells[:MOST_COLUMNS])


def _table(numbered: Iterable[tuple[int, list[object]]]) -> Table:
    """Header and rows, without empty rows and without those that are for people only."""
    kept = [(n, cells) for n, cells in numbered if any(shown(cell) for cell in cells)]
    kept = [(n, cells) for n, cells in kept if not shown(cells[0]).startswith(COMMENT)]
    if not kept:
        return Table([], [])
    return Table([shown(cell) for cell in kept[0][1]], kept[1:])
