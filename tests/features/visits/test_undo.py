"""What is taken back is as if it had not been: hand-overs, misses, and errands that fell for two reasons."""

from __future__ import annotations

from datetime import timedelta

import pytest

from satuatap.basics.refusal import Refusal
from satuatap.features.visits import actions
from satuatap.features.visits.checker import check_calls, check_lost, unfinished
from satuatap.features.visits.models import Desk, Errand, Visit
from satuatap.features.visits.queries import desk as desk_queries
from satuatap.features.visits.queries.picture import picture
from satuatap.features.visits.states import ErrandState, Result, TransferReason, VisitState
from tests.factories.floors import BY, make_floor
from tests.races.crowd import records, setting

pytestmark = [pytest.mark.database15, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def floor() -> None:
    make_floor({1: 8.0, 2: 6.0, 3: 10.0, 4: 5.0}, {1: [1], 2: [2], 3: [3], 4: [4]})


def take(steps: list[int], after: list[list[int]] | None = None) -> Visit:
    return actions.issue_ticket(by=BY, mall=1, steps=steps, after=after or [[] for _ in steps])


def minutes_pass(minutes: float) -> None:
    """By moving what was written so far into the past."""
    for errand in Errand.objects.all():
        for name in ("called_at", "recalled_at", "done_at"):
            if getattr(errand, name) is not None:
                setattr(errand, name, getattr(errand, name) - timedelta(minutes=minutes))
        errand.save()


def states(visit: Visit) -> list[tuple[int, int, int, str | None]]:
    return sorted(Errand.objects.filter(visit=visit).values_list("seq", "state", "after", "result"))


def offered(desk: int) -> str | None:
    """What the desk's screen offers to take back."""
    return desk_queries._undo(picture(1), Desk.objects.get(pk=desk), 2.0)


def recalled_twice(desk: int) -> None:
    for _ in range(2):
        minutes_pass(1.1)
        actions.recall(by=BY, desk=desk)


def the_journal_says_the_same() -> None:
    rows = records()
    assert check_lost(rows, Errand.objects.values_list("visit_id", "seq")) == []
    assert check_calls(rows, setting()).problems == []
    open_now = Errand.objects.exclude(state__in=(ErrandState.DONE, ErrandState.DROPPED))
    assert {(v, s) for v, s, _ in unfinished(rows)} == set(open_now.values_list("visit_id", "seq"))


def test_a_hand_over_is_taken_back() -> None:
    visit = take([1, 2], [[], [0]])
    actions.call_next(by=BY, desk=1)
    actions.start_serving(by=BY, desk=1)
    before = states(visit)
    actions.transfer_errand(by=BY, desk=1, step=3, reason=TransferReason.WRONG_SERVICE)
    assert offered(1) == "transferred"
    assert actions.undo_step(by=BY, desk=1) == "transferred"
    assert states(visit) == before
    assert (Desk.objects.get(pk=1).visit_id, Visit.objects.get().state) == (visit.pk, VisitState.AT_DESK)
    the_journal_says_the_same()
    actions.transfer_errand(by=BY, desk=1, step=4, reason=TransferReason.WRONG_SERVICE)
    assert actions.call_next(by=BY, desk=4) is not None
    actions.finish_errand(by=BY, desk=4, result=Result.DONE)
    assert Errand.objects.get(visit=visit, seq=1).state == ErrandState.READY
    the_journal_says_the_same()


def test_a_hand_over_is_not_taken_back_once_she_is_called_there() -> None:
    take([1])
    actions.call_next(by=BY, desk=1)
    actions.transfer_errand(by=BY, desk=1, step=3, reason=TransferReason.WRONG_SERVICE)
    actions.call_next(by=BY, desk=3)
    assert offered(1) is None
    with pytest.raises(Refusal) as refusal:
        actions.undo_step(by=BY, desk=1)
    assert refusal.value.code == "called_elsewhere"


def test_a_miss_that_was_taken_back_is_not_set_aside_again_at_the_next_beat() -> None:
    take([1])
    actions.call_next(by=BY, desk=1)
    recalled_twice(1)
    minutes_pass(1.1)
    actions.mark_missed(by=BY, desk=1)
    actions.undo_step(by=BY, desk=1)
    assert actions.miss_overdue(by=BY, mall=1) == 0
    assert Errand.objects.get().state == ErrandState.CALLED
    actions.start_serving(by=BY, desk=1)
    the_journal_says_the_same()


def test_what_fell_with_another_errand_stays_fallen() -> None:
    """The third needs both; the first failed; the second's end taken back does not bring the third to life."""
    visit = take([1, 2, 3], [[], [], [0, 1]])
    actions.call_next(by=BY, desk=1)
    actions.finish_errand(by=BY, desk=1, result=Result.NOT_ELIGIBLE)
    actions.call_next(by=BY, desk=2)
    actions.finish_errand(by=BY, desk=2, result=Result.DONE)
    actions.undo_step(by=BY, desk=2)
    assert Errand.objects.get(visit=visit, seq=2).state == ErrandState.DROPPED
    the_journal_says_the_same()
    actions.finish_errand(by=BY, desk=2, result=Result.DONE)
    assert Visit.objects.get().state == VisitState.GONE
    the_journal_says_the_same()


def test_what_needed_a_missed_errand_falls_with_it_when_its_half_hour_is_over() -> None:
    visit = take([1, 2, 3], [[], [0], [1]])
    actions.call_next(by=BY, desk=1)
    recalled_twice(1)
    actions.mark_missed(by=BY, desk=1)
    assert Errand.objects.get(visit=visit, seq=1).state == ErrandState.BLOCKED
    minutes_pass(31)
    actions.miss_overdue(by=BY, mall=1)
    ended = [(state, result) for _seq, state, _after, result in states(visit)]
    assert ended == [(6, "missed"), (6, "prerequisite"), (6, "prerequisite")]
    assert Visit.objects.get().state == VisitState.GONE
    the_journal_says_the_same()
