"""A plan under its lock, and its way from stage to stage."""

from __future__ import annotations

from uuid import UUID

from satuatap.basics.actor import Actor
from satuatap.features.journal.actions import announce
from satuatap.features.plans import facts, refusals
from satuatap.features.plans.models import Plan, Stage, Version
from satuatap.features.plans.rules import Content, Inventory, after, digest, faults_of
from satuatap.features.plans.states import PlanLife, PlanStep
from satuatap.features.plans.wording import fault_sentences
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


def freeze(
    plan: Plan, content: Content, inventory: Inventory, *, by: Actor, request: UUID | None = None
) -> Version:  # fmt: skip
    """Write the next version of a plan whose row is held, and announce it; faults are sentences."""
    if faults := faults_of(content.moves, inventory):
        raise refusals.ContentWrong(fault_sentences(faults))
    said, stands_on = content.as_json(), inventory.as_json()
    hashes = digest(said), digest(stands_on)
    number = Version.objects.filter(plan=plan).count() + 1
    made = Version.objects.create(
        plan=plan, number=number, content=said, content_hash=hashes[0], inventory=stands_on, input_hash=hashes[1]
    )
    announce(facts.VersionFrozen(plan.code, number, *hashes), by=by, request=request)
    return made


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
