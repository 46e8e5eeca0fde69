"""Published formats of location and assignment problems, read from plain or gzip text, and their cost from raw data."""

from __future__ import annotations

import csv
import gzip
import json
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from satuatap.engines.regroup.core import Core


@dataclass(frozen=True)
class Raw:
    """One instance as its file gives it: units i, sites k; ``flow[i, j] * far[k, l]`` over ordered pairs."""

    family: str
    name: str
    best_known: float | None
    assign: NDArray[np.float64]  # (n, m)
    fixed: NDArray[np.float64]  # (m,)
    need: NDArray[np.float64]  # (n,)
    capacity: NDArray[np.float64]  # (m,)
    flow: NDArray[np.float64]  # (n, n); (0, 0) without
    far: NDArray[np.float64]  # (m, m); (0, 0) without
    factor: float = 1.0  # cost of one unit of flow over one unit of distance


def core_of(raw: Raw) -> Core:
    """The bare problem of an instance."""
    if not raw.flow.size:
        return Core(raw.assign, raw.fixed, raw.need[None, :], raw.capacity[None, :])
    pair = np.argwhere(raw.flow != 0)
    weight = raw.flow[pair[:, 0], pair[:, 1]] * raw.factor
    return Core(raw.assign, raw.fixed, raw.need[None, :], raw.capacity[None, :], pair, weight, raw.far)


def recomputed(raw: Raw, plan: list[int]) -> float:
    """Cost of a plan from the raw data, in plain loops that share nothing with any solver; an error if not feasible."""
    room = [float(q) for q in raw.capacity]
    used: set[int] = set()
    total = 0.0
    for i, k in enumerate(plan):
        room[k] -= float(raw.need[i])
        total += float(raw.assign[i, k])
        used.add(k)
    for k, left in enumerate(room):
        if left < -1e-6 * (1.0 + float(raw.capacity[k])):
            raise ValueError(f"{raw.family}/{raw.name}: site {k} holds {-left:g} too much")
    total += sum(float(raw.fixed[k]) for k in used)
    if raw.flow.size:
        for i, k in enumerate(plan):
            for j, other in enumerate(plan):
                if raw.flow[i, j]:
                    total += raw.factor * float(raw.flow[i, j]) * float(raw.far[k, other])
    return total


def _text(path: Path) -> str:
    data = path.read_bytes()
    return (gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data).decode()


class _Numbers:
    """Numbers taken from a file one block at a time."""

    def __init__(self, text: str) -> None:
        self.values = np.array(text.split(), dtype=np.float64)
        self.place = 0

    def take(self, *shape: int) -> NDArray[np.float64]:
        """The next block."""
        count = int(np.prod(shape))
        block = self.values[self.place : self.place + count]
        if len(block) != count:
            raise ValueError("the file ends too early")
        self.place += count
        return block.reshape(shape).copy()

    def whole(self) -> int:
        """The next number as a count."""
        return int(self.take(1)[0])


def _read(text: str, form: str) -> dict[str, object]:
    none = np.zeros((0, 0))
    if form == "city json":
        data = json.loads(text)
        far, flow = np.array(data["D"], float), np.array(data["t"], float)
        return {
            "assign": np.array(data["A"], float),
            "fixed": np.array(data["f"], float),
            "flow": flow,
            "far": far,
            "need": np.array(data["q"], float),
            "capacity": np.array(data["Q"], float),
            "factor": float(data["v"]),
        }
    numbers = _Numbers(text)
    if form == "ssc":
        m, n = numbers.whole(), numbers.whole()
        sites, need = numbers.take(m, 2), numbers.take(n)
        return {
            "assign": np.ascontiguousarray(numbers.take(m, n).T),
            "fixed": sites[:, 1].copy(),
            "need": need,
            "capacity": sites[:, 0].copy(),
            "flow": none,
            "far": none,
        }
    if form == "delmaire":
        n, m = numbers.whole(), numbers.whole()
        assign, need, fixed, capacity = numbers.take(n, m), numbers.take(n), numbers.take(m), numbers.take(m)
        return {"assign": assign, "fixed": fixed, "need": need, "capacity": capacity, "flow": none, "far": none}
    if form == "cordeau":
        n, m, factor = numbers.whole(), numbers.whole(), float(numbers.take(1)[0])
        flow, far, assign = numbers.take(n, n), numbers.take(m, m), numbers.take(n, m)
        return {
            "assign": assign,
            "fixed": np.zeros(m),
            "need": numbers.take(n),
            "capacity": numbers.take(m),
            "flow": flow,
            "far": far,
            "factor": factor,
        }
    if form == "qaplib":
        n = numbers.whole()
        flow, far = numbers.take(n, n), numbers.take(n, n)
        return {
            "assign": np.zeros((n, n)),
            "fixed": np.zeros(n),
            "need": np.ones(n),
            "capacity": np.ones(n),
            "flow": flow,
            "far": far,
        }
    raise ValueError(f"unknown format {form!r}")


def instances(folder: Path, pattern: str = "*") -> list[Raw]:
    """Every instance that ``optima.csv`` of a folder names and the pattern (of family/file) lets through."""
    found = []
    with (folder / "optima.csv").open(newline="") as lines:
        for line in csv.DictReader(lines):
            path = Path(line["family"]) / line["file"]
            if not fnmatch(str(path), pattern) and not fnmatch(line["family"], pattern):
                continue
            best = float(line["best_value"]) if line["best_value"] else None
            parts = _read(_text(folder / path), line["format"])
            found.append(Raw(line["family"], line["file"].split(".")[0], best, **parts))  # type: ignore[arg-type]
    return found
