"""Stored draws of a doubt weighed again for figures that were found: plain Python, so that a screen may do it at once.

The formulas are the engine's (``engines.regroup.doubt_draws.reweighted``); a test holds the two equal.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

FEWEST = 10.0  # draws below which a weighed answer is not to be used
SAVINGS = ("cash", "capacity", "score")
SUMS = (*SAVINGS, "regret")
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
    itself, and the savings moved by one after the other. Raises KeyError for a figure that was not drawn.
    """
    weights = [1.0] * len(draws["score"])
    savings: dict[str, list[float | None]] = {name: draws[name] for name in SAVINGS}
    for path, value in found.items():
        weights = [a * b for a, b in zip(weights, _weights(draws, path, value), strict=True)]
        x = _column(draws, path)
        savings = {name: _moved(one, x, value) for name, one in savings.items()}
    whole = [1.0 if any(weights) else 0.0] * len(weights)
    return _summary({**draws, **savings}, weights, whole)


def _column(draws: Draws, path: str) -> list[float]:
    column = [one["path"] for one in draws["figures"]].index(path)
    return [row[column] for row in draws["values"]]


def _moved(saving: Sequence[float | None], x: Sequence[float], value: float) -> list[float | None]:
    """The savings as they were with the figure at this value, by a parabola through all draws."""
    spread = _spread(x)
    rows = [(y, (one - value) / spread) for y, one in zip(saving, x, strict=True) if y is not None and spread > 0]
    if len(rows) < FEWEST:
        return list(saving)
    mean_y, mean_1, mean_2 = (sum(column) / len(rows) for column in zip(*((y, a, a * a) for y, a in rows), strict=True))
    centred = [(y - mean_y, a - mean_1, a * a - mean_2) for y, a in rows]
    s11, s12, s22 = (sum(r[i] * r[j] for r in centred) for i, j in ((1, 1), (1, 2), (2, 2)))
    s1y, s2y = (sum(r[0] * r[i] for r in centred) for i in (1, 2))
    whole = s11 * s22 - s12 * s12
    if whole <= 0:
        return list(saving)
    slope, bend = (s1y * s22 - s2y * s12) / whole, (s2y * s11 - s1y * s12) / whole
    away = [(one - value) / spread for one in x]
    return [None if y is None else y - slope * a - bend * a * a for y, a in zip(saving, away, strict=True)]


def _spread(x: Sequence[float]) -> float:
    mean = sum(x) / len(x)
    return math.sqrt(sum((one - mean) ** 2 for one in x) / len(x))


def _weights(draws: Draws, path: str, value: float) -> list[float]:
    """Wanted density over drawn density: a normal one as wide as the draws can tell apart (Silverman's rule)."""
    figure = next((one for one in draws["figures"] if one["path"] == path), None)
    if figure is None:
        raise KeyError(path)
    x = _column(draws, path)
    if not figure["low"] <= value <= figure["high"]:
        return [0.0] * len(x)
    width = max(1.06 * _spread(x) * len(x) ** -0.2, 1e-12)
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


def _summary(draws: Draws, weights: Sequence[float], whole: Sequence[float]) -> Picture:
    """``whole``: the weights by which savings are counted; they keep all draws."""
    total, squares = sum(weights), sum(w * w for w in weights)
    has = [score is not None for score in draws["score"]]
    known = sum(w for w, there in zip(weights, has, strict=True) if there)
    freed = {
        building: sum(w for w, row, there in zip(weights, draws["freed"], has, strict=True) if there and row[k]) / known
        if known > 0
        else 0.0
        for k, building in enumerate(draws["buildings"])
    }
    sums = {name: _interval(draws[name], whole if name in SAVINGS else weights) for name in SUMS}
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
