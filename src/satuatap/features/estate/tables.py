"""Which sheet stands in which table: its key, plain columns, and what it points to. Reading and writing follow it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from satuatap.features.estate import models as m

BUILDING, UNIT, AGENCY, METER, FLOOR = "building", "unit", "agency", "meter", "floor"


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet. ``links``: field of the table -> what it names; its column has the name of the field."""

    sheet: str
    model: Any
    key: Sequence[str]
    plain: Sequence[str]
    links: Mapping[str, str] = field(default_factory=dict)
    retires: bool = False  # rows that are gone stay for what points to them from the past

    @property
    def order(self) -> str:
        return "id"


TABLES: Sequence[Table] = (
    Table("norms", m.Norm, ["key"],
          ("key", "low", "likely", "high", "unit", "meaning", "meaning_en", "regulation", "article")),
    Table("buildings", m.Building, ["code"],
          ("code", "name", "address", "district", "lat", "lon", "area_m2", "ownership", "use", "use_ends", "condition",
           "cooling", "heritage", "keep_open", "nibar", "kib", "title", "certificate", "made_up"),
          {"holder": AGENCY}, retires=True),
    Table("floors", m.Floor, ["building", "code"], ("code", "name", "public"), {"building": BUILDING}),
    Table("spaces", m.Space, ["floor", "code"], ("code", "kind", "area_m2"), {"floor": FLOOR}),
    Table("units", m.Unit, ["code"],
          ("code", "name", "headcount", "public_facing", "area_m2", "counter_m2", "stays", "made_up"),
          {"agency": AGENCY}, retires=True),
    Table("unit_staff", m.UnitStaff, ["unit", "grade"], ("grade", "people"), {"unit": UNIT}),
    Table("placements", m.Placement, ["unit", "since"], ("floor", "since", "until"),
          {"unit": UNIT, "building": BUILDING}),
    Table("meters", m.Meter, ["code"], ("code", "supply", "kva", "tariff"), {"building": BUILDING}),
    Table("bills", m.Bill, ["meter", "first_day"], ("first_day", "last_day", "quantity", "amount", "budget_code"),
          {"meter": METER}),
    Table("support_staff", m.SupportStaff, ["building", "post", "contract", "ends"],
          ("post", "contract", "people", "monthly", "ends", "budget_code"), {"building": BUILDING}),
    Table("upkeep", m.Upkeep, ["building", "work", "year"], ("work", "year", "amount", "budget_code"),
          {"building": BUILDING}),
    Table("leases", m.Lease, ["building", "starts"], ("starts", "ends", "yearly", "budget_code"),
          {"building": BUILDING}),
    Table("trips", m.Trips, ["one", "other"], ("monthly", "counted"), {"one": UNIT, "other": UNIT}),
    Table("visits", m.Demand, ["unit", "district"], ("district", "yearly"), {"unit": UNIT}),
    Table("announced", m.Announced, ["plan", "unit", "who"], ("plan", "group", "who", "place", "said", "on"),
          {"unit": UNIT, "building": BUILDING}),
)  # fmt: skip
SHEETS = tuple(table.sheet for table in TABLES)
