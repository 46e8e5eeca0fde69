"""What others say: published figures, comments, and a unit's two minutes a month."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import transaction

from satuatap.basics.actor import Actor
from satuatap.features.journal.actions import announce
from satuatap.features.journal.queries import entry_of_request
from satuatap.features.people import queries as people
from satuatap.features.people.refusals import NoSuchAgency
from satuatap.features.plans import facts, refusals
from satuatap.features.plans.actions.shared import last_version, locked_plan
from satuatap.features.plans.models import Claim, Comment, Hours
from satuatap.features.plans.queries import ClaimView
from satuatap.features.plans.rules import hours_fit, names_someone
from satuatap.features.plans.states import PlanLife, Voice

LONGEST_COMMENT = 2000
SHORTEST_COMMENT = 3


@transaction.atomic(durable=True)
def note_claim(*, by: Actor, plan: str, claim: ClaimView, today: date, request: UUID | None = None) -> None:
    """Put a published figure beside the plan's own, with its source and date; the same one twice is once."""
    row = locked_plan(plan)
    if claim.low <= 0 or not claim.source.strip() or claim.on > today or (claim.high or claim.low) < claim.low:
        raise refusals.ClaimUnreadable()
    on = claim.on.isoformat()
    if entry_of_request(request, facts.ClaimNoted.kind, plan=plan, low=claim.low, on=on) is not None:
        return
    values = {"high": claim.high, "more_than": claim.more_than, "yearly": claim.yearly, "note": claim.note.strip()}
    _claim, made = Claim.objects.get_or_create(
        plan=row, low=claim.low, on=claim.on, source=claim.source.strip(), defaults=values
    )
    if made:
        announce(facts.ClaimNoted(plan, claim.low, claim.high, on), by=by, request=request)


@transaction.atomic(durable=True)
def say_comment(
    *, by: Actor, plan: str, text: str, agency: str | None = None, request: UUID | None = None
) -> int:  # fmt: skip
    """A citizen, or an agency by its invitation, comments on a plan that is open for it. Nobody's name is kept."""
    clean = text.strip()
    if len(clean) < SHORTEST_COMMENT:
        raise refusals.CommentEmpty()
    if names_someone(clean):
        raise refusals.CommentNamesSomeone()
    row = locked_plan(plan)
    before = entry_of_request(request, facts.CommentSaid.kind, plan=plan, agency=agency)
    if before is not None:
        return int(before.fact["comment"])
    if row.life != PlanLife.CONSULTED:
        raise refusals.NotOpenForComments()
    who = people.agency(agency) if agency else None
    if agency and who is None:
        raise NoSuchAgency()
    voice = Voice.AGENCY if who else Voice.CITIZEN
    said = Comment.objects.create(
        plan=row, version=last_version(row).number, voice=voice, agency=who, text=clean[:LONGEST_COMMENT]
    )
    announce(facts.CommentSaid(plan, said.pk, voice, agency), by=by, request=request)
    return said.pk


@transaction.atomic(durable=True)
def hide_comment(*, by: Actor, plan: str, comment: int, why: str, request: UUID | None = None) -> None:
    """Erase a comment's text because it harms somebody; that it was there, and why it went, stays to be read."""
    row = locked_plan(plan)
    if entry_of_request(request, facts.CommentHidden.kind, plan=plan, comment=comment) is not None:
        return
    reason = why.strip()[:200]
    if not reason:
        raise refusals.CommentEmpty()
    if Comment.objects.filter(plan=row, pk=comment, hidden_why="").update(text="", hidden_why=reason):
        announce(facts.CommentHidden(plan, comment), by=by, request=request)


@transaction.atomic(durable=True)
def say_hours(
    *, by: Actor, unit: str, month: date, hours: tuple[int, int, int], request: UUID | None = None
) -> None:  # fmt: skip
    """A unit's hours of a month in upkeep, errands and coordination; a second answer replaces the first."""
    if not hours_fit(hours):
        raise refusals.HoursUnreadable()
    first = month.replace(day=1)
    upkeep, errands, coordination = hours
    if entry_of_request(request, facts.HoursSaid.kind, unit=unit, month=first.isoformat()) is not None:
        return
    values = {"upkeep": upkeep, "errands": errands, "coordination": coordination}
    Hours.objects.update_or_create(unit=unit, month=first, defaults=values)
    announce(facts.HoursSaid(unit, first.isoformat(), *hours), by=by, request=request)
