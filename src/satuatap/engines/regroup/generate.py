"""Synthetic cities as problem files, for tests and benchmarks. Every figure is made up, and the file says so.

A city uses every part of the format: floors with public counters, a protected building, owned, rented and lent ones,
leases and contracts that run on, tariffs with rising steps, with a class for all use and with a least bill, ranges
with and without a source, a whole table of distances, and every kind of rule.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import numpy as np

from satuatap.engines.regroup.problem import Place, crow_km
from satuatap.engines.regroup.reading import read
from satuatap.engines.regroup.schema import FORMAT

DISTRICTS = 4
DETOUR = 1.3
TARIFFS: list[dict[str, Any]] = [  # Rp million for a unit of use; made up, like everything here
    {"id": "listrik", "term": "electricity", "unit": "kWh", "source": "dibuat-buat", "whole_use": True,
     "steps": [{"price_per_unit": 0.0017}, {"from_per_month": 12_000, "price_per_unit": 0.0015}]},
    {"id": "air", "term": "water", "unit": "m3", "source": "dibuat-buat",
     "steps": [{"price_per_unit": 0.004}, {"from_per_month": 30, "price_per_unit": 0.006},
               {"from_per_month": 90, "price_per_unit": 0.009}]},
    {"id": "internet", "term": "internet", "unit": "orang", "steps": [{"price_per_unit": 0.01}]},
]  # fmt: skip


def city(units: int, buildings: int, seed: int, *, rules: bool = True) -> dict[str, Any]:
    """A file with so many units and buildings around one centre; the same seed gives the same file.

    Room is about 1.6 times what is needed, so that some buildings can be set free. Amounts are in Rp million a year.
    A rule that would contradict those before it is left out.
    """
    rng, more = np.random.default_rng(seed), np.random.default_rng([seed, 1])
    need = np.round(rng.uniform(100, 900, units))
    share = rng.uniform(0.5, 1.5, buildings)
    room = np.round(np.maximum(share / share.sum() * 1.6 * need.sum(), need.max()))
    districts = [{"id": f"kec{n}", **_spot(rng, 0.04)} for n in range(DISTRICTS)]
    houses = [_building(rng, more, n, float(room[n])) for n in range(buildings)]
    present = _start(need, room)
    offices = [_unit(rng, more, n, float(need[n]), present[n]) for n in range(units)]
    found: dict[str, Any] = {
        "format": FORMAT, "name": f"Kota buatan {units}x{buildings}, benih {seed}", "synthetic": True, "year": 2027,
        "buildings": houses, "units": offices, "districts": districts, "flows": _flows(rng, more, units), "rules": [],
        "posts": [{"name": "guard", "norm_m2": 1500, "shifts": 4, "yearly": 60, "cash": True},
                  {"name": "cleaner", "norm_m2": 800, "yearly": 50, "cash": bool(seed % 2)}],
        "prices": {"trip_per_km": 0.004, "hour": 0.06, "people_per_trip": 2, "citizen_km": 0.0005,
                   "move_per_person": 0.5, "move_per_m2": 0.05, "amortise_years": 8, "detour": DETOUR},
        "tariffs": deepcopy(TARIFFS), "distances": _distances(more, houses), "distances_complete": True,
    }  # fmt: skip
    for rule in _rules(rng, found) if rules else ():
        longer = {**found, "rules": [*found["rules"], rule]}
        found = found if read(longer).faults else longer
    return found


def _spot(rng: np.random.Generator, spread: float) -> dict[str, float]:
    return {
        "latitude": round(-2.97 + rng.normal(0, spread), 5),
        "longitude": round(104.75 + rng.normal(0, spread), 5),
    }


def _start(need: np.ndarray, room: np.ndarray) -> list[int]:
    """Today's places: each unit where most room is left."""
    left, found = room.copy(), []
    for m2 in need:
        place = int(np.argmax(left))
        left[place] -= m2
        found.append(place)
    return found


def _flows(rng: np.random.Generator, more: np.random.Generator, units: int) -> list[dict[str, Any]]:
    """About two flows a unit; every fourth is a range that somebody guessed."""
    if units < 2:
        return []
    pairs = {tuple(sorted(rng.choice(units, 2, replace=False).tolist())) for _ in range(2 * units)}
    found: list[dict[str, Any]] = []
    for a, b in sorted(pairs):
        trips: Any = round(float(rng.uniform(1, 40)), 1)
        if more.random() < 0.25:
            trips = {"low": round(trips / 2, 1), "likely": trips, "high": round(trips * 2, 1)}
        found.append({"a": f"u{a}", "b": f"u{b}", "trips_per_month": trips})
    return found


