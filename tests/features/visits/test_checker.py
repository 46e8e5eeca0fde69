"""The checker can fail: each kind of lie in a journal is named. Pure; the crowd stands in tests/races."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from satuatap.features.visits import rules
from satuatap.features.visits.checker import (
    Record,
    Setting,
    Snapshot,
    check_calls,
    check_lost,
    check_numbers,
    unfinished,
)
from satuatap.features.visits.rules import ClassWeights, Weights

MINUTE = 60_000
EIGHT = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
CLASSES = {0: ClassWeights(0, 1000, 0, 16), 1: ClassWeights(30 * MINUTE * 1000, 1000, 0, 16)}
WEIGHTS = Weights(1, 4000, 90 * MINUTE * 1000, CLASSES)
SETTING = Setting({1: WEIGHTS}, {1: 5 * MINUTE, 2: 10 * MINUTE}, {7: frozenset({1}), 8: frozenset({1, 2})})


class Book:
    """Writes a journal by hand: each row its own transaction, each seeing all before it."""

    def __init__(self) -> None:
        self.rows: list[Record] = []
        self.revs: dict[int, int] = {}

    def write(self, minute: float, kind: str, visit: int, **fact: Any) -> Record:
        place = len(self.rows) + 1
        rev = self.revs[visit] = self.revs.get(visit, -1) + 1
        row = Record(
            place, 100 + place, EIGHT + timedelta(minutes=minute), kind, visit,
            {**fact, "rev": rev, "snap": f"{100 + place}:{100 + place}:"},
        )  # fmt: skip
        self.rows.append(row)
        return row

    def issue(self, minute: float, visit: int, steps: list[int], after: list[int] | None = None, cls: int = 0) -> None:
        self.write(
            minute, "ticket_issued", visit, number=visit, day="2026-11-24", priority_class=cls, steps=steps,
            after=after or [0] * len(steps), policy=1, channel="kiosk",
        )  # fmt: skip

    def call(self, minute: float, visit: int, desk: int, seq: int, step: int, score: int) -> Record:
        return self.write(
            minute, "called", visit, number=visit, desk=desk, seq=seq, step=step, policy=1, score=score * MINUTE * 1000
        )  # fmt: skip

    def finish(self, minute: float, visit: int, desk: int, seq: int, result: str = "done") -> None:
        self.write(minute, "finished", visit, desk=desk, seq=seq, result=result, estimated=False)

    def problems(self) -> list[str]:
        return check_calls(self.rows, SETTING).problems


@pytest.fixture
def book() -> Book:
    """Two visits; the first has two errands of which the second waits for the first."""
    book = Book()
    book.issue(0, 1, [1, 2], [0, 1])
    book.issue(10, 2, [1])
    book.call(60, 2, 7, 0, 1, 50 - 20)  # 60 - 10 since arrival, less 4 x 5; the other: 60 - 60 = 0
    book.finish(62, 2, 7, 0)
    book.call(62, 1, 7, 0, 1, 62 - 60)
    book.finish(70, 1, 7, 0)
    book.call(71, 1, 8, 1, 2, 71 - 40)
    book.finish(75, 1, 8, 1)
    return book


def at(book: Book, kind: str, nth: int = 0) -> int:
    return [n for n, row in enumerate(book.rows) if row.kind == kind][nth]


def test_a_true_journal_has_no_problem(book: Book) -> None:
    report = check_calls(book.rows, SETTING)
    assert report.problems == [] and (report.calls, report.best) == (3, 3)
    assert check_numbers(book.rows) == [] and unfinished(book.rows) == []
    assert check_lost(book.rows, [(1, 0), (1, 1), (2, 0)]) == []
    assert check_calls(reversed(book.rows), SETTING).problems == []


def changed(book: Book, index: int, **fact: Any) -> list[str]:
    book.rows[index] = replace(book.rows[index], fact={**book.rows[index].fact, **fact})
    return book.problems()


def test_a_score_changed_by_one_is_named_with_its_row(book: Book) -> None:
    index = at(book, "called")
    score = book.rows[index].fact["score"]
    assert changed(book, index, score=score + 1) == [f"row {index + 1}: score {score + 1}, recomputed {score}"]


@pytest.mark.parametrize("kind", ["ticket_issued", "called", "finished"])
def test_a_removed_row_is_named_with_its_visit(book: Book, kind: str) -> None:
    gone = book.rows.pop(at(book, kind))
    problems = book.problems() + check_lost(book.rows, [(1, 0), (1, 1), (2, 0)])
    if kind == "finished" and gone.visit == 2:  # the last row of a visit leaves an errand that never ended
        assert unfinished(book.rows) == [(2, 0, "busy")]
    else:
        assert any(f"visit {gone.visit}" in problem for problem in problems), problems


def test_a_call_by_a_policy_that_holds_no_more_is_named(book: Book) -> None:
    """The second policy weighs alike, so no score tells it: only its publication does."""
    place = len(book.rows) + 1
    fact = {"policy": 2, "weights": {}}
    book.rows.append(Record(place, 100 + place, EIGHT, "policy_published", None, fact))
    assert book.problems() == []  # the calls before it could not know
    book.issue(80, 3, [1])
    row = book.call(90, 3, 7, 0, 1, 10 - 20)
    assert book.problems() == [f"row {row.id}: policy 1, in force was 2"]
    two = replace(SETTING, weights={1: WEIGHTS, 2: replace(WEIGHTS, policy=2)})
    book.rows[-1] = replace(row, fact={**row.fact, "policy": 2})
    assert check_calls(book.rows, two).problems == []


def test_a_doubled_row_is_named(book: Book) -> None:
    book.rows.append(book.rows[at(book, "called")])
    assert any("visit 2: a row is missing or doubled" in problem for problem in book.problems())


def test_a_visit_called_while_at_another_desk_is_named() -> None:
    book = Book()
    book.issue(0, 1, [1, 2])
    book.call(60, 1, 7, 0, 1, 0)
    second = book.call(61, 1, 8, 1, 2, 61 - 40)
    problems = book.problems()
    assert f"row {second.id}: visit 1 was called while at another desk" in problems
    assert any(f"row {second.id}: the errand was not ready or the citizen not free" in p for p in problems)


def test_a_blocked_errand_a_desk_that_cannot_and_a_visit_nobody_saw_are_named(book: Book) -> None:
    early = Book()
    early.issue(0, 1, [1, 2], [0, 1])
    row = early.call(60, 1, 8, 1, 2, 0)
    assert any(f"row {row.id}: the errand was not ready" in p for p in early.problems())
    index = at(book, "called", 2)
    assert any("desk 7 cannot do step 2" in p for p in changed(book, index, desk=7))
    blind = Book()
    blind.issue(0, 1, [1])
    row = blind.call(30, 1, 7, 0, 1, 10)
    assert any("called a visit that it could not see" in p for p in changed(blind, 1, snap="50:50:"))


def test_someone_better_who_was_free_is_named_and_a_rivals_citizen_is_not() -> None:
    book = Book()
    book.issue(0, 1, [1])
    book.issue(30, 2, [1])
    wrong = book.call(60, 2, 7, 0, 1, 30 - 20)
    assert book.problems() == [f"row {wrong.id}: a better citizen was available and not called"]
    # the same, but at that moment another desk was taking the better one: its transaction was not yet visible
    other = Book()
    other.issue(0, 1, [1])
    other.issue(30, 2, [1])
    other.call(60, 1, 8, 0, 1, 60 - 20)
    other.call(60, 2, 7, 0, 1, 30 - 20)
    rival, call = other.rows[2], other.rows[3]
    other.rows[3] = replace(call, fact={**call.fact, "snap": f"{rival.xid}:{call.xid}:{rival.xid}"})
    report = check_calls(other.rows, SETTING)
    assert report.problems == [] and (report.rival, report.best) == (1, 1)


def test_the_priority_class_is_in_the_recomputed_score() -> None:
    book = Book()
    book.issue(0, 1, [1], cls=1)
    book.call(10, 1, 7, 0, 1, 10 - 20 + 30)
    assert book.problems() == []
    assert any("score" in p for p in changed(book, 0, priority_class=0))


def test_numbers_that_repeat_or_are_left_out_are_named(book: Book) -> None:
    book.issue(80, 5, [1])
    assert check_numbers(book.rows) == ["2026-11-24: number 3 is missing", "2026-11-24: number 4 is missing"]
    book.rows[-1] = replace(book.rows[-1], fact={**book.rows[-1].fact, "number": 2})
    assert check_numbers(book.rows) == [f"2026-11-24: number 2 was given 2 times (rows [2, {len(book.rows)}])"]


def test_errands_lost_from_the_table_or_slipped_into_it_are_named(book: Book) -> None:
    assert check_lost(book.rows, [(1, 0), (2, 0), (9, 0)]) == [
        "errand 1 of visit 1 is in the journal, not in the table",
        "errand 0 of visit 9 is in the table, not in the journal",
    ]


def test_who_still_waits_is_listed(book: Book) -> None:
    book.issue(80, 3, [1, 2], [0, 1])
    assert unfinished(book.rows) == [(3, 0, "ready"), (3, 1, "blocked")]
    book.call(81, 3, 7, 0, 1, 0)
    book.finish(82, 3, 7, 0, result="documents_missing")
    assert unfinished(book.rows) == []  # the second fell away with what it needed


def test_a_snapshot_sees_what_was_committed_before_it() -> None:
    snap = Snapshot.parse("10:20:12,15")
    assert [xid for xid in range(8, 22) if snap.sees(xid, own=13)] == [8, 9, 10, 11, 14, 16, 17, 18, 19]
    assert Snapshot.parse("10:10:").running == frozenset()
    assert rules.ms(EIGHT) == 1_795_482_000_000
