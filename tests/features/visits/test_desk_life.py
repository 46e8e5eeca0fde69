"""A desk's day on a real database: call, start, finish, recall, miss, transfer, undo, and every refusal in words."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection

from satuatap.basics.refusal import Refusal
from satuatap.features.journal.models import Entry
from satuatap.features.visits import actions, queries, rules
from satuatap.features.visits.models import Desk, Errand, Floor, Visit
from satuatap.features.visits.policies import weights_of
from satuatap.features.visits.states import ErrandState, Pause, PriorityClass, Result, TransferReason, VisitState
from tests.factories.floors import BY, make_floor

pytestmark = [pytest.mark.database15, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def floor() -> None:
    make_floor({1: 8.0, 2: 6.0, 3: 10.0}, {1: [1, 2], 2: [3], 3: [1, 2, 3]})


def take(steps: list[int], after: list[list[int]] | None = None, priority: bool = False) -> Visit:
    chosen = PriorityClass.PRIORITY if priority else PriorityClass.REGULAR
    return actions.issue_ticket(
        by=BY, mall=1, steps=steps, after=after or [[] for _ in steps], priority_class=chosen, request=uuid4()
    )


def refused(code: str) -> pytest.RaisesExc[Refusal]:
    return pytest.RaisesExc(Refusal, check=lambda refusal: refusal.code == code and len(str(refusal)) > 20)


def shift(minutes: float) -> None:
    """Let the mall's time pass for what was written so far, by moving it into the past."""
    with connection.cursor() as cursor:
        for table, columns in (
            ("visits_errand", ("called_at", "recalled_at", "done_at")),
            ("visits_desk", ("last_at", "since")),
        ):
            for column in columns:
                cursor.execute(f"update {table} set {column} = {column} - %s::interval", [timedelta(minutes=minutes)])


def test_numbers_are_dense_and_a_repeated_key_is_the_same_number() -> None:
    key = uuid4()
    first = actions.issue_ticket(by=BY, mall=1, steps=[1, 3], after=[[], [0]], request=key)
    assert actions.issue_ticket(by=BY, mall=1, steps=[1, 3], after=[[], [0]], request=key).pk == first.pk
    assert [take([2]).number for _ in range(3)] == [2, 3, 4]
    assert [e.state for e in Errand.objects.filter(visit=first).order_by("seq")] == [1, 0]


def test_the_key_of_sql_is_the_key_of_the_rules() -> None:
    for priority in (False, True):
        visit = take([1, 2, 3], [[], [0], []], priority)
        for errand in Errand.objects.filter(visit=visit, state=1):
            expected = rules.key_of(
                weights_of(1).weights, visit.priority_class, errand.arrived_at, errand.ready_at, errand.m_rem
            )
            assert errand.key == expected
            assert errand.m_rem == 24 * 60_000
    actions.call_next(by=BY, desk=1)
    actions.finish_errand(by=BY, desk=1, result=Result.DONE)
    for errand in Errand.objects.filter(state=1):
        assert errand.key == rules.key_of(
            weights_of(1).weights, errand.priority_class, errand.arrived_at, errand.ready_at, errand.m_rem
        )


def test_priority_is_called_first_and_a_busy_desk_asks_for_the_result() -> None:
    take([1])
    second = take([1], priority=True)
    row = actions.call_next(by=BY, desk=1)
    assert row is not None
    assert row.visit_id == second.pk
    with refused("result_needed"):
        actions.call_next(by=BY, desk=1)


def test_one_citizen_is_called_to_one_desk_only() -> None:
    visit = take([1, 3])
    assert actions.call_next(by=BY, desk=1).visit_id == visit.pk
    assert actions.call_next(by=BY, desk=2) is None
    actions.finish_errand(by=BY, desk=1, result=Result.DONE)
    assert actions.call_next(by=BY, desk=2).visit_id == visit.pk


def test_a_failed_errand_takes_what_needed_it_along() -> None:
    visit = take([1, 2, 3], [[], [0], []])
    assert actions.call_next(by=BY, desk=1) is not None
    actions.finish_errand(by=BY, desk=1, result=Result.DOCUMENTS_MISSING)
    states = {e.seq: (e.state, e.result) for e in Errand.objects.filter(visit=visit)}
    assert states[1] == (ErrandState.DROPPED, "prerequisite")
    assert states[2][0] == ErrandState.READY


def test_a_late_press_never_ends_somebody_elses_errand() -> None:
    visit = take([1])
    take([1])
    actions.call_next(by=BY, desk=1)
    actions.finish_errand(by=BY, desk=1, result=Result.DONE, visit=visit.pk, seq=0)
    actions.call_next(by=BY, desk=1)
    with refused("desk_moved_on"):
        actions.finish_errand(by=BY, desk=1, result=Result.DONE, visit=visit.pk, seq=0)


