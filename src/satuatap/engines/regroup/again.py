"""Solving once more from what is known: a city with one more wish, one rule less, or one limit tighter.

Search from a known plan, then the proof; both on the caller's thread, so that a number of moves gives the same answer
every time. A limit that counts what closing costs is no row of a core: the linear part gets it, with the openings.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from satuatap.engines.regroup.core import TOLERANCE, Core, Floats, Ints
from satuatap.engines.regroup.linear_model import Linear, linear, may_sit
from satuatap.engines.regroup.portfolio import Solved, floor_bound
from satuatap.engines.regroup.portfolio_board import Board, Progress
from satuatap.engines.regroup.search import Found, search
from satuatap.engines.regroup.stopping import Stop, never
from satuatap.engines.regroup.tree import Tree

_RUNS = 5  # the first of so many runs of a search: some begin at the known plan, some from nothing
_TRIES = 4  # searches under a limit with closing in it, each with what the last plan's closing leaves


@dataclass(frozen=True, slots=True)
class OneOff:
    """sum of moving[i, s_i] + closing[k] of places left empty <= limit; places that stay open have no closing."""

    moving: Floats  # (n, m)
    closing: Floats  # (m,) >= 0
    limit: float

    def value(self, plan: Ints) -> float:
        """The left side for a plan (n,)."""
        return float(self.moving[np.arange(len(plan)), plan].sum()) + self.closed(plan)

    def closed(self, plan: Ints) -> float:
        """Its closing alone."""
        return float(np.delete(self.closing, np.unique(plan)).sum())

    def keeps(self, plan: Ints) -> bool:
        """Whether a plan keeps the limit."""
        return self.value(plan) <= self.limit + TOLERANCE * max(1.0, abs(self.limit))

    def added(self, model: Linear) -> Linear:
        """The linear part with this limit, and with y <= sum of x where closing would make an empty opening pay."""
        nx, m = model.y, model.z - model.y
        finite = np.where(np.isfinite(self.moving), self.moving, 0.0)
        moving = np.zeros(model.columns)
        moving[:nx] = finite[model.group, model.place]
        moving[model.y : model.z] = -self.closing
        paid = np.flatnonzero(self.closing > 0)
        rows = [sparse.csr_matrix(moving)]
        if len(paid):
            order = np.full(m, -1)
            order[paid] = np.arange(len(paid))
            inside = np.flatnonzero(order[model.place] >= 0)
            row = np.concatenate([np.arange(len(paid)), order[model.place[inside]]])
            column = np.concatenate([model.y + paid, inside])
            value = np.concatenate([np.ones(len(paid)), np.full(len(inside), -1.0)])
            rows.append(sparse.csr_matrix((value, (row, column)), shape=(len(paid), model.columns)))
        top = self.limit - float(self.closing.sum()) + TOLERANCE * max(1.0, abs(self.limit))
        return replace(
            model,
            rows=sparse.csr_matrix(sparse.vstack([model.rows, *rows])),
            row_low=np.concatenate([model.row_low, np.full(1 + len(paid), -np.inf)]),
            row_high=np.concatenate([model.row_high, [top], np.zeros(len(paid))]),
        )


class LimitedBoard(Board):
    """A board that takes only plans that keep one more limit, and shows every plan that keeps the core's own."""

    def __init__(
        self, core: Core, grain: float, stop: Stop, progress: Progress | None, also: OneOff | None,
        seen: Callable[[Ints], None] | None,
    ) -> None:  # fmt: skip
        super().__init__(core, grain, stop, progress)
        self.also, self.seen = also, seen

    def offer(self, plan: Ints | None) -> bool:
        """As the board's, under the limit."""
        if plan is None:
            return False
        if self.seen is not None:
            self.seen(plan)
        return (self.also is None or self.also.keeps(plan)) and super().offer(plan)


@dataclass(frozen=True, slots=True)
class Effort:
    """How long to look: ``moves`` of the search, then nodes of the proof (None: until the stop, 0: no proof)."""

    moves: int = 200_000
    nodes: int | None = None


def solve_again(
    core: Core, *, start: Ints | None, effort: Effort, stop: Stop = never, seed: int = 1, also: OneOff | None = None,
    seen: Callable[[Ints], None] | None = None, progress: Progress | None = None,
) -> Solved:  # fmt: skip
    """The best plan found from ``start`` with its bound; ``seen`` is shown every feasible plan that is met."""
    began = time.monotonic()
    model = linear(core) if also is None else also.added(linear(core))
    board = LimitedBoard(core, 0.0 if also is not None else model.grain, stop, progress, also, seen)
    if not may_sit(core).any(axis=1).all():
        board.infeasible = True
    else:
        board.raise_bound(floor_bound(model))
        board.offer(start)
        _look(core, board, start, effort.moves, stop, seed)
        if effort.nodes != 0 and not board.over():
            Tree(core, model, board).run(board.over, nodes=effort.nodes)
    infeasible = board.infeasible and board.plan is None
    bound = math.inf if infeasible else min(board.bound, board.cost)
    proved = board.closed() and board.plan is not None
    return Solved(board.plan, board.cost, bound, proved, infeasible, time.monotonic() - began)


def _look(core: Core, board: LimitedBoard, start: Ints | None, moves: int, stop: Stop, seed: int) -> Found | None:
    """The search; under a limit with closing in it, again with what the closing of the last plan leaves for moving."""
    also = board.also
    if also is None:
        return search(core, seed=seed, moves=moves, stop=stop, start=start, first=max(1, moves // _RUNS),
                      better=lambda p, _c: _void(board.offer(p)))  # fmt: skip
    left = also.limit
    found = None
    for turn in range(_TRIES):
        limited = replace(
            core,
            row=np.concatenate([core.row.reshape(-1, core.n, core.m), also.moving[None]]),
            limit=np.append(core.limit, left),
        )
        found = search(limited, seed=seed + 31 * turn, moves=max(1, moves // _TRIES), stop=stop, start=board.plan,
                       better=lambda p, _c: _void(board.offer(p)))  # fmt: skip
        if found.plan is None:
            left = also.limit - 0.5 * float(also.closing.sum())
            continue
        left = also.limit - also.closed(found.plan)
    return found


def _void(_value: object) -> None:
    """Drops a value."""
