"""A problem as arrays for the solver, and a solver's plan read back.

Exact: for every plan, ``cost.cost(problem, plan).score`` is ``core.cost_of(core, groups) + constant``. Units that must
share are one group; impossible pairs are infinite; wishes with a limit are rows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from satuatap.engines.regroup import cost as costs
from satuatap.engines.regroup.bills import Bills
from satuatap.engines.regroup.compile_bills import bills_of, flat_rates
from satuatap.engines.regroup.core import Core, Floats, Ints, Posts, no_posts
from satuatap.engines.regroup.problem import Building, Problem, Rule, Unit


@dataclass(frozen=True, slots=True)
class Compiled:
    """The arrays, what they leave out, and which units each group holds (unit ids)."""

    core: Core
    constant: float
    groups: tuple[tuple[str, ...], ...]
    places: tuple[str, ...]

    def plan(self, groups: Ints) -> dict[str, str]:
        """A solver's plan by unit."""
        return {u: self.places[groups[g]] for g, units in enumerate(self.groups) for u in units}

    def back(self, plan: costs.Plan) -> Ints:
        """A plan by unit as the solver's; units of one group sit where the first of them does."""
        index = {place: k for k, place in enumerate(self.places)}
        return np.array([index[plan[units[0]]] for units in self.groups], dtype=np.int64)


def compiled(problem: Problem, without: frozenset[str] = frozenset()) -> Compiled:
    """Build the arrays; ``without`` names rules to leave out (for explanations)."""
    rules = [rule for rule in problem.rules if rule.name not in without]
    groups = _groups(problem, rules)
    place = {u: g for g, units in enumerate(groups) for u in units}
    unit_of = {u.id: u for u in problem.units}
    members = [[unit_of[u] for u in units] for units in groups]
    open_cost, constant = _opening(problem)
    pair, weight = _pairs(problem, place)
    row, limit = _rows(problem, rules, members)
    bills = bills_of(problem)
    core = Core(
        assign=_assign(problem, rules, members), open_cost=open_cost,
        size=np.array([[sum(problem.need(u, kind) for u in us) for us in members] for kind in problem.kinds]),
        room=np.array([[problem.room(b, kind) for b in problem.buildings] for kind in problem.kinds]),
        pair=pair, weight=weight, distance=_distance(problem) if len(weight) else np.zeros((0, 0)),
        apart=_apart(rules, place), must_open=_must_open(problem, rules),
        load=_loads(members, bills), posts=_posts(problem), bills=bills, row=row, limit=limit,
    )  # fmt: skip
    return Compiled(core, constant, tuple(groups), tuple(b.id for b in problem.buildings))


def _loads(members: list[list[Unit]], bills: Bills) -> Floats:
    """m2 in use, by which posts go; people too where a bill goes by both."""
    area = [costs.used_m2(us) for us in members]
    return np.array([area, [sum(u.people for u in us) for us in members]] if len(bills.place) else [area])


def _groups(problem: Problem, rules: list[Rule]) -> list[tuple[str, ...]]:
    leader = {u.id: u.id for u in problem.units}

    def find(unit: str) -> str:
        while leader[unit] != unit:
            unit = leader[unit]
        return unit

    for rule in rules:
        if rule.kind == "must_share":
            for unit in rule.units[1:]:
                leader[find(unit)] = find(rule.units[0])
    groups: dict[str, list[str]] = {}
    for one in problem.units:
        groups.setdefault(find(one.id), []).append(one.id)
    return [tuple(units) for units in groups.values()]


def _assign(problem: Problem, rules: list[Rule], members: list[list[Unit]]) -> Floats:
    rates = [flat_rates(problem, b) for b in problem.buildings]
    found = np.array([
        [sum(_sits(problem, u, b, rate) for u in us) for b, rate in zip(problem.buildings, rates, strict=True)]
        for us in members
    ])  # fmt: skip
    index = {b.id: k for k, b in enumerate(problem.buildings)}
    for g, units in enumerate(members):
        here = {u.id for u in units}
        for rule in rules:
            if not here.intersection(rule.units) and rule.kind != "longest_travel":
                continue
            for k in range(len(problem.buildings)):
                if _forbids(problem, rule, units, k, index):
                    found[g, k] = np.inf
    return found


