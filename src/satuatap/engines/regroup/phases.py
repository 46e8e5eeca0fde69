"""The way to a plan: which unit moves in which year, so that each year keeps its money, its rooms and its rules."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from importlib.metadata import version
from typing import Any

from ortools.sat.python import cp_model

from satuatap.engines.regroup import cost as costs
from satuatap.engines.regroup.phases_costs import Model
from satuatap.engines.regroup.phases_model import Road, road, year_kept
from satuatap.engines.regroup.phases_reading import Terms
from satuatap.engines.regroup.portfolio_board import Progress
from satuatap.engines.regroup.problem import Problem, Rule, Unit
from satuatap.engines.regroup.stopping import Stop, never, seconds_left
from satuatap.engines.regroup.stopping_cpsat import stopped_by

_CLASH_WORK = 5.0  # of CP-SAT's own work units for each question of an explanation
PROVED = 1e-5  # relative gap that counts as proved


@dataclass(frozen=True, slots=True)
class Move:
    """One unit's only move. ``alone``: it fits before anything else of its year is done, in the order given."""

    unit: str
    origin: str
    target: str
    alone: bool


@dataclass(frozen=True, slots=True)
class Year:
    """One calendar year: what moves, what is paid, and what standing still would cost in the same year."""

    year: int
    moves: tuple[Move, ...]  # in an order that keeps the rooms where there is one
    cash: Mapping[str, float]  # by term, as the year begins; openings of the year included
    capacity: Mapping[str, float]
    one_off: Mapping[str, float]
    citizen_km: float
    still_cash: float
    still_capacity: float
    emptied: tuple[str, ...]  # buildings that are empty from the end of this year

    @property
    def saving(self) -> float:
        """Running cash that this year saves against standing still; one-off cost apart."""
        return self.still_cash - sum(self.cash.values())


@dataclass(frozen=True, slots=True)
class Phases:
    """The years (the last rows are years after the last move), the score of all of them together, and its proof."""

    years: tuple[Year, ...]
    when: Mapping[str, int]  # unit -> calendar year of its move
    left: tuple[str, ...]  # units of the plan that stay after all (only without ``finish``)
    total: float  # of the score over all years, one-off cost in full; inf when there is no way
    lower_bound: float
    proved: bool
    infeasible: bool
    clash: tuple[str, ...]  # names of limits that leave no way
    seconds: float
    seed: int
    versions: Mapping[str, str]

    @property
    def gap(self) -> float | None:
        """(total - bound) / total; None without a way."""
        if not math.isfinite(self.total):
            return None
        return max(0.0, (self.total - self.lower_bound) / max(abs(self.total), 1e-12))

    def as_json(self) -> dict[str, Any]:
        """The way as a JSON object; ``when`` alone is enough for ``phases_verify``."""
        return {
            "when": dict(self.when), "left": list(self.left), "years": [_told(one) for one in self.years],
            "total": self.total if math.isfinite(self.total) else None,
            "lower_bound": self.lower_bound if math.isfinite(self.lower_bound) else None, "gap": self.gap,
            "proved": self.proved, "infeasible": self.infeasible, "clash": list(self.clash),
            "seconds": round(self.seconds, 3), "seed": self.seed, "versions": dict(self.versions),
        }  # fmt: skip


def _told(one: Year) -> dict[str, Any]:
    moves = [{"unit": m.unit, "from": m.origin, "to": m.target, "alone": m.alone} for m in one.moves]
    return {
        "year": one.year, "moves": moves, "cash": dict(one.cash), "capacity": dict(one.capacity),
        "one_off": dict(one.one_off), "citizen_km": one.citizen_km, "saving": one.saving,
        "capacity_saving": one.still_capacity - sum(one.capacity.values()), "emptied": list(one.emptied),
    }  # fmt: skip


