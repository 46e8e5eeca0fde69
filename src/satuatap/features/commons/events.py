"""From an entry of the journal to an event that another system may hear: numbers and codes, never a person. Pure.

What leaves the house is listed here field by field; a new field of a fact stays inside until it is added.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from satuatap.features.commons.states import Event
from satuatap.features.journal.queries import Line

KINDS: Mapping[str, Event] = {
    "ticket_issued": Event.TICKET_ISSUED,
    "called": Event.CALLED,
    "recalled": Event.RECALLED,
    "started": Event.STARTED,
    "finished": Event.FINISHED,
    "missed": Event.MISSED,
    "transferred": Event.TRANSFERRED,
    "undone": Event.UNDONE,
    "desk_opened": Event.DESK_OPENED,
    "desk_closed": Event.DESK_CLOSED,
    "day_opened": Event.DAY_OPENED,
    "day_closed": Event.DAY_CLOSED,
}
# Fields of the fact that are told as they stand.
TOLD: Mapping[Event, tuple[str, ...]] = {
    Event.TICKET_ISSUED: ("number", "day", "channel"),
    Event.CALLED: ("number", "desk", "seq"),
    Event.RECALLED: ("number", "desk", "seq", "times"),
    Event.STARTED: ("desk", "seq"),
    Event.FINISHED: ("desk", "seq", "result"),
    Event.MISSED: ("desk", "seq"),
    Event.TRANSFERRED: ("desk", "seq", "reason"),
    Event.UNDONE: ("desk", "seq", "undone"),
    Event.DESK_OPENED: ("desk",),
    Event.DESK_CLOSED: ("desk", "pause"),
    Event.DAY_OPENED: ("day", "open_from", "open_until"),
    Event.DAY_CLOSED: ("day",),
}


@dataclass(frozen=True, slots=True)
class StepPlace:
    """Which service a step belongs to, and whose it is."""

    service: str
    agency: int


@dataclass(frozen=True, slots=True)
class Places:
    """What must be known to name services and to keep agencies apart."""

    malls: Mapping[int, str]
    desks: Mapping[int, tuple[str, int]]  # desk -> sign, agency
    step: Callable[[int], StepPlace | None]


def concerns(line: Line, places: Places, *, mall: int | None, agency: int | None) -> bool:
    """Whether a client with these limits may hear of the entry. What can't be told apart is not told."""
    if line.kind not in KINDS or (mall is not None and line.mall != mall):
        return False
    if agency is None or line.kind in ("day_opened", "day_closed"):
        return True
    if line.kind == "ticket_issued":
        return bool(_services(line.fact.get("steps", ()), places, agency))
    return places.desks.get(line.fact.get("desk", 0), ("", 0))[1] == agency


def _services(steps: Iterable[int], places: Places, agency: int | None) -> list[str]:
    found = [places.step(step) for step in steps]
    return list(dict.fromkeys(s.service for s in found if s is not None and agency in (None, s.agency)))


def body_of(line: Line, places: Places, *, agency: int | None) -> dict[str, Any]:
    """The body of a webhook: type, time, data (standardwebhooks.com)."""
    event = KINDS[line.kind]
    data: dict[str, Any] = {"position": line.position, "mall": places.malls.get(line.mall or 0)}
    if line.visit_id is not None:
        data["visit"] = line.visit_id
    data |= {name: line.fact.get(name) for name in TOLD[event]}
    if event is Event.TICKET_ISSUED:
        data["services"] = _services(line.fact.get("steps", ()), places, agency)
    elif "step" in line.fact and event is not Event.TRANSFERRED:
        step = places.step(line.fact["step"])
        data["service"] = step.service if step and agency in (None, step.agency) else None
    if "desk" in data:
        data["sign"] = places.desks.get(line.fact.get("desk", 0), ("", 0))[0]
    return {"type": event.value, "timestamp": line.at.isoformat(), "data": data}
