"""How long each line is now, by the desks that are open. Pure; the load of ``routing``: shared desks count in part."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass


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
    able = {step: [d for d in desks if step in d.skills] for step in set(steps) | set(count)}
    found = {}
    for step in steps:
        mine = able[step]
        ahead = 0.0
        for other, people in count.items():
            theirs = able[other]
            if mine and theirs:
                common = sum(1 for d in mine if other in d.skills)
                ahead += people * expected.get(other, 0.0) * common / (len(theirs) * len(mine))
            elif other == step:
                ahead += people * expected.get(other, 0.0)
        zone = mine[0].zone if mine else ""
        work = count[step] * expected.get(step, 0.0)
        found[step] = Load(step, count[step], work, len(mine), ahead, zone)
    return found
