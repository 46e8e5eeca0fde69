"""A visit as its holder sees it: her number, her stops in order, how long, where to wait, and why another is before."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from satuatap.features.visits import floorload, refusals, rules
from satuatap.features.visits.models import Visit
from satuatap.features.visits.queries.hall import counts_from
from satuatap.features.visits.queries.picture import (
    MS_A_MINUTE,
    Picture,
    minutes_between,
    place_in_line,
    shared_picture,
)
from satuatap.features.visits.snapshot import ErrandNow, errands_of_visit
from satuatap.features.visits.states import ErrandState, PriorityClass, VisitState
from satuatap.features.visits.views import Ahead, Service, Stop, VisitView
from satuatap.features.visits.waits import MinutesRange

_SHOWN = {
    ErrandState.BLOCKED: "later",
    ErrandState.READY: "waiting",
    ErrandState.CALLED: "called",
    ErrandState.SERVING: "now",
    ErrandState.DONE: "done",
    ErrandState.MISSED: "missed",
    ErrandState.DROPPED: "dropped",
}


def holder_view(visit: Visit) -> VisitView:
    """The visit behind a live page. On a later day it is shown as it ended."""
    p = shared_picture(visit.mall)
    if any(e.rev < visit.rev for e in p.visits.get(visit.pk, ())):
        p = shared_picture(visit.mall, fresh=True)
    mine = p.visits.get(visit.pk, [])
    if not mine:
        mine = errands_of_visit(visit.pk)
    if not mine:
        raise refusals.NoSuchVisit()
    return _view(p, visit, mine)


def holder_views(visits: Collection[int]) -> list[VisitView]:
    """The same for many at once, of those who are in the mall: one picture of each mall, no look of their own."""
    malls: dict[int, list[Visit]] = defaultdict(list)
    for visit in Visit.objects.filter(pk__in=visits).exclude(state=VisitState.GONE):
        malls[visit.mall].append(visit)
    found = []
    for mall, rows in malls.items():
        p = shared_picture(mall)
        found += [_view(p, visit, p.visits[visit.pk]) for visit in rows if p.visits.get(visit.pk)]
    return found


def _view(p: Picture, visit: Visit, mine: list[ErrandNow]) -> VisitView:
    load = p.load
    services = services_of(p, mine, load)
    stops = [stop for service in services for stop in service.stops]
    near = wait_near(p, load, [e for e in mine if e.state == ErrandState.READY])
    following = next((s for s in stops if s.state in ("called", "now")), None)
    if following is None and near is not None:
        following = next(s for s in stops if s.seq == near.seq)
    return VisitView(
        id=visit.pk, mall=visit.mall, number=visit.number, code=visit.code, token=visit.token, day=visit.day,
        now=p.now, arrived_at=visit.arrived_at, priority=visit.priority_class == PriorityClass.PRIORITY,
        state=_visit_state(mine), services=services, wait_zone=following.zone if following else None,
        next_stop=following, ahead=_ahead(p, mine, following), rev=visit.rev,
    )  # fmt: skip


def wait_near(p: Picture, load: Mapping[int, floorload.Load], errands: Sequence[ErrandNow]) -> rules.LineAhead | None:
    """Where to wait for these errands: the line with the least expected minutes before her own.

    A line that no open desk serves moves on for nobody: it counts only where every one of hers is such a line.
    """
    lines = []
    for errand in errands:
        line = load.get(errand.step)
        if line is not None:
            own = p.names[errand.step].expected_ms / MS_A_MINUTE / max(line.desks, 1) if errand.waits else 0.0
            ahead = rules.LineAhead(errand.seq, p.zone_of_step(errand.step), max(0.0, line.minutes_ahead - own))
            lines.append((line.desks > 0, ahead))
    return rules.wait_near([ahead for served, ahead in lines if served] or [ahead for _, ahead in lines])


def _visit_state(mine: Sequence[ErrandNow]) -> str:
    states = {e.state for e in mine}
    if ErrandState.CALLED in states:
        return "called"
    if ErrandState.SERVING in states:
        return "serving"
    if mine[0].visit_state == VisitState.GONE:
        return "done"
    return "waiting" if states & {ErrandState.READY, ErrandState.BLOCKED} else "missed"


def services_of(p: Picture, mine: Sequence[ErrandNow], load: Mapping[int, floorload.Load]) -> tuple[Service, ...]:
    """The stops of a visit grouped by service, in the order they were asked for."""
    ranges = p.ranges
    waits: dict[int, MinutesRange] = {}
    for errand in mine:
        if errand.state in (ErrandState.READY, ErrandState.BLOCKED) and errand.step in ranges:
            waits[errand.seq] = _wait(p, errand, mine, ranges[errand.step], waits)
    groups: dict[int, list[Stop]] = {}
    for errand in mine:
        groups.setdefault(errand.service, []).append(_stop(p, errand, waits.get(errand.seq), load))
    found = []
    for service, stops in groups.items():
        name = p.names.get(stops[0].step)
        label = p.service_names.get(service)
        found.append(
            Service(
                service=service,
                code=name.service_code if name else "",
                name=label[0] if label else stops[0].name,
                name_en=label[1] if label else stops[0].name_en,
                stops=tuple(stops),
                state=_service_state(stops),
            )
        )  # fmt: skip
    return tuple(found)


def _wait(
    p: Picture, errand: ErrandNow, mine: Sequence[ErrandNow], own: MinutesRange, waits: Mapping[int, MinutesRange]
) -> MinutesRange:
    """Minutes until the call from now; one that waits for another errand comes after that one and its service."""
    base = own.after(minutes_between(errand.arrived_at, p.now))
    low, high = base.low, base.high
    for other in mine:
        if errand.after & (1 << other.seq) and other.seq in waits and other.step in p.names:
            minutes = p.names[other.step].expected_ms / MS_A_MINUTE
            low = max(low, int(waits[other.seq].low + 0.5 * minutes))
            high = max(high, int(waits[other.seq].high + 1.5 * minutes) + 1)
    return MinutesRange(low, max(high, low + 1), base.basis, base.cases)


def _stop(p: Picture, errand: ErrandNow, wait: MinutesRange | None, load: Mapping[int, floorload.Load]) -> Stop:
    name = p.names.get(errand.step)
    place = p.places.get(errand.desk) if errand.desk else None
    signs = [p.places[d.pk].sign for d in p.desks_of_step.get(errand.step, ()) if d.open or d.visit_id]
    return Stop(
        seq=errand.seq, step=errand.step, name=name.name if name else "", name_en=name.name_en if name else "",
        agency=name.agency if name else "",
        zone=place.zone if place else (p.zone_of_step(errand.step) if errand.step in load else ""),
        desks=tuple(signs), state=_SHOWN[errand.state], result=errand.result,
        at=errand.done_at or errand.recalled_at or errand.called_at, sign=place.sign if place else None,
        recalls=errand.recalls, range=wait, ahead=_count_ahead(p, errand), counts_from=counts_from(errand),
    )  # fmt: skip


def _service_state(stops: Sequence[Stop]) -> str:
    order = ("now", "called", "waiting", "missed", "later")
    states = {s.state for s in stops}
    for state in order:
        if state in states:
            return state
    return "done" if "done" in states else "dropped"


def _before(p: Picture, errand: ErrandNow) -> list[ErrandNow]:
    """Who is called before her at the desks of this errand, in that order."""
    if errand.state != ErrandState.READY or errand.key is None:
        return []
    line = p.contenders(errand.step)
    before = line[: bisect_left(line, place_in_line(errand), key=place_in_line)]
    return [e for e in before if e.visit != errand.visit]


def _count_ahead(p: Picture, errand: ErrandNow) -> int | None:
    return len(_before(p, errand)) if errand.state == ErrandState.READY else None


def _ahead(p: Picture, mine: Sequence[ErrandNow], following: Stop | None, most: int = 4) -> tuple[Ahead, ...]:
    errand = next((e for e in mine if following and e.seq == following.seq), None)
    if errand is None or errand.state != ErrandState.READY:
        return ()
    before = _before(p, errand)[-most:]
    return tuple(
        Ahead(
            e.number, e.arrived_at, counts_from(e) or e.arrived_at,
            e.priority_class == PriorityClass.PRIORITY, e.visit == errand.visit,
        )
        for e in [*before, errand]
    )  # fmt: skip


def why_before(arrived_at: datetime, counts: datetime) -> int:
    """By how many minutes somebody counts as having come earlier (negative: later) than she did."""
    return round((arrived_at - counts).total_seconds() / 60)
