"""Why is a unit not in a building? A minimal set of rules that clash, or the price of forcing it, term by term."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from typing import Any

import numpy as np
from ortools.sat.python import cp_model

from satuatap.engines.regroup.again import Effort, solve_again
from satuatap.engines.regroup.answer import Answer
from satuatap.engines.regroup.compile import Compiled, compiled
from satuatap.engines.regroup.core import Ints, broken
from satuatap.engines.regroup.cost import Plan, cost, moving_once
from satuatap.engines.regroup.linear_model import may_sit
from satuatap.engines.regroup.problem import Problem, Rule
from satuatap.engines.regroup.search import anneal
from satuatap.engines.regroup.search_tables import BEST, tables
from satuatap.engines.regroup.solve import SOLVERS, present
from satuatap.engines.regroup.stopping import Stop, never

ASKED = "what was asked"
GRAIN = 1000  # m2 and currency are whole thousandths inside CP-SAT
_MOVES, _REPAIR = 400_000, 60_000  # of the second search by the clock, and of the walk that puts a plan right
_COOL = 0.05  # heat of that walk, in median changes of one move
_MOVES_A_NODE = 5_000  # of a limited run: one node of the proof for so many moves
DETERMINISTIC_LIMIT = 20.0  # of CP-SAT's own work units for one question of feasibility


@dataclass(frozen=True, slots=True)
class Why:
    """``clash``: names of rules (and rooms) that no plan keeps together with what was asked; else the price.

    ``low`` and ``high`` bound the price of forcing it: [bound when forced - cost, cost when forced - bound].
    """

    clash: tuple[str, ...]
    forced: Answer | None
    low: float
    high: float
    terms: Mapping[str, float]

    @property
    def is_hard(self) -> bool:
        """Whether no plan at all does it."""
        return bool(self.clash)


def why_not(
    problem: Problem, unit: str, building: str, best: Answer, *, stop: Callable[[], Stop | int] = lambda: never,
    seed: int = 1,
) -> Why:  # fmt: skip
    """Why ``unit`` does not sit in ``building`` in the best plan; ``stop`` makes the limit of the second solving.

    The second solving begins from the best plan with the unit moved. Only where it finds no plan are rules asked for.
    """
    asked = Rule(ASKED, "fixed", (unit,), (building,))
    forced_problem = replace(problem, rules=(*problem.rules, asked))
    forced = solved_again(forced_problem, best.plan, stop(), seed)
    if forced.cost is None:
        found = clash(forced_problem, always=(ASKED,))
        if found:
            return Why(found, None, 0.0, 0.0, {})
    bound = max(forced.lower_bound, best.lower_bound)  # one wish more never makes a city cheaper
    if forced.cost is None or best.cost is None:
        return Why((), forced, bound, float("inf"), {})
    return Why((), forced, bound - best.cost.score, forced.cost.score - best.lower_bound, _difference(best, forced))


def solved_again(
    problem: Problem, plan: Plan | None, limit: Stop | int, seed: int, *, nodes: int | None = None
) -> Answer:
    """A city solved from a plan of another one that is nearly it; groups that the plan parts follow their first unit.

    ``limit``: a stop, or a number of moves with so many ``nodes`` of the proof (None: in proportion).
    """
    made = compiled(problem)
    start = None if plan is None else _near(made, plan, seed)
    if isinstance(limit, int):
        effort, ends = Effort(limit, max(1, limit // _MOVES_A_NODE) if nodes is None else nodes), never
    else:
        effort, ends = Effort(_MOVES, nodes), limit
    found = solve_again(made.core, start=start, effort=effort, stop=ends, seed=seed)
    there = None if found.plan is None else made.plan(found.plan)
    bound = found.lower_bound + made.constant
    return Answer(
        there, None if there is None else cost(problem, there), present(problem), bound, found.proved,
        found.infeasible, found.seconds, seed, "", {name: version(name) for name in SOLVERS},
    )  # fmt: skip


def _near(made: Compiled, plan: Plan, seed: int) -> Ints | None:
    """The plan where it is allowed, else put right by a short cool walk; None where that finds nothing."""
    core = made.core
    start = made.back(plan)
    allowed = may_sit(core)
    if not allowed.any(axis=1).all():
        return None
    for i in np.flatnonzero(~allowed[np.arange(core.n), start]):
        start[i] = int(np.argmin(np.where(allowed[i], core.assign[i], np.inf)))
    if not broken(core, start):
        return start
    state, _made = anneal(tables(core), start, seed=seed, moves=_REPAIR, warm=_COOL)
    return state.best.copy() if np.isfinite(state.value[BEST]) and not broken(core, state.best) else None


def _difference(before: Answer, after: Answer) -> dict[str, float]:
    assert before.cost is not None
    assert after.cost is not None
    found = {}
    for kind in ("cash", "capacity"):
        a, b = getattr(before.cost, kind), getattr(after.cost, kind)
        for term in sorted({*a, *b}):
            change = b.get(term, 0.0) - a.get(term, 0.0)
            if abs(change) > 1e-9:
                found[f"{kind}: {term}"] = change
    return found


def clash(problem: Problem, always: Sequence[str] = ()) -> tuple[str, ...]:
    """A minimal set of rules and rooms that contradict each other; empty when a plan exists.

    CP-SAT names a sufficient set of assumption literals; it is then shrunk by deletion: what can be left out while the
    rest stays impossible is left out (``always`` is kept).
    """
    found = _sufficient(problem, None)
    if found is None:
        return ()
    kept = list(found)
    for name in sorted(found):
        if name in always:
            continue
        fewer = [one for one in kept if one != name]
        if _sufficient(problem, frozenset(fewer)) is not None:
            kept = fewer
    return tuple(sorted(kept, key=lambda name: (name in always, name)))


def _sufficient(problem: Problem, only: frozenset[str] | None) -> frozenset[str] | None:
    """None when a plan exists under the named rules; else names that are enough for there to be none."""
    model = cp_model.CpModel()
    sits = [[model.new_bool_var("") for _b in problem.buildings] for _u in problem.units]
    for row in sits:
        model.add_exactly_one(row)
    names: dict[int, str] = {}

    def literal(name: str) -> Any:
        found = model.new_bool_var(name)
        names[found.index] = name
        return found

    _rooms(problem, model, sits, literal, only)
    _wishes(problem, model, sits, literal, only)
    model.add_assumptions([model.get_bool_var_from_proto_index(index) for index in names])
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.max_deterministic_time = DETERMINISTIC_LIMIT
    status = solver.solve(model)
    if status != cp_model.INFEASIBLE:
        return None
    core = solver.sufficient_assumptions_for_infeasibility()
    return frozenset(names[index] for index in core) or frozenset(names.values())


def _rooms(
    problem: Problem, model: Any, sits: list[list[Any]], literal: Callable[[str], Any], only: frozenset[str] | None
) -> None:
    for k, b in enumerate(problem.buildings):
        name = f"room of {b.id}"
        if only is not None and name not in only:
            continue
        lit = literal(name)
        for kind in problem.kinds:
            need = [round(problem.need(u, kind) * GRAIN) for u in problem.units]
            room = int(problem.room(b, kind) * GRAIN * (1 + 1e-9) + 1e-3)
            model.add(sum(n * sits[i][k] for i, n in enumerate(need) if n) <= room).only_enforce_if(lit)


def _wishes(
    problem: Problem, model: Any, sits: list[list[Any]], literal: Callable[[str], Any], only: frozenset[str] | None
) -> None:
    at = {u.id: n for n, u in enumerate(problem.units)}
    place = {b.id: k for k, b in enumerate(problem.buildings)}
    for rule in problem.rules:
        if rule.kind == "do_not_close" or (only is not None and rule.name not in only):
            continue
        lit = literal(rule.name)
        for row in _linear(problem, rule, sits, at, place):
            model.add(row).only_enforce_if(lit)


def _linear(
    problem: Problem, rule: Rule, sits: list[list[Any]], at: Mapping[str, int], place: Mapping[str, int]
) -> list[Any]:
    """A rule as linear rows."""
    named = [at[u] for u in dict.fromkeys(rule.units)]
    every = range(len(problem.buildings))
    if rule.kind == "must_share":
        return [sits[named[0]][k] == sits[i][k] for i in named[1:] for k in every]
    if rule.kind == "must_not_share":
        return [sum(sits[i][k] for i in named) <= 1 for k in every]
    if rule.kind == "keep":
        return [sits[i][place[problem.units[i].present]] == 1 for i in named]
    if rule.kind == "fixed":
        return [sits[i][place[rule.buildings[0]]] == 1 for i in named]
    if rule.kind == "forbidden_pair":
        return [sits[i][place[b]] == 0 for i in named for b in rule.buildings]
    if rule.kind == "max_moves":
        stay = sum(sits[i][place[u.present]] for i, u in enumerate(problem.units))
        return [len(problem.units) - stay <= int(rule.limit)]
    if rule.kind == "budget":
        cost = [[moving_once(problem, u, b) for b in problem.buildings] for u in problem.units]
        terms = [round(cost[i][k]) * sits[i][k] for i in range(len(problem.units)) for k in every if cost[i][k]]
        return [sum(terms) <= int(rule.limit * (1 + 1e-9) + 1e-6)]
    far = [k for k in every if problem.km_to(rule.district, problem.buildings[k]) > rule.limit]
    return [sits[i][k] == 0 for i, u in enumerate(problem.units) if u.public_facing for k in far]
