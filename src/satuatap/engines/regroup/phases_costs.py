"""What a way to a plan costs, for CP-SAT: the running cost of each year and the one-off cost of all.

The running cost is read from the same arrays that the solver of the plan gets (``compile``), compiled for each calendar
year with nothing one-off in them, so that leases, contracts and connections end when they do.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from satuatap.engines.regroup import cost as costs
from satuatap.engines.regroup.bills import Run, runs
from satuatap.engines.regroup.compile import compiled
from satuatap.engines.regroup.core import TOLERANCE, Core
from satuatap.engines.regroup.phases_model import Limits, Literal, Road, Sum
from satuatap.engines.regroup.problem import Problem

_MOST = 1e15  # about the largest whole cost inside CP-SAT
_USES = 10_000_000  # whole shares of a bill's most use, and of its most amount
FOREVER = 1e18  # years over which a one-off cost is spread to be nothing a year


def year_core(problem: Problem, year: int) -> tuple[Core, float]:
    """The running cost of a state in a calendar year, as arrays and a constant: each unit a group, nothing one-off."""
    kept = tuple(rule for rule in problem.rules if rule.kind == "do_not_close")
    bare = replace(problem, year=year, rules=kept, prices=replace(problem.prices, amortise_years=FOREVER))
    made = compiled(bare)
    return made.core, made.constant


class Model(Limits):
    """The whole model of one road: ``total`` in currency, ``factor`` whole units for one unit of it."""

    def __init__(
        self, data: Road, *, strict: bool = False, explain: bool = False, only: frozenset[str] | None = None
    ) -> None:
        super().__init__(data, strict=strict, explain=explain, only=only)
        self.total = Sum()
        self.factor = _factor(data)
        if explain:
            return
        self.total.take(self.once)
        for t in range(data.paid_years):
            self._running(t)
        self.cp.minimize(self.total.whole(self.factor, round))

    def _running(self, t: int) -> None:
        """The running cost of one year: openings by the year's both ends, all else by how the year begins."""
        core, constant = year_core(self.data.problem, self.data.first + t)
        data, total = self.data, self.total
        total.constant += constant
        moved = {u: self.after(u, t - 1) for u in data.movers}
        for i, place in enumerate(data.present):
            total.constant += float(core.assign[i, place])
            if i in moved:
                total.add(moved[i], float(core.assign[i, data.target[i]] - core.assign[i, place]))
        for k, price in enumerate(core.open_cost):
            paid = 1 if core.kept_open[k] else self.either([self.used[k][t], self.used[k][t + 1]])
            total.add(paid, float(price))
        self._pair_costs(core, moved)
        self._post_costs(core, moved, t)
        self._bill_costs(core, moved)

    def _pair_costs(self, core: Core, moved: Mapping[int, Literal]) -> None:
        data, total = self.data, self.total
        for (i, j), weight in zip(core.pair.tolist(), core.weight.tolist(), strict=True):
            km = [[float(core.distance[p, q]) for q in (data.present[j], data.target[j])]
                  for p in (data.present[i], data.target[i])]  # fmt: skip
            total.constant += weight * km[0][0]
            if i in moved:
                total.add(moved[i], weight * (km[1][0] - km[0][0]))
            if j in moved:
                total.add(moved[j], weight * (km[0][1] - km[0][0]))
            both = km[1][1] - km[1][0] - km[0][1] + km[0][0]
            if i in moved and j in moved and abs(both) > 1e-12:
                total.add(self._both(moved[i], moved[j]), weight * both)

    def _both(self, a: Literal, b: Literal) -> Literal:
        if isinstance(a, int) or isinstance(b, int):
            return (b if a else 0) if isinstance(a, int) else (a if b else 0)
        key = (min(a.index, b.index), max(a.index, b.index))
        if key not in self.products:
            found = self.cp.new_bool_var("")
            self.cp.add_min_equality(found, [a, b])
            self.products[key] = found
        return self.products[key]

    def _post_costs(self, core: Core, moved: Mapping[int, Literal], t: int) -> None:
        """ceil(load / norm) posts, by the m2 in use as the year begins."""
        posts = core.posts
        for c, (k, price) in enumerate(zip(posts.place.tolist(), posts.price.tolist(), strict=True)):
            load, norm = core.load[posts.measure[c]], float(posts.norm[c])
            stay, leave, come = self.sides(k)
            here = Sum(float(sum(load[i] for i, place in enumerate(self.data.present) if place == k)))
            for u in leave:
                here.add(moved[u], -float(load[u]))
            for u in come:
                here.add(moved[u], float(load[u]))
            if not here.terms:
                self.total.constant += price * math.ceil(here.constant / norm - TOLERANCE)
                continue
            most = math.ceil((here.constant + sum(max(0.0, a) for _l, a in here.terms.values())) / norm) + 1
            number = self.cp.new_int_var(0, most, "")
            scale = 1e9 / max(1.0, norm)
            row = here.whole(scale, math.floor)
            level = math.floor((here.constant - TOLERANCE * norm) * scale)
            self.cp.add(number * math.ceil(norm * scale) >= row + level)
            if all(load[u] > TOLERANCE * norm for u in (*stay, *leave, *come)):
                self.cp.add(number >= self.used[k][t])  # one is needed as soon as anybody is there
            self.total.add(number, price)

    def _bill_costs(self, core: Core, moved: Mapping[int, Literal]) -> None:
        """Bills in steps, by the use as the year begins: a stretch is chosen, the largest of its lines paid."""
        for d, k in enumerate(core.bills.place.tolist()):
            each = (core.bills.mix[d] @ core.load).tolist()
            _stay, leave, come = self.sides(k)
            here = Sum(sum(use for use, place in zip(each, self.data.present, strict=True) if place == k))
            for u in leave:
                here.add(moved[u], -each[u])
            for u in come:
                here.add(moved[u], each[u])
            if not here.terms:
                self.total.constant += core.bills.amount(d, here.constant)
                continue
            most = (here.constant + sum(max(0.0, a) for _l, a in here.terms.values())) * (1 + 1e-9)
            self.total.add(*self._bill(here, most, runs(core.bills, d, most)))

    def _bill(self, here: Sum, most: float, stretches: list[Run]) -> tuple[Literal, float]:
        """A variable that is at least the bill of a use, and what one of it is worth."""
        cp = self.cp
        use = cp.new_int_var(-10, _USES + 10, "")  # in shares of the most; each rounding is on the cheaper side
        share = here.whole(_USES / most, round)
        cp.add(use == share + round(here.constant * _USES / most))
        ends = [run.at(q) for run in stretches for q in (run.low, run.high)]
        low, high = min(0.0, *ends), max(1e-9, *ends)
        grain = max(1, round((high - low) / _USES * self.factor)) / self.factor  # whole in the cost
        amount = cp.new_int_var(math.floor(low / grain) - 10, math.ceil(high / grain) + 10, "")
        chosen = [cp.new_bool_var("") for _ in stretches]
        cp.add_exactly_one(chosen)
        for literal, run in zip(chosen, stretches, strict=True):
            cp.add(use >= math.floor(run.low / most * _USES) - 10).only_enforce_if(literal)
            cp.add(use <= math.ceil(run.high / most * _USES) + 10).only_enforce_if(literal)
            for height, slope in zip(run.height.tolist(), run.slope.tolist(), strict=True):
                rise = round(slope * most / _USES / grain * _USES)
                level = height / grain - 10 * abs(slope) * most / _USES / grain - 1
                cp.add(_USES * amount >= rise * use + math.floor(level * _USES)).only_enforce_if(literal)
        return amount, grain

    @property
    def slack(self) -> float:
        """What rounding the cost to whole numbers can hide."""
        return sum(
            float(np.abs(literal.proto.domain).max()) * abs(amount * self.factor - round(amount * self.factor))
            for literal, amount in self.total.terms.values()
        ) / self.factor  # fmt: skip


def _factor(data: Road) -> float:
    """Whole units for one unit of currency, so that no sum of costs comes near the end of whole numbers."""
    problem = data.problem
    most = abs(costs.cost(problem, {u.id: u.present for u in problem.units}).score) + sum(
        b.lease_yearly + b.closing_once + b.empty_upkeep + sum(b.fixed.values()) for b in problem.buildings
    )
    return 10.0 ** max(-6, min(9, math.floor(math.log10(_MOST / max(most * 10 * data.paid_years, 1.0)))))
