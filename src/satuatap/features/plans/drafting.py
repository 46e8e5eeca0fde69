"""What a version will say, from the choices of its author: the moves, the services that go along, and their price."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from satuatap.features.catalogue import queries as catalogue
from satuatap.features.estate import queries as estate
from satuatap.features.plans import inventory
from satuatap.features.plans.rules import Content, Inventory, PlannedMove, Term


def drafted(targets: Mapping[str, str], on: date, now: Inventory, study: estate.StudyView | None = None) -> Content:
    """The version in which each of these units goes to its building on that day; who is there already stays.

    The services of a unit that serves the public go with it. The price is the study's, if it was asked for these moves.
    """
    units, services = inventory.agencies(), _services_of_agencies()
    moves = []
    for unit, target in targets.items():
        agency, public = units[unit]
        if target != now.places.get(unit, ""):
            along = services.get(agency, ()) if public else ()
            moves.append(PlannedMove(unit, now.places.get(unit, ""), target, on, tuple(along)))
    return priced(moves, study, inventory.is_made_up())


def priced(moves: Iterable[PlannedMove], study: estate.StudyView | None, made_up: bool) -> Content:
    """These moves with the study's figures, if it moves the same units to the same buildings; else without a price.

    Another choice has none until it is studied itself: terms of a cost can't be added up move by move.
    """
    moves = tuple(moves)
    answer = (study.answer or {}) if study is not None else {}
    cost, before = answer.get("cost"), answer.get("present_cost")
    if study is None or study.best_plan is None or cost is None or before is None:
        return Content(moves, made_up=True)
    if {one.unit: one.target for one in moves} != {unit: study.best_plan[unit] for unit in cost["moved"]}:
        return Content(moves, made_up=True)
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


def _services_of_agencies() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for card in catalogue.services():
        found.setdefault(card.agency_code, []).append(card.code)
    return found
