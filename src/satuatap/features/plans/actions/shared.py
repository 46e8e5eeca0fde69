"""A plan under its lock, and its way from stage to stage."""

from __future__ import annotations

from uuid import UUID

from satuatap.basics.actor import Actor
from satuatap.features.journal.actions import announce
from satuatap.features.plans import facts, refusals
from satuatap.features.plans.models import Plan, Stage, Version
from satuatap.features.plans.rules import after
from satuatap.features.plans.states import PlanLife, PlanStep
from satuatap.plumbing.locking import lock


def locked_plan(code: str) -> Plan:
    """The plan's row, held until the transaction ends."""
    rows = lock(Plan.objects.filter(code=code))
    if not rows:
        raise refusals.NoSuchRegrouping()
    row: Plan = rows[0]
    return row


def last_version(plan: Plan) -> Version:
    """The newest version, or the refusal."""
    row = Version.objects.filter(plan=plan).order_by("-number").first()
    if row is None:
        raise refusals.NoVersion()
    return row


def go(plan: Plan, step: PlanStep, version: int | None) -> PlanLife:
    """Take a step that is legal from here; note when."""
    life = after(PlanLife(plan.life), step)
    if life is None:
        raise refusals.StepNotNow()
    plan.life = life
    if life is PlanLife.CONSULTED:
        plan.public = True
    plan.save(update_fields=["life", "public"])
    Stage.objects.create(plan=plan, life=life, version=version)
    return life


def say_step(
    plan: Plan, step: PlanStep, version: int | None, *, by: Actor, request: UUID | None = None
) -> None:  # fmt: skip
    """Announce a step without a fact of its own."""
    announce(facts.PlanStepped(plan.code, step, plan.life, version or 0), by=by, request=request)
