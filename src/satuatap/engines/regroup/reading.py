"""From a parsed JSON file to a problem, or to every fault at once: where it is, what is wrong, what to do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import isfinite
from typing import Any

from satuatap.engines.regroup.checks import faults_of
from satuatap.engines.regroup.faults import Fault
from satuatap.engines.regroup.problem import (
    OFFICE,
    Building,
    Connection,
    Contract,
    Floor,
    Flow,
    Place,
    Post,
    Prices,
    Problem,
    Rule,
    Tariff,
    Unit,
)
from satuatap.engines.regroup.ranges import AGAINST, ENDS, KEYS, OF, SHARED, is_range, summed
from satuatap.engines.regroup.schema import FORMAT, OBJECTS, RULE_KINDS, Field

MOST = {"buildings": 1000, "units": 5000, "flows": 200_000, "rules": 5000, "districts": 2000, "distances": 1_000_000,
        "tariffs": 1000}  # fmt: skip
LONGEST_TEXT = 200
LARGEST = 1e15
MOST_PARTS = 1000  # of a range that is a sum of products
CLOSE = 1e-6  # relative difference of two sums that counts as equal
BOUNDS = {"constant": (-LARGEST, LARGEST), "latitude": (-90.0, 90.0), "longitude": (-180.0, 180.0), "share": (0.0, 1.0)}


@dataclass(slots=True)
class _Reader:
    """Walks the file by the table of fields; ``ranges`` remembers which values are ranges, ``names`` which factors they
    name without a source of their own: (name, path, goes against it, has a width).
    """

    faults: list[Fault] = field(default_factory=list)
    ranges: dict[str, tuple[float, float, float, str]] = field(default_factory=dict)
    names: list[tuple[str, str, bool, bool]] = field(default_factory=list)

    def wrong(self, path: str, what: str, remedy: str) -> None:
        self.faults.append(Fault(path, what, remedy))

    def thing(self, name: str, raw: Any, path: str) -> dict[str, Any]:
        """One object with every field present."""
        fields = OBJECTS[name]
        is_object = isinstance(raw, Mapping)
        if not is_object:
            self.wrong(path, "is no object", "write { ... } with the fields of the documentation")
            raw = {}
        dot = f"{path}." if path else ""
        for key in raw:
            if key not in fields:
                self.wrong(f"{dot}{key:.60}", "is no known field", f"known: {', '.join(fields)}")
        found = {}
        for key, one in fields.items():
            if key in raw:
                found[key] = self.value(one, raw[key], f"{dot}{key}")
            elif one.needed:
                if is_object:
                    self.wrong(f"{dot}{key}", "is missing", one.meaning)
                found[key] = self.empty(one)
            else:
                found[key] = self.thing(one.kind[5:], {}, path) if one.kind.startswith("item:") else one.otherwise
        return found

    def empty(self, one: Field) -> Any:
        """What stands for a value that could not be read, so that reading goes on."""
        kind = one.kind.partition(":")[0]
        if kind == "item":
            return _Reader().thing(one.kind[5:], {}, "")
        return {"text": "", "items": [], "amounts": {}, "texts": (), "flag": False, "choice": ""}.get(kind, 0.0)

    def value(self, one: Field, raw: Any, path: str) -> Any:
        kind, _colon, name = one.kind.partition(":")
        if kind == "item":
            return self.thing(name, raw, path)
        if kind == "items":
            return self.items(name, raw, path)
        if kind == "text":
            return self.text(raw, path)
        if kind in ("texts", "flag", "choice", "object", "amounts"):
            return getattr(self, kind)(raw, path, name)
        return self.number(kind, raw, path)

    def texts(self, raw: Any, path: str, _name: str) -> tuple[str, ...]:
        if not isinstance(raw, list):
            self.wrong(path, "is no list", 'write ["a", "b"]')
            return ()
        return tuple(self.text(item, f"{path}[{n}]") for n, item in enumerate(raw))

    def flag(self, raw: Any, path: str, _name: str) -> bool:
        if not isinstance(raw, bool):
            self.wrong(path, "is neither true nor false", "write true or false")
        return raw is True

    def choice(self, raw: Any, path: str, name: str) -> str:
        if raw not in name.split("|"):
            self.wrong(path, f'is "{raw!s:.40}"', f"one of: {name.replace('|', ', ')}")
            return ""
        return str(raw)

    def object(self, raw: Any, path: str, _name: str) -> None:
        """An object that another part of the engine reads."""
        if not isinstance(raw, Mapping):
            self.wrong(path, "is no object", "write { ... }")

    def amounts(self, raw: Any, path: str, _name: str) -> dict[str, float]:
        if not isinstance(raw, Mapping):
            self.wrong(path, "is no object of amounts", 'write {"office": 1200}')
            return {}
        return {str(key): self.number("number", each, f"{path}.{key}") for key, each in raw.items()}

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
        if raw != raw.strip():
            self.wrong(path, "begins or ends with a space", "take the space away")
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

    def range(self, kind: str, raw: Mapping[str, Any], path: str, known: tuple[str, ...] = KEYS) -> float:
        for key in raw:
            if key not in known:
                self.wrong(f"{path}.{key:.60}", "is no part of a range", f"known: {', '.join(known)}")
        parts = []
        for key in ENDS:
            if key not in raw or isinstance(raw[key], Mapping):
                self.wrong(f"{path}.{key}", "is missing", "a range needs low, likely and high")
                return 0.0
            parts.append(self.number(kind, raw[key], f"{path}.{key}"))
        if not parts[0] <= parts[1] <= parts[2]:
            self.wrong(path, f"runs {parts[0]:g}, {parts[1]:g}, {parts[2]:g}", "low <= likely <= high")
        if known is KEYS:
            self.ranges[path] = (parts[0], parts[1], parts[2], str(raw.get("source", ""))[:LONGEST_TEXT])
        self.factor(raw, path, parts, known)
        return parts[1]

    def factor(self, raw: Mapping[str, Any], path: str, parts: list[float], known: tuple[str, ...]) -> None:
        """The factor that a range names, or the sum of products that it is."""
        source = str(raw.get("source", "")).strip()
        given = [key for key in (SHARED, AGAINST, OF) if key in raw and key in known]
        if len(given) > 1:
            self.wrong(path, f"has {' and '.join(given)}", "one of them: a factor to go with, one to go against, a sum")
        elif given == [OF]:
            self.products(raw[OF], f"{path}.{OF}", parts, source)
        elif given:
            name = self.text(raw[given[0]], f"{path}.{given[0]}")
            if raw[given[0]] == "":
                self.wrong(f"{path}.{given[0]}", "names no factor", "write its name, or leave the field out")
            elif name and not source:
                self.names.append((name, path, given[0] == AGAINST, parts[2] > parts[0]))

    def products(self, raw: Any, path: str, parts: list[float], source: str) -> None:
        """A range as a sum of products of numbers and ranges; its ends are theirs."""
        if not isinstance(raw, list) or not raw or not all(isinstance(one, list) and one for one in raw):
            self.wrong(path, "is no list of products", 'write [[2, {"low": 1, "likely": 2, "high": 3}], ...]')
            return
        if sum(map(len, raw)) > MOST_PARTS:
            self.wrong(path, f"has {sum(map(len, raw))} parts", f"at most {MOST_PARTS}")
            return
        before, named = len(self.faults), len(self.names)
        for n, product in enumerate(raw):
            for k, part in enumerate(product):
                where = f"{path}[{n}][{k}]"
                if isinstance(part, Mapping):
                    self.range("number", part, where, (*ENDS, SHARED, AGAINST))
                else:
                    self.number("constant" if len(product) == 1 else "number", part, where)
        if source:
            del self.names[named:]  # stays at its likely value, whatever its factors do
        if len(self.faults) == before:
            for name, mine, its in zip(ENDS, parts, summed(raw), strict=True):
                if abs(mine - its) > CLOSE * max(abs(mine), abs(its)):
                    self.wrong(f"{path}", f"comes to {its:g} at its {name} end, the range says {mine:g}", f"{its!r}")


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
    _factors(reader, raw)
    problem = _problem(values)
    faults = (*reader.faults, *_beside(reader.faults, faults_of(problem, values, tuple(f.path for f in reader.faults))))
    return Read(None if faults else problem, faults, reader.ranges)


def _factors(reader: _Reader, raw: Any) -> None:
    """Each factor that ranges name must be measured by something."""
    told = raw.get(SHARED) if isinstance(raw, Mapping) else None
    measures: Mapping[str, Any] = told if isinstance(told, Mapping) else {}
    for name, each in measures.items():
        if isinstance(each, Mapping) and (SHARED in each or AGAINST in each or OF in each):
            reader.wrong(f"{SHARED}.{name:.60}", "is made of another factor", "write low, likely and high alone")
    along = {name for name, _path, turned, wide in reader.names if wide and not turned}
    for name, path, _turned, wide in reader.names:
        one: Any = measures.get(name)
        if name in measures and wide and not (is_range(one) and one["low"] != one["high"]):
            reader.wrong(path, f'goes with "{name:.60}", which is one number', f"write a range at {SHARED}.{name:.60}")
        elif name not in measures and wide and name not in along:
            remedy = f"name it with {SHARED} in one range, or measure it at {SHARED}.{name:.60}"
            reader.wrong(path, f'goes against "{name:.60}", with which nothing goes', remedy)


def _beside(known: list[Fault], more: Iterable[Fault]) -> list[Fault]:
    """Faults of meaning, but not about values that could not be read, for which something empty stands."""
    paths = [fault.path for fault in known]
    return [
        one
        for one in more
        if not any(p == one.path or p.startswith((one.path + ".", one.path + "[")) or one.path.startswith(p + ".")
                   for p in paths)
    ]  # fmt: skip


def _problem(values: Mapping[str, Any]) -> Problem:
    distances = {}
    for row in values["distances"]:
        distances[row["a"], row["b"]] = distances[row["b"], row["a"]] = row["km"]
    return Problem(
        name=values["name"], synthetic=values["synthetic"], year=values["year"],
        buildings=tuple(map(_building, values["buildings"])), units=tuple(map(_unit, values["units"])),
        districts={row["id"]: Place(row["latitude"], row["longitude"]) for row in values["districts"]},
        flows=tuple(Flow(**row) for row in values["flows"]), rules=tuple(map(_rule, values["rules"])),
        posts=tuple(Post(**row) for row in values["posts"]), prices=Prices(**values["prices"]), distances=distances,
        tariffs={row["id"]: _tariff(row) for row in values["tariffs"]},
    )  # fmt: skip


def _rule(row: Mapping[str, Any]) -> Rule:
    return Rule(**{**row, "limit": 0.0 if row["limit"] is None else row["limit"]})


def _tariff(row: Mapping[str, Any]) -> Tariff:
    steps = tuple((step["from_per_month"], step["price_per_unit"]) for step in row["steps"])
    return Tariff(row["id"], row["term"], steps, row["whole_use"])


def _building(row: Mapping[str, Any]) -> Building:
    floors = tuple(Floor(f["name"], f["area_m2"], f["public_counter"]) for f in row["floors"])
    area_m2 = dict(row["area_m2"])
    for floor in floors:
        for kind, m2 in floor.area_m2.items():
            area_m2[kind] = area_m2.get(kind, 0.0) + m2
    may_change = 0.0 if row["heritage"] else sum(f.area_m2.get(OFFICE, 0.0) for f in floors if f.public_counter)
    return Building(
        id=row["id"], name=row["name"] or row["id"], place=Place(row["latitude"], row["longitude"]),
        area_m2=area_m2, convertible_m2=may_change, fixed=row["yearly_fixed"], per_m2=row["yearly_per_m2"],
        per_person=row["yearly_per_person"], lease_yearly=row["lease_yearly"], lease_ends=row["lease_ends"],
        empty_upkeep=row["empty_yearly"], freed_income=row["freed_income_yearly"],
        freed_share=row["freed_income_share"], closing_once=row["closing_once"],
        fit_out_per_m2_once=row["fit_out_per_m2_once"], heritage=row["heritage"], ownership=row["ownership"],
        connections=tuple(map(_connection, row["connections"])),
        contracts=tuple(Contract(**each) for each in row["contracts"]), floors=floors,
    )  # fmt: skip


def _connection(row: Mapping[str, Any]) -> Connection:
    return Connection(
        row["tariff"], row["monthly_fixed_use"], row["monthly_use_per_m2"], row["monthly_use_per_person"],
        row["standing_monthly"], row["minimum_monthly"], row["connected_until"],
    )  # fmt: skip


def _unit(row: Mapping[str, Any]) -> Unit:
    return Unit(
        id=row["id"], name=row["name"] or row["id"], people=row["people"], area_m2=row["area_m2"],
        public_facing=row["public_facing"], present=row["present"], visits=row["visits_yearly"],
    )  # fmt: skip
