"""Branch and cut on the master: openings first, best node first; the least value in the queue is the bound.

Cuts are true everywhere, so every node adds to one pool. A node is dropped only when its own programme is proved
infeasible or dearer than the best plan; a solve that fails keeps the node's parent's bound and is split further.
"""

from __future__ import annotations

import heapq
import itertools
import math
from collections import deque
from dataclasses import dataclass, field

import highspy
import numpy as np

from satuatap.engines.regroup.bound import Master
from satuatap.engines.regroup.core import Core, Floats, Ints
from satuatap.engines.regroup.linear import Cuts
from satuatap.engines.regroup.linear_model import Linear
from satuatap.engines.regroup.portfolio_board import Board
from satuatap.engines.regroup.stopping import Stop

_ROOT_ROUNDS, _NODE_ROUNDS = 60, 4
_STALL = 2e-5  # a root round that raises the bound by less than this share, five times in a row, was the last
_WHOLE = 1e-5  # distance from a whole number that counts as whole
_AGAIN = 8  # rounds of rows at a whole point; a row that is met to within a tolerance would come for ever
_TRIALS, _TRIAL_STEPS = 5, 150  # candidates of a branching and their dual simplex steps


@dataclass(order=True)
class _Node:
    bound: float
    order: int
    changes: dict[int, tuple[float, float]] = field(compare=False)
    again: int = field(compare=False, default=0)  # how often only rows were added and nothing was split


