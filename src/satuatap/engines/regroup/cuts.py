"""Compiled separation of the two families of cuts that make the lower bound.

Distance cuts: the least a pair can travel, given where its two groups sit in part, is a transport problem between the
positive and the negative part of x_i - x_j; its potentials phi, made true for every place, give
theta >= sum_l phi_l (x_jl - x_il), which holds for every plan because phi_k - phi_l <= distance(l, k).

Hull cuts: for the groups that share one place in part, the best inequality pi x <= y over all sets that fit together
(the dual of packing by sets; Kaparis and Letchford, 2010), then lifted to every other group with one knapsack table
(Padberg, 1975).
"""

from __future__ import annotations

import numpy as np
from numba import njit

from satuatap.engines.regroup.core import Floats, Ints

ITEMS = 13  # groups of a hull cut before lifting: 2^13 sets are listed
_EPS = 1e-9


@njit(cache=True, nogil=True)
def closure(distance: Floats) -> Floats:
    """(m, m) shortest-path closure with a zero diagonal: never above the distances, and it keeps the triangle rule."""
    d = distance.copy()
    m = d.shape[0]
    for k in range(m):
        d[k, k] = 0.0
    for k in range(m):
        for i in range(m):
            for j in range(m):
                if d[i, k] + d[k, j] < d[i, j]:
                    d[i, j] = d[i, k] + d[k, j]
    return d


@njit(cache=True, nogil=True)
def _heights(d: Floats, flow: Floats, start: Floats, to: Floats) -> tuple[Floats, Floats, Ints, Ints]:
    """Bellman-Ford over the residual arcs from every source with height ``start``; parents of sinks and sources."""
    s, t = flow.shape
    up, down = start.copy(), to.copy()
    from_source = np.full(t, -1, np.int64)
    from_sink = np.full(s, -1, np.int64)
    for _ in range(s + t + 1):
        same = True
        for a in range(s):
            if up[a] == np.inf:
                continue
            for b in range(t):
                if up[a] + d[a, b] < down[b] - _EPS:
                    down[b], from_source[b], same = up[a] + d[a, b], a, False
        for b in range(t):
            if down[b] == np.inf:
                continue
            for a in range(s):
                if flow[a, b] > _EPS and down[b] - d[a, b] < up[a] - _EPS:
                    up[a], from_sink[a], same = down[b] - d[a, b], b, False
        if same:
            break
    return up, down, from_source, from_sink


@njit(cache=True, nogil=True)
def _transport(d: Floats, supply: Floats, demand: Floats) -> Floats:
    """(s,) heights of the sources of an optimal transport, by shortest augmenting paths."""
    s, t = len(supply), len(demand)
    flow = np.zeros((s, t))
    left, wanted = supply.copy(), demand.copy()
    nowhere = np.full(t, np.inf)
    for _ in range(4 * (s + t) + 8):
        start = np.where(left > _EPS, 0.0, np.inf)
        if not (left > _EPS).any() or not (wanted > _EPS).any():
            break
        up, down, from_source, from_sink = _heights(d, flow, start, nowhere)
        best = -1
        for b in range(t):
            if wanted[b] > _EPS and (best < 0 or down[b] < down[best]):
                best = b
        if best < 0 or down[best] == np.inf:
            break
        amount = wanted[best]
        b = best
        for _hop in range(s + t):
            a = from_source[b]
            if from_sink[a] < 0:
                amount = min(amount, left[a])
                break
            b = from_sink[a]
            amount = min(amount, flow[a, b])
        wanted[best] -= amount
        b = best
        for _hop in range(s + t):
            a = from_source[b]
            flow[a, b] += amount
            if from_sink[a] < 0:
                left[a] -= amount
                break
            b = from_sink[a]
            flow[a, b] -= amount
    up, _down, _a, _b = _heights(d, flow, np.zeros(s), nowhere)
    return up


@njit(cache=True, nogil=True)
def potentials(d: Floats, first: Floats, second: Floats) -> Floats:
    """(m,) phi with phi_k - phi_l <= d[l, k] and sum phi (second - first) the least transport from first to second."""
    m = len(first)
    change = first - second
    sources = np.flatnonzero(change > _EPS)
    sinks = np.flatnonzero(change < -_EPS)
    if len(sources) == 0 or len(sinks) == 0:
        return np.zeros(m)
    small = np.empty((len(sources), len(sinks)))
    for a in range(len(sources)):
        for b in range(len(sinks)):
            small[a, b] = d[sources[a], sinks[b]]
    up = _transport(small, change[sources], -change[sinks])
    phi = np.full(m, np.inf)
    for a in range(len(sources)):
        for k in range(m):
            phi[k] = min(phi[k], up[a] + d[sources[a], k])
    return phi


