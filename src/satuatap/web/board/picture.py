"""What a public display shows, made of the hall's read model. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from satuatap.features.malls.queries import ZonePlan
from satuatap.features.visits.views import CallNow, Hall, StepNow

MOST_LAST = 4
ROWS_A_PAGE = 8
GOLD_SECONDS = 25.0  # real seconds for which a call is shown on gold ground
SYNTHETIC = "synthetic"


@dataclass(frozen=True, slots=True)
class Call:
    """A call with its way: the zone's sign, and its direction if the wayfinding begins with one."""

    number: int
    sign: str
    zone: str
    way: str
    arrow: str  # left, right, up or empty
    agency: str
    live: bool
    fresh: bool
    recalls: int


@dataclass(frozen=True, slots=True)
class Way:
    """How to get to a zone: in words, and its arrow."""

    zone: str
    text: str
    arrow: str


@dataclass(frozen=True, slots=True)
class Wait:
    """An agency's wait until called, of its fullest line."""

    zone: str
    agency: str
    low: int
    high: int
    synthetic: bool


@dataclass(frozen=True, slots=True)
class Board:
    """One display at one moment. ``state``: open, before, after or closed."""

    state: str
    opens: datetime | None
    now: Call | None
    last: tuple[Call, ...]
    waits: tuple[Wait, ...]

    @property
    def over(self) -> bool:
        """Nobody is called any more today."""
        return self.now is None and self.state in ("after", "closed")

    @property
    def synthetic(self) -> bool:
        return any(wait.synthetic for wait in self.waits)


def board_of(hall: Hall, zones: Sequence[ZonePlan], speed: float, english: bool, only: str | None = None) -> Board:
    """The board of the whole hall, or of one zone."""
    names = {zone.code: zone for zone in zones}
    shown = [_call(call, names, hall.now, speed, english) for call in hall.calls if only in (None, call.zone)]
    state = _state(hall)
    if state in ("after", "closed") and not any(
        call.live for call in shown
    ):  # nobody is called any more: no number stays on the wall, and no waits
        return Board(state, hall.open_from, None, (), ())
    # The number that somebody is walking with stands on top; when nobody is, the newest call does.
    first = next((call for call in shown if call.live), shown[0] if shown else None)
    last = tuple(call for call in shown if call is not first)[:MOST_LAST]
    return Board(state, hall.open_from, first, last, _waits(hall.steps.values(), only))


def way_of(zone: ZonePlan, english: bool) -> Way:
    """The first words of a zone's wayfinding, up to its first comma or full stop, or its name: read from 6 m."""
    words = zone.wayfinding_en if english and zone.wayfinding_en else zone.wayfinding
    name = zone.name_en if english and zone.name_en else zone.name
    return Way(zone.code, re.split(r"[.,]", words)[0].strip() or name, arrow_of(zone.wayfinding))


def _call(call: CallNow, zones: dict[str, ZonePlan], now: datetime, speed: float, english: bool) -> Call:
    zone = zones.get(call.zone)
    way = way_of(zone, english) if zone else Way(call.zone, "", "")
    age = (now - call.at) / timedelta(seconds=1) / max(speed, 1.0)
    return Call(
        call.number, call.sign, call.zone, way.text, way.arrow, call.agency, call.live,
        call.live and age <= GOLD_SECONDS, call.recalls,
    )  # fmt: skip


def arrow_of(wayfinding: str) -> str:
    """The direction that a zone's Indonesian wayfinding names first; none if it names none."""
    words = {"kiri": "left", "kanan": "right", "lurus": "up"}
    return next((words[word] for word in wayfinding.lower().replace(",", " ").split() if word in words), "")


def _waits(steps: Iterable[StepNow], only: str | None) -> tuple[Wait, ...]:
    fullest: dict[tuple[str, str], StepNow] = {}
    for step in steps:
        if (step.desks_open == 0 and step.waiting == 0) or only not in (None, step.zone):
            continue
        key = (step.zone, step.agency)
        known = fullest.get(key)
        if known is None or (step.waiting, step.range.high) > (known.waiting, known.range.high):
            fullest[key] = step
    rows = [Wait(z, a, s.range.low, s.range.high, s.range.basis == SYNTHETIC) for (z, a), s in fullest.items()]
    return tuple(sorted(rows, key=lambda row: (-row.high, row.zone, row.agency)))


def _state(hall: Hall) -> str:
    if hall.closed:
        return "after"
    if hall.open_from is None or hall.open_until is None:
        return "closed"
    if hall.now < hall.open_from:
        return "before"
    return "open" if hall.now < hall.open_until or hall.waiting else "after"
