"""Draws that were solved, kept so that they can be weighed again, and what they say together."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from satuatap.engines.regroup.doubt_figures import Figure, Floats, triangular

FEWEST = 10.0  # effective draws below which a re-weighted answer is not to be used


@dataclass(frozen=True, slots=True)
class Draws:
    """N solved draws of F figures for B buildings. Savings are against today's places under the same draw, a year.

    ``score``, ``cash``, ``capacity`` (N,) savings of the best plan found; nan where the drawn city has no plan.
    ``freed`` (N, B) whether that plan frees the building. ``regret`` (N,) what the plan of the likely figures costs
    above it in the score; nan where that plan breaks a room or a rule of the draw. No draw is proved.
    """

    figures: tuple[Figure, ...]
    buildings: tuple[str, ...]
    values: Floats  # (N, F)
    score: Floats
    cash: Floats
    capacity: Floats
    freed: np.ndarray
    regret: Floats
    seed: int
    input_hash: str

    def as_json(self) -> dict[str, Any]:
        """All of it; ``from_json`` reads it back."""
        rows = {name: _plain(getattr(self, name)) for name in ("score", "cash", "capacity", "regret")}
        ways = [{"path": f.path, "way": list(f.way), "low": f.low, "likely": f.likely, "high": f.high}
                for f in self.figures]  # fmt: skip
        return {
            "figures": ways, "buildings": list(self.buildings), "values": self.values.tolist(),
            "freed": self.freed.astype(int).tolist(), "seed": self.seed, "input_hash": self.input_hash, **rows,
        }  # fmt: skip


def _plain(values: Floats) -> list[float | None]:
    return [None if math.isnan(v) else v for v in values.tolist()]


def from_json(told: Mapping[str, Any]) -> Draws:
    """Stored draws again; raises KeyError or ValueError for what is none."""
    some = tuple(Figure(f["path"], tuple(f["way"]), f["low"], f["likely"], f["high"], "") for f in told["figures"])
    rows = {name: np.array([np.nan if v is None else v for v in told[name]], np.float64)
            for name in ("score", "cash", "capacity", "regret")}  # fmt: skip
    count = len(rows["score"])
    values = np.array(told["values"], np.float64).reshape(count, len(some))
    freed = np.array(told["freed"], bool).reshape(count, len(told["buildings"]))
    return Draws(some, tuple(told["buildings"]), values, rows["score"], rows["cash"], rows["capacity"], freed,
                 rows["regret"], int(told["seed"]), str(told["input_hash"]))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Interval:
    """Where a sum lies: 5 %, 50 % and 95 % of the draws are below."""

    low: float
    middle: float
    high: float


@dataclass(frozen=True, slots=True)
class Summary:
    """What draws say together. ``freed``: share of the draws with a plan in which a building is set free."""

    freed: Mapping[str, float]
    cash: Interval | None  # saving a year; None without any plan
    capacity: Interval | None
    score: Interval | None
    regret: Interval | None
    without_plan: float  # share of the draws
    plan_breaks: float  # share of the draws in which the plan of the likely figures breaks a room or a rule
    draws: int
    effective: float  # draws that the weights leave: (sum w)^2 / sum w^2
    reweighted: str  # empty, or the figure that the draws were weighed again for

    @property
    def usable(self) -> bool:
        """Whether enough draws are left to speak of."""
        return self.effective >= FEWEST

    def as_json(self) -> dict[str, Any]:
        """As a JSON object."""
        parts = {name: None if one is None else {"low": one.low, "middle": one.middle, "high": one.high}
                 for name in ("cash", "capacity", "score", "regret") for one in (getattr(self, name),)}  # fmt: skip
        return {"freed": dict(self.freed), **parts, "without_plan": self.without_plan, "plan_breaks": self.plan_breaks,
                "draws": self.draws, "effective": self.effective, "reweighted": self.reweighted,
                "usable": self.usable}  # fmt: skip


def summary(draws: Draws, weights: Floats | None = None, reweighted: str = "") -> Summary:
    """Shares and intervals, with weights (N,) where draws count unequally."""
    w = np.full(len(draws.score), 1.0) if weights is None else weights
    return _summary(draws, w, w, reweighted)


def _summary(draws: Draws, w: Floats, saved: Floats, reweighted: str) -> Summary:
    """``saved`` (N,): the weights by which the savings are counted, where they are others."""
    count = len(draws.score)
    total = float(w.sum())
    effective = total**2 / float((w**2).sum()) if total > 0 else 0.0
    has = ~np.isnan(draws.score)
    known = w[has].sum()
    freed = {b: float(w[has] @ draws.freed[has, k] / known) if known > 0 else 0.0
             for k, b in enumerate(draws.buildings)}  # fmt: skip
    broken = has & np.isnan(draws.regret)
    share = (lambda mask: float(w[mask].sum() / total)) if total > 0 else (lambda _mask: 0.0)
    cash, capacity, score = (_interval(one, saved) for one in (draws.cash, draws.capacity, draws.score))
    regret = _interval(draws.regret, w)
    return Summary(
        freed, cash, capacity, score, regret, share(~has), share(broken), count, effective, reweighted
    )  # fmt: skip


def _interval(values: Floats, w: Floats) -> Interval | None:
    use = ~np.isnan(values) & (w > 0)
    if not use.any():
        return None
    order = np.argsort(values[use], kind="stable")
    sorted_, weight = values[use][order], w[use][order]
    reached = np.cumsum(weight) / weight.sum()
    at = np.minimum(np.searchsorted(reached, [0.05, 0.5, 0.95]), len(sorted_) - 1)
    low, middle, high = sorted_[at].tolist()
    return Interval(low, middle, high)


def reweighted(draws: Draws, figure: str, value: float | tuple[float, float, float]) -> Summary:
    """What the stored draws say when a figure is found: a number, or a narrower (low, likely, high).

    Importance weights: wanted density over drawn density. A single number becomes a normal density around it as wide
    as N draws can tell apart (Silverman's rule), so the shares are near to, not at, that number. The savings keep all
    draws instead, each moved by what the figure alone makes of it (``moved``): half of the draws tell the ends of an
    interval too badly. It is labelled with the figure and how many draws are left, and solving again (``doubt`` on
    ``with_values``) is the exact way. Raises KeyError for a figure that was not drawn.
    """
    names = [one.path for one in draws.figures]
    if figure not in names:
        raise KeyError(figure)
    j = names.index(figure)
    x, one = draws.values[:, j], draws.figures[j]
    drawn = one.density(x)
    if isinstance(value, tuple):
        return summary(
            draws, _scaled(np.where(drawn > 0, triangular(x, *value) / np.maximum(drawn, 1e-300), 0.0)), figure
        )
    if not one.low <= value <= one.high:
        return summary(draws, np.zeros_like(x), figure)  # nothing was drawn there
    width = max(1.06 * float(x.std()) * len(x) ** -0.2, 1e-12)
    wanted = np.exp(-0.5 * ((x - value) / width) ** 2)
    w = _scaled(np.where(drawn > 0, wanted / np.maximum(drawn, 1e-300), 0.0))
    score, cash, capacity = (moved(saving, x, value) for saving in (draws.score, draws.cash, draws.capacity))
    there = replace(draws, score=score, cash=cash, capacity=capacity)
    return _summary(there, w, np.ones_like(x), figure)


def _scaled(w: Floats) -> Floats:
    return w / max(float(w.max(initial=0.0)), 1e-300)


def moved(saving: Floats, x: Floats, value: float) -> Floats:
    """(N,) savings as they were with the figure at this value: off goes what a parabola through all draws says that it
    is away from there (regression adjustment: Beaumont, Zhang and Balding 2002). Fewer draws than ten stay.
    """
    has, spread = ~np.isnan(saving), float(x.std())
    if has.sum() < FEWEST or spread <= 0:
        return saving
    away = (x - value) / spread
    columns = np.column_stack([away, away**2])
    means = columns[has].mean(axis=0)
    slopes = np.linalg.lstsq(columns[has] - means, saving[has] - saving[has].mean(), rcond=None)[0]
    return np.asarray(saving - columns @ slopes)
