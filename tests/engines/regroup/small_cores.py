"""Small random cores of every term, and their optimum by trying every plan."""

from __future__ import annotations

import itertools

import numpy as np

from satuatap.engines.regroup.bills import Bills, gathered
from satuatap.engines.regroup.core import Core, Posts, broken, cost_of


def random_core(seed: int, *terms: str, n: int = 5, m: int = 4) -> Core:
    """A core with the named terms: pairs, posts, bills, jumps, apart, rows, kept, forbidden, asymmetric, resources."""
    rng = np.random.default_rng(seed)
    resources = 2 if "resources" in terms else 1
    size = rng.integers(1, 10, (resources, n)).astype(float)
    room = np.round(rng.integers(8, 24, (resources, m)) * max(1.0, n / (1.25 * m)))
    assign = np.round(rng.uniform(0, 100, (n, m)), 2)
    if "forbidden" in terms:
        assign[rng.random((n, m)) < 0.2] = np.inf
    more: dict[str, object] = {}
    if "pairs" in terms or "asymmetric" in terms:
        pair = np.array([(i, j) for i in range(n) for j in range(n) if rng.random() < 0.5], np.int64).reshape(-1, 2)
        spot = rng.uniform(0, 10, (m, 2))
        distance = np.hypot(*(spot[:, None] - spot[None]).transpose(2, 0, 1))
        if "asymmetric" in terms:
            distance = np.where(np.eye(m) > 0, 1.0, rng.uniform(1, 10, (m, m)))
        more |= {"pair": pair, "weight": rng.uniform(0, 5, len(pair)), "distance": distance}
    if "posts" in terms:
        place = np.repeat(np.arange(m), 2)
        more |= {
            "load": rng.uniform(0, 9, (2, n)),
            "posts": Posts(place, np.tile([0, 1], m), rng.uniform(3, 12, 2 * m), rng.uniform(5, 40, 2 * m)),
        }
    if "bills" in terms or "jumps" in terms:
        more.setdefault("load", rng.uniform(0, 9, (2, n)))
        more["bills"] = random_bills(rng, m, "jumps" in terms)
    if "apart" in terms:
        more["apart"] = np.array([[0, 1], [2, n - 1]], np.int64)
    if "rows" in terms:
        more |= {"row": np.round(rng.uniform(0, 10, (2, n, m)), 2), "limit": np.array([5.5 * n, 5.0 * n])}
    if "kept" in terms:
        more["must_open"] = rng.random(m) < 0.4
    return Core(assign, np.round(rng.uniform(10, 120, m), 2), size, room, **more)  # type: ignore[arg-type]


def random_bills(rng: np.random.Generator, m: int, jumps: bool) -> Bills:
    """One bill of each place and a second one of the first, with rising slopes, or with jumps and falling ones too."""
    place = [0, *range(m)]
    parts = []
    for _ in place:
        count = int(rng.integers(1, 5))
        start = np.concatenate([[0.0], np.sort(rng.uniform(1, 30, count - 1))])
        slope = np.sort(rng.uniform(0, 6, count))
        value = np.concatenate([[0.0], np.cumsum(slope[:-1] * np.diff(start))])
        if jumps:
            slope = rng.uniform(-2, 6, count)
            value[1:] += rng.uniform(-20, 20, count - 1)
        parts.append((start, value, slope))
    return gathered(place, rng.uniform(0, 2, (len(place), 2)), parts)


TERMS = (
    (),
    ("pairs",),
    ("posts",),
    ("apart", "rows"),
    ("pairs", "posts", "kept"),
    ("asymmetric", "forbidden"),
    ("bills",),
    ("bills", "posts", "kept", "pairs"),
    ("jumps", "apart", "rows"),
    ("pairs", "posts", "apart", "rows", "kept", "forbidden", "resources"),
    ("pairs", "posts", "apart", "rows", "kept", "forbidden", "resources", "jumps"),
)


def best_of_all(core: Core) -> tuple[float, tuple[int, ...] | None]:
    """The least cost over every feasible plan, and that plan; inf and None where there is none."""
    best: tuple[float, tuple[int, ...] | None] = (np.inf, None)
    for plan in itertools.product(range(core.m), repeat=core.n):
        places = np.array(plan, np.int64)
        if not broken(core, places):
            cost = cost_of(core, places)
            if cost < best[0]:
                best = (cost, plan)
    return best
