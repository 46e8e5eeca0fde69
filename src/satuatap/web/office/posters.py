"""Posters of the office: each service's standard to print, and the Maklumat Pelayanan of the mall or of an agency.

The wording is ours; what it must promise (the standard, improvement, sanctions) is read from one that hangs in another
city's office, https://123dok.com/document/y6e3kpp4-standar-pelayanan-publik-dinas-kependudukan-pencatatan-kabupaten-manggarai.html,
as PermenPANRB 15/2014 asks for it. Who signs and when is the city's data (sheet "city"), or typed in for one print.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import override
from django.views.decorators.http import require_safe

from satuatap.features.malls import queries as malls
from satuatap.features.people import queries as people
from satuatap.features.people.refusals import NoSuchAgency
from satuatap.features.people.states import AgencyKind, Role
from satuatap.web.components import formats
from satuatap.web.guards import role_required
from satuatap.web.inputs import day_of, text_of
from satuatap.web.office.shared import Office, office_of, page
from satuatap.web.printing import printed, qr

SOURCE = Path(__file__).with_name("maklumat.typ")
MALL = ""  # the choice that is no agency
OWN = (AgencyKind.OPD, AgencyKind.UPTD, AgencyKind.DISTRICT_OFFICE)  # the city's own offices
SIGNED = ("nama", "jabatan", "tempat", "tanggal")  # keys of the city's sheet: maklumat.<mall or agency>.nama


@role_required(Role.MANAGER, Role.KEEPER)
@require_safe
def posters_page(request: HttpRequest) -> HttpResponse:
    """The form of the maklumat: whose, who signs, where and when."""
    office = office_of(request)
    return page(request, "posters", office, {"agencies": people.agencies(), "today": office.today})


@role_required(Role.MANAGER, Role.KEEPER)
@require_safe
def maklumat(request: HttpRequest) -> HttpResponse:
    """The maklumat as PDF; what is not filled in is left open to write by hand."""
    office = office_of(request)
    with override("id"):
        values = values_of(request, office)
    return printed(SOURCE, values, f"maklumat-{values['code']}")


def values_of(request: HttpRequest, office: Office) -> dict[str, Any]:
    """Everything that stands on the sheet, as text."""
    code = text_of(request.GET, "instansi", longest=60, default=MALL)
    agency = people.agency(code) if code else None
    if code and agency is None:
        raise NoSuchAgency()
    city = {str(row["key"]): str(row["value"]) for row in malls.sheet_rows()["city"]}
    owner = code or office.mall.code
    said = {key: _said(request, city, owner, key) for key in SIGNED}
    address = f"{settings.PUBLIC_URL}/layanan"
    own = agency is None or agency.kind in OWN
    return {
        "size": "a3" if request.GET.get("ukuran") == "a3" else "a4",
        "code": owner, "who": agency.name if agency else office.mall.name,
        "city": f"Pemerintah {city['name']}" if own and "name" in city else "",
        "name": said["nama"], "role": said["jabatan"], "place": said["tempat"], "date": _day(said["tanggal"]),
        "link": address, "qr": qr(address),
    }  # fmt: skip


def _said(request: HttpRequest, city: Mapping[str, str], owner: str, key: str) -> str:
    """What was typed, else what the city's own sheet says of this maklumat."""
    return text_of(request.GET, key, longest=120, default="") or city.get(f"maklumat.{owner}.{key}", "")


def _day(text: str) -> str:
    """27 November 2026; empty stays empty."""
    return formats.long_date(day_of({"day": text}, "day")).partition(", ")[2] if text else ""
