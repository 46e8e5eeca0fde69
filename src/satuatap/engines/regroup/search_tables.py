"""The arrays that the search's compiled loops read and write: neighbour lists, loads and counters of one core."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from satuatap.engines.regroup.core import TOLERANCE, Core, Floats, Ints


class Tables(NamedTuple):
    """The arrays of one core. ``n`` groups, ``m`` places, ``r`` resources, ``l`` measures, ``b`` rows."""

    assign: Floats  # (n, m), 0 where forbidden; a pair of a group with itself is folded in
    allowed: NDArray[np.bool_]  # (n, m)
    may_start: Ints  # (n + 1,) into may: the places a group may sit in
    may: Ints
    open_cost: Floats  # (m,), 0 where it is paid in every plan
    size: Floats  # (n, r), in mean sizes of that resource
    room: Floats  # (m, r), likewise, with the tolerance
    near_start: Ints  # (n + 1,) into near, out, back: the groups tied to a group
    near: Ints
    out: Floats  # weight of distance[here, there]
    back: Floats  # weight of distance[there, here]; all 0 where distances are symmetric
    distance: Floats  # (m, m)
    returning: Floats  # (m, m) its transpose
    apart_start: Ints  # (n + 1,) into apart
    apart: Ints
    load: Floats  # (n, l)
    post_start: Ints  # (m + 1,) into post_measure, post_norm, post_price
    post_measure: Ints
    post_norm: Floats
    post_price: Floats
    row: Floats  # (n, m, b), each row in units of its own mean entry
    limit: Floats  # (b,), likewise, with the tolerance
    bill_start: Ints  # (m + 1,) into bill_mix and piece_start
    bill_mix: Floats  # (d, l)
    piece_start: Ints  # (d + 1,) into piece_from, piece_value, piece_slope
    piece_from: Floats
    piece_value: Floats
    piece_slope: Floats


class Where(NamedTuple):
    """Where each array begins in the two memories: ``f`` of float64 and ``g`` of int64.

    Compiled loops that get forty arrays spend most of their time counting references to them; two arrays and a tuple
    of whole numbers made the walk ten times faster.
    """

    n: int
    m: int
    r: int
    l: int  # noqa: E741
    b: int
    assign: int  # f (n, m)
    open_cost: int  # f (m,)
    size: int  # f (n, r)
    room: int  # f (m, r)
    out: int  # f by edge
    back: int  # f by edge
    distance: int  # f (m, m)
    returning: int  # f (m, m)
    load: int  # f (n, l)
    post_norm: int  # f by post
    post_price: int  # f by post
    row: int  # f (n, m, b)
    limit: int  # f (b,)
    bill_mix: int  # f by bill (d, l)
    piece_from: int  # f by piece of a bill
    piece_value: int  # f by piece
    piece_slope: int  # f by piece
    taken: int  # f (m, r) changes
    loads: int  # f (m, l) changes
    rows: int  # f (b,) changes
    value: int  # f (8,) changes: see below
    history: int  # f (h,) changes: energies that late acceptance compares with
    late: int  # h; 0 for annealing
    allowed: int  # g (n, m)
    may_start: int  # g (n + 1,)
    may: int  # g
    near_start: int  # g (n + 1,)
    near: int  # g by edge
    apart_start: int  # g (n + 1,)
    apart: int  # g
    post_start: int  # g (m + 1,)
    post_measure: int  # g by post
    bill_start: int  # g (m + 1,)
    piece_start: int  # g (d + 1,)
    place: int  # g (n,) changes
    groups: int  # g (m,) changes: groups in a place
    best: int  # g (n,) changes: the best feasible plan so far
    wish: int  # g (n + 2, 2) changes: shifts of a proposed move, group and place it goes to
    left: int  # g (n + 2,) changes: the places they leave
    rng: int  # g (1,) changes


class State(NamedTuple):
    """One search: where things are, and the memories."""

    at: Where
    f: Floats
    g: Ints

    @property
    def best(self) -> Ints:
        """(n,) the best feasible plan so far; meaningless while its cost is ``inf``."""
        return self.g[self.at.best : self.at.best + self.at.n]

    @property
    def value(self) -> Floats:
        """(8,) a view on the numbers of the walk, by the indices below."""
        return self.f[self.at.value : self.at.value + 8]


COST, EXCESS, BEST, HEAT, PRICE, COOLING, ITERATION, FEASIBLE = range(8)  # of State.value


def _lists(count: int, edges: Ints, *values: Floats) -> tuple[Any, ...]:
    """Neighbour lists of directed edges (e, 2): starts (count + 1,), ends (e,) and each value sorted alike."""
    order = np.lexsort((edges[:, 1], edges[:, 0]))
    starts = np.searchsorted(edges[order, 0], np.arange(count + 1)).astype(np.int64)
    return starts, np.ascontiguousarray(edges[order, 1]), *(np.ascontiguousarray(v[order]) for v in values)


def merged_pairs(core: Core) -> tuple[Ints, Floats, Floats]:
    """Pairs (p, 2) with i < j once each, the weight of distance[s_i, s_j] and that of distance[s_j, s_i]."""
    if not len(core.weight):
        return np.zeros((0, 2), np.int64), np.zeros(0), np.zeros(0)
    i, j = core.pair[:, 0], core.pair[:, 1]
    keep = (i != j) & (core.weight > 0)
    low, high = np.minimum(i, j)[keep], np.maximum(i, j)[keep]
    keys, where = np.unique(low * core.n + high, return_inverse=True)
    ahead = (i < j)[keep]
    forth = np.bincount(where, np.where(ahead, core.weight[keep], 0.0), len(keys)).astype(np.float64)
    back = np.bincount(where, np.where(ahead, 0.0, core.weight[keep]), len(keys)).astype(np.float64)
    if np.array_equal(core.distance, core.distance.T):
        forth, back = forth + back, np.zeros_like(back)
    return np.column_stack([keys // core.n, keys % core.n]).astype(np.int64), forth, back


def folded_assign(core: Core) -> Floats:
    """(n, m) assignment costs with a group's distance to itself folded in; ``inf`` stays."""
    assign = core.assign.astype(np.float64, copy=True)
    if len(core.weight):
        own = core.pair[:, 0] == core.pair[:, 1]
        for i, weight in zip(core.pair[own, 0], core.weight[own], strict=True):
            assign[i] += weight * np.diagonal(core.distance)
    return assign


