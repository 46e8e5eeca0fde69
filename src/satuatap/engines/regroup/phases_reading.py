"""The optional ``phases`` of a problem file: how many years, how much money and how many moves in each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any

from satuatap.engines.regroup.faults import Fault

MOST_YEARS = 30
USUAL_YEARS = 5
FIELDS = {
    "years": f"whole number of years in which units may move, 1 to {MOST_YEARS}",
    "budget_once": "currency for moving, fit-out and closing: one number for every year, or a list with one a year",
    "most_moves": "units that may move: one whole number for every year, or a list with one a year",
    "finish": "true: every move of the plan is made by the last year; false: moves that do not pay may be left out",
    "side_by_side": "true: who comes and who goes in a year both need their room in that year",
}


@dataclass(frozen=True, slots=True)
class Terms:
    """The limits of a way to get there; ``None`` is no limit. ``budget_once`` in the file's currency."""

    years: int = USUAL_YEARS
    budget_once: tuple[float, ...] | None = None  # (years,)
    most_moves: tuple[int, ...] | None = None  # (years,)
    finish: bool = True
    side_by_side: bool = False


def read_terms(raw: Any, years: int | None = None) -> tuple[Terms | None, tuple[Fault, ...]]:
    """The terms of a file's ``phases`` (None: it has none), or every fault; ``years`` is asked for from outside."""
    if raw is None:
        return Terms(years=years or USUAL_YEARS), ()
    if not isinstance(raw, Mapping):
        return None, (Fault("phases", "is no object", 'write {"years": 5, "budget_once": 300}'),)
    faults = [Fault(f"phases.{key}", "is no known field", f"known: {', '.join(FIELDS)}")
              for key in raw if key not in FIELDS]  # fmt: skip
    count = years or USUAL_YEARS
    if years is None and "years" in raw:
        count = raw["years"]
        if isinstance(count, bool) or not isinstance(count, int) or not 1 <= count <= MOST_YEARS:
            faults.append(Fault("phases.years", f"is {count!s:.20}", f"a whole number from 1 to {MOST_YEARS}"))
            count = USUAL_YEARS
    budget = _each_year(raw, "budget_once", count, False, faults)
    moves = _each_year(raw, "most_moves", count, True, faults)
    flags = {}
    for name, usual in (("finish", True), ("side_by_side", False)):
        flags[name] = raw.get(name, usual)
        if not isinstance(flags[name], bool):
            faults.append(Fault(f"phases.{name}", "is neither true nor false", "write true or false"))
    if faults:
        return None, tuple(faults)
    whole = None if moves is None else tuple(int(one) for one in moves)
    return Terms(count, budget, whole, flags["finish"], flags["side_by_side"]), ()


def _each_year(
    raw: Mapping[str, Any], name: str, years: int, whole: bool, faults: list[Fault]
) -> tuple[float, ...] | None:
    given = raw.get(name)
    if given is None:
        return None
    rows = given if isinstance(given, list) else [given] * years
    if len(rows) != years:
        faults.append(Fault(f"phases.{name}", f"has {len(rows)} values", f"one for each of the {years} years"))
        return None
    found = []
    for n, one in enumerate(rows):
        right = not isinstance(one, bool) and isinstance(one, int | float) and isfinite(one) and 0 <= one <= 1e15
        if not right or (whole and one != int(one)):
            where = f"phases.{name}[{n}]" if isinstance(given, list) else f"phases.{name}"
            faults.append(Fault(where, f"is {one!s:.20}", "a whole number from 0" if whole else "a number from 0"))
            return None
        found.append(float(one))
    return tuple(found)
