"""A new policy or new minutes while people wait: nobody falls out of line, and the next call goes by the new rule."""

from __future__ import annotations

import pytest

from satuatap.features.visits import actions, rules
from satuatap.features.visits.actions.layout import PolicyRow
from satuatap.features.visits.checker import check_calls
from satuatap.features.visits.models import Errand, Floor, Visit
from satuatap.features.visits.policies import DEFAULT_NUMBERS, weights_of
from satuatap.features.visits.states import PriorityClass, Result
from tests.factories.floors import BY, make_floor
from tests.races.crowd import records, setting

pytestmark = [pytest.mark.database15, pytest.mark.django_db(transaction=True)]

STEPS = {1: 8.0, 2: 6.0, 3: 10.0}
DESKS = {1: [1, 2], 2: [3]}


def take(steps: list[int], priority_class: PriorityClass = PriorityClass.REGULAR) -> Visit:
    after = [[] for _ in steps]
    return actions.issue_ticket(by=BY, mall=1, steps=steps, after=after, priority_class=priority_class)


def every_key_is_of_the_policy_in_force() -> None:
    policy = weights_of(1).weights
    lines = Floor.objects.get().lines
    for errand in Errand.objects.filter(state=1):
        assert errand.line in lines
        assert errand.ready_at is not None
        assert errand.key == rules.key_of(
            policy, errand.priority_class, errand.arrived_at, errand.ready_at, errand.m_rem
        )


@pytest.mark.parametrize(
    "policy",
    [
        PolicyRow(head_start_priority_minutes=0, weight_remaining=0),
        PolicyRow(numbers={**DEFAULT_NUMBERS, "recall_gap_minutes": 2}),
    ],
)
def test_who_waits_is_called_after_a_change_of_policy(policy: PolicyRow) -> None:
    make_floor(STEPS, DESKS)
    first, second = take([1, 3]), take([1], PriorityClass.PRIORITY)
    make_floor(STEPS, DESKS, policy=policy)
    every_key_is_of_the_policy_in_force()
    called = []
    for _ in range(2):
        row = actions.call_next(by=BY, desk=1)
        assert row is not None, "somebody waits and nobody is found"
        called.append(row.visit_id)
        actions.finish_errand(by=BY, desk=1, result=Result.DONE)
    assert called == ([first.pk, second.pk] if policy.weight_remaining == 0 else [second.pk, first.pk])
    assert check_calls(records(), setting()).problems == []


def test_new_minutes_count_from_the_next_call_on() -> None:
    make_floor(STEPS, DESKS)
    take([1, 3])
    second = take([2])
    make_floor({**STEPS, 2: 30.0}, DESKS)
    assert Errand.objects.get(visit=second).m_rem == 30 * 60_000
    every_key_is_of_the_policy_in_force()
    assert actions.call_next(by=BY, desk=1) is not None
    assert check_calls(records(), setting()).problems == []


def test_a_number_given_while_the_policy_changed_is_found_too() -> None:
    """It was written with the old line, by a snapshot from before the change, and committed after it."""
    make_floor(STEPS, DESKS)
    take([1])
    old = Errand.objects.get()
    make_floor(STEPS, DESKS, policy=PolicyRow(cap_minutes=60))
    Errand.objects.update(line=old.line, key=old.key)
    assert actions.call_next(by=BY, desk=1) is None
    assert actions.restamp(mall=1) == 1
    every_key_is_of_the_policy_in_force()
    assert actions.call_next(by=BY, desk=1) is not None
