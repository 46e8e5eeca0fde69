"""What a file of the right shape can still get wrong: ids, references, room, and rules that contradict."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from satuatap.engines.regroup.faults import Fault
from satuatap.engines.regroup.problem import Problem

LARGEST_M2 = 10_000_000.0
NEEDS = {  # kind of rule -> what it must name
    "must_share": ("units", 2), "must_not_share": ("units", 2), "keep": ("units", 1), "fixed": ("units", 1),
    "forbidden_pair": ("units", 1), "do_not_close": ("buildings", 1),
}  # fmt: skip


def faults_of(problem: Problem, values: Mapping[str, Any]) -> Iterator[Fault]:
    """Every fault, in the order of the file."""
    yield from _ids(values)
    yield from _references(problem)
    yield from _areas(problem)
    yield from _rules(problem)
    if not any(True for _ in _references(problem)):
        yield from _room(problem)
        yield from _contradictions(problem)


def _ids(values: Mapping[str, Any]) -> Iterator[Fault]:
    for name in ("buildings", "units", "districts"):
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
    names = Counter(rule["name"] for rule in values["rules"])
    for n, rule in enumerate(values["rules"]):
        if names[rule["name"]] > 1 or not rule["name"]:
            yield Fault(f"rules[{n}].name", f'"{rule["name"]}" does not name one rule', "give each rule its own name")


def _references(problem: Problem) -> Iterator[Fault]:
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
    for a, b in problem.distances:
        for end in (a, b):
            if end not in buildings:
                yield Fault("distances", f'"{end}" is no building', "use ids of buildings")
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


def _rules(problem: Problem) -> Iterator[Fault]:
    for n, rule in enumerate(problem.rules):
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


def _room(problem: Problem) -> Iterator[Fault]:
    for kind in problem.kinds:
        need = sum(u.area_m2.get(kind, 0.0) for u in problem.units)
        have = sum(b.area_m2.get(kind, 0.0) for b in problem.buildings)
        if need > have:
            yield Fault("units", f"need {need:g} m2 of {kind}, all buildings have {have:g}", "add room or ask for less")
    for n, unit in enumerate(problem.units):
        fits = any(all(m2 <= b.area_m2.get(kind, 0.0) for kind, m2 in unit.area_m2.items()) for b in problem.buildings)
        if not fits:
            yield Fault(f"units[{n}].area_m2", "fits into no building", "split the unit or add a building")


def _contradictions(problem: Problem) -> Iterator[Fault]:
    """Pairs of rules that no plan can keep; larger clashes are found by the solver and named there."""
    together: dict[str, set[str]] = {}
    for rule in problem.rules:
        if rule.kind == "must_share":
            group = set(rule.units).union(*(together.get(u, set()) for u in rule.units))
            for unit in group:
                together[unit] = group
    stays: dict[str, tuple[str, int]] = {}
    present = {u.id: u.present for u in problem.units}
    for n, rule in enumerate(problem.rules):
        if rule.kind == "must_not_share":
            for a in rule.units:
                for b in rule.units:
                    if a < b and b in together.get(a, set()):
                        yield Fault(
                            f"rules[{n}]", f'keeps "{a}" and "{b}" apart that must share', "drop one of the rules"
                        )
        if rule.kind in ("keep", "fixed"):
            for unit in rule.units:
                place = rule.buildings[0] if rule.kind == "fixed" and rule.buildings else present[unit]
                if unit in stays and stays[unit][0] != place:
                    yield Fault(f"rules[{n}]", f'puts "{unit}" into a second building', f"see rules[{stays[unit][1]}]")
                stays.setdefault(unit, (place, n))
    for n, rule in enumerate(problem.rules):
        if rule.kind == "forbidden_pair":
            for unit in rule.units:
                if unit in stays and stays[unit][0] in rule.buildings:
                    yield Fault(f"rules[{n}]", f'forbids "{unit}" where rules[{stays[unit][1]}] puts it', "drop one")
