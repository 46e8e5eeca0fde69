"""Bills of a place: a piecewise-linear cost of what is used there, with steps, jumps and a least amount.

The exact cost is read from the pieces. Linear programmes get the lines whose largest it is where its steps rise, and a
choice among such stretches where it jumps or its steps fall.
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


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of a bill, from ``low`` to ``high``, on which it is convex: the largest of some lines."""

    low: float
    high: float
    height: Floats  # of each line at a use of 0
    slope: Floats  # rising

    def at(self, use: float) -> float:
        """The amount, for a use between the ends."""
        return float((self.height + self.slope * use).max())


def runs(bills: Bills, d: int, most: float) -> list[Run]:
    """Bill ``d`` on [0, most] as convex stretches: a new one begins where it jumps or where its slope falls."""
    parts: list[list[tuple[float, float]]] = []
    a, b = int(bills.first[d]), int(bills.first[d + 1])
    slope = -np.inf
    for s in range(a, b):
        begin, height = float(bills.start[s]), float(bills.value[s])
        if begin > most:
            break
        end = min(most, float(bills.start[s + 1])) if s + 1 < b else most
        reached = parts[-1][-1][1] if parts else np.inf
        if abs(height - reached) > _SAME * max(1.0, abs(height)) or bills.slope[s] < slope:
            parts.append([(begin, height)])
        slope = float(bills.slope[s])
        parts[-1].append((end, height + slope * (end - begin)))
    return [_run(points) for points in parts]


def envelope(stretches: list[Run]) -> Run:
    """The lower convex envelope of a bill on all its stretches; it begins at (0, 0), so no line is above 0 there."""
    points = [(0.0, 0.0)]
    for run in stretches:
        corners = [run.low, *_meetings(run), run.high]
        points += [(x, run.at(x)) for x in corners]
    found = _run(points)
    return Run(found.low, found.high, np.minimum(found.height, 0.0), found.slope)


def _meetings(run: Run) -> list[float]:
    """Where one line of a stretch hands over to the next."""
    return [
        float((run.height[e] - run.height[e + 1]) / (run.slope[e + 1] - run.slope[e]))
        for e in range(len(run.slope) - 1)
    ]


def _run(points: list[tuple[float, float]]) -> Run:
    hull = _lower(points)
    if len(hull) < 2:
        return Run(hull[0][0], hull[0][0], np.array([hull[0][1]]), np.zeros(1))
    slopes = np.array([(q[1] - p[1]) / (q[0] - p[0]) for p, q in pairwise(hull)])
    heights = np.array([p[1] - k * p[0] for p, k in zip(hull, slopes, strict=False)])
    return Run(hull[0][0], hull[-1][0], heights, slopes)


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
