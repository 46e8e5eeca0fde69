"""Fronts: how little a year can cost for each amount of money, travel or moving that a city is ready to bear.

The augmented epsilon-constraint method (Mavrotas, 2009): the other side is held at most at a limit that falls from
point to point, and weighs a trifle in the cost, so that of two plans of one cost the better one is found. Every point
has a lower bound of its own for "no plan within this limit costs less a year".
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from satuatap.engines.regroup import cost as costs
from satuatap.engines.regroup.again import Effort, solve_again
from satuatap.engines.regroup.core import Ints, broken, cost_of
from satuatap.engines.regroup.front_axes import STEP, Axis, axis
from satuatap.engines.regroup.problem import Problem
from satuatap.engines.regroup.stopping import Deadline, Either, Stop, never, seconds_left

PROVED = 1e-6  # relative gap that counts as proved
USUAL_POINTS = 10
_MOST_POINTS = 10_000
_MOVES = 300_000  # of the search for one point when the clock is the limit
_MOVES_A_NODE = 50  # of a limited run: one node of the proof for so many moves
_POOL = 400  # plans that are remembered as starts


@dataclass(frozen=True, slots=True)
class Point:
    """One plan of a front; none with at most ``against`` on the other side costs less a year than ``lower_bound``."""

    plan: dict[str, str]
    yearly: float
    against: float
    lower_bound: float
    cost: costs.Cost
    freed: tuple[str, ...]  # buildings used today and empty in this plan

    @property
    def proved(self) -> bool:
        """Whether no plan is better on one side without being worse on the other, to one in a million."""
        return self.yearly - self.lower_bound <= PROVED * abs(self.yearly)

    @property
    def gap(self) -> float:
        """(yearly - bound) / yearly."""
        return max(0.0, (self.yearly - self.lower_bound) / max(abs(self.yearly), 1e-12))


@dataclass(frozen=True, slots=True)
class Front:
    """The points so far, the cheapest a year first; none is better than another on both sides."""

    against: str
    points: tuple[Point, ...]
    whole: bool  # every point of the front is here (to the step of the method) and proved
    least: float | None  # proved: no plan has less than this on the other side; None: not known
    seconds: float

    def as_json(self) -> dict[str, Any]:
        """The front as a JSON object."""
        return {
            "against": self.against, "whole": self.whole, "least": self.least, "seconds": round(self.seconds, 3),
            "points": [_told(one) for one in self.points],
        }  # fmt: skip


def _told(point: Point) -> dict[str, Any]:
    cost = point.cost
    return {
        "yearly": point.yearly, "against": point.against, "lower_bound": point.lower_bound, "gap": point.gap,
        "proved": point.proved, "plan": dict(point.plan), "freed": list(point.freed), "moved": list(cost.moved),
        "one_off": dict(cost.one_off), "cash_yearly": cost.cash_yearly, "capacity_yearly": cost.capacity_yearly,
    }  # fmt: skip


@dataclass(slots=True)
class _Walk:
    """What one walk knows: points, plans met on the way, and the last limit that no plan keeps."""

    axis: Axis
    seed: int
    began: float
    points: list[Point] = field(default_factory=list)
    pool: dict[bytes, Ints] = field(default_factory=dict)
    bound: float = -math.inf  # of the tightest limit so far; holds for tighter ones too
    low: float = -math.inf
    low_is_proved: bool = False
    all_proved: bool = True

    def seen(self, plan: Ints) -> None:
        if len(self.pool) < _POOL and not broken(self.axis.made.core, plan):
            self.pool.setdefault(plan.astype(np.int64).tobytes(), plan.astype(np.int64).copy())

    def start(self, limit: float | None) -> Ints | None:
        """The cheapest plan met so far that keeps the limit."""
        core = self.axis.made.core
        fits = [p for p in self.pool.values() if limit is None or self.axis.value(p) <= limit]
        return min(fits, key=lambda p: cost_of(core, p), default=None)

    def next(self, left: int | None) -> float | None:
        """The next limit with so many points to go (None: every point); None when there is nothing below."""
        nearest = min(p.against for p in self.points)
        least = self.axis.least()
        gap = STEP * max(1.0, abs(nearest))
        if nearest - max(least, self.low) <= gap or left == 0:
            if self.low < least and nearest - least <= gap:
                self.low, self.low_is_proved = least, True
            return None
        if left is None:
            return nearest - gap
        if self.low > -math.inf:
            return (nearest + self.low) / 2
        return nearest - max(gap, (nearest - least) / left)

    def front(self, whole: bool) -> Front:
        least = self.low if self.low_is_proved else None
        return Front(self.axis.name, undominated(self.points), whole, least, time.monotonic() - self.began)


def undominated(points: list[Point]) -> tuple[Point, ...]:
    """Those that no other is as good as on both sides; equals count once. The cheapest a year first."""
    kept: list[Point] = []
    for one in sorted(points, key=lambda p: (p.yearly, p.against)):
        if not kept or one.against < kept[-1].against - 1e-9 * max(1.0, abs(one.against)):
            kept.append(one)
    return tuple(kept)


def front(
    problem: Problem, against: str, *, points: int | None = USUAL_POINTS, stop: Stop | int = never, seed: int = 1,
    start: costs.Plan | None = None,
) -> Iterator[Front]:  # fmt: skip
    """Walks the front and yields it again after each point; whoever stops listening keeps what was yielded.

    ``against``: a name of ``AGAINST``. ``points``: about so many, spread over the other side; None: every point, for
    small cities. ``stop``: a callable, or a number of moves for each point, and then the same seed gives the same
    front. ``start``: a known plan. Raises ``NoAxis`` where the city has nothing to count.
    """
    one = axis(problem, against)
    walk = _Walk(one, seed, time.monotonic())
    for known in (start, {u.id: u.present for u in problem.units}):
        if known is not None:
            walk.seen(one.made.back(known))
    outer: Stop = never if isinstance(stop, int) else stop
    left = points or _MOST_POINTS
    limit: float | None = None
    while left > 0 and not outer():
        found = _solved(walk, limit, stop, min(left, USUAL_POINTS))
        left -= 1
        if found is None and limit is None:
            break  # no plan at all, or none found
        if found is None and limit is not None:
            walk.low = limit
            if points is None:
                break
        yield walk.front(False)
        limit = walk.next(None if points is None else left)
        if limit is None:
            break
    yield walk.front(points is None and walk.low_is_proved and walk.all_proved and bool(walk.points))


def _solved(walk: _Walk, limit: float | None, stop: Stop | int, left: int) -> Point | None:
    """One point; None where no plan within the limit was found. Remembers whether that is proved."""
    one = walk.axis
    scale = walk.points[0].yearly if walk.points else 0.0
    span = (walk.points[0].against - one.least()) if walk.points else 0.0
    core, also, delta = one.limited(limit, span, scale)
    if isinstance(stop, int):
        effort, ends = Effort(stop, max(1, stop // _MOVES_A_NODE)), never
    else:
        effort, ends = Effort(_MOVES), _turn(stop, left)
    found = solve_again(
        core, start=walk.start(limit), effort=effort, stop=ends, seed=walk.seed + len(walk.points), also=also,
        seen=walk.seen,
    )  # fmt: skip
    if found.plan is None:
        walk.low_is_proved = found.infeasible
        return None
    hidden = delta * (limit if limit is not None else 0.0) - delta * float(one.closing.sum())
    walk.bound = max(walk.bound, found.lower_bound - hidden + one.made.constant)
    plan = one.made.plan(found.plan)
    yearly = one.yearly(plan)
    paid = costs.cost(one.problem, plan)
    freed = tuple(sorted({u.present for u in one.problem.units} - set(paid.open)))
    point = Point(plan, yearly, one.value(found.plan), min(walk.bound, yearly), paid, freed)
    walk.all_proved &= point.proved
    walk.points.append(point)
    return point


def _turn(stop: Stop, left: int) -> Stop:
    """An even share of the time that is left, where the stop knows it."""
    seconds = seconds_left(stop)
    return stop if seconds > 1e8 else Either(Deadline(seconds / max(1, left)), stop)
