"""A term of a study's cost opened: each rupiah as a piece with its owner, how it was counted, where its figures stand.

The formulas are those of ``docs/engines/regroup.md``, walked over the plain problem file; tests hold their sums
equal to the engine's. Amounts: Rupiah a year (citizens' travel: km a year).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Raw = Mapping[str, Any]
Plan = Mapping[str, str]
MONTHS, BOTH_WAYS, EARTH_KM = 12, 2, 6371.0088
NEARLY, NEARLY_USE = 1e-6, 1e-9  # rounding errors, as the engine takes them
CITIZENS = "citizen_km"
CAPACITY_TERMS = ("trip_hours",)


def value(raw: Any, otherwise: float = 0.0) -> float:
    """A number of the file; of a range its likely value."""
    if raw is None:
        return otherwise
    return float(raw["likely"]) if isinstance(raw, Mapping) else float(raw)


@dataclass(frozen=True, slots=True)
class Way:
    """How one amount was counted: the name of its formula, and the numbers that went into it."""

    name: str
    numbers: Mapping[str, float]
    amount: float


@dataclass(frozen=True, slots=True)
class Piece:
    """One owner's part of a term (a building, a pair of units, a unit) today and in the plan."""

    owner: str
    other: str  # of a pair of units
    today: Way | None
    planned: Way | None

    @property
    def saved(self) -> float:
        return (self.today.amount if self.today else 0.0) - (self.planned.amount if self.planned else 0.0)


@dataclass(frozen=True, slots=True)
class _Side:
    """One plan over the file: m2 and people of each building, and which are open."""

    raw: Raw
    plan: Plan
    m2: Mapping[str, float]
    people: Mapping[str, float]
    opened: frozenset[str]


def _side(raw: Raw, plan: Plan) -> _Side:
    m2: dict[str, float] = {}
    people: dict[str, float] = {}
    for unit in raw["units"]:
        at = plan[unit["id"]]
        m2[at] = m2.get(at, 0.0) + sum(map(value, unit["area_m2"].values()))
        people[at] = people.get(at, 0.0) + value(unit["people"])
    kept = {b for rule in raw.get("rules", ()) if rule["kind"] == "do_not_close" for b in rule["buildings"]}
    return _Side(raw, plan, m2, people, frozenset({*m2, *kept}))


def present_of(raw: Raw) -> dict[str, str]:
    """Who sat where when the study began."""
    return {unit["id"]: unit["present"] for unit in raw["units"]}


def terms_of(raw: Raw, plan: Plan) -> list[str]:
    """Every term that costs something today or in the plan."""
    found: dict[str, None] = {}
    for side in (_side(raw, present_of(raw)), _side(raw, plan)):
        found |= {term: None for term, _owner, _other, way in _ways(side) if way.amount}
    return list(found)


def pieces(raw: Raw, plan: Plan, term: str) -> list[Piece]:
    """The pieces of one term, the largest first; those that cost nothing on either side are left out."""
    sides = []
    for side in (_side(raw, present_of(raw)), _side(raw, plan)):
        found: dict[tuple[str, str, int], Way] = {}
        for name, owner, other, way in _ways(side):
            if name == term:
                count = sum(key[:2] == (owner, other) for key in found)
                found[owner, other, count] = way
        sides.append(found)
    today, planned = sides
    rows = [
        Piece(key[0], key[1], today.get(key), planned.get(key))
        for key in {**today, **planned}
        if any(side[key].amount for side in sides if key in side)
    ]
    return sorted(rows, key=lambda row: -max(abs(w.amount) for w in (row.today, row.planned) if w))


def _ways(side: _Side) -> Iterator[tuple[str, str, str, Way]]:
    """Every amount of a plan: its term, its owner, another owner, how it was counted."""
    for building in side.raw["buildings"]:
        for term, way in (*_running(side, building), *_due(side, building), *_lines(side, building)):
            yield term, building["id"], "", way
        for term, way in _posts(side, building["id"]):
            yield term, building["id"], "", way
    for owner, way in _once(side):
        yield "one_off_spread", owner, "", way
    yield from _trips(side)
    yield from _citizens(side)


