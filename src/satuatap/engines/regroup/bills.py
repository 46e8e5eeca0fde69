"""Bills of a place: a piecewise-linear cost of what is used there, with steps, jumps and a least amount.

The exact cost is read from the pieces. Linear programmes get the lower convex envelope over what the place can hold:
the bill itself where its steps rise, and never above it where a jump makes it anything but convex.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_BEYOND = 1e-6  # relative: the tolerance of rooms lets a place hold a little more
_SAME = 1e-9  # relative: two amounts that meet


@dataclass(frozen=True, slots=True)
class Bills:
    """Bill ``d`` is f_d(q), q the sum of ``mix[d, l]`` x load l in place ``place[d]``; f_d(0) = 0.

    Its pieces s run from ``first[d]`` to ``first[d + 1]``: f_d(q) = value[s] + slope[s] x (q - start[s]) for the last
    piece with start[s] <= q. The first starts at 0 with value 0; values may jump, slopes and values may be negative.
    """

    place: Ints  # (d,)
    mix: Floats  # (d, l) >= 0
    first: Ints  # (d + 1,)
    start: Floats  # (s,) rising within a bill
    value: Floats  # (s,)
    slope: Floats  # (s,)

    def amount(self, d: int, use: float) -> float:
        """f_d(use)."""
        s = int(np.searchsorted(self.start[self.first[d] : self.first[d + 1]], use, side="right")) - 1
        s = int(self.first[d]) + max(s, 0)
        return float(self.value[s] + self.slope[s] * (use - self.start[s]))

    def is_convex(self, d: int, most: float) -> bool:
        """Whether f_d neither jumps nor flattens on [0, most]."""
        a, b = int(self.first[d]), int(self.first[d + 1])
        for s in range(a + 1, b):
            if self.start[s] >= most:
                return True
            end = self.value[s - 1] + self.slope[s - 1] * (self.start[s] - self.start[s - 1])
            if abs(self.value[s] - end) > _SAME * max(1.0, abs(end)) or self.slope[s] < self.slope[s - 1]:
                return False
        return True

    def among(self, places: Ints) -> Bills:
        """The bills of these places only, places renumbered in this order."""
        order = {int(k): e for e, k in enumerate(places)}
        mine = [d for d, k in enumerate(self.place.tolist()) if k in order]
        parts = [(self.start[a:b], self.value[a:b], self.slope[a:b])
                 for a, b in ((self.first[d], self.first[d + 1]) for d in mine)]  # fmt: skip
        return gathered([order[int(self.place[d])] for d in mine], self.mix[mine], parts)


def no_bills(measures: int = 0) -> Bills:
    """A problem without bills."""
    return gathered([], np.zeros((0, measures)), [])


def gathered(place: list[int], mix: Floats, parts: list[tuple[Floats, Floats, Floats]]) -> Bills:
    """Bills from their pieces (start, value, slope), one triple each."""
    flat = [np.concatenate([np.zeros(0), *(part[e] for part in parts)]) for e in range(3)]
    first = np.cumsum([0] + [len(part[0]) for part in parts])
    return Bills(np.array(place, np.int64), np.asarray(mix, np.float64), first.astype(np.int64), *flat)


def reach(use: Floats, may: NDArray[np.bool_], size: Floats, room: Floats) -> float:
    """No feasible plan brings more than this to one place.

    ``use`` (n,) what each group brings, ``may`` (n,) whether it may sit there, ``size`` (r, n) against ``room`` (r,).
    For each resource the groups with most use for their size fill the room, the last in part (Dantzig's bound).
    """
    use = np.where(may, use, 0.0)
    most = float(use.sum())
    for r in range(len(room)):
        left = room[r] * (1 + _BEYOND) + _BEYOND
        taken = size[r]
        found = float(use[taken <= 0].sum())
        some = np.flatnonzero((taken > 0) & (use > 0))
        for i in some[np.argsort(-use[some] / taken[some], kind="stable")]:
            if taken[i] >= left:
                found += float(use[i] * left / taken[i])
                break
            left -= taken[i]
            found += float(use[i])
        most = min(most, found)
    return most * (1 + _BEYOND)


def envelope(bills: Bills, d: int, most: float) -> tuple[Floats, Floats]:
    """Lines (height at 0, slope) whose largest is the lower convex envelope of bill ``d`` on [0, most].

    Slopes rise, the first line passes through 0, so no height is above 0.
    """
    a, b = int(bills.first[d]), int(bills.first[d + 1])
    points = [(0.0, 0.0)]
    for s in range(a, b):
        end = min(most, float(bills.start[s + 1])) if s + 1 < b else most
        if bills.start[s] > most:
            break
        height = float(bills.value[s])
        points.append((float(bills.start[s]), height))
        points.append((end, height + float(bills.slope[s]) * (end - float(bills.start[s]))))
    hull = _lower(points)
    if len(hull) < 2:
        return np.zeros(1), np.array([bills.slope[a]])
    slopes = np.array([(q[1] - p[1]) / (q[0] - p[0]) for p, q in pairwise(hull)])
    heights = np.array([p[1] - k * p[0] for p, k in zip(hull, slopes, strict=False)])
    return np.minimum(heights, 0.0), slopes


def _lower(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Lower convex hull, left to right (Andrew's chain); of points with one x the lowest counts."""
    least: dict[float, float] = {}
    for x, y in points:
        least[x] = min(y, least.get(x, y))
    hull: list[tuple[float, float]] = []
    for point in sorted(least.items()):
        while len(hull) > 1 and _turns_down(hull[-2], hull[-1], point):
            hull.pop()
        hull.append(point)
    return hull


def _turns_down(p: tuple[float, float], q: tuple[float, float], r: tuple[float, float]) -> bool:
    """Whether q lies on or above the line from p to r."""
    return (q[0] - p[0]) * (r[1] - p[1]) <= (q[1] - p[1]) * (r[0] - p[0])
