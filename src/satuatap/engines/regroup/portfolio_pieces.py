"""Large neighbourhoods: a few places and the groups in them as a small core of their own, solved exactly.

After Shaw (1998). Groups that stay are one group of their place, so that rooms, posts and open costs need no exception.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from satuatap.engines.regroup.core import Core, Floats, Ints, Posts


def restricted(core: Core, places: Ints) -> Core | None:
    """The core with only these places (and those that stay open anyway); None if a group then has none."""
    inside = core.kept_open.copy()
    inside[places] = True
    assign = np.where(inside[None, :], core.assign, np.inf)
    return replace(core, assign=assign) if np.isfinite(assign).any(axis=1).all() else None


def piece(core: Core, plan: Ints, free: Ints, places: Ints) -> Core:
    """The core of the ``free`` groups and ``places``; after them one group for each place that holds others.

    Only for cores without pairs. Its cost differs from the whole plan's by a constant.
    """
    held = np.ones(core.n, bool)
    held[free] = False
    holding = [k for k in places if (held & (plan == k)).any()]
    inside = [held & (plan == k) for k in holding]
    own = np.full((len(holding), len(places)), np.inf)
    for d, k in enumerate(holding):
        own[d, np.flatnonzero(places == k)[0]] = 0.0
    assign = np.vstack([core.assign[np.ix_(free, places)], own])
    where = {int(i): e for e, i in enumerate(free)}
    apart = []
    for i, j in core.apart.tolist():
        if i in where and j in where:
            apart.append((where[i], where[j]))
        for mine, other in ((i, j), (j, i)):
            if mine in where and other not in where:
                assign[where[mine], places == plan[other]] = np.inf
    fixed = np.flatnonzero(held)
    rows = np.zeros((len(core.limit), len(assign), len(places)))
    if len(core.limit):
        rows[:, : len(free)] = core.row[:, free][:, :, places]
    limit = core.limit - core.row[:, fixed, plan[fixed]].sum(axis=1) if len(core.limit) else core.limit
    mine = np.flatnonzero(np.isin(core.posts.place, places))
    order = {int(k): e for e, k in enumerate(places)}
    posts = Posts(
        np.array([order[int(k)] for k in core.posts.place[mine]], np.int64),
        core.posts.measure[mine],
        core.posts.norm[mine],
        core.posts.price[mine],
    )
    return Core(
        assign,
        core.open_cost[places],
        _with(core.size, free, inside),
        core.room[:, places],
        apart=np.array(apart, np.int64).reshape(-1, 2),
        must_open=core.kept_open[places],
        load=_with(core.load, free, inside) if core.load.shape[0] else np.zeros((0, len(assign))),
        posts=posts,
        bills=core.bills.among(places),
        row=rows,
        limit=limit,
    )


def _with(values: Floats, free: Ints, inside: list[np.ndarray]) -> Floats:
    """(r, free + holding) values of the free groups and the sums of those that stay."""
    sums = [values[:, mask].sum(axis=1)[:, None] for mask in inside]
    return np.concatenate([values[:, free], *sums], axis=1)


def neighbourhood(
    core: Core, plan: Ints, rng: np.random.Generator, groups: int, likely: Ints | None
) -> tuple[Ints, Ints]:
    """About so many free groups and where they may go: one open place, those most like it, a few closed ones."""
    used = np.unique(plan)
    first = int(rng.choice(used))
    mine = np.flatnonzero(plan == first)
    finite = np.where(np.isfinite(core.assign), core.assign, np.nan)
    likeness = np.nan_to_num(np.nanmean(finite[mine], axis=0), nan=1e30)
    likeness = likeness * rng.uniform(0.6, 1.4, core.m)
    others = used[used != first]
    chosen = [first]
    count = len(mine)
    for k in others[np.argsort(likeness[others])].tolist():
        if count >= groups:
            break
        chosen.append(k)
        count += int((plan == k).sum())
    free = np.flatnonzero(np.isin(plan, chosen))
    if len(free) > groups:
        free = np.sort(rng.choice(free, groups, replace=False))
    closed = np.setdiff1d(np.arange(core.m) if likely is None else likely, used)
    if len(closed):
        pick = closed[np.argsort(likeness[closed])][: int(rng.integers(0, 4))]
        chosen += pick.tolist()
    return free, np.array(sorted(set(chosen)), np.int64)
