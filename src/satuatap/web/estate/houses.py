"""Buildings and units: their lists, and one building with all that is known about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from satuatap.features.estate import quality, register
from satuatap.features.estate import queries as estate
from satuatap.features.estate.register import HouseView, MeterView, UnitView
from satuatap.features.estate.states import Standing
from satuatap.features.malls import changes as kept
from satuatap.features.malls import queries as malls
from satuatap.features.people import queries as people
from satuatap.web.components import formats
from satuatap.web.estate.shared import CHANGES, READ, keeps, page, today, who
from satuatap.web.estate.words import names_of
from satuatap.web.guards import role_required
from satuatap.web.inputs import text_of
from satuatap.web.refusals import NotFound
from satuatap.web.sheets import city, told

TALL, WIDE, STEP = 120, 22, 26  # of the picture of bills: the tallest bar, its width, from bar to bar


@role_required(*READ)
@require_safe
def houses_page(request: HttpRequest) -> HttpResponse:
    """Every building with who sits inside and how full it is; ``cari`` and ``status`` choose among them."""
    rows = estate.sheet_rows()
    every = register.houses(rows, today())
    asked, use = text_of(request.GET, "cari", longest=100, default=""), text_of(request.GET, "status", default="")
    districts = {row.code: row.name for row in malls.districts()}
    found = [
        one for one in every
        if (not use or one.row["use"] == use) and _has(one.row, asked, districts.get(one.row["district"], ""))
    ]  # fmt: skip
    oddities = quality.remarks(rows)
    values = {
        "lines": [(one, districts.get(one.row["district"], ""), _tags(one)) for one in found],
        "all": len(every), "asked": asked, "use": use, "uses": names_of("use"), "words": names_of("use"),
        "area": sum(one.area.value for one in every), "people": sum(one.people for one in every),
        "empty": sum(not one.seats for one in every), "odd": len(oddities),
        "made_up": sum(one.area.how is Standing.SYNTHETIC for one in every),
    }  # fmt: skip
    return page(request, "houses", "houses", values)


def _has(row: Any, asked: str, district: str) -> bool:
    text = " ".join(str(row[name] or "") for name in ("code", "name", "address", "nibar")).lower() + district.lower()
    return all(word in text for word in asked.lower().split())


def _tags(house: HouseView) -> list[str]:
    """What is special about a building, in words."""
    row = house.row
    return [
        text
        for text, on in (
            (_("cagar budaya"), row["heritage"]),
            (_("tetap dibuka"), row["keep_open"]),
            (_("disewa"), row["ownership"] == "rented"),
            (_("dipinjam"), row["ownership"] == "lent"),
            (_("terlalu sempit"), house.share > 1),
            (_("tanpa unit"), not house.seats),
        )
        if on
    ]


@dataclass(frozen=True, slots=True)
class Bar:
    """One bill as a bar of the picture; ``y`` from the top."""

    x: int
    y: float
    tall: float
    month: str
    bill: Any


@dataclass(frozen=True, slots=True)
class Picture:
    """A meter's bills as bars, and the same as rows."""

    meter: MeterView
    bars: Sequence[Bar]
    width: int
    most: int


def picture(meter: MeterView) -> Picture:
    """Bars by the amount of each bill."""
    most = max((bill.amount for bill in meter.bills), default=0)
    bars = [
        Bar(n * STEP, TALL - TALL * bill.amount / most, TALL * bill.amount / most, f"{bill.first_day:%m.%y}", bill)
        for n, bill in enumerate(meter.bills)
    ] if most else []  # fmt: skip
    return Picture(meter, bars, max(len(bars), 1) * STEP, most)


