"""Numbers: one ticket for all errands, a class changed, a missed errand put back."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from datetime import timedelta
from uuid import UUID

from django.db import transaction

from satuatap.basics.actor import Actor
from satuatap.features.journal.actions import announce
from satuatap.features.journal.queries import entry_of_request
from satuatap.features.visits import facts, outcomes, refusals, rules, statements
from satuatap.features.visits.actions.shared import locked_errands, locked_visit, mall_time, rekey, snap, weights_of
from satuatap.features.visits.models import Visit
from satuatap.features.visits.queries.closures import closed_steps
from satuatap.features.visits.states import ErrandState, PriorityClass, VisitState
from satuatap.plumbing.alone import run_alone

CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
MOST_ERRANDS = 15


def issue_params(
    *,
    who: str,
    mall: int,
    steps: Sequence[int],
    after: Sequence[Iterable[int]],
    priority_class: PriorityClass,
    channel: str,
    request: UUID | None,
) -> dict[str, object]:
    """Checked parameters of the issue statement, with a fresh address and code for the slip."""
    if not steps:
        raise refusals.NothingChosen()
    if len(steps) > MOST_ERRANDS:
        raise refusals.TooManyErrands()
    if len(set(steps)) != len(steps) or len(after) != len(steps):
        raise refusals.NotServedHere()
    return {
        "who": who,
        "mall": mall,
        "class": int(priority_class),
        "steps": list(steps),
        "after": rules.predecessors(after),
        "token": secrets.token_urlsafe(16),
        "code": "".join(secrets.choice(CODE_LETTERS) for _ in range(4)),
        "channel": channel,
        "request": request,
    }


def issue_ticket(
    *,
    by: Actor,
    mall: int,
    steps: Sequence[int],
    after: Sequence[Iterable[int]],
    priority_class: PriorityClass = PriorityClass.REGULAR,
    channel: str = "kiosk",
    request: UUID | None = None,
) -> Visit:
    """Give one number for all the citizen's errands; the same key gives the same number again.

    ``steps[i]`` may start when the errands at the positions ``after[i]`` are done.
    """
    params = issue_params(
        who=by.code,
        mall=mall,
        steps=steps,
        after=after,
        priority_class=priority_class,
        channel=channel,
        request=request,
    )
    open_today = closed_steps(mall).isdisjoint(steps)
    row = run_alone(statements.ISSUE, params) if open_today else None
    if row is None and request is not None:
        row = run_alone(statements.REPEAT, {"request": request})
        if row is not None:
            return Visit.objects.get(pk=outcomes.issued(row, params))
    if row is None:
        raise why_not_issued(mall, steps) if open_today else refusals.BoothIsClosed()
    return Visit.objects.get(pk=row[2])


def why_not_issued(mall: int, steps: Sequence[int]) -> refusals.Refusal:
    """The refusal that fits when the issue statement wrote nothing."""
    return outcomes.not_issued(run_alone(statements.SERVED, {"mall": mall, "steps": list(steps)}), steps)


@transaction.atomic(durable=True)
def reclass_visit(*, by: Actor, visit: int, priority_class: PriorityClass, request: UUID | None = None) -> Visit:
    """Change a visit's class (UU 25/2009 art. 4 letter j): every open errand gets its new place at once."""
    row = locked_visit(visit)
    if entry_of_request(request, facts.Reclassed.kind, visit=visit, priority_class=int(priority_class)):
        return row
    if row.state == VisitState.GONE:
        raise refusals.VisitIsOver()
    row.priority_class = int(priority_class)
    row.rev += 1
    row.save(update_fields=["priority_class", "rev"])
    weights = weights_of(row.mall)
    errands = locked_errands(row)
    for errand in errands:
        errand.priority_class = int(priority_class)
    rekey(row, errands, weights)
    announce(facts.Reclassed(int(priority_class), row.rev, snap()), by=by, mall=row.mall, visit=row.pk, request=request)
    return row


@transaction.atomic(durable=True)
def put_back(*, by: Actor, visit: int, seq: int, request: UUID | None = None) -> Visit:
    """Put a missed errand back within the window, with its first arrival time (petugas informasi)."""
    row = locked_visit(visit)
    if entry_of_request(request, facts.Returned.kind, visit=visit, seq=seq):
        return row
    errands = locked_errands(row)
    errand = next((e for e in errands if e.seq == seq), None)
    if errand is None or errand.state != ErrandState.MISSED:
        raise refusals.NotMissed()
    now = mall_time(row.mall)
    window = timedelta(minutes=weights_of(row.mall).numbers["return_within_minutes"])
    if errand.done_at is not None and now > errand.done_at + window:
        raise refusals.ReturnTooLate()
    errand.state = ErrandState.READY
    errand.ready_at, errand.done_at, errand.result, errand.recalls = now, None, None, 0
    row.rev += 1
    row.save(update_fields=["rev"])
    rekey(row, errands, weights_of(row.mall))
    announce(facts.Returned(seq, row.rev, snap()), by=by, mall=row.mall, visit=row.pk, request=request)
    return row
