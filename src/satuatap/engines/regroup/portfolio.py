"""All solvers together on at most two threads: one looks for better plans, the other proves how good the best is."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from satuatap.engines.regroup.core import Core, Floats, Ints, broken
from satuatap.engines.regroup.linear import Exact, solve_cpsat, solve_highs
from satuatap.engines.regroup.linear_model import Linear, linear, may_sit
from satuatap.engines.regroup.portfolio_board import Better, Board, Progress
from satuatap.engines.regroup.portfolio_pieces import neighbourhood, piece, restricted
from satuatap.engines.regroup.search import search
from satuatap.engines.regroup.stopping import Deadline, Either, Stop, never, seconds_left
from satuatap.engines.regroup.tree import Tree

_FIRST_MOVES = 1_500_000  # of the search before the exact solvers of a linear core begin
_PIECE, _PIECES, _PIECE_SECONDS = 20, 6, 1.5  # groups of an exact piece, pieces in a turn, seconds for one
_EXACT_TURN, _EXACT_COLUMNS, _EXACT_SHARE, _EXACT_SECONDS = 2, 8_000, 0.4, 120.0  # of HiGHS beside our own tree
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

    def look(self, moves: int, seed: int, stop: Stop, places: Ints | None = None) -> None:
        """The search, from the best plan there is; with ``places`` among those only."""
        core = self.core if places is None else restricted(self.core, places)
        if core is not None:
            search(
                core,
                seed=seed,
                moves=moves,
                stop=stop,
                start=self.board.plan if self.board.plan is None or not broken(core, self.board.plan) else None,
                better=lambda plan, _cost: void(self.board.offer(plan)),
            )


def void(_value: object) -> None:
    """Drops a value."""


def solve(
    core: Core, *, stop: Stop | int = never, seed: int = 1, progress: Progress | None = None, start: Ints | None = None,
    better: Better | None = None,
) -> Solved:  # fmt: skip
    """The best plan found until ``stop``, with a proved lower bound.

    ``stop`` is looked at often and keeps what was found (stopping.Deadline knows the time that is left); a whole
    number instead limits the moves and the nodes, and then the same seed gives the same answer. ``progress`` hears
    (seconds, best cost or None, bound), ``better`` each plan that is better than all before it.
    """
    began = time.monotonic()
    moves = stop if isinstance(stop, int) else None
    outer: Stop = never if isinstance(stop, int) else stop
    model = linear(core)
    board = Board(core, model.grain, outer, progress)
    board.better = better
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
    """Better plans, until proved or stopped: search among likely places, small exact pieces, search everywhere."""
    rng = np.random.default_rng(run.seed)
    turn = 1
    exact = run.core.is_linear and run.model.columns <= _EXACT_COLUMNS
    size = _PIECE
    while not run.over():
        long = _FIRST_MOVES << min(turn // 2, 4)
        places = run.tree.likely(turn)
        if places is not None:
            run.look(long // (1 if turn % 2 else 4), run.seed + 1000 * turn, run.over, places)
        if run.core.is_linear:
            for _ in range(_PIECES):
                size = _exact_piece(run, rng, size)
        if places is None or turn % 4 == 0:
            run.look(long, run.seed + turn, run.over)
        if exact and turn >= _EXACT_TURN and (run.tree.cuts is not None or turn > 3 * _EXACT_TURN):
            _exact(run)
            exact = False
        turn += 1


def _exact(run: _Run) -> None:
    """HiGHS on the whole, with the cuts of our root, for a share of the time: it often proves in seconds what our tree
    does not, and the other way round."""
    share = min(_EXACT_SECONDS, _EXACT_SHARE * seconds_left(run.board.outer))
    stop = Either(Deadline(share), run.over)
    run.taken(solve_highs(run.core, run.model, stop=stop, start=run.board.plan, cuts=run.tree.cuts, told=run.told))


def _exact_piece(run: _Run, rng: np.random.Generator, size: int) -> int:
    """One piece of the best plan solved exactly; returns how many groups the next one should have."""
    plan = run.board.plan
    if plan is None or run.over():
        return size
    free, places = neighbourhood(run.core, plan, rng, size, run.tree.places)
    part = piece(run.core, plan, free, places)
    spot = np.searchsorted(places, plan[free])
    stays = [int(np.flatnonzero(np.isfinite(row))[0]) for row in part.assign[len(free) :]]
    found = solve_cpsat(
        part,
        linear(part),
        stop=Either(Deadline(_PIECE_SECONDS), run.over),
        start=np.concatenate([spot, np.array(stays, np.int64)]),
        seed=int(rng.integers(2**31 - 1)),
    )
    if found.plan is not None:
        better = plan.copy()
        better[free] = places[found.plan[: len(free)]]
        run.board.offer(better)
    return min(size + 1, 2 * _PIECE) if found.proved else max(size - 2, 8)
