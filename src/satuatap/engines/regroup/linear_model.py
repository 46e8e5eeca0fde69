"""The linear part of a core as sparse rows, the same for the exact solvers and for the master of the lower bound.

Columns: x (one for each group and place it may sit in), y (places), z (posts, then stretches of bills), w (uses and
amounts of bills). Rows: every group sits once; a resource of a place; posts in steps; apart; extra rows; bills
(linear_bills). Strong links x_ik <= y_k are rows of their own, taken all at once by the
exact solvers and one by one, where violated, by the master.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from satuatap.engines.regroup.core import TOLERANCE, Core, Floats, Ints
from satuatap.engines.regroup.linear_bills import Stretched, bill_rows, bill_values
from satuatap.engines.regroup.search_tables import folded_assign


@dataclass(frozen=True, slots=True)
class Linear:
    """min cost.v + offset, low <= v <= high, row_low <= rows v <= row_high; v = (x, y, z, w)."""

    group: Ints  # (nx,) of each x
    place: Ints  # (nx,)
    index: Ints  # (n, m) column of x, -1 where forbidden
    y: int  # first column of y
    z: int  # first column of z
    w: int  # first column of w, the only ones that need not be whole
    cost: Floats  # (columns,)
    low: Floats
    high: Floats
    rows: sparse.csr_matrix
    row_low: Floats
    row_high: Floats
    offset: float  # open costs that every plan pays
    links: Ints  # (s, 2) columns: v[first] <= v[second], x to y and x to z
    grain: float  # every plan's cost is a multiple of this; 0 when unknown
    bills: Stretched  # how bills stand in z and w

    @property
    def columns(self) -> int:
        """How many variables."""
        return len(self.cost)

    def plan(self, values: Floats, n: int) -> Ints:
        """(n,) the place of each group's largest x."""
        table = np.full(self.index.shape, -1.0)
        table[self.group, self.place] = values[: len(self.group)]
        return table.argmax(axis=1).astype(np.int64)

    def point(self, core: Core, plan: Ints) -> Floats:
        """(columns,) the values of a plan."""
        values = np.zeros(self.columns)
        values[self.index[np.arange(core.n), plan]] = 1.0
        used = core.kept_open.copy()
        used[plan] = True
        values[self.y : self.z] = used
        for c, place in enumerate(core.posts.place):
            here = core.load[core.posts.measure[c], plan == place].sum()
            values[self.z + c] = np.ceil(here / core.posts.norm[c] - TOLERANCE)
        bill_values(core, plan, self.bills, values[self.w - self.bills.choices : self.w], values[self.w :])
        return values


def grain_of(core: Core) -> float:
    """The largest of 1, 0.1 .. 0.0001 of which every cost is a multiple, so that bounds may be rounded up; else 0."""
    if len(core.bills.place):
        return 0.0
    parts = [core.assign[np.isfinite(core.assign)], core.open_cost, core.posts.price]
    if not core.is_linear:
        parts.append(np.outer(np.unique(core.weight)[:2000], np.unique(core.distance)[:2000]).ravel())
        if len(np.unique(core.weight)) > 2000 or len(np.unique(core.distance)) > 2000:
            return 0.0
    values = np.concatenate([np.asarray(p, np.float64).ravel() for p in parts])
    for digits in range(5):
        scaled = values * 10.0**digits
        if np.abs(scaled).max(initial=0.0) < 1e12 and np.abs(scaled - np.round(scaled)).max(initial=0.0) < 1e-7:
            return 10.0**-digits
    return 0.0


def may_sit(core: Core) -> NDArray[np.bool_]:
    """(n, m) whether a group fits a place alone and is not forbidden there."""
    allowed = np.isfinite(core.assign).copy()
    for r in range(core.size.shape[0]):
        allowed &= core.size[r][:, None] <= (core.room[r] * (1 + TOLERANCE) + TOLERANCE)[None, :]
    return allowed


class _Rows:
    """Rows gathered one block at a time."""

    def __init__(self) -> None:
        self.parts: list[tuple[Ints, Ints, Floats]] = []
        self.low: list[Floats] = []
        self.high: list[Floats] = []
        self.count = 0

    def add(self, row: Ints, column: Ints, value: Floats, low: Floats, high: Floats) -> None:
        """A block of rows numbered from 0."""
        self.parts.append((row + self.count, column, value))
        self.low.append(low)
        self.high.append(high)
        self.count += len(low)

    def matrix(self, columns: int) -> sparse.csr_matrix:
        """All blocks as one matrix without stored zeros."""
        row, column, value = (np.concatenate([p[k] for p in self.parts]) for k in range(3))
        found = sparse.csr_matrix((value, (row, column)), shape=(self.count, columns))
        found.eliminate_zeros()
        return found


