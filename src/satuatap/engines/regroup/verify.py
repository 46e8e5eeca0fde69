"""Recomputes a plan's cost and feasibility from the plain file, sharing no formula with the engine.

Nothing here imports ``cost``, ``compile``, numpy or a solver; the file's own rows are walked once more, so that a fault
in one of them shows as a difference. A solver's word is never taken.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

CLOSE = 1e-6  # relative difference of two sums that counts as equal


class Breach(NamedTuple):
    """One thing that a plan breaks. ``kind``: "unplaced" or "stranger" (a unit), "room" (a building), or a rule's.

    ``what``: the id of the unit or building, or the rule's name; ``space``, ``wanted`` and ``there`` (m2) are of rooms.
    """

    kind: str
    what: str
    space: str = ""
    wanted: float = 0.0
    there: float = 0.0

    def __str__(self) -> str:
        if self.kind == "unplaced":
            return f'unit "{self.what}" has no place'
        if self.kind == "stranger":
            return f'"{self.what}" is no unit'
        if self.kind == "room":
            return f'building "{self.what}": {self.wanted:g} m2 of {self.space} wanted, {self.there:g} there'
        return f'rule "{self.what}" ({self.kind}) is broken'


@dataclass(frozen=True, slots=True)
class Verdict:
    """Every rule or capacity that is broken, and the sums as this file counts them."""

    breaches: tuple[Breach, ...]
    cash_yearly: float
    capacity_yearly: float
    citizen_km: float
    score: float

    @property
    def broken(self) -> tuple[str, ...]:
        """The breaches as sentences."""
        return tuple(map(str, self.breaches))

    @property
    def feasible(self) -> bool:
        """Whether nothing is broken."""
        return not self.breaches


def value(raw: Any, otherwise: float = 0.0) -> float:
    """A number of the file; of a range its likely value."""
    if raw is None:
        return otherwise
    return float(raw["likely"]) if isinstance(raw, Mapping) else float(raw)


def verify(raw: Mapping[str, Any], plan: Mapping[str, str]) -> Verdict:
    """Judge a plan (unit id -> building id) against a problem file that ``reading.read`` found right."""
    buildings = {b["id"]: b for b in raw["buildings"]}
    units = {u["id"]: u for u in raw["units"]}
    unknown = [Breach("unplaced", u) for u in units if plan.get(u) not in buildings]
    unknown += [Breach("stranger", u) for u in plan if u not in units]
    if unknown:
        return Verdict(tuple(unknown), math.inf, math.inf, math.inf, math.inf)
    inside: dict[str, list[str]] = {b: [u for u in units if plan[u] == b] for b in buildings}
    kept = {b for r in raw.get("rules", ()) if r["kind"] == "do_not_close" for b in r["buildings"]}
    opened = {b for b in buildings if inside[b] or b in kept}
    cash, capacity = _houses(raw, buildings, units, inside, opened)
    once = _once(raw, buildings, units, plan, opened)
    prices = raw["prices"]
    cash += once[1] / value(prices.get("amortise_years"), 10.0)
    measured = {frozenset((row["a"], row["b"])): value(row["km"]) for row in raw.get("distances", ())}
    km = sum(
        value(f["trips_per_month"]) * 12 * 2 * _km(raw, measured, buildings[plan[f["a"]]], buildings[plan[f["b"]]])
        for f in raw.get("flows", ())
    )
    cash += km * value(prices.get("trip_per_km"))
    hours = km / value(prices.get("speed_kmh"), 25.0) * value(prices.get("people_per_trip"), 1.0)
    capacity += hours * value(prices.get("hour"))
    citizens = _citizens(raw, buildings, units, plan)
    score = cash + value(prices.get("capacity_weight"), 1.0) * capacity + value(prices.get("citizen_km")) * citizens
    broken = _full(buildings, units, inside) + _rules(raw, buildings, units, plan, once[0])
    return Verdict(tuple(broken), cash, capacity, citizens, score)


def _houses(
    raw: Mapping[str, Any], buildings: Mapping[str, Any], units: Mapping[str, Any],
    inside: Mapping[str, list[str]], opened: set[str],
) -> tuple[float, float]:  # fmt: skip
    cash = capacity = 0.0
    for code, b in buildings.items():
        area = sum(value(m2) for u in inside[code] for m2 in units[u]["area_m2"].values())
        heads = sum(value(units[u]["people"]) for u in inside[code])
        if code in opened:
            cash += sum(map(value, b.get("yearly_fixed", {}).values()))
            cash += area * sum(map(value, b.get("yearly_per_m2", {}).values()))
            cash += heads * sum(map(value, b.get("yearly_per_person", {}).values()))
        else:
            cash += value(b.get("empty_yearly"))
            cash -= value(b.get("freed_income_yearly")) * value(b.get("freed_income_share"))
        if code in opened or _still(raw, b.get("lease_ends")):
            cash += value(b.get("lease_yearly"))
        for one in b.get("contracts", ()):
            cash += value(one["yearly"]) if code in opened or _still(raw, one.get("ends")) else 0.0
        for line in b.get("connections", ()):
            if code in opened:
                cash += 12 * _bill(raw, line, area, heads)
            elif _still(raw, line.get("connected_until")):
                cash += 12 * max(value(line.get("standing_monthly")), value(line.get("minimum_monthly")))
        for post in raw.get("posts", ()):
            number = math.ceil(area / value(post["norm_m2"]) - 1e-6) if area > 0 else 0
            worth = number * value(post.get("shifts"), 1.0) * value(post["yearly"])
            if post.get("cash", True):
                cash += worth
            else:
                capacity += worth
    return cash, capacity


def _still(raw: Mapping[str, Any], last: Any) -> bool:
    """Whether something that ends with a year goes on in the year of the file."""
    return value(last) != 0 and value(last) >= value(raw.get("year"))


def _bill(raw: Mapping[str, Any], line: Mapping[str, Any], area: float, heads: float) -> float:
    """A month's bill of an open building, layer by layer from the top step down."""
    tariff = next(t for t in raw["tariffs"] if t["id"] == line["tariff"])
    left = value(line.get("monthly_fixed_use"))
    left += value(line.get("monthly_use_per_m2")) * area + value(line.get("monthly_use_per_person")) * heads
    due = value(line.get("standing_monthly"))
    for step in reversed(tariff["steps"]):
        begins = value(step.get("from_per_month"))
        if left < begins * (1 - 1e-9):
            continue
        layer = left if tariff.get("whole_use", False) else left - begins
        due += layer * value(step["price_per_unit"])
        left -= layer
    return max(due, value(line.get("minimum_monthly")))


