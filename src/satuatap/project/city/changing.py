"""Changing the city in the office: a row, an import, or taking either back. One way for all three.

Rows are checked as ``city open`` checks them and written by the same actions, in one transaction with one fact.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from satuatap.basics.actor import Actor
from satuatap.basics.refusal import Refusal
from satuatap.features.journal.queries import entry_of_request
from satuatap.features.malls import actions as malls_actions
from satuatap.features.malls import changes as kept
from satuatap.features.malls import queries as malls
from satuatap.features.malls.changes import ChangeView, RowChange
from satuatap.features.malls.facts import CityChanged
from satuatap.features.malls.refusals import ChangeAlreadyApplied, ChangeUndone
from satuatap.features.visits import queries as visits
from satuatap.plumbing.locking import hold_city
from satuatap.plumbing.sheets.schema import Contents, Mend, Problem, Way
from satuatap.project.city.format import BOOK
from satuatap.project.city.opening import Outcome, apply_rows, busy, forget, mixing, taken
from satuatap.project.city.state import State, compared, contents_of, name_of, put, read_state, standing


class CityMoved(Refusal):
    """Rows are no longer what they were when this was shown."""

    code = "city_moved"
    text = gettext_lazy(
        "Sementara itu ada yang mengubah: %(rows)s. Belum ada yang ditulis. Lihat isi yang sekarang, lalu simpan lagi."
    )

    def __init__(self, rows: Sequence[RowChange]) -> None:
        super().__init__(self.text % {"rows": named(rows)})
        self.rows = rows


class NewerStands(Refusal):
    """What would be taken back was changed again."""

    code = "newer_stands"
    text = gettext_lazy(
        "Tidak dibatalkan, karena sesudahnya sudah diubah lagi: %(rows)s. Batalkan dulu perubahan yang lebih baru itu."
    )

    def __init__(self, rows: Sequence[RowChange]) -> None:
        super().__init__(self.text % {"rows": named(rows)})


class HasProblems(Refusal):
    """The city would not be one that can be opened."""

    code = "has_problems"
    status = 422
    text = gettext_lazy("Belum disimpan: %(problem)s")

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(self.text % {"problem": problems[0]})
        self.problems = list(problems)


class NothingChanged(Refusal):
    code = "nothing_changed"
    status = 422
    text = gettext_lazy("Tidak ada yang berbeda dari isi yang sekarang, maka tidak ada yang ditulis.")


def named(rows: Sequence[RowChange], most: int = 3) -> str:
    """A few rows by name, for a sentence."""
    names = [f"{row.sheet} {name_of(BOOK.sheet(row.sheet), row.after or row.before or {})}" for row in rows[:most]]
    more = len(rows) - most
    return "; ".join(names) + (_(" dan %(count)d lagi") % {"count": more} if more > 0 else "")


def problems_of(
    state: State, changes: Sequence[RowChange], here: Contents | None = None
) -> tuple[Contents, list[Problem]]:  # fmt: skip
    """The city with these changes as values, and what they would make wrong; what was wrong before is not counted.

    ``here``: the city as it is, where somebody has read it already.
    """
    after = contents_of(put(state, changes))
    rows = {sheet.key: after.values(sheet.key) for sheet in BOOK.sheets}
    # without row numbers: those of the rows below a removed one are others now
    before = {_unplaced(problem) for problem in (here or contents_of(state)).problems}
    problems = [problem for problem in after.problems if _unplaced(problem) not in before]
    return after, [
        *problems,
        *mixing(rows["malls"]),
        *busy(rows["desks"]),
        *_new_demos(rows["malls"]),
        *taken(rows["published"]),
    ]


def _unplaced(problem: Problem) -> tuple[str, str, str, str]:
    return problem.sheet, problem.column, problem.value, problem.wrong


def _new_demos(rows: Sequence[Mapping[str, Any]]) -> list[Problem]:
    """Only the owner of the tables may set a clock, and no request is the owner."""
    here = {view.code for view in malls.malls()}
    wrong, expected = _("mal contoh baru mulai dengan jamnya sendiri."), _("Buka dengan satuatap city open.")
    return [
        Problem("malls", None, "code", str(row["code"]), wrong, expected)
        for row in rows
        if row["demo"] and row["code"] not in here
    ]


def change_city(
    *, by: Actor, way: str, rows: Sequence[RowChange], request: UUID, draft: UUID | None = None,
    undoes: UUID | None = None,
) -> UUID:  # fmt: skip
    """Change these rows, all or nothing, if each is still as it was; returns the change's number.

    ``CityMoved`` names the rows that others changed, ``HasProblems`` what would be wrong.
    """
    try:
        with transaction.atomic(durable=True):
            hold_city()
            earlier = entry_of_request(request, CityChanged.kind, way=way, undoes=str(undoes) if undoes else None)
            if earlier is not None:
                return UUID(earlier.fact["change"])
            malls.forget()
            state = read_state()
            if moved := standing(state, rows):
                raise CityMoved(moved)
            if not rows:
                raise NothingChanged()
            after, problems = problems_of(state, rows)
            if problems:
                raise HasProblems(problems)
            apply_rows({sheet.key: after.values(sheet.key) for sheet in BOOK.sheets}, Outcome(), by=by)
            done = malls_actions.note_change(by=by, way=way, rows=rows, draft=draft, undoes=undoes, request=request)
    finally:
        forget()
        visits.forget_closures()
    return UUID(str(done.pk))


def undo_change(*, by: Actor, change: UUID, request: UUID) -> UUID:
    """Put back what a change changed, as a new change; refused once something newer stands on it."""
    found = kept.change(change)
    back = [RowChange(row.sheet, row.key, row.after, row.before) for row in reversed(found.rows)]
    if found.applied_at is None:
        raise kept.NoSuchChange()
    if found.undone and entry_of_request(request, CityChanged.kind, undoes=str(change)) is None:
        raise ChangeUndone()
    try:
        return change_city(by=by, way="undo", rows=back, request=request, undoes=change)
    except CityMoved as moved:
        raise NewerStands(moved.rows) from None


def apply_draft(*, by: Actor, draft: UUID, request: UUID) -> UUID:
    """Apply what was shown, exactly that; ``CityMoved`` when the city is no longer what it was compared with."""
    found = kept.change(draft)
    if found.applied_at is not None:
        if entry_of_request(request, CityChanged.kind, change=str(draft)) is not None:
            return draft
        raise ChangeAlreadyApplied()
    if found.problems:
        raise HasProblems([problem_of(one) for one in found.problems])
    return change_city(by=by, way="import", rows=found.rows, request=request, draft=draft)


def compare_again(*, by: Actor, draft: UUID) -> ChangeView:
    """A new draft with the same wishes, compared with the city as it is now; the old one is forgotten."""
    found = kept.change(draft)
    if found.applied_at is not None:
        raise ChangeAlreadyApplied()
    state = read_state()
    sheets = {row.sheet for row in found.rows}
    rows = compared(state, put(state, found.rows), sheets)
    problems = problems_of(state, rows)[1]
    with transaction.atomic():
        malls_actions.drop_draft(draft=draft)
        fresh = malls_actions.keep_draft(
            by=by, way="import", rows=rows, problems=[plain(problem) for problem in problems], notes=found.notes
        )
    return kept.change(fresh.pk)


def plain(problem: Problem) -> list[Any]:
    """A problem as JSON keeps it."""
    mend = problem.mend and [problem.mend.way.value, problem.mend.text, problem.mend.is_safe]
    return [problem.sheet, problem.row, problem.column, problem.value, str(problem.wrong), str(problem.expected), mend]


def problem_of(kept: Sequence[Any]) -> Problem:
    """A problem as it was before ``plain``; older drafts know no mend."""
    mend = kept[6] if len(kept) > 6 else None
    found = Problem(kept[0], kept[1], kept[2], kept[3], kept[4], kept[5])
    return replace(found, mend=Mend(Way(mend[0]), mend[1], mend[2])) if mend else found
