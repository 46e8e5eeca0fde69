"""The master of the lower bound: one linear programme that grows by cuts.

Columns x, y, z of the linear part and one distance theta for each pair of groups; rows: assignment, rooms, posts,
separations, limits; then distance cuts, hull cuts and strong links, each only where violated. Every value of the
programme is a true lower bound. No flow variables: see docs/engines/regroup.md for what that saves.
"""

from __future__ import annotations

import math

import highspy
import numpy as np
from scipy import sparse

from satuatap.engines.regroup.core import TOLERANCE, Core, Floats, Ints
from satuatap.engines.regroup.cuts import ITEMS, closure, distance_cuts, hull, lifted, potentials
from satuatap.engines.regroup.cuts_rooms import SURE, room_cuts, rounded
from satuatap.engines.regroup.linear import Cuts, new_highs
from satuatap.engines.regroup.linear_model import Linear
from satuatap.engines.regroup.search_tables import merged_pairs
from satuatap.engines.regroup.stopping import Stop, never, seconds_left

_TABLE = 6000  # longest knapsack table; finer rooms are rounded to the side that stays true
_MIX = 0.7  # share of the point of the programme in the point where distance cuts are taken; the rest is the best plan
_PURGE = 1200  # new rows after which slack ones go
_LINKS = 800  # most strong links of one round


