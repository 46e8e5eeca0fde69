"""What a desk does with the citizen before it, besides calling and finishing: recall, miss, transfer, undo."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from satuatap.basics.actor import Actor
from satuatap.features.journal.actions import announce
from satuatap.features.journal.queries import entry_of_request
from satuatap.features.visits import facts, refusals
from satuatap.features.visits.actions.shared import (
    PolicyNow,
    locked_desk,
    locked_errands,
    locked_visit,
    mall_time,
    open_count,
    rekey,
    remember,
    snap,
    weights_of,
)
from satuatap.features.visits.models import Desk, Errand, StepTime, Visit
from satuatap.features.visits.states import LEAVING, ErrandState, Result, TransferReason, VisitState


def _at_desk(desk: Desk) -> tuple[Visit, list[Errand], Errand]:
    if desk.visit_id is None:
        raise refusals.NobodyAtDesk()
    visit = locked_visit(desk.visit_id)
    errands = locked_errands(visit)
    return visit, errands, next(e for e in errands if e.seq == desk.seq)


@transaction.atomic(durable=True)
def recall(*, by: Actor, desk: int, request: UUID | None = None) -> Errand:
    """Call the same number again, at least a minute after the last call."""
    row = locked_desk(desk)
    before = entry_of_request(request, facts.Recalled.kind, desk=desk)
    if before is not None:
        return Errand.objects.get(visit=before.visit_id, seq=before.fact["seq"])
    visit, _errands, errand = _at_desk(row)
    if errand.state != ErrandState.CALLED:
        raise refusals.NotCalled()
    now, policy = mall_time(row.mall), weights_of(row.mall)
    last = errand.recalled_at or errand.called_at
    if last is not None and now < last + timedelta(minutes=policy.numbers["recall_gap_minutes"]):
        raise refusals.TooSoonToRecall()
    errand.recalls += 1
    errand.recalled_at = now
    errand.save(update_fields=["recalls", "recalled_at"])
    visit.rev += 1
    visit.save(update_fields=["rev"])
    remember(row, None)
    row.save()
    fact = facts.Recalled(row.pk, errand.seq, visit.rev, snap(), errand.recalls, visit.number)
    announce(fact, by=by, mall=row.mall, visit=visit.pk, request=request)
    return errand


@transaction.atomic(durable=True)
def mark_missed(*, by: Actor, desk: int, request: UUID | None = None) -> Visit:
    """After two recalls the errand is set aside (terlewat) and the desk is free; her other errands go on."""
    row = locked_desk(desk)
    before = entry_of_request(request, facts.Missed.kind, desk=desk)
    if before is not None:
        return Visit.objects.get(pk=before.visit_id)
    visit, errands, errand = _at_desk(row)
    policy = weights_of(row.mall)
    if errand.state != ErrandState.CALLED:
        raise refusals.NotCalled()
    if errand.recalls < policy.numbers["recalls_before_missed"]:
        raise refusals.RecallFirst()
    now = mall_time(row.mall)
    errand.state, errand.done_at, errand.result = ErrandState.MISSED, now, Result.MISSED.value
    _leave_desk(row, visit, errands, policy, now, "missed", errand.seq)
    fact = facts.Missed(row.pk, errand.seq, visit.rev, snap())
    announce(fact, by=by, mall=row.mall, visit=visit.pk, request=request)
    return visit


def _leave_desk(
    desk: Desk, visit: Visit, errands: list[Errand], policy: PolicyNow, now: datetime, kind: str | None, seq: int
) -> None:
    visit.left_n = open_count(errands)
    visit.state = int(VisitState.FREE if visit.left_n else VisitState.GONE)
    visit.gone_at = None if visit.left_n else now
    visit.desk = None
    visit.rev += 1
    visit.save()
    rekey(visit, errands, policy)
    desk.visit, desk.seq, desk.since = None, None, now
    if desk.pause_next:
        desk.open, desk.pause, desk.pause_next = False, desk.pause or "break", False
    remember(desk, kind, visit=visit.pk, seq=seq, rev=visit.rev, at=now)
    desk.save()


@transaction.atomic(durable=True)
def transfer_errand(*, by: Actor, desk: int, step: int, reason: TransferReason, request: UUID | None = None) -> Visit:
    """Hand the errand over to another step of this mall; she keeps her number and her arrival time."""
    row = locked_desk(desk)
    before = entry_of_request(request, facts.Transferred.kind, desk=desk, step=step, reason=reason.value)
    if before is not None:
        return Visit.objects.get(pk=before.visit_id)
    visit, errands, errand = _at_desk(row)
    target = StepTime.objects.filter(mall=row.mall, step=step, active=True).first()
    taken = {e.step for e in errands if e.state in (ErrandState.READY, ErrandState.BLOCKED, ErrandState.MISSED)}
    new_seq = max(e.seq for e in errands) + 1
    if target is None or step == errand.step or step in taken or new_seq > 14:
        raise refusals.CannotTransfer()
    now = mall_time(row.mall)
    errand.state, errand.done_at, errand.result = ErrandState.DONE, now, Result.TRANSFERRED.value
    handed = Errand(
        visit=visit, seq=new_seq, step=step, service=target.service, state=ErrandState.READY, ready_at=now,
        priority_class=visit.priority_class, arrived_at=visit.arrived_at, n_rem=0, m_rem=0, line=0, key=0,
    )  # fmt: skip
    handed.save(force_insert=True)
    bit, new_bit = 1 << errand.seq, 1 << new_seq
    for other in errands:
        if other.after & bit:
            other.after |= new_bit
            other.after &= ~bit
    _leave_desk(row, visit, [*errands, handed], weights_of(row.mall), now, "transferred", errand.seq)
    fact = facts.Transferred(row.pk, errand.seq, new_seq, step, reason.value, visit.rev, snap())
    announce(fact, by=by, mall=row.mall, visit=visit.pk, request=request)
    return visit


@transaction.atomic(durable=True)
def undo_step(*, by: Actor, desk: int, request: UUID | None = None) -> str:
    """Take back the desk's own last step within two mall minutes, as a new fact; returns what was undone.

    Refused once the citizen has gone on elsewhere (her revision moved) or the desk has.
    """
    row = locked_desk(desk)
    before = entry_of_request(request, facts.StepUndone.kind, desk=desk)
    if before is not None:
        return str(before.fact["undone"])
    kind = row.last_kind
    if kind is None or row.last_visit is None or row.last_at is None:
        raise refusals.NothingToUndo()
    now, policy = mall_time(row.mall), weights_of(row.mall)
    if now > row.last_at + timedelta(minutes=policy.numbers["undo_minutes"]):
        raise refusals.TooLateToUndo()
    if kind in LEAVING and row.visit_id is not None:
        raise refusals.DeskHasMovedOn()
    visit = locked_visit(row.last_visit)
    if visit.rev != row.last_rev:
        raise refusals.CalledElsewhere()
    errands = locked_errands(visit)
    errand = next(e for e in errands if e.seq == row.last_seq)
    if kind == "called":
        _undo_call(row, visit, errand)
    elif kind == "started":
        errand.state, errand.started_at = ErrandState.CALLED, None
    else:
        if kind == "transferred":
            _undo_transfer(errands, errand)
        _undo_leaving(row, visit, errands, errand, kind)
    visit.rev += 1
    visit.left_n = open_count(errands)
    visit.save()
    rekey(visit, errands, policy)
    row.since = now
    remember(row, None, visit=visit.pk, seq=errand.seq, rev=visit.rev, at=now)
    row.save()
    fact = facts.StepUndone(row.pk, kind, errand.seq, visit.rev, snap())
    announce(fact, by=by, mall=row.mall, visit=visit.pk, request=request)
    return kind


def _undo_call(desk: Desk, visit: Visit, errand: Errand) -> None:
    errand.state, errand.desk, errand.called_at = ErrandState.READY, None, None
    visit.state, visit.desk = int(VisitState.FREE), None
    desk.visit, desk.seq = None, None


def _undo_transfer(errands: list[Errand], errand: Errand) -> None:
    """The errand that was handed over, the newest, is gone again; what waited for it waits for this one."""
    handed = errands.pop()
    bit, new_bit = 1 << errand.seq, 1 << handed.seq
    for other in errands:
        if other.after & new_bit:
            other.after = (other.after | bit) & ~new_bit
    handed.delete()


def _undo_leaving(desk: Desk, visit: Visit, errands: list[Errand], errand: Errand, kind: str) -> None:
    bit = 1 << errand.seq
    errand.state = ErrandState.SERVING if errand.started_at else ErrandState.CALLED
    if kind == "finished":
        visit.done &= ~bit
        for other in errands:
            freed = other.state == ErrandState.READY and other.ready_at == errand.done_at
            # What had fallen before, with another errand, stays fallen.
            fell = other.state == ErrandState.DROPPED and other.done_at == errand.done_at
            if other.after & bit and (freed or fell):
                other.state, other.ready_at, other.done_at, other.result = ErrandState.BLOCKED, None, None, None
    elif kind == "missed":  # she has come after all: she is missed again only after two new recalls
        errand.recalls, errand.recalled_at = 0, None
    errand.done_at, errand.result, errand.estimated = None, None, False
    visit.state, visit.desk, visit.gone_at = int(VisitState.AT_DESK), desk.pk, None
    desk.visit, desk.seq, desk.open, desk.pause = visit, errand.seq, True, None
