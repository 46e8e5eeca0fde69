"""Fronts against every plan of small cities; each point's bound; what a listener keeps who stops."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import pytest

from satuatap.engines.regroup import reading, verify
from satuatap.engines.regroup.cost import cost
from satuatap.engines.regroup.front import Front, front
from satuatap.engines.regroup.front_axes import AGAINST, NoAxis
from satuatap.engines.regroup.generate import city
from satuatap.engines.regroup.problem import Problem


def small(seed: int, units: int = 5, buildings: int = 3) -> tuple[dict[str, Any], Problem]:
    raw = city(units, buildings, seed)
    problem = reading.read(raw).problem
    assert problem is not None
    return raw, problem


def sides(problem: Problem, plan: dict[str, str], against: str) -> tuple[float, float]:
    """Yearly cost and the other side, counted here once more from the plain problem."""
    paid = cost(problem, plan)
    moved = [u for u in problem.units if plan[u.id] != u.present]
    if against == "people":
        return paid.score, sum(u.people for u in moved)
    if against == "one_off":
        return paid.score - paid.cash.get("one_off_spread", 0.0), sum(paid.one_off.values())
    place = {b.id: b for b in problem.buildings}
    worst = 0.0
    for d in problem.districts:
        visits = sum(u.visits.get(d, 0.0) for u in problem.units)
        if visits:
            km = sum(u.visits.get(d, 0.0) * problem.km_to(d, place[plan[u.id]]) for u in problem.units)
            worst = max(worst, km / visits)
    return paid.score, worst


def every_point(raw: Any, problem: Problem, against: str) -> list[tuple[float, float]]:
    """The front by trying every plan."""
    places = [b.id for b in problem.buildings]
    found = []
    for one in itertools.product(places, repeat=len(problem.units)):
        plan = dict(zip((u.id for u in problem.units), one, strict=True))
        if verify.verify(raw, plan).feasible:
            found.append(sides(problem, plan, against))
    kept: list[tuple[float, float]] = []
    for yearly, other in sorted(found):
        if not kept or other < kept[-1][1] - 1e-4 * max(1.0, kept[-1][1]):
            kept.append((yearly, other))
    return kept


def last(walk: Callable[[], Any]) -> Front:
    found: Front = list(walk())[-1]
    return found


@pytest.mark.parametrize("against", AGAINST)
@pytest.mark.parametrize("seed", [1, 2])
def test_every_point_of_small_cities(against: str, seed: int) -> None:
    raw, problem = small(seed)
    best = every_point(raw, problem, against)
    found = last(lambda: front(problem, against, points=None, stop=20_000))
    assert [p.yearly for p in found.points] == pytest.approx([p[0] for p in best], rel=2e-6)
    assert [p.against for p in found.points] == pytest.approx([p[1] for p in best], rel=1e-5, abs=1e-6)
    assert found.whole and all(p.proved for p in found.points)
    for point in found.points:
        assert verify.verify(raw, point.plan).feasible
        assert sides(problem, point.plan, against) == pytest.approx((point.yearly, point.against), rel=1e-9)
        assert point.lower_bound <= point.yearly


@pytest.mark.parametrize("against", AGAINST)
def test_a_few_points_lie_on_the_front_and_repeat_themselves(against: str) -> None:
    raw, problem = small(2)
    best = every_point(raw, problem, against)
    found, again = (last(lambda: front(problem, against, points=4, stop=20_000, seed=5)) for _ in range(2))
    assert 1 <= len(found.points) <= 4
    assert found.points == again.points
    for point in found.points:
        assert point.proved
        assert any((point.yearly, point.against) == pytest.approx(one, rel=1e-5) for one in best)
    assert not found.whole


def test_bounds_hold_without_any_proof_of_the_points_and_a_listener_may_stop() -> None:
    raw, problem = small(4)
    best = every_point(raw, problem, "people")
    heard = []
    for one in front(problem, "people", points=6, stop=2_000):
        heard.append(one)
        if len(one.points) == 2:
            break
    assert len(heard[-1].points) == 2
    for point in heard[-1].points:
        within = min(yearly for yearly, people in best if people <= point.against + 1e-6)
        assert point.lower_bound <= within * (1 + 1e-9)
    stopped = last(lambda: front(problem, "people", stop=lambda: True))
    assert stopped.points == () and not stopped.whole


def test_no_front_without_figures() -> None:
    raw, _problem = small(1)
    for unit in raw["units"]:
        unit["visits_yearly"] = {}
    problem = reading.read(raw).problem
    assert problem is not None
    with pytest.raises(NoAxis, match="visits_yearly"):
        next(front(problem, "travel"))
    with pytest.raises(NoAxis, match="none of"):
        next(front(problem, "beauty"))
