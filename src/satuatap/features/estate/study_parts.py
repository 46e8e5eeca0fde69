"""The parts of a problem: a unit's need, a building's room and cost, prices; rows in, the engine's file out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from satuatap.features.estate.figures import Figures, worst
from satuatap.features.estate.numbers import Number, added, less, likely, minus, times
from satuatap.features.estate.rules import standing
from satuatap.features.estate.states import SAVES_CASH, Contract, Cooling, Post, SpaceKind, Supply

Row = Mapping[str, Any]
Rows = Mapping[str, Sequence[Row]]
OFFICE, COUNTER = SpaceKind.OFFICE.value, SpaceKind.COUNTER.value
DAYS_A_MONTH = 365.25 / 12
BIG_LINE_KVA = 200  # P-2/TM begins above (Permen ESDM 7/2024); the key of the norm says the rest
SMALL, BIG = "tariff.p1", "tariff.p2"
WATER, PER_PERSON = "water.", "water.per_person"
CLEANED = "posts/cleaner/norm_m2"  # m2 that one of the city's own cleaners serves


def grouped(rows: Sequence[Row], column: str) -> dict[str, list[Row]]:
    """Rows by what one column names."""
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[str(row[column])].append(row)
    return found


# ------------------------------------------------------------------ a unit
def need_of(unit: Row, staff: Sequence[Row], figures: Figures) -> dict[str, Number]:
    """m2 that a unit needs (net): its own figure, else rooms by grade (Permendagri 7/2006) and what is shared."""
    if unit["area_m2"]:
        whole = figures.named(figures.own(unit, "area_m2"), f"units/{unit['code']}/area_m2")
    else:
        rooms: list[Number] = [times(float(row["people"]), figures.norm(f"room.{row['grade']}")) for row in staff]
        others = float(unit["headcount"]) - sum(float(row["people"]) for row in staff)
        if others > 0:
            figures.known[standing(unit, "headcount")] += 1
            of_all = others / float(unit["headcount"])
            rooms.append(times(people_of(unit, figures), of_all, figures.norm("room.staff")))
        whole = times(added(*rooms), added(1.0, figures.norm("room.shared"))) if rooms else 1.0
    if not unit["public_facing"]:
        return {OFFICE: whole}
    if unit["counter_m2"] is not None:
        counter = figures.own(unit, "counter_m2")
        return {OFFICE: minus(whole, likely(counter)), COUNTER: counter}
    share = figures.norm("room.counter_share")
    return {OFFICE: times(whole, less(share)), COUNTER: times(whole, share)}


def people_of(unit: Row, figures: Figures) -> Number:
    """Who works there: one figure, from which its room and its share of water and moving come."""
    number = figures.doubted(float(unit["headcount"]), standing(unit, "headcount"))
    return figures.named(number, f"units/{unit['code']}/headcount")


def sum_of(need: Mapping[str, Number]) -> float:
    """m2 of a need, likely."""
    return sum(likely(number) for number in need.values())


# ------------------------------------------------------------------ a building
@dataclass(frozen=True, slots=True)
class House:
    """One building with the rows that speak of it, and the m2 (net, likely) that are used in it today."""

    row: Row
    floors: Sequence[Row]
    spaces: Sequence[Row]
    meters: Sequence[Row]
    bills: Mapping[str, Sequence[Row]]
    support: Sequence[Row]
    upkeep: Sequence[Row]
    leases: Sequence[Row]
    used_m2: float


def floors_of(house: House, figures: Figures) -> list[dict[str, Any]]:
    """Floors with their rooms where they are listed; else one floor: gross m2 less what is no usable floor."""
    if not house.spaces:
        usable = times(figures.own(house.row, "area_m2"), less(figures.norm("gross.lost_share")))
        return [{"name": "", "area_m2": {OFFICE: usable}, "public_counter": True}]
    inside = grouped(house.spaces, "floor")
    found = []
    for floor in house.floors:
        area: dict[str, Number] = {}
        for space in inside.get(str(floor["code"]), ()):
            if space["kind"] in (OFFICE, COUNTER):
                area[space["kind"]] = added(area.get(space["kind"], 0.0), figures.own(space, "area_m2"))
        found.append({"name": str(floor["code"]), "area_m2": area, "public_counter": bool(floor["public"])})
    return found


def electricity_of(house: House, figures: Figures) -> dict[str, Any]:
    """The line: by its bills where there are any, else by the intensity of Permen ESDM 13/2012."""
    meters = [row for row in house.meters if row["supply"] == Supply.ELECTRICITY]
    kva = max((float(row["kva"] or 0) for row in meters), default=0.0)
    tariff = next((row["tariff"] for row in meters if row["tariff"]), BIG if kva > BIG_LINE_KVA else SMALL)
    bills = [bill for row in meters for bill in house.bills.get(row["code"], ())]
    days = sum((bill["last_day"] - bill["first_day"]).days + 1 for bill in bills) / max(1, len(meters))
    fixed = figures.norm("energy.fixed_share")
    if days:
        monthly = sum(float(bill["quantity"]) for bill in bills) / days * DAYS_A_MONTH
        use = figures.doubted(monthly, worst(bills, "quantity"))
    else:
        cooled = house.row["cooling"] != Cooling.NOT_COOLED
        use = times(figures.norm("energy.cooled" if cooled else "energy.not_cooled"), float(house.row["area_m2"]))
    use = figures.named(use, f"buildings/{house.row['code']}/electricity")
    base = house.used_m2 or float(house.row["area_m2"]) * likely(less(figures.norm("gross.lost_share")))
    return {
        "tariff": str(tariff), "monthly_fixed_use": times(use, fixed),
        "monthly_use_per_m2": times(use, less(fixed), 1 / base),
    }  # fmt: skip


def support_of(house: House, figures: Figures) -> tuple[dict[str, Number], list[dict[str, Any]]]:
    """Cash a year for support staff other than cleaners: what can end at once, and contracts with their last year."""
    months = figures.norm("support.months")
    listed = [row for row in house.support if row["post"] != Post.CLEANER]
    if not any(row["post"] == Post.GUARD for row in house.support):
        return {"guards": times(figures.norm("guard.building"), figures.norm("guard.monthly"), months)}, []
    fixed: dict[str, Number] = {}
    contracts = []
    for row in listed:
        if Contract(row["contract"]) not in SAVES_CASH or not row["people"]:
            continue  # who is in the city's own service is not paid less when a building closes
        key = "cleaner.monthly" if row["post"] == Post.HELPER else "guard.monthly"
        each = figures.own(row, "monthly") if row["monthly"] else figures.norm(key)
        yearly = times(float(row["people"]), each, months)
        term = "guards" if row["post"] == Post.GUARD else "support"
        if row["ends"]:
            contracts.append({"term": term, "yearly": yearly, "ends": row["ends"].year})
        else:
            fixed[term] = added(fixed.get(term, 0.0), yearly)
    return fixed, contracts


def upkeep_of(house: House, figures: Figures) -> Number:
    """Routine upkeep a year: the newest year that is listed, else by m2."""
    if not house.upkeep:
        return times(float(house.row["area_m2"]), figures.norm("upkeep.m2"))
    newest = max(row["year"] for row in house.upkeep)
    rows = [row for row in house.upkeep if row["year"] == newest]
    number = figures.doubted(float(sum(row["amount"] for row in rows)), worst(rows, "amount"))
    return figures.named(number, f"buildings/{house.row['code']}/upkeep")


def building_of(house: House, place: tuple[Number, Number], today: date, figures: Figures) -> dict[str, Any]:
    """A building as the engine's file has it."""
    row = house.row
    upkeep = upkeep_of(house, figures)
    fixed, contracts = support_of(house, figures)
    empty = added(
        times(figures.norm("guard.empty"), figures.norm("guard.monthly"), figures.norm("support.months")),
        times(upkeep, figures.norm("upkeep.empty_share")),
    )
    found = {
        "id": row["code"], "name": row["name"], "latitude": likely(place[0]), "longitude": likely(place[1]),
        "floors": floors_of(house, figures), "ownership": row["ownership"], "heritage": bool(row["heritage"]),
        "yearly_fixed": {"upkeep": upkeep, **fixed}, "contracts": contracts, "empty_yearly": empty,
        "closing_once": figures.norm("close.building"), "fit_out_per_m2_once": figures.norm("fit_out.m2"),
        "connections": [electricity_of(house, figures)],
    }  # fmt: skip
    water = water_of(figures)
    if water:
        line = {"tariff": water, "monthly_use_per_person": figures.norm(PER_PERSON)}
        found["connections"].append(line)
    current = [lease for lease in house.leases if lease["starts"] <= today <= lease["ends"]]
    if current:
        found["lease_yearly"] = added(*(figures.own(lease, "yearly") for lease in current))
        found["lease_ends"] = max(lease["ends"].year for lease in current)
    return found


