"""One key is one action: said again it gives the first answer, said for anything else it is refused, never believed."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from satuatap.features.journal.models import Entry
from satuatap.features.journal.refusals import KeyUsedOtherwise
from satuatap.features.visits import actions
from satuatap.features.visits.models import Errand, Visit
from satuatap.features.visits.states import ErrandState, Pause, PriorityClass, Result, TransferReason
from tests.factories.floors import BY, make_floor

pytestmark = [pytest.mark.database15, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def floor() -> None:
    make_floor({1: 8.0, 2: 6.0, 3: 10.0}, {1: [1, 2], 2: [1, 3]})


def take(steps: list[int], key: UUID | None = None, priority_class: PriorityClass = PriorityClass.REGULAR) -> Visit:
    return actions.issue_ticket(
        by=BY, mall=1, steps=steps, after=[[] for _ in steps], priority_class=priority_class, request=key or uuid4()
    )


def test_a_number_is_not_the_answer_to_another_wish() -> None:
    key = uuid4()
    first = take([1], key)
    assert take([1], key).pk == first.pk
    with pytest.raises(KeyUsedOtherwise):
        take([2], key)
    with pytest.raises(KeyUsedOtherwise):
        take([1], key, PriorityClass.PRIORITY)
    assert Visit.objects.count() == 1


def test_a_call_start_or_finish_is_never_answered_with_what_it_did_not_do() -> None:
    key = uuid4()
    take([1], key)
    take([1])
    with pytest.raises(KeyUsedOtherwise):
        actions.call_next(by=BY, desk=1, request=key)
    called = uuid4()
    row = actions.call_next(by=BY, desk=1, request=called)
    assert row is not None and actions.call_next(by=BY, desk=1, request=called) == row
    with pytest.raises(KeyUsedOtherwise):
        actions.call_next(by=BY, desk=2, request=called)
    with pytest.raises(KeyUsedOtherwise):
        actions.start_serving(by=BY, desk=1, request=called)
    actions.start_serving(by=BY, desk=1)
    with pytest.raises(KeyUsedOtherwise):
        actions.finish_errand(by=BY, desk=1, result=Result.DONE, request=called)
    assert Errand.objects.get(visit=row.visit_id).state == ErrandState.SERVING


def test_two_results_with_one_key_are_not_both_believed() -> None:
    visit, key = take([1]), uuid4()
    actions.call_next(by=BY, desk=1)
    done = actions.finish_errand(by=BY, desk=1, result=Result.DONE, visit=visit.pk, seq=0, request=key)
    assert actions.finish_errand(by=BY, desk=1, result=Result.DONE, visit=visit.pk, seq=0, request=key) == done
    with pytest.raises(KeyUsedOtherwise):
        actions.finish_errand(by=BY, desk=1, result=Result.NOT_ELIGIBLE, visit=visit.pk, seq=0, request=key)
    with pytest.raises(KeyUsedOtherwise):
        actions.finish_errand(by=BY, desk=1, result=Result.DONE, visit=visit.pk + 1, seq=0, request=key)


def test_no_other_write_takes_a_used_key_for_its_own() -> None:
    key = uuid4()
    visit = take([1], key)
    before = Entry.objects.count()
    for write in (
        lambda: actions.open_desk(by=BY, desk=1, officer=5, request=key),
        lambda: actions.pause_desk(by=BY, desk=1, pause=Pause.BREAK, request=key),
        lambda: actions.close_desk(by=BY, desk=1, request=key),
        lambda: actions.set_skills(by=BY, desk=1, skills=[2], request=key),
        lambda: actions.undo_step(by=BY, desk=1, request=key),
        lambda: actions.recall(by=BY, desk=1, request=key),
        lambda: actions.mark_missed(by=BY, desk=1, request=key),
        lambda: actions.transfer_errand(by=BY, desk=1, step=3, reason=TransferReason.WRONG_SERVICE, request=key),
        lambda: actions.reclass_visit(by=BY, visit=visit.pk, priority_class=PriorityClass.PRIORITY, request=key),
        lambda: actions.put_back(by=BY, visit=visit.pk, seq=0, request=key),
        lambda: actions.close_day(by=BY, mall=1, request=key),
    ):
        with pytest.raises(KeyUsedOtherwise):
            write()
    assert Entry.objects.count() == before


def test_a_step_that_was_answered_is_answered_again_after_the_desk_went_on() -> None:
    take([1])
    actions.call_next(by=BY, desk=1)
    Errand.objects.update(called_at=Visit.objects.get().arrived_at.replace(year=2020))
    key = uuid4()
    assert actions.recall(by=BY, desk=1, request=key).recalls == 1
    actions.finish_errand(by=BY, desk=1, result=Result.DONE)
    assert actions.recall(by=BY, desk=1, request=key).recalls == 1
