"""The figures of a file that are ranges: where they stand, which have no source, and draws of those.

A figure is a range of its own or a factor that several ranges share; a draw gives it one value, and every range of it
the same quantile.
"""

from __future__ import annotations

import copy
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from satuatap.engines.regroup.ranges import OF, SHARED, Spot, Way, ends, folded, is_range, spots
from satuatap.engines.regroup.schema import OBJECTS

Floats = NDArray[np.float64]
WHOLE = {name for fields in OBJECTS.values() for name, field in fields.items() if field.kind == "whole"}


@dataclass(frozen=True, slots=True)
class Figure:
    """One range of the file, or one shared factor: ``path`` as messages name it ("shared.NAME" for a factor), ``way``
    as keys; low <= likely <= high in its own unit.
    """

    path: str
    way: Way
    low: float
    likely: float
    high: float
    source: str

    @property
    def is_doubted(self) -> bool:
        """Whether it is drawn: it has no source, and there is something to draw."""
        return not self.source and self.high > self.low

    @property
    def is_shared(self) -> bool:
        """Whether it is a factor that ranges name."""
        return self.way[:1] == (SHARED,)

    def density(self, x: Floats) -> Floats:
        """Of the triangular distribution."""
        return triangular(x, self.low, self.likely, self.high)


def triangular(x: Floats, low: float, likely: float, high: float) -> Floats:
    """Density of the triangular distribution, 0 outside."""
    found = np.zeros_like(x)
    width = high - low
    up = (x >= low) & (x < likely)
    down = (x >= likely) & (x <= high)
    if likely > low:
        found[up] = 2 * (x[up] - low) / (width * (likely - low))
    if high > likely:
        found[down] = 2 * (high - x[down]) / (width * (high - likely))
    elif width > 0:
        found[x == high] = 2 / width
    return found


@dataclass(frozen=True, slots=True)
class Doubted:
    """A file, its figures by path in its order, and the ranges that each of them moves; ``certain`` is the file with
    every range at its likely value, as a plain number.
    """

    raw: Any
    figures: Mapping[str, Figure]
    spots: Mapping[str, tuple[Spot, ...]]
    certain: Any

    def at(self, values: Mapping[str, float]) -> Any:
        """The file with these figures (by path) at these values; the rest of it is shared with it, not copied.

        A sum of products becomes a plain number once none of its parts is a range. Raises KeyError for a figure that
        the file does not have.
        """
        put = _Copy(self.raw)
        for way, value in self._changed(values):
            put.put(way, value)
        for path, value in values.items():
            figure = self.figures[path]
            if figure.is_shared and is_range((self.raw.get(SHARED) or {}).get(figure.way[1])):
                put.put(figure.way, float(value))
        return put.found

    def certainly(self, values: Mapping[str, float]) -> Any:
        """The same with every other figure at its likely value, without a range: quicker to read, for solving."""
        put = _Copy(self.certain)
        for way, value in self._changed(values):
            put.put(way, ends(value)[1])
        return put.found

    def _changed(self, values: Mapping[str, float]) -> Iterator[tuple[Way, Any]]:
        """What stands where: a number, or what is left of a sum of products."""
        sums: dict[Way, dict[Way, float]] = {}
        for path, value in values.items():
            figure = self.figures[path]
            for spot in self.spots[path]:
                own = figure.way == spot.way
                at = float(value) if own else spot.at(float(value), figure.low, figure.likely, figure.high)
                if spot.top == spot.way:
                    yield spot.way, at
                else:
                    sums.setdefault(spot.top, {})[spot.way[-2:]] = at
        for way, parts in sums.items():
            told = self.raw
            for step in way:
                told = told[step]
            products = [[parts.get((n, k), part) for k, part in enumerate(one)] for n, one in enumerate(told[OF])]
            yield way, folded({**told, OF: products})


class _Copy:
    """A file of which only what is changed is copied."""

    def __init__(self, raw: Any) -> None:
        self.found = copy.copy(raw)
        self.fresh: dict[Way, Any] = {(): self.found}

    def put(self, way: Way, value: Any) -> None:
        at, last = self.found, way[-1]
        for depth, step in enumerate(way[:-1], start=1):
            here = way[:depth]
            if here not in self.fresh:
                self.fresh[here] = at[step] = copy.copy(at[step])
            at = self.fresh[here]
        at[last] = round(value) if last in WHOLE and not is_range(value) else value


def _certain(raw: Any, depth: int = 0) -> Any:
    """Every range at its likely value; what measures factors is left out, and what only the phasing reads stays."""
    if is_range(raw):
        return raw["likely"]
    if isinstance(raw, Mapping):
        return {
            key: one if depth == 0 and key == "phases" else _certain(one, depth + 1)
            for key, one in raw.items()
            if depth or key != SHARED
        }
    return [_certain(one, depth + 1) for one in raw] if isinstance(raw, list) else raw


def doubted(raw: Any) -> Doubted:
    """The figures of a file that ``reading.read`` found right."""
    by_path: dict[str, list[Spot]] = {}
    for spot in spots(raw):
        is_shared = spot.name and not spot.source  # a range with a source of its own stays where it is
        by_path.setdefault(f"{SHARED}.{spot.name}" if is_shared else spot.path, []).append(spot)
    measures = raw.get(SHARED) or {}
    found = {path: _figure(path, some, measures) for path, some in by_path.items()}
    return Doubted(raw, found, {path: tuple(some) for path, some in by_path.items()}, _certain(raw))


def _figure(path: str, some: list[Spot], measures: Mapping[str, Any]) -> Figure:
    name = some[0].name
    if not name or some[0].source:
        (one,) = some
        return Figure(path, one.way, one.low, one.likely, one.high, one.source)
    measure: Any = measures.get(name)
    if is_range(measure):
        return Figure(path, (SHARED, name), *ends(measure), str(measure.get("source", "")).strip())
    first = next((one for one in some if not one.turned and one.high > one.low), some[0])
    return Figure(path, (SHARED, name), first.low, first.likely, first.high, "")


def figures(raw: Any) -> tuple[Figure, ...]:
    """Every figure of a file that ``reading.read`` found right, in its order."""
    return tuple(doubted(raw).figures.values())


def with_values(raw: Any, some: Iterable[Figure], values: Any) -> Any:
    """The file with these figures at these values, as plain numbers; the rest of it is shared, not copied."""
    return doubted(raw).at(dict(zip((one.path for one in some), values, strict=True)))


def drawn(some: tuple[Figure, ...], count: int, seed: int) -> Floats:
    """(count, figures) values: a Latin hypercube of triangular distributions.

    Each figure has a generator of its own, by the seed and its path, so that its draws stay when another is found.
    """
    found = np.zeros((count, len(some)))
    for j, figure in enumerate(some):
        rng = np.random.default_rng([seed, zlib.crc32(figure.path.encode())])
        u = (rng.permutation(count) + rng.random(count)) / count
        width, rise = figure.high - figure.low, figure.likely - figure.low
        turn = rise / width
        up = figure.low + np.sqrt(u * width * rise)
        down = figure.high - np.sqrt((1 - u) * width * (figure.high - figure.likely))
        found[:, j] = np.where(u < turn, up, down)
    return found
