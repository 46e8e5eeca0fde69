"""Compiled moves of the search: one group to another place with the change of cost and of what is over capacity.

Every compound move (swap, chain, exchange, close, open of whole places) is a list of single shifts, its *wish*, that
the walk makes one after the other, so that one difference formula is true for all. ``o`` says where each array begins
in the memories ``f`` and ``g`` (search_tables.Where).
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from satuatap.engines.regroup.core import TOLERANCE, Floats, Ints
from satuatap.engines.regroup.search_tables import COST, EXCESS, Where

_TRIES = 8  # open places that a group of a closing place may choose among


@njit(cache=True, nogil=True)
def chance(o: Where, g: Ints) -> float:
    """A number in [0, 1): xorshift64 of Marsaglia (2003)."""
    x = np.uint64(g[o.rng])
    x ^= x << np.uint64(13)
    x ^= x >> np.uint64(7)
    x ^= x << np.uint64(17)
    g[o.rng] = np.int64(x)
    return np.float64(x >> np.uint64(11)) * (1.0 / 9007199254740992.0)


@njit(cache=True, nogil=True)
def draw(o: Where, g: Ints, below: int) -> int:
    """A whole number in [0, below)."""
    return int(chance(o, g) * below)


@njit(cache=True, nogil=True)
def _bill(o: Where, f: Floats, g: Ints, d: int, use: float) -> float:
    """The amount of bill ``d`` for what is used: the last piece that has begun."""
    s = g[o.piece_start + d + 1] - 1
    while s > g[o.piece_start + d] and f[o.piece_from + s] > use:
        s -= 1
    return f[o.piece_value + s] + f[o.piece_slope + s] * (use - f[o.piece_from + s])


@njit(cache=True, nogil=True)
def refresh(o: Where, f: Floats, g: Ints) -> None:
    """Fill every counter, the cost and the excess from the plan alone, which also ends rounding drift."""
    g[o.groups : o.groups + o.m] = 0
    f[o.taken : o.value] = 0.0  # taken, loads and rows lie side by side
    cost, over = 0.0, 0.0
    for i in range(o.n):
        k = g[o.place + i]
        g[o.groups + k] += 1
        for r in range(o.r):
            f[o.taken + k * o.r + r] += f[o.size + i * o.r + r]
        for c in range(o.l):
            f[o.loads + k * o.l + c] += f[o.load + i * o.l + c]
        for c in range(o.b):
            f[o.rows + c] += f[o.row + (i * o.m + k) * o.b + c]
        cost += f[o.assign + i * o.m + k]
        for e in range(g[o.near_start + i], g[o.near_start + i + 1]):
            if g[o.near + e] > i:
                p = k * o.m + g[o.place + g[o.near + e]]
                cost += f[o.out + e] * f[o.distance + p] + f[o.back + e] * f[o.returning + p]
        for e in range(g[o.apart_start + i], g[o.apart_start + i + 1]):
            if g[o.apart + e] > i and g[o.place + g[o.apart + e]] == k:
                over += 1.0
    for k in range(o.m):
        if g[o.groups + k]:
            cost += f[o.open_cost + k]
        for c in range(g[o.post_start + k], g[o.post_start + k + 1]):
            here = f[o.loads + k * o.l + g[o.post_measure + c]]
            cost += f[o.post_price + c] * math.ceil(here / f[o.post_norm + c] - TOLERANCE)
        for d in range(g[o.bill_start + k], g[o.bill_start + k + 1]):
            use = 0.0
            for c in range(o.l):
                use += f[o.bill_mix + d * o.l + c] * f[o.loads + k * o.l + c]
            cost += _bill(o, f, g, d, use)
        for r in range(o.r):
            over += max(0.0, f[o.taken + k * o.r + r] - f[o.room + k * o.r + r])
    for c in range(o.b):
        over += max(0.0, f[o.rows + c] - f[o.limit + c])
    f[o.value + COST] = cost
    f[o.value + EXCESS] = over


@njit(cache=True, nogil=True)
def _steps(o: Where, f: Floats, g: Ints, i: int, k: int, sign: float) -> float:
    """Change of the posts and bills of place ``k`` when group ``i`` comes (+1) or goes (-1)."""
    change = 0.0
    for c in range(g[o.post_start + k], g[o.post_start + k + 1]):
        measure = g[o.post_measure + c]
        now = f[o.loads + k * o.l + measure]
        then = now + sign * f[o.load + i * o.l + measure]
        norm = f[o.post_norm + c]
        change += f[o.post_price + c] * (math.ceil(then / norm - TOLERANCE) - math.ceil(now / norm - TOLERANCE))
    for d in range(g[o.bill_start + k], g[o.bill_start + k + 1]):
        now = come = 0.0
        for c in range(o.l):
            now += f[o.bill_mix + d * o.l + c] * f[o.loads + k * o.l + c]
            come += f[o.bill_mix + d * o.l + c] * f[o.load + i * o.l + c]
        change += _bill(o, f, g, d, now + sign * come) - _bill(o, f, g, d, now)
    return change


@njit(cache=True, nogil=True)
def _over(o: Where, f: Floats, g: Ints, i: int, a: int, b: int) -> float:
    """Change of excess when group ``i`` moves from ``a`` to ``b``."""
    over = 0.0
    for r in range(o.r):
        q = f[o.size + i * o.r + r]
        x = f[o.taken + b * o.r + r] - f[o.room + b * o.r + r]
        over += max(0.0, x + q) - max(0.0, x)
        x = f[o.taken + a * o.r + r] - f[o.room + a * o.r + r]
        over += max(0.0, x - q) - max(0.0, x)
    for e in range(g[o.apart_start + i], g[o.apart_start + i + 1]):
        p = g[o.place + g[o.apart + e]]
        if p == b:
            over += 1.0
        elif p == a:
            over -= 1.0
    for c in range(o.b):
        x = f[o.rows + c] - f[o.limit + c]
        come = f[o.row + (i * o.m + b) * o.b + c] - f[o.row + (i * o.m + a) * o.b + c]
        over += max(0.0, x + come) - max(0.0, x)
    return over


@njit(cache=True, nogil=True)
def difference(o: Where, f: Floats, g: Ints, i: int, b: int) -> tuple[float, float]:
    """Change of cost and of excess when group ``i`` moves to place ``b``."""
    a = g[o.place + i]
    cost = f[o.assign + i * o.m + b] - f[o.assign + i * o.m + a]
    if g[o.groups + b] == 0:
        cost += f[o.open_cost + b]
    if g[o.groups + a] == 1:
        cost -= f[o.open_cost + a]
    there, here = o.distance + b * o.m, o.distance + a * o.m
    turn = o.returning - o.distance
    for e in range(g[o.near_start + i], g[o.near_start + i + 1]):
        p = g[o.place + g[o.near + e]]
        cost += f[o.out + e] * (f[there + p] - f[here + p])
        if f[o.back + e] != 0.0:
            cost += f[o.back + e] * (f[turn + there + p] - f[turn + here + p])
    if o.l:
        cost += _steps(o, f, g, i, b, 1.0) + _steps(o, f, g, i, a, -1.0)
    return cost, _over(o, f, g, i, a, b)


@njit(cache=True, nogil=True)
def shift(o: Where, f: Floats, g: Ints, i: int, b: int) -> None:
    """Group ``i`` sits in place ``b`` from now on; cost and excess are the caller's."""
    a = g[o.place + i]
    g[o.place + i] = b
    g[o.groups + a] -= 1
    g[o.groups + b] += 1
    for r in range(o.r):
        f[o.taken + a * o.r + r] -= f[o.size + i * o.r + r]
        f[o.taken + b * o.r + r] += f[o.size + i * o.r + r]
    for c in range(o.l):
        f[o.loads + a * o.l + c] -= f[o.load + i * o.l + c]
        f[o.loads + b * o.l + c] += f[o.load + i * o.l + c]
    for c in range(o.b):
        f[o.rows + c] += f[o.row + (i * o.m + b) * o.b + c] - f[o.row + (i * o.m + a) * o.b + c]