def _running(side: _Side, b: Raw) -> Iterator[tuple[str, Way]]:
    m2, people = side.m2.get(b["id"], 0.0), side.people.get(b["id"], 0.0)
    if b["id"] not in side.opened:
        empty = value(b.get("empty_yearly"))
        yield "empty_upkeep", Way("empty", {"yearly": empty}, empty)
        income, share = value(b.get("freed_income_yearly")), value(b.get("freed_income_share"))
        yield "freed_income", Way("income", {"income": income, "share": share}, -income * share)
        return
    for term, raw in b.get("yearly_fixed", {}).items():
        yield term, Way("open", {"yearly": value(raw)}, value(raw))
    for term, raw in b.get("yearly_per_m2", {}).items():
        yield term, Way("per_m2", {"each": value(raw), "m2": m2}, value(raw) * m2)
    for term, raw in b.get("yearly_per_person", {}).items():
        yield term, Way("per_person", {"each": value(raw), "people": people}, value(raw) * people)


def _runs(raw: Raw, last: Any) -> bool:
    return value(last) != 0 and value(last) >= value(raw.get("year"))


def _due(side: _Side, b: Raw) -> Iterator[tuple[str, Way]]:
    """Rent and contracts: while the building is open, and until their end in any case."""
    dues = [("lease", b.get("lease_yearly"), b.get("lease_ends"))]
    dues += [(one["term"], one["yearly"], one.get("ends")) for one in b.get("contracts", ())]
    for term, yearly, ends in dues:
        if b["id"] in side.opened or _runs(side.raw, ends):
            yield term, Way("due", {"yearly": value(yearly), "ends": value(ends)}, value(yearly))


def _lines(side: _Side, b: Raw) -> Iterator[tuple[str, Way]]:
    """Lines to a provider: twelve times a month's bill."""
    tariffs = {one["id"]: one for one in side.raw.get("tariffs", ())}
    for line in b.get("connections", ()):
        tariff = tariffs[line["tariff"]]
        fixed, m2 = value(line.get("monthly_fixed_use")), side.m2.get(b["id"], 0.0)
        people = side.people.get(b["id"], 0.0)
        each_m2, each = value(line.get("monthly_use_per_m2")), value(line.get("monthly_use_per_person"))
        if b["id"] in side.opened:
            use = fixed + each_m2 * m2 + each * people
        elif _runs(side.raw, line.get("connected_until")):
            use = 0.0
        else:
            continue
        bill = max(
            value(line.get("minimum_monthly")), value(line.get("standing_monthly")) + _charge(tariff, use)
        )  # fmt: skip
        numbers = {"fixed": fixed, "each_m2": each_m2, "m2": m2, "each": each, "people": people, "use": use,
                   "price": bill / use if use else 0.0, "bill": bill}  # fmt: skip
        yield tariff["term"], Way("bill", numbers, MONTHS * bill)


def _charge(tariff: Raw, use: float) -> float:
    amount, before = 0.0, 0.0
    for step in tariff["steps"]:
        start, price = value(step.get("from_per_month")), value(step["price_per_unit"])
        if use >= start * (1 - NEARLY_USE):
            amount = price * use if tariff.get("whole_use") else amount + (price - before) * (use - start)
            before = price
    return amount


def _posts(side: _Side, building: str) -> Iterator[tuple[str, Way]]:
    m2 = side.m2.get(building, 0.0)
    for post in side.raw.get("posts", ()):
        norm, shifts, yearly = value(post["norm_m2"]), value(post.get("shifts"), 1.0), value(post["yearly"])
        number = math.ceil(m2 / norm - NEARLY) if m2 else 0
        numbers = {"m2": m2, "norm": norm, "posts": number * shifts, "yearly": yearly}
        yield f"posts_{post['name']}", Way("posts", numbers, number * shifts * yearly)


def _once(side: _Side) -> Iterator[tuple[str, Way]]:
    """Moving and fit-out of each unit that moves, closing of each building that is left; spread over the years."""
    prices, buildings = side.raw["prices"], {b["id"]: b for b in side.raw["buildings"]}
    years = value(prices.get("amortise_years"), 10.0)
    for unit in side.raw["units"]:
        target = side.plan[unit["id"]]
        if target == unit["present"]:
            continue
        m2, people = sum(map(value, unit["area_m2"].values())), value(unit["people"])
        each, moved = value(prices.get("move_per_person")), value(prices.get("move_per_m2"))
        fit = value(buildings[target].get("fit_out_per_m2_once"))
        once = people * each + m2 * (moved + fit)
        numbers = {"people": people, "each": each, "m2": m2, "moved": moved, "fit": fit, "once": once, "years": years}
        yield unit["id"], Way("move", numbers, once / years)
    for code in dict.fromkeys(unit["present"] for unit in side.raw["units"]):
        if code not in side.opened:
            once = value(buildings[code].get("closing_once"))
            yield code, Way("close", {"once": once, "years": years}, once / years)


