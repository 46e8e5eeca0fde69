"""Plans that others published, as the city's sheets hold them: their claims, their lines, and their picture."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from satuatap.features.estate import queries as estate
from satuatap.features.plans import announced, inventory
from satuatap.features.plans.announced import Came, Line, Picture
from satuatap.features.plans.models import Claim, Plan, Published
from satuatap.features.plans.states import PlanLife
from satuatap.plumbing.sourced import cells_of

__all__ = ["Came", "Line", "Picture", "picture_of", "sheet_rows", "taken"]


def sheet_rows() -> dict[str, list[dict[str, Any]]]:
    """What stands in the sheets ``published`` and ``claims``, in the order in which it came."""
    plans = Published.objects.filter(plan__life=PlanLife.ANNOUNCED).select_related("plan").order_by("id")
    claims = Claim.objects.filter(plan__life=PlanLife.ANNOUNCED).select_related("plan").order_by("id")
    return {
        "published": [{"code": one.plan.code, "title": one.plan.title, **cells_of(one, "reports")} for one in plans],
        "claims": [
            {"plan": one.plan.code, **cells_of(one, "low", "high", "more_than", "yearly", "on")} for one in claims
        ],
    }


def taken(codes: Collection[str]) -> list[str]:
    """Those of these codes that a plan of the city's own has already."""
    own = Plan.objects.filter(code__in=list(codes), author__isnull=False)
    return sorted(own.values_list("code", flat=True))


def picture_of(plan: str) -> Picture | None:
    """A published plan beside what was reported; ``None`` for a plan of our own."""
    row = Published.objects.filter(plan__code=plan).first()
    if row is None:
        return None
    rows = estate.sheet_rows(["announced"])["announced"]
    now = inventory.now()
    names = {code: one[0] for code, one in now.units.items()} | {code: one[0] for code, one in now.buildings.items()}
    planned = [one for one in rows if one["plan"] == plan]
    reported = [one for one in rows if row.reports and one["plan"] == row.reports]
    return announced.picture(planned, reported, names)
