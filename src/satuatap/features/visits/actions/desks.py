"""Desks as calls see them: open, closed, resting, and what they can do."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from satuatap.basics.actor import Actor
from satuatap.features.journal.actions import announce
from satuatap.features.journal.queries import entry_of_request
from satuatap.features.visits import facts, refusals
from satuatap.features.visits.actions.shared import locked_desk, mall_time
from satuatap.features.visits.models import Desk, Floor, StepTime
from satuatap.features.visits.states import Pause
from satuatap.features.visits.zones import local_day


@transaction.atomic(durable=True)
def open_desk(*, by: Actor, desk: int, officer: int | None = None, request: UUID | None = None) -> Desk:
    """Open a desk: from now on it may call; a pause that was to begin after this citizen does not begin.

    Opening an open desk changes nothing.
    """
    row = locked_desk(desk)
    said = {"desk": row.pk, "officer": officer}
    nothing_new = row.open and row.officer == officer and not row.pause_next
    if entry_of_request(request, facts.DeskOpened.kind, **said) or nothing_new:
        return row
    now = mall_time(row.mall)
    floor = Floor.objects.get(pk=row.mall)
    if floor.closed_day == local_day(now, floor.zone):
        raise refusals.DayIsClosed()
    row.since = row.since if row.open else now  # how long she has been here goes on
    row.open, row.pause, row.pause_next, row.officer = True, None, False, officer
    row.save()
    announce(facts.DeskOpened(row.pk, list(row.skills), officer), by=by, mall=row.mall, request=request)
    return row


@transaction.atomic(durable=True)
def pause_desk(*, by: Actor, desk: int, pause: Pause, request: UUID | None = None) -> Desk:
    """Rest, or report a fault. With a citizen at the desk the pause begins when she is finished."""
    row = locked_desk(desk)
    if entry_of_request(request, facts.DeskClosed.kind, desk=row.pk, pause=pause.value):
        return row
    if row.visit_id is not None:
        row.pause_next, row.pause = True, pause.value
    else:
        row.open, row.pause, row.since = False, pause.value, mall_time(row.mall)
    row.save()
    announce(facts.DeskClosed(row.pk, pause.value), by=by, mall=row.mall, request=request)
    return row


@transaction.atomic(durable=True)
def close_desk(*, by: Actor, desk: int, request: UUID | None = None) -> Desk:
    """Close a desk: it calls no more. Who is at the desk is finished first."""
    row = locked_desk(desk)
    if entry_of_request(request, facts.DeskClosed.kind, desk=row.pk, pause=None) or not (row.open or row.pause):
        return row
    if row.visit_id is not None:
        raise refusals.DeskIsBusy()
    row.open, row.pause, row.pause_next, row.since, row.officer = False, None, False, mall_time(row.mall), None
    row.save()
    announce(facts.DeskClosed(row.pk, None), by=by, mall=row.mall, request=request)
    return row


@transaction.atomic(durable=True)
def set_skills(*, by: Actor, desk: int, skills: Sequence[int], request: UUID | None = None) -> Desk:
    """Say what a desk can do. The next call goes by it."""
    row = locked_desk(desk)
    known = set(StepTime.objects.filter(mall=row.mall, active=True, step__in=skills).values_list("step", flat=True))
    if set(skills) - known:
        raise refusals.NotServedHere()
    said = {"desk": row.pk, "skills": sorted(set(skills))}
    if entry_of_request(request, facts.SkillsChanged.kind, **said) or sorted(row.skills) == sorted(set(skills)):
        return row
    row.skills = sorted(set(skills))
    row.save(update_fields=["skills"])
    announce(facts.SkillsChanged(row.pk, list(row.skills)), by=by, mall=row.mall, request=request)
    return row
