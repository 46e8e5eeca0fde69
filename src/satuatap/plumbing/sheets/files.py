"""The raw cells of a folder of CSV files or of one workbook; only what can't even be read is a problem here."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation import gettext as _

from satuatap.plumbing.sheets.cells import is_error, near, shown
from satuatap.plumbing.sheets.schema import Book, Problem
from satuatap.plumbing.sheets.workbook import NotReadable, pages

LARGEST = 20_000_000  # bytes of a file
MOST_ROWS, MOST_COLUMNS = 50_000, 200
COMMENT = "#"  # a row that begins so is for people: explanations of the template
TEMPORARY = ("~$", ".")  # what office programs leave beside an open file


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet's header, and its rows with their numbers as the person's own program shows them."""

    header: list[str]
    rows: list[tuple[int, list[object]]]


@dataclass(slots=True)
class Raw:
    """The tables found by sheet key; ``broken`` names sheets that could be read in part or not at all."""

    tables: dict[str, Table] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    broken: set[str] = field(default_factory=set)
    adds: set[str] = field(default_factory=set)  # sheets whose rows come beside those that stand

    def fault(self, sheet: str, row: int | None, value: str, wrong: str, expected: str = "") -> None:
        self.problems.append(Problem(sheet, row, "", value, wrong, expected))


def read_raw(path: Path, book: Book) -> Raw:
    """The tables of a folder of CSV files, or of one XLSX file."""
    found = Raw()
    try:
        if path.is_dir():
            _folder(path, book, found)
            return found
        if path.is_file() and path.suffix.lower() == ".xlsx":
            _workbook(path, book, found)
            return found
        wrong = _("tidak ada, atau bukan folder CSV atau berkas XLSX")
        expected = _("Simpan sebagai .xlsx, atau satu CSV UTF-8 setiap lembar.")
    except PermissionError:  # a folder of root's, read by the user of the service
        wrong = _("tidak boleh dibaca oleh pengguna yang menjalankan perintah ini")
        expected = _("Beri hak baca, atau salin ke tempat yang boleh dibacanya.")
    found.fault(str(path), None, "", wrong, expected)
    found.broken |= {sheet.key for sheet in book.sheets}
    return found


def _names(book: Book) -> dict[str, str]:
    return {name.lower(): sheet.key for sheet in book.sheets for name in (sheet.key, sheet.label)}


def _folder(path: Path, book: Book, found: Raw) -> None:
    names = _names(book)
    files = sorted(p for p in path.iterdir() if p.is_file() and not p.name.startswith(TEMPORARY))
    tables = [file for file in files if file.suffix.lower() == ".csv"]
    books = [file for file in files if file.suffix.lower() in (".xlsx", ".xlsm", ".xls", ".ods")]
    if books and (len(books) > 1 or any(file.stem.strip().lower() in names for file in tables)):
        wrong = _("ada lebih dari satu berkas; tidak jelas mana yang dibaca.")
        found.fault(", ".join(file.name for file in books), None, "", wrong, _("Tinggalkan satu XLSX, atau CSV saja."))
        found.broken |= {sheet.key for sheet in book.sheets}
    elif books:
        _workbook(books[0], book, found)
    else:
        for file in tables:
            _take_csv(file, names, found)
    if not found.tables and not found.problems:
        found.fault(
            str(path), None, "", _("tidak ada lembar yang dikenal di sini."), _("Lihat satuatap city template.")
        )
        found.broken |= {sheet.key for sheet in book.sheets}


def _known(title: str, shown_as: str, names: dict[str, str], found: Raw) -> str | None:
    """Which sheet this is; a name that is nearly one, or one for the second time, is told."""
    key = names.get(title.strip().lower())
    if key is None:
        hint = near(title, names)
        if hint:
            found.fault(shown_as, None, "", _("bukan nama lembar yang dikenal."), hint.strip())
    elif key in found.tables or key in found.broken:
        found.fault(key, None, shown_as, _("lembar ini ada dua kali."), _("Tinggalkan satu saja."))
        return None
    return key


