"""Numbers on their way into a study: plain, or a range as the engine's file has it (``engines/regroup/ranges.py``).

A range is a figure of its own, goes with a factor (``shared``) or against it (``against``), or is a sum of products of
such ranges (``of``). Sums and products here keep every factor apart, so that one draw can give each of them one value.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod
from typing import Any

Number = float | dict[str, Any]
Three = tuple[float, float, float]
SHARED, AGAINST, OF = "shared", "against", "of"


def likely(number: Number) -> float:
    """The number, or the likely value of a range."""
    return float(number["likely"]) if isinstance(number, dict) else number


def ends(number: Number) -> Three:
    """Low, likely, high; three times the same for a plain number."""
    return (number["low"], number["likely"], number["high"]) if isinstance(number, dict) else (number, number, number)


def ranged(low: float, middle: float, high: float, factor: Mapping[str, str] | None = None) -> Number:
    """A range in order, or a plain number where there is nothing to doubt. ``factor``: what it goes with."""
    low, high = min(low, middle), max(high, middle)
    return middle if low == high else {"low": low, "likely": middle, "high": high, **(factor or {})}


def factor_of(number: Number) -> dict[str, str]:
    """What a range goes with or against; empty for a plain number, a figure of its own and a sum."""
    return {key: number[key] for key in (SHARED, AGAINST) if key in number} if isinstance(number, dict) else {}


def times(*numbers: Number) -> Number:
    """The product, none of them below 0."""
    found: list[list[Any]] = [[]]
    for number in numbers:
        found = [[*product, *more] for product in found for more in _products(number)]
    return _sum(found)


def added(*numbers: Number) -> Number:
    """The sum; figures of their own are added end by end."""
    return _sum([product for number in numbers for product in _products(number)])


def minus(number: Number, constant: float) -> Number:
    """A number without a constant part of it; end by end, and of its own, where less than nothing could be left."""
    low, middle, high = (one - constant for one in ends(number))
    if low < 0:
        return ranged(max(low, 0.0), max(middle, 0.0), max(high, 0.0))
    return added(number, -constant)


def less(share: Number) -> Number:
    """1 - share: goes against what the share goes with."""
    low, middle, high = ends(share)
    turned = {AGAINST if key == SHARED else SHARED: name for key, name in factor_of(share).items()}
    return ranged(1 - high, 1 - middle, 1 - low, turned)


def _products(number: Number) -> list[list[Any]]:
    if isinstance(number, dict) and OF in number:
        return [list(product) for product in number[OF]]
    return [[number]]


def _scaled(number: Number, by: float) -> Number:
    low, middle, high = ends(number)
    return ranged(low * by, middle * by, high * by, factor_of(number))


def _shifted(number: Number, by: float) -> Number:
    low, middle, high = ends(number)
    return ranged(low + by, middle + by, high + by, factor_of(number))


def _product(parts: Sequence[Number]) -> Three:
    low, middle, high = (prod(each) for each in zip(*map(ends, parts), strict=True))
    return low, middle, high


def _both(one: Number, other: Number) -> Number:
    """Two ranges that rise together."""
    low, middle, high = (a + b for a, b in zip(ends(one), ends(other), strict=True))
    return ranged(low, middle, high, factor_of(one))


def _sum(products: Sequence[Sequence[Any]]) -> Number:
    """A sum of products in its shortest form: what goes with one factor is one range, constants go into the first."""
    constant, mixed = 0.0, []
    by_factor: dict[tuple[tuple[str, str], ...], Number] = {}
    for product in products:
        scale = prod(part for part in product if not isinstance(part, dict))
        named = [part for part in product if factor_of(part)]
        own = [part for part in product if isinstance(part, dict) and not factor_of(part)]
        together = ranged(*_product(own)) if own else 1.0
        parts = [*named, together] if isinstance(together, dict) else named
        if not parts or not scale:
            constant += scale * likely(together)
            continue
        first = _scaled(parts[0], scale if isinstance(together, dict) else scale * together)
        if len(parts) > 1:
            mixed.append([first, *parts[1:]])
            continue
        key = tuple(factor_of(first).items())
        by_factor[key] = _both(by_factor[key], first) if key in by_factor else first
    alone = sorted(by_factor.items())
    if not alone and not mixed:
        return constant
    if alone and ends(alone[0][1])[0] + constant >= 0:
        alone[0] = (alone[0][0], _shifted(alone[0][1], constant))
        constant = 0.0
    if len(alone) == 1 and not mixed and not constant:
        return alone[0][1]
    rest = [[constant]] if constant else []
    return _of([*rest, *([number] for _key, number in alone), *mixed])


def _of(products: list[list[Any]]) -> Number:
    low, middle, high = (sum(each) for each in zip(*map(_product, products), strict=True))
    return {"low": low, "likely": middle, "high": high, OF: products}
