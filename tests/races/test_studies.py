"""A double press of "Mulai kajian": with the lock both get the one study; a stop and an end at once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connections

from satuatap.features.estate import actions
from satuatap.features.estate.models import Study
from satuatap.features.estate.refusals import StudyIsOver
from satuatap.features.estate.states import StudyLife
from satuatap.features.journal.models import Entry
from tests.features.estate.test_study import BY, three_lists

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
COST: dict[str, Any] = {"score": 5.0}
ANSWER: dict[str, Any] = {"cost": COST, "present_cost": {"score": 9.0}, "plan": {"u0": "a"}, "lower_bound": 5.0,
                          "proved": True}  # fmt: skip


def both(*works: Callable[[], object]) -> list[Any]:
    """At once; what each came to."""
    found: list[Any] = []

    def go(work: Callable[[], object]) -> None:
        try:
            found.append(work())
        except Exception as problem:
            found.append(problem)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=go, args=(work,)) for work in works]
    for one in threads:
        one.start()
    for one in threads:
        one.join(90)
    return found


def meeting(monkeypatch: pytest.MonkeyPatch, lock: bool) -> None:
    """Both have looked for the key before either writes; with the lock the second waits before it looks."""
    gate, held, look = threading.Barrier(2), actions.hold_request, actions.entry_of_request

    def hold(request: UUID | None) -> None:
        if lock:
            gate.wait(60)
            held(request)

    def seen(*words: Any) -> Any:
        found = look(*words)
        if not lock:
            gate.wait(60)
        return found

    monkeypatch.setattr(actions, "hold_request", hold)
    monkeypatch.setattr(actions, "entry_of_request", seen)


@pytest.mark.parametrize("lock", [False, True])
def test_one_key_is_one_study(monkeypatch: pytest.MonkeyPatch, lock: bool) -> None:
    """Without the lock the journal's constraint refuses the second; with it both get one study."""
    actions.put_estate(by=BY, rows=three_lists())
    meeting(monkeypatch, lock)
    key = uuid4()

    def ask() -> UUID:
        return actions.ask_study(by=BY, seconds=5, prices={"hour": 50_000.0}, request=key)

    found = both(ask, ask)
    assert Study.objects.count() == Entry.objects.filter(kind="study_asked").count() == 1
    assert [isinstance(one, IntegrityError) for one in found].count(True) == (0 if lock else 1)
    assert lock is (len(set(found)) == 1)


def test_a_study_that_is_stopped_while_it_ends_keeps_its_plan() -> None:
    actions.put_estate(by=BY, rows=three_lists())
    number = actions.ask_study(by=BY, seconds=5)
    assert actions.begin_study() == number
    found = both(
        lambda: actions.stop_study(by=BY, study=number), lambda: actions.end_study(by=BY, study=number, answer=ANSWER)
    )
    assert [one for one in found if one is not None and not isinstance(one, StudyIsOver)] == []
    row = Study.objects.get(pk=number)
    assert row.life == StudyLife.DONE and row.best_plan == {"u0": "a"} and row.ended_at is not None
