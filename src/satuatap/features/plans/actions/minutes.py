"""The waits in a hall under a version: asked for with the version, computed by a job, and held to what was promised."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now

from satuatap.basics.actor import Actor
from satuatap.features.journal.actions import announce
from satuatap.features.journal.queries import entry_of_request
from satuatap.features.plans import facts, hall, inventory, refusals, waiting
from satuatap.features.plans.actions.shared import freeze, last_version, locked_plan
from satuatap.features.plans.models import Minutes, Version
from satuatap.features.plans.rules import Content, remedied
from satuatap.features.plans.states import MinutesLife, PlanLife

SILENT_SECONDS = 300  # a computation that said nothing for so long is gone
OPEN = (MinutesLife.QUEUED, MinutesLife.RUNNING)


def queue_minutes(version: Version, content: Content) -> bool:
    """A version that brings somebody into a hall is judged; says whether it will be. Inside an open transaction."""
    if hall.mall_of(content) is None:
        return False
    if not Minutes.objects.filter(version=version, life__in=OPEN).exists():
        Minutes.objects.create(version=version)
    return True


@transaction.atomic(durable=True)
def ask_minutes(*, by: Actor, plan: str, request: UUID | None = None) -> None:
    """Compute the waits of the newest version (again): what the hall is like may have changed."""
    row = locked_plan(plan)
    version = last_version(row)
    if entry_of_request(request, facts.MinutesAsked.kind, plan=plan, number=version.number) is not None:
        return
    if not queue_minutes(version, Content.from_json(version.content)):
        raise refusals.NoHall()
    announce(facts.MinutesAsked(plan, version.number), by=by, request=request)


@transaction.atomic
def begin_minutes() -> tuple[int, Content] | None:
    """Take a computation that waits, or whose process is gone; ``None`` where none does."""
    gone = Minutes.objects.filter(life=MinutesLife.RUNNING, beat_at__lt=Now() - timedelta(seconds=SILENT_SECONDS))
    waiting_rows = Minutes.objects.filter(life=MinutesLife.QUEUED) | gone
    row = waiting_rows.select_for_update(no_key=True, skip_locked=True, of=("self",)).order_by("asked_at").first()
    if row is None:
        return None
    Minutes.objects.filter(pk=row.pk).update(life=MinutesLife.RUNNING, beat_at=Now())
    return row.pk, Content.from_json(row.version.content)


@transaction.atomic
def end_minutes(*, by: Actor, number: int, found: Mapping[str, Any]) -> None:
    """Keep what was computed."""
    row = _running(number)
    if row is None:
        return
    holds = bool(found["holds"])
    Minutes.objects.filter(pk=number).update(
        life=MinutesLife.DONE, found=dict(found), holds=holds, ended_at=Now(), trouble=""
    )
    announce(facts.MinutesJudged(row.version.plan.code, row.version.number, holds), by=by)


@transaction.atomic
def fail_minutes(*, number: int, trouble: str) -> None:
    """Say why the waits could not be computed."""
    if _running(number) is not None:
        Minutes.objects.filter(pk=number).update(life=MinutesLife.FAILED, trouble=trouble[:2000], ended_at=Now())


def _running(number: int) -> Minutes | None:
    rows = Minutes.objects.select_for_update(no_key=True, of=("self",)).filter(pk=number, life=MinutesLife.RUNNING)
    return rows.select_related("version__plan").first()


@transaction.atomic(durable=True)
def accept_remedy(
    *, by: Actor, plan: str, chosen: Mapping[str, int] | None = None, request: UUID | None = None
) -> int:  # fmt: skip
    """Freeze a version with the same moves and a remedy of each broken promise; returns its number.

    The cheapest, unless another was ``chosen`` (line -> its place among the remedies).
    """
    row = locked_plan(plan)
    version = last_version(row)
    kind = facts.VersionFrozen.kind
    before = entry_of_request(request, kind, plan=plan)
    if before is not None:
        return int(before.fact["number"])
    if row.life != PlanLife.DRAFT:
        raise refusals.RemedyInDraft()
    view = waiting.minutes_of(version.pk)
    if view is None or view.found is None or view.holds:
        raise refusals.NothingToMend()
    content = remedied(Content.from_json(version.content), view.found, chosen)
    if content is None:
        raise refusals.NoRemedy()
    made = freeze(row, content, inventory.now(), by=by, request=request)
    queue_minutes(made, content)
    return made.number
