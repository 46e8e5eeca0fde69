"""Frozen read models of the floor, a desk and a visit: what screens show, without a word of markup."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from satuatap.features.visits.waits import MinutesRange


@dataclass(frozen=True, slots=True)
class DeskNow:
    """A desk as it is: ``state`` is closed, break, trouble, ready, called or serving."""

    id: int
    sign: str
    booth: int
    agency: str
    zone: str
    state: str
    since: datetime | None
    number: int | None
    step: int | None
    pause_next: bool
    skills: tuple[int, ...]
    officer: int | None
    minutes: float  # in this state
    pause_after: str | None = None  # break or trouble, once the citizen at the desk is finished


@dataclass(frozen=True, slots=True)
class StepNow:
    """A step's line now."""

    id: int
    service: int
    service_code: str
    name: str
    name_en: str
    agency: str
    zone: str
    waiting: int
    serving: int
    desks_open: int
    minutes_ahead: float
    longest_minutes: float
    expected_minutes: float
    range: MinutesRange
    until: datetime | None = None  # no number for it from then on today, where its booths close before the mall
    ended: bool = False  # that moment has come


@dataclass(frozen=True, slots=True)
class IntakeEnd:
    """Until when numbers are given for a service today where that is before the mall's own end, and if it is over."""

    at: datetime | None
    over: bool


NO_END = IntakeEnd(None, False)


def ends_of(lines: Iterable[StepNow]) -> IntakeEnd:
    """A service is wanted whole, so the first of its steps to end ends it."""
    ends = [(line.until, line.ended) for line in lines if line.until is not None]
    return IntakeEnd(*min(ends)) if ends else NO_END


@dataclass(frozen=True, slots=True)
class CallNow:
    """A call on the displays; ``live`` while the citizen has not sat down yet."""

    number: int
    sign: str
    zone: str
    agency: str
    at: datetime
    recalls: int
    live: bool
    desk: int


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who waits, as a number. ``state`` is waiting, or elsewhere (served at another desk)."""

    visit: int
    number: int
    step: int
    service_name: str
    priority: bool
    minutes: float
    state: str
    counts_from: datetime | None
    seq: int = 0
    service_name_en: str = ""
    return_minutes: float | None = None  # who was missed: how much longer the help desk may put her back


@dataclass(frozen=True, slots=True)
class ZoneNow:
    """A zone: people told to wait there, how many over half an hour, desks open."""

    code: str
    name: str
    waiting: int
    over_30: int
    desks_open: int
    longest_minutes: float


@dataclass(frozen=True, slots=True)
class Hall:
    """The whole hall at one moment of the mall's time."""

    mall: int
    now: datetime
    day: date
    open_from: datetime | None
    open_until: datetime | None
    closed: bool
    desks: tuple[DeskNow, ...]
    steps: dict[int, StepNow]
    zones: tuple[ZoneNow, ...]
    calls: tuple[CallNow, ...]
    people: tuple[Person, ...]  # each waiting visit once, longest first
    in_mall: int
    waiting: int
    visits: int
    finished: int
    unserved: int
    missed: tuple[Person, ...]
    dropped: tuple[Person, ...] = ()  # whose errands ended as not served


@dataclass(frozen=True, slots=True)
class Stop:
    """One step of a visit's service. ``state``: done, now, called, waiting, later, missed, dropped."""

    seq: int
    step: int
    name: str
    name_en: str
    agency: str
    zone: str
    desks: tuple[str, ...]
    state: str
    result: str | None
    at: datetime | None  # when it ended or was called
    sign: str | None  # of the desk that called
    recalls: int
    range: MinutesRange | None
    ahead: int | None
    counts_from: datetime | None


@dataclass(frozen=True, slots=True)
class Service:
    """One service of a visit, with its steps: the citizen sees one stop."""

    service: int
    code: str
    name: str
    name_en: str
    stops: tuple[Stop, ...]
    state: str


@dataclass(frozen=True, slots=True)
class Ahead:
    """One of those before me, and from when each counts ("Kenapa nomor 149 lebih dulu?")."""

    number: int
    arrived_at: datetime
    counts_from: datetime
    priority: bool
    me: bool


@dataclass(frozen=True, slots=True)
class VisitView:
    """A visit as its holder sees it: her number, her stops, where to wait, and why."""

    id: int
    mall: int
    number: int
    code: str
    token: str
    day: date
    now: datetime
    arrived_at: datetime
    priority: bool
    state: str  # waiting, called, serving, done, missed
    services: tuple[Service, ...]
    wait_zone: str | None
    next_stop: Stop | None
    ahead: tuple[Ahead, ...]
    rev: int


@dataclass(frozen=True, slots=True)
class DeskView:
    """A desk as its officer sees it."""

    desk: DeskNow
    now: datetime
    visit: int | None
    seq: int | None
    services: tuple[Service, ...]  # of the citizen at the desk; other agencies' stops without names
    people: tuple[Person, ...]
    elsewhere: tuple[Person, ...]
    wait_zone: str | None  # where to send her afterwards
    can_recall_in_s: float | None
    can_miss: bool
    undo: str | None  # what the last step was, if it may still be taken back
    last_at: datetime | None
    priority: bool
    started_at: datetime | None
    last_number: int | None = None  # whose last step it was