@njit(cache=True, nogil=True)
def wish(o: Where, g: Ints, e: int, i: int, k: int) -> None:
    """The ``e``-th shift of the proposed move: group ``i`` to place ``k``."""
    g[o.wish + 2 * e] = i
    g[o.wish + 2 * e + 1] = k


@njit(cache=True, nogil=True)
def exchange(o: Where, g: Ints, a: int, b: int) -> int:
    """Everybody of ``a`` to ``b`` and of ``b`` to ``a`` (who may); an empty ``b`` means that ``a`` is moved whole."""
    wanted = 0
    for i in range(o.n):
        k = g[o.place + i]
        to = b if k == a else a
        if k in (a, b) and g[o.allowed + i * o.m + to]:
            wish(o, g, wanted, i, to)
            wanted += 1
    return wanted


@njit(cache=True, nogil=True)
def close(o: Where, f: Floats, g: Ints, a: int, price: float) -> int:
    """Everybody of ``a`` to the best of a few open places; tried on the counters and taken back."""
    wanted = 0
    whole = True
    for i in range(o.n):
        if g[o.place + i] != a:
            continue
        best, best_k = np.inf, -1
        for _ in range(_TRIES):
            k = g[o.place + draw(o, g, o.n)]
            if k != a and g[o.allowed + i * o.m + k]:
                c, x = difference(o, f, g, i, k)
                if c + price * x < best:
                    best, best_k = c + price * x, k
        if best_k < 0:
            whole = False
            break
        wish(o, g, wanted, i, best_k)
        wanted += 1
        shift(o, f, g, i, best_k)
    for e in range(wanted - 1, -1, -1):
        shift(o, f, g, g[o.wish + 2 * e], a)
    return wanted if whole else 0


@njit(cache=True, nogil=True)
def fill(o: Where, f: Floats, g: Ints, b: int, price: float) -> int:
    """Open ``b``: everybody who is better off there comes, from a random group on; tried and taken back."""
    wanted = 0
    first = draw(o, g, o.n)
    for step in range(o.n):
        i = (first + step) % o.n
        if g[o.place + i] == b or not g[o.allowed + i * o.m + b]:
            continue
        c, x = difference(o, f, g, i, b)
        paid = f[o.open_cost + b] if g[o.groups + b] == 0 else 0.0
        if c - paid + price * x < 0:
            wish(o, g, wanted, i, b)
            g[o.left + wanted] = g[o.place + i]
            wanted += 1
            shift(o, f, g, i, b)
    for e in range(wanted - 1, -1, -1):
        shift(o, f, g, g[o.wish + 2 * e], g[o.left + e])
    return wanted
