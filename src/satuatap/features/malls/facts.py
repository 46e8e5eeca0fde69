"""What can happen to a mall's layout, hours and clock."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from satuatap.basics.facts import Fact


@dataclass(frozen=True)
class LayoutPut(Fact):
    """The city's files were read: how many rows of a sheet came, changed, went."""

    kind: ClassVar[str] = "layout_put"
    sheet: str
    added: int
    changed: int
    removed: int


@dataclass(frozen=True)
class ClockChanged(Fact):
    """The clock of a demo was set; it never runs backwards."""

    kind: ClassVar[str] = "clock_changed"
    mall_time: str
    speed: float


@dataclass(frozen=True)
class ClockJumped(Fact):
    """The machine's clock jumped by ``seconds`` (less than 0: back); nothing is ended by it until that is decided."""

    kind: ClassVar[str] = "clock_jumped"
    seconds: int


@dataclass(frozen=True)
class ClockSettled(Fact):
    """A jump by ``seconds`` was taken back (``believed``: the clock stayed there, and is gone by from now on)."""

    kind: ClassVar[str] = "clock_settled"
    seconds: int
    believed: bool


@dataclass(frozen=True)
class DayAdded(Fact):
    """The office gave a date a rule of its own."""

    kind: ClassVar[str] = "calendar_day_added"
    day: int
    date: str
    rule: str


@dataclass(frozen=True)
class DayWithdrawn(Fact):
    """A rule of the office for a date was taken back."""

    kind: ClassVar[str] = "calendar_day_withdrawn"
    values: dict[str, Any]


@dataclass(frozen=True)
class CityChanged(Fact):
    """Rows of the city's sheets were changed in the office: how many of each sheet, and the digest of what they say.

    ``rows`` are sheets and keys (hexadecimal), at most 200 of them; ``undoes`` is the change that was taken back.
    """

    kind: ClassVar[str] = "city_changed"
    change: str
    way: str
    digest: str
    counts: dict[str, dict[str, int]]
    rows: list[list[str]]
    undoes: str | None = None
