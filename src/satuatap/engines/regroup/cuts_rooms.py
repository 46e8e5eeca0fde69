"""Compiled separation of room cuts: what some places K can hold together, rounded.

For groups J and places K, sum_{k in K} room_k y_k + sum_{j in J, k not in K} size_j x_jk >= sum_{j in J} size_j: a
place holds no more than its room. Mixed-integer rounding (Marchand and Wolsey, 2001) of this row, divided by the room
of one place and with the places that are open for sure written as 1 - y, gives a row that is stronger where K is not
full: with equal rooms the residual capacity inequality (Magnanti, Mirchandani and Vachani, 1993), else a flow cover.
K grows from each place that is open in part by the place that shares most of its groups; J are the groups that sit
most in K. Posts are counted by the same row, with norms as rooms and the number of posts as y.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from satuatap.engines.regroup.core import Floats

SURE = 0.999  # an opening from here on is written as 1 - y
_PART = 1e-3  # from a whole number, for a column to be a beginning
LEAST = 1e-3  # violation of a cut, in places
_LOW, _HIGH = 0.02, 0.9999  # fractions of the right-hand side that round to something safe and strong
_INSIDE = 0.3  # a group that sits less than this in K is not in J


@njit(cache=True, nogil=True)
def rounded(a: float, f: float) -> float:
    """The coefficient of a whole-numbered column after rounding a >= row whose right-hand side has fraction ``f``."""
    whole = np.floor(a)
    return float(whole + min((a - whole) / f, 1.0))


@njit(cache=True, nogil=True)
def _places(inside: Floats, y: Floats, sure: Floats, room: Floats, unit: float, f: float) -> float:
    """What the places of K bring to the rounded row at ``y``."""
    total = 0.0
    for k in range(len(y)):
        if inside[k] > 0:
            if sure[k] > 0:
                total += rounded(-room[k] / unit, f) * (1.0 - y[k])
            else:
                total += rounded(room[k] / unit, f) * y[k]
    return total


@njit(cache=True, nogil=True)
def _groups(
    inside: Floats, share: Floats, y: Floats, sure: Floats, size: Floats, room: Floats, unit: float, least: float
) -> tuple:
    """The best J for one K: violation (or ``least``), how many groups by falling share, their need less sure rooms."""
    order = np.argsort(-share)
    need, best, count, of = 0.0, least, 0, 0.0
    for k in range(len(y)):
        if inside[k] > 0 and sure[k] > 0:
            need -= room[k]
    for e in range(len(order)):
        if share[order[e]] < _INSIDE:
            break
        need += size[order[e]]
        f = need / unit - np.floor(need / unit)
        if f < _LOW or f > _HIGH:
            continue
        left = np.ceil(need / unit) - _places(inside, y, sure, room, unit, f)
        for g in range(e + 1):
            if left <= best:
                break
            j = order[g]
            left -= rounded(size[j] / unit, f) * max(0.0, 1.0 - share[j])
        if left > best:
            best, count, of = left, e + 1, need
    return best, count, of, order


@njit(cache=True, nogil=True)
def _neighbour(inside: Floats, share: Floats, seats: Floats, y: Floats, size: Floats, room: Floats) -> int:
    """The place outside K that shares most with K; -1 if none shares anything."""
    best, most = -1, 1e-6
    for k in range(len(y)):
        if inside[k] > 0 or y[k] <= 1e-4 or room[k] <= 0:
            continue
        here = 0.0
        for i in range(len(size)):
            if share[i] > 1e-6 and seats[i, k] > 1e-6:
                here += size[i] * min(share[i], seats[i, k])
        if here > most:
            best, most = k, here
    return best


@njit(cache=True, nogil=True)
def room_cuts(
    seats: Floats, y: Floats, sure: Floats, size: Floats, room: Floats
) -> tuple[Floats, Floats, Floats, Floats]:
    """Violated cuts at ``seats`` (n, m) and ``y`` (m,): J (c, n) and K (c, m) as 0 and 1, need (c,) and unit (c,).

    ``y`` counts rooms of ``room`` (m,), 0 where a place has none; where ``sure`` is 1 it is written as 1 - y.
    """
    n, m = seats.shape
    served, held = np.zeros((m, n)), np.zeros((m, m))
    needs, units = np.zeros(m), np.zeros(m)
    c = 0
    for start in range(m):
        unit = room[start]
        if abs(y[start] - np.round(y[start])) < _PART or unit <= 0:
            continue
        inside = np.zeros(m)
        share = np.zeros(n)
        best = LEAST
        add = start
        while add >= 0:
            inside[add] = 1.0
            share = np.minimum(1.0, share + seats[:, add])
            found, count, need, order = _groups(inside, share, y, sure, size, room, unit, best)
            if found > best:
                best = found
                served[c], held[c], needs[c], units[c] = 0.0, inside, need, unit
                for g in range(count):
                    served[c, order[g]] = 1.0
            add = _neighbour(inside, share, seats, y, size, room)
        if best > LEAST:
            c += 1
    return served[:c], held[:c], needs[:c], units[:c]
