"""The verb of this engine: regroup a city."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Mapping
from importlib.metadata import version
from typing import Any

from satuatap.engines.regroup import portfolio
from satuatap.engines.regroup.answer import Answer
from satuatap.engines.regroup.compile import Compiled, compiled
from satuatap.engines.regroup.core import broken
from satuatap.engines.regroup.cost import Cost, Plan, cost
from satuatap.engines.regroup.portfolio_board import Progress
from satuatap.engines.regroup.problem import Problem
from satuatap.engines.regroup.stopping import Stop, never

SOLVERS = ("highspy", "ortools", "numba", "numpy")


def hash_of(raw: Mapping[str, Any]) -> str:
    """SHA-256 of a problem file's content, whatever its spaces and the order of its keys."""
    return hashlib.sha256(json.dumps(raw, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def regroup(
    problem: Problem,
    stop: Stop | int = never,
    seed: int = 1,
    *,
    progress: Progress | None = None,
    input_hash: str = "",
    start: Plan | None = None,
    better: Callable[[Plan], None] | None = None,
) -> Answer:
    """The cheapest plan found, with its proof.

    ``stop`` is a callable (``stopping.Deadline``) or a number of moves; with a number the same seed gives the same
    answer. ``progress`` hears (seconds, best, bound) of the score, ``better`` each plan that is better than all before;
    both are called from the solvers' threads. ``start`` is a plan to begin from; today's places when it is not given.
    """
    made = compiled(problem)
    first = made.back({u.id: u.present for u in problem.units} if start is None else start)
    solved = portfolio.solve(
        made.core, stop=stop, seed=seed, progress=None if progress is None else _scored(made, progress),
        start=None if broken(made.core, first) else first,
        better=None if better is None else lambda found: better(made.plan(found)),
    )  # fmt: skip
    plan = None if solved.plan is None else made.plan(solved.plan)
    return Answer(
        plan, None if plan is None else cost(problem, plan), present(problem), _bound(made, solved.lower_bound),
        solved.proved, solved.infeasible, solved.seconds, seed, input_hash, {name: version(name) for name in SOLVERS},
        {b.id: b for b in problem.buildings},
    )  # fmt: skip


def _scored(made: Compiled, progress: Progress) -> Progress:
    """What a solver says of its own cost, told as score."""

    def told(seconds: float, best: float | None, bound: float) -> None:
        progress(seconds, None if best is None else best + made.constant, _bound(made, bound))

    return told


def present(problem: Problem) -> Cost:
    """What today's places cost, whether or not they keep the rules."""
    return cost(problem, {u.id: u.present for u in problem.units})


def _bound(made: Compiled, lower_bound: float) -> float:
    return lower_bound + made.constant if math.isfinite(lower_bound) else lower_bound
