"""Units that fit nowhere and rules that leave somebody no building, found before any solver runs.

A clash of more than what is fixed, kept, forbidden, near and together (room for several, money, moves) is found by the
solver and named there.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from satuatap.engines.regroup.faults import Fault
from satuatap.engines.regroup.problem import Problem, Rule

_NEARLY = 1e-9  # relative: room that is enough but for rounding


def room(problem: Problem) -> Iterator[Fault]:
    """Kinds of space that are short in all, and units that fit into no building."""
    for kind in problem.kinds:
        need = sum(problem.need(u, kind) for u in problem.units)
        have = sum(problem.room(b, kind) for b in problem.buildings)
        if need > have * (1 + _NEARLY):
            yield Fault("units", f"need {need:g} m2 of {kind}, all buildings have {have:g}", "add room or ask for less")
    fits = _fits(problem, [[n] for n in range(len(problem.units))])
    for n in np.flatnonzero(~fits.any(axis=1)).tolist():
        yield Fault(f"units[{n}].area_m2", "fits into no building", "split the unit or add a building")


def _fits(problem: Problem, groups: list[list[int]]) -> NDArray[np.bool_]:
    """(groups, buildings) whether a building has room for all of a group."""
    found = np.ones((len(groups), len(problem.buildings)), bool)
    for kind in problem.kinds:
        each = [problem.need(u, kind) for u in problem.units]
        need = np.array([sum(each[n] for n in group) for group in groups])
        have = np.array([problem.room(b, kind) for b in problem.buildings])
        found &= need[:, None] <= have[None, :] * (1 + _NEARLY) + _NEARLY
    return found


def contradictions(problem: Problem) -> Iterator[Fault]:
    """Rules that part what must share, and the first rule that leaves a group no building."""
    group = _together(problem)
    for n, rule in enumerate(problem.rules):
        if rule.kind == "must_not_share":
            yield from _parted(n, rule, group, len(problem.buildings))
    members: dict[str, list[int]] = {}
    for n, unit in enumerate(problem.units):
        members.setdefault(group[unit.id], []).append(n)
    alone = [bool(row.any()) for row in _fits(problem, [[n] for n in range(len(problem.units))])]
    fits = dict(zip(members, _fits(problem, list(members.values())), strict=True))
    for leader, who in members.items():
        if not fits[leader].any():
            if all(alone[n] for n in who):
                names = ", ".join(problem.units[n].id for n in who)
                yield Fault("rules", f"no building has room for all that must share: {names}", "drop a must_share")
            fits[leader] = np.ones(len(problem.buildings), bool)
    yield from _without_building(problem, group, fits)


def _together(problem: Problem) -> dict[str, str]:
    """Unit -> the first unit of its group."""
    leader = {u.id: u.id for u in problem.units}

    def find(unit: str) -> str:
        while leader[unit] != unit:
            leader[unit] = leader[leader[unit]]
            unit = leader[unit]
        return unit

    for rule in problem.rules:
        if rule.kind == "must_share":
            for unit in rule.units[1:]:
                leader[find(unit)] = find(rule.units[0])
    return {u.id: find(u.id) for u in problem.units}


def _parted(n: int, rule: Rule, group: dict[str, str], buildings: int) -> Iterator[Fault]:
    names = tuple(dict.fromkeys(rule.units))
    if len(names) > buildings:
        yield Fault(f"rules[{n}]", f"keeps {len(names)} units apart in {buildings} buildings", "name fewer units")
    first: dict[str, str] = {}
    for unit in sorted(names):
        other = first.setdefault(group[unit], unit)
        if other != unit:
            yield Fault(f"rules[{n}]", f'keeps "{other}" and "{unit}" apart that must share', "drop one of the rules")


def _without_building(problem: Problem, group: dict[str, str], left: dict[str, NDArray[np.bool_]]) -> Iterator[Fault]:
    at = {b.id: k for k, b in enumerate(problem.buildings)}
    present = {u.id: at[u.present] for u in problem.units}
    public = sorted({group[u.id] for u in problem.units if u.public_facing})
    why: dict[str, list[int]] = {}
    told: set[str] = set()
    for n, rule in enumerate(problem.rules):
        may = np.ones(len(at), bool)
        if rule.kind == "fixed":
            may = np.arange(len(at)) == at[rule.buildings[0]] if rule.buildings else may
        elif rule.kind == "forbidden_pair":
            may = ~np.isin(np.arange(len(at)), [at[b] for b in rule.buildings])
        elif rule.kind == "longest_travel" and rule.district:
            may = np.array([problem.km_to(rule.district, b) <= rule.limit for b in problem.buildings])
        elif rule.kind != "keep":
            continue
        held = public if rule.kind == "longest_travel" else tuple(dict.fromkeys(rule.units))
        for unit in held:
            leader = group[unit]
            may_sit = np.arange(len(at)) == present[unit] if rule.kind == "keep" else may
            left[leader] = left[leader] & may_sit
            if left[leader].any():
                why.setdefault(leader, []).append(n)
            elif leader not in told:
                told.add(leader)
                before = ", ".join(f"rules[{e}]" for e in dict.fromkeys(why.get(leader, ()))) or "its room"
                what = f'leaves "{unit}" no building that it may use and that has room'
                yield Fault(f"rules[{n}]", what, f"drop this rule or change what stands before it ({before})")
