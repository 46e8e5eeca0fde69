"""Where and when a citizen asks: the mall, its time, whether it is open, and how the hall is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import ObjectDoesNotExist

from satuatap.features.malls import queries as malls
from satuatap.features.malls.queries import DayHours, MallView
from satuatap.features.visits import queries as visits
from satuatap.features.visits.views import Hall, IntakeEnd, StepNow, ends_of
from satuatap.web.portal.refusals import NoMallYet

RAMADAN_AND_OTHERS = 60  # days ahead in which another opening day is looked for


@dataclass(frozen=True, slots=True)
class Opening:
    """Today's hours in words: ``state`` is before, open, break, after or closed."""

    state: str
    day: date
    opens: datetime | None
    closes: datetime | None
    break_until: datetime | None
    breaks: tuple[tuple[datetime, datetime], ...]
    label: str
    label_en: str
    unsure: bool  # no sourced row says so
    source: str
    next_day: date | None
    next_opens: datetime | None

    @property
    def is_open(self) -> bool:
        """Whether numbers are given now."""
        return self.state in ("open", "break")


@dataclass(frozen=True, slots=True)
class Here:
    """The one mall of this portal at this moment."""

    mall: MallView
    now: datetime
    opening: Opening
    hall: Hall | None

    def steps_of(self, code: str) -> list[StepNow]:
        """The lines of a service that this mall serves."""
        return [s for s in self.hall.steps.values() if s.service_code == code] if self.hall else []

    def end_of(self, code: str) -> IntakeEnd:
        """Until when numbers are given for a service today, if its booths close before the mall."""
        return ends_of(self.steps_of(code))

    def signs_of(self, step: int) -> list[str]:
        """The desks that can do a step, by the numbers on their signs."""
        return [d.sign for d in self.hall.desks if step in d.skills] if self.hall else []


def the_mall() -> MallView:
    """The mall whose portal this is: the first that was opened."""
    known = malls.malls()
    if not known:
        raise NoMallYet()
    return known[0]


def here() -> Here:
    """The mall now."""
    mall = the_mall()
    now = malls.now(mall.id)
    return Here(mall, now, opening_of(mall, now), hall_of(mall.id))


def hall_of(mall: int) -> Hall | None:
    """The hall, once a floor has been laid out."""
    try:
        return visits.hall(mall)
    except ObjectDoesNotExist:
        return None


def opening_of(mall: MallView, now: datetime) -> Opening:
    """Today's hours against the mall's clock, and the next day with hours when today is over."""
    today = malls.local(now, mall.zone_name).date()
    hours = malls.open_hours(mall.id, today)
    opens, closes = malls.opening_moments(hours, mall.zone_name)
    breaks = tuple((malls_moment(mall, today, start), malls_moment(mall, today, end)) for start, end in hours.breaks)
    pause = next((end for start, end in breaks if start <= now < end), None)
    state = _state(now, opens, closes, pause)
    later = malls.next_open_day(mall.id, today) if state in ("after", "closed") else None
    return Opening(
        state, today, opens, closes, pause, breaks, hours.label, hours.label_en,
        hours.synthetic or not hours.sourced or not hours.source, hours.source,
        later.day if later else None, malls.opening_moments(later, mall.zone_name)[0] if later else None,
    )  # fmt: skip


def malls_moment(mall: MallView, day: date, at: object) -> datetime:
    """A time of the mall's day as a moment."""
    whole = DayHours(day, at, at, (), "", "", False, True)  # type: ignore[arg-type]
    moment = malls.opening_moments(whole, mall.zone_name)[0]
    assert moment is not None
    return moment


def _state(now: datetime, opens: datetime | None, closes: datetime | None, pause: datetime | None) -> str:
    if opens is None or closes is None:
        return "closed"
    if now < opens:
        return "before"
    if now >= closes:
        return "after"
    return "break" if pause else "open"