def test_start_once_and_finish_counts() -> None:
    take([1])
    with refused("nobody_at_desk"):
        actions.start_serving(by=BY, desk=1)
    actions.call_next(by=BY, desk=1)
    key = uuid4()
    started = actions.start_serving(by=BY, desk=1, request=key)
    assert actions.start_serving(by=BY, desk=1, request=key).id == started.id
    with refused("already_started"):
        actions.start_serving(by=BY, desk=1, request=uuid4())
    key = uuid4()
    done = actions.finish_errand(by=BY, desk=1, result=Result.DONE, request=key)
    assert actions.finish_errand(by=BY, desk=1, result=Result.DONE, request=key).id == done.id
    assert Visit.objects.get().state == VisitState.GONE


def test_two_recalls_a_minute_apart_then_missed_then_put_back_with_the_first_arrival() -> None:
    visit = take([1, 3])
    actions.call_next(by=BY, desk=1)
    with refused("too_soon"):
        actions.recall(by=BY, desk=1)
    with refused("recall_first"):
        actions.mark_missed(by=BY, desk=1)
    for _ in range(2):
        shift(1.1)
        actions.recall(by=BY, desk=1)
    actions.mark_missed(by=BY, desk=1)
    assert Errand.objects.get(visit=visit, seq=0).state == ErrandState.MISSED
    assert actions.call_next(by=BY, desk=2).visit_id == visit.pk  # her other errand goes on
    actions.put_back(by=BY, visit=visit.pk, seq=0)
    back = Errand.objects.get(visit=visit, seq=0)
    assert back.state == ErrandState.READY
    assert back.arrived_at == visit.arrived_at
    with refused("not_missed"):
        actions.put_back(by=BY, visit=visit.pk, seq=0)


def test_the_heart_sets_aside_and_then_ends_who_never_comes() -> None:
    visit = take([1])
    actions.call_next(by=BY, desk=1)
    for _ in range(2):
        shift(1.1)
        actions.recall(by=BY, desk=1)
    assert actions.miss_overdue(by=BY, mall=1) == 0
    shift(1.1)
    assert actions.miss_overdue(by=BY, mall=1) == 1
    shift(31)
    with refused("return_too_late"):
        actions.put_back(by=BY, visit=visit.pk, seq=0)
    assert actions.miss_overdue(by=BY, mall=1) == 1
    assert Visit.objects.get().state == VisitState.GONE


def test_transfer_keeps_number_and_successors() -> None:
    visit = take([1, 2], [[], [0]])
    actions.call_next(by=BY, desk=1)
    with refused("cannot_transfer"):
        actions.transfer_errand(by=BY, desk=1, step=2, reason=TransferReason.WRONG_SERVICE)
    actions.transfer_errand(by=BY, desk=1, step=3, reason=TransferReason.WRONG_SERVICE)
    handed = Errand.objects.get(visit=visit, seq=2)
    assert (handed.step, handed.state) == (3, ErrandState.READY)
    assert Errand.objects.get(visit=visit, seq=1).state == ErrandState.BLOCKED
    actions.call_next(by=BY, desk=2)
    actions.finish_errand(by=BY, desk=2, result=Result.DONE)
    assert Errand.objects.get(visit=visit, seq=1).state == ErrandState.READY


@pytest.mark.parametrize("steps", [["call"], ["call", "start"], ["call", "start", "finish"]])
def test_undo_takes_back_the_last_step_as_a_new_fact(steps: list[str]) -> None:
    visit = take([1, 2], [[], [0]])
    verbs = {
        "call": lambda: actions.call_next(by=BY, desk=1),
        "start": lambda: actions.start_serving(by=BY, desk=1),
        "finish": lambda: actions.finish_errand(by=BY, desk=1, result=Result.DOCUMENTS_MISSING),
    }
    before = None
    for step in steps:
        before = sorted(Errand.objects.filter(visit=visit).values_list("seq", "state"))
        verbs[step]()
    count = Entry.objects.count()
    actions.undo_step(by=BY, desk=1)
    assert sorted(Errand.objects.filter(visit=visit).values_list("seq", "state")) == before
    assert Entry.objects.count() == count + 1
    with refused("nothing_to_undo"):
        actions.undo_step(by=BY, desk=1)


