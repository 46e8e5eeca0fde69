"""The estate as plans see it: who sits where, read for a version, and written when a move is done."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from satuatap.basics.actor import Actor
from satuatap.features.estate import actions as estate_actions
from satuatap.features.estate import queries as estate
from satuatap.features.plans.rules import Inventory

Row = dict[str, Any]


def now() -> Inventory:
    """The inventory of this moment."""
    return _inventory(estate.sheet_rows())


def _inventory(rows: dict[str, list[Row]]) -> Inventory:
    places = {str(row["unit"]): str(row["building"]) for row in rows["placements"] if row["until"] is None}
    units = {str(row["code"]): (str(row["name"]), int(row["headcount"] or 0)) for row in rows["units"]}
    buildings = {
        str(row["code"]): (str(row["name"]), str(row["address"]), float(row["area_m2"]), str(row["use"]))
        for row in rows["buildings"]
    }
    return Inventory(places, units, buildings)


def agencies() -> dict[str, tuple[str, bool]]:
    """Of each unit: its agency's code and whether it serves the public."""
    rows = estate.sheet_rows()["units"]
    return {str(row["code"]): (str(row["agency"]), bool(row["public_facing"])) for row in rows}


def is_made_up() -> bool:
    """Whether any figure of the estate was made up."""
    return any(row["synthetic"] or row.get("made_up") for rows in estate.sheet_rows().values() for row in rows)


def seat(*, by: Actor, unit: str, building: str, on: date, source: str) -> None:
    """A unit sits elsewhere from that day on; where it sat ends the day before."""
    rows = estate.sheet_rows()
    placements = [dict(row) for row in rows["placements"]]
    like = next(row for row in placements if row["unit"] == unit and row["until"] is None)
    fresh = {**like, "building": building, "floor": "", "since": on, "until": None, "source": source,
             "source_year": on.year, "confidence": "H", "synthetic": False, "note": ""}  # fmt: skip
    like["until"] = on - timedelta(days=1)
    estate_actions.put_estate(by=by, rows={**rows, "placements": [*placements, fresh]})
