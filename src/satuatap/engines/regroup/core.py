"""The bare problem under a city's words: arrays only. Search, exact solvers and bounds work on this and nothing else.

Each of ``n`` groups (units that must share a building are one group) goes to one of ``m`` places. With s[i] the place
of group i, X the indicator of s, and a place *open* when at least one group sits there or it must stay open:

    cost(s) = sum_i assign[i, s_i]
            + sum_{k open} open_cost[k]
            + sum_p weight[p] * distance[s_{pair[p,0]}, s_{pair[p,1]}]
            + sum_c price[c] * ceil(load_c / norm[c])          (posts; load_c = sum_i load[measure_c, i] in place_c)
            + sum_d f_d(sum_l mix[d, l] * load_l)              (bills, piecewise linear; load_l = the same in place_d)

subject to, for every resource r and place k, sum of size[r, i] over groups in k <= room[r, k]; no pair in ``apart`` in
one place; and for every extra row b, sum_i row[b, i, s_i] <= limit[b]. The general assignment with fixed costs, the
single-source facility location problem (no pairs), the generalised quadratic assignment problem (no open costs) and the
quadratic assignment problem (all sizes and rooms 1) are special cases.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from satuatap.engines.regroup.bills import Bills, no_bills

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

TOLERANCE = 1e-6  # of a capacity or a limit, relative to its size


def _floats(*shape: int) -> Floats:
    return np.zeros(shape, dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Posts:
    """Support posts in steps: in place ``place[c]``, one for each begun ``norm[c]`` of measure ``measure[c]``."""

    place: Ints  # (c,)
    measure: Ints  # (c,) row of Core.load
    norm: Floats  # (c,) units of that measure that one post serves
    price: Floats  # (c,) cost of one post


def no_posts() -> Posts:
    """A problem without posts."""
    return Posts(np.zeros(0, np.int64), np.zeros(0, np.int64), _floats(0), _floats(0))


@dataclass(frozen=True, slots=True)
class Core:
    """One instance. Costs are in the file's unit; ``inf`` in ``assign`` forbids a place to a group."""

    assign: Floats  # (n, m)
    open_cost: Floats  # (m,) avoided when the place is empty
    size: Floats  # (r, n) what a group takes of a resource
    room: Floats  # (r, m) what a place has of it
    pair: Ints = field(default_factory=lambda: np.zeros((0, 2), np.int64))  # (p, 2) ordered
    weight: Floats = field(default_factory=lambda: _floats(0))  # (p,) >= 0
    distance: Floats = field(default_factory=lambda: _floats(0, 0))  # (m, m) >= 0; (0, 0) when there are no pairs
    apart: Ints = field(default_factory=lambda: np.zeros((0, 2), np.int64))  # (q, 2) groups that must not share
    must_open: NDArray[np.bool_] | None = None  # (m,) paid for even when empty
    load: Floats = field(default_factory=lambda: _floats(0, 0))  # (l, n) measures that posts and bills go by
    posts: Posts = field(default_factory=no_posts)
    bills: Bills = field(default_factory=no_bills)
    row: Floats = field(default_factory=lambda: _floats(0, 0, 0))  # (b, n, m)
    limit: Floats = field(default_factory=lambda: _floats(0))  # (b,)

    @property
    def n(self) -> int:
        """Groups."""
        return int(self.assign.shape[0])

    @property
    def m(self) -> int:
        """Places."""
        return int(self.assign.shape[1])

    @property
    def kept_open(self) -> NDArray[np.bool_]:
        """(m,) places that are paid for in every plan."""
        return np.zeros(self.m, np.bool_) if self.must_open is None else self.must_open

    @property
    def is_linear(self) -> bool:
        """Whether no cost depends on where two groups sit."""
        return not len(self.weight)


def cost_of(core: Core, plan: Ints) -> float:
    """The cost of a plan (n,) of places, feasible or not; ``inf`` where a group may not sit."""
    used = core.kept_open.copy()
    used[plan] = True
    total = core.assign[np.arange(core.n), plan].sum() + core.open_cost[used].sum()
    if len(core.weight):
        total += (core.weight * core.distance[plan[core.pair[:, 0]], plan[core.pair[:, 1]]]).sum()
    for c, place in enumerate(core.posts.place):
        here = core.load[core.posts.measure[c], plan == place].sum()
        total += core.posts.price[c] * np.ceil(here / core.posts.norm[c] - TOLERANCE)
    for d in range(len(core.bills.place)):
        total += core.bills.amount(d, use_of(core, plan, d))
    return float(total)


def use_of(core: Core, plan: Ints, d: int) -> float:
    """What bill ``d`` is for: its mix of the loads in its place."""
    return float(core.bills.mix[d] @ core.load[:, plan == core.bills.place[d]].sum(axis=1))


def broken(core: Core, plan: Ints) -> list[str]:
    """Every capacity, separation or limit that a plan breaks; empty when it is feasible."""
    found = []
    for r in range(core.size.shape[0]):
        taken = np.bincount(plan, weights=core.size[r], minlength=core.m)
        over = np.flatnonzero(taken > core.room[r] * (1 + TOLERANCE) + TOLERANCE)
        found += [f"resource {r} of place {k}: {taken[k]:g} of {core.room[r, k]:g}" for k in over]
    found += [f"group {i} may not sit in place {plan[i]}" for i in np.flatnonzero(~_allowed(core, plan))]
    found += [f"groups {i} and {j} must not share place {plan[i]}" for i, j in core.apart if plan[i] == plan[j]]
    for b, limit in enumerate(core.limit):
        here = core.row[b, np.arange(core.n), plan].sum()
        if here > limit + TOLERANCE * max(1.0, abs(limit)):
            found.append(f"row {b}: {here:g} of {limit:g}")
    return found


def _allowed(core: Core, plan: Ints) -> NDArray[np.bool_]:
    return np.isfinite(core.assign[np.arange(core.n), plan])
