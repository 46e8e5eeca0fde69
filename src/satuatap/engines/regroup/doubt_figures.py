"""The figures of a file that are ranges: where they stand, which have no source, and draws of those."""

from __future__ import annotations

import copy
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from satuatap.engines.regroup.schema import OBJECTS

Floats = NDArray[np.float64]
WHOLE = {name for fields in OBJECTS.values() for name, field in fields.items() if field.kind == "whole"}
Way = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """One range of the file: ``path`` as messages name it, ``way`` as keys; low <= likely <= high in its own unit."""

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


def figures(raw: Any) -> tuple[Figure, ...]:
    """Every range of a file that ``reading.read`` found right, in its order."""
    return tuple(_walk(raw, ()))


def _walk(raw: Any, way: Way) -> Iterator[Figure]:
    if isinstance(raw, Mapping):
        if {"low", "likely", "high"} <= set(raw) <= {"low", "likely", "high", "source"}:
            source = str(raw.get("source", "")).strip()
            yield Figure(_path(way), way, float(raw["low"]), float(raw["likely"]), float(raw["high"]), source)
            return
        for key, one in raw.items():
            if way or key != "phases":
                yield from _walk(one, (*way, key))
    elif isinstance(raw, list):
        for n, one in enumerate(raw):
            yield from _walk(one, (*way, n))


def _path(way: Way) -> str:
    found = ""
    for step in way:
        found += f"[{step}]" if isinstance(step, int) else f".{step}" if found else str(step)
    return found


def with_values(raw: Any, some: tuple[Figure, ...], values: Any) -> Any:
    """The file with these figures at these values, as plain numbers; the rest of it is shared, not copied."""
    found = copy.copy(raw)
    fresh: dict[Way, Any] = {(): found}
    for figure, value in zip(some, values, strict=True):
        at = found
        for depth, step in enumerate(figure.way[:-1], start=1):
            here = figure.way[:depth]
            if here not in fresh:
                fresh[here] = at[step] = copy.copy(at[step])
            at = fresh[here]
        last = figure.way[-1]
        at[last] = round(float(value)) if last in WHOLE else float(value)
    return found


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
