"""Cells as an export has them: what opening fills in by itself, and what it leaves out, so that only changes differ."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from satuatap.features.malls.states import Level
from satuatap.project.city.state import State, Texts

PLACED = ("zones", "booths", "desks")
RECT = ("x", "y", "w", "h")
SILENT = ("lane_note", "source", "source_year", "confidence", "note")
SAME = ("agency", "name", "name_en", "expected_minutes")  # of a step and the service that is one step


def as_exported(wished: State, state: State) -> State:
    """The uploaded sheets in their exported form; what they lean on and nobody uploaded is the city's own."""
    whole = {**state, **wished}
    steps = {key: dict(row) for key, row in whole["steps"].items()}
    services = {row["code"]: row for row in whole["services"].values()}
    _fill_after(steps)
    alone = _alone(steps, services)
    found = {sheet: {key: dict(row) for key, row in rows.items()} for sheet, rows in wished.items()}
    for sheet in PLACED:
        for row in found.get(sheet, {}).values():
            row.update({name: row[name] or "0" for name in RECT})
    if "steps" in found:
        found["steps"] = {key: row for key, row in steps.items() if key not in alone}
    if "desks" in found:
        _shorten_skills(found["desks"], whole, steps, services)
    return found


def _fill_after(steps: Mapping[str, Texts]) -> None:
    """A step without a word comes after the one before it."""
    orders: dict[str, list[int]] = defaultdict(list)
    for row in steps.values():
        orders[row["service"]].append(int(row["order"]))
    for row in steps.values():
        before = [order for order in orders[row["service"]] if order < int(row["order"])]
        if not row["after"] and before:
            row["after"] = str(max(before))


def _alone(steps: Mapping[str, Texts], services: Mapping[str, Texts]) -> set[str]:
    """Rows that say no more than that a service is one step: an export leaves them out."""
    count: dict[str, int] = defaultdict(int)
    for row in steps.values():
        count[row["service"]] += 1
    return {
        key
        for key, row in steps.items()
        if count[row["service"]] == 1
        and row["service"] in services
        and row["order"] == "1"
        and row["synthetic"] == "yes"
        and not any(row[name] for name in SILENT)
        and all(row[name] == services[row["service"]][name] for name in SAME)
    }


def _shorten_skills(
    desks: Mapping[str, Texts], whole: State, steps: Mapping[str, Texts], services: Mapping[str, Texts]
) -> None:
    """Every step of a desk's own agency is written as nothing; a booth that is only shown has no skills."""
    able: dict[str, set[str]] = defaultdict(set)
    for row in steps.values():
        able[row["agency"]].add(f"{row['service']}/{row['order']}")
    stepped = {row["service"] for row in steps.values()}
    for code, service in services.items():
        if code not in stepped:
            able[service["agency"]].add(f"{code}/1")
    booths = {(row["mall"], row["code"]): row for row in whole["booths"].values()}
    for desk in desks.values():
        booth = booths.get((desk["mall"], desk["booth"]), {})
        named = {word for word in desk["skills"].split(";") if word}
        every = not named or named == able[booth.get("agency", "")] or booth.get("level") != Level.FULL
        desk["skills"] = "" if every else ";".join(sorted(named))
