"""Plans that others published are opened from the city's sheets: read, compared, and never taken a step here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction

from satuatap.basics.actor import Actor
from satuatap.features.journal.actions import announce
from satuatap.features.plans import facts, inventory, refusals
from satuatap.features.plans.actions.minutes import queue_minutes
from satuatap.features.plans.announced import targets
from satuatap.features.plans.models import Claim, Plan, Published, Stage, Version
from satuatap.features.plans.rules import Content, PlannedMove, digest
from satuatap.features.plans.states import PlanLife, Said
from satuatap.plumbing.sourced import SOURCED
from satuatap.plumbing.upsert import Change, put_rows

Row = Mapping[str, Any]
Rows = Mapping[str, Sequence[Row]]


@transaction.atomic
def put_published(*, by: Actor, rows: Rows) -> dict[str, Change]:
    """Make published plans and their claims equal to the sheets; one that went from them is withdrawn, not forgotten.

    A plan's version says where its units were to go, from where they sit when its rows are read; the placement itself
    is never touched by it. Other rows make another version.
    """
    changes = {"published": _plans(rows), "claims": _claims(rows)}
    for row in Published.objects.filter(plan__life=PlanLife.ANNOUNCED).select_related("plan"):
        _freeze(row, [one for one in rows.get("announced", ()) if one["plan"] == row.plan.code], by)
    if any(changes.values()):
        announce(facts.PlansPublished({name: change.counts() for name, change in changes.items() if change}), by=by)
    return changes


def _plans(rows: Rows) -> Change:
    values = []
    for row in rows.get("published", ()):
        plan, made = Plan.objects.get_or_create(
            code=row["code"], defaults={"title": row["title"], "life": PlanLife.ANNOUNCED, "public": True}
        )
        if made:
            Stage.objects.create(plan=plan, life=PlanLife.ANNOUNCED)
        elif plan.author_id is not None:
            raise refusals.CodeTaken()
        elif (plan.title, plan.life) != (row["title"], PlanLife.ANNOUNCED):
            plan.title, plan.life = row["title"], PlanLife.ANNOUNCED
            plan.save(update_fields=["title", "life"])
        values.append({"plan_id": plan.pk, "reports": row.get("reports") or "", **_sourced(row)})
    change = put_rows(Published.objects.all(), ["plan_id"], values)
    gone = Plan.objects.filter(life=PlanLife.ANNOUNCED, published=None)
    for plan in gone:
        Stage.objects.create(plan=plan, life=PlanLife.WITHDRAWN)
    gone.update(life=PlanLife.WITHDRAWN)
    return change


def _claims(rows: Rows) -> Change:
    plans = dict(Plan.objects.filter(life=PlanLife.ANNOUNCED).values_list("code", "id"))
    values = [
        {"plan_id": plans[row["plan"]], **{name: row[name] for name in ("low", "high", "on")},
         "more_than": bool(row.get("more_than")), "yearly": bool(row.get("yearly")), "source": "", **_sourced(row)}
        for row in rows.get("claims", ())
    ]  # fmt: skip
    return put_rows(Claim.objects.filter(plan__life=PlanLife.ANNOUNCED), ["plan_id", "low", "on", "source"], values)


def _sourced(row: Row) -> dict[str, Any]:
    return {name: row[name] for name in SOURCED if name in row and (row[name] is not None or name == "source_year")}


def _freeze(published: Published, rows: Sequence[Row], by: Actor) -> None:
    said = [one for one in rows if one["said"] == Said.PLANNED]
    wanted = targets(said)
    mark = digest({"targets": wanted})
    if published.digest == mark or not wanted:
        return
    now = inventory.now()
    on = max((one["on"] for one in said if one["on"]), default=date(published.source_year or 1900, 1, 1))
    moves = tuple(
        PlannedMove(unit, now.places.get(unit, ""), target, on)
        for unit, target in wanted.items()
        if unit in now.units and target in now.buildings and now.places.get(unit, "") != target
    )
    content, stands_on = Content(moves, made_up=True).as_json(), now.as_json()
    plan = published.plan
    number = Version.objects.filter(plan=plan).count() + 1
    hashes = digest(content), digest(stands_on)
    made = Version.objects.create(
        plan=plan, number=number, content=content, content_hash=hashes[0], inventory=stands_on, input_hash=hashes[1]
    )
    published.digest = mark
    published.save(update_fields=["digest"])
    announce(facts.VersionFrozen(plan.code, number, *hashes), by=by)
    queue_minutes(made, Content(moves))
