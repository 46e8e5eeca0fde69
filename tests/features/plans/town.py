"""A small town to regroup: three buildings, three units, and a plan on any stage of its life."""

from __future__ import annotations

from datetime import date
from typing import Any

from satuatap.basics.actor import Actor
from satuatap.features.catalogue.actions import put_catalogue
from satuatap.features.estate.actions import put_estate
from satuatap.features.people.states import Role
from satuatap.features.plans import actions, inventory, queries
from satuatap.features.plans.actions.moves import PaperSaid
from satuatap.features.plans.rules import Content, PlannedMove, Term
from satuatap.features.plans.states import Check, Verdict
from tests.factories.people import make_account, make_agency

BY = Actor.system("test")
PLAN = "contoh-2026"
TODAY, MOVES_ON = date(2026, 11, 24), date(2026, 11, 20)
HASH = "ab" * 32
BUILDINGS = (("lama", "Gedung Lama", "Jl. Lama 1"), ("balai", "Balai", "Jl. Balai 2"), ("mal", "Mal", "Jl. Mal 3"))
UNITS = (("dinas-a", "Dinas A", "lama"), ("dinas-b", "Dinas B", "balai"), ("dinas-c", "Dinas C", "balai"))


def estate_rows(**changed: Any) -> dict[str, Any]:
    """The inventory's sheets; ``changed`` replaces one of them."""
    make_agency("dinas-a")
    rows: dict[str, Any] = {
        "buildings": [{"code": c, "name": n, "address": a, "area_m2": 900.0, "ownership": "city", "use": "used"}
                      for c, n, a in BUILDINGS],
        "units": [{"code": c, "name": n, "headcount": 30, "agency": "dinas-a" if c == "dinas-a" else None,
                   "public_facing": c == "dinas-a"} for c, n, _ in UNITS],
        "placements": [{"unit": c, "building": b, "since": date(2020, 1, 1)} for c, _, b in UNITS],
    }  # fmt: skip
    return rows | changed


def build() -> None:
    """The estate, and a service of the unit that will move."""
    put_estate(by=BY, rows=estate_rows())
    service = {"code": "izin", "name": "Izin", "agency": "dinas-a"}
    office = {"service": "izin", "kind": "agency_office", "name": "Gedung Lama", "address": "Jl. Lama 1"}
    put_catalogue(by=BY, rows={"services": [service], "places": [office]})


def content(*targets: tuple[str, str, str]) -> Content:
    """Moves as (unit, origin, target); by default the first unit goes to the mall."""
    found = targets or (("dinas-a", "lama", "mal"),)
    moves = tuple(PlannedMove(u, o, t, MOVES_ON, ("izin",) if u == "dinas-a" else ()) for u, o, t in found)
    terms = (Term("electricity", 100, 40), Term("guards", 50, 20, capacity=True))
    return Content(moves, terms, score=90, bound=81, proved=False, seed=7)


def draft(*targets: tuple[str, str, str]) -> tuple[int, int]:
    """A plan with one version; its author's and its reviewer's numbers."""
    author, reviewer = make_account(role=Role.PLANNER), make_account(role=Role.ORGANISATION)
    actions.open_regrouping(by=BY, code=PLAN, title="Contoh", author=author.pk)
    actions.freeze_version(by=BY, plan=PLAN, content=content(*targets), inventory=inventory.now())
    return author.pk, reviewer.pk


def consulted(*targets: tuple[str, str, str]) -> None:
    """Drafted, compared, reviewed, opened for comments."""
    _author, reviewer = draft(*targets)
    roles, author_roles = [Role.ORGANISATION], [Role.PLANNER]
    actions.choose_reviewer(by=BY, plan=PLAN, reviewer=reviewer, roles=roles, author_roles=author_roles)
    actions.compare_plan(by=BY, plan=PLAN)
    actions.review_plan(by=BY, plan=PLAN, account=reviewer, verdict=Verdict.AGREES, text="")
    actions.consult_plan(by=BY, plan=PLAN)


def decided(*targets: tuple[str, str, str]) -> queries.MoveView:
    """Decided; the first move."""
    consulted(*targets)
    actions.decide_plan(by=BY, plan=PLAN, decree="101/2026", on=TODAY, today=TODAY, now=inventory.now())
    return queries.moves(PLAN)[0]


def paper(check: Check, move: int) -> None:
    """Note one paper, whole."""
    said = PaperSaid(f"{check}/1", TODAY, HASH, "Bagian Hukum")
    actions.note_paper(by=BY, move=move, check=check, said=said, today=TODAY)


def papers(move: int, *but: Check) -> None:
    """Note every paper, but these."""
    for check in Check:
        if check not in but:
            paper(check, move)


def hours(unit: str = "dinas-a", month: date = date(2026, 10, 1)) -> None:
    """The unit's two minutes."""
    actions.say_hours(by=BY, unit=unit, month=month, hours=(10, 20, 30))