@njit(cache=True, nogil=True)
def distance_cuts(d: Floats, pair: Ints, seats: Floats, real: Floats, theta: Floats) -> tuple[Floats, Floats]:
    """For each pair its potentials (p, m) at ``seats`` (n, m), and how far ``theta`` is short of them at ``real``."""
    count, m = len(pair), d.shape[0]
    phi = np.zeros((count, m))
    short = np.zeros(count)
    for p in range(count):
        i, j = pair[p, 0], pair[p, 1]
        phi[p] = potentials(d, seats[i], seats[j])
        value = 0.0
        for k in range(m):
            value += phi[p, k] * (real[j, k] - real[i, k])
        short[p] = value - theta[p]
    return phi, short


@njit(cache=True, nogil=True)
def _fits(size: Ints, room: int) -> np.ndarray:
    """Which of the 2^s sets of items fit into the room."""
    count = 1 << len(size)
    total = np.zeros(count, np.int64)
    for mask in range(1, count):
        low = 0
        while not (mask >> low) & 1:
            low += 1
        total[mask] = total[mask & (mask - 1)] + size[low]
    return total <= room


@njit(cache=True, nogil=True)
def _best_set(pi: Floats, fits: np.ndarray, worth: Floats) -> int:
    """The fitting set with the largest sum of pi; ``worth`` is room for the sums of all sets."""
    best = 0
    for low in range(len(pi)):
        half = 1 << low
        for mask in range(half):
            worth[half + mask] = worth[mask] + pi[low]
    for mask in range(len(fits)):
        if fits[mask] and worth[mask] > worth[best]:
            best = mask
    return best


@njit(cache=True, nogil=True)
def hull(share: Floats, size: Ints, room: int) -> Floats:
    """(s,) pi >= 0, at most 1 on every fitting set, that makes pi . share largest: revised simplex on the dual."""
    s = len(share)
    fits = _fits(size, room)
    worth = np.zeros(len(fits))
    inverse = np.eye(s)
    weight = share.copy()  # of the basic columns, at first the single items
    price = np.ones(s)
    pi = np.ones(s)
    column = np.zeros(s)
    for _ in range(300):
        pi[:] = price @ inverse
        lowest = np.argmin(pi)
        cost = 1.0
        column[:] = 0.0
        if pi[lowest] < -1e-9:
            column[lowest], cost = -1.0, 0.0
        else:
            mask = _best_set(pi, fits, worth)
            if worth[mask] <= 1.0 + 1e-7:
                break
            for i in range(s):
                column[i] = (mask >> i) & 1
        turned = inverse @ column
        leave, step = -1, np.inf
        for i in range(s):
            if turned[i] > 1e-9 and weight[i] / turned[i] < step - 1e-12:
                leave, step = i, weight[i] / turned[i]
        if leave < 0:
            break
        weight -= step * turned
        weight[leave] = step
        price[leave] = cost
        inverse[leave] /= turned[leave]
        for i in range(s):
            if i != leave:
                inverse[i] -= turned[i] * inverse[leave]
    pi = np.maximum(pi, 0.0)
    top = worth[_best_set(pi, fits, worth)]
    return pi / top if top > 1.0 else pi


@njit(cache=True, nogil=True)
def lifted(pi: Floats, chosen: Ints, order: Ints, size: Ints, room: int) -> Floats:
    """(n,) coefficients: pi on the chosen items, every other item in ``order`` as large as stays true."""
    full = np.zeros(len(size))
    table = np.zeros(room + 1)
    for e in range(len(chosen) + len(order)):
        first = e < len(chosen)
        i = chosen[e] if first else order[e - len(chosen)]
        q = size[i]
        if q > room or (not first and full[i] > 0.0):
            continue
        worth = pi[e] if first else 1.0 - table[room - q]
        if worth <= 1e-7:
            continue
        full[i] = worth
        for c in range(room, q - 1, -1):
            if table[c - q] + worth > table[c]:
                table[c] = table[c - q] + worth
    return full
