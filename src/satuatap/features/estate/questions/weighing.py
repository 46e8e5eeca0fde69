"""Stored draws of a doubt weighed again for figures that were found: plain Python, so that a screen may do it at once.

The formulas are the engine's (``engines.regroup.doubt_draws.reweighted``); a test holds the two equal.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

FEWEST = 10.0  # draws below which a weighed answer is not to be used
SUMS = ("cash", "capacity", "score", "regret")
Draws = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Interval:
    """5 %, 50 % and 95 % of the draws lie below; Rupiah a year."""

    low: float
    middle: float
    high: float

    @property
    def width(self) -> float:
        return self.high - self.low


@dataclass(frozen=True, slots=True)
class Picture:
    """What draws say together. ``freed``: share of the draws in which a building is set free."""

    freed: Mapping[str, float]
    sums: Mapping[str, Interval | None]
    without_plan: float
    plan_breaks: float
    draws: int
    effective: float
    weighed: bool

    @property
    def is_usable(self) -> bool:
        """Whether enough draws are left to speak of."""
        return self.effective >= FEWEST


def told(summary: Mapping[str, Any]) -> Picture:
    """A picture that the engine made."""
    sums = {name: None if summary[name] is None else Interval(**summary[name]) for name in SUMS}
    return Picture(
        summary["freed"], sums, summary["without_plan"], summary["plan_breaks"], summary["draws"],
        summary["effective"], False,
    )  # fmt: skip


def weighed(draws: Draws, found: Mapping[str, float]) -> Picture:
    """The picture when these figures have these values; weights of several figures are multiplied, as each is drawn by
    itself. Raises KeyError for a figure that was not drawn.
    """
    weights = [1.0] * len(draws["score"])
    for path, value in found.items():
        weights = [a * b for a, b in zip(weights, _weights(draws, path, value), strict=True)]
    return _summary(draws, weights)


def _weights(draws: Draws, path: str, value: float) -> list[float]:
    """Wanted density over drawn density: a normal one as wide as the draws can tell apart (Silverman's rule)."""
    paths = [one["path"] for one in draws["figures"]]
    if path not in paths:
        raise KeyError(path)
    column = paths.index(path)
    figure, x = draws["figures"][column], [row[column] for row in draws["values"]]
    if not figure["low"] <= value <= figure["high"]:
        return [0.0] * len(x)
    mean = sum(x) / len(x)
    spread = math.sqrt(sum((one - mean) ** 2 for one in x) / len(x))
    width = max(1.06 * spread * len(x) ** -0.2, 1e-12)
    found = []
    for one in x:
        drawn = _triangular(one, figure["low"], figure["likely"], figure["high"])
        wanted = math.exp(-0.5 * ((one - value) / width) ** 2)
        found.append(wanted / drawn if drawn > 0 else 0.0)
    most = max(found, default=0.0)
    return [one / max(most, 1e-300) for one in found]


def _triangular(x: float, low: float, likely: float, high: float) -> float:
    if low <= x < likely:
        return 2 * (x - low) / ((high - low) * (likely - low))
    if likely <= x <= high and high > likely:
        return 2 * (high - x) / ((high - low) * (high - likely))
    return 2 / (high - low) if x == high > low else 0.0


def _summary(draws: Draws, weights: Sequence[float]) -> Picture:
    total, squares = sum(weights), sum(w * w for w in weights)
    has = [score is not None for score in draws["score"]]
    known = sum(w for w, there in zip(weights, has, strict=True) if there)
    freed = {
        building: sum(w for w, row, there in zip(weights, draws["freed"], has, strict=True) if there and row[k]) / known
        if known > 0
        else 0.0
        for k, building in enumerate(draws["buildings"])
    }
    sums = {name: _interval(draws[name], weights) for name in SUMS}
    broken = [there and regret is None for there, regret in zip(has, draws["regret"], strict=True)]
    return Picture(
        freed, sums, 1 - known / total if total > 0 else 0.0,
        sum(w for w, one in zip(weights, broken, strict=True) if one) / total if total > 0 else 0.0,
        len(weights), total * total / squares if squares > 0 else 0.0, True,
    )  # fmt: skip


def _interval(values: Sequence[float | None], weights: Sequence[float]) -> Interval | None:
    rows = sorted((v, w) for v, w in zip(values, weights, strict=True) if v is not None and w > 0)
    if not rows:
        return None
    total, reached, found = sum(w for _v, w in rows), 0.0, []
    for share in (0.05, 0.5, 0.95):
        at = reached = 0.0
        for value, weight in rows:
            reached += weight
            at = value
            if reached / total >= share:
                break
        found.append(at)
    return Interval(*found)
