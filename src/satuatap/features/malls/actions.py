"""Every write of malls: the city's files, the demo's clock, the office's closures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models.functions import Now

from satuatap.basics.actor import Actor
from satuatap.features.journal.actions import announce
from satuatap.features.journal.queries import entry_of_request
from satuatap.features.malls import facts, queries, refusals
from satuatap.features.malls.models import (
    Booth,
    CalendarDay,
    CityChange,
    CityChangeRow,
    CityLine,
    Clock,
    Desk,
    District,
    Heartbeat,
    Hours,
    Mall,
    Zone,
)
from satuatap.features.malls.rules import RowChange, digest_of
from satuatap.features.malls.states import DayKind
from satuatap.features.people.queries import agency_ids
from satuatap.plumbing.sourced import SOURCED
from satuatap.plumbing.upsert import Change, put_rows

Row = Mapping[str, Any]
DRAFT_DAYS = 7
MOST_NAMED = 200  # rows named in a fact
COMMIT_S = 0.25  # longer than a change of clock takes to be committed
_RECT = ("x", "y", "w", "h")
_MAY_BE_UNKNOWN = ("source_year", "lat", "lon", "area_m2", "centroid_lat", "centroid_lon")


def _take(row: Row, *names: str) -> dict[str, Any]:
    """The named fields of a row, where it has them; what was taken out of the file goes, too."""
    taken = {name: row[name] for name in names if name in row and row[name] is not None}
    empty = {name: None for name in names if name in row and row[name] is None and name in _MAY_BE_UNKNOWN}
    return taken | empty | {name: 0.0 for name in names if name in row and row[name] is None and name in _RECT}


def _done(sheet: str, change: Change, by: Actor) -> Change:
    if change:
        announce(facts.LayoutPut(sheet, **change.counts()), by=by)
        transaction.on_commit(queries.forget)
    return change


def _mall_ids() -> dict[str, Mall]:
    return {row.code: row for row in Mall.objects.all()}


def _mall_of(known: Mapping[str, Mall], code: str) -> Mall:
    if code not in known:
        raise refusals.NoSuchMall()
    return known[code]


@transaction.atomic
def put_malls(*, by: Actor, rows: Sequence[Row]) -> Change:
    """The malls of the city, as its file names them."""
    values = [
        {
            **_take(
                row,
                "code",
                "name",
                "name_en",
                "address",
                "demo",
                "lat",
                "lon",
                "area_m2",
                "kiosk_note",
                "building",
                *SOURCED,
            ),
            "zone_name": row["timezone"],
            "active": True,
        }
        for row in rows
    ]
    return _done("malls", put_rows(Mall.objects.all(), ["code"], values, retire={"active": False}), by)


@transaction.atomic
def put_zones(*, by: Actor, rows: Sequence[Row]) -> Change:
    """The zones of each mall."""
    known = _mall_ids()
    names = ("code", "name", "name_en", "wayfinding", "wayfinding_en", *_RECT, *SOURCED)
    values = [{"mall": _mall_of(known, row["mall"]), **_take(row, *names)} for row in rows]
    stay = {(row["mall"].pk, row["code"]) for row in values}
    gone = [zone.pk for zone in Zone.objects.all() if (zone.mall_id, zone.code) not in stay]
    Booth.objects.filter(zone__in=gone).update(zone=None)  # put_booths gives those that stay their new one
    return _done("zones", put_rows(Zone.objects.all(), ["mall", "code"], values), by)


@transaction.atomic
def put_booths(*, by: Actor, rows: Sequence[Row]) -> Change:
    """The agencies' places in each mall."""
    known, agencies = _mall_ids(), agency_ids()
    zones = {(zone.mall_id, zone.code): zone for zone in Zone.objects.all()}
    values = []
    for row in rows:
        mall = _mall_of(known, row["mall"])
        zone = zones.get((mall.pk, row.get("zone") or ""))
        if row["agency"] not in agencies or (row.get("zone") and zone is None):
            raise refusals.NoSuchPlace()
        taken = _take(row, "code", "name", "name_en", "level", *_RECT, *SOURCED)
        values.append({"mall": mall, "agency_id": agencies[row["agency"]], "zone": zone, "active": True, **taken})
    return _done("booths", put_rows(Booth.objects.all(), ["mall", "code"], values, retire={"active": False}), by)