class Tree:
    """One proof. ``run`` ends when the bound meets the best plan, at the stop, or after ``nodes`` nodes."""

    def __init__(self, core: Core, model: Linear, board: Board) -> None:
        self.core, self.model, self.board = core, model, board
        self.master = Master(core, model, board.outer)
        self.low, self.high = self.master.low.copy(), self.master.high.copy()  # global bounds, tightened at the root
        self.now: dict[int, tuple[float, float]] = {}  # columns whose bounds in the programme are not the global ones
        self.counter = itertools.count()
        self.queue: list[_Node] = []
        self.root_value = -math.inf
        self.root_reduced: Floats = np.zeros(0)
        self.root_objective = -math.inf  # of the solve that gave those reduced costs
        self.fixed_at = math.inf
        self.gains: dict[tuple[int, int], tuple[float, int]] = {}  # (column, side) -> sum of gains per unit, count
        self.places: Ints | None = None  # those in use at the root: where a better plan is likely
        self.openings: deque[Ints] = deque(maxlen=12)  # sets of places that a node opened whole, the latest last
        self.solved = 0
        self.cuts: Cuts | None = None  # of the root, once it is done; only for cores without pairs

    def run(self, stop: Stop, nodes: int | None = None) -> None:
        """The whole proof: root, then nodes."""
        self.master.first_cuts(self.board.plan)
        if not self._root(stop):
            return
        if self.core.is_linear and math.isfinite(self.master.objective):
            self.cuts = self.master.tight_rows()
        self.queue = [_Node(self.root_value, next(self.counter), {})]
        while self.queue and not stop() and (nodes is None or self.solved < nodes):
            self._fix()
            node = heapq.heappop(self.queue)
            if node.bound < self.board.cutoff():
                for child in self._expanded(node, stop):
                    heapq.heappush(self.queue, child)
            else:
                self.queue.clear()
            self._tell()
        if not self.queue and not stop():
            self._tell()

    def likely(self, turn: int) -> Ints | None:
        """Places where a better plan is likely: those of a node with whole openings, or those in use at the root."""
        try:
            if turn % 2 == 0:
                return self.openings.pop()
        except IndexError:
            pass
        return self.places

    def _tell(self) -> None:
        """The bound is the least of the open nodes; with none left, the best plan is proved up to the cutoff."""
        if self.queue:
            self.board.raise_bound(min(self.queue[0].bound, self.board.cutoff()))
        elif math.isfinite(self.board.cost):
            self.board.raise_bound(self.board.cutoff())
        else:
            self.board.infeasible = True

    def _root(self, stop: Stop) -> bool:
        """Cut rounds at the root; False when nothing is left to do."""
        flat, before = 0, -math.inf
        for _ in range(_ROOT_ROUNDS):
            status = self.master.solve()
            if status == "infeasible":
                self.board.infeasible = True
                return False
            if status == "failed":
                break
            self.root_value = max(self.root_value, self.master.objective)
            self.root_reduced, self.root_objective = self.master.reduced.copy(), self.master.objective
            self.board.raise_bound(self.root_value)
            used = self.master.values[self.model.y : self.model.z] > 1e-6
            self.places = np.flatnonzero(used | self.core.kept_open)
            self.board.offer(self.model.plan(self.master.values, self.core.n))
            flat = flat + 1 if self.root_value - before < _STALL * abs(self.root_value) else 0
            before = self.root_value
            if stop() or self.board.closed() or flat >= 5 or not self.master.cut(self.board.plan):
                break
            self.master.purge()
        return math.isfinite(self.root_value) and not self.board.closed()

    def _fix(self) -> None:
        """Columns that no better plan can use, by the root's reduced costs; again whenever the best plan improves."""
        cutoff = self.board.cutoff()
        if not cutoff < self.fixed_at or not len(self.root_reduced):
            return
        self.fixed_at = cutoff
        count = self.model.z
        room = cutoff - self.root_objective
        reduced = self.root_reduced[:count]
        down = (reduced > room) & (self.high[:count] > self.low[:count])
        up = (-reduced > room) & (self.high[:count] > self.low[:count]) & (self.low[:count] == 0)
        self.high[:count][down] = self.low[:count][down]
        self.low[:count][up] = self.high[:count][up]
        columns = np.flatnonzero(down | up)
        self.master.bounds(columns, self.low[columns], self.high[columns])
        for column in columns:
            self.now.pop(int(column), None)

    def _apply(self, changes: dict[int, tuple[float, float]]) -> None:
        """Bounds of a node into the programme, those of the last node out."""
        wanted: dict[int, tuple[float, float]] = {c: (self.low[c], self.high[c]) for c in self.now if c not in changes}
        wanted |= {c: b for c, b in changes.items() if self.now.get(c) != b}
        columns = np.array(list(wanted), np.int64)
        self.master.bounds(
            columns, np.array([b[0] for b in wanted.values()]), np.array([b[1] for b in wanted.values()])
        )
        self.now = dict(changes)

    def _expanded(self, node: _Node, stop: Stop) -> list[_Node]:
        """The children of a node, none when it is done."""
        changes = {c: b for c, b in node.changes.items() if b[0] >= self.low[c] and b[1] <= self.high[c]}
        if len(changes) < len(node.changes) and any(
            b[0] > self.high[c] or b[1] < self.low[c] for c, b in node.changes.items()
        ):
            return []  # the global bounds, true for every better plan, leave it nothing
        self._apply(changes)
        self.solved += 1
        value = node.bound
        rounds = 0
        while True:
            status = self.master.solve()
            if status == "infeasible":
                return []
            if status == "failed":
                return self._split_blindly(node, changes)
            gain = self.master.objective - value
            value = max(value, self.master.objective)
            if value >= self.board.cutoff():
                return []
            if stop() or rounds >= _NODE_ROUNDS or (rounds and gain < 2e-5 * abs(value)):
                break
            rounds += 1
            if not self.master.cut(self.board.plan):
                break
            self.master.purge()
        return self._branched(value, changes, node.again, stop)

    def _branched(self, value: float, changes: dict[int, tuple[float, float]], again: int, stop: Stop) -> list[_Node]:
        """Two children by the best fractional column, or the node itself again where only distances are hidden."""
        values = self.master.values
        plan = self.model.plan(values, self.core.n)
        self.board.offer(plan)
        if value >= self.board.cutoff():
            return []
        opened = values[self.model.y : self.model.z]
        if (np.abs(opened - np.round(opened)) <= _WHOLE).all():
            self.openings.append(np.flatnonzero(opened > 0.5))
        column, at = self._choice(value, changes, stop)
        if column < 0:
            if again < _AGAIN and (self.master.exact_rows(plan) or self.master.cut(None)):
                return [_Node(value, next(self.counter), changes, again + 1)]
            return self._last(value, changes, plan)
        below, above = math.floor(at), math.floor(at) + 1
        low, high = changes.get(column, (self.low[column], self.high[column]))
        children = []
        for bounds in ((low, float(below)), (float(above), high)):
            if bounds[0] <= bounds[1]:
                children.append(_Node(value, next(self.counter), changes | {column: bounds}))
        return children

    def _last(self, value: float, changes: dict[int, tuple[float, float]], plan: Ints) -> list[_Node]:
        """A whole point that no cut moves: either its plan costs what the programme says, or a column is still free."""
        for i in np.argsort(-self.core.size.sum(axis=0), kind="stable"):
            column = int(self.model.index[i, plan[i]])
            low, high = changes.get(column, (self.low[column], self.high[column]))
            if low < high:
                return [_Node(value, next(self.counter), changes | {column: (b, b)}) for b in (1.0, 0.0)]
        return []

    def _split_blindly(self, node: _Node, changes: dict[int, tuple[float, float]]) -> list[_Node]:
        """A programme that could not be solved keeps its parent's bound: any free column splits it."""
        for column in itertools.chain(range(self.model.y, self.model.z), range(self.model.y)):
            low, high = changes.get(column, (self.low[column], self.high[column]))
            if low < high:
                return [_Node(node.bound, next(self.counter), changes | {column: (b, b)}) for b in (0.0, 1.0)]
        sit = np.array([changes.get(c, (self.low[c], self.high[c]))[0] for c in range(self.model.y)])
        self.board.offer(self.model.plan(sit, self.core.n))  # all is fixed: one plan is left, and now it is judged
        return []

    def _choice(self, value: float, changes: dict[int, tuple[float, float]], stop: Stop) -> tuple[int, float]:
        """The column to branch on and its value: openings, then posts, then groups; -1 when all are whole."""
        values, model = self.master.values, self.model
        for first, last in ((model.y, model.z), (model.z, model.w)):
            part = values[first:last]
            off = np.abs(part - np.round(part))
            open_ = np.flatnonzero(off > _WHOLE)
            if len(open_) and first == model.y:
                return self._tried(first + open_[np.argsort(-off[open_], kind="stable")], value, changes, stop)
            if len(open_) and (np.abs(values[: model.y] - np.round(values[: model.y])) <= _WHOLE).all():
                column = first + int(open_[np.argmax(off[open_])])
                return column, float(values[column])
        x = values[: model.y]
        off = np.minimum(x, 1.0 - x)
        if not (off > _WHOLE).any():
            return -1, 0.0
        size = self.core.size / np.maximum(self.core.size.mean(axis=1, keepdims=True), 1e-12)
        weight = 0.2 + size.sum(axis=0)[model.group]
        order = np.argsort(-(weight * np.where(off > _WHOLE, off, 0.0)), kind="stable")
        order = order[off[order] > _WHOLE]
        return self._tried(order, value, changes, stop)

    def _tried(
        self, columns: Ints, value: float, changes: dict[int, tuple[float, float]], stop: Stop
    ) -> tuple[int, float]:
        """The column whose two sides raise the bound most, by the product; unknown ones are tried for a few steps."""
        values = self.master.values.copy()
        basis = None
        best, best_score = int(columns[0]), -1.0
        for column in (int(c) for c in columns[:_TRIALS]):
            at = float(values[column])
            gains = []
            for side, bounds in ((0, (self.low[column], math.floor(at))), (1, (math.floor(at) + 1, self.high[column]))):
                total, seen = self.gains.get((column, side), (0.0, 0))
                part = at - math.floor(at) if side == 0 else math.ceil(at) - at
                if seen < 2 and not stop():
                    basis = basis if basis is not None else self.master.h.getBasis()
                    gain = self._trial(column, bounds, value, basis)
                    self.gains[(column, side)] = (total + gain / max(part, 1e-6), seen + 1)
                    total, seen = self.gains[(column, side)]
                gains.append(total / max(seen, 1) * part)
            score = max(gains[0], 1e-6 * self.master.scale) * max(gains[1], 1e-6 * self.master.scale)
            if score > best_score:
                best, best_score = column, score
        del changes
        return best, float(values[best])

    def _trial(self, column: int, bounds: tuple[float, float], value: float, basis: highspy.HighsBasis) -> float:
        """How much a few dual steps raise the bound with this column's bounds; everything is put back."""
        h = self.master.h
        where = np.array([column])
        before = self.now.get(column, (self.low[column], self.high[column]))
        self.master.bounds(where, np.array([bounds[0]], float), np.array([bounds[1]], float))
        h.setOptionValue("simplex_iteration_limit", _TRIAL_STEPS)
        h.run()
        reached = h.getInfo().objective_function_value + self.model.offset
        infeasible = "nfeasible" in str(h.getModelStatus())
        h.setOptionValue("simplex_iteration_limit", 2**31 - 1)
        self.master.bounds(where, np.array([before[0]], float), np.array([before[1]], float))
        h.setBasis(basis)
        room = self.board.cutoff() - value
        most = room if math.isfinite(room) else abs(value)
        return most if infeasible else float(min(max(0.0, reached - value), most))
