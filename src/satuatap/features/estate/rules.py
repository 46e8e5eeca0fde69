"""How well a figure of a row is known, and who may change a norm."""

from __future__ import annotations

from collections.abc import Container, Mapping
from typing import Any

from satuatap.features.estate.states import Standing
from satuatap.features.people.states import Role

RUPIAH = "Rp"


def standing(row: Mapping[str, Any], column: str) -> Standing:
    """By the row's own words: a made-up row or column, a source, a kode rekening where it is a cost."""
    if row.get(column) is None or row.get(column) == "":
        return Standing.NORM
    if row.get("synthetic") or column in (row.get("made_up") or ()):
        return Standing.SYNTHETIC
    if row.get("source") and ("budget_code" not in row or row["budget_code"]):
        return Standing.SOURCED
    return Standing.UNSOURCED


# What a planner may try at another price, and from where to where it makes sense; the first four are weights and prices
# of the score, the others of cash. Units: Rupiah an hour, Rupiah a km, years, Rupiah a person, Rupiah a m2, km/h.
PRICES: Mapping[str, tuple[float, float]] = {
    "hour": (0.0, 1_000_000.0),
    "citizen_km": (0.0, 100_000.0),
    "capacity_weight": (0.0, 10.0),
    "trip_per_km": (0.0, 100_000.0),
    "amortise_years": (1.0, 50.0),
    "move_per_person": (0.0, 100_000_000.0),
    "move_per_m2": (0.0, 10_000_000.0),
    "speed_kmh": (1.0, 120.0),
}


def wrong_prices(prices: Mapping[str, Any]) -> list[str]:
    """The names that are no price, and the prices that are no number within their limits."""
    found = []
    for name, value in prices.items():
        least, most = PRICES.get(name, (0.0, -1.0))
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if not is_number or not least <= value <= most:  # also refuses what is not a number (nan)
            found.append(name)
    return found


def may_change_norm(roles: Container[Role], unit: str) -> bool:
    """A price is BPKAD's, any other norm Bappeda's; whoever keeps the whole city changes both."""
    return Role.KEEPER in roles or (Role.ASSET if unit.startswith(RUPIAH) else Role.PLANNER) in roles
