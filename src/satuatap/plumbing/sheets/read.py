"""Read a whole book: every row as values, and every problem at once."""

from __future__ import annotations

from collections.abc import Container, Iterator
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from satuatap.plumbing.sheets.cells import NotExpected, blank, meant, near, shown, value
from satuatap.plumbing.sheets.files import Table, read_raw
from satuatap.plumbing.sheets.schema import Book, Column, Contents, Mend, Problem, Reference, Row, Sheet, Way

MOST_HINTS = 100  # of one reference: more would take longer than the rest of the reading


def read(path: Path, book: Book, *, alone: bool = False) -> Contents:
    """The rows of every sheet of ``book`` in a folder or workbook, with all that is wrong.

    ``alone``: without what points to sheets that are not in this book.
    """
    raw = read_raw(path, book)
    contents = Contents(problems=raw.problems)
    for sheet in book.sheets:
        table = raw.tables.get(sheet.key)
        contents.rows[sheet.key] = rows_of(sheet, table, contents.problems, raw.broken) if table else []
        if sheet.required and not contents.rows[sheet.key] and sheet.key not in raw.broken:
            wrong = _("lembar ini tidak ada atau kosong.")
            contents.problems.append(Problem(sheet.key, None, "", "", wrong, _("Isi sedikitnya satu baris.")))
            raw.broken.add(sheet.key)
    contents.problems += between_rows(book, contents, raw.broken, alone=alone)
    return contents


def between_rows(book: Book, contents: Contents, broken: Container[str], *, alone: bool = False) -> list[Problem]:
    """Rows that are there twice, and those that point to what is not there; ``broken`` sheets are not pointed to."""
    problems: list[Problem] = []
    for sheet in book.sheets:
        problems += _repeats(sheet, contents.rows[sheet.key])
        for reference in () if alone else sheet.references:
            if reference.sheet not in broken:  # else everything that points there would be called wrong
                problems += _broken(reference, contents.rows[sheet.key], contents.rows[reference.sheet])
    return problems


def rows_of(sheet: Sheet, table: Table, problems: list[Problem], broken: set[str]) -> list[Row]:
    """The rows of one table; what is wrong goes to ``problems``, a sheet without its columns to ``broken``."""
    places = _header(sheet, table, problems)
    if not table.header:
        return []
    missing = [column for column in sheet.columns if column.required and column.key not in places]
    for column in missing:
        wrong, label = _("kolom ini tidak ada."), _("Judulnya %(key)s atau %(label)s.")
        words = label % {"key": column.key, "label": column.label}
        problems.append(Problem(sheet.key, None, column.key, "", wrong, words))
    if missing:
        broken.add(sheet.key)
    return [_row(sheet, number, cells, places, table.header, problems) for number, cells in table.rows]


def _header(sheet: Sheet, table: Table, problems: list[Problem]) -> dict[str, int]:
    """Which column stands where; a header that nobody knows is told, since a mistyped one would lose its column."""
    names = {name.lower(): column.key for column in sheet.columns for name in (column.key, column.label)}
    places: dict[str, int] = {}
    for place, title in enumerate(table.header):
        key = names.get(title.lower().rstrip("*").strip())
        if key is None and title:
            problems.append(Problem(sheet.key, None, title, "", _("kolom tidak dikenal."), near(title, names).strip()))
        elif key in places:
            problems.append(Problem(sheet.key, None, title, "", _("kolom ini ada dua kali.")))
        elif key is not None:
            places[key] = place
    return places


def places_of(sheet: Sheet, table: Table) -> dict[str, int]:
    """Which column stands where in a table."""
    return _header(sheet, table, [])


def _row(
    sheet: Sheet, number: int, cells: list[object], places: dict[str, int], header: list[str], problems: list[Problem]
) -> Row:
    values: dict[str, Any] = {}
    is_whole = True
    for column in sheet.columns:
        place = places.get(column.key)
        if place is None:  # told once, at the header
            values[column.key] = None if column.required else blank(column)
            continue
        cell = cells[place] if place < len(cells) else None
        try:
            values[column.key] = _value(column, cell)
        except NotExpected as problem:
            text = shown(cell)[:60]
            problems.append(Problem(sheet.key, number, column.key, text, problem.wrong, problem.expected, problem.mend))
            values[column.key], is_whole = None, False
    extra = [shown(cell) for place, cell in enumerate(cells) if place >= len(header) or not header[place]]
    if any(extra):
        wrong = _("ada isi tanpa judul kolom.")
        problems.append(Problem(sheet.key, number, "", next(filter(None, extra))[:60], wrong, _("Beri tanda kutip?")))
    return Row(sheet.key, number, values, is_whole)


def _value(column: Column, cell: object) -> Any:
    if shown(cell):
        return value(column, cell)
    if column.required:
        raise NotExpected(_("kosong."), column.explanation or _("Kolom ini wajib diisi."))
    return blank(column)


def _repeats(sheet: Sheet, rows: list[Row]) -> Iterator[Problem]:
    if not sheet.unique:
        return
    seen: dict[tuple[object, ...], Row] = {}
    for row in rows:
        key = tuple(row.values.get(name) for name in sheet.unique)
        if any(part is None and sheet.column(name).required for name, part in zip(sheet.unique, key, strict=True)):
            continue  # that cell is wrong or missing, and was told
        if key in seen:
            wrong = _("sama dengan baris %(row)d.") % {"row": seen[key].number}
            shown_key = " / ".join(shown(part) for part in key)
            expected = _("Setiap baris harus berbeda di sini.")
            same = row.is_whole and seen[key].is_whole and row.values == seen[key].values
            mend = Mend(Way.DROP) if same else None  # in every cell: one is enough
            yield Problem(sheet.key, row.number, ", ".join(sheet.unique), shown_key, wrong, expected, mend)
        else:
            seen[key] = row


def _broken(reference: Reference, rows: list[Row], targets: list[Row]) -> Iterator[Problem]:
    known = {tuple(row.values.get(name) for name in reference.target) for row in targets}
    words = [str(key[-1]) for key in known]
    hints: dict[str, Mend | None] = {}  # a code that is wrong in a thousand rows is looked for once
    for row in rows:
        *before, last = (row.values.get(name) for name in reference.columns)
        for one in last if isinstance(last, list) else [last]:
            if one in (None, "") or None in before or (*before, one) in known:
                continue
            wrong = _("tidak ada di lembar %(sheet)s.") % {"sheet": reference.sheet}
            place = " / ".join(str(part) for part in (*before, one))
            if str(one) not in hints and len(hints) < MOST_HINTS:
                hints[str(one)] = meant(str(one), words)
            mend = hints.get(str(one))
            hint = _("Maksudnya %(word)s?") % {"word": mend.text} if mend else ""
            mend = None if isinstance(last, list) else mend  # one press can't choose within a list
            yield Problem(row.sheet, row.number, reference.columns[-1], place, wrong, hint, mend)
