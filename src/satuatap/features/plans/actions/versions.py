"""A plan is opened, gets versions, is compared, reviewed and opened for comments."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db import transaction

from satuatap.basics.actor import Actor
from satuatap.features.journal.actions import announce
from satuatap.features.journal.queries import entry_of_request
from satuatap.features.people.states import Role
from satuatap.features.plans import facts, refusals
from satuatap.features.plans.actions.minutes import queue_minutes
from satuatap.features.plans.actions.shared import freeze, go, last_version, locked_plan, say_step
from satuatap.features.plans.models import Plan, Review, Stage
from satuatap.features.plans.rules import Content, Inventory, code_fits, digest, reviewer_trouble
from satuatap.features.plans.states import PlanLife, PlanStep, Verdict
from satuatap.features.plans.waiting import must_hold


@transaction.atomic(durable=True)
def open_regrouping(*, by: Actor, code: str, title: str, author: int, request: UUID | None = None) -> str:
    """Open a plan under a code that is its public address for ever."""
    clean = title.strip()
    if not code_fits(code) or not clean:
        raise refusals.CodeUnreadable()
    if entry_of_request(request, facts.PlanOpened.kind, plan=code) is not None:
        return code
    row, made = Plan.objects.get_or_create(code=code, defaults={"title": clean, "author_id": author})
    if not made:
        raise refusals.CodeTaken()
    Stage.objects.create(plan=row, life=PlanLife.DRAFT)
    announce(facts.PlanOpened(code), by=by, request=request)
    return code


@transaction.atomic(durable=True)
def freeze_version(
    *, by: Actor, plan: str, content: Content, inventory: Inventory, request: UUID | None = None
) -> int:  # fmt: skip
    """Freeze what a draft says, with the inventory that it stands on; returns its number."""
    row = locked_plan(plan)
    kind, content_hash = facts.VersionFrozen.kind, digest(content.as_json())
    before = entry_of_request(request, kind, plan=plan, content_hash=content_hash)
    if before is not None:
        return int(before.fact["number"])
    if row.life != PlanLife.DRAFT:
        raise refusals.StepNotNow()
    made = freeze(row, content, inventory, by=by, request=request)
    queue_minutes(made, content)
    return made.number


@transaction.atomic(durable=True)
def choose_reviewer(
    *, by: Actor, plan: str, reviewer: int, roles: Collection[Role], author_roles: Collection[Role],
    request: UUID | None = None,
) -> None:  # fmt: skip
    """Choose who reviews: never who wrote it; ``roles`` are hers today, ``author_roles`` the author's."""
    row = locked_plan(plan)
    if entry_of_request(request, facts.ReviewerChosen.kind, plan=plan, reviewer=reviewer) is not None:
        return
    if row.life not in (PlanLife.DRAFT, PlanLife.COMPARED):
        raise refusals.StepNotNow()
    trouble = reviewer_trouble(row.author_id, author_roles, reviewer, roles)
    if trouble:
        raise {
            "author": refusals.ReviewerIsAuthor,
            "role": refusals.NotAReviewer,
            "own_study": refusals.ReviewsOwnStudy,
        }[trouble]()
    row.reviewer_id = reviewer
    row.save(update_fields=["reviewer"])
    announce(facts.ReviewerChosen(plan, reviewer), by=by, request=request)


@transaction.atomic(durable=True)
def compare_plan(*, by: Actor, plan: str, request: UUID | None = None) -> None:
    """The draft stands beside today and waits for its review; not while it breaks a promise of a hall's waits.

    Here, and not at the decision alone: what must be mended is mended while the plan is a draft, before anybody
    reviews it or comments on it.
    """
    row = locked_plan(plan)
    if _done(request, plan, PlanStep.COMPARE):
        return
    version = last_version(row)
    if row.life == PlanLife.DRAFT:
        must_hold(version)
    go(row, PlanStep.COMPARE, version.number)
    say_step(row, PlanStep.COMPARE, version.number, by=by, request=request)


@transaction.atomic(durable=True)
def revise_plan(*, by: Actor, plan: str, request: UUID | None = None) -> None:
    """Back to the draft, to freeze another version; what was public stays public."""
    _step(by, plan, PlanStep.REVISE, request)


@transaction.atomic(durable=True)
def consult_plan(*, by: Actor, plan: str, request: UUID | None = None) -> None:
    """Open the plan's public page and ask agencies and citizens; only what its reviewer agreed to."""
    row = locked_plan(plan)
    version = last_version(row).number
    if _done(request, plan, PlanStep.CONSULT):
        return
    review = Review.objects.filter(plan=row, version=version).order_by("-at", "-pk").first()
    if row.life == PlanLife.COMPARED and (review is None or review.verdict != Verdict.AGREES):
        raise refusals.NotReviewed()
    go(row, PlanStep.CONSULT, version)
    say_step(row, PlanStep.CONSULT, version, by=by, request=request)


@transaction.atomic(durable=True)
def review_plan(
    *, by: Actor, plan: str, account: int, verdict: Verdict, text: str, request: UUID | None = None
) -> None:  # fmt: skip
    """The chosen reviewer agrees or objects to the newest version."""
    row = locked_plan(plan)
    version = last_version(row).number
    if row.reviewer_id != account:
        raise refusals.NotTheReviewer()
    if entry_of_request(request, facts.PlanReviewed.kind, plan=plan, number=version, verdict=verdict) is not None:
        return
    if row.life != PlanLife.COMPARED:
        raise refusals.StepNotNow()
    Review.objects.create(plan=row, version=version, verdict=verdict, text=text.strip())
    announce(facts.PlanReviewed(plan, version, verdict), by=by, request=request)


def _done(request: UUID | None, plan: str, step: PlanStep) -> bool:
    return entry_of_request(request, facts.PlanStepped.kind, plan=plan, step=step) is not None


def _step(by: Actor, plan: str, step: PlanStep, request: UUID | None) -> None:
    row = locked_plan(plan)
    if _done(request, plan, step):
        return
    version = last_version(row).number
    go(row, step, version)
    say_step(row, step, version, by=by, request=request)
