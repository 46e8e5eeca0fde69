"""What others may ask of malls. Layout and hours are kept in memory until a fact changes them."""

from __future__ import annotations

import threading
import time as clock_time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from django.db import connection

from satuatap.features.journal import queries as journal
from satuatap.features.malls import refusals, rules
from satuatap.features.malls.facts import ClockJumped, ClockSettled
from satuatap.features.malls.models import Booth, CalendarDay, CityLine, Clock, Desk, District, Hours, Mall, Zone
from satuatap.features.malls.rules import DayHours
from satuatap.plumbing.sourced import cells_of

T = TypeVar("T")
KEEPS_S = 2.0
DOUBT_FOR = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class MallView:
    """A mall as screens show it."""

    id: int
    code: str
    name: str
    name_en: str
    address: str
    zone_name: str
    demo: bool
    lat: float | None
    lon: float | None
    synthetic: bool
    source: str
    building: str = ""  # code in the estate


@dataclass(frozen=True, slots=True)
class ZonePlan:
    """A zone on the plan (hall 1000 x 560)."""

    id: int
    code: str
    name: str
    name_en: str
    wayfinding: str
    wayfinding_en: str
    x: float
    y: float
    w: float
    h: float


@dataclass(frozen=True, slots=True)
class DeskPlace:
    """A desk on the plan, with its sign, booth and agency."""

    desk: int
    sign: str
    name: str
    booth: int
    booth_code: str
    booth_name: str
    agency: str
    agency_id: int
    agency_code: str
    zone: str
    mall: int
    level: str
    opens: bool
    x: float
    y: float
    w: float
    h: float


@dataclass(frozen=True, slots=True)
class BoothPlan:
    """A booth on the plan."""

    id: int
    code: str
    name: str
    name_en: str
    agency: str
    agency_id: int
    agency_code: str
    zone: str
    level: str
    synthetic: bool
    x: float
    y: float
    w: float
    h: float


@dataclass(frozen=True, slots=True)
class HallPlan:
    """The hall drawn from the mall's data."""

    mall: int
    zones: tuple[ZonePlan, ...]
    booths: tuple[BoothPlan, ...]
    desks: tuple[DeskPlace, ...]
    synthetic: bool

    def zone(self, code: str) -> ZonePlan | None:
        """The zone of that letter."""
        return next((zone for zone in self.zones if zone.code == code), None)


_lock = threading.Lock()
_kept: dict[Any, tuple[float, Any]] = {}


def _keep(key: Any, make: Callable[[], T]) -> T:
    now = clock_time.monotonic()
    found = _kept.get(key)
    if found is not None and now - found[0] < KEEPS_S:
        return found[1]  # type: ignore[no-any-return]
    made = make()
    with _lock:
        _kept[key] = (now, made)
    return made


def forget() -> None:
    """Read the layout anew at the next question (after a change in this process)."""
    with _lock:
        _kept.clear()


def malls() -> tuple[MallView, ...]:
    """All malls of the city, in the order they were opened here."""
    return _keep("malls", lambda: tuple(_view(row) for row in Mall.objects.filter(active=True).order_by("id")))


def _view(row: Mall) -> MallView:
    return MallView(
        row.pk, row.code, row.name, row.name_en, row.address, row.zone_name, row.demo, row.lat, row.lon, row.synthetic,
        row.source, row.building,
    )  # fmt: skip


def mall(key: int | str) -> MallView:
    """One mall by number or code."""
    found = next((m for m in malls() if key in (m.id, m.code)), None)
    if found is None:
        raise refusals.NoSuchMall()
    return found


def now(mall_id: int) -> datetime:
    """The mall's time: the one clock that everything in it goes by."""
    with connection.cursor() as cursor:
        cursor.execute("select mall_now(%s::smallint)", [mall_id])
        moment: datetime = cursor.fetchone()[0]
    return moment