def water_of(figures: Figures) -> str:
    """The key of the water price, if the norms have one."""
    return next((key for key in sorted(figures.norms) if key.startswith(WATER) and key != PER_PERSON), "")


# ------------------------------------------------------------------ the city's prices
def tariffs_of(keys: Sequence[str], figures: Figures) -> list[dict[str, Any]]:
    """What providers ask, one step each."""
    found = []
    for key in sorted(set(keys)):
        row = figures.norms.get(key, {})
        term, unit = ("water", "m3") if key.startswith(WATER) else ("electricity", "kWh")
        found.append({
            "id": key, "term": term, "unit": unit, "source": str(row.get("regulation") or "")[:200],
            "steps": [{"price_per_unit": figures.norm(key)}],
        })  # fmt: skip
    return found


def prices_of(figures: Figures) -> dict[str, Number]:
    """Prices of trips, hours and moves; weights are the city's choice."""
    names = {
        "trip_per_km": "trip.km", "hour": "trip.hour", "speed_kmh": "trip.speed", "people_per_trip": "trip.people",
        "citizen_km": "weight.citizen_km", "move_per_person": "move.person", "move_per_m2": "move.m2",
        "amortise_years": "once.years", "capacity_weight": "weight.capacity",
    }  # fmt: skip
    return {name: figures.norm(key) for name, key in names.items()}


def cleaners_of(support: Sequence[Row], used_m2: Mapping[str, float], figures: Figures) -> list[dict[str, Any]]:
    """Cleaners go with the m2 in use: by what the city's own serve today, else by the norm; cash and capacity apart."""
    rows = [row for row in support if row["post"] == Post.CLEANER and row["people"] and used_m2.get(row["building"])]
    people = sum(float(row["people"]) for row in rows)
    yearly = times(figures.norm("cleaner.monthly"), figures.norm("support.months"))
    if not people:
        return [{"name": "cleaner", "norm_m2": figures.norm("cleaner.m2"), "yearly": yearly, "cash": True}]
    served = sum(used_m2[building] for building in sorted({row["building"] for row in rows}))
    norm = figures.named(figures.doubted(served / people, worst(rows, "people")), CLEANED)
    contracted = sum(float(row["people"]) for row in rows if Contract(row["contract"]) in SAVES_CASH) / people
    parts = (("cleaner", contracted, True), ("cleaner_own", 1 - contracted, False))
    return [
        {"name": name, "norm_m2": norm, "yearly": times(yearly, share), "cash": cash}
        for name, share, cash in parts
        if share > 0
    ]