class Master:
    """The programme, what it knows of its own rows, and the last solution."""

    def __init__(self, core: Core, model: Linear, stop: Stop = never) -> None:
        self.core, self.model, self.stop = core, model, stop
        self.h = new_highs(model, strong=False)
        self.pairs, self.weights, self.metric = _directed(core)
        self.theta = model.columns
        if len(self.pairs):
            count = len(self.pairs)
            self.h.addVars(count, np.zeros(count), np.full(count, self.h.inf))
            self.h.changeColsCost(count, np.arange(self.theta, self.theta + count, dtype=np.int32), self.weights)
        self.low = np.concatenate([model.low, np.zeros(len(self.pairs))])
        self.high = np.concatenate([model.high, np.full(len(self.pairs), self.h.inf)])
        self.base = self.rows = model.rows.shape[0]
        self.new_rows = 0
        self.values = np.zeros(len(self.low))
        self.reduced = np.zeros(len(self.low))
        self.objective = -math.inf
        self.room, self.size = _whole_rooms(core)
        self.kinds = _kinds(core)
        self.scale = 1.0 + abs(float(model.cost.max(initial=0.0)))

    def solve(self) -> str:
        """Solves the programme as it stands: "optimal", "infeasible" or "failed"; only the first changes the values.

        The stop's own time is kept within a solve too, which in a large programme may last for seconds.
        """
        self.h.setOptionValue("time_limit", min(1e30, self.h.getRunTime() + seconds_left(self.stop)))  # of all runs
        self.h.run()
        status = self.h.getModelStatus()
        if status == highspy.HighsModelStatus.kInfeasible:
            return "infeasible"
        if status != highspy.HighsModelStatus.kOptimal:
            self.h.clearSolver()
            self.h.run()
            status = self.h.getModelStatus()
            if status == highspy.HighsModelStatus.kInfeasible:
                return "infeasible"
            if status != highspy.HighsModelStatus.kOptimal:
                return "failed"
        solution = self.h.getSolution()
        self.values = np.array(solution.col_value)
        self.reduced = np.array(solution.col_dual)
        self.objective = self.h.getInfo().objective_function_value + self.model.offset
        return "optimal"

    def seats(self) -> Floats:
        """(n, m) the x of the last solution."""
        table = np.zeros(self.model.index.shape)
        table[self.model.group, self.model.place] = self.values[: self.model.y]
        return table

    def bounds(self, columns: Ints, low: Floats, high: Floats) -> None:
        """New bounds of some columns in the programme; the master's own memory of the global ones stays."""
        if len(columns):
            self.h.changeColsBounds(len(columns), columns.astype(np.int32), low, high)

    def add(self, rows: list[tuple[Ints, Floats, float, float]]) -> None:
        """Rows (columns, values, low, high)."""
        if not rows:
            return
        starts = np.cumsum([0] + [len(r[0]) for r in rows[:-1]]).astype(np.int32)
        columns = np.concatenate([r[0] for r in rows]).astype(np.int32)
        values = np.concatenate([r[1] for r in rows])
        low, high = np.array([r[2] for r in rows]), np.array([r[3] for r in rows])
        self.h.addRows(len(rows), low, high, len(columns), starts, columns, values)
        self.rows += len(rows)
        self.new_rows += len(rows)

    def cut(self, best: Ints | None) -> int:
        """One round of separation at the last solution; the number of rows added."""
        seats = self.seats()
        found = self._distance_rows(seats, best)
        found += self._hull_rows(seats)
        found += self._room_rows(seats)
        links = self._link_rows()
        self.add(found + links)
        return len(found) + len(links)

    def purge(self) -> None:
        """Slack rows go once enough new ones have come."""
        if self.new_rows < _PURGE:
            return
        basis = self.h.getBasis()
        slack = [r for r in range(self.base, self.rows) if basis.row_status[r] == highspy.HighsBasisStatus.kBasic]
        self.new_rows = 0
        if slack:
            self.h.deleteRows(len(slack), np.array(slack, np.int32))
            self.rows -= len(slack)

    def tight_rows(self) -> Cuts:
        """The added rows that the last solution leans on; only for a core without pairs, whose columns they are of."""
        lp = self.h.getLp()
        given = lp.a_matrix_
        shape = (lp.num_row_, lp.num_col_)
        if given.format_ == highspy.MatrixFormat.kColwise:
            matrix = sparse.csc_matrix((given.value_, given.index_, given.start_), shape=shape).tocsr()
        else:
            matrix = sparse.csr_matrix((given.value_, given.index_, given.start_), shape=shape)
        status = self.h.getBasis().row_status
        tight = [r for r in range(self.base, self.rows) if status[r] != highspy.HighsBasisStatus.kBasic]
        return Cuts(matrix[tight, : self.theta], np.array(lp.row_lower_)[tight], np.array(lp.row_upper_)[tight])

    def _link_rows(self) -> list[tuple[Ints, Floats, float, float]]:
        """x <= y and x <= z where violated, the worst first."""
        links = self.model.links
        if not len(links):
            return []
        over = self.values[links[:, 0]] - self.values[links[:, 1]]
        worst = np.argsort(-over)[:_LINKS]
        return [(links[link], np.array([1.0, -1.0]), -self.h.inf, 0.0) for link in worst[over[worst] > 1e-4]]

    def exact_rows(self, plan: Ints) -> int:
        """Where a whole point still hides distance (no triangle rule): theta >= d (x_ik + x_jl - 1), true for all."""
        rows = []
        for p, (i, j) in enumerate(self.pairs):
            k, l = int(plan[i]), int(plan[j])  # noqa: E741
            true = self.core.distance[k, l] if len(self.metric) == 1 or p % 2 == 0 else self.core.distance[l, k]
            if self.weights[p] > 0 and true - self.values[self.theta + p] > 1e-6 * (1.0 + true):
                columns = np.array([self.theta + p, self.model.index[i, k], self.model.index[j, l]])
                rows.append((columns, np.array([1.0, -true, -true]), -true, self.h.inf))
        self.add(rows)
        return len(rows)

    def _pair_row(self, p: int, phi: Floats) -> tuple[Ints, Floats, float, float]:
        """theta_p + sum phi (x_i - x_j) >= 0."""
        i, j = self.pairs[p]
        index = self.model.index
        mine, yours = np.flatnonzero(index[i] >= 0), np.flatnonzero(index[j] >= 0)
        columns = np.concatenate([[self.theta + p], index[i, mine], index[j, yours]])
        values = np.concatenate([[1.0], phi[mine], -phi[yours]])
        keep = np.abs(values) > 1e-11
        return columns[keep], values[keep], 0.0, self.h.inf

    def first_cuts(self, best: Ints | None) -> None:
        """The distance cuts of the best plan, so that the programme does not begin from nothing."""
        if best is None:
            return
        sit = np.zeros(self.model.index.shape)
        sit[np.arange(self.core.n), best] = 1.0
        rows = []
        for p, (i, j) in enumerate(self.pairs):
            phi = potentials(self.metric[p % len(self.metric)], sit[i], sit[j])
            if best[i] != best[j]:
                rows.append(self._pair_row(p, phi))
        self.add(rows)

    def _distance_rows(self, seats: Floats, best: Ints | None) -> list[tuple[Ints, Floats, float, float]]:
        rows: list[tuple[Ints, Floats, float, float]] = []
        if not len(self.pairs):
            return rows
        mixed = seats
        if best is not None:
            mixed = _MIX * seats
            mixed[np.arange(self.core.n), best] += 1.0 - _MIX
        theta = self.values[self.theta :]
        least = 1e-6 * self.scale / np.maximum(self.weights, 1e-12)
        for which, metric in enumerate(self.metric):
            mine = np.arange(which, len(self.pairs), len(self.metric))
            phi, short = distance_cuts(metric, self.pairs[mine], mixed, seats, theta[mine])
            exact, most = distance_cuts(metric, self.pairs[mine], seats, seats, theta[mine])
            for e, p in enumerate(mine):
                if most[e] <= least[p]:
                    continue
                if short[e] > 0.1 * most[e]:
                    rows.append(self._pair_row(int(p), phi[e]))
                if short[e] < 0.5 * most[e]:
                    rows.append(self._pair_row(int(p), exact[e]))
        return rows

    def _hull_rows(self, seats: Floats) -> list[tuple[Ints, Floats, float, float]]:
        rows = []
        index, y = self.model.index, self.model.y
        for r in range(len(self.room)):
            for k in range(self.core.m):
                share = self.values[y + k]
                if share < 1e-4 or self.room[r, k] < 1:
                    continue
                x = seats[:, k] / share
                inside = np.flatnonzero((x > 1e-4) & (self.size[r, k] > 0))
                fractional = inside[x[inside] < 1 - 1e-4]
                if len(fractional) < 1 or self.size[r, k][inside].sum() <= self.room[r, k]:
                    continue
                chosen = inside[np.argsort(-x[inside], kind="stable")][:ITEMS]
                pi = hull(np.minimum(x[chosen], 1.0), self.size[r, k][chosen], int(self.room[r, k]))
                if float(pi @ x[chosen]) <= 1.0 + 2e-3:
                    continue
                rest = np.setdiff1d(np.flatnonzero(index[:, k] >= 0), chosen)
                rest = rest[np.argsort(self.reduced[index[rest, k]], kind="stable")]
                full = lifted(pi, chosen, rest, self.size[r, k], int(self.room[r, k]))
                who = np.flatnonzero(full > 0)
                rows.append((np.append(index[who, k], y + k), np.append(full[who], -1.0), -self.h.inf, 0.0))
        return rows

    def _room_rows(self, seats: Floats) -> list[tuple[Ints, Floats, float, float]]:
        """Rounded rows of what places, and the posts of a kind, hold together."""
        rows = []
        m, y = self.core.m, np.arange(self.model.y, self.model.z)
        for size, given in zip(self.core.size, self.core.room, strict=True):
            sure = (self.values[y] > SURE).astype(np.float64)
            rows += self._rounded_rows(seats, y, sure, size, given * (1 + TOLERANCE) + TOLERANCE)
        for measure, norm, place, post in self.kinds:
            columns, room = np.zeros(m, np.int64), np.zeros(m)
            columns[place], room[place] = self.model.z + post, norm * (1 + TOLERANCE)
            load = self.core.load[measure]
            needs = np.where(load > TOLERANCE * norm, load, 0.0)  # less than that needs no post
            rows += self._rounded_rows(seats, columns, np.zeros(m), needs, room)
        return rows

    def _rounded_rows(
        self, seats: Floats, count: Ints, sure: Floats, size: Floats, room: Floats
    ) -> list[tuple[Ints, Floats, float, float]]:
        """The cuts of one kind of room; ``count`` (m,) is the column that counts it in each place."""
        rows = []
        found = room_cuts(seats, np.where(room > 0, self.values[count], 0.0), sure, size, room)
        for served, held, need, unit in zip(*found, strict=True):
            f = need / unit - np.floor(need / unit)
            groups, inside, outside = np.flatnonzero(served), held > 0, np.flatnonzero(held == 0)
            closed, open_ = np.flatnonzero(inside & (sure > 0)), np.flatnonzero(inside & (sure == 0))
            less = np.array([rounded(-room[k] / unit, f) for k in closed])
            more = np.array([rounded(room[k] / unit, f) for k in open_])
            each = np.array([rounded(size[j] / unit, f) for j in groups])
            where = self.model.index[np.ix_(groups, outside)]
            may = where >= 0
            columns = np.concatenate([count[closed], count[open_], where[may]])
            values = np.concatenate([-less, more, np.broadcast_to(each[:, None], may.shape)[may]])
            rows.append((columns, values, float(np.ceil(need / unit) - less.sum()), self.h.inf))
        return rows


