"""Which hours hold on a date. Pure: rows in, hours out; dates are the mall's own.

A special row of the day beats everything; closures, holidays and joint leave close; else the weekday's row that is
valid that day holds, a booth's before the mall's, a bounded one (Ramadan) before an unbounded one.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from satuatap.features.malls.states import CLOSED_KINDS, DayKind


@dataclass(frozen=True, slots=True)
class HoursRow:
    """A row of hours; ``booth`` is ``None`` for the whole mall."""

    weekday: int
    opens: time
    closes: time
    break_from: time | None = None
    break_until: time | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    booth: int | None = None
    label: str = ""
    source: str = ""
    synthetic: bool = False


@dataclass(frozen=True, slots=True)
class DayRow:
    """A date's own rule."""

    date: date
    kind: str
    name: str
    booth: int | None = None
    opens: time | None = None
    closes: time | None = None
    source: str = ""
    synthetic: bool = False
    name_en: str = ""


@dataclass(frozen=True, slots=True)
class DayHours:
    """The hours of one day. ``sourced`` is whether the calendar of that year rests on a sourced row."""

    day: date
    opens: time | None
    closes: time | None
    breaks: tuple[tuple[time, time], ...]
    label: str
    source: str
    synthetic: bool
    sourced: bool
    label_en: str = ""

    @property
    def is_open(self) -> bool:
        """Whether there are any hours that day."""
        return self.opens is not None


def _closed(day: date, row: DayRow | None, sourced: bool) -> DayHours:
    if row is None:
        return DayHours(day, None, None, (), "", "", False, sourced)
    return DayHours(day, None, None, (), row.name, row.source, row.synthetic, sourced, row.name_en)


def _of_day(days: Iterable[DayRow], day: date, booth: int | None) -> DayRow | None:
    """The strongest rule of that date: the booth's before the mall's, special hours before closed."""
    rows = [row for row in days if row.date == day and row.booth in (None, booth)]
    rows.sort(key=lambda row: (row.booth is None, row.kind != DayKind.SPECIAL_HOURS))
    return rows[0] if rows else None


def _of_week(hours: Iterable[HoursRow], day: date, booth: int | None) -> HoursRow | None:
    rows = [
        row
        for row in hours
        if row.weekday == day.isoweekday()
        and row.booth in (None, booth)
        and (row.valid_from is None or row.valid_from <= day)
        and (row.valid_until is None or day <= row.valid_until)
    ]
    # A period row of the whole mall (Ramadan) beats a booth's unbounded row: the letter of that month holds for all.
    rows.sort(key=lambda row: (row.valid_until is None, row.booth is None, -(row.valid_from or date.min).toordinal()))
    return rows[0] if rows else None


def hours_on(day: date, hours: Iterable[HoursRow], days: Iterable[DayRow], booth: int | None = None) -> DayHours:
    """The hours that hold on ``day`` for the mall, or for one booth."""
    known = list(days)
    sourced = any(row.date.year == day.year and row.source for row in known)
    rule = _of_day(known, day, booth)
    if rule is not None and rule.kind in CLOSED_KINDS:
        return _closed(day, rule, sourced)
    week = _of_week(hours, day, booth)
    if rule is not None and rule.opens is not None and rule.closes is not None:
        breaks = _breaks(week, rule.opens, rule.closes)
        return DayHours(
            day, rule.opens, rule.closes, breaks, rule.name, rule.source, rule.synthetic, sourced, rule.name_en
        )
    if week is None:
        return _closed(day, None, sourced)
    return DayHours(
        day, week.opens, week.closes, _breaks(week, week.opens, week.closes), week.label, week.source, week.synthetic,
        sourced,
    )  # fmt: skip


def _breaks(week: HoursRow | None, opens: time, closes: time) -> tuple[tuple[time, time], ...]:
    if week is None or week.break_from is None or week.break_until is None:
        return ()
    start, end = max(week.break_from, opens), min(week.break_until, closes)
    return ((start, end),) if start < end else ()


def moment(day: date, at: time, zone: str) -> datetime:
    """A local time of a day as a moment."""
    return datetime.combine(day, at, ZoneInfo(zone))


def is_open(hours: DayHours, now: datetime, zone: str) -> bool:
    """Whether the hours hold at this moment, breaks apart."""
    local = now.astimezone(ZoneInfo(zone))
    if hours.opens is None or hours.closes is None or local.date() != hours.day:
        return False
    at = local.time()
    return hours.opens <= at < hours.closes and not any(start <= at < end for start, end in hours.breaks)


def next_open_day(after: date, hours_of: Callable[[date], DayHours], most: int = 366) -> DayHours | None:
    """The first day after ``after`` with hours."""
    for days in range(1, most + 1):
        found = hours_of(after + timedelta(days=days))
        if found.is_open:
            return found
    return None


@dataclass(frozen=True, slots=True)
class RowChange:
    """One row of one sheet of the city's files: its cells before and after, ``None`` where there was or is no row."""

    sheet: str
    key: str
    before: dict[str, str] | None
    after: dict[str, str] | None


def digest_of(rows: Sequence[RowChange]) -> str:
    """SHA-256 over the rows as JSON, in their order: what the journal keeps of a change."""
    plain = [[row.sheet, row.key, row.before, row.after] for row in rows]
    return hashlib.sha256(json.dumps(plain, sort_keys=True, ensure_ascii=True).encode()).hexdigest()
