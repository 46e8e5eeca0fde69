"""The city as cells: what each sheet holds, row by row, so that two cities can be compared, changed and put back."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from satuatap.features.malls.changes import RowChange
from satuatap.plumbing.sheets.cells import NotExpected, blank, shown, value
from satuatap.plumbing.sheets.read import between_rows
from satuatap.plumbing.sheets.schema import Contents, Problem, Row, Sheet
from satuatap.plumbing.sheets.write import cell
from satuatap.project.city.checks import check
from satuatap.project.city.export import PEOPLE, city_rows
from satuatap.project.city.format import BOOK

Texts = dict[str, str]
State = dict[str, dict[str, Texts]]  # sheet -> key of a row -> its cells
OWN = tuple(sheet for sheet in BOOK.sheets if sheet.key not in PEOPLE)  # persons are no part of it
HAND = "by_hand"  # of the calendar: that the office entered it; no column of the files
STANDARDS = ("service", "component")  # several texts of one component stand side by side: told apart by their order


def cells(sheet: Sheet, row: Mapping[str, Any]) -> Texts:
    """A row's values as they stand in a file."""
    texts = {column.key: cell(column, row.get(column.key)) for column in sheet.columns}
    return {**texts, HAND: "yes"} if row.get(HAND) else texts


def name_of(sheet: Sheet, texts: Mapping[str, str]) -> str:
    """A row's natural key as a person reads it."""
    return " / ".join(texts[name] for name in sheet.unique or STANDARDS if texts.get(name))


def keyed(sheet: Sheet, rows: Iterable[Texts]) -> dict[str, Texts]:
    """The rows by key: 16 hexadecimal signs of the SHA-256 of what makes a row unique. Addresses and facts carry it."""
    found, seen = {}, Counter[tuple[str, ...]]()
    for texts in rows:
        parts = tuple(texts.get(name, "") for name in sheet.unique or STANDARDS)
        seen[parts] += 1
        found[_hashed([*parts, *([] if sheet.unique else [seen[parts]])])] = texts
    return found


def row_key(name: str, row: Mapping[str, Any]) -> str:
    """The key of a row of values, in a sheet whose rows are told apart by their columns."""
    sheet = BOOK.sheet(name)
    return _hashed([cell(sheet.column(column), row.get(column)) for column in sheet.unique])


def key_of(sheet: Sheet, texts: Mapping[str, str]) -> str:
    """The same for a row of cells."""
    return _hashed([texts.get(name, "") for name in sheet.unique])


def _hashed(parts: Sequence[Any]) -> str:
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]


def read_state(*only: str) -> State:
    """The city as it is now; ``only``: of these sheets, for a page that shows one."""
    rows = city_rows(only or None)
    wanted = [sheet for sheet in OWN if not only or sheet.key in only]
    return {sheet.key: keyed(sheet, [cells(sheet, row) for row in rows[sheet.key]]) for sheet in wanted}


def contents_of(state: State) -> Contents:
    """The cells read as ``city open`` would read them, with every problem; a row's number is its place in its sheet."""
    found = Contents()
    for sheet in BOOK.sheets:
        rows = state.get(sheet.key, {})
        found.rows[sheet.key] = [_row(sheet, n, texts, found) for n, texts in enumerate(rows.values(), start=2)]
    found.problems += between_rows(BOOK, found, set()) + check(found)
    return found


def _row(sheet: Sheet, number: int, texts: Texts, found: Contents) -> Row:
    values: dict[str, Any] = {}
    for column in sheet.columns:
        text = texts.get(column.key, "")
        try:
            if not text and column.required:
                raise NotExpected(_("kosong."), column.explanation or _("Kolom ini wajib diisi."))
            values[column.key] = value(column, text) if shown(text) else blank(column)
        except NotExpected as problem:
            found.problems.append(Problem(sheet.key, number, column.key, text[:60], problem.wrong, problem.expected))
            values[column.key] = None
    if texts.get(HAND):
        values[HAND] = True
    return Row(sheet.key, number, values)


def compared(before: State, after: State, sheets: Iterable[str]) -> list[RowChange]:
    """What is different in these sheets: rows that go, that change, that come, in the order of the sheets."""
    wanted = set(sheets)
    changes: list[RowChange] = []
    for sheet in OWN:
        if sheet.key not in wanted:
            continue
        old, new = before.get(sheet.key, {}), after.get(sheet.key, {})
        changes += [RowChange(sheet.key, key, texts, None) for key, texts in old.items() if key not in new]
        changes += [
            RowChange(sheet.key, key, old.get(key), texts) for key, texts in new.items() if old.get(key) != texts
        ]
    return changes


def put(state: State, changes: Sequence[RowChange]) -> State:
    """The city with these rows changed; what comes back stands at the end of its sheet."""
    found = {sheet: dict(rows) for sheet, rows in state.items()}
    for change in changes:
        rows = found.setdefault(change.sheet, {})
        if change.after is None:
            rows.pop(change.key, None)
        else:
            rows[change.key] = dict(change.after)
    return found


def standing(state: State, changes: Sequence[RowChange]) -> list[RowChange]:
    """Those changes whose row is no longer what it was when they were made."""
    return [change for change in changes if state.get(change.sheet, {}).get(change.key) != change.before]
