"""Ranges of a file: plain ones, those that go along with a shared factor or against it, and sums of products of them.

    {"low": 1, "likely": 2, "high": 4}                      a figure of its own
    {"low": 1, "likely": 2, "high": 4, "shared": "wage"}    the same quantile as every other range of "wage" in one draw
    {"low": 1, "likely": 2, "high": 4, "against": "wage"}   one less that quantile: 1 - x where x is shared
    {"low": .., "likely": .., "high": .., "of": [[3, {..}], [{..}, {..}]]}   3 a + b c, each part a number or a range

What a factor is measured by stands in the file's ``shared`` under its name, or else is the first range that names it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import prod, sqrt
from typing import Any

ENDS = ("low", "likely", "high")
SHARED, AGAINST, OF = "shared", "against", "of"
KEYS = (*ENDS, "source", SHARED, AGAINST, OF)
Way = tuple[str | int, ...]
Three = tuple[float, float, float]
ALIKE = 1e-9  # by how much the place of the likely value in two ranges may differ and they still have one shape


def is_range(raw: Any) -> bool:
    """Whether this is a range rather than a number or another object."""
    return isinstance(raw, Mapping) and set(ENDS) <= set(raw) <= set(KEYS)


def ends(raw: Any) -> Three:
    """Low, likely and high of a range; three times the same for a number."""
    if isinstance(raw, Mapping):
        return (float(raw["low"]), float(raw["likely"]), float(raw["high"]))
    return (float(raw),) * 3


def summed(products: Sequence[Sequence[Any]]) -> Three:
    """Low, likely and high of a sum of products of parts that are not below 0."""
    every = [[ends(part) for part in product] for product in products]
    low, likely, high = (sum(prod(part[n] for part in product) for product in every) for n in range(3))
    return low, likely, high


def folded(raw: Mapping[str, Any]) -> Any:
    """A sum of products whose parts were changed, with its ends anew; a plain number where no part is a range now."""
    low, likely, high = summed(raw[OF])
    if not any(is_range(part) for product in raw[OF] for part in product):
        return likely
    return {**raw, "low": low, "likely": likely, "high": high}


@dataclass(frozen=True, slots=True)
class Spot:
    """One range where it stands, by itself or as a part of a sum of products (``top`` is where that sum stands)."""

    way: Way
    top: Way
    low: float
    likely: float
    high: float
    source: str
    name: str  # of the shared factor; empty for a figure of its own
    turned: bool  # goes against the factor

    @property
    def path(self) -> str:
        """As messages name it."""
        return path_of(self.way)

    def at(self, value: float, low: float, likely: float, high: float) -> float:
        """This range where the factor, measured by (low, likely, high), has a value: the same quantile."""
        width = self.high - self.low
        if not width or high == low:
            return self.likely
        along, its = (value - low) / (high - low), (likely - low) / (high - low)
        if abs((1 - its if self.turned else its) - (self.likely - self.low) / width) < ALIKE:  # then it is a line
            return self.likely if value == likely else self.low + (1 - along if self.turned else along) * width
        below = share_below(value, low, likely, high)
        return quantile(1 - below if self.turned else below, self.low, self.likely, self.high)


def spots(raw: Any, way: Way = ()) -> Iterator[Spot]:
    """Every range of a file that ``reading.read`` found right, in its order; what ``shared`` measures is none."""
    if isinstance(raw, Mapping):
        if is_range(raw):
            yield from _range(raw, way)
            return
        for key, one in raw.items():
            if way or key not in ("phases", SHARED):
                yield from spots(one, (*way, key))
    elif isinstance(raw, list):
        for n, one in enumerate(raw):
            yield from spots(one, (*way, n))


def _range(raw: Mapping[str, Any], way: Way) -> Iterator[Spot]:
    source = str(raw.get("source", "")).strip()
    if OF not in raw:
        yield _spot(raw, way, way, source)
        return
    for n, product in enumerate(raw[OF]):
        for k, part in enumerate(product):
            if is_range(part):
                yield _spot(part, (*way, OF, n, k), way, source)


def _spot(raw: Mapping[str, Any], way: Way, top: Way, source: str) -> Spot:
    return Spot(way, top, *ends(raw), source, str(raw.get(SHARED) or raw.get(AGAINST) or ""), AGAINST in raw)


def path_of(way: Way) -> str:
    """``buildings[1].lease_yearly`` for a way of keys."""
    found = ""
    for step in way:
        found += f"[{step}]" if isinstance(step, int) else f".{step}" if found else str(step)
    return found


def share_below(x: float, low: float, likely: float, high: float) -> float:
    """Share of the triangular distribution below x."""
    if x <= low or x >= high:
        return 0.0 if x <= low else 1.0
    if x < likely:
        return (x - low) ** 2 / ((high - low) * (likely - low))
    return 1 - (high - x) ** 2 / ((high - low) * (high - likely))


def quantile(u: float, low: float, likely: float, high: float) -> float:
    """Below which the share u of the triangular distribution lies."""
    width, rise = high - low, likely - low
    if u * width < rise:
        return low + sqrt(u * width * rise)
    return high - sqrt((1 - u) * width * (high - likely))
