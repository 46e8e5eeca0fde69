"""The estate as plans see it: who sits where, in which buildings, with what behind the figures."""

from __future__ import annotations

from typing import Any

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
