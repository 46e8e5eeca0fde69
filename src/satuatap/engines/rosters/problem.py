"""A line of citizens on one day, as theory sees it: who comes when, how long a service takes, how many desks."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

MOST_DESKS = 500
MOST_ARRIVALS = 20_000.0
LONGEST_DAY_MINUTES = 24 * 60.0


class RosterFault(ValueError):
    """A line that theory can't judge; says which figure, and what would do."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of the day: ``minutes`` long, ``arrivals`` expected in it (a number of people), ``desks`` that serve.

    A break has 0 desks.
    """

    minutes: float
    arrivals: float
    desks: int


@dataclass(frozen=True, slots=True)
class Line:
    """One line and the desks that serve it, alone.

    ``service_minutes`` is the mean time at a desk, ``service_cv`` the standard deviation over the mean (1: exponential,
    0: always the same). ``day`` are the stretches in order; after the last, its desks (or those of the last stretch
    that had any) stay until the line is empty.
    """

    name: str
    service_minutes: float
    service_cv: float
    day: tuple[Stretch, ...]

    def __post_init__(self) -> None:
        _within(self.name, "service_minutes", self.service_minutes, 0.01, 600.0)
        _within(self.name, "service_cv", self.service_cv, 0.0, 5.0)
        if not self.day:
            raise RosterFault(f"{self.name}: the day has no stretch; give at least one")
        for number, one in enumerate(self.day, 1):
            _within(self.name, f"minutes of stretch {number}", one.minutes, 0.01, LONGEST_DAY_MINUTES)
            _within(self.name, f"arrivals of stretch {number}", one.arrivals, 0.0, MOST_ARRIVALS)
            if one.desks != int(one.desks) or not 0 <= one.desks <= MOST_DESKS:
                raise RosterFault(
                    f"{self.name}: desks of stretch {number} must be a whole number from 0 to {MOST_DESKS}"
                )
        if sum(one.minutes for one in self.day) > LONGEST_DAY_MINUTES:
            raise RosterFault(f"{self.name}: the stretches are longer than a day")
        if all(one.desks == 0 for one in self.day):
            raise RosterFault(f"{self.name}: no stretch has a desk; nobody would ever be served")

    @property
    def arrivals(self) -> float:
        """Everybody who is expected in the day."""
        return sum(one.arrivals for one in self.day)

    @property
    def load(self) -> float:
        """Work that comes over desk time there is, in the whole day."""
        there = sum(one.minutes * one.desks for one in self.day)
        return self.arrivals * self.service_minutes / there


@dataclass(frozen=True, slots=True)
class Prices:
    """What a remedy costs in a year, in the unit of the file: a desk more all day, an hour more for all desks."""

    desk: float
    hour: float

    def __post_init__(self) -> None:
        for name in ("desk", "hour"):
            value = getattr(self, name)
            if not isfinite(value) or value < 0:
                raise RosterFault(f"price of a {name} must be a number of at least 0")


def _within(line: str, what: str, value: float, least: float, most: float) -> None:
    if not isfinite(value) or not least <= value <= most:
        raise RosterFault(f"{line}: {what} must be a number from {least:g} to {most:g}")
