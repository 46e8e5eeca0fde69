"""The hall as it is: one picture of the day, and every view made of it."""

from __future__ import annotations

import threading
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from satuatap.features.malls import queries as malls
from satuatap.features.visits import floorload
from satuatap.features.visits.models import Desk
from satuatap.features.visits.policies import weights_of
from satuatap.features.visits.queries.picture import MS_A_MINUTE, Picture, minutes_between, shared_picture
from satuatap.features.visits.snapshot import ErrandNow
from satuatap.features.visits.states import ErrandState, PriorityClass, Result, VisitState
from satuatap.features.visits.views import CallNow, DeskNow, Hall, Person, StepNow, ZoneNow
from satuatap.features.visits.zones import local_day

_lock = threading.Lock()
_halls: dict[int, tuple[Picture, Hall]] = {}


def hall(mall: int, *, fresh: bool = False) -> Hall:
    """The hall as it is; at most half a second old."""
    p = shared_picture(mall, fresh=fresh)
    with _lock:
        kept = _halls.get(mall)
        if kept is None or kept[0] is not p:
            kept = _halls[mall] = (p, hall_of(p))
        return kept[1]


def hall_of(p: Picture) -> Hall:
    """The hall from one picture."""
    load = p.load
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
    ranges = p.ranges
    serving = Counter(e.step for e in p.errands if e.state in (ErrandState.CALLED, ErrandState.SERVING))
    oldest: dict[int, datetime] = {}
    for errand in p.errands:
        if errand.waits:
            oldest[errand.step] = min(errand.arrived_at, oldest.get(errand.step, errand.arrived_at))
    return {
        step: StepNow(
            id=step, service=name.service, service_code=name.service_code, name=name.name, name_en=name.name_en,
            agency=name.agency, zone=p.zone_of_step(step), waiting=load[step].waiting, serving=serving[step],
            desks_open=load[step].desks, minutes_ahead=load[step].minutes_ahead,
            longest_minutes=minutes_between(oldest.get(step), p.now),
            expected_minutes=name.expected_ms / MS_A_MINUTE, range=ranges[step],
            until=name.until, ended=name.until is not None and p.now >= name.until,
        )
        for step, name in p.names.items()
    }  # fmt: skip


def _zones(p: Picture, people: tuple[Person, ...], load: Mapping[int, floorload.Load]) -> tuple[ZoneNow, ...]:
    groups: dict[str, list[Person]] = defaultdict(list)
    for person in people:
        if person.state == "waiting":
            groups[p.zone_of_step(person.step)].append(person)
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
