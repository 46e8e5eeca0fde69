"""All solvers together on at most two threads: one looks for better plans, the other proves how good the best is."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from satuatap.engines.regroup.core import Core, Floats, Ints
from satuatap.engines.regroup.linear import Exact, solve_cpsat
from satuatap.engines.regroup.linear_model import Linear, linear, may_sit
from satuatap.engines.regroup.portfolio_board import Board, Progress
from satuatap.engines.regroup.search import search
from satuatap.engines.regroup.stopping import Stop, never
from satuatap.engines.regroup.tree import Tree

_FIRST_MOVES = 1_500_000  # of the search before the exact solvers of a linear core begin
_MOVES_A_NODE = 5_000  # of a limited run: one node of the proof for so many moves


@dataclass(frozen=True, slots=True)
class Solved:
    """``plan`` (n,) or None when none was found; ``lower_bound`` is always a number (inf: no plan exists)."""

    plan: Ints | None
    cost: float
    lower_bound: float
    proved: bool
    infeasible: bool
    seconds: float
    seconds_by_part: dict[str, float] = field(default_factory=dict)

    @property
    def gap(self) -> float:
        """(cost - bound) / cost, 0 when proved, inf without a plan."""
        if self.plan is None or not math.isfinite(self.lower_bound):
            return math.inf
        return max(0.0, (self.cost - self.lower_bound) / max(abs(self.cost), 1e-12))


class _Run:
    """One call of ``solve``: the board, the linear part and the seconds of each part."""

    def __init__(self, core: Core, model: Linear, board: Board, seed: int, moves: int | None) -> None:
        self.core, self.model, self.board, self.seed, self.moves = core, model, board, seed, moves
        self.seconds: dict[str, float] = {}
        self.failure: BaseException | None = None
        self.tree = Tree(core, model, board)

    def timed(self, name: str, part: Callable[[], None]) -> None:
        """Runs a part and adds its seconds; a fault ends the other thread too and is raised at the end."""
        began = time.monotonic()
        try:
            part()
        except BaseException as fault:
            self.failure = fault
        self.seconds[name] = self.seconds.get(name, 0.0) + time.monotonic() - began

    def over(self) -> bool:
        """Proved, failed, or stopped by the caller."""
        return self.failure is not None or self.board.over()

    def told(self, values: Floats | None, bound: float) -> None:
        """What an exact solver says on the way."""
        if values is not None:
            self.board.offer(self.model.plan(values, self.core.n))
        elif math.isfinite(bound):
            self.board.raise_bound(bound)

    def taken(self, exact: Exact) -> None:
        """The last word of an exact solver; only for a linear core does its infeasibility or proof say all."""
        if exact.infeasible:
            self.board.infeasible = True
        self.board.offer(exact.plan)
        self.board.raise_bound(exact.bound)

    def look(self, moves: int, seed: int, stop: Stop) -> None:
        """The search, from the best plan there is."""
        search(
            self.core,
            seed=seed,
            moves=moves,
            stop=stop,
            start=self.board.plan,
            better=lambda plan, _cost: void(self.board.offer(plan)),
        )


def void(_value: object) -> None:
    """Drops a value."""


def solve(
    core: Core, *, stop: Stop | int = never, seed: int = 1, progress: Progress | None = None, start: Ints | None = None
) -> Solved:
    """The best plan found until ``stop``, with a proved lower bound.

    ``stop`` is looked at often and keeps what was found (stopping.Deadline knows the time that is left); a whole
    number instead limits the moves and the nodes, and then the same seed gives the same answer. ``progress`` hears
    (seconds, best cost or None, bound).
    """
    began = time.monotonic()
    moves = stop if isinstance(stop, int) else None
    outer: Stop = never if isinstance(stop, int) else stop
    model = linear(core)
    board = Board(core, model.grain, outer, progress)
    run = _Run(core, model, board, seed, moves)
    if not may_sit(core).any(axis=1).all():
        board.infeasible = True
    else:
        board.raise_bound(floor_bound(model))
        board.offer(start)
        (_by_clock if moves is None else _by_count)(run)
    if run.failure is not None:
        raise run.failure
    infeasible = board.infeasible and board.plan is None
    bound = math.inf if infeasible else min(board.bound, board.cost)
    return Solved(
        board.plan,
        board.cost,
        bound,
        board.closed() and board.plan is not None,
        infeasible,
        time.monotonic() - began,
        run.seconds,
    )


def floor_bound(model: Linear) -> float:
    """Every group at its cheapest: true without any solver."""
    first = np.full(model.index.shape, np.inf)
    first[model.group, model.place] = model.cost[: len(model.group)]
    return float(first.min(axis=1).sum() + np.minimum(model.cost[model.y : model.z], 0.0).sum() + model.offset)


def _by_clock(run: _Run) -> None:
    """Two threads: the prover beside the searcher."""
    prover = threading.Thread(target=lambda: run.timed("proof", lambda: _prove(run)), daemon=True)
    run.timed("search", lambda: run.look(_FIRST_MOVES, run.seed, run.over))
    prover.start()
    run.timed("improve", lambda: _improve(run))
    prover.join()


def _by_count(run: _Run) -> None:
    """One after the other, limited by moves and nodes only."""
    moves = run.moves or 0
    run.timed("search", lambda: run.look(moves, run.seed, run.over))
    run.timed("proof", lambda: run.tree.run(run.over, nodes=max(1, moves // _MOVES_A_NODE)))


def _prove(run: _Run) -> None:
    """The lower bound, until proved or stopped."""
    run.tree.run(run.over)


def _improve(run: _Run) -> None:
    """Better plans, until proved or stopped."""
    if run.core.is_linear:
        run.taken(solve_cpsat(run.core, run.model, stop=run.over, start=run.board.plan, seed=run.seed, told=run.told))
    turn = 1
    while not run.over():
        run.look(_FIRST_MOVES << min(turn, 4), run.seed + turn, run.over)
        turn += 1