def _take_csv(file: Path, names: dict[str, str], found: Raw) -> None:
    key = _known(file.stem, file.name, names, found)
    if key is None:
        return
    try:
        if file.stat().st_size > LARGEST:
            raise NotReadable(_("terlalu besar"), "")
        data = file.read_bytes()
        if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in data[:1000]:
            raise NotReadable(_("bukan UTF-8. Simpan lagi sebagai CSV UTF-8."), "")
    except (NotReadable, OSError) as problem:
        wrong = problem.wrong if isinstance(problem, NotReadable) else _("tidak dapat dibaca")
        found.fault(key, None, file.name, wrong)
        found.broken.add(key)
        return
    found.tables[key] = _csv(key, _text(key, data, found), found)


def _text(key: str, data: bytes, found: Raw) -> str:
    """The text of a file; one that an older Excel saved in its own letters is told, and read on to find the rest."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        row = data.count(b"\n", 0, problem.start) + 1
        line = data.split(b"\n")[row - 1].decode("cp1252", "replace").strip()
        found.fault(key, row, line[:60], _("bukan UTF-8. Simpan lagi sebagai CSV UTF-8."))
        return data.decode("cp1252", "replace")


def _csv(key: str, text: str, found: Raw) -> Table:
    lines = text.split("\n", 1)
    skipped = 0
    if lines[0].strip().lower().startswith("sep=") and len(lines) > 1:  # a line that some programs write for Excel
        text, skipped = lines[1], 1
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = ";" if first.count(";") > first.count(",") else "\t" if "\t" in first and "," not in first else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    numbered: list[tuple[int, list[object]]] = []
    before = skipped
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                numbered.append((before + 1, list(cells[:MOST_COLUMNS])))
            before = reader.line_num + skipped
            if _too_many(key, numbered, found):
                break
    except csv.Error:
        found.fault(key, before + 1, "", _("tanda kutip tidak berpasangan; baris sesudahnya tidak terbaca."))
        found.broken.add(key)
    return _table(numbered)


def _too_many(key: str, numbered: list[tuple[int, list[object]]], found: Raw) -> bool:
    if len(numbered) <= MOST_ROWS:
        return False
    numbered.pop()
    found.fault(key, numbered[-1][0], "", _("terlalu banyak baris"), _("Paling banyak %(rows)d.") % {"rows": MOST_ROWS})
    found.broken.add(key)
    return True


def _workbook(path: Path, book: Book, found: Raw) -> None:
    everything = {sheet.key for sheet in book.sheets}
    try:
        if path.stat().st_size > LARGEST:
            raise NotReadable(_("terlalu besar"), "")
        names = _names(book)
        for page in pages(path):
            key = _known(page.title, page.title, names, found)
            if key is None:
                continue
            numbered: list[tuple[int, list[object]]] = []
            for number, cells in _filled(page.rows()):
                numbered.append((number, cells))
                if _too_many(key, numbered, found):
                    break
            found.tables[key] = table = _table(numbered)
            _merged(key, page.merged(), table, found)
    except NotReadable as problem:
        found.fault(path.name, None, "", problem.wrong, problem.expected)
        found.broken |= everything - set(found.tables)


def _filled(rows: Iterable[tuple[int, list[object]]]) -> Iterator[tuple[int, list[object]]]:
    for number, cells in rows:
        if any(shown(cell) for cell in cells[:MOST_COLUMNS]):
            yield number, cells[:MOST_COLUMNS]


def _merged(key: str, places: Iterable[tuple[str, int, int]], table: Table, found: Raw) -> None:
    """Of merged cells only the first holds anything: the others would silently be empty."""
    rows = {number for number, _cells in table.rows}
    for place, first, last in places:
        if rows & set(range(first, min(last, max(rows, default=0)) + 1)):
            found.fault(key, first, place, _("sel digabung."), _("Pisahkan sel itu, lalu isi masing-masing."))


def _table(numbered: Iterable[tuple[int, list[object]]]) -> Table:
    """Header and rows, without empty rows and without those that are for people only."""
    kept = [(n, cells) for n, cells in numbered if any(shown(cell) for cell in cells) and not _for_people(cells[0])]
    if not kept:
        return Table([], [])
    return Table([shown(cell) for cell in kept[0][1]], kept[1:])


def _for_people(cell: object) -> bool:
    return shown(cell).startswith(COMMENT) and not is_error(shown(cell))