def tables(core: Core) -> Tables:
    """Neighbour lists and scaled sizes of a core."""
    n, m, r, b = core.n, core.m, core.size.shape[0], len(core.limit)
    assign = folded_assign(core)
    allowed = np.isfinite(assign)
    for k in range(r):
        allowed &= core.size[k][:, None] <= (core.room[k] * (1 + TOLERANCE) + TOLERANCE)[None, :]
    who, where = np.nonzero(allowed)
    unit = np.array([max(1e-12, float(core.size[k].mean())) for k in range(r)])
    pair, forth, back = merged_pairs(core)
    both = np.concatenate([pair, pair[:, ::-1]])
    symmetric = not len(core.weight) or np.array_equal(core.distance, core.distance.T)
    near = _lists(
        n,
        both,
        np.concatenate([forth, forth if symmetric else back]),
        np.concatenate([back, back if symmetric else forth]),
    )
    apart = core.apart[core.apart[:, 0] != core.apart[:, 1]]
    apart = np.unique(np.concatenate([apart, apart[:, ::-1]]), axis=0) if len(apart) else np.zeros((0, 2), np.int64)
    order = np.argsort(core.posts.place, kind="stable")
    scale = np.array([max(1e-12, float(np.abs(core.row[k]).mean())) for k in range(b)])
    distance = np.ascontiguousarray(core.distance, dtype=np.float64) if len(core.weight) else np.zeros((1, 1))
    limit = core.limit + TOLERANCE * np.maximum(1.0, np.abs(core.limit))
    return Tables(  # type: ignore[call-arg]  # the neighbour lists are unpacked in their places
        np.where(np.isfinite(assign), assign, 0.0),
        allowed,
        np.searchsorted(who, np.arange(n + 1)).astype(np.int64),
        where.astype(np.int64),
        np.where(core.kept_open, 0.0, core.open_cost).astype(np.float64),
        np.ascontiguousarray((core.size / unit[:, None]).T).reshape(n, r),
        np.ascontiguousarray(((core.room * (1 + TOLERANCE) + TOLERANCE) / unit[:, None]).T).reshape(m, r),
        *near,
        distance,
        np.ascontiguousarray(distance.T),
        *_lists(n, apart),
        np.ascontiguousarray(core.load.T, dtype=np.float64).reshape(n, core.load.shape[0]),
        np.searchsorted(core.posts.place[order], np.arange(m + 1)).astype(np.int64),
        np.ascontiguousarray(core.posts.measure[order]).astype(np.int64),
        np.ascontiguousarray(core.posts.norm[order], dtype=np.float64),
        np.ascontiguousarray(core.posts.price[order], dtype=np.float64),
        np.ascontiguousarray(np.moveaxis(core.row, 0, -1) / scale).reshape(n, m, b),
        limit / scale,
        *_bills(core),
    )


