"""Why is a unit not in a building? A minimal set of rules that clash, or the price of forcing it, term by term."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ortools.sat.python import cp_model

from satuatap.engines.regroup.answer import Answer
from satuatap.engines.regroup.cost import moving_once
from satuatap.engines.regroup.problem import Problem, Rule
from satuatap.engines.regroup.solve import regroup
from satuatap.engines.regroup.stopping import Stop, never

ASKED = "what was asked"
GRAIN = 1000  # m2 and currency are whole thousandths inside CP-SAT
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
    """Why ``unit`` does not sit in ``building`` in the best plan; ``stop`` makes the limit of the second solving."""
    asked = Rule(ASKED, "fixed", (unit,), (building,))
    forced_problem = replace(problem, rules=(*problem.rules, asked))
    found = clash(forced_problem, always=(ASKED,))
    if found:
        return Why(found, None, 0.0, 0.0, {})
    forced = regroup(forced_problem, stop(), seed)
    if forced.cost is None or best.cost is None:
        return Why((), forced, forced.lower_bound, float("inf"), {})
    low = forced.lower_bound - best.cost.score
    high = forced.cost.score - best.lower_bound
    return Why((), forced, low, high, _difference(best, forced))


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
