"""What a version will say, from the choices of its author: the moves, the services that go along, and their price."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from satuatap.features.catalogue import queries as catalogue
from satuatap.features.estate import pricing
from satuatap.features.estate import queries as estate
from satuatap.features.estate.pricing import Breach, Case, Price
from satuatap.features.estate.refusals import NoProblemKept, NoSuchStudy
from satuatap.features.plans import inventory
from satuatap.features.plans.rules import Content, Inventory, PlannedMove, Term


@dataclass(frozen=True, slots=True)
class Wishes:
    """What an author chose beside the building of a unit: its own day, and which of its services go along."""

    days: Mapping[str, date] = field(default_factory=dict)
    services: Mapping[str, Sequence[str]] = field(default_factory=dict)


def drafted(
    targets: Mapping[str, str], on: date, now: Inventory, study: estate.StudyView | None = None,
    wishes: Wishes | None = None,
) -> Content:  # fmt: skip
    """The version in which each of these units goes to its building on that day; who is there already stays.

    The services of a unit that serves the public go with it, unless its author chose some of them. The price is the
    study's, if it was asked for these moves.
    """
    known, asked = services_of_units(), wishes or Wishes()
    moves = []
    for unit, target in targets.items():
        if target != now.places.get(unit, ""):
            own = known.get(unit, [])
            chosen = asked.services.get(unit)
            along = own if chosen is None else [code for code in own if code in chosen]
            day = asked.days.get(unit, on)
            moves.append(PlannedMove(unit, now.places.get(unit, ""), target, day, tuple(along)))
    return priced(moves, study, inventory.is_made_up(), _case_of(study, now))


def services_of_units() -> dict[str, list[str]]:
    """The services of each unit that serves the public, by their codes: those of its agency."""
    services = _services_of_agencies()
    return {unit: services.get(agency, []) for unit, (agency, public) in inventory.agencies().items() if public}


def priced(
    moves: Iterable[PlannedMove], study: estate.StudyView | None, made_up: bool, case: Case | None = None
) -> Content:
    """These moves with the study's figures, if it moves the same units to the same buildings.

    Another choice is counted anew in the study's ``case``, by the verifier; the study's bound holds for it, unless it
    breaks a room or a rule. Without a case it has no price: terms of a cost can't be added up move by move.
    """
    moves = tuple(moves)
    answer = (study.answer or {}) if study is not None else {}
    cost, before = answer.get("cost"), answer.get("present_cost")
    if study is None or study.best_plan is None or cost is None or before is None:
        return Content(moves, made_up=True)
    if not is_of_study(moves, study):
        return _counted(moves, study, made_up, case)
    terms = [
        Term(name, round(before[kind].get(name, 0)), round(cost[kind].get(name, 0)), kind == "capacity")
        for kind in ("cash", "capacity")
        for name in sorted({*before[kind], *cost[kind]})
    ]
    bound = None if study.bound is None else round(study.bound)
    return Content(
        moves, tuple(terms), round(cost["score"]), bound, bool(answer["proved"]), int(answer["seed"]), str(study.id),
        made_up,
    )  # fmt: skip


def is_of_study(moves: Iterable[PlannedMove], study: estate.StudyView) -> bool:
    """Whether these are the moves that a study found, and no others."""
    cost, best = (study.answer or {}).get("cost"), study.best_plan
    if cost is None or best is None:
        return False
    return {one.unit: one.target for one in moves} == {unit: best[unit] for unit in cost["moved"]}


def sums_of(content: Content, study: estate.StudyView | None) -> Mapping[str, Any]:
    """The engine's ``present_cost`` and ``cost`` of a version: its study's, or those of the author's own choice."""
    if study is None:
        return {}
    if is_of_study(content.moves, study):
        return study.answer or {}
    try:
        case = pricing.case_of(study.id)
    except NoProblemKept:
        return {}
    plan = _plan_in(case, content.moves)
    return {} if plan is None else pricing.price(case, plan).as_sums()


def _case_of(study: estate.StudyView | None, now: Inventory) -> Case | None:
    """What a study computed with, if everybody still sits where they sat then."""
    try:
        case = None if study is None else pricing.case_of(study.id)
    except NoProblemKept:
        return None
    if case is None or any(now.places.get(unit) != place for unit, place in case.present.items()):
        return None
    return case


def _counted(moves: tuple[PlannedMove, ...], study: estate.StudyView, made_up: bool, case: Case | None) -> Content:
    """A choice of the author's own with its verified price."""
    plan = None if case is None or not moves else _plan_in(case, moves)
    if case is None or plan is None:
        return Content(moves, made_up=True)
    found = pricing.price(case, plan)
    terms = tuple(Term(t.code, round(t.today), round(t.planned), t.capacity) for t in found.terms)
    bound = None if study.bound is None or found.breaches else round(study.bound)
    seed = int((study.answer or {})["seed"])
    return Content(moves, terms, round(found.score), bound, False, seed, str(study.id), made_up)


def in_its_city(content: Content) -> tuple[Case, Price] | None:
    """A version in its study's city, priced by the verifier; ``None`` where no study can say so."""
    try:
        case = pricing.case_of(UUID(content.study)) if content.study else None
    except (NoProblemKept, NoSuchStudy):
        return None
    plan = None if case is None else _plan_in(case, content.moves)
    return None if case is None or plan is None else (case, pricing.price(case, plan))


def breaches(content: Content) -> tuple[Case, tuple[Breach, ...]] | None:
    """What a version breaks by its study's rules, with the case that names them; ``None`` where none can say so."""
    found = in_its_city(content)
    return None if found is None else (found[0], found[1].breaches)


def _plan_in(case: Case, moves: Iterable[PlannedMove]) -> dict[str, str] | None:
    """Everybody's place with these moves, where the study knows the units, their places and the buildings."""
    houses = {building.id for building in case.problem.buildings}
    if not all(case.present.get(one.unit) == one.origin and one.target in houses for one in moves):
        return None
    return {**case.present, **{one.unit: one.target for one in moves}}


def _services_of_agencies() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for card in catalogue.services():
        found.setdefault(card.agency_code, []).append(card.code)
    return found