@transaction.atomic
def put_desks(*, by: Actor, rows: Sequence[Row]) -> Change:
    """The desks of each booth; what they can do is laid out in visits."""
    known = _mall_ids()
    booths = {(booth.mall_id, booth.code): booth for booth in Booth.objects.all()}
    values = []
    for row in rows:
        mall = _mall_of(known, row["mall"])
        booth = booths.get((mall.pk, row["booth"]))
        if booth is None:
            raise refusals.NoSuchPlace()
        taken = _take(row, "code", "name", "opens", *_RECT, *SOURCED)
        values.append({"mall": mall, "booth": booth, "active": True, **taken})
    return _done("desks", put_rows(Desk.objects.all(), ["mall", "code"], values, retire={"active": False}), by)


@transaction.atomic
def put_hours(*, by: Actor, rows: Sequence[Row]) -> Change:
    """The weekly hours, each row dated and with its source."""
    known = _mall_ids()
    booths = {(booth.mall_id, booth.code): booth for booth in Booth.objects.all()}
    values = []
    for row in rows:
        mall = _mall_of(known, row["mall"])
        taken = _take(row, "weekday", "opens", "closes", *SOURCED)
        taken |= {name: row.get(name) for name in ("break_from", "break_until", "valid_from", "valid_until")}
        booth = booths.get((mall.pk, row["booth"])) if row.get("booth") else None
        values.append({"mall": mall, "booth": booth, "label": row.get("label") or "", **taken})
    key = ["mall", "booth", "weekday", "valid_from", "label"]
    return _done("hours", put_rows(Hours.objects.all(), key, values), by)


@transaction.atomic
def put_calendar(*, by: Actor, rows: Sequence[Row], whole: bool = False) -> Change:
    """Holidays, joint leave, closures; rows that the office entered by hand stay.

    ``whole``: the rows are the whole calendar, and say themselves (``by_hand``) which the office entered.
    """
    known = _mall_ids()
    booths = {(booth.mall_id, booth.code): booth for booth in Booth.objects.all()}
    values = []
    for row in rows:
        mall = _mall_of(known, row["mall"]) if row.get("mall") else None
        booth = booths.get((mall.pk, row["booth"])) if mall and row.get("booth") else None
        taken = _take(row, "date", "kind", "name", "name_en", *SOURCED)
        hours = {"opens": row.get("opens"), "closes": row.get("closes")}
        values.append({"mall": mall, "booth": booth, **hours, **taken})
        if whole:
            values[-1]["by_hand"] = bool(row.get("by_hand"))
    key = ["date", "kind", "name", "mall", "booth"]
    if whole:
        return _done("calendar", put_rows(CalendarDay.objects.all(), key, values), by)
    named = {tuple(row[name] for name in key) for row in values}
    for day in CalendarDay.objects.filter(by_hand=True).select_related("mall", "booth"):
        if tuple(getattr(day, name) for name in key) in named:  # the office was first; now the file says it, too
            CalendarDay.objects.filter(pk=day.pk).update(by_hand=False)
    return _done("calendar", put_rows(CalendarDay.objects.filter(by_hand=False), key, values), by)


@transaction.atomic
def put_city_lines(*, by: Actor, sheet: str, rows: Sequence[Row]) -> Change:
    """What the files say about the city (sheet ``city``), or about a number of the calling policy (``policy``).

    The policy's numbers themselves are kept by the queue: here stands only why they are so.
    """
    names = ("key", "unit", "reason", *SOURCED) if sheet == "policy" else ("key", "value", *SOURCED)
    values = [{"sheet": sheet, **_take(row, *names)} for row in rows]
    return _done(sheet, put_rows(CityLine.objects.filter(sheet=sheet), ["key"], values), by)


@transaction.atomic
def put_districts(*, by: Actor, rows: Sequence[Row], boundaries: Mapping[str, Any]) -> Change:
    """The kecamatan; ``boundaries`` are GeoJSON geometries by code."""
    values = [
        {
            **_take(row, "code", "name", "centroid_lat", "centroid_lon", *SOURCED),
            "boundary": boundaries.get(row["code"]),
        }
        for row in rows
    ]
    return _done("districts", put_rows(District.objects.all(), ["code"], values), by)


