"""Decisions about plans: values in, an answer out; today is an argument."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any

from satuatap.features.people.states import Role
from satuatap.features.plans.states import AFTER_HANDOVER, MOVES, WHO, Act, Check, PlanLife, PlanStep

MOST_HOURS = 5_000  # a month: about thirty people who do nothing else
MOST_MOVES = 2_000
DESKS = "service_desks"  # the term of measures in a hall
CODE = re.compile(r"[a-z0-9](?:[a-z0-9-]{1,38})[a-z0-9]")
HASH = re.compile(r"[0-9a-f]{64}")
# A NIK has 16 digits, a telephone number 8 to 15, whatever stands between them; amounts of money are no person.
MONEY = re.compile(r"\bRp\s?[\d.,]+", re.IGNORECASE)
LONG_NUMBER = re.compile(r"\+?\d(?:[ .-]?\d){7,}")
MAIL = re.compile(r"[\w.+-]+@[\w-]+\.\w+")


@dataclass(frozen=True, slots=True)
class Inventory:
    """What a plan is built on: who sits where, and the figures that decide. m2 and persons."""

    places: Mapping[str, str] = field(default_factory=dict)  # unit -> building
    units: Mapping[str, tuple[str, int]] = field(default_factory=dict)  # code -> (name, headcount)
    buildings: Mapping[str, tuple[str, str, float, str]] = field(default_factory=dict)  # name, address, m2, use

    def as_json(self) -> dict[str, Any]:
        return {
            "places": dict(self.places),
            "units": {code: list(one) for code, one in self.units.items()},
            "buildings": {code: list(one) for code, one in self.buildings.items()},
        }

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Inventory:
        return cls(
            dict(values["places"]),
            {code: (str(one[0]), int(one[1])) for code, one in values["units"].items()},
            {code: (str(a), str(b), float(c), str(d)) for code, (a, b, c, d) in values["buildings"].items()},
        )


@dataclass(frozen=True, slots=True)
class Term:
    """One term of the cost, Rupiah a year, today and planned."""

    code: str
    today: int
    planned: int
    capacity: bool = False  # counts as capacity freed, never as cash

    @property
    def saved(self) -> int:
        return self.today - self.planned


@dataclass(frozen=True, slots=True)
class PlannedMove:
    """One unit to one building on a day; codes of the estate and the catalogue."""

    unit: str
    origin: str
    target: str
    on: date
    services: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Measure:
    """What a plan adds to a hall so that its promise holds: desks all day, or hours a day at the desks of one line.

    ``yearly``: officers' hours, Rupiah a year: capacity that is bound, never cash.
    """

    line: str
    name: str
    desks: int
    hours: int
    yearly: int


@dataclass(frozen=True, slots=True)
class Content:
    """What a version says. ``bound``: what no plan's score goes below, Rupiah a year; ``None`` without a study."""

    moves: tuple[PlannedMove, ...]
    terms: tuple[Term, ...] = ()
    score: int | None = None
    bound: int | None = None
    proved: bool = False
    seed: int | None = None
    study: str = ""
    made_up: bool = False  # rests on figures that were made up
    measures: tuple[Measure, ...] = ()

    @property
    def cash(self) -> int:
        """Cash saved, Rupiah a year."""
        return sum(term.saved for term in self.terms if not term.capacity)

    @property
    def capacity(self) -> int:
        """Capacity freed, Rupiah a year: worth of posts that go on being paid. Never added to cash."""
        return sum(term.saved for term in self.terms if term.capacity)

    @property
    def gap(self) -> float | None:
        """How far the plan can be from the best there is, as a share; ``None`` without both."""
        if self.score is None or self.bound is None:
            return None
        return max(0.0, (self.score - self.bound) / max(abs(self.score), 1))

    def as_json(self) -> dict[str, Any]:
        said = asdict(self)
        said["moves"] = [
            {**asdict(one), "on": one.on.isoformat(), "services": list(one.services)} for one in self.moves
        ]
        said["terms"] = [asdict(one) for one in self.terms]
        if self.measures:
            said["measures"] = [asdict(one) for one in self.measures]
        else:
            del said["measures"]  # versions from before there were any keep their hash
        return said

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Content:
        moves = tuple(
            PlannedMove(m["unit"], m["origin"], m["target"], date.fromisoformat(m["on"]), tuple(m["services"]))
            for m in values["moves"]
        )
        terms = tuple(Term(**one) for one in values["terms"])
        measures = tuple(Measure(**one) for one in values.get("measures", ()))
        return cls(**{**values, "moves": moves, "terms": terms, "measures": measures})

    def with_measures(self, measures: Iterable[Measure]) -> Content:
        """The same moves with these measures; a priced version counts their officers' hours as capacity bound."""
        known = tuple(measures)
        terms = tuple(one for one in self.terms if one.code != DESKS)
        if terms and known:
            terms = (*terms, Term(DESKS, 0, sum(one.yearly for one in known), capacity=True))
        return replace(self, measures=known, terms=terms)


