"""Waits of a day by theory: exact cases, a simulation that knows no formula, and what mends a broken promise."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from satuatap.engines.rosters.problem import Line, Prices, RosterFault, Stretch
from satuatap.engines.rosters.solve import expect, judge, with_desks, with_hours
from satuatap.engines.rosters.theory import erlang_c, erlang_c_quantile
from tests.engines.rosters.simulated import simulated


def flat(arrivals_an_hour: float, desks: int, minutes: float, cv: float = 1.0, hours: float = 7) -> Line:
    return Line("uji", minutes, cv, (Stretch(60 * hours, arrivals_an_hour * hours, desks),))


def hall(rates: list[float], desks: list[int], minutes: float, cv: float) -> Line:
    return Line("uji", minutes, cv, tuple(Stretch(60, rate, d) for rate, d in zip(rates, desks, strict=True)))


MORNING = [22.0, 40, 46, 34, 20, 16, 12]


def test_a_long_day_of_one_rate_is_erlang_c() -> None:
    line = flat(20, 3, 6.3, hours=24)  # load 0.7
    steady, found = erlang_c(20 / 60, 1 / 6.3, 3), expect(line)
    assert found.mean == pytest.approx(steady.mean_wait, rel=0.04)  # the day begins empty
    assert found.waits == pytest.approx(steady.waits, rel=0.03)
    assert found.p90 == pytest.approx(erlang_c_quantile(20 / 60, 1 / 6.3, 3, 0.9), rel=0.04)


def test_a_service_without_variance_halves_the_wait() -> None:
    varied, always = expect(flat(20, 1, 2.1, hours=24)), expect(flat(20, 1, 2.1, cv=0, hours=24))
    assert always.mean == pytest.approx(varied.mean / 2, rel=0.03)  # Pollaczek and Khinchine


@pytest.mark.parametrize(
    "line",
    [
        flat(24, 4, 8.0, cv=0.6),
        flat(50, 12, 13.0, cv=0.9),
        hall(MORNING, [4] * 7, 8.0, 0.5),
        hall(MORNING, [4] * 7, 8.0, 1.0),
        hall(MORNING, [3, 5, 5, 4, 0, 3, 3], 7.0, 0.7),  # a break with nobody at the desks
        hall(MORNING, [3] * 7, 7.0, 0.7),  # more comes than can be served until noon
        hall([r / 8 for r in MORNING], [1] * 7, 10.0, 1.2),
        hall([6 * r for r in MORNING], [20] * 7, 6.0, 0.8),
    ],
    ids=["steady", "many desks", "morning", "exponential", "break", "overload", "one desk", "large"],
)
def test_ninetieth_percentile_is_within_a_fifth_of_a_simulation(line: Line) -> None:
    mean, p90 = simulated(line, days=120, seed=7)
    found = expect(line)
    assert found.p90 == pytest.approx(p90, rel=0.2, abs=0.6)
    assert found.mean == pytest.approx(mean, rel=0.2, abs=0.3)


def test_a_simulation_that_serves_one_desk_less_is_told_apart() -> None:
    line = hall(MORNING, [4] * 7, 8.0, 0.5)
    _mean, p90 = simulated(with_desks(line, -1), days=40, seed=7)
    assert expect(line).p90 < 0.6 * p90


def test_a_promise_that_breaks_is_mended_by_the_least_of_each_and_the_cheapest_first() -> None:
    line = hall(MORNING, [4] * 7, 8.0, 0.7)
    judged = judge(line, 10.0, Prices(desk=90_000_000, hour=400_000_000))
    assert not judged.holds
    assert judged.too_long == pytest.approx(judged.waits.p90 - 10)
    assert [one.price for one in judged.remedies] == sorted(one.price for one in judged.remedies)
    desks = next(one for one in judged.remedies if one.desks)
    assert desks.p90 <= 10 < expect(with_desks(line, desks.desks - 1)).p90
    hours = next(one for one in judged.remedies if one.hours)
    assert hours.p90 <= 10 < (expect(with_hours(line, hours.hours - 1)) if hours.hours > 1 else expect(line)).p90
    dear = judge(line, 10.0, Prices(desk=900_000_000, hour=1))
    assert dear.remedies[0].hours


def test_a_promise_that_holds_needs_nothing() -> None:
    judged = judge(flat(20, 6, 5.0), 15.0)
    assert judged.holds
    assert (judged.remedies, judged.too_long) == ((), 0.0)


@settings(deadline=None, max_examples=25)
@given(st.floats(1, 60), st.integers(1, 8), st.floats(1, 15), st.floats(0, 2))
def test_more_desks_never_make_anybody_wait_longer(rate: float, desks: int, minutes: float, cv: float) -> None:
    line = flat(rate, desks, minutes, cv, hours=2)
    one, more = expect(line), expect(with_desks(line, 1))
    assert 0 <= more.p90 <= one.p90 + 0.05
    assert 0 <= more.mean <= one.mean + 0.05
    assert 0 <= one.waits <= 1
    assert math.isfinite(one.mean)


def test_what_stands_in_line_at_the_end_is_the_surplus() -> None:
    line = flat(60, 2, 4.0, cv=0.0)  # an hour brings 60, two desks serve 30
    assert expect(line).left_over == pytest.approx(7 * 30, rel=0.02)


def test_a_longer_day_brings_the_same_citizens() -> None:
    line = hall(MORNING, [4] * 7, 8.0, 0.7)
    assert with_hours(line, 2).arrivals == pytest.approx(line.arrivals)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"service_minutes": float("nan")}, "service_minutes must be"),
        ({"service_minutes": 0.0}, "service_minutes must be"),
        ({"service_cv": -1.0}, "service_cv must be"),
        ({"day": ()}, "no stretch"),
        ({"day": (Stretch(60, 5, 0),)}, "no stretch has a desk"),
        ({"day": (Stretch(60, -5, 1),)}, "arrivals of stretch 1"),
        ({"day": (Stretch(60, 5, 1), Stretch(60, 5, 2.5))}, "desks of stretch 2"),  # type: ignore[arg-type]
        ({"day": (Stretch(1000, 5, 1), Stretch(1000, 5, 1))}, "longer than a day"),
    ],
)
def test_what_cannot_be_judged_is_named(change: dict[str, object], words: str) -> None:
    with pytest.raises(RosterFault, match=words):
        replace(flat(20, 3, 5.0), **change)  # type: ignore[arg-type]


def test_nobody_comes() -> None:
    with pytest.raises(RosterFault, match="nobody comes"):
        expect(flat(0, 3, 5.0))
