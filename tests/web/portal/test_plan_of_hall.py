"""The small plan on a phone: the way goes to the seats while she waits, and to the desk once it has called."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from satuatap.features.malls.queries import DeskPlace, HallPlan, ZonePlan
from satuatap.web.portal.plan_of_hall import small_plan


def zone(key: int, code: str, x: float, w: float) -> ZonePlan:
    return ZonePlan(key, code, f"Zona {code}", f"Zone {code}", "", "", x, 150, w, 330)


ZONES = (zone(1, "A", 262, 170), zone(2, "B", 448, 150), zone(3, "C", 614, 170))


def desk(sign: str, code: str, x: float, y: float) -> DeskPlace:
    return DeskPlace(
        desk=int(sign), sign=sign, name="", booth=1, booth_code="x", booth_name="X", agency="X", agency_id=1,
        agency_code="x", zone=code, mall=1, level="full", opens=True, x=x, y=y, w=50, h=46,
    )  # fmt: skip


def hall(*desks: DeskPlace) -> HallPlan:
    return HallPlan(1, ZONES, (), desks, synthetic=True)


LEFT, TOP = desk("1", "A", 14, 300), desk("2", "B", 500, 14)
RIGHT, DOOR = desk("3", "C", 924, 61), desk("4", "C", 640, 499)


def points(way: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in re.findall(r"(-?[\d.]+) (-?[\d.]+)", way)]


def test_without_a_drawing_there_is_no_plan():
    assert small_plan(hall(), "A") is None


def test_who_waits_is_led_to_the_last_row_of_seats():
    plan = small_plan(hall(LEFT, TOP, RIGHT), "C", ["3"])
    assert plan is not None
    seats = next(mark for mark in plan.zones if mark.code == "C").seats
    x, y = points(plan.way)[-1]
    assert ZONES[2].x < x < ZONES[2].x + ZONES[2].w
    assert 0 < y - max(top for _x, top in seats) < 60
    assert plan.at == ""


@pytest.mark.parametrize("called", [LEFT, TOP, RIGHT, DOOR], ids=lambda one: one.sign)
def test_who_is_called_is_led_to_the_front_of_that_desk(called: DeskPlace):
    plan = small_plan(hall(LEFT, TOP, RIGHT, DOOR), called.zone, ["1", "2", "3", "4"], called.sign)
    assert plan is not None
    assert [box.sign for box in plan.boxes if box.on] == [called.sign]
    x, y = points(plan.way)[-1]
    away = max(called.x - x, x - called.x - called.w, 0) + max(called.y - y, y - called.y - called.h, 0)
    assert 10 < away < 25, "right before the desk, not in it"
    assert points(plan.head)[1] == (x, y)


@given(st.integers(0, 3))
def test_every_stretch_of_the_way_goes_along_a_wall(which: int):
    called = (LEFT, TOP, RIGHT, DOOR)[which]
    plan = small_plan(hall(LEFT, TOP, RIGHT, DOOR), called.zone, (), called.sign)
    assert plan is not None
    way = points(plan.way)
    assert way[0] == (500, 548)
    assert all(a[0] == b[0] or a[1] == b[1] for a, b in pairwise(way))


def test_the_way_passes_over_the_desks_along_the_wall_of_the_door():
    plan = small_plan(hall(desk("4", "C", 560, 499), RIGHT), "C", (), "3")
    assert plan is not None
    assert points(plan.way)[1][1] < 499
