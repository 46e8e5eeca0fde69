"""From a parsed JSON file to a problem, or to every fault at once: where it is, what is wrong, what to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite
from typing import Any

from satuatap.engines.regroup.checks import faults_of
from satuatap.engines.regroup.faults import Fault
from satuatap.engines.regroup.problem import Building, Flow, Place, Post, Prices, Problem, Rule, Unit
from satuatap.engines.regroup.schema import FORMAT, OBJECTS, RULE_KINDS, Field

MOST = {"buildings": 1000, "units": 5000, "flows": 200_000, "rules": 5000, "districts": 2000, "distances": 1_000_000}
LONGEST_TEXT = 200
LARGEST = 1e15
BOUNDS = {"latitude": (-90.0, 90.0), "longitude": (-180.0, 180.0), "share": (0.0, 1.0)}


@dataclass(slots=True)
class _Reader:
    """Walks the file by the table of fields; ``draws`` remembers which values are ranges."""

    faults: list[Fault] = field(default_factory=list)
    ranges: dict[str, tuple[float, float, float, str]] = field(default_factory=dict)

    def wrong(self, path: str, what: str, remedy: str) -> None:
        self.faults.append(Fault(path, what, remedy))

    def thing(self, name: str, raw: Any, path: str) -> dict[str, Any]:
        """One object with every field present."""
        fields = OBJECTS[name]
        if not isinstance(raw, Mapping):
            self.wrong(path, "is no object", "write { ... } with the fields of the documentation")
            raw = {}
        for key in raw:
            if key not in fields:
                self.wrong(f"{path}.{key}", "is no known field", f"known: {', '.join(fields)}")
        found = {}
        for key, one in fields.items():
            if key in raw:
                found[key] = self.value(one, raw[key], f"{path}.{key}" if path else key)
            elif one.needed:
                self.wrong(f"{path}.{key}" if path else key, "is missing", one.meaning)
                found[key] = self.empty(one)
            else:
                found[key] = self.thing(one.kind[5:], {}, path) if one.kind.startswith("item:") else one.otherwise
        return found

    def empty(self, one: Field) -> Any:
        """What stands for a value that could not be read, so that reading goes on."""
        kind = one.kind.partition(":")[0]
        if kind == "item":
            return self.thing(one.kind[5:], {}, "")
        return {"text": "", "items": [], "amounts": {}, "texts": (), "flag": False}.get(kind, 0.0)

    def value(self, one: Field, raw: Any, path: str) -> Any:
        kind, _colon, name = one.kind.partition(":")
        if kind == "item":
            return self.thing(name, raw, path)
        if kind == "items":
            return self.items(name, raw, path)
        if kind == "text":
            return self.text(raw, path)
        if kind == "texts":
            if not isinstance(raw, list):
                self.wrong(path, "is no list", 'write ["a", "b"]')
                return ()
            return tuple(self.text(item, f"{path}[{n}]") for n, item in enumerate(raw))
        if kind == "flag":
            if not isinstance(raw, bool):
                self.wrong(path, "is neither true nor false", "write true or false")
            return raw is True
        if kind == "amounts":
            if not isinstance(raw, Mapping):
                self.wrong(path, "is no object of amounts", 'write {"office": 1200}')
                return {}
            return {str(key): self.number("number", each, f"{path}.{key}") for key, each in raw.items()}
        return self.number(kind, raw, path)

    def items(self, name: str, raw: Any, path: str) -> list[dict[str, Any]]:
        if not isinstance(raw, list):
            self.wrong(path, "is no list", "write [ {...}, {...} ]")
            return []
        most = MOST.get(path, 100_000)
        if len(raw) > most:
            self.wrong(path, f"has {len(raw)} rows", f"at most {most}")
            raw = raw[:most]
        return [self.thing(name, item, f"{path}[{n}]") for n, item in enumerate(raw)]

    def text(self, raw: Any, path: str) -> str:
        if not isinstance(raw, str) or len(raw) > LONGEST_TEXT:
            self.wrong(
                path, "is no text" if not isinstance(raw, str) else "is too long", f"at most {LONGEST_TEXT} signs"
            )
            return ""
        return raw.strip()

    def number(self, kind: str, raw: Any, path: str) -> float:
        """A number, or the likely value of a range {low, likely, high, source}."""
        if isinstance(raw, Mapping):
            return self.range(kind, raw, path)
        if isinstance(raw, bool) or not isinstance(raw, int | float):
            self.wrong(path, "is no number", "write a number, or {low, likely, high}")
            return 0.0
        low, high = BOUNDS.get(kind, (0.0, LARGEST))
        try:
            number = float(raw)
        except OverflowError:
            number = float("inf")
        if not isfinite(number) or not low <= number <= high:
            self.wrong(path, f"is {raw!s:.20}", f"a number from {low:g} to {high:g}")
            return 0.0
        if kind == "positive" and number == 0:
            self.wrong(path, "is 0", "a number above 0")
            return 1.0
        if kind == "whole" and number != int(number):
            self.wrong(path, f"is {number:g}", "a whole number")
        return int(number) if kind == "whole" else number

    def range(self, kind: str, raw: Mapping[str, Any], path: str) -> float:
        for key in raw:
            if key not in ("low", "likely", "high", "source"):
                self.wrong(f"{path}.{key}", "is no part of a range", "known: low, likely, high, source")
        parts = []
        for key in ("low", "likely", "high"):
            if key not in raw or isinstance(raw[key], Mapping):
                self.wrong(f"{path}.{key}", "is missing", "a range needs low, likely and high")
                return 0.0
            parts.append(self.number(kind, raw[key], f"{path}.{key}"))
        if not parts[0] <= parts[1] <= parts[2]:
            self.wrong(path, f"runs {parts[0]:g}, {parts[1]:g}, {parts[2]:g}", "low <= likely <= high")
        self.ranges[path] = (parts[0], parts[1], parts[2], str(raw.get("source", ""))[:LONGEST_TEXT])
        return parts[1]


@dataclass(frozen=True, slots=True)
class Read:
    """What was read: the problem (None when anything is wrong), the faults, and which values are ranges."""

    problem: Problem | None
    faults: tuple[Fault, ...]
    ranges: Mapping[str, tuple[float, float, float, str]]


def read(raw: Any) -> Read:
    """Check everything and build the problem; ``raw`` is what ``json.loads`` gave."""
    reader = _Reader()
    values = reader.thing("problem", raw, "")
    if values["format"] != FORMAT and not any(fault.path == "format" for fault in reader.faults):
        reader.wrong("format", f'is "{values["format"]:.40}"', f'write "{FORMAT}"')
    for n, rule in enumerate(values["rules"]):
        if rule["kind"] not in RULE_KINDS:
            reader.wrong(f"rules[{n}].kind", f'is "{rule["kind"]:.40}"', f"one of: {', '.join(RULE_KINDS)}")
    if reader.faults:
        return Read(None, tuple(reader.faults), reader.ranges)
    problem = _problem(values)
    faults = tuple(faults_of(problem, values))
    return Read(None if faults else problem, faults, reader.ranges)


def _problem(values: Mapping[str, Any]) -> Problem:
    distances = {}
    for row in values["distances"]:
        distances[row["a"], row["b"]] = distances[row["b"], row["a"]] = row["km"]
    return Problem(
        name=values["name"], synthetic=values["synthetic"], year=values["year"],
        buildings=tuple(map(_building, values["buildings"])), units=tuple(map(_unit, values["units"])),
        districts={row["id"]: Place(row["latitude"], row["longitude"]) for row in values["districts"]},
        flows=tuple(Flow(**row) for row in values["flows"]), rules=tuple(Rule(**row) for row in values["rules"]),
        posts=tuple(Post(**row) for row in values["posts"]), prices=Prices(**values["prices"]), distances=distances,
    )  # fmt: skip


def _building(row: Mapping[str, Any]) -> Building:
    return Building(
        id=row["id"], name=row["name"] or row["id"], place=Place(row["latitude"], row["longitude"]),
        area_m2=row["area_m2"], fixed=row["yearly_fixed"], per_m2=row["yearly_per_m2"],
        per_person=row["yearly_per_person"], lease_yearly=row["lease_yearly"], lease_ends=row["lease_ends"],
        empty_upkeep=row["empty_yearly"], freed_income=row["freed_income_yearly"],
        freed_share=row["freed_income_share"], closing_once=row["closing_once"],
        fit_out_per_m2_once=row["fit_out_per_m2_once"], heritage=row["heritage"],
    )  # fmt: skip


def _unit(row: Mapping[str, Any]) -> Unit:
    return Unit(
        id=row["id"], name=row["name"] or row["id"], people=row["people"], area_m2=row["area_m2"],
        public_facing=row["public_facing"], present=row["present"], visits=row["visits_yearly"],
    )  # fmt: skip