def _trips(side: _Side) -> Iterator[tuple[str, str, str, Way]]:
    prices, buildings = side.raw["prices"], {b["id"]: b for b in side.raw["buildings"]}
    measured = {frozenset((row["a"], row["b"])): value(row["km"]) for row in side.raw.get("distances", ())}
    each, hour = value(prices.get("trip_per_km")), value(prices.get("hour"))
    speed, people = value(prices.get("speed_kmh"), 25.0), value(prices.get("people_per_trip"), 1.0)
    for flow in side.raw.get("flows", ()):
        a, b = buildings[side.plan[flow["a"]]], buildings[side.plan[flow["b"]]]
        known = measured.get(frozenset((a["id"], b["id"])))
        km = 0.0 if a["id"] == b["id"] else known if known is not None else _km(side.raw, a, b)
        trips = value(flow["trips_per_month"])
        yearly = trips * MONTHS * BOTH_WAYS * km
        numbers = {"trips": trips, "km": km}
        yield "trips", flow["a"], flow["b"], Way("trips", {**numbers, "each": each}, yearly * each)
        more = {**numbers, "speed": speed, "people": people, "hour": hour}
        yield "trip_hours", flow["a"], flow["b"], Way("hours", more, yearly / speed * people * hour)


def _km(raw: Raw, a: Raw, b: Raw) -> float:
    """Great circle (haversine) times the detour."""
    la, lb = math.radians(value(a["latitude"])), math.radians(value(b["latitude"]))
    dl = math.radians(value(b["longitude"]) - value(a["longitude"]))
    h = math.sin((lb - la) / 2) ** 2 + math.cos(la) * math.cos(lb) * math.sin(dl / 2) ** 2
    return 2 * EARTH_KM * math.asin(min(1.0, math.sqrt(h))) * value(raw["prices"].get("detour"), 1.3)


def _citizens(side: _Side) -> Iterator[tuple[str, str, str, Way]]:
    districts, buildings = ({d["id"]: d for d in side.raw.get(name, ())} for name in ("districts", "buildings"))
    for unit in side.raw["units"]:
        visits: Mapping[str, Any] = unit.get("visits_yearly", {})
        place = buildings[side.plan[unit["id"]]]
        km = sum(BOTH_WAYS * value(n) * _km(side.raw, districts[d], place) for d, n in visits.items())
        if visits:
            yield CITIZENS, unit["id"], "", Way("citizens", {"visits": sum(map(value, visits.values()))}, km)


# ------------------------------------------------------------------ where the figures stand
SHEETS_OF: Mapping[str, tuple[str, ...]] = {  # lists that a term is counted from, by the term's first word
    "electricity": ("bills", "meters"), "water": (), "upkeep": ("upkeep",), "guards": ("support_staff",),
    "support": ("support_staff",), "posts": ("support_staff",), "lease": ("leases",), "trips": ("trips",),
    "trip_hours": ("trips",), "citizen_km": ("visits",), "empty_upkeep": ("upkeep",), "one_off_spread": ("units",),
}  # fmt: skip
NORMS_OF: Mapping[str, tuple[str, ...]] = {  # norms that fill in, or give the price; a part before a star
    "electricity": ("tariff.*", "energy.*", "gross.lost_share"), "water": ("water.*",), "upkeep": ("upkeep.m2",),
    "guards": ("guard.building", "guard.monthly", "support.months"),
    "support": ("guard.monthly", "cleaner.monthly", "support.months"),
    "posts": ("cleaner.m2", "cleaner.monthly", "support.months", "room.*"), "lease": (), "trips": ("trip.km",),
    "trip_hours": ("trip.hour", "trip.speed", "trip.people", "weight.capacity"),
    "citizen_km": ("weight.citizen_km",),
    "empty_upkeep": ("guard.empty", "guard.monthly", "support.months", "upkeep.m2", "upkeep.empty_share"),
    "one_off_spread": ("move.person", "move.m2", "fit_out.m2", "close.building", "once.years"),
}  # fmt: skip


def family(term: str) -> str:
    """Which kind of term this is, for its formula, norms and lists; "posts" for every post."""
    return "posts" if term.startswith("posts_") else term


def norms_of(rows: Sequence[Raw], term: str) -> list[Raw]:
    """The norms behind a term, in the order of their sheet."""
    wanted = NORMS_OF.get(family(term), ())
    return [
        row for row in rows
        if any(row["key"].startswith(one[:-1]) if one.endswith("*") else row["key"] == one for one in wanted)
    ]  # fmt: skip


def lists_of(term: str) -> tuple[str, ...]:
    """The lists behind a term."""
    return SHEETS_OF.get(family(term), ())
