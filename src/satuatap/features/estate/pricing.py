"""What a plan costs and breaks, and what each of its moves is worth, without a solver: screens ask here at every touch.

Terms come from the engine's own formulas, sums and rules from its verifier, which shares none of them; where the two
differ nothing is shown. The bound of a study holds for every plan under its own prices, and for no others.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any
from uuid import UUID

from satuatap.engines.regroup.cost import Cost, cost
from satuatap.engines.regroup.problem import Flow, Problem, Unit
from satuatap.engines.regroup.reading import read
from satuatap.engines.regroup.verify import Breach, Verdict, verify
from satuatap.features.estate import queries
from satuatap.features.estate.refusals import NoProblemKept, SumsDiffer
from satuatap.features.estate.rules import PRICES, wrong_prices

__all__ = [
    "CITIZENS",
    "PRICES",
    "Breach",
    "Case",
    "Move",
    "Price",
    "Term",
    "case_of",
    "moves",
    "price",
    "with_prices",
    "wrong_prices",
]

CLOSE = 1e-6  # relative difference of two sums that counts as equal
CITIZENS = "citizen_km"
Plan = Mapping[str, str]  # unit code -> building code


@dataclass(frozen=True, slots=True)
class Case:
    """What a study computed with: the file and the problem that was read from it."""

    raw: Mapping[str, Any]
    problem: Problem

    @property
    def present(self) -> dict[str, str]:
        """Who sits where when the study began."""
        return {unit.id: unit.present for unit in self.problem.units}

    def at(self, prices: Mapping[str, float]) -> Case:
        """The same city at other prices; nothing is read again."""
        if not prices:
            return self
        return Case(with_prices(self.raw, prices), replace(self.problem, prices=replace(self.problem.prices, **prices)))


def with_prices(raw: Mapping[str, Any], prices: Mapping[str, float]) -> dict[str, Any]:
    """A problem file with some of its prices at other values, as plain numbers."""
    return {**raw, "prices": {**raw["prices"], **prices}}


@lru_cache(maxsize=4)
def case_of(study: UUID) -> Case:
    """What a study computed with; it never changes once it is kept."""
    raw = queries.study_task(study).problem
    problem = None if raw is None else read(raw).problem
    if raw is None or problem is None:
        raise NoProblemKept()
    return Case(raw, problem)


@dataclass(frozen=True, slots=True)
class Term:
    """One term of the cost, Rupiah a year, today and in the plan."""

    code: str
    today: float
    planned: float
    capacity: bool  # officials' time and posts that go on being paid: never added to cash

    @property
    def saved(self) -> float:
        return self.today - self.planned


@dataclass(frozen=True, slots=True)
class Price:
    """A plan's price beside today's. ``score`` weighs cash, capacity and citizens' km; nobody's money is that sum."""

    plan: Plan
    terms: tuple[Term, ...]
    breaches: tuple[Breach, ...]
    score: float
    present_score: float
    citizen_km: tuple[float, float]  # a year, today and in the plan
    once: Mapping[str, float]
    moved: tuple[str, ...]
    freed: tuple[str, ...]

    @property
    def cash(self) -> float:
        """Cash saved, Rupiah a year."""
        return sum(term.saved for term in self.terms if not term.capacity)

    @property
    def capacity(self) -> float:
        """Worth of the capacity that is freed, Rupiah a year; nobody's budget falls by it."""
        return sum(term.saved for term in self.terms if term.capacity)

    def as_sums(self) -> dict[str, dict[str, Any]]:
        """The two costs by term as an answer of the engine has them."""
        kinds = {"cash": False, "capacity": True}
        today, planned = (
            {kind: {t.code: getattr(t, side) for t in self.terms if t.capacity is flag} for kind, flag in kinds.items()}
            for side in ("today", "planned")
        )
        return {"present_cost": today, "cost": {**planned, "one_off": dict(self.once)}}

    def gap(self, bound: float | None) -> float | None:
        """How far the plan can be from the best there is; ``None`` without a bound or where it breaks something."""
        if bound is None or self.breaches:
            return None
        return max(0.0, (self.score - bound) / max(abs(self.score), 1.0))


def price(case: Case, plan: Plan) -> Price:
    """The price of any plan that names a building for each unit; raises ``KeyError`` where it does not."""
    before, after = cost(case.problem, case.present), cost(case.problem, plan)
    verdict = verify(case.raw, plan)
    if not _agree(after, verdict):
        raise SumsDiffer()
    freed = tuple(code for code in before.open if code not in after.open)
    return Price(
        plan, tuple(_terms(before, after)), verdict.breaches, verdict.score, before.score,
        (before.citizen_km, verdict.citizen_km), after.one_off, after.moved, freed,
    )  # fmt: skip