@transaction.atomic
def set_clock(*, by: Actor, mall: int, speed: float | None = None, jump_to: datetime | None = None) -> datetime:
    """Set a demo's clock, on the owner's connection only: the application's role may not write it.

    Refused outside a demo, and whenever the mall's time would run backwards. Returns the mall's time from now on.
    """
    row = Mall.objects.select_for_update(no_key=True).get(pk=mall)
    if not row.demo:
        raise refusals.ClockIsReal()
    clock = Clock.objects.select_for_update(no_key=True).filter(pk=mall).first()
    with connection.cursor() as cursor:
        cursor.execute("select clock_timestamp()")
        real = cursor.fetchone()[0]
    now = real if clock is None else clock.anchor_mall + (real - clock.anchor_real) * clock.speed
    if jump_to is not None and jump_to < now:
        raise refusals.ClockNeverBack()
    # Until this is committed others still go by the old clock: the new one starts where they can't have been yet.
    margin = timedelta(seconds=COMMIT_S) * (clock.speed if clock else 1.0)
    target = max(now + margin, jump_to) if jump_to is not None else now + margin
    wanted = speed if speed is not None else (clock.speed if clock else 1.0)
    Clock.objects.update_or_create(mall=row, defaults={"anchor_real": real, "anchor_mall": target, "speed": wanted})
    announce(facts.ClockChanged(target.isoformat(), wanted), by=by, mall=mall, at=target)
    return target


@transaction.atomic
def resume_clock(*, by: Actor, mall: int, at: datetime) -> datetime:
    """At a start: let a demo's clock go on at ``at``, at the speed of the world, whatever passed while nobody served.

    The database refuses a moment before the last one that the mall has shown.
    """
    row = Mall.objects.select_for_update(no_key=True).get(pk=mall)
    if not row.demo:
        raise refusals.ClockIsReal()
    with connection.cursor() as cursor:
        cursor.execute("select now()")
        real = cursor.fetchone()[0]
    Clock.objects.update_or_create(mall=row, defaults={"anchor_real": real, "anchor_mall": at, "speed": 1.0})
    announce(facts.ClockChanged(at.isoformat(), 1.0), by=by, mall=mall, at=at)
    return at


@transaction.atomic
def note_jump(*, by: Actor, seconds: int) -> None:
    """Write down that the machine's clock jumped: times around this entry are not to be trusted, positions are."""
    announce(facts.ClockJumped(seconds), by=by)


@transaction.atomic
def note_settled(*, by: Actor, seconds: int, believed: bool) -> None:
    """Write down how the jump ended."""
    announce(facts.ClockSettled(seconds, believed), by=by)


def beat(*, mall: int, at: datetime) -> None:
    """Remember where the mall's clock stands; a beat is no fact, and never goes back."""
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into malls_heartbeat as h (mall_id, at) values (%s, %s) "
            "on conflict (mall_id) do update set at = greatest(h.at, excluded.at)",
            [mall, at],
        )


def last_beat(mall: int) -> datetime | None:
    """Where the clock stood when it was last seen."""
    return Heartbeat.objects.filter(pk=mall).values_list("at", flat=True).first()


@transaction.atomic(durable=True)
def add_closure(
    *, by: Actor, mall: int, day: date, name: str, booth: int | None = None, request: UUID | None = None
) -> CalendarDay | None:
    """Close a mall or one booth on a day (the office)."""
    return _add_day(by, mall, day, DayKind.CLOSURE, name, booth, (None, None), request)


@transaction.atomic(durable=True)
def add_special_hours(
    *, by: Actor, mall: int, day: date, name: str, hours: tuple[time, time], booth: int | None = None,
    request: UUID | None = None,
) -> CalendarDay | None:  # fmt: skip
    """Other hours than usual on one day (the office)."""
    if hours[0] >= hours[1]:
        raise refusals.HoursUpsideDown()
    return _add_day(by, mall, day, DayKind.SPECIAL_HOURS, name, booth, hours, request)