def _once(
    raw: Mapping[str, Any], buildings: Mapping[str, Any], units: Mapping[str, Any], plan: Mapping[str, str],
    opened: set[str],
) -> tuple[float, float]:  # fmt: skip
    """One-off cost of moving and fit-out, and the same with what closing costs."""
    prices, moving = raw["prices"], 0.0
    for code, unit in units.items():
        if plan[code] != unit["present"]:
            area = sum(map(value, unit["area_m2"].values()))
            fit = value(buildings[plan[code]].get("fit_out_per_m2_once"))
            moving += value(unit["people"]) * value(prices.get("move_per_person"))
            moving += area * value(prices.get("move_per_m2")) + area * fit
    left = {u["present"] for u in units.values()} - opened
    return moving, moving + sum(value(buildings[b].get("closing_once")) for b in left)


def _km(
    raw: Mapping[str, Any], measured: Mapping[frozenset[str], float], a: Mapping[str, Any], b: Mapping[str, Any]
) -> float:
    if a["id"] == b["id"]:
        return 0.0
    known = measured.get(frozenset((a["id"], b["id"])))
    return _crow(a, b) * value(raw["prices"].get("detour"), 1.3) if known is None else known


def _crow(a: Mapping[str, Any], b: Mapping[str, Any]) -> float:
    """Great circle by the spherical law of cosines' stable form (atan2)."""
    la, lb = math.radians(value(a["latitude"])), math.radians(value(b["latitude"]))
    d = math.radians(value(b["longitude"]) - value(a["longitude"]))
    x = math.hypot(math.cos(lb) * math.sin(d), math.cos(la) * math.sin(lb) - math.sin(la) * math.cos(lb) * math.cos(d))
    return 6371.0088 * math.atan2(x, math.sin(la) * math.sin(lb) + math.cos(la) * math.cos(lb) * math.cos(d))


