"""What a file of the right shape can still get wrong: ids, areas, tariffs, distances, rules that say nothing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import combinations, pairwise
from typing import Any

from satuatap.engines.regroup.checks_rules import contradictions, room
from satuatap.engines.regroup.faults import Fault
from satuatap.engines.regroup.problem import COUNTER, EITHER, Problem
from satuatap.engines.regroup.schema import RULE_FIELDS

LARGEST_M2 = 10_000_000.0
MOST_PEOPLE_PER_M2 = 5.0  # beyond that the people or the m2 are in another unit
MOST_NAMED = 50  # missing distances that are named one by one
OWN_TERMS = ("lease", "trips", "trip_hours", "one_off_spread", "empty_upkeep", "freed_income")  # and posts_NAME
NEEDS = {  # kind of rule -> what it must name
    "must_share": ("units", 2), "must_not_share": ("units", 2), "keep": ("units", 1), "fixed": ("units", 1),
    "forbidden_pair": ("units", 1), "do_not_close": ("buildings", 1),
}  # fmt: skip
_ENTITY = re.compile(r"(buildings|units|districts|tariffs)(\[\d+\](\.id)?)?")


def faults_of(problem: Problem, values: Mapping[str, Any], unread: tuple[str, ...] = ()) -> Iterator[Fault]:
    """Every fault, by kind of fault. ``unread``: paths that could not be read, so that nothing is built on them."""
    yield from _ids(values)
    yield from _areas(problem)
    yield from _buildings(problem, values)
    yield from _tariffs(values)
    yield from _units(problem)
    yield from _rules(problem, values)
    if any(_ENTITY.fullmatch(path) for path in unread):
        return
    references = [*_references(problem, values)]
    yield from references
    yield from _distances(problem, values)
    whole = not references and not any("area_m2" in path or "floors" in path for path in unread)
    if whole:
        yield from room(problem)
    if whole and not any(path.startswith(("rules", "prices")) for path in unread):
        yield from contradictions(problem)


def _ids(values: Mapping[str, Any]) -> Iterator[Fault]:
    for name in ("buildings", "units", "districts", "tariffs"):
        counts = Counter(row["id"] for row in values[name])
        for n, row in enumerate(values[name]):
            if not row["id"]:
                yield Fault(f"{name}[{n}].id", "is empty", "give it a code of its own")
            elif counts[row["id"]] > 1:
                yield Fault(f"{name}[{n}].id", f'"{row["id"]}" stands more than once', "give each a code of its own")
    if not values["buildings"]:
        yield Fault("buildings", "is empty", "name at least one building")
    if not values["units"]:
        yield Fault("units", "is empty", "name at least one unit")
    for name, remedy in (("rules", "give each rule its own name"), ("posts", "give each kind of post its own name")):
        names = Counter(row["name"] for row in values[name])
        for n, row in enumerate(values[name]):
            if names[row["name"]] > 1 or not row["name"]:
                yield Fault(f"{name}[{n}].name", f'"{row["name"]}" does not name one', remedy)


def _references(problem: Problem, values: Mapping[str, Any]) -> Iterator[Fault]:
    buildings, units = {b.id for b in problem.buildings}, {u.id for u in problem.units}
    for n, unit in enumerate(problem.units):
        if unit.present not in buildings:
            yield Fault(f"units[{n}].present", f'"{unit.present}" is no building', "use the id of a building")
        for district in unit.visits:
            if district not in problem.districts:
                yield Fault(f"units[{n}].visits_yearly.{district}", "is no district", "use the id of a district")
    for n, flow in enumerate(problem.flows):
        for end in ("a", "b"):
            if getattr(flow, end) not in units:
                yield Fault(f"flows[{n}].{end}", f'"{getattr(flow, end)}" is no unit', "use the id of a unit")
        if flow.a == flow.b:
            yield Fault(f"flows[{n}]", "runs from a unit to itself", "leave it out")
    for n, row in enumerate(values["distances"]):
        for end in ("a", "b"):
            if row[end] not in buildings:
                yield Fault(f"distances[{n}].{end}", f'"{row[end]}" is no building', "use the id of a building")
    for n, b in enumerate(problem.buildings):
        for e, line in enumerate(b.connections):
            if line.tariff not in problem.tariffs:
                path = f"buildings[{n}].connections[{e}].tariff"
                yield Fault(path, f'"{line.tariff}" is no tariff', "use the id of a row of tariffs")
    for n, rule in enumerate(problem.rules):
        for name, known in (("units", units), ("buildings", buildings)):
            for each in getattr(rule, name):
                if each not in known:
                    yield Fault(f"rules[{n}].{name}", f'"{each}" is not known', f"use ids of {name}")
        if rule.district and rule.district not in problem.districts:
            yield Fault(f"rules[{n}].district", f'"{rule.district}" is no district', "use the id of a district")


def _areas(problem: Problem) -> Iterator[Fault]:
    areas = {"buildings": [b.area_m2 for b in problem.buildings], "units": [u.area_m2 for u in problem.units]}
    for name, rows in areas.items():
        for n, area_m2 in enumerate(rows):
            total = sum(area_m2.values())
            if total <= 0 or total > LARGEST_M2:
                yield Fault(f"{name}[{n}].area_m2", f"adds up to {total:g} m2", f"between 0 and {LARGEST_M2:g} m2")
            if EITHER in area_m2 or "" in area_m2:
                yield Fault(f"{name}[{n}].area_m2", "names a kind of space that is none", "name it office or counter")


def _units(problem: Problem) -> Iterator[Fault]:
    for n, unit in enumerate(problem.units):
        m2 = sum(unit.area_m2.values())
        if 0 < m2 * MOST_PEOPLE_PER_M2 < unit.people:
            yield Fault(f"units[{n}].people", f"are {unit.people:g} on {m2:g} m2", "check both figures")
        if not unit.public_facing and any(unit.visits.values()):
            yield Fault(
                f"units[{n}].public_facing", "is false, but citizens visit it", "write true, or drop the visits"
            )
    if problem.prices.detour < 1:
        yield Fault(
            "prices.detour", f"is {problem.prices.detour:g}", "at least 1: no road is shorter than the crow flies"
        )


def _buildings(problem: Problem, values: Mapping[str, Any]) -> Iterator[Fault]:
    for n, (b, row) in enumerate(zip(problem.buildings, values["buildings"], strict=True)):
        path = f"buildings[{n}]"
        if row["floors"] and row["area_m2"]:
            yield Fault(f"{path}.floors", "stand beside area_m2", "give one of the two: floors are added up")
        for e, floor in enumerate(b.floors):
            if floor.area_m2.get(COUNTER) and not floor.public_counter:
                where = f"{path}.floors[{e}].public_counter"
                yield Fault(where, "is false, but the floor has counters", "write true, or call the space office")
        if b.ownership == "city" and b.lease_yearly:
            yield Fault(f"{path}.lease_yearly", "is rent for the city's own building", "drop it or change ownership")
        if b.ownership in ("rented", "lent") and b.freed_income * b.freed_share:
            yield Fault(f"{path}.freed_income_share", "counts income of a building that is not the city's", "write 0")
        named = [(f"{path}.{key}.{term}", term) for key in ("yearly_fixed", "yearly_per_m2", "yearly_per_person")
                 for term in row[key]]  # fmt: skip
        named += [(f"{path}.contracts[{e}].term", one.term) for e, one in enumerate(b.contracts)]
        yield from _terms(named)


def _terms(named: list[tuple[str, str]]) -> Iterator[Fault]:
    for path, term in named:
        if not term or term in OWN_TERMS or term.startswith("posts_"):
            yield Fault(path, f'"{term}" is a name of the engine itself', "give the term another name")


def _tariffs(values: Mapping[str, Any]) -> Iterator[Fault]:
    rows = values["tariffs"]
    for n, row in enumerate(rows):
        starts = [step["from_per_month"] for step in row["steps"]]
        if not starts or starts[0] != 0:
            yield Fault(f"tariffs[{n}].steps", "do not begin at 0", "give the first step from_per_month 0")
        for e, (a, b) in enumerate(pairwise(starts)):
            if b <= a:
                yield Fault(
                    f"tariffs[{n}].steps[{e + 1}]", f"begins at {b:g}, after {a:g}", "put steps in rising order"
                )
    yield from _terms([(f"tariffs[{n}].term", row["term"]) for n, row in enumerate(rows)])


def _distances(problem: Problem, values: Mapping[str, Any]) -> Iterator[Fault]:
    seen: dict[tuple[str, str], tuple[int, float]] = {}
    for n, row in enumerate(values["distances"]):
        a, b = sorted((row["a"], row["b"]))
        if a == b and row["km"]:
            yield Fault(f"distances[{n}].km", f"is {row['km']:g} within one building", "write 0 or drop the row")
        first, km = seen.setdefault((a, b), (n, row["km"]))
        if km != row["km"]:
            yield Fault(f"distances[{n}].km", f"is {row['km']:g}, but {km:g} in distances[{first}]", "keep one of them")
    if values["distances_complete"]:
        missing = [
            p for p in combinations(sorted(b.id for b in problem.buildings), 2) if p not in seen and p[0] != p[1]
        ]
        for a, b in missing[:MOST_NAMED]:
            yield Fault("distances", f'has no row for "{a}" and "{b}"', "measure it, or drop distances_complete")
        if len(missing) > MOST_NAMED:
            yield Fault("distances", f"lacks {len(missing) - MOST_NAMED} more pairs", "measure them too")


def _rules(problem: Problem, values: Mapping[str, Any]) -> Iterator[Fault]:
    public = any(unit.public_facing for unit in problem.units)
    for n, (rule, row) in enumerate(zip(problem.rules, values["rules"], strict=True)):
        where = f"rules[{n}]"
        if rule.kind in NEEDS:
            name, least = NEEDS[rule.kind]
            if len(set(getattr(rule, name))) < least:
                yield Fault(f"{where}.{name}", "names nothing to hold", f"name at least {least}")
        if rule.kind == "fixed" and len(rule.buildings) != 1:
            yield Fault(f"{where}.buildings", "must be exactly one", "name the one building")
        if rule.kind == "forbidden_pair" and not rule.buildings:
            yield Fault(f"{where}.buildings", "names nothing to hold", "name at least 1")
        if rule.kind == "longest_travel" and (not rule.district or rule.limit <= 0):
            yield Fault(where, "needs a district and a limit in km", "add both")
        if rule.kind == "longest_travel" and not public:
            yield Fault(where, "holds no unit: none is public_facing", "mark the units that citizens come to")
        if rule.kind in ("budget", "max_moves") and row["limit"] is None:
            yield Fault(f"{where}.limit", "is missing", "give the limit; 0 means nothing at all")
        for name in ("units", "buildings", "limit", "district"):
            if row[name] not in (None, (), "") and name not in RULE_FIELDS.get(rule.kind, (name,)):
                yield Fault(
                    f"{where}.{name}", f"says nothing to {rule.kind}", "drop it, or choose another kind of rule"
                )
