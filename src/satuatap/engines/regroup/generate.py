"""Synthetic cities as problem files, for tests and benchmarks. Every figure is made up and says so."""

from __future__ import annotations

from typing import Any

import numpy as np

from satuatap.engines.regroup.schema import FORMAT

KINDS = ("office", "counter")


def city(units: int, buildings: int, seed: int, *, rules: bool = True) -> dict[str, Any]:
    """A file with so many units and buildings around one centre; the same seed gives the same file.

    Room is about 1.6 times what is needed, so that some buildings can be set free. Amounts are in Rp million a year.
    """
    rng = np.random.default_rng(seed)
    need = np.round(rng.uniform(100, 900, units))
    share = rng.uniform(0.5, 1.5, buildings)
    room = np.round(np.maximum(share / share.sum() * 1.6 * need.sum(), need.max()))
    districts = [
        {
            "id": f"kec{n}",
            "latitude": round(-2.97 + rng.normal(0, 0.04), 5),
            "longitude": round(104.75 + rng.normal(0, 0.04), 5),
        }
        for n in range(4)
    ]
    houses = [_building(rng, n, float(room[n])) for n in range(buildings)]
    present = _start(need, room)
    offices = [_unit(rng, n, float(need[n]), present[n]) for n in range(units)]
    pairs = (
        {tuple(sorted(rng.choice(units, 2, replace=False).tolist())) for _ in range(2 * units)} if units > 1 else set()
    )
    flows = [
        {"a": f"u{a}", "b": f"u{b}", "trips_per_month": round(float(rng.uniform(1, 40)), 1)} for a, b in sorted(pairs)
    ]
    return {
        "format": FORMAT, "name": f"Kota buatan {units}x{buildings}, benih {seed}", "synthetic": True, "year": 2027,
        "buildings": houses, "units": offices, "districts": districts, "flows": flows,
        "rules": _rules(rng, units, buildings) if rules else [],
        "posts": [{"name": "guard", "norm_m2": 1500, "shifts": 4, "yearly": 60, "cash": True},
                  {"name": "cleaner", "norm_m2": 800, "yearly": 50, "cash": bool(seed % 2)}],
        "prices": {"trip_per_km": 0.004, "hour": 0.06, "people_per_trip": 2, "citizen_km": 0.0005,
                   "move_per_person": 0.5, "move_per_m2": 0.05, "amortise_years": 8},
    }  # fmt: skip


def _start(need: np.ndarray, room: np.ndarray) -> list[int]:
    """Today's places: each unit where most room is left."""
    left, found = room.copy(), []
    for m2 in need:
        place = int(np.argmax(left))
        left[place] -= m2
        found.append(place)
    return found


def _building(rng: np.random.Generator, n: int, room: float) -> dict[str, Any]:
    counter = round(room * 0.3)
    return {
        "id": f"g{n}", "name": f"Gedung {n}", "latitude": round(-2.97 + rng.normal(0, 0.03), 5),
        "longitude": round(104.75 + rng.normal(0, 0.03), 5), "area_m2": {"office": room, "counter": counter},
        "yearly_fixed": {"electricity": round(room * 0.08), "water": round(room * 0.01), "upkeep": round(room * 0.1)},
        "yearly_per_m2": {"electricity": round(float(rng.uniform(0.05, 0.2)), 3)},
        "yearly_per_person": {"water": round(float(rng.uniform(0.1, 0.3)), 3)},
        "lease_yearly": round(float(rng.choice([0, 0, room * 0.5]))), "lease_ends": int(rng.choice([0, 2026, 2030])),
        "empty_yearly": round(room * 0.01), "freed_income_yearly": round(room * 0.2), "freed_income_share": 0.1,
        "closing_once": round(room * 0.05), "fit_out_per_m2_once": round(float(rng.uniform(0.2, 1.0)), 2),
    }  # fmt: skip


def _unit(rng: np.random.Generator, n: int, need: float, present: int) -> dict[str, Any]:
    public = bool(rng.random() < 0.5)
    return {
        "id": f"u{n}", "name": f"Kantor {n}", "people": round(need / 12),
        "area_m2": {"office": need, **({"counter": round(need * 0.15)} if public else {})},
        "public_facing": public, "present": f"g{present}",
        "visits_yearly": {f"kec{k}": round(float(rng.uniform(100, 5000))) for k in range(4)} if public else {},
    }  # fmt: skip


def _rules(rng: np.random.Generator, units: int, buildings: int) -> list[dict[str, Any]]:
    if units < 6 or buildings < 3:
        return []
    a, b, c, d, e, f = (f"u{i}" for i in rng.choice(units, 6, replace=False))
    return [
        {"name": "satu gedung", "kind": "must_share", "units": [a, b]},
        {"name": "tidak satu gedung", "kind": "must_not_share", "units": [c, d]},
        {"name": "tetap", "kind": "keep", "units": [e]},
        {"name": "bukan di sana", "kind": "forbidden_pair", "units": [f], "buildings": [f"g{rng.integers(buildings)}"]},
        {"name": "jangan ditutup", "kind": "do_not_close", "buildings": ["g0"]},
        {"name": "anggaran", "kind": "budget", "limit": 1e7},
    ]
