"""Two people decide on one plan at once: first the race without the lock, then one decides and the other is told."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, connections

from satuatap.features.plans import actions, inventory
from satuatap.features.plans.actions import decisions
from satuatap.features.plans.models import Decision, Move, Plan
from satuatap.features.plans.refusals import AlreadyDecided
from tests.features.plans import town
from tests.features.plans.town import BY, PLAN, TODAY

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def both(work: Callable[[str], object]) -> list[Any]:
    """Two decrees at once; what each came to."""
    found: list[Any] = []

    def go(decree: str) -> None:
        try:
            found.append(work(decree))
        except Exception as problem:
            found.append(problem)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=go, args=(decree,)) for decree in ("101", "102")]
    for one in threads:
        one.start()
    for one in threads:
        one.join(90)
    return found


def decide(decree: str) -> None:
    actions.decide_plan(by=BY, plan=PLAN, decree=decree, on=TODAY, today=TODAY, now=inventory.now())


def meeting(monkeypatch: pytest.MonkeyPatch, lock: bool) -> None:
    """Both have read the plan as undecided before either writes; with the lock the second has to wait for the first."""
    looked = threading.Barrier(2)
    held = decisions.locked_plan

    def read(code: str) -> Plan:
        if lock:
            looked.wait(60)
            return held(code)
        row = Plan.objects.get(code=code)
        looked.wait(60)
        return row

    monkeypatch.setattr(decisions, "locked_plan", read)


def test_without_the_lock_a_plan_is_decided_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """The race, with the constraint off that would turn it into an error."""
    town.build()
    town.consulted()
    with connection.cursor() as cursor:
        cursor.execute("drop index plans_one_decision")
    try:
        meeting(monkeypatch, lock=False)
        assert both(decide) == [None, None]
        assert Decision.objects.count() == 2 and Move.objects.count() == 2
    finally:
        Move.objects.all().delete()
        Decision.objects.all().delete()
        with connection.cursor() as cursor:
            cursor.execute(
                "create unique index plans_one_decision on plans_decision (plan_id) where withdrawn_at is null"
            )


def test_with_it_one_decides_and_the_other_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    town.build()
    town.consulted()
    meeting(monkeypatch, lock=True)
    found = both(decide)
    assert sorted(type(one).__name__ for one in found) == ["AlreadyDecided", "NoneType"]
    assert [one for one in found if isinstance(one, AlreadyDecided)]
    assert Decision.objects.count() == Move.objects.count() == 1
