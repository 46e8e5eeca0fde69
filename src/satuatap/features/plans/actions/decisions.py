"""The mayor decides on a consulted plan; a decision may be withdrawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now

from satuatap.basics.actor import Actor
from satuatap.features.journal.actions import announce
from satuatap.features.journal.queries import entry_of_request
from satuatap.features.plans import facts, refusals
from satuatap.features.plans.actions.shared import go, last_version, locked_plan, say_step
from satuatap.features.plans.models import Decision, Move, Plan
from satuatap.features.plans.rules import Content, Inventory, changes
from satuatap.features.plans.states import MoveLife, PlanLife, PlanStep
from satuatap.features.plans.waiting import must_hold
from satuatap.features.plans.wording import sentence_of

LONGEST_DECREE = 80


@transaction.atomic(durable=True)
def decide_plan(
    *, by: Actor, plan: str, decree: str, on: date, today: date, now: Inventory, known: bool = False,
    request: UUID | None = None,
) -> None:  # fmt: skip
    """Decide on the newest version by a Keputusan Wali Kota; each of its moves gets a checklist.

    ``now`` is the inventory of this moment: what changed since the version was frozen is said and stops the decision,
    unless who decides says that it is ``known``. Two who decide at once: the second is told.
    """
    row = locked_plan(plan)
    return _decide(row, by=by, decree=decree.strip(), on=on, today=today, now=now, known=known, request=request)


def _decide(
    row: Plan, *, by: Actor, decree: str, on: date, today: date, now: Inventory, known: bool, request: UUID | None
) -> None:  # fmt: skip
    if entry_of_request(request, facts.PlanDecided.kind, plan=row.code, decree=decree, on=on.isoformat()) is not None:
        return
    if row.life in (PlanLife.DECIDED, PlanLife.CARRIED_OUT):
        raise refusals.AlreadyDecided()
    if not decree or len(decree) > LONGEST_DECREE or on > today:
        raise refusals.DecreeUnreadable()
    version = last_version(row)
    before = Inventory.from_json(version.inventory)
    found = changes(before, now)
    if found and not known:
        raise refusals.InventoryChanged([sentence_of(one, before, now) for one in found])
    must_hold(version)  # again: the hall may have changed since it was compared
    go(row, PlanStep.DECIDE, version.number)
    decision = Decision.objects.create(plan=row, version=version.number, who=by.code, decree=decree, on=on)
    moves = _moves(decision, Content.from_json(version.content), before, now)
    Move.objects.bulk_create(moves)
    announce(
        facts.PlanDecided(row.code, version.number, decree, on.isoformat(), len(moves)), by=by, request=request
    )  # fmt: skip


def _moves(decision: Decision, content: Content, before: Inventory, now: Inventory) -> Sequence[Move]:
    """Names and addresses as they are on the day of the decision; what is gone keeps what the version says."""
    buildings = {**before.buildings, **now.buildings}
    units: Mapping[str, tuple[str, int]] = {**before.units, **now.units}
    nothing = ("", "", 0.0, "")
    return [
        Move(
            decision=decision, unit=one.unit, unit_name=units[one.unit][0], origin=one.origin,
            origin_name=buildings.get(one.origin, nothing)[0], origin_address=buildings.get(one.origin, nothing)[1],
            target=one.target, target_name=buildings[one.target][0], target_address=buildings[one.target][1],
            on=one.on, services=list(one.services),
        )
        for one in content.moves
    ]  # fmt: skip


@transaction.atomic(durable=True)
def withdraw_plan(*, by: Actor, plan: str, why: str, request: UUID | None = None) -> None:
    """Take a plan back, with why. A decision that stood stays to be read; moves that were not done are cancelled."""
    row = locked_plan(plan)
    if entry_of_request(request, facts.PlanStepped.kind, plan=plan, step=PlanStep.WITHDRAW) is not None:
        return
    decision = Decision.objects.filter(plan=row, withdrawn_at=None).first()
    go(row, PlanStep.WITHDRAW, decision.version if decision else None)
    if decision is not None:
        Decision.objects.filter(pk=decision.pk).update(withdrawn_at=Now(), withdrawn_why=why.strip()[:300])
        Move.objects.filter(decision=decision, life=MoveLife.PLANNED).update(life=MoveLife.CANCELLED)
    say_step(row, PlanStep.WITHDRAW, decision.version if decision else None, by=by, request=request)
