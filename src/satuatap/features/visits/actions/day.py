"""The mall's day: numbers from the opening on, and an end at which nobody is forgotten."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from satuatap.basics.actor import Actor
from satuatap.features.journal.actions import announce
from satuatap.features.journal.queries import entry_of_request
from satuatap.features.visits import facts
from satuatap.features.visits.actions.calls import finish_errand
from satuatap.features.visits.actions.shared import (
    locked_errands,
    locked_visit,
    mall_time,
    open_count,
    rekey,
    snap,
    weights_of,
)
from satuatap.features.visits.actions.steps import mark_missed
from satuatap.features.visits.models import Desk, Errand, Floor, StepTime, Visit
from satuatap.features.visits.states import ErrandState, Result, VisitState
from satuatap.features.visits.zones import local_day
from satuatap.plumbing.locking import lock


@transaction.atomic(durable=True)
def open_day(*, by: Actor, mall: int, day: date, open_from: datetime | None, open_until: datetime | None) -> bool:
    """Say from when until when numbers are given today; ``None``: closed all day. Says whether it changed."""
    floor = lock(Floor.objects.filter(pk=mall))[0]
    if (floor.open_from, floor.open_until) == (open_from, open_until):
        return False
    floor.open_from, floor.open_until = open_from, open_until
    floor.save(update_fields=["open_from", "open_until"])
    shown = [moment.isoformat() if moment else None for moment in (open_from, open_until)]
    announce(facts.DayOpened(day.isoformat(), *shown), by=by, mall=mall)
    return True


@transaction.atomic(durable=True)
def bound_steps(*, by: Actor, mall: int, day: date, until: Mapping[int, datetime]) -> bool:
    """Say for which steps numbers end before the mall does today, and when. Says whether it changed."""
    rows = StepTime.objects.filter(mall=mall, active=True)
    if all(until.get(step) == known for step, known in rows.values_list("step", "open_until")):
        return False
    changed = False
    for row in lock(rows.order_by("step")):
        wanted = until.get(row.step)
        if row.open_until != wanted:
            StepTime.objects.filter(mall=mall, step=row.step).update(open_until=wanted)
            changed = True
    if changed:
        told: list[list[int | str]] = [[step, until[step].isoformat()] for step in sorted(until)]
        announce(facts.StepsBounded(day.isoformat(), told), by=by, mall=mall)
    return changed


@transaction.atomic(durable=True)
def close_day(*, by: Actor, mall: int, request: UUID | None = None) -> bool:
    """End the day (Manajer MPP, or half an hour after the hours): no number, no call; who is at a desk is finished.

    What still waits is ended by ``drop_waiting``, one visit at a time.
    """
    floor = lock(Floor.objects.filter(pk=mall))[0]
    day = local_day(mall_time(mall), floor.zone)
    if entry_of_request(request, facts.DayClosed.kind, day=day.isoformat()) or floor.closed_day == day:
        return False
    floor.closed_day = day
    floor.save(update_fields=["closed_day"])
    announce(facts.DayClosed(day.isoformat()), by=by, mall=mall, request=request)
    return True


def drop_waiting(*, by: Actor, mall: int) -> int:
    """End every errand that still waits on a closed day, or was left from an earlier one; how many visits ended.

    Each visit is its own transaction, so a kill in the middle leaves each visit either as it was or ended and listed;
    the next run goes on.
    """
    floor = Floor.objects.get(pk=mall)
    day = local_day(mall_time(mall), floor.zone)
    _close_desks(by, mall, everything=floor.closed_day == day)
    visits = Visit.objects.filter(mall=mall, state__in=(VisitState.FREE, VisitState.HELD))
    visits = visits.filter(day__lte=day) if floor.closed_day == day else visits.filter(day__lt=day)
    return sum(_drop_open(by, pk, Result.UNSERVED) for pk in visits.values_list("pk", flat=True))


@transaction.atomic(durable=True)
def _close_desks(by: Actor, mall: int, *, everything: bool) -> None:
    if not everything:
        return
    for desk in lock(Desk.objects.filter(mall=mall, visit__isnull=True).exclude(open=False, pause__isnull=True)):
        desk.open, desk.pause, desk.pause_next = False, None, False
        desk.since = mall_time(mall)
        desk.save()
        announce(facts.DeskClosed(desk.pk, None), by=by, mall=mall)
    Desk.objects.filter(mall=mall, visit__isnull=False, open=True).update(pause_next=True)


@transaction.atomic(durable=True)
def _drop_open(by: Actor, visit: int, result: Result, seqs: frozenset[int] | None = None) -> bool:
    row = locked_visit(visit)
    if row.state not in (VisitState.FREE, VisitState.HELD):
        return False
    now = mall_time(row.mall)
    errands = locked_errands(row)
    open_ones = [e for e in errands if e.state in (ErrandState.BLOCKED, ErrandState.READY, ErrandState.MISSED)]
    waiting = open_ones if seqs is None else [e for e in open_ones if e.seq in seqs or _needs(e, seqs)]
    for errand in waiting:
        if errand.state == ErrandState.MISSED:
            errand.result = Result.MISSED.value
        else:
            errand.result = result.value if seqs is None else Result.PREREQUISITE.value
        errand.state, errand.done_at = ErrandState.DROPPED, now
    row.left_n = open_count(errands)
    if row.left_n == 0:
        row.state, row.gone_at = int(VisitState.GONE), now
    row.rev += 1
    row.save()
    rekey(row, errands, weights_of(row.mall))
    announce(
        facts.ErrandsDropped([e.seq for e in waiting], result.value, row.rev, snap()), by=by, mall=row.mall, visit=visit
    )
    return True


def _needs(errand: Errand, seqs: frozenset[int]) -> bool:
    """Whether it still waits for one of these; predecessors are held transitively."""
    return errand.state == ErrandState.BLOCKED and any(errand.after & 1 << seq for seq in seqs)


def miss_overdue(*, by: Actor, mall: int) -> int:
    """Set aside who did not come a minute after the second recall, and end missed errands whose window is over."""
    now, policy = mall_time(mall), weights_of(mall)
    gap = timedelta(minutes=policy.numbers["recall_gap_minutes"])
    called = Errand.objects.filter(
        state=ErrandState.CALLED,
        recalls__gte=policy.numbers["recalls_before_missed"],
        recalled_at__lte=now - gap,
        visit__mall=mall,
    )
    count = 0
    for desk in list(called.values_list("desk", flat=True)):
        mark_missed(by=by, desk=desk)
        count += 1
    window = timedelta(minutes=policy.numbers["return_within_minutes"])
    missed = Errand.objects.filter(state=ErrandState.MISSED, done_at__lte=now - window, visit__mall=mall)
    for visit, seq in list(missed.values_list("visit_id", "seq")):
        _drop_open(by, visit, Result.MISSED, frozenset({seq}))
        count += 1
    return count


def end_overdue(*, by: Actor, mall: int) -> int:
    """End errands at desks that show no step for an hour, or stand on after closing, as "hasil tidak dicatat"."""
    now, policy = mall_time(mall), weights_of(mall)
    floor = Floor.objects.get(pk=mall)
    idle = now - timedelta(minutes=policy.numbers["idle_minutes"])
    desks = Desk.objects.filter(mall=mall, visit__isnull=False, since__lte=idle)
    if floor.closed_day is not None:
        desks = desks | Desk.objects.filter(mall=mall, visit__isnull=False, visit__day__lt=local_day(now, floor.zone))
    count = 0
    for desk, visit, seq in list(desks.values_list("pk", "visit_id", "seq")):
        finish_errand(by=by, desk=desk, result=Result.NOT_RECORDED, visit=visit, seq=seq)
        count += 1
    return count
