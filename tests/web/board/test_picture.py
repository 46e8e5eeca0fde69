"""What a display shows, from a hall that is given."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from satuatap.features.malls.queries import ZonePlan
from satuatap.features.visits.views import CallNow, Hall, StepNow
from satuatap.features.visits.waits import MinutesRange
from satuatap.web.board.picture import arrow_of, board_of

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
ZONES = (
    ZonePlan(1, "A", "Zona A", "Zone A", "Sisi kiri dari pintu. Rata.", "Left of the door. Level.", 0, 0, 1, 1),
    ZonePlan(2, "B", "Zona B", "Zone B", "Lurus, lalu kanan.", "", 0, 0, 1, 1),
)


def call(number: int, zone: str = "A", *, ago: float = 5, live: bool = True) -> CallNow:
    return CallNow(number, "7", zone, "Dukcapil", NOW - timedelta(seconds=ago), 0, live, 1)


def step(
    key: int, agency: str, zone: str, waiting: int, high: int, *, desks: int = 1, basis: str = "last_hour"
) -> StepNow:
    return StepNow(
        key, key, f"s{key}", "x", "x", agency, zone, waiting, 0, desks, 5, 5, 5, MinutesRange(1, high, basis, 12)
    )


def hall(calls: tuple[CallNow, ...] = (), steps: tuple[StepNow, ...] = (), **values: object) -> Hall:
    usual = {
        "mall": 1, "now": NOW, "day": NOW.date(), "open_from": NOW - timedelta(hours=2),
        "open_until": NOW + timedelta(hours=4), "closed": False, "desks": (), "steps": {s.id: s for s in steps},
        "zones": (), "calls": calls, "people": (), "in_mall": 0, "waiting": 0, "visits": 0, "finished": 0,
        "unserved": 0, "missed": (),
    }  # fmt: skip
    return Hall(**(usual | values))  # type: ignore[arg-type]


def test_on_top_stands_the_newest_call_that_is_still_walked():
    board = board_of(hall((call(150, live=False), call(149), call(148))), ZONES, 1, english=False)
    assert board.now.number == 149
    assert [one.number for one in board.last] == [150, 148]
    assert (board.now.way, board.now.arrow) == ("Sisi kiri dari pintu", "left")


def test_gold_ground_is_for_what_was_called_just_now_in_real_seconds():
    old = hall((call(149, ago=60),))
    assert not board_of(old, ZONES, 1, english=False).now.fresh
    assert board_of(old, ZONES, 480, english=False).now.fresh
    assert not board_of(hall((call(149, live=False),)), ZONES, 1, english=False).now.fresh


def test_one_zone_shows_only_its_own():
    both = hall((call(149, "B"), call(148, "A")), (step(1, "X", "A", 3, 9), step(2, "Y", "B", 3, 9)))
    board = board_of(both, ZONES, 1, english=True, only="A")
    assert (board.now.number, board.last) == (148, ())
    assert [wait.agency for wait in board.waits] == ["X"]
    assert board.now.way == "Left of the door"


def test_an_agency_shows_its_fullest_line_and_closed_lines_are_left_out():
    rows = (step(1, "X", "A", 1, 40), step(2, "X", "A", 5, 20, basis="synthetic"), step(3, "Z", "A", 0, 5, desks=0))
    board = board_of(hall((), rows), ZONES, 1, english=False)
    assert [(wait.agency, wait.high) for wait in board.waits] == [("X", 20)]
    assert board.synthetic


@pytest.mark.parametrize(
    ("values", "state"),
    [
        ({}, "open"),
        ({"closed": True}, "after"),
        ({"open_from": None, "open_until": None}, "closed"),
        ({"open_from": NOW + timedelta(minutes=1)}, "before"),
        ({"open_until": NOW}, "after"),
        ({"open_until": NOW, "waiting": 3}, "open"),
    ],
)
def test_states_of_the_day(values, state):
    board = board_of(hall(**values), ZONES, 1, english=False)
    assert (board.state, board.now) == (state, None)


def test_the_way_is_its_first_words_for_who_reads_from_afar():
    board = board_of(hall((call(7, "B"),)), ZONES, 1, english=False)
    assert (board.now.way, board.now.arrow) == ("Lurus", "up")


def test_when_the_day_is_over_no_number_and_no_waits_stay_on_the_wall():
    rows = (step(1, "X", "A", 0, 2),)
    over = board_of(hall((call(7, live=False),), rows, open_until=NOW), ZONES, 1, english=False)
    assert (over.state, over.now, over.last, over.waits) == ("after", None, (), ())
    walking = board_of(hall((call(7),), rows, open_until=NOW), ZONES, 1, english=False)
    assert walking.now.number == 7


def test_an_arrow_only_where_the_way_says_one():
    assert [arrow_of(way) for way in ("Sisi kanan, dekat pintu", "Lurus", "Lantai dua", "")] == ["right", "up", "", ""]