def phases(
    problem: Problem, plan: costs.Plan, terms: Terms | None = None, *, stop: Stop | float = never, seed: int = 1,
    progress: Progress | None = None,
) -> Phases:  # fmt: skip
    """The cheapest way to ``plan`` (unit id -> building id) under ``terms``, with its proof.

    ``stop`` is a callable, or a number of CP-SAT's own work units; with a number the same seed gives the same way.
    ``progress`` hears (seconds, best total or None, bound). A plan that breaks a room or a rule has no way.
    """
    began = time.monotonic()
    data = road(problem, plan, terms or Terms())
    found = _Found(-math.inf, False, None)
    for strict in (False, True):  # whole numbers first on the generous side, which keeps the bound true
        model = Model(data, strict=strict)
        one = _solve(model, stop, seed, began, progress)
        found = replace(one, bound=found.bound) if strict else one
        if one.when is None or not _over_full(data, one.when):
            break
    over = time.monotonic() - began
    told = {name: version(name) for name in ("ortools",)}
    if found.when is None:
        clash = _clash(data, seed) if found.infeasible else ()
        bound = math.inf if found.infeasible else found.bound
        return Phases((), {}, (), math.inf, bound, False, found.infeasible, clash, over, seed, told)
    years = bills(data, found.when)
    total = total_of(problem, years)
    bound = min(found.bound, total)
    proved = total - bound <= PROVED * abs(total)
    left = tuple(problem.units[u].id for u in data.movers if u not in found.when)
    when = {problem.units[u].id: data.first + t for u, t in sorted(found.when.items())}
    return Phases(years, when, left, total, bound, proved, False, (), over, seed, told)


@dataclass(frozen=True, slots=True)
class _Found:
    bound: float
    infeasible: bool
    when: dict[int, int] | None  # index of unit -> index of year


def _solve(model: Model, stop: Stop | float, seed: int, began: float, progress: Progress | None) -> _Found:
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = seed % 2**31
    solver.parameters.linearization_level = 2  # with this and all rows at once, proved many times sooner
    solver.parameters.add_lp_constraints_lazily = False
    solver.parameters.max_num_cuts = 2000
    solver.parameters.relative_gap_limit = 1e-7
    if isinstance(stop, int | float):
        solver.parameters.max_deterministic_time = float(stop)
    else:
        solver.parameters.max_time_in_seconds = min(1e7, seconds_left(stop))
    shift = model.total.constant
    best: list[float] = []

    def say(bound: float) -> None:
        if progress is not None:
            progress(time.monotonic() - began, best[-1] if best else None, bound / model.factor + shift - model.slack)

    listener = _Listener(lambda value: best.append(value / model.factor + shift), say)
    if progress is not None:
        solver.best_bound_callback = say
    with stopped_by(solver, None if isinstance(stop, int | float) else stop):
        status = solver.solve(model.cp, listener)
    if status == cp_model.INFEASIBLE:
        return _Found(math.inf, True, None)
    bound = solver.best_objective_bound / model.factor + shift - model.slack
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return _Found(bound, False, None)
    when = {}
    for u, row in model.done.items():
        years = [t for t, literal in enumerate(row) if solver.value(literal)]
        if years:
            when[u] = years[0]
    return _Found(bound, False, when)


class _Listener(cp_model.CpSolverSolutionCallback):
    """Hands the value of each solution on."""

    def __init__(self, found: Callable[[float], None], say: Callable[[float], None]) -> None:
        super().__init__()
        self.found, self.say = found, say

    def on_solution_callback(self) -> None:
        self.found(self.objective_value)
        self.say(self.best_objective_bound)


def states(data: Road, when: Mapping[int, int]) -> list[list[int]]:
    """(paid years + 1, units) the building of each unit before the first year and after each."""
    return [
        [data.target[i] if when.get(i, data.paid_years) <= t else place for i, place in enumerate(data.present)]
        for t in range(-1, data.paid_years)
    ]


def _over_full(data: Road, when: Mapping[int, int]) -> bool:
    """Whether some year's end fills a room beyond what the engine's own tolerance allows."""
    problem = data.problem
    for kind in problem.kinds:
        need = [problem.need(u, kind) for u in problem.units]
        for k, b in enumerate(problem.buildings):
            taken = [sum(m2 for m2, place in zip(need, row, strict=True) if place == k) for row in states(data, when)]
            room = problem.room(b, kind)
            if any(m2 > max(room, taken[0]) * (1 + 1e-6) + 1e-6 for m2 in taken):
                return True
    return False


