"""Agencies, as others and the city's sheets read them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from satuatap.features.people.models import Agency
from satuatap.features.people.states import AgencyKind
from satuatap.plumbing.sourced import cells_of

KIND_NAMES: Mapping[AgencyKind, Any] = {
    AgencyKind.OPD: _("Perangkat daerah"),
    AgencyKind.UPTD: _("Unit pelaksana teknis daerah"),
    AgencyKind.DISTRICT_OFFICE: _("Kecamatan atau kelurahan"),
    AgencyKind.VERTICAL: _("Instansi vertikal"),
    AgencyKind.PROVINCE: _("Pemerintah provinsi"),
    AgencyKind.BUMN: _("BUMN"),
    AgencyKind.BUMD: _("BUMD"),
    AgencyKind.PRIVATE: _("Swasta"),
}


def agencies(*, listed_only: bool = True) -> list[Agency]:
    """All agencies by name; those that the city's file no longer has only if asked."""
    rows = Agency.objects.order_by("name")
    return list(rows.filter(listed=True) if listed_only else rows)


def agency_rows() -> list[dict[str, Any]]:
    """The agencies that are listed, as the sheet ``agencies`` holds them, in the order in which they came."""
    names = ("code", "name", "name_en", "short_name", "kind", "phone", "url")
    rows = Agency.objects.filter(listed=True).select_related("parent").order_by("id")
    return [{**cells_of(row, *names), "parent": row.parent.code if row.parent else ""} for row in rows]


def agency(code: str) -> Agency | None:
    """The agency with that code."""
    return Agency.objects.filter(code=code).first()


def agency_ids() -> dict[str, int]:
    """Every agency's number by its code."""
    return dict(Agency.objects.values_list("code", "pk"))
