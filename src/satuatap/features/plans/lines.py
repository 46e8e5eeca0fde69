"""A hall's lines as values: which desks serve what, who comes today, who comes with a plan. Pure.

A line is made of the desks that can do exactly the same steps; a step that several lines serve is shared among them
by their desks. Whoever a plan brings asks for the services of her unit's agency, in the shares that the hall knows.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise

NEW = "unit:"  # a line without desks yet


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a service: minutes at the desk; how often a year it is asked for today, and by whom the plan brings."""

    code: str  # service/order
    service: str
    minutes: float
    yearly: float
    more: float = 0.0


@dataclass(frozen=True, slots=True)
class Pool:
    """Desks that can do the same steps."""

    key: str
    name: str
    desks: int
    steps: frozenset[str]


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of the day: minutes, the share of the day's citizens who come in it, whether desks serve."""

    minutes: float
    share: float
    serves: bool


@dataclass(frozen=True, slots=True)
class Promise:
    """Nine in ten wait at most so many minutes; ``None``: nothing was promised."""

    minutes: float | None
    decree: str
    synthetic: bool


@dataclass(frozen=True, slots=True)
class Hall:
    """Everything that the waits under a plan are computed from. ``officer_hour``: Rupiah; ``unknown``: units of whose
    services nothing is known that could be judged."""

    mall: str
    name: str
    steps: tuple[Step, ...]
    pools: tuple[Pool, ...]
    services: Mapping[str, str]
    promises: Mapping[str, Promise]
    day: tuple[Stretch, ...]
    workdays: int
    officer_hour: float
    service_cv: float
    brought: tuple[str, ...]
    unknown: tuple[str, ...]
    synthetic: bool

    @property
    def digest(self) -> str:
        """SHA-256: whether anything changed since the waits were computed."""
        said = {**asdict(self), "pools": [{**asdict(p), "steps": sorted(p.steps)} for p in self.pools]}
        return hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()

    @property
    def hours_a_day(self) -> float:
        """Hours in which desks serve."""
        return sum(one.minutes for one in self.day if one.serves) / 60


def shares_of(services: Sequence[str], loads: Mapping[str, float]) -> dict[str, float]:
    """How a unit's citizens spread over its services: as the hall's do, evenly where it knows nothing of them."""
    known = {one: loads.get(one, 0.0) for one in services}
    whole = sum(known.values())
    if whole > 0:
        return {one: value / whole for one, value in known.items()}
    return {one: 1 / len(services) for one in services}


def pools_of(desks: Iterable[tuple[str, str, str, frozenset[str]]]) -> list[Pool]:
    """Desks as (booth, its name, sign, steps) gathered into lines; a line is known by its first desk."""
    found: dict[frozenset[str], list[tuple[str, str, str]]] = {}
    for booth, name, sign, steps in desks:
        if steps:
            found.setdefault(steps, []).append((booth, name, sign))
    return [
        Pool(f"{some[0][0]}:{some[0][2]}", ", ".join(dict.fromkeys(name for _b, name, _s in some)), len(some), steps)
        for steps, some in found.items()
    ]


def part_of(pool: Pool, step: str, pools: Iterable[Pool]) -> float:
    """Which share of a step's citizens a line serves: by its desks."""
    if step not in pool.steps:
        return 0.0
    whole = sum(one.desks for one in pools if step in one.steps)
    return pool.desks / whole if whole else 1.0


def day_of(
    opens: float, closes: float, breaks: Sequence[tuple[float, float]], arrivals: Sequence[tuple[float, float]]
) -> tuple[Stretch, ...]:
    """The day in half hours from opening to closing (minutes after midnight), with breaks that nobody serves in.

    ``arrivals``: (minute, share) of each half hour. Whoever would come in a break or outside the hours comes at
    another time of the day; without a profile people come evenly.
    """
    edges = {opens, closes, *(edge for some in breaks for edge in some)}
    edges |= {opens + 30.0 * n for n in range(int((closes - opens) // 30) + 1)}
    ordered = sorted(edge for edge in edges if opens <= edge <= closes)
    parts = []
    for start, end in pairwise(ordered):
        serves = not any(a <= start < b for a, b in breaks)
        share = (end - start) if serves else 0.0
        if serves and arrivals:
            share = sum(part * _overlap(start, end, minute, minute + 30) / 30 for minute, part in arrivals)
        parts.append((end - start, share, serves))
    whole = sum(share for _m, share, _s in parts)
    if whole <= 0:
        return day_of(opens, closes, breaks, ()) if arrivals else ()
    return tuple(Stretch(minutes, share / whole, serves) for minutes, share, serves in parts)


def _overlap(a: float, b: float, c: float, d: float) -> float:
    return max(0.0, min(b, d) - max(a, c))
