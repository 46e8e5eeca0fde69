"""What a plan costs, term by term. Cash and capacity are separate sums and are never added; the score weighs them.

Every formula stands in ``docs/engines/regroup.md`` under the name of its term.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil

from satuatap.engines.regroup.problem import Building, Connection, Problem, Tariff, Unit

MONTHS = 12.0
THERE_AND_BACK = 2.0
NEARLY = 1e-6  # m2 beyond a norm that are a rounding error
NEARLY_USE = 1e-9  # of a step's beginning: a use so little below it counts as there

Plan = Mapping[str, str]  # unit id -> building id


@dataclass(frozen=True, slots=True)
class Cost:
    """A plan's cost: ``cash`` and ``capacity`` a year by term, one-off cash, citizens' km a year, and the score."""

    cash: Mapping[str, float]
    capacity: Mapping[str, float]
    one_off: Mapping[str, float]
    citizen_km: float
    score: float
    open: tuple[str, ...]
    moved: tuple[str, ...]

    @property
    def cash_yearly(self) -> float:
        """Cash a year, one-off cost spread over its years included."""
        return sum(self.cash.values())

    @property
    def capacity_yearly(self) -> float:
        """Worth of officials' time a year; nobody's budget falls by it."""
        return sum(self.capacity.values())


def cost(problem: Problem, plan: Plan) -> Cost:
    """The whole cost of a plan that names a building for each unit."""
    at = {b.id: [u for u in problem.units if plan[u.id] == b.id] for b in problem.buildings}
    kept = {b for rule in problem.rules if rule.kind == "do_not_close" for b in rule.buildings}
    is_open = {b.id: bool(at[b.id]) or b.id in kept for b in problem.buildings}
    moved = tuple(u.id for u in problem.units if plan[u.id] != u.present)
    cash: dict[str, float] = {}
    capacity: dict[str, float] = {}
    for building in problem.buildings:
        _running(problem, building, at[building.id], is_open[building.id], cash)
        _posts(problem, at[building.id], cash, capacity)
    one_off = _once(problem, plan, is_open)
    _add(cash, "one_off_spread", sum(one_off.values()) / problem.prices.amortise_years)
    _trips(problem, plan, cash, capacity)
    km = citizen_km(problem, plan)
    prices = problem.prices
    score = sum(cash.values()) + prices.capacity_weight * sum(capacity.values()) + prices.citizen_km * km
    opened = tuple(b.id for b in problem.buildings if is_open[b.id])
    return Cost(cash, capacity, one_off, km, score, opened, moved)


def _add(terms: dict[str, float], name: str, amount: float) -> None:
    if amount:
        terms[name] = terms.get(name, 0.0) + amount


def used_m2(units: list[Unit]) -> float:
    """m2 in use, all kinds of space together."""
    return sum(sum(u.area_m2.values()) for u in units)


def _running(problem: Problem, b: Building, units: list[Unit], is_open: bool, cash: dict[str, float]) -> None:
    if is_open:
        for term, amount in b.fixed.items():
            _add(cash, term, amount)
        for term, amount in b.per_m2.items():
            _add(cash, term, amount * used_m2(units))
        for term, amount in b.per_person.items():
            _add(cash, term, amount * sum(u.people for u in units))
    else:
        _add(cash, "empty_upkeep", b.empty_upkeep)
        _add(cash, "freed_income", -b.freed_income * b.freed_share)
    if is_open or lease_runs(problem, b):
        _add(cash, "lease", b.lease_yearly)
    for contract in b.contracts:
        if is_open or runs(problem, contract.ends):
            _add(cash, contract.term, contract.yearly)
    for line in b.connections:
        tariff = problem.tariffs[line.tariff]
        if is_open:
            use = line.fixed_use + line.use_per_m2 * used_m2(units) + line.use_per_person * sum(u.people for u in units)
            _add(cash, tariff.term, MONTHS * monthly_bill(tariff, line, use))
        elif runs(problem, line.until):
            _add(cash, tariff.term, MONTHS * monthly_bill(tariff, line, 0.0))


def lease_runs(problem: Problem, building: Building) -> bool:
    """Whether the rent is due even when the building is empty."""
    return runs(problem, building.lease_ends)


def runs(problem: Problem, last: int) -> bool:
    """Whether what ends with the year ``last`` is still due in the year of the plan; 0 ends at once."""
    return bool(last) and last >= problem.year


def monthly_bill(tariff: Tariff, line: Connection, use: float) -> float:
    """One month's bill: standing charge and use in steps, but never less than the minimum."""
    amount, before = 0.0, 0.0
    for start, price in tariff.steps:
        if use >= start * (1 - NEARLY_USE):
            amount = price * use if tariff.whole_use else amount + (price - before) * (use - start)
            before = price
    return max(line.minimum, line.standing + amount)


def _posts(problem: Problem, units: list[Unit], cash: dict[str, float], capacity: dict[str, float]) -> None:
    area = used_m2(units)
    for post in problem.posts:
        number = ceil(area / post.norm_m2 - NEARLY) if area else 0
        _add(cash if post.cash else capacity, f"posts_{post.name}", number * post.shifts * post.yearly)


def moving_once(problem: Problem, unit: Unit, building: Building) -> float:
    """One-off cost of a unit's move into a building; 0 where it already sits."""
    if unit.present == building.id:
        return 0.0
    area = sum(unit.area_m2.values())
    prices = problem.prices
    return unit.people * prices.move_per_person + area * (prices.move_per_m2 + building.fit_out_per_m2_once)


def _once(problem: Problem, plan: Plan, is_open: Mapping[str, bool]) -> dict[str, float]:
    by_id = {b.id: b for b in problem.buildings}
    present = {u.present for u in problem.units}
    once: dict[str, float] = {}
    _add(once, "moving", sum(moving_once(problem, u, by_id[plan[u.id]]) for u in problem.units))
    _add(once, "closing", sum(b.closing_once for b in problem.buildings if b.id in present and not is_open[b.id]))
    return once


def trip_cash(problem: Problem) -> float:
    """Cash of a yearly trip a month, for each km between the two units."""
    return MONTHS * THERE_AND_BACK * problem.prices.trip_per_km


def trip_time(problem: Problem) -> float:
    """Officials' time of a trip a month through a year, for each km."""
    prices = problem.prices
    return MONTHS * THERE_AND_BACK / prices.speed_kmh * prices.people_per_trip * prices.hour


def _trips(problem: Problem, plan: Plan, cash: dict[str, float], capacity: dict[str, float]) -> None:
    by_id = {b.id: b for b in problem.buildings}
    km = sum(f.trips_per_month * problem.km(by_id[plan[f.a]], by_id[plan[f.b]]) for f in problem.flows)
    _add(cash, "trips", km * trip_cash(problem))
    _add(capacity, "trip_hours", km * trip_time(problem))


def citizen_km(problem: Problem, plan: Plan) -> float:
    """Citizens' road km a year, there and back."""
    by_id = {b.id: b for b in problem.buildings}
    return sum(unit_citizen_km(problem, unit, by_id[plan[unit.id]]) for unit in problem.units)


def unit_citizen_km(problem: Problem, unit: Unit, building: Building) -> float:
    """Citizens' road km a year to one unit, there and back."""
    return THERE_AND_BACK * sum(n * problem.km_to(d, building) for d, n in unit.visits.items())