def real_now() -> datetime:
    """The world's time, as the database has it."""
    with connection.cursor() as cursor:
        cursor.execute("select clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return moment


@dataclass(frozen=True, slots=True)
class ClockDoubt:
    """The machine's clock jumped by ``seconds`` at ``at`` (as it said then). ``believed``: it is gone by again."""

    seconds: int
    at: datetime
    believed: bool


def clock_doubt() -> ClockDoubt | None:
    """The newest jump of the machine's clock that was not taken back, for two days: what can't be undone waits."""
    jumped, settled = journal.last_of(ClockJumped.kind), journal.last_of(ClockSettled.kind)
    if jumped is None:
        return None
    ended = settled is not None and settled.position > jumped.position
    believed = settled is not None and ended and bool(settled.fact["believed"])
    if (ended and not believed) or real_now() - jumped.real_at > DOUBT_FOR:
        return None
    return ClockDoubt(int(jumped.fact["seconds"]), jumped.real_at, believed)


def speed(mall_id: int) -> float:
    """How many times faster than the world a demo's clock runs; 1 everywhere else."""
    row = Clock.objects.filter(pk=mall_id).values_list("speed", flat=True).first()
    return 1.0 if row is None else float(row)


def local(moment: datetime, zone_name: str) -> datetime:
    """A moment on the wall clock of the mall."""
    return moment.astimezone(ZoneInfo(zone_name))


def today(mall_id: int) -> date:
    """The business day where the mall stands."""
    return local(now(mall_id), mall(mall_id).zone_name).date()


def hall_plan(mall_id: int) -> HallPlan:
    """Zones, booths and desks with their places."""
    return _keep(("plan", mall_id), lambda: _hall_plan(mall_id))


def booth_numbers(mall_id: int) -> tuple[int, ...]:
    """The booths of the mall, for those who ask for their hours only: the heart does, every second."""
    booths = Booth.objects.filter(mall=mall_id, active=True).order_by("id")
    return _keep(("booths", mall_id), lambda: tuple(booths.values_list("pk", flat=True)))


def _hall_plan(mall_id: int) -> HallPlan:
    zones = tuple(
        ZonePlan(z.pk, z.code, z.name, z.name_en, z.wayfinding, z.wayfinding_en, z.x, z.y, z.w, z.h)
        for z in Zone.objects.filter(mall=mall_id).order_by("code")
    )
    booths = Booth.objects.filter(mall=mall_id, active=True).select_related("agency", "zone").order_by("id")
    desks = Desk.objects.filter(mall=mall_id, active=True, booth__active=True)
    desks = desks.select_related("booth__agency", "booth__zone").order_by("id")
    plans = tuple(_booth(row) for row in booths)
    return HallPlan(mall_id, zones, plans, tuple(_place(row) for row in desks), any(b.synthetic for b in plans))


def _booth(row: Booth) -> BoothPlan:
    agency = row.agency
    return BoothPlan(
        row.pk, row.code, row.name, row.name_en, agency.short_name or agency.name, agency.pk, agency.code,
        row.zone.code if row.zone else "", row.level, row.synthetic, row.x, row.y, row.w, row.h,
    )  # fmt: skip


def _place(row: Desk) -> DeskPlace:
    booth, agency = row.booth, row.booth.agency
    return DeskPlace(
        row.pk, row.code, row.name or f"Loket {row.code}", booth.pk, booth.code, booth.name,
        agency.short_name or agency.name, agency.pk, agency.code, booth.zone.code if booth.zone else "", row.mall_id,
        booth.level, row.opens, row.x, row.y, row.w, row.h,
    )  # fmt: skip


def desk_places(mall_id: int) -> Mapping[int, DeskPlace]:
    """Every desk of the mall by its number in the house."""
    return _keep(("desks", mall_id), lambda: {d.desk: d for d in hall_plan(mall_id).desks})


def desk_place(desk: int) -> DeskPlace | None:
    """One desk, whichever mall it is in."""
    return next((desk_places(m.id)[desk] for m in malls() if desk in desk_places(m.id)), None)


def booth(booth_id: int) -> BoothPlan | None:
    """One booth, whichever mall it is in."""
    return next((b for m in malls() for b in hall_plan(m.id).booths if b.id == booth_id), None)


def booths_of_agency(mall_id: int, agency_code: str) -> tuple[BoothPlan, ...]:
    """Where an agency is in a mall."""
    return tuple(b for b in hall_plan(mall_id).booths if b.agency_code == agency_code)


def _rows(mall_id: int) -> tuple[list[rules.HoursRow], list[rules.DayRow]]:
    hours = [
        rules.HoursRow(
            h.weekday,
            h.opens,
            h.closes,
            h.break_from,
            h.break_until,
            h.valid_from,
            h.valid_until,
            h.booth_id,
            h.label,
            h.source,
            h.synthetic,
        )
        for h in Hours.objects.filter(mall=mall_id)
    ]
    days = [
        rules.DayRow(d.date, d.kind, d.name, d.booth_id, d.opens, d.closes, d.source, d.synthetic, d.name_en)
        for d in (CalendarDay.objects.filter(mall=mall_id) | CalendarDay.objects.filter(mall=None))
    ]
    return hours, days


def open_hours(mall_id: int, day: date, booth_id: int | None = None) -> DayHours:
    """The hours of a day, for the mall or one of its booths, with their source."""
    hours, days = _keep(("hours", mall_id), lambda: _rows(mall_id))
    return rules.hours_on(day, hours, days, booth_id)


def moment(day: date, at: time, zone_name: str) -> datetime:
    """A local time of a day as a moment."""
    return rules.moment(day, at, zone_name)


def is_open(hours: DayHours, at: datetime, zone_name: str) -> bool:
    """Whether the hours hold at this moment, breaks apart."""
    return rules.is_open(hours, at, zone_name)


def opening_moments(hours: DayHours, zone_name: str) -> tuple[datetime | None, datetime | None]:
    """Opening and closing as moments; ``None`` twice when closed."""
    if hours.opens is None or hours.closes is None:
        return None, None
    return rules.moment(hours.day, hours.opens, zone_name), rules.moment(hours.day, hours.closes, zone_name)


def next_open_day(mall_id: int, after: date) -> DayHours | None:
    """The first later day on which the mall is open."""
    return rules.next_open_day(after, lambda day: open_hours(mall_id, day))


def calendar(mall_id: int, start: date, until: date) -> list[CalendarDay]:
    """The dates with rules of their own, for the office."""
    rows = CalendarDay.objects.filter(mall=mall_id) | CalendarDay.objects.filter(mall=None)
    return list(rows.filter(date__gte=start, date__lte=until).order_by("date", "id"))


def districts() -> list[District]:
    """The city's kecamatan with their boundaries."""
    return list(District.objects.order_by("code"))


_PLACE = ("x", "y", "w", "h")
_HOURS = ("weekday", "opens", "closes", "break_from", "break_until", "valid_from", "valid_until", "label")


def sheet_rows() -> dict[str, list[dict[str, Any]]]:
    """What stands in this feature's sheets of the city's files, in the order in which it came; without desks' skills.

    What is closed for good is not in it; closures and special hours that the office entered are.
    """
    here = {mall.pk: mall for mall in Mall.objects.filter(active=True).order_by("id")}
    booths = Booth.objects.filter(mall__in=here, active=True).select_related("agency", "zone").order_by("id")
    place = {booth.pk: booth.code for booth in booths}
    own = ("name", "name_en", "address", "demo", "lat", "lon", "area_m2", "kiosk_note", "building")
    zone = ("code", "name", "name_en", "wayfinding", "wayfinding_en", *_PLACE)
    zones = Zone.objects.filter(mall__in=here).order_by("id")
    desks = Desk.objects.filter(booth__in=place).order_by("id").filter(active=True)
    return {
        "malls": [{"code": m.code, "timezone": m.zone_name, **cells_of(m, *own)} for m in here.values()],
        "zones": [{"mall": here[z.mall_id].code, **cells_of(z, *zone)} for z in zones],
        "booths": [
            {"mall": here[b.mall_id].code, "agency": b.agency.code, "zone": b.zone.code if b.zone else "",
             **cells_of(b, "code", "name", "name_en", "level", *_PLACE)} for b in booths
        ],
        "desks": [
            {"mall": here[d.mall_id].code, "booth": place[d.booth_id],
             **cells_of(d, "id", "code", "name", "opens", *_PLACE)} for d in desks
        ],
        "districts": [cells_of(d, "code", "name", "centroid_lat", "centroid_lon") for d in districts()],
        **_dated_rows({key: mall.code for key, mall in here.items()}, place),
        **{sheet: _line_rows(sheet) for sheet in ("city", "policy")},
    }  # fmt: skip


def _dated_rows(here: Mapping[int, str], place: Mapping[int, str]) -> dict[str, list[dict[str, Any]]]:
    """Hours and calendar of malls and booths that are open."""

    def where(row: Hours | CalendarDay) -> dict[str, str]:
        return {"mall": here.get(row.mall_id or 0, ""), "booth": place.get(row.booth_id or 0, "")}

    def stands(row: Hours | CalendarDay) -> bool:
        return (row.mall_id is None or row.mall_id in here) and (row.booth_id is None or row.booth_id in place)

    day = ("date", "kind", "name", "name_en", "opens", "closes", "by_hand")
    return {
        "hours": [{**where(h), **cells_of(h, *_HOURS)} for h in Hours.objects.order_by("id") if stands(h)],
        "calendar": [
            {**where(d), **cells_of(d, *day)} for d in CalendarDay.objects.order_by("date", "id") if stands(d)
        ],
    }


def _line_rows(sheet: str) -> list[dict[str, Any]]:
    rows = CityLine.objects.filter(sheet=sheet).order_by("id")
    return [cells_of(row, "key", "value", "unit", "reason") for row in rows]
