"""What a front sets against the yearly cost: money once, the way of the worst-off kecamatan, people who must move."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from satuatap.engines.regroup import cost as costs
from satuatap.engines.regroup.again import OneOff
from satuatap.engines.regroup.compile import Compiled, compiled
from satuatap.engines.regroup.core import Core, Floats, Ints
from satuatap.engines.regroup.problem import Problem

AGAINST: Mapping[str, str] = {
    "one_off": "currency once: moving, fit-out and closing; the yearly cost is then the score without its spread",
    "travel": "km of a mean visit from the kecamatan where that is longest; the yearly cost is the score",
    "people": "people whose unit moves; the yearly cost is the score",
}
FOREVER = 1e18  # years over which one-off cost is spread to be nothing a year
SHARE = 1e-7  # of the yearly cost that the whole span of the other side may weigh (augmented epsilon-constraint)
STEP = 1e-4  # relative: nearer points count as one; ten times what the proof takes for whole in all columns together


class NoAxis(ValueError):
    """A front that the city has no figures for."""


@dataclass(frozen=True, slots=True)
class Axis:
    """One front's two sides on arrays. ``weight`` (r, n, m): the other side is the largest of r sums over a plan."""

    name: str
    problem: Problem
    made: Compiled
    weight: Floats
    closing: Floats  # (m,) of places that a plan leaves empty; all 0 except for money

    def value(self, plan: Ints) -> float:
        """The other side of a plan (n,)."""
        sums = self.weight[:, np.arange(len(plan)), plan].sum(axis=1)
        return float(sums.max()) + OneOff(self.weight[0], self.closing, 0.0).closed(plan)

    def yearly(self, plan: costs.Plan) -> float:
        """The yearly cost of a plan by unit, by the one cost function."""
        found = costs.cost(self.problem, plan)
        return found.score - (found.cash.get("one_off_spread", 0.0) if self.name == "one_off" else 0.0)

    def least(self) -> float:
        """No plan has less on the other side."""
        allowed = np.where(np.isfinite(self.made.core.assign)[None], self.weight, np.inf)
        return float(allowed.min(axis=2).sum(axis=1).max())

    def limited(self, limit: float | None, span: float, scale: float) -> tuple[Core, OneOff | None, float]:
        """The core with the other side at most ``limit``, and the largest that its small weight adds to the cost.

        ``span``: from the largest to the least value of the other side; ``scale``: a yearly cost.
        """
        core, delta, also = self.made.core, 0.0, None
        if len(self.weight) == 1 and span > 0:
            delta = SHARE * abs(scale) / span
            core = replace(core, assign=core.assign + delta * self.weight[0], open_cost=core.open_cost
                           - delta * self.closing)  # fmt: skip
        if limit is not None and self.closing.any():
            also = OneOff(self.weight[0], self.closing, limit)
        elif limit is not None:
            core = replace(
                core,
                row=np.concatenate([core.row.reshape(-1, core.n, core.m), self.weight]),
                limit=np.concatenate([core.limit, np.full(len(self.weight), limit)]),
            )
        return core, also, delta


def axis(problem: Problem, name: str) -> Axis:
    """The axis of that name; ``NoAxis`` where the city has nothing to count on it."""
    if name not in AGAINST:
        raise NoAxis(f'"{name}" is none of: {", ".join(AGAINST)}')
    if name == "one_off":
        flat = replace(problem, prices=replace(problem.prices, amortise_years=FOREVER))
        made = compiled(flat)
        kept = made.core.kept_open
        used = {u.present for u in problem.units}
        closing = [0.0 if kept[k] or b.id not in used else b.closing_once for k, b in enumerate(problem.buildings)]
        return Axis(name, problem, made, _moving(problem, made)[None], np.array(closing))
    made = compiled(problem)
    nothing = np.zeros(len(problem.buildings))
    if name == "people":
        return Axis(name, problem, made, _people(problem, made)[None], nothing)
    return Axis(name, problem, made, _travel(problem, made), nothing)


def _moving(problem: Problem, made: Compiled) -> Floats:
    unit = {u.id: u for u in problem.units}
    return np.array([[sum(costs.moving_once(problem, unit[u], b) for u in group) for b in problem.buildings]
                     for group in made.groups])  # fmt: skip


def _people(problem: Problem, made: Compiled) -> Floats:
    unit = {u.id: u for u in problem.units}
    return np.array([[sum(unit[u].people for u in group if unit[u].present != b.id) for b in problem.buildings]
                     for group in made.groups])  # fmt: skip


def _travel(problem: Problem, made: Compiled) -> Floats:
    """(kecamatan, n, m) km of a mean visit, one way."""
    unit = {u.id: u for u in problem.units}
    visits = {d: sum(u.visits.get(d, 0.0) for u in problem.units) for d in problem.districts}
    rows = [
        [[sum(unit[u].visits.get(d, 0.0) for u in group) / total * problem.km_to(d, b) for b in problem.buildings]
         for group in made.groups]
        for d, total in visits.items() if total > 0
    ]  # fmt: skip
    if not rows:
        raise NoAxis("no unit has visits from a kecamatan: visits_yearly is needed")
    return np.array(rows)
