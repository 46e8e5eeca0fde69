"""The hall as it is: one picture of the day, and every view made of it."""

from __future__ import annotations

import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db.models import Q

from satuatap.features.catalogue import queries as catalogue
from satuatap.features.journal.queries import last_position
from satuatap.features.malls import queries as malls
from satuatap.features.visits import floorload, refusals, snapshot, waits
from satuatap.features.visits.models import Desk, Floor, StepTime, Visit
from satuatap.features.visits.policies import weights_of
from satuatap.features.visits.snapshot import ErrandNow
from satuatap.features.visits.states import ErrandState, PriorityClass, Result, VisitState
from satuatap.features.visits.views import CallNow, DeskNow, Hall, Person, StepNow, ZoneNow
from satuatap.features.visits.zones import local_day

MS_A_MINUTE = 60_000
HALL_KEEPS_S = 0.5
PAST_KEEPS_S = 600.0


@dataclass(frozen=True, slots=True)
class StepName:
    """A step in words, and where its desks are."""

    step: int
    service: int
    service_code: str
    name: str
    name_en: str
    agency: str
    expected_ms: int


@dataclass(frozen=True, slots=True)
class Picture:
    """The raw material of all views at one moment."""

    mall: int
    now: datetime
    floor: Floor
    errands: list[ErrandNow]
    desks: list[Desk]
    names: Mapping[int, StepName]
    service_names: Mapping[int, tuple[str, str]]
    places: Mapping[int, malls.DeskPlace]
    past: Mapping[int, list[float]]


@dataclass(frozen=True, slots=True)
class Kept:
    """A picture of a hall, when it was made, and how far the journal was when it was begun."""

    at: float
    position: int
    hall: Hall


_lock = threading.Lock()
_halls: dict[int, Kept] = {}
_past: dict[tuple[int, str, str], tuple[float, dict[int, list[float]]]] = {}


def step_names(mall: int, also: Iterable[int] = ()) -> dict[int, StepName]:
    """The steps this mall serves, with their names; ``also`` those that it served when somebody took a number."""
    times = {t.step: t for t in StepTime.objects.filter(Q(active=True) | Q(step__in=list(also)), mall=mall)}
    return {
        step.id: StepName(
            step.id, times[step.id].service, step.service_code, step.name, step.name_en, step.agency_name,
            times[step.id].expected_ms,
        )
        for step in catalogue.steps(times)
    }  # fmt: skip


def picture(mall: int) -> Picture:
    """Everything the views are made of, in a handful of statements."""
    floor = Floor.objects.get(pk=mall)
    now = malls.now(mall)
    errands = snapshot.errands_of(mall, local_day(now, floor.zone))
    return Picture(
        mall=mall,
        now=now,
        floor=floor,
        errands=errands,
        desks=list(Desk.objects.filter(mall=mall).order_by("pk")),
        names=step_names(mall, {e.step for e in errands}),
        service_names=catalogue.service_names(),
        places=malls.desk_places(mall),
        past=_past_waits(mall, floor.zone, now),
    )


def _past_waits(mall: int, zone: str, now: datetime) -> dict[int, list[float]]:
    local = malls.local(now, zone)
    key = (mall, local.date().isoformat(), snapshot.half_hour_of(local))
    kept = _past.get(key)
    if kept and time.monotonic() - kept[0] < PAST_KEEPS_S:
        return kept[1]
    found = snapshot.past_waits(mall, local.date(), zone, key[2])
    _past.clear()
    _past[key] = (time.monotonic(), found)
    return found


def hall(mall: int, *, fresh: bool = False) -> Hall:
    """The hall as it is; at most half a second old, so that a hundred screens cost one look.

    A screen that was told of a fact never gets a picture from before it: the picture is kept with the position that the
    journal had when it was begun.
    """
    position = last_position()
    with _lock:
        kept = _halls.get(mall)
        if kept and not fresh and kept.position >= position and time.monotonic() - kept.at < HALL_KEEPS_S:
            return kept.hall
        made = hall_of(picture(mall))
        _halls[mall] = Kept(time.monotonic(), position, made)
        return made


def minutes_between(start: datetime | None, end: datetime) -> float:
    """Minutes, never negative; 0 without a start."""
    return 0.0 if start is None else max(0.0, (end - start).total_seconds() / 60)


def load_of(p: Picture) -> dict[int, floorload.Load]:
    """The load of each step by the desks that are open now."""
    open_desks = [
        floorload.OpenDesk(d.pk, p.places[d.pk].zone, frozenset(d.skills))
        for d in p.desks
        if d.open and d.pk in p.places
    ]
    expected = {step: name.expected_ms / MS_A_MINUTE for step, name in p.names.items()}
    return floorload.loads(p.names, [e.step for e in p.errands if e.waits], expected, open_desks)


