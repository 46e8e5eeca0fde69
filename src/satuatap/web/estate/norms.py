"""Prices and rules: every norm as a range with its regulation, article, year and source."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from satuatap.features.estate import queries as estate
from satuatap.features.estate.states import Standing
from satuatap.web.estate.shared import READ, page
from satuatap.web.guards import grants_of, role_required
from satuatap.web.sheets import city

GROUPS = ("room", "energy", "tariff", "water", "support", "upkeep", "move", "trip", "weight", "more")
GROUP_OF = {
    "room": "room", "gross": "room", "energy": "energy", "tariff": "tariff", "water": "water", "guard": "support",
    "cleaner": "support", "support": "support", "upkeep": "upkeep", "move": "move", "fit_out": "move", "close": "move",
    "once": "move", "trip": "trip", "weight": "weight",
}  # fmt: skip


def _titles() -> dict[str, str]:
    return {
        "room": _("Ruang"), "energy": _("Pemakaian listrik"), "tariff": _("Harga listrik"), "water": _("Air"),
        "support": _("Tenaga pendukung"), "upkeep": _("Pemeliharaan"), "move": _("Pindah dan menata, sekali"),
        "trip": _("Perjalanan dinas"), "weight": _("Bobot pilihan kota"), "more": _("Lainnya"),
    }  # fmt: skip


@role_required(*READ)
@require_safe
def norms_page(request: HttpRequest) -> HttpResponse:
    """Every norm; who keeps it may change it, and each change stays in its history."""
    rows = estate.sheet_rows(("norms",))["norms"]
    roles = {grant.role for grant in grants_of(request)}
    groups: dict[str, list[Any]] = {}
    for row in rows:
        group = GROUP_OF.get(str(row["key"]).partition(".")[0], "more")
        mine = estate.may_change_norm(roles, row["unit"])
        groups.setdefault(group, []).append((row, standing_of(row), city().row_key("norms", row), mine))
    titles = _titles()
    values = {
        "groups": [(titles[code], groups[code]) for code in GROUPS if code in groups],
        "all": len(rows), "bare": sum(standing_of(row) is not Standing.SOURCED for row in rows),
    }  # fmt: skip
    return page(request, "norms", "norms", values)


def standing_of(row: Mapping[str, Any]) -> Standing:
    """A norm that nobody sourced is our own figure until the city puts its own."""
    return estate.standing(row, "likely")
