"""Loops over the chain of a line: its chances step by step, and the tail of the wait. Arrays of float64 only."""

from __future__ import annotations

from math import erf, sqrt

import numpy as np
from numba import njit

LARGE = 500.0  # exp(-700) is 0 in float64


@njit(cache=True)
def advance(chance, arrival, service, desks, unit, minutes):  # type: ignore[no-untyped-def]  # pragma: no cover
    """Chances of each state after ``minutes``, by uniformisation (Jensen 1953).

    ``chance`` (n,) holds 0 to ``desks`` people at desks, then units of ``unit`` people in line. Below a full house
    people come and go singly; above it both rates are divided by ``unit``, so that the line drifts as it should and
    varies ``unit`` times as much.
    """
    n = chance.size
    up, down = np.empty(n), np.empty(n)
    for s in range(n):
        up[s] = arrival if s < desks else arrival / unit
        down[s] = s * service if s <= desks else desks * service / unit
    up[n - 1] = 0.0
    top = 0.0
    for s in range(n):
        top = max(top, up[s] + down[s])
    if top == 0.0:
        return chance.copy()
    mean = top * minutes
    pieces = int(mean / 200.0) + 1  # exp(-mean) stays far from 0
    mean /= pieces
    now = chance.copy()
    for _ in range(pieces):
        weight = np.exp(-mean)
        total, k = weight, 0
        power = now
        found = weight * power
        while total < 1.0 - 1e-12 and k < 4000:
            k += 1
            after = np.empty(n)
            for s in range(n):
                value = power[s] * (1.0 - (up[s] + down[s]) / top)
                if s > 0:
                    value += power[s - 1] * up[s - 1] / top
                if s < n - 1:
                    value += power[s + 1] * down[s + 1] / top
                after[s] = value
            power = after
            weight *= mean / k
            total += weight
            found = found + weight * power
        now = found / found.sum()
    return now


@njit(cache=True)
def remap(chance, desks_before, desks_after, unit):  # type: ignore[no-untyped-def]  # pragma: no cover
    """The same people when the number of desks changes; a part of a unit is shared between two neighbours."""
    n = chance.size
    found = np.zeros(n)
    for s in range(n):
        people = float(s) if s <= desks_before else desks_before + (s - desks_before) * unit
        place = people if people <= desks_after else desks_after + (people - desks_after) / unit
        low = min(int(np.floor(place)), n - 1)
        part = min(place - low, 1.0)
        found[low] += chance[s] * (1.0 - part)
        found[min(low + 1, n - 1)] += chance[s] * part
    return found


@njit(cache=True)
def _beyond_large(chance, desks, served):  # type: ignore[no-untyped-def]  # pragma: no cover
    """As ``beyond`` for one large mean, by the normal law with a correction for continuity (error below 0.005)."""
    total = 0.0
    for s in range(desks, chance.size):
        total += chance[s] * 0.5 * (1.0 + erf((s - desks + 0.5 - served) / sqrt(2.0 * served)))
    return total


@njit(cache=True)
def beyond(chance, desks, served):  # type: ignore[no-untyped-def]  # pragma: no cover
    """Chance that who comes now still waits when ``served`` (w,) units are expected to have been served since.

    Behind k units she waits for k + 1 of them; while she does every desk is busy, so they go as a Poisson process.
    """
    found = np.zeros(served.size)
    n = chance.size
    for w in range(served.size):
        if served[w] > LARGE:
            found[w] = _beyond_large(chance, desks, served[w])
            continue
        term = np.exp(-served[w])
        below = term  # chance of at most k served
        total = 0.0
        for s in range(desks, n):
            total += chance[s] * min(below, 1.0)
            term *= served[w] / (s - desks + 1)
            below += term
        found[w] = total
    return found