def ranges_of(p: Picture, load: Mapping[int, floorload.Load]) -> dict[int, waits.MinutesRange]:
    """The wait of each step until called, for somebody who comes now."""
    last = snapshot.waits_since(p.errands, p.now - snapshot.HOUR)
    found = {}
    for step, line in load.items():
        guess = waits.from_load(line.minutes_ahead, max(line.waiting, 1), 1, len(last.get(step, ())))
        found[step] = waits.pick_range(last.get(step, ()), p.past.get(step, ()), guess)
    return found


def zone_of_step(p: Picture, load: Mapping[int, floorload.Load], step: int) -> str:
    """Where a step is served: at an open desk, else where any desk can."""
    if load[step].zone:
        return load[step].zone
    return next((p.places[d.pk].zone for d in p.desks if step in d.skills and d.pk in p.places), "")


def hall_of(p: Picture) -> Hall:
    """The hall from one picture."""
    load = load_of(p)
    people = people_of(p, load)
    visits = {e.visit: e for e in p.errands}
    gone = [e for e in visits.values() if e.visit_state == VisitState.GONE]
    by_result = Counter(e.result for e in p.errands if e.result)
    return Hall(
        mall=p.mall,
        now=p.now,
        day=local_day(p.now, p.floor.zone),
        open_from=p.floor.open_from,
        open_until=p.floor.open_until,
        closed=p.floor.closed_day == local_day(p.now, p.floor.zone),
        desks=tuple(desk_now(p, d) for d in p.desks if d.pk in p.places),
        steps=_steps(p, load),
        zones=_zones(p, people, load),
        calls=_calls(p),
        people=people,
        in_mall=len(visits) - len(gone),
        waiting=sum(1 for person in people if person.state == "waiting"),
        visits=len(visits),
        finished=sum(1 for e in p.errands if e.state == ErrandState.DONE and e.result != Result.TRANSFERRED),
        unserved=by_result[Result.UNSERVED],
        missed=missed_of(p),
        dropped=tuple(person_of(p, e) for e in p.errands if e.result == Result.UNSERVED),
    )


def desk_now(p: Picture, desk: Desk) -> DeskNow:
    """One desk's state in one word, with whom it serves."""
    place = p.places[desk.pk]
    errand = next((e for e in p.errands if (e.visit, e.seq) == (desk.visit_id, desk.seq)), None)
    if errand is not None:
        state = "serving" if errand.state == ErrandState.SERVING else "called"
    elif desk.open:
        state = "ready"
    else:
        state = desk.pause or "closed"
    return DeskNow(
        id=desk.pk, sign=place.sign, booth=place.booth, agency=place.agency, zone=place.zone, state=state,
        since=desk.since, number=errand.number if errand else None, step=errand.step if errand else None,
        pause_next=desk.pause_next, skills=tuple(desk.skills), officer=desk.officer,
        minutes=minutes_between(desk.since, p.now),
        pause_after=(desk.pause or "break") if desk.pause_next else None,
    )  # fmt: skip


def person_of(p: Picture, errand: ErrandNow) -> Person:
    """An errand in line as a number that waits."""
    name = p.names.get(errand.step)
    return Person(
        visit=errand.visit, number=errand.number, step=errand.step, service_name=name.name if name else "",
        priority=errand.priority_class == PriorityClass.PRIORITY,
        minutes=minutes_between(errand.arrived_at, p.now),
        state="elsewhere" if errand.visit_state == VisitState.AT_DESK else "waiting",
        counts_from=counts_from(errand), seq=errand.seq, service_name_en=name.name_en if name else "",
    )  # fmt: skip


def missed_of(p: Picture) -> tuple[Person, ...]:
    """Who was called and did not come, and how long each may still be put back; the one with the least time first."""
    window = weights_of(p.mall).numbers["return_within_minutes"]
    found = [
        replace(person_of(p, e), return_minutes=max(0.0, window - minutes_between(e.done_at, p.now)))
        for e in p.errands
        if e.state == ErrandState.MISSED
    ]
    return tuple(sorted(found, key=lambda person: person.return_minutes or 0.0))