def bills(data: Road, when: Mapping[int, int]) -> tuple[Year, ...]:
    """Every paid year, by the one cost function: the state it begins with, new openings kept open, one-off in full."""
    problem = data.problem
    names = [b.id for b in problem.buildings]
    rows = states(data, when)
    found = []
    for t in range(data.paid_years):
        before, after = ([names[k] for k in rows[t]], [names[k] for k in rows[t + 1]])
        opened = tuple(sorted(set(after) - set(before)))
        begun = _standing(problem, data.first + t, before, opened)
        now = {u.id: place for u, place in zip(problem.units, before, strict=True)}
        then = {u.id: place for u, place in zip(problem.units, after, strict=True)}
        paid, once = costs.cost(begun, now), costs.cost(_standing(problem, data.first + t, before, ()), then)
        still = {u.id: u.present for u in problem.units}
        stays = costs.cost(replace(problem, year=data.first + t), still)
        emptied = tuple(b for b in names if b in set(before) - set(after) and not year_kept(problem, b))
        movers = [i for i, (a, b) in enumerate(zip(rows[t], rows[t + 1], strict=True)) if a != b]
        found.append(Year(data.first + t, _ordered(data, rows[t], movers), paid.cash, paid.capacity, once.one_off,
                          paid.citizen_km, stays.cash_yearly, stays.capacity_yearly, emptied))  # fmt: skip
    return tuple(found)


def _standing(problem: Problem, year: int, places: list[str], opened: tuple[str, ...]) -> Problem:
    """The city in a year, as if these places were today's; ``opened`` are paid for although nobody sits there yet."""
    units: list[Unit] = [replace(u, present=place) for u, place in zip(problem.units, places, strict=True)]
    more = (Rule("opened in the year", "do_not_close", (), opened),) if opened else ()
    return replace(problem, year=year, units=tuple(units), rules=(*problem.rules, *more))


def total_of(problem: Problem, years: tuple[Year, ...]) -> float:
    """The score of all paid years: cash, weighed capacity and citizens' km, and one-off cost in full."""
    prices = problem.prices
    return sum(
        sum(one.cash.values()) + prices.capacity_weight * sum(one.capacity.values())
        + prices.citizen_km * one.citizen_km + sum(one.one_off.values())
        for one in years
    )  # fmt: skip


def _ordered(data: Road, before: list[int], movers: list[int]) -> tuple[Move, ...]:
    """The moves of a year one after another, each when it fits; what never fits alone is done together, at the end."""
    problem = data.problem
    free = {
        (k, kind): problem.room(b, kind)
        - sum(problem.need(u, kind) for u, place in zip(problem.units, before, strict=True) if place == k)
        for k, b in enumerate(problem.buildings)
        for kind in problem.kinds
    }
    waiting, found = list(movers), []
    while waiting:
        fits = [i for i in waiting
                if all(problem.need(problem.units[i], kind) <= free[data.target[i], kind] + 1e-6
                       or not problem.need(problem.units[i], kind) for kind in problem.kinds)]  # fmt: skip
        for i in fits[:1] or waiting:
            unit = problem.units[i]
            for kind in problem.kinds:
                free[data.target[i], kind] -= problem.need(unit, kind)
                free[data.present[i], kind] += problem.need(unit, kind)
            names = problem.buildings
            found.append(Move(unit.id, names[data.present[i]].id, names[data.target[i]].id, bool(fits)))
        waiting = [i for i in waiting if i not in (fits[:1] or waiting)]
    return tuple(found)


def _clash(data: Road, seed: int) -> tuple[str, ...]:
    """A minimal set of budgets, limits, rooms and rules that leave no way; found by assumptions, shrunk by deletion."""
    found = _sufficient(data, seed, None)
    if found is None:
        return ()
    kept = sorted(found)
    for name in sorted(found):
        fewer = [one for one in kept if one != name]
        if _sufficient(data, seed, frozenset(fewer)) is not None:
            kept = fewer
    return tuple(kept)


def _sufficient(data: Road, seed: int, only: frozenset[str] | None) -> frozenset[str] | None:
    """None when there is (or may be) a way under the named limits; else names that are enough for there to be none."""
    model = Model(data, only=only, explain=True)
    model.cp.add_assumptions(list(model.guards.values()))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = seed % 2**31
    solver.parameters.max_deterministic_time = _CLASH_WORK
    if solver.solve(model.cp) != cp_model.INFEASIBLE:
        return None
    names = {literal.index: name for name, literal in model.guards.items()}
    core = solver.sufficient_assumptions_for_infeasibility()
    return frozenset(names[index] for index in core) or frozenset(names.values())
