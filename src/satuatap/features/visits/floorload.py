"""How long each line is now, by the desks that are open. Pure; the load of ``routing``: shared desks count in part."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product


@dataclass(frozen=True, slots=True)
class OpenDesk:
    """A desk that calls now, and what it can do."""

    desk: int
    zone: str
    skills: frozenset[int]


@dataclass(frozen=True, slots=True)
class Load:
    """A step's line: people in it, their expected minutes of work, desks able, minutes ahead of a newcomer."""

    step: int
    waiting: int
    work_minutes: float
    desks: int
    minutes_ahead: float
    zone: str


def loads(
    steps: Iterable[int], waiting: Iterable[int], expected: Mapping[int, float], desks: Sequence[OpenDesk]
) -> dict[int, Load]:
    """The load of every step: sum over x of waiting(x) * mean(x) * common(s, x) / (desks(x) * desks(s)).

    ``waiting`` names the step of each errand in line, ``expected`` minutes by step. A step without an open desk has
    the minutes ahead of one desk, and no zone.
    """
    count = Counter(waiting)
    able = Counter(skill for desk in desks for skill in desk.skills)
    # One pass over the desks, not one for each pair of steps: a large hall has many of both.
    common = Counter(pair for desk in desks for pair in product(desk.skills, repeat=2))
    zones: dict[int, str] = {}
    for desk in desks:
        for skill in desk.skills:
            zones.setdefault(skill, desk.zone)
    found = {}
    for step in steps:
        ahead = 0.0
        for other, people in count.items():
            if able[step] and able[other]:
                ahead += people * expected.get(other, 0.0) * common[step, other] / (able[other] * able[step])
            elif other == step:
                ahead += people * expected.get(other, 0.0)
        work = count[step] * expected.get(step, 0.0)
        found[step] = Load(step, count[step], work, able[step], ahead, zones.get(step, ""))
    return found