def counts_from(errand: ErrandNow) -> datetime | None:
    """From when the policy counts this errand: its key is a moment when the slope is one (thousandths)."""
    if errand.key is None:
        return None
    return datetime.fromtimestamp(0, errand.arrived_at.tzinfo) + timedelta(milliseconds=errand.key // 1000)


def people_of(p: Picture, load: Mapping[int, floorload.Load]) -> tuple[Person, ...]:
    """Each visit with an errand in line once, as the errand it should wait near; longest first."""
    lines: dict[int, list[ErrandNow]] = defaultdict(list)
    for errand in p.errands:
        if errand.waits:
            lines[errand.visit].append(errand)
    best = [min(group, key=lambda e: (load[e.step].minutes_ahead, e.seq)) for group in lines.values()]
    return tuple(person_of(p, e) for e in sorted(best, key=lambda e: e.arrived_at))


def _steps(p: Picture, load: Mapping[int, floorload.Load]) -> dict[int, StepNow]:
    ranges = ranges_of(p, load)
    serving = Counter(e.step for e in p.errands if e.state in (ErrandState.CALLED, ErrandState.SERVING))
    oldest: dict[int, datetime] = {}
    for errand in p.errands:
        if errand.waits:
            oldest[errand.step] = min(errand.arrived_at, oldest.get(errand.step, errand.arrived_at))
    return {
        step: StepNow(
            id=step, service=name.service, service_code=name.service_code, name=name.name, name_en=name.name_en,
            agency=name.agency, zone=zone_of_step(p, load, step), waiting=load[step].waiting, serving=serving[step],
            desks_open=load[step].desks, minutes_ahead=load[step].minutes_ahead,
            longest_minutes=minutes_between(oldest.get(step), p.now),
            expected_minutes=name.expected_ms / MS_A_MINUTE, range=ranges[step],
        )
        for step, name in p.names.items()
    }  # fmt: skip


def _zones(p: Picture, people: tuple[Person, ...], load: Mapping[int, floorload.Load]) -> tuple[ZoneNow, ...]:
    groups: dict[str, list[Person]] = defaultdict(list)
    for person in people:
        if person.state == "waiting":
            groups[zone_of_step(p, load, person.step)].append(person)
    opened = Counter(p.places[d.pk].zone for d in p.desks if (d.open or d.visit_id) and d.pk in p.places)
    return tuple(
        ZoneNow(
            zone.code, zone.name, len(groups[zone.code]), sum(x.minutes > 30 for x in groups[zone.code]),
            opened[zone.code], max((x.minutes for x in groups[zone.code]), default=0.0),
        )
        for zone in malls.hall_plan(p.mall).zones
    )  # fmt: skip


def _calls(p: Picture, most: int = 6) -> tuple[CallNow, ...]:
    """The newest calls of each zone, newest first: the display of a quiet zone keeps its own."""
    called = [e for e in p.errands if e.called_at is not None and e.desk in p.places]
    called.sort(key=lambda e: e.recalled_at or e.called_at or p.now, reverse=True)
    shown: Counter[str] = Counter()
    kept = []
    for errand in called:
        zone = p.places[errand.desk].zone if errand.desk is not None else ""
        shown[zone] += 1
        if shown[zone] <= most:
            kept.append(errand)
    return tuple(
        CallNow(
            e.number, p.places[e.desk].sign, p.places[e.desk].zone, p.places[e.desk].agency,
            e.recalled_at or e.called_at or p.now, e.recalls, e.state == ErrandState.CALLED, e.desk,
        )
        for e in kept
        if e.desk is not None
    )  # fmt: skip


def visit_by_token(token: str) -> Visit | None:
    """The visit behind an unguessable address."""
    return Visit.objects.filter(token=token).first()


def visit_by_number(mall: int, number: int, code: str) -> Visit:
    """Today's visit by its number together with the code on the slip; the same refusal whichever is wrong."""
    floor = Floor.objects.filter(pk=mall).first()
    if floor is None:
        raise refusals.NoSuchVisit()
    day = local_day(malls.now(mall), floor.zone)
    visit = Visit.objects.filter(mall=mall, day=day, number=number).first()
    if visit is None or visit.code != code.strip().upper():
        raise refusals.NoSuchVisit()
    return visit


def visit_of_today(mall: int, number: int) -> Visit:
    """Today's visit by its number alone: for the help desk, which sees the citizen."""
    floor = Floor.objects.filter(pk=mall).first()
    day = local_day(malls.now(mall), floor.zone) if floor else None
    visit = Visit.objects.filter(mall=mall, day=day, number=number).first() if day else None
    if visit is None:
        raise refusals.NoSuchVisit()
    return visit


def visit_here(mall: int, visit: int) -> Visit:
    """The visit, if it is one of this mall."""
    row = Visit.objects.filter(pk=visit, mall=mall).first()
    if row is None:
        raise refusals.NoSuchVisit()
    return row