def remedied(content: Content, found: Mapping[str, Any], chosen: Mapping[str, int] | None = None) -> Content | None:
    """The same moves with a remedy for each line that breaks its promise; ``None`` where one has none.

    The cheapest, unless another of its remedies was ``chosen`` (line -> its place in the list).

    ``found``: what ``study.judge_hall`` said; desks and hours that the version has already are kept and counted.
    """
    measures = {one.line: one for one in content.measures}
    for line in found["lines"]:
        if line["holds"]:
            continue
        if not line["remedies"]:
            return None
        place = (chosen or {}).get(line["key"], 0)
        best, had = line["remedies"][min(place, len(line["remedies"]) - 1)], measures.get(line["key"])
        measures[line["key"]] = Measure(
            line["key"], line["name"], (had.desks if had else 0) + best["desks"],
            (had.hours if had else 0) + best["hours"], (had.yearly if had else 0) + best["yearly"],
        )  # fmt: skip
    return content.with_measures(measures.values())


def digest(values: Mapping[str, Any]) -> str:
    """SHA-256 of a JSON object in one spelling."""
    said = json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()


def faults_of(moves: Sequence[PlannedMove], inventory: Inventory) -> list[tuple[str, str]]:
    """(kind, code) of each thing that doesn't hold together: the screen has a sentence for each kind."""
    found = [("none", "")] if not moves else []
    if len(moves) > MOST_MOVES:
        found.append(("many", str(MOST_MOVES)))
    seen: set[str] = set()
    for one in moves:
        if one.unit in seen:
            found.append(("twice", one.unit))
        seen.add(one.unit)
        if one.unit not in inventory.units:
            found.append(("unit", one.unit))
        elif inventory.places.get(one.unit, "") != one.origin:
            found.append(("origin", one.unit))
        if one.target not in inventory.buildings:
            found.append(("building", one.target))
        elif one.target == one.origin:
            found.append(("stays", one.unit))
    return found


@dataclass(frozen=True, slots=True)
class Changed:
    """One thing of the inventory that is no longer as it was; empty: it was not, or is not any more, there."""

    what: str  # "place", "headcount", "area", "use", "unit", "building"
    code: str
    before: str
    now: str


def changes(before: Inventory, now: Inventory) -> list[Changed]:
    """What changed since a version was frozen, units first."""
    found = []
    for code in sorted({*before.units, *now.units}):
        old, new = before.units.get(code), now.units.get(code)
        if old is None or new is None:
            found.append(Changed("unit", code, old[0] if old else "", new[0] if new else ""))
            continue
        if old[1] != new[1]:
            found.append(Changed("headcount", code, str(old[1]), str(new[1])))
        if before.places.get(code, "") != now.places.get(code, ""):
            found.append(Changed("place", code, before.places.get(code, ""), now.places.get(code, "")))
    for code in sorted({*before.buildings, *now.buildings}):
        was, is_now = before.buildings.get(code), now.buildings.get(code)
        if was is None or is_now is None:
            found.append(Changed("building", code, was[0] if was else "", is_now[0] if is_now else ""))
            continue
        if was[2] != is_now[2]:
            found.append(Changed("area", code, f"{was[2]:g}", f"{is_now[2]:g}"))
        if was[3] != is_now[3]:
            found.append(Changed("use", code, was[3], is_now[3]))
    return found


def after(life: PlanLife, step: PlanStep) -> PlanLife | None:
    """Where a step leads from here; ``None``: not now."""
    return MOVES.get((life, step))


def code_fits(code: str) -> bool:
    """Three to forty signs that an address may hold for ever."""
    return CODE.fullmatch(code) is not None


def may_act(roles: Iterable[Role], act: Act) -> bool:
    """Whether one of the roles may do this."""
    return bool(WHO[act] & set(roles))


def reviewer_trouble(author: int, author_roles: Collection[Role], reviewer: int, roles: Collection[Role]) -> str:
    """Why somebody may not review, by name of the refusal; empty: she may.

    The Inspektorat may review what its own unit did not study.
    """
    if author == reviewer:
        return "author"
    if not may_act(roles, Act.REVIEW):
        return "role"
    if Role.INSPECTORATE in roles and Role.INSPECTORATE in author_roles:
        return "own_study"
    return ""


def names_someone(text: str) -> bool:
    """Whether a comment holds what looks like a NIK, a telephone number or an e-mail address."""
    bare = MONEY.sub(" ", text)
    return LONG_NUMBER.search(bare) is not None or MAIL.search(bare) is not None


def hash_fits(text: str) -> bool:
    """A SHA-256 as hexadecimal."""
    return HASH.fullmatch(text) is not None


def papers_missing(there: Collection[Check]) -> list[Check]:
    """Which papers a move still needs, in their order."""
    return [check for check in Check if check not in there]


def waits_for_handover(check: Check, there: Collection[Check]) -> bool:
    """Whether this paper can't be noted before the BAST."""
    return check in AFTER_HANDOVER and Check.HANDOVER not in there


def is_due(on: date, today: date) -> bool:
    """Whether a move's day has come."""
    return on <= today


def hours_fit(hours: Iterable[int]) -> bool:
    """Hours of a month."""
    return all(0 <= one <= MOST_HOURS for one in hours)