def _agree(counted: Cost, verdict: Verdict) -> bool:
    pairs = (
        (counted.cash_yearly, verdict.cash_yearly),
        (counted.capacity_yearly, verdict.capacity_yearly),
        (counted.score, verdict.score),
    )
    return all(abs(a - b) <= CLOSE * (1 + abs(a)) for a, b in pairs)


def _terms(before: Cost, after: Cost) -> list[Term]:
    return [
        Term(code, was.get(code, 0.0), then.get(code, 0.0), capacity)
        for was, then, capacity in (
            (before.cash, after.cash, False),
            (before.capacity, after.capacity, True),
        )
        for code in sorted({*was, *then})
    ]


@dataclass(frozen=True, slots=True)
class Saved:
    """What a plan saves against today, Rupiah a year by term."""

    cash: Mapping[str, float]
    capacity: Mapping[str, float]


def saved(problem: Problem, plan: Plan) -> Saved:
    """The savings of a plan in one city, by the engine's formulas alone."""
    before, after = cost(problem, {unit.id: unit.present for unit in problem.units}), cost(problem, plan)
    return Saved(_more(after.cash, before.cash), _more(after.capacity, before.capacity))


# ------------------------------------------------------------------ each move
@dataclass(frozen=True, slots=True)
class Move:
    """One move of a plan, and what the plan would cost more if this unit alone stayed. Rupiah a year."""

    unit: str
    origin: str
    target: str
    people: float
    terms: Mapping[str, float]  # cash by term
    capacity_terms: Mapping[str, float]
    citizen_km: float
    reason: str  # the term that weighs most; empty where staying would cost nothing more
    partner: str  # of a reason that is a trip: the unit to which most km are saved

    @property
    def cash(self) -> float:
        return sum(self.terms.values())

    @property
    def capacity(self) -> float:
        return sum(self.capacity_terms.values())


def moves(case: Case, plan: Plan) -> list[Move]:
    """Every move of a plan, in the order of the units."""
    flows: dict[str, list[Flow]] = defaultdict(list)
    for flow in case.problem.flows:
        flows[flow.a].append(flow)
        flows[flow.b].append(flow)
    return [_move(case.problem, plan, unit, flows[unit.id]) for unit in case.problem.units
            if plan[unit.id] != unit.present]  # fmt: skip


def _move(problem: Problem, plan: Plan, unit: Unit, flows: list[Flow]) -> Move:
    around = _around(problem, plan, unit, flows)
    with_it, without = cost(around, plan), cost(around, {**plan, unit.id: unit.present})
    cash = _more(with_it.cash, without.cash)
    capacity = _more(with_it.capacity, without.capacity)
    km = without.citizen_km - with_it.citizen_km
    weighed = {
        **{code: amount * problem.prices.capacity_weight for code, amount in capacity.items()},
        **cash, CITIZENS: km * problem.prices.citizen_km,
    }  # fmt: skip
    reason = max(weighed, key=lambda code: weighed[code])
    reason = reason if weighed[reason] > 0 else ""
    partner = _partner(problem, plan, unit, flows) if reason in ("trips", "trip_hours") else ""
    return Move(unit.id, unit.present, plan[unit.id], unit.people, cash, capacity, km, reason, partner)


def _around(problem: Problem, plan: Plan, unit: Unit, flows: list[Flow]) -> Problem:
    """The part of the city that one unit's move can change: its two buildings, who sits, sat or travels there.

    Whatever else is in this part costs the same with and without the move, so the difference is the whole city's.
    """
    pair = {unit.present, plan[unit.id]}
    partners = {one for flow in flows for one in (flow.a, flow.b)}
    units = tuple(
        one for one in problem.units if one.id in partners or plan[one.id] in pair or one.present in pair
    )  # fmt: skip
    places = {plan[one.id] for one in units} | pair
    buildings = tuple(one for one in problem.buildings if one.id in places)
    return replace(problem, units=units, buildings=buildings, flows=tuple(flows))


def _more(with_it: Mapping[str, float], without: Mapping[str, float]) -> dict[str, float]:
    found = {code: without.get(code, 0.0) - with_it.get(code, 0.0) for code in {*with_it, *without}}
    return {code: found[code] for code in sorted(found) if found[code]}


def _partner(problem: Problem, plan: Plan, unit: Unit, flows: list[Flow]) -> str:
    at = {building.id: building for building in problem.buildings}

    def saved(flow: Flow) -> float:
        there = at[plan[flow.b if flow.a == unit.id else flow.a]]
        near = problem.km(at[plan[unit.id]], there)
        return flow.trips_per_month * (problem.km(at[unit.present], there) - near)

    best = max(flows, key=saved)
    return best.b if best.a == unit.id else best.a