@role_required(*READ)
@require_safe
def house_page(request: HttpRequest, code: str) -> HttpResponse:
    """One building: its identity, floors, meters with bills, staff, upkeep, leases, and who sits there since when."""
    rows = estate.sheet_rows()
    found = register.detail(rows, code, today())
    if found is None:
        raise NotFound()
    row = found.house.row
    key = city().row_key("buildings", row)
    districts = {one.code: one.name for one in malls.districts()}
    agencies = {one.code: one.name for one in people.agencies()}
    values = {
        "detail": found, "house": found.house, "row": row, "key": key,
        "district": districts.get(row["district"], ""), "holder": agencies.get(row["holder"], ""),
        "facts": _facts(row, agencies), "tags": _tags(found.house),
        "pictures": [picture(meter) for meter in found.meters], "tall": TALL, "bar": WIDE,
        "unit_names": {one["code"]: one["name"] for one in rows["units"]},
        "costs": _costs(found), "undo": CHANGES if keeps(request) else "",
        "remarks": [one.text for one in quality.remarks(rows) if (one.sheet, one.code) == ("buildings", code)],
        "past": told(kept.changes_of("buildings", key)[:5], who),
    }  # fmt: skip
    return page(request, "houses", "house", values)


@dataclass(frozen=True, slots=True)
class Cost:
    """One cost of a building as a row."""

    name: str
    detail: str
    amount: str
    code: str  # kode rekening


def _costs(found: Any) -> list[tuple[Cost, Standing]]:
    """Support staff, upkeep and leases, each with its kode rekening and how well it is known."""
    posts, contracts, months = names_of("post"), names_of("contract"), _("%(amount)s sebulan, satu orang")
    rows = []
    for one in found.support:
        detail = ", ".join(
            [posts[one["post"]], contracts[one["contract"]], *([f"{one['ends']:%d.%m.%Y}"] if one["ends"] else [])]
        )
        amount = months % {"amount": money(one["monthly"])} if one["monthly"] else _("menurut norma")
        name = _("%(count)d orang") % {"count": one["people"]}
        rows.append((Cost(name, detail, amount, one["budget_code"]), estate.standing(one, "people")))
    for one in found.upkeep:
        cost = Cost(
            _("Pemeliharaan %(year)d") % {"year": one["year"]}, one["work"], money(one["amount"]), one["budget_code"]
        )
        rows.append((cost, estate.standing(one, "amount")))
    for one in found.leases:
        span = f"{one['starts']:%d.%m.%Y} - {one['ends']:%d.%m.%Y}"
        rows.append((Cost(_("Sewa"), span, money(one["yearly"]), one["budget_code"]), estate.standing(one, "yearly")))
    return rows


def money(amount: int) -> str:
    """Whole Rupiah as people write them."""
    return formats.rupiah(amount, "en" if (get_language() or "").startswith("en") else "id")


def _facts(row: Any, agencies: dict[str, str]) -> list[tuple[str, Any]]:
    """The identity of a building as goods of the region: label and figure."""
    shown = {
        "nibar": _("NIBAR"), "kib": _("KIB"), "ownership": _("Milik"), "use": _("Status penggunaan"),
        "use_ends": _("Berakhir"), "condition": _("Kondisi"), "cooling": _("Pendinginan"),
        "title": _("Sertipikat atas nama"), "certificate": _("Nomor sertipikat"),
    }  # fmt: skip
    found = []
    for name, label in shown.items():
        one = register.figure(row, name)
        words = names_of(name).get(str(one.value), one.value) if one.value else one.value
        found.append((label, register.Figure(words, one.how, one.source)))
    holder = register.figure(row, "holder")
    found.insert(2, (_("Pengguna Barang"), register.Figure(agencies.get(holder.value, holder.value), holder.how)))
    return found


@role_required(*READ)
@require_safe
def units_page(request: HttpRequest) -> HttpResponse:
    """Every unit with its people, its need in m2, and where it sits since when."""
    rows = estate.sheet_rows()
    every = register.units(rows, today())
    asked = text_of(request.GET, "cari", longest=100, default="")
    bare = request.GET.get("tanpa") == "tempat"
    found = [
        one for one in every
        if (not bare or one.seat is None)
        and all(word in _said(one) for word in asked.lower().split())
    ]  # fmt: skip
    values = {
        "lines": [(one, city().row_key("units", one.row)) for one in found], "all": len(every), "asked": asked,
        "bare": bare, "people": sum(one.people.value for one in every), "need": sum(one.need.value for one in every),
        "homeless": sum(one.seat is None for one in every),
        "made_up": sum(one.people.how is Standing.SYNTHETIC for one in every),
    }  # fmt: skip
    return page(request, "units", "units", values)


def _said(unit: UnitView) -> str:
    return f"{unit.row['name']} {unit.seat.place if unit.seat else ''}".lower()
