"""The day slows its clock by the very lags that it reports in the end, those of idle desks included."""

from __future__ import annotations

import asyncio
import itertools
import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from satuatap.features.visits.checker import Record
from satuatap.project.day import play, verify
from satuatap.project.day.client import Log

EIGHT = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)


def row(place: int, second: float, kind: str, visit: int | None, **fact: Any) -> Record:
    return Record(place, place, EIGHT + timedelta(seconds=second), kind, visit, fact)


def test_a_desk_that_was_idle_lags_from_the_moment_somebody_could_be_called() -> None:
    rows = [
        row(1, 0, "desk_opened", None, desk=1),
        row(2, 600, "ticket_issued", 7, steps=[1], priority_class=0),
        row(3, 690, "called", 7, desk=1, seq=0),
        row(4, 700, "finished", 7, desk=1, seq=0),
        row(5, 650, "ticket_issued", 8, steps=[1], priority_class=0),
        row(6, 705, "called", 8, desk=1, seq=0),
    ]
    assert [lag for _at, lag in verify.lags(rows)] == [90.0, 5.0]


async def watched(monkeypatch: pytest.MonkeyPatch, lags: list[float], speed: float) -> list[float]:
    monkeypatch.setattr(play, "LOOK_AT_LAG_S", 0.01)
    pace = play.Pace(speed, EIGHT, asyncio.get_running_loop().time())
    hall = play.Hall(pace, {}, random.Random(1))
    slowed: list[float] = []
    looks = itertools.count(1)

    async def lags_after(moment: datetime) -> list[float]:
        if slowed or next(looks) == 5:  # who was not slow five times is not slow
            hall.over.set()
        return [] if slowed else lags

    async def slow_down(to: float) -> None:
        slowed.append(to)
        hall.pace.anchor(EIGHT, to)

    await asyncio.wait_for(play.watch_lag(hall, lags_after, slow_down, lambda words: None, Log()), 60)
    return slowed


@pytest.mark.parametrize(
    ("lags", "speed", "expected"),
    [
        ([59.0] * 40, 480, []),
        ([100.0] * 19, 480, []),  # too few to say so
        ([96.0] * 40, 480, [240.0]),  # 60 / 96 x 0.8 = a half
        ([75.0] * 40, 100, [pytest.approx(64.0)]),
        ([10.0] * 36 + [90.0] * 4, 480, [pytest.approx(256.0)]),
        ([600.0] * 40, 40, [30.0]),  # never slower than that
        ([600.0] * 40, 30, []),
    ],
)
def test_the_clock_is_slowed_by_lags_above_a_minute(
    monkeypatch: pytest.MonkeyPatch, lags: list[float], speed: float, expected: list[float]
) -> None:
    assert asyncio.run(watched(monkeypatch, lags, speed)) == expected
