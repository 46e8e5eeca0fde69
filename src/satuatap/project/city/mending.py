"""Mending an upload that has problems: its cells are kept, one press mends one place or all that are safe."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.utils.translation import gettext_lazy

from satuatap.basics.actor import Actor
from satuatap.basics.refusal import Refusal
from satuatap.features.estate import actions as estate_actions
from satuatap.features.estate import queries as estate
from satuatap.features.malls import actions as malls_actions
from satuatap.features.malls import changes as kept
from satuatap.features.malls.changes import ChangeView
from satuatap.plumbing.sheets.files import Table
from satuatap.plumbing.sheets.read import places_of
from satuatap.plumbing.sheets.schema import Problem, Way
from satuatap.project.city.changing import problem_of
from satuatap.project.city.format import BOOK
from satuatap.project.city.tables import raw_of
from satuatap.project.city.uploads import look_at_tables


class NothingToMend(Refusal):
    """The problem is another by now, or has no mend."""

    code = "nothing_to_mend"
    text = gettext_lazy("Masalah itu tidak ada lagi atau tidak dapat dibetulkan dari sini. Lihat daftarnya yang baru.")


def mend(*, by: Actor, draft: UUID, place: int | None = None) -> ChangeView:
    """A new draft with one problem mended (by its place in the list), or all that are safe; the old one is gone."""
    found = kept.change(draft)
    if found.applied_at is not None:
        raise kept.NoSuchChange()
    raw = raw_of(estate.kept_tables(draft).tables)
    problems = [problem_of(one) for one in found.problems]
    chosen = problems if place is None else problems[place : place + 1]
    wanted = [one for one in chosen if one.mend and (place is not None or one.mend.is_safe)]
    if not _mended(raw.tables, wanted):
        raise NothingToMend()
    fresh = look_at_tables(by=by, raw=raw, notes=estate.kept_tables(draft).notes)
    malls_actions.drop_draft(draft=draft)
    estate_actions.drop_tables(draft=draft)
    return fresh


def _mended(tables: Mapping[str, Table], problems: Sequence[Problem]) -> int:
    """Mend these places in the tables; returns how many there were."""
    rows = {sheet: dict(table.rows) for sheet, table in tables.items()}
    places = {sheet: places_of(BOOK.sheet(sheet), table) for sheet, table in tables.items()}
    count = 0
    for problem in problems:
        cells = rows.get(problem.sheet, {}).get(problem.row or 0)
        if cells is None or problem.mend is None:
            continue
        if problem.mend.way is Way.DROP:
            del rows[problem.sheet][problem.row or 0]
            count += 1
            continue
        column = places[problem.sheet].get(problem.column)
        if column is not None and column < len(cells):
            cells[column] = problem.mend.text
            count += 1
    for sheet, table in tables.items():
        table.rows[:] = rows[sheet].items()
    return count