def linear(core: Core) -> Linear:
    """The linear part of a core; a lower bound on it is one on the core, since distances cost nothing less than 0."""
    n, m, posts = core.n, core.m, core.posts
    group, place = (a.astype(np.int64) for a in np.nonzero(may_sit(core)))
    nx, y = len(group), len(group)
    z = y + m
    index = np.full((n, m), -1, np.int64)
    index[group, place] = np.arange(nx)
    rows = _Rows()
    x = np.arange(nx)
    rows.add(group, x, np.ones(nx), np.ones(n), np.ones(n))
    _add_rooms(core, rows, group, place, y)
    links = [np.column_stack([x, y + place])[~core.kept_open[place]]]
    links += _add_posts(core, rows, group, place, y, z)
    _add_apart(core, rows, index, y)
    for b, limit in enumerate(core.limit):
        rows.add(
            np.zeros(nx, np.int64),
            x,
            core.row[b][group, place],
            np.array([-np.inf]),
            np.array([limit + TOLERANCE * max(1.0, abs(limit))]),
        )
    more = z + len(posts.place)
    bills, pieces = bill_rows(core, index, y, more)
    for columns, values in pieces:
        rows.add(np.zeros(len(columns), np.int64), columns, values, np.array([-np.inf]), np.zeros(1))
    kept = core.kept_open
    steps = np.array([np.ceil(core.load[posts.measure[c]].sum() / posts.norm[c]) for c in range(len(posts.place))])
    opened = np.where(kept, 0.0, core.open_cost)
    return Linear(
        group,
        place,
        index,
        y,
        z,
        more + bills.choices,
        np.concatenate([folded_assign(core)[group, place] + bills.of_x, opened, posts.price, bills.cost]),
        np.concatenate([np.zeros(nx), kept.astype(np.float64), np.zeros(len(posts.place) + len(bills.cost))]),
        np.concatenate([np.ones(nx + m), steps, bills.high]),
        rows.matrix(more + len(bills.cost)),
        np.concatenate(rows.low),
        np.concatenate(rows.high),
        float(core.open_cost[kept].sum()),
        np.concatenate(links).astype(np.int64),
        grain_of(core),
        bills,
    )


def _add_rooms(core: Core, rows: _Rows, group: Ints, place: Ints, y: int) -> None:
    """sum of size x <= room y for each resource and place, scaled by the room."""
    for r in range(core.size.shape[0]):
        room = core.room[r] * (1 + TOLERANCE) + TOLERANCE
        unit = np.maximum(room, 1e-9)
        rows.add(
            np.concatenate([place, np.arange(core.m)]),
            np.concatenate([np.arange(len(group)), y + np.arange(core.m)]),
            np.concatenate([core.size[r][group] / unit[place], -room / unit]),
            np.full(core.m, -np.inf),
            np.zeros(core.m),
        )


def _add_posts(core: Core, rows: _Rows, group: Ints, place: Ints, y: int, z: int) -> list[Ints]:
    """sum of load x / norm <= z for each post.

    Returns the links x <= z of groups that need a post alone, and y <= z where every group does.
    """
    links = []
    for c, spot in enumerate(core.posts.place):
        load = core.load[core.posts.measure[c]]
        here = np.flatnonzero((place == spot) & (load[group] > 0))
        norm = core.posts.norm[c]
        rows.add(
            np.zeros(len(here) + 1, np.int64),
            np.append(here, z + c),
            np.append(load[group[here]] / norm, -1.0),
            np.array([-np.inf]),
            np.array([TOLERANCE]),
        )
        needs = load[group[here]] > TOLERANCE * norm
        links.append(np.column_stack([here, np.full(len(here), z + c)])[needs])
        if not core.kept_open[spot] and needs.sum() == (place == spot).sum() > 0:
            links.append(np.array([[y + spot, z + c]]))
    return links


def _add_apart(core: Core, rows: _Rows, index: Ints, y: int) -> None:
    """x_i + x_j <= y in each place for two groups that must not share one."""
    for i, j in core.apart:
        both = np.flatnonzero((index[i] >= 0) & (index[j] >= 0))
        count = len(both)
        r = np.arange(count)
        rows.add(
            np.concatenate([r, r, r]),
            np.concatenate([index[i, both], index[j, both], y + both]),
            np.concatenate([np.ones(2 * count), -np.ones(count)]),
            np.full(count, -np.inf),
            np.zeros(count),
        )