def _bills(core: Core) -> tuple[Ints, Floats, Ints, Floats, Floats, Floats]:
    """The bills in the order of their places."""
    bills = core.bills
    order = np.argsort(bills.place, kind="stable")
    pieces = [np.arange(bills.first[d], bills.first[d + 1]) for d in order]
    every = np.concatenate([np.zeros(0, np.int64), *pieces])
    start = np.cumsum([0] + [len(piece) for piece in pieces]).astype(np.int64)
    where = np.searchsorted(bills.place[order], np.arange(core.m + 1)).astype(np.int64)
    return where, bills.mix[order], start, bills.start[every], bills.value[every], bills.slope[every]


_FLOATS = ("assign", "open_cost", "size", "room", "out", "back", "distance", "returning", "load", "post_norm",
           "post_price", "row", "limit", "bill_mix", "piece_from", "piece_value", "piece_slope")  # fmt: skip
_INTS = ("allowed", "may_start", "may", "near_start", "near", "apart_start", "apart", "post_start", "post_measure",
         "bill_start", "piece_start")  # fmt: skip


def new_state(t: Tables, plan: Ints, seed: int, history: int = 0) -> State:
    """A state at a plan; its counters are filled when the walk begins."""
    n, m = t.assign.shape
    r, measures, b = t.size.shape[1], t.load.shape[1], len(t.limit)
    value = np.zeros(8)
    value[BEST] = np.inf
    rng = np.random.SeedSequence(seed).generate_state(1, np.uint64).astype(np.int64) | 1
    floats = {name: getattr(t, name) for name in _FLOATS}
    floats |= {
        "taken": np.zeros(m * r),
        "loads": np.zeros(m * measures),
        "rows": np.zeros(b),
        "value": value,
        "history": np.zeros(history),
    }
    ints = {name: getattr(t, name) for name in _INTS}
    ints |= {
        "place": plan,
        "groups": np.zeros(m),
        "best": plan,
        "wish": np.zeros(2 * n + 4),
        "left": np.zeros(n + 2),
        "rng": rng,
    }
    starts: dict[str, int] = {}
    memories = []
    for kind, arrays in ((np.float64, floats), (np.int64, ints)):
        place = 0
        for name, array in arrays.items():
            starts[name] = place
            place += array.size
        memories.append(np.concatenate([array.astype(kind).ravel() for array in arrays.values()]))
    at = Where(n=n, m=m, r=r, l=measures, b=b, late=history, **starts)
    return State(at, memories[0], memories[1])