def _citizens(
    raw: Mapping[str, Any], buildings: Mapping[str, Any], units: Mapping[str, Any], plan: Mapping[str, str]
) -> float:
    districts = {d["id"]: d for d in raw.get("districts", ())}
    detour = value(raw["prices"].get("detour"), 1.3)
    return sum(
        2 * value(n) * _crow(districts[d], buildings[plan[code]]) * detour
        for code, unit in units.items()
        for d, n in unit.get("visits_yearly", {}).items()
    )


def _full(buildings: Mapping[str, Any], units: Mapping[str, Any], inside: Mapping[str, list[str]]) -> list[Breach]:
    """What finds no room: floor by floor, counters first where nothing else may be, then where offices may give way."""
    found = []
    for code, b in buildings.items():
        want: dict[str, float] = {}
        for u in inside[code]:
            for kind, m2 in units[u]["area_m2"].items():
                want[kind] = want.get(kind, 0.0) + value(m2)
        left = dict(want)
        floors = b.get("floors") or [{"area_m2": b.get("area_m2", {})}]
        give_way = 0.0
        for floor in floors:
            for kind, m2 in floor["area_m2"].items():
                taken = min(left.get(kind, 0.0), value(m2))
                left[kind] = left.get(kind, 0.0) - taken
                if kind == "office" and floor.get("public_counter", False) and not b.get("heritage", False):
                    give_way += value(m2)
        total_office = sum(value(floor["area_m2"].get("office")) for floor in floors)
        if left.get("counter", 0.0) > 0:
            left["counter"] -= min(left["counter"], give_way, max(0.0, total_office - want.get("office", 0.0)))
        for kind, m2 in sorted(left.items()):
            if m2 > CLOSE * (1 + sum(want.values())):
                found.append(Breach("room", code, kind, want[kind], want[kind] - m2))
    return found


def _rules(
    raw: Mapping[str, Any], buildings: Mapping[str, Any], units: Mapping[str, Any], plan: Mapping[str, str],
    moving: float,
) -> list[Breach]:  # fmt: skip
    found = []
    for rule in raw.get("rules", ()):
        named, places = rule.get("units", ()), rule.get("buildings", ())
        where = [plan[u] for u in named]
        limit = value(rule.get("limit"))
        wrong = {
            "must_share": len(set(where)) > 1,
            "must_not_share": len(set(where)) < len(set(named)),
            "keep": any(plan[u] != units[u]["present"] for u in named),
            "fixed": bool(places) and any(p != places[0] for p in where),
            "forbidden_pair": any(p in places for p in where),
            "do_not_close": False,  # such a building is paid for even when nobody sits there
            "budget": moving > limit * (1 + CLOSE) + CLOSE,
            "max_moves": sum(plan[u] != units[u]["present"] for u in units) > limit,
            "longest_travel": rule["kind"] == "longest_travel" and _too_far(raw, rule, buildings, units, plan, limit),
        }[rule["kind"]]
        if wrong:
            found.append(Breach(rule["kind"], rule["name"]))
    return found


def _too_far(
    raw: Mapping[str, Any], rule: Mapping[str, Any], buildings: Mapping[str, Any], units: Mapping[str, Any],
    plan: Mapping[str, str], limit: float,
) -> bool:  # fmt: skip
    centre = next(d for d in raw["districts"] if d["id"] == rule["district"])
    detour = value(raw["prices"].get("detour"), 1.3)
    return any(
        _crow(centre, buildings[plan[code]]) * detour > limit * (1 + CLOSE)
        for code, unit in units.items()
        if unit.get("public_facing")
    )
