"""The compiled walk: one block of moves of simulated annealing or of late acceptance.

Annealing after Kirkpatrick, Gelatt and Vecchi (1983); late acceptance after Burke and Bykov (2017). What is over a
capacity, a separation or a limit is priced; the price drifts so that a fair share of the visited plans is feasible.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from satuatap.engines.regroup.core import Floats, Ints
from satuatap.engines.regroup.search_moves import (
    chance,
    close,
    difference,
    draw,
    exchange,
    fill,
    refresh,
    shift,
    wish,
)
from satuatap.engines.regroup.search_tables import (
    BEST,
    COOLING,
    COST,
    EXCESS,
    FEASIBLE,
    HEAT,
    ITERATION,
    PRICE,
    Where,
)

_CLEAN = 1e-9  # excess below this is rounding
_LOW, _HIGH, _DRIFT = 0.25, 0.6, 1.08  # wanted share of feasible plans, and how the price drifts towards it


@njit(cache=True, nogil=True)
def _some_place(o: Where, g: Ints, i: int) -> int:
    """A place for group ``i``: half of the time one that is in use, else any that it may sit in; -1 if none."""
    first, last = g[o.may_start + i], g[o.may_start + i + 1]
    k = g[o.place + draw(o, g, o.n)] if draw(o, g, 2) else g[o.may + first + draw(o, g, last - first)]
    return k if g[o.allowed + i * o.m + k] and k != g[o.place + i] else -1


@njit(cache=True, nogil=True)
def _pair(o: Where, g: Ints, chain: bool) -> int:
    """Two groups change places; in a chain the second goes on to a third place instead."""
    i, j = draw(o, g, o.n), draw(o, g, o.n)
    a, b = g[o.place + i], g[o.place + j]
    if a == b or not g[o.allowed + i * o.m + b]:
        return 0
    c = g[o.place + draw(o, g, o.n)] if chain else a
    if c == b or not g[o.allowed + j * o.m + c]:
        return 0
    wish(o, g, 0, i, b)
    wish(o, g, 1, j, c)
    return 2


@njit(cache=True, nogil=True)
def _propose(o: Where, f: Floats, g: Ints, whole: int) -> int:
    """One random move into the wish: how many shifts (0 = nothing). ``whole``: of 10,000 those of whole places."""
    dice = draw(o, g, 10_000)
    if dice < whole:
        a, b = g[o.place + draw(o, g, o.n)], draw(o, g, o.m)
        kind = draw(o, g, 3)
        if kind == 0:
            return exchange(o, g, a, b) if a != b else 0
        price = f[o.value + PRICE]
        return close(o, f, g, a, price) if kind == 1 else fill(o, f, g, b, price)
    if dice < 4_700:
        i = draw(o, g, o.n)
        k = _some_place(o, g, i)
        wish(o, g, 0, i, k)
        return 1 if k >= 0 else 0
    return _pair(o, g, dice >= 8_700)


@njit(cache=True, nogil=True)
def _late(o: Where, f: Floats, energy: float, after: float) -> bool:
    """Late acceptance: not worse than now, or than so many moves ago."""
    spot = o.history + int(f[o.value + ITERATION]) % o.late
    yes = after <= energy or after <= f[spot]
    f[spot] = min(f[spot], after if yes else energy)
    return yes


@njit(cache=True, nogil=True)
def _keep_best(o: Where, f: Floats, g: Ints) -> None:
    cost = f[o.value + COST]
    if f[o.value + EXCESS] <= _CLEAN and cost < f[o.value + BEST] - 1e-9 * (1.0 + abs(cost)):
        f[o.value + BEST] = cost
        g[o.best : o.best + o.n] = g[o.place : o.place + o.n]


@njit(cache=True, nogil=True)
def _tried(o: Where, f: Floats, g: Ints, wanted: int) -> tuple[float, float]:
    """All wished shifts but the last are made; the change of cost and of excess of all of them."""
    cost, over = 0.0, 0.0
    for e in range(wanted):
        i, to = g[o.wish + 2 * e], g[o.wish + 2 * e + 1]
        g[o.left + e] = g[o.place + i]
        c, x = difference(o, f, g, i, to)
        cost += c
        over += x
        if e < wanted - 1:
            shift(o, f, g, i, to)
    return cost, over


@njit(cache=True, nogil=True)
def walk(o: Where, f: Floats, g: Ints, moves: int) -> None:
    """So many moves from where the state stands; heat, price and best plan are in the state."""
    refresh(o, f, g)
    _keep_best(o, f, g)
    period = 20 * o.n
    whole = max(5, min(300, 20_000 // o.n))
    v = o.value
    for step in range(moves):
        f[v + ITERATION] += 1
        if step % 64 == 0:
            f[v + HEAT] *= f[v + COOLING]
        wanted = _propose(o, f, g, whole)
        if wanted:
            cost, over = _tried(o, f, g, wanted)
            change = cost + f[v + PRICE] * over
            if o.late:
                now = f[v + COST] + f[v + PRICE] * f[v + EXCESS]
                yes = _late(o, f, now, now + change)
            else:
                yes = change <= 0.0 or chance(o, g) < math.exp(-change / f[v + HEAT])
            if yes:
                shift(o, f, g, g[o.wish + 2 * wanted - 2], g[o.wish + 2 * wanted - 1])
                f[v + COST] += cost
                f[v + EXCESS] = max(0.0, f[v + EXCESS] + over)
                _keep_best(o, f, g)
            else:
                for e in range(wanted - 2, -1, -1):
                    shift(o, f, g, g[o.wish + 2 * e], g[o.left + e])
        if f[v + EXCESS] <= _CLEAN:
            f[v + FEASIBLE] += 1
        if step % period == period - 1:
            _drift(o, f, f[v + FEASIBLE] / period)
            refresh(o, f, g)


@njit(cache=True, nogil=True)
def _drift(o: Where, f: Floats, share: float) -> None:
    """The price of excess follows the share of feasible plans in the last period; late acceptance never lowers it."""
    f[o.value + FEASIBLE] = 0.0
    if share < _LOW:
        f[o.value + PRICE] *= _DRIFT
    elif share > _HIGH and not o.late:
        f[o.value + PRICE] /= _DRIFT


@njit(cache=True, nogil=True)
def sample(o: Where, f: Floats, g: Ints, count: int) -> np.ndarray:
    """Absolute changes of cost of at most so many random moves, none kept: the scale of the heat."""
    refresh(o, f, g)
    found = np.zeros(count)
    have = 0
    for _ in range(20 * count):
        if have == count:
            break
        wanted = _propose(o, f, g, 0)
        if wanted:
            cost, _over = _tried(o, f, g, wanted)
            for e in range(wanted - 2, -1, -1):
                shift(o, f, g, g[o.wish + 2 * e], g[o.left + e])
            if cost != 0.0:
                found[have] = abs(cost)
                have += 1
    return found[:have]
