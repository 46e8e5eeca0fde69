"""What the desk shows, made of the desk's view: nothing of other agencies but zones and minutes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from satuatap.features.catalogue import queries as catalogue
from satuatap.features.malls.queries import DeskPlace, MallView
from satuatap.features.visits.views import DeskView, Stop
from satuatap.web.desk import words

MOST_SHOWN = 8
LATE_MINUTES = 30


@dataclass(frozen=True, slots=True)
class LineStop:
    """One stop of the citizen's line as this officer may see it."""

    title: str
    title_en: str
    state: str  # done, here, next, away
    say: str
    result: Promise | None
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Screen:
    """The desk's screen."""

    mode: str  # closed, break, trouble, ready, called, serving
    pill: tuple[str, Promise]
    next_number: int | None
    next_name: str
    next_minutes: float
    longest: float
    more: int
    stops: tuple[LineStop, ...]
    requirements: tuple[Any, ...]
    service: str
    recall_in: int
    recalls: int
    asks_result: bool
    undo_word: Promise | None
    usual: tuple[float, float] | None


def _own(stop: Stop, place: DeskPlace) -> bool:
    return stop.agency == place.agency


def _line(view: DeskView, place: DeskPlace) -> tuple[LineStop, ...]:
    found = []
    for service in view.services:
        for stop in service.stops:
            title, title_en = (stop.name, stop.name_en) if _own(stop, place) else ("", "")
            found.append(_line_stop(stop, title, title_en, _own(stop, place), view))
    return tuple(found)


def _line_stop(stop: Stop, title: str, title_en: str, own: bool, view: DeskView) -> LineStop:
    if not own:
        title = _("Loket lain, Zona %(zone)s") % {"zone": stop.zone} if stop.zone else _("Loket lain")
        title_en = title
    if stop.seq == view.seq:
        return LineStop(title, title_en, "here", _("Sekarang di sini"), None, None)
    if stop.state in ("done", "dropped", "missed"):
        result = words.RESULTS.get(stop.result or "") if own else None
        state = "done" if stop.state == "done" else "away"
        return LineStop(title, title_en, state, _("Selesai") if stop.state == "done" else "", result, stop.at)
    say = ""
    if stop.range is not None:
        low, high = stop.range.low, stop.range.high
        say = _("%(low)d sampai %(high)d menit lagi") % {"low": low, "high": high}
    if stop.state == "later":
        say = _("Sesudah urusan sebelumnya")
    return LineStop(title, title_en, "next", say, None, None)


def _requirements(view: DeskView) -> tuple[str, tuple[Any, ...]]:
    for service in view.services:
        if any(stop.seq == view.seq for stop in service.stops) and service.code:
            page = catalogue.service(service.code)
            return service.name, page.requirements
    return "", ()


def screen_of(view: DeskView, place: DeskPlace, mall: MallView, *, asks: str = "") -> Screen:
    """The screen of a desk from its view."""
    desk = view.desk
    first = view.people[0] if view.people else None
    current = next((s for service in view.services for s in service.stops if s.seq == view.seq), None)
    service, requirements = _requirements(view) if view.visit else ("", ())
    expected = None
    if current is not None:
        step = next(iter(catalogue.steps([current.step])), None)
        expected = (0.5 * step.expected_minutes, 1.6 * step.expected_minutes) if step else None
    return Screen(
        mode=desk.state, pill=words.desk_state(desk.state), next_number=first.number if first else None,
        next_name=first.service_name if first else "", next_minutes=first.minutes if first else 0.0,
        longest=max((x.minutes for x in view.people), default=0.0), more=max(0, len(view.people) - MOST_SHOWN),
        stops=_line(view, place), requirements=requirements, service=service,
        recall_in=int(view.can_recall_in_s or 0), recalls=current.recalls if current else 0,
        asks_result=asks == "hasil" and view.visit is not None,
        undo_word=words.STEPS.get(view.undo) if view.undo else None,
        usual=expected,
    )  # fmt: skip