def _kinds(core: Core) -> list[tuple[int, float, Ints, Ints]]:
    """Posts of one measure and norm, of each place the first: measure, norm, places and posts."""
    found = []
    for measure, norm in sorted(set(zip(core.posts.measure.tolist(), core.posts.norm.tolist(), strict=True))):
        post = np.flatnonzero((core.posts.measure == measure) & (core.posts.norm == norm))
        place, first = np.unique(core.posts.place[post], return_index=True)
        found.append((int(measure), float(norm), place, post[first]))
    return found


def _directed(core: Core) -> tuple[Ints, Floats, list[Floats]]:
    """Pairs, weights and the metrics they go by: one metric when symmetric, else two, and pairs take turns."""
    pair, forth, back = merged_pairs(core)
    if not len(pair):
        return pair, forth, []
    shortest = closure(np.ascontiguousarray(core.distance, dtype=np.float64))
    if not back.any() and np.array_equal(core.distance, core.distance.T):
        return pair, forth, [shortest]
    both = np.repeat(pair, 2, axis=0)
    return both, np.column_stack([forth, back]).ravel(), [shortest, np.ascontiguousarray(shortest.T)]


def _whole_rooms(core: Core) -> tuple[Ints, Ints]:
    """(r, m) rooms and (r, m, n) sizes in whole units: sizes rounded down, so that whatever fits still fits."""
    room = core.room * (1 + TOLERANCE) + TOLERANCE
    whole = np.abs(core.size - np.round(core.size)).max(initial=0.0) < 1e-9
    factor = np.where(room > _TABLE, _TABLE / np.maximum(room, 1e-9), 1.0 if whole else _TABLE / np.maximum(room, 1e-9))
    sizes = np.floor(core.size[:, None, :] * factor[:, :, None] + 1e-9).astype(np.int64)
    return np.floor(room * factor + 1e-9).astype(np.int64), sizes