def _add_day(
    by: Actor, mall: int, day: date, kind: DayKind, name: str, booth: int | None,
    hours: tuple[time | None, time | None], request: UUID | None,
) -> CalendarDay | None:  # fmt: skip
    Mall.objects.select_for_update(no_key=True).get(pk=mall)
    if entry_of_request(request, facts.DayAdded.kind, date=day.isoformat(), rule=kind):
        return None
    if day < queries.today(mall):
        raise refusals.DayInThePast()
    if CalendarDay.objects.filter(mall=mall, booth=booth, date=day, by_hand=True).exists():
        raise refusals.DayKnown()
    row = CalendarDay.objects.create(
        mall_id=mall, booth_id=booth, date=day, kind=kind, name=name, opens=hours[0], closes=hours[1], by_hand=True,
        source="office",
    )  # fmt: skip
    announce(facts.DayAdded(row.pk, day.isoformat(), kind), by=by, mall=mall, request=request)
    transaction.on_commit(queries.forget)
    return row


@transaction.atomic(durable=True)
def withdraw_day(*, by: Actor, mall: int, day: int, request: UUID | None = None) -> None:
    """Take back a rule that the office entered; what it said stays in the journal."""
    rows = list(CalendarDay.objects.select_for_update(of=("self",)).filter(pk=day, mall=mall))
    if not rows and entry_of_request(request, facts.DayWithdrawn.kind):
        return
    if not rows or not rows[0].by_hand:
        raise refusals.NotByHand()
    row = rows[0]
    values = {"day": row.pk, "date": row.date.isoformat(), "rule": row.kind}
    row.delete()
    announce(facts.DayWithdrawn(values), by=by, mall=mall, request=request)
    transaction.on_commit(queries.forget)


@transaction.atomic
def keep_draft(
    *, by: Actor, way: str, rows: Sequence[RowChange], problems: Sequence[Any] = (), notes: Sequence[str] = (),
    days: int = DRAFT_DAYS,
) -> CityChange:  # fmt: skip
    """Keep what an import would change, until it is applied or its days are over; nothing has happened in the city."""
    change = CityChange.objects.create(
        way=way, who=by.code, digest=digest_of(rows), problems=list(problems), notes=list(notes),
        ends_at=Now() + timedelta(days=days),
    )  # fmt: skip
    _keep_rows(change, rows)
    return change


def _keep_rows(change: CityChange, rows: Sequence[RowChange]) -> None:
    CityChangeRow.objects.bulk_create(
        CityChangeRow(change=change, place=place, sheet=row.sheet, key=row.key, before=row.before, after=row.after)
        for place, row in enumerate(rows)
    )


@transaction.atomic
def note_change(
    *, by: Actor, way: str, rows: Sequence[RowChange], draft: UUID | None = None, undoes: UUID | None = None,
    request: UUID | None = None,
) -> CityChange:  # fmt: skip
    """Write down that the rows were changed (they have been, in this transaction) and tell the journal.

    ``draft``: it was looked at before; the same rows are its own already.
    """
    digest = digest_of(rows)
    if draft is None:
        change = CityChange(way=way, who=by.code, digest=digest, undoes_id=undoes)
    else:
        change = CityChange.objects.select_for_update().get(pk=draft)
        change.rows.all().delete()
        change.who, change.digest = by.code, digest
    change.applied_at = Now()
    change.save()
    _keep_rows(change, rows)
    counts: dict[str, dict[str, int]] = {}
    for row in rows:
        kind = "added" if row.before is None else "removed" if row.after is None else "changed"
        counts.setdefault(row.sheet, {"added": 0, "changed": 0, "removed": 0})[kind] += 1
    named = [[row.sheet, row.key] for row in rows[:MOST_NAMED]]
    fact = facts.CityChanged(str(change.pk), way, digest, counts, named, str(undoes) if undoes else None)
    announce(fact, by=by, request=request)
    return change


@transaction.atomic
def drop_draft(*, draft: UUID) -> None:
    """Forget a draft; what was applied stays."""
    CityChange.objects.filter(pk=draft, applied_at__isnull=True).delete()


@transaction.atomic
def drop_old_drafts() -> int:
    """Forget the drafts whose days are over; no fact, because nothing happened in the city."""
    return CityChange.objects.filter(applied_at__isnull=True, ends_at__lt=Now()).delete()[0]
