"""Example rows of the estate's templates: two buildings, two units; a study could start from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

HALL, ANNEX, UNIT, OTHER = "balai-contoh", "kantor-contoh", "dinas-contoh", "badan-contoh"
DISTRICT, METER = "00.00.01", "PLN-CONTOH-1"
Cells = Mapping[str, str]

ROWS: Mapping[str, Sequence[Cells]] = {
    "norms": [{"key": "contoh", "low": "1", "likely": "2", "high": "3", "unit": "m2", "meaning": "Contoh norma"}],
    "buildings": [
        {"code": HALL, "name": "Balai contoh", "district": DISTRICT, "lat": "-2.98", "lon": "104.75", "area_m2": "1200",
         "ownership": "city", "use": "used", "condition": "good", "kib": "C", "title": "city"},
        {"code": ANNEX, "name": "Kantor contoh", "district": DISTRICT, "lat": "-2.99", "lon": "104.76",
         "area_m2": "600", "ownership": "rented", "use": "used"},
    ],
    "floors": [{"building": HALL, "code": "1", "name": "Lantai dasar", "public": "yes"}],
    "spaces": [{"building": HALL, "floor": "1", "code": "101", "kind": "office", "area_m2": "200"}],
    "units": [
        {"code": UNIT, "name": "Dinas contoh", "headcount": "40", "public_facing": "yes"},
        {"code": OTHER, "name": "Badan contoh", "headcount": "25"},
    ],
    "unit_staff": [{"unit": UNIT, "grade": "head", "people": "1"}],
    "placements": [
        {"unit": UNIT, "building": HALL, "since": "2020-01-01"},
        {"unit": OTHER, "building": ANNEX, "since": "2021-01-01"},
    ],
    "meters": [{"building": HALL, "code": METER, "supply": "electricity", "kva": "66"}],
    "bills": [
        {"meter": METER, "first_day": "2026-01-01", "last_day": "2026-01-31", "quantity": "9000", "amount": "15295770"}
    ],
    "support_staff": [{"building": HALL, "post": "guard", "contract": "outsourced", "people": "2",
                       "ends": "2026-12-31"}],
    "upkeep": [{"building": HALL, "work": "Pengecatan", "year": "2025", "amount": "25000000"}],
    "leases": [{"building": ANNEX, "starts": "2024-01-01", "ends": "2027-12-31", "yearly": "180000000"}],
    "trips": [{"one": UNIT, "other": OTHER, "monthly": "12", "counted": "estimated"}],
    "visits": [{"unit": UNIT, "district": DISTRICT, "yearly": "4000"}],
    "announced": [{"plan": "contoh", "group": "A", "unit": OTHER, "who": "Badan contoh", "building": HALL,
                   "said": "planned"}],
}  # fmt: skip
