"""A small simulation of one line, written to hold the theory against: no formula of it is used here."""

from __future__ import annotations

import heapq
from itertools import pairwise

import numpy as np

from satuatap.engines.rosters.problem import Line


def waits_of_day(line: Line, rng: np.random.Generator) -> list[float]:
    """Minutes from arrival to a desk of everybody who came in one day, first come first served.

    Who is at a desk when desks are taken away is served to the end; after the last stretch its desks stay.
    """
    edges = np.concatenate([[0.0], np.cumsum([one.minutes for one in line.day])])
    came: list[float] = []
    for (start, end), one in zip(pairwise(edges), line.day, strict=True):
        came += sorted(rng.uniform(start, end, rng.poisson(one.arrivals)))
    last = next(one.desks for one in reversed(line.day) if one.desks)
    desks = [one.desks for one in line.day] + [last]
    waits: list[float] = []
    busy: list[float] = []  # when each desk that serves is free again
    now = 0.0
    for moment in came:
        now = max(now, moment)
        while True:
            while busy and busy[0] <= now:
                heapq.heappop(busy)
            stretch = min(int(np.searchsorted(edges, now, side="right")) - 1, len(line.day))
            if len(busy) < desks[stretch]:
                break
            border = edges[stretch + 1] if stretch < len(line.day) else np.inf
            now = min(busy[0] if busy else np.inf, border)
        waits.append(now - moment)
        heapq.heappush(busy, now + _service(line, rng))
    return waits


def _service(line: Line, rng: np.random.Generator) -> float:
    if line.service_cv == 0:
        return line.service_minutes
    shape = 1 / line.service_cv**2
    return float(rng.gamma(shape, line.service_minutes / shape))


def simulated(line: Line, days: int, seed: int) -> tuple[float, float]:
    """Mean and 90th percentile over all who came in so many days."""
    rng = np.random.default_rng(seed)
    found = np.concatenate([np.array(waits_of_day(line, rng)) for _ in range(days)])
    return float(found.mean()), float(np.quantile(found, 0.9))
