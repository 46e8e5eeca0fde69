"""A unit moves while the office saves a row: without the lock the office's form breaks off, with it both stand."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, connections

from satuatap.features.estate import actions as estate
from satuatap.features.estate.models import Building, Placement
from satuatap.features.malls.changes import RowChange
from satuatap.plumbing.locking import CITY_LOCK
from satuatap.project.city import changing
from satuatap.project.city.state import OWN, keyed, read_state
from tests.features.plans import town
from tests.features.plans.town import BY, MOVES_ON

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
LONGEST_S = 60.0  # a machine may be busy


def save_a_building(found: list[object]) -> None:
    """The form of a building, as the office sends it."""
    sheet = next(one for one in OWN if one.key == "buildings")
    key, row = next((k, r) for k, r in read_state("buildings")["buildings"].items() if r["code"] == "balai")
    (again,) = keyed(sheet, [row])
    assert again == key
    change = RowChange("buildings", key, row, {**row, "name": "Balai Baru"})
    try:
        found.append(changing.change_city(by=BY, way="edit", rows=[change], request=uuid4()))
    except Exception as problem:
        found.append(problem)
    finally:
        connections.close_all()


def move(found: list[object]) -> None:
    try:
        estate.seat_unit(by=BY, unit="dinas-a", origin="lama", target="mal", on=MOVES_ON, source="101/2026")
    except Exception as problem:
        found.append(problem)
    finally:
        connections.close_all()


def until_it_waits(mover: threading.Thread) -> None:
    """Until the move asks for the lock that the form holds."""
    until = time.monotonic() + LONGEST_S
    with connection.cursor() as cursor:
        while time.monotonic() < until and mover.is_alive():
            cursor.execute(
                "select 1 from pg_locks where locktype = 'advisory' and objid = %s and not granted", [CITY_LOCK]
            )
            if cursor.fetchone():
                return
            time.sleep(0.01)
    raise AssertionError("the move did not wait for the form")


def meet(monkeypatch: pytest.MonkeyPatch, until: Callable[[threading.Thread], None]) -> list[object]:
    """The form has read the city and is about to write; the move comes in between, or waits for it."""
    read, go_on, held = threading.Event(), threading.Event(), changing.apply_rows

    def slowly(*args: Any, **words: Any) -> Any:
        read.set()
        go_on.wait(2 * LONGEST_S)
        return held(*args, **words)

    monkeypatch.setattr(changing, "apply_rows", slowly)
    found: list[object] = []
    form = threading.Thread(target=save_a_building, args=(found,))
    form.start()
    assert read.wait(LONGEST_S), found
    mover = threading.Thread(target=move, args=(found,))
    mover.start()
    try:
        until(mover)
    finally:
        go_on.set()
        form.join(LONGEST_S), mover.join(LONGEST_S)
    return found


def stands() -> tuple[str, str]:
    """Where the unit sits, and what the building is called."""
    here = Placement.objects.get(unit__code="dinas-a", until=None)
    return here.building.code, Building.objects.get(code="balai").name


def test_without_the_lock_a_form_writes_the_old_place_back_and_breaks_on_the_constraint(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    town.build()
    monkeypatch.setattr(estate, "hold_city", lambda: None)
    (problem,) = meet(monkeypatch, lambda mover: mover.join(LONGEST_S))
    assert isinstance(problem, IntegrityError) and "estate_one_place_now" in str(problem)
    assert stands() == ("mal", "Balai")


def test_a_move_waits_for_the_form_and_both_stand(monkeypatch: pytest.MonkeyPatch) -> None:
    town.build()
    found = meet(monkeypatch, until_it_waits)
    assert not [one for one in found if isinstance(one, Exception)], found
    assert stands() == ("mal", "Balai Baru")