def _building(rng: np.random.Generator, more: np.random.Generator, n: int, room: float) -> dict[str, Any]:
    """The first building is a plain one; of the others every second has floors, and the second is protected."""
    found: dict[str, Any] = {
        "id": f"g{n}", "name": f"Gedung {n}", **_spot(rng, 0.03),
        "yearly_fixed": {"upkeep": round(room * 0.1)},
        "yearly_per_m2": {"upkeep": round(float(rng.uniform(0.01, 0.05)), 3)},
        "yearly_per_person": {"supplies": round(float(rng.uniform(0.1, 0.3)), 3)},
        "lease_yearly": round(float(rng.choice([0, 0, room * 0.5]))), "lease_ends": int(rng.choice([0, 2026, 2030])),
        "empty_yearly": round(room * 0.01), "freed_income_yearly": round(room * 0.2), "freed_income_share": 0.1,
        "closing_once": round(room * 0.05), "fit_out_per_m2_once": round(float(rng.uniform(0.2, 1.0)), 2),
        "connections": [
            {"tariff": "listrik", "monthly_fixed_use": round(room * 2), "minimum_monthly": round(room * 0.008, 2),
             "monthly_use_per_m2": round(float(more.uniform(4, 14)), 1),
             "connected_until": int(more.choice([0, 2029]))},
            {"tariff": "air", "monthly_fixed_use": 5, "monthly_use_per_person": round(float(more.uniform(0.4, 1.2)), 2),
             "standing_monthly": 0.02, "minimum_monthly": 0.1},
            {"tariff": "internet", "monthly_use_per_person": 1, "standing_monthly": 1.5},
        ],
    }  # fmt: skip
    found["ownership"] = "rented" if found["lease_yearly"] else str(more.choice(["city", "city", "lent"]))
    if found["ownership"] != "city":
        found["freed_income_share"] = 0
    if more.random() < 0.4:
        found["contracts"] = [{"term": "cleaning contract", "yearly": round(room * 0.03), "ends": 2028}]
    if n % 2 == 0:
        found["area_m2"] = {"office": room, "counter": round(room * 0.3)}
        return found
    found["heritage"] = n == 1
    upper = round(room / 3)
    found["floors"] = [
        {"name": "1", "public_counter": True, "area_m2": {"office": room - 2 * upper, "counter": round(room * 0.1)}},
        {"name": "2", "area_m2": {"office": upper}},
        {"name": "3", "area_m2": {"office": upper, "archive": round(room * 0.05)}},
    ]
    return found


def _unit(rng: np.random.Generator, more: np.random.Generator, n: int, need: float, present: int) -> dict[str, Any]:
    public = bool(rng.random() < 0.5)
    people: Any = round(need / 12)
    if more.random() < 0.25:
        people = {"low": people - 2, "likely": people, "high": people + 4, "source": "daftar hadir buatan"}
    return {
        "id": f"u{n}", "name": f"Kantor {n}", "people": people,
        "area_m2": {"office": need, **({"counter": round(need * 0.15)} if public else {})},
        "public_facing": public, "present": f"g{present}",
        "visits_yearly": {f"kec{k}": round(float(rng.uniform(100, 5000))) for k in range(DISTRICTS)} if public else {},
    }  # fmt: skip


def _distances(more: np.random.Generator, houses: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Every pair: as the crow flies times a detour of its own, so that not every detour by a third place is longer."""
    spot = [Place(b["latitude"], b["longitude"]) for b in houses]
    return [
        {"a": houses[i]["id"], "b": houses[j]["id"], "km": round(crow_km(spot[i], spot[j]) * more.uniform(1.2, 1.4), 3)}
        for i in range(len(houses))
        for j in range(i)
    ]


def _rules(rng: np.random.Generator, found: dict[str, Any]) -> list[dict[str, Any]]:
    """One of each kind. The longest way and the budget leave today's places as they are."""
    offices, houses = found["units"], found["buildings"]
    if len(offices) < 6 or len(houses) < 3:
        return []
    a, b, c, d, e, f = rng.choice(len(offices), 6, replace=False).tolist()
    g = int(rng.integers(len(houses)))
    at = {one["id"]: Place(one["latitude"], one["longitude"]) for one in (*houses, *found["districts"])}
    far = [crow_km(at["kec0"], at[u["present"]]) * DETOUR for u in offices if u["public_facing"]]
    rules: list[dict[str, Any]] = [
        {"name": "satu gedung", "kind": "must_share", "units": [f"u{a}", f"u{b}"]},
        {"name": "tidak satu gedung", "kind": "must_not_share", "units": [f"u{c}", f"u{d}"]},
        {"name": "tetap", "kind": "keep", "units": [f"u{e}"]},
        {"name": "bukan di sana", "kind": "forbidden_pair", "units": [f"u{f}"], "buildings": [f"g{g}"]},
        {"name": "jangan ditutup", "kind": "do_not_close", "buildings": ["g0"]},
        {"name": "anggaran", "kind": "budget", "limit": 1e7},
        {"name": "jumlah pindah", "kind": "max_moves", "limit": max(3, len(offices) * 3 // 4)},
        {"name": "sudah pasti", "kind": "fixed", "units": [f"u{c}"], "buildings": [offices[c]["present"]]},
    ]
    if far:
        limit = round(max(far) + 0.01, 2)
        rules.append({"name": "jarak warga", "kind": "longest_travel", "district": "kec0", "limit": limit})
    return rules