def _sits(problem: Problem, unit: Unit, b: Building, rate: tuple[float, float]) -> float:
    """What a unit costs in a building beside all others; ``rate``: bills that go straight by m2 and by people."""
    area, prices = sum(unit.area_m2.values()), problem.prices
    running = area * (sum(b.per_m2.values()) + rate[0]) + unit.people * (sum(b.per_person.values()) + rate[1])
    once = costs.moving_once(problem, unit, b) / prices.amortise_years
    return running + once + prices.citizen_km * costs.unit_citizen_km(problem, unit, b)


def _forbids(problem: Problem, rule: Rule, units: list[Unit], k: int, index: dict[str, int]) -> bool:
    named = [u for u in units if u.id in rule.units]
    if rule.kind == "keep":
        return any(index[u.present] != k for u in named)
    if rule.kind == "fixed":
        return bool(named) and index[rule.buildings[0]] != k
    if rule.kind == "forbidden_pair":
        return bool(named) and problem.buildings[k].id in rule.buildings
    if rule.kind == "longest_travel":
        far = problem.km_to(rule.district, problem.buildings[k]) > rule.limit
        return far and any(u.public_facing for u in units)
    return False


def _opening(problem: Problem) -> tuple[Floats, float]:
    """What is avoided when a building is empty, and what all buildings cost when every one is."""
    present = {u.present for u in problem.units}
    opened, constant = [], 0.0
    for b in problem.buildings:
        empty = b.empty_upkeep - b.freed_income * b.freed_share
        empty += b.closing_once / problem.prices.amortise_years if b.id in present else 0.0
        used = sum(b.fixed.values())
        for yearly, last in ((b.lease_yearly, b.lease_ends), *((one.yearly, one.ends) for one in b.contracts)):
            used += yearly
            empty += yearly if costs.runs(problem, last) else 0.0
        for line in b.connections:
            tariff = problem.tariffs[line.tariff]
            used += costs.MONTHS * costs.monthly_bill(tariff, line, line.fixed_use)
            if costs.runs(problem, line.until):
                empty += costs.MONTHS * costs.monthly_bill(tariff, line, 0.0)
        constant += empty
        opened.append(used - empty)
    return np.array(opened), constant


def _pairs(problem: Problem, place: dict[str, int]) -> tuple[Ints, Floats]:
    per_km = costs.trip_cash(problem) + problem.prices.capacity_weight * costs.trip_time(problem)
    weights: dict[tuple[int, int], float] = {}
    for flow in problem.flows:
        a, b = sorted((place[flow.a], place[flow.b]))
        if a != b and flow.trips_per_month * per_km:
            weights[a, b] = weights.get((a, b), 0.0) + flow.trips_per_month * per_km
    return np.array(list(weights), dtype=np.int64).reshape(-1, 2), np.array(list(weights.values()))


def _distance(problem: Problem) -> Floats:
    return np.array([[problem.km(a, b) for b in problem.buildings] for a in problem.buildings])


def _apart(rules: list[Rule], place: dict[str, int]) -> Ints:
    pairs = {
        (place[a], place[b])
        for rule in rules if rule.kind == "must_not_share" for a in rule.units for b in rule.units if a < b
    }  # fmt: skip
    return np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2)


def _must_open(problem: Problem, rules: list[Rule]) -> np.ndarray:
    kept = {b for rule in rules if rule.kind == "do_not_close" for b in rule.buildings}
    return np.array([b.id in kept for b in problem.buildings])


def _posts(problem: Problem) -> Posts:
    rows = [(k, post) for k in range(len(problem.buildings)) for post in problem.posts]
    if not rows:
        return no_posts()
    weight = problem.prices.capacity_weight
    return Posts(
        np.array([k for k, _p in rows], dtype=np.int64), np.zeros(len(rows), dtype=np.int64),
        np.array([p.norm_m2 for _k, p in rows]),
        np.array([p.shifts * p.yearly * (1.0 if p.cash else weight) for _k, p in rows]),
    )  # fmt: skip


def _rows(problem: Problem, rules: list[Rule], members: list[list[Unit]]) -> tuple[Floats, Floats]:
    found, limits = [], []
    for rule in rules:
        if rule.kind == "budget":
            found.append([[sum(costs.moving_once(problem, u, b) for u in us) for b in problem.buildings]
                          for us in members])  # fmt: skip
        elif rule.kind == "max_moves":
            found.append([[float(sum(u.present != b.id for u in us)) for b in problem.buildings] for us in members])
        else:
            continue
        limits.append(rule.limit)
    shape = (0, len(members), len(problem.buildings))
    return (np.array(found) if found else np.zeros(shape)), np.array(limits, dtype=np.float64)