def test_undo_is_refused_late_and_once_she_is_called_elsewhere() -> None:
    take([1, 3])
    actions.call_next(by=BY, desk=1)
    actions.finish_errand(by=BY, desk=1, result=Result.DONE)
    shift(2.1)
    with refused("too_late_to_undo"):
        actions.undo_step(by=BY, desk=1)
    shift(-2.1)
    actions.call_next(by=BY, desk=2)
    with refused("called_elsewhere"):
        actions.undo_step(by=BY, desk=1)


def test_closing_ends_and_lists_everybody() -> None:
    take([1])
    waiting = take([2, 3], [[], [0]])
    actions.call_next(by=BY, desk=2)
    actions.call_next(by=BY, desk=1)
    assert actions.close_day(by=BY, mall=1)
    assert not actions.close_day(by=BY, mall=1)
    actions.drop_waiting(by=BY, mall=1)
    with refused("mall_closed"):
        take([1])
    assert {e.result for e in Errand.objects.filter(visit=waiting)} == {"unserved"}
    actions.finish_errand(by=BY, desk=1, result=Result.DONE)
    actions.drop_waiting(by=BY, mall=1)
    assert not Visit.objects.exclude(state=VisitState.GONE).exists()
    assert not Desk.objects.filter(open=True).exists()
    with refused("day_closed"):
        actions.open_desk(by=BY, desk=1)
    listed = Entry.objects.filter(kind="dropped", fact__result="unserved")
    assert [row.visit_id for row in listed] == [waiting.pk]


def test_an_hour_without_a_step_ends_as_not_recorded() -> None:
    take([1])
    actions.call_next(by=BY, desk=1)
    shift(61)
    assert actions.end_overdue(by=BY, mall=1) == 1
    errand = Errand.objects.get()
    assert (errand.result, errand.estimated) == ("not_recorded", True)


def test_desks_open_rest_and_close() -> None:
    actions.close_desk(by=BY, desk=1)
    take([1])
    with refused("desk_closed"):
        actions.call_next(by=BY, desk=1)
    actions.open_desk(by=BY, desk=1, officer=7)
    actions.call_next(by=BY, desk=1)
    with refused("result_needed"):
        actions.close_desk(by=BY, desk=1)
    actions.pause_desk(by=BY, desk=1, pause=Pause.BREAK)
    assert Desk.objects.get(pk=1).open
    actions.finish_errand(by=BY, desk=1, result=Result.DONE)
    desk = Desk.objects.get(pk=1)
    assert (desk.open, desk.pause) == (False, "break")
    with refused("no_such_desk"):
        actions.open_desk(by=BY, desk=99)


def test_a_fault_reported_while_serving_stays_a_fault_and_can_be_taken_back() -> None:
    take([1])
    take([1])
    actions.call_next(by=BY, desk=1)
    actions.pause_desk(by=BY, desk=1, pause=Pause.TROUBLE)
    assert Desk.objects.get(pk=1).open
    actions.finish_errand(by=BY, desk=1, result=Result.DONE)
    desk = Desk.objects.get(pk=1)
    assert (desk.open, desk.pause) == (False, "trouble")
    actions.open_desk(by=BY, desk=1)

    actions.call_next(by=BY, desk=1)
    actions.pause_desk(by=BY, desk=1, pause=Pause.BREAK)
    since = Desk.objects.get(pk=1).since
    actions.open_desk(by=BY, desk=1)
    desk = Desk.objects.get(pk=1)
    assert (desk.open, desk.pause, desk.pause_next, desk.since) == (True, None, False, since)
    actions.finish_errand(by=BY, desk=1, result=Result.DONE)
    assert Desk.objects.get(pk=1).open


def test_who_was_missed_may_be_put_back_for_what_is_left_of_half_an_hour() -> None:
    take([1])
    actions.call_next(by=BY, desk=1)
    for _recall in range(2):
        shift(1.1)
        actions.recall(by=BY, desk=1)
    actions.mark_missed(by=BY, desk=1)
    shift(10)
    (person,) = queries.hall(1, fresh=True).missed
    assert person.return_minutes == pytest.approx(20, abs=0.2)


def test_the_class_moves_an_errand_at_once() -> None:
    first, second = take([1]), take([1])
    actions.reclass_visit(by=BY, visit=second.pk, priority_class=PriorityClass.PRIORITY)
    assert actions.call_next(by=BY, desk=1).visit_id == second.pk
    assert first.priority_class == 0


def test_what_is_not_served_here_or_closed_is_refused_and_writes_nothing() -> None:
    with refused("not_served_here"):
        take([99])
    with refused("nothing_chosen"):
        take([])
    with refused("too_many_errands"):
        take(list(range(1, 17)))
    Floor.objects.update(open_until=None)
    with refused("mall_closed"):
        take([1])
    assert Visit.objects.count() == 0
    assert not Entry.objects.filter(kind="ticket_issued").exists()
