"""What the desk shows, made of the desk's view: nothing of other agencies but zones and minutes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from satuatap.features.catalogue import queries as catalogue
from satuatap.features.malls.queries import DeskPlace
from satuatap.features.visits.views import DeskView, Hall, Person, Stop
from satuatap.web.desk import words

MOST_SHOWN = 6


@dataclass(frozen=True, slots=True)
class LineStop:
    """One stop of the citizen's line as this officer may see it."""

    title: str
    title_en: str
    state: str  # done, here, next, away
    say: str
    result: Promise | None
    at: datetime | None
    zone: str | None  # of another agency's stop


@dataclass(frozen=True, slots=True)
class Screen:
    """The desk's screen."""

    mode: str  # closed, break, trouble, ready, called, serving
    pill: tuple[str, Promise]
    next: Person | None
    arrived: datetime | None  # of the next
    counts: datetime | None  # from when the policy counts her, where that differs from her arrival
    longest: float
    more: int
    more_longest: float
    stops: tuple[LineStop, ...]
    requirements: tuple[Any, ...]
    service: str
    service_en: str
    recall_in: int
    recalls: int
    asks_result: bool
    undo_word: Promise | None
    usual: float | None  # expected minutes of the step at the desk
    over: bool  # the mall's day is closed
    opens: datetime | None  # when numbers are given, if that is still to come


def _own(stop: Stop, place: DeskPlace) -> bool:
    return stop.agency == place.agency


def _line(view: DeskView, place: DeskPlace) -> tuple[LineStop, ...]:
    """Her stops: done, here, to come. What others do one after the other in one zone is one stop with its count."""
    found: list[LineStop] = []
    together = 1
    stops = [stop for service in view.services for stop in service.stops]
    for stop in sorted(stops, key=lambda stop: (stop.state != "done", stop.seq != view.seq)):
        line = _line_stop(stop, view, own=_own(stop, place))
        together = together + 1 if found and _same_elsewhere(found[-1], line) else 1
        if together == 1:
            found.append(line)
            continue
        title = _elsewhere(stop.zone, together)
        found[-1] = replace(found[-1], title=title, title_en=title, say="")
    return tuple(found)


def _same_elsewhere(last: LineStop, line: LineStop) -> bool:
    return line.state == "next" == last.state and line.zone is not None and line.zone == last.zone


def _elsewhere(zone: str, count: int) -> str:
    values = {"zone": zone, "n": count}
    if count == 1:
        return (_("Loket lain, Zona %(zone)s") if zone else _("Loket lain")) % values
    return (_("%(n)d urusan di loket lain, Zona %(zone)s") if zone else _("%(n)d urusan di loket lain")) % values


def _line_stop(stop: Stop, view: DeskView, *, own: bool) -> LineStop:
    title, title_en = (stop.name, stop.name_en) if own else (_elsewhere(stop.zone, 1),) * 2
    zone = None if own else stop.zone
    if stop.seq == view.seq:
        return LineStop(title, title_en, "here", _("Sekarang di sini"), None, None, None)
    if stop.state in ("done", "dropped", "missed"):
        result = words.RESULTS.get(stop.result or "") if own else None
        state = "done" if stop.state == "done" else "away"
        return LineStop(title, title_en, state, _("Selesai") if stop.state == "done" else "", result, stop.at, zone)
    say = ""
    if stop.range is not None:
        low, high = stop.range.low, stop.range.high
        say = _("%(low)d sampai %(high)d menit lagi") % {"low": low, "high": high}
    if stop.state == "later":
        say = _("Sesudah urusan sebelumnya")
    return LineStop(title, title_en, "next", say, None, None, zone)


def _at_desk(view: DeskView) -> tuple[str, str, tuple[Any, ...]]:
    """The service of the errand at the desk, in both languages, and its papers."""
    for service in view.services:
        if any(stop.seq == view.seq for stop in service.stops):
            papers = catalogue.service(service.code).requirements if service.code else ()
            return service.name, service.name_en, tuple(papers)
    return "", "", ()


def _counted(view: DeskView, first: Person | None) -> tuple[datetime | None, datetime | None]:
    if first is None:
        return None, None
    arrived = view.now - timedelta(minutes=first.minutes)
    counts = first.counts_from
    return arrived, counts if counts and abs(counts - arrived) >= timedelta(minutes=1) else None


def screen_of(view: DeskView, place: DeskPlace, hall: Hall | None = None, *, asks: str = "") -> Screen:
    """The screen of a desk from its view; ``hall`` where nobody is at the desk: whether the day is open."""
    desk = view.desk
    first = view.people[0] if view.people else None
    current = next((s for service in view.services for s in service.stops if s.seq == view.seq), None)
    service, service_en, requirements = _at_desk(view) if view.visit else ("", "", ())
    step = next(iter(catalogue.steps([current.step])), None) if current else None
    arrived, counts = _counted(view, first)
    hidden = view.people[MOST_SHOWN:]
    early = hall is not None and hall.open_from is not None and view.now < hall.open_from
    return Screen(
        mode=desk.state, pill=words.desk_state(desk.state), next=first, arrived=arrived, counts=counts,
        longest=max((x.minutes for x in view.people), default=0.0), more=len(hidden),
        more_longest=max((x.minutes for x in hidden), default=0.0),
        stops=_line(view, place), requirements=requirements, service=service, service_en=service_en,
        recall_in=ceil(view.can_recall_in_s or 0), recalls=current.recalls if current else 0,
        asks_result=asks == "hasil" and view.visit is not None,
        undo_word=words.STEPS.get(view.undo) if view.undo else None,
        usual=step.expected_minutes if step else None,
        over=hall is not None and hall.closed, opens=hall.open_from if hall and early else None,
    )  # fmt: skip
