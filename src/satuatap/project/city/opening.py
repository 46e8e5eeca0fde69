"""Opening a city: read everything, name every problem, then write all or nothing through the features' own actions."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from satuatap.basics.actor import Actor
from satuatap.basics.facts import Fact
from satuatap.features.catalogue import actions as catalogue_actions
from satuatap.features.catalogue import promises
from satuatap.features.catalogue import queries as catalogue
from satuatap.features.estate import actions as estate_actions
from satuatap.features.journal.actions import announce
from satuatap.features.malls import actions as malls_actions
from satuatap.features.malls import queries as malls
from satuatap.features.people.actions import AgencyRow, put_agencies
from satuatap.features.plans import published
from satuatap.features.plans.actions import put_published
from satuatap.features.visits import queries as visits
from satuatap.features.visits.actions import lay_out
from satuatap.features.visits.actions.layout import DeskRow, PolicyRow, StepRow, has_floor
from satuatap.features.visits.policies import DEFAULT_NUMBERS
from satuatap.plumbing.locking import hold_city
from satuatap.plumbing.sheets.read import read
from satuatap.plumbing.sheets.schema import Book, Contents, Problem
from satuatap.project import demo
from satuatap.project.city.accounts import put_accounts
from satuatap.project.city.checks import check
from satuatap.project.city.format import BOOK

BY = Actor.system("city")
# The city is changed by one at a time: a command and a screen never write over each other.
LAYOUT = ("malls", "zones", "booths", "desks", "hours", "calendar")
WEIGHTS = ("weight_remaining", "cap_minutes", "head_start_priority_minutes")
Rows = Mapping[str, Sequence[Mapping[str, Any]]]


@dataclass(frozen=True)
class CityOpened(Fact):
    """A city's files were read and applied: how many rows of each sheet."""

    kind: ClassVar[str] = "city_opened"
    rows: dict[str, int]


@dataclass(slots=True)
class Outcome:
    """What an opening found or did."""

    problems: list[Problem] = field(default_factory=list)
    changes: dict[str, Any] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)

    @property
    def changed(self) -> bool:
        return any(bool(change) for change in self.changes.values())


class OnlyLooked(Exception):
    """Ends the transaction of a look: nothing is written."""


def is_empty() -> bool:
    """Whether no city has been opened here yet."""
    malls.forget()
    return not malls.malls()


def read_city(folder: Path) -> Contents:
    """All sheets with every problem, those between sheets included."""
    contents = read(folder, BOOK)
    shared = folder.parent / "words"
    if not contents.rows["synonyms"] and (shared / "synonyms.csv").is_file():
        _take_shared_words(shared, contents)
    _take_shared_norms((folder.parent / "norms", settings.CHECKOUT / "data" / "norms"), contents)
    contents.problems += check(contents)
    order = {sheet.key: place for place, sheet in enumerate(BOOK.sheets)}
    contents.problems.sort(key=lambda problem: (order.get(problem.sheet, -1), problem.row or 0))
    return contents


def _take_shared_words(folder: Path, contents: Contents) -> None:
    """Everyday words are the same in every city; those for services that this city does not have are left out."""
    words = read(folder, Book([BOOK.sheet("synonyms")]), alone=True)
    known = {row.values["code"] for row in contents.rows["services"]}
    for row in words.rows["synonyms"]:
        named: Any = row.values["services"]
        row.values["services"] = [code for code in named if code in known]
        if row.values["services"] or not named:
            contents.rows["synonyms"].append(row)
    contents.problems += words.problems


def _take_shared_norms(folders: Sequence[Path], contents: Contents) -> None:
    """Norms are a country's: those that a city's sheets do not have are taken from beside it, or from our own."""
    shared = next((folder for folder in folders if (folder / "norms.csv").is_file()), None)
    if shared is None:
        return
    found = read(shared, Book([BOOK.sheet("norms")]), alone=True)
    own = {row.values["key"] for row in contents.rows["norms"]}
    contents.rows["norms"] += [row for row in found.rows["norms"] if row.values["key"] not in own]
    contents.problems += found.problems


def open_city(folder: str | Path, *, look_only: bool = False) -> Outcome:
    """Open or update the city. With problems nothing is written; ``look_only`` only says what would change.

    Runs as the owner of the tables: the application's own role can't set the clock of a demo.
    """
    contents = read_city(Path(folder))
    rows = {sheet.key: contents.values(sheet.key) for sheet in BOOK.sheets}
    outcome = Outcome(contents.problems, rows={name: len(found) for name, found in rows.items()})
    outcome.problems += _broken_boundaries(Path(folder))
    outcome.problems += mixing(rows["malls"])
    outcome.problems += busy(rows["desks"])
    outcome.problems += taken(rows["published"])
    if outcome.problems:
        return outcome
    try:
        with transaction.atomic(durable=True):
            hold_city()
            apply_rows(rows, outcome, boundaries=_boundaries(Path(folder)), keep=not look_only)
            if outcome.changed:
                announce(CityOpened(outcome.rows), by=BY)
            if look_only:
                raise OnlyLooked
    except OnlyLooked:
        pass
    finally:
        forget()
    return outcome


def forget() -> None:
    """Read layout and catalogue anew at the next question."""
    malls.forget()
    catalogue.forget()


def mixing(rows: Sequence[Mapping[str, Any]]) -> list[Problem]:
    """Demo and real malls never share a database."""
    malls.forget()
    here = {view.demo for view in malls.malls()}
    wanted = {bool(row["demo"]) for row in rows if row["demo"] is not None}
    if len(here | wanted) < 2 or len(wanted) > 1:
        return []
    wrong = _("basis data ini sudah berisi kota contoh, atau kota sungguhan.")
    expected = _("Kota contoh dan kota sungguhan memakai SATUATAP_HOME atau DATABASE_URL sendiri-sendiri.")
    return [Problem("malls", None, "demo", "", wrong, expected)]


def busy(rows: Sequence[Mapping[str, Any]]) -> list[Problem]:
    """A desk does not vanish under the citizen who sits at it."""
    stay = {(row["mall"], row["code"]) for row in rows}
    wrong, expected = _("sedang melayani warga."), _("Selesaikan dulu di loket itu, lalu jalankan lagi.")
    return [
        Problem("desks", None, "code", f"{view.code} / {desk.sign}", wrong, expected)
        for view in malls.malls()
        if has_floor(view.id)
        for desk in visits.hall(view.id, fresh=True).desks
        if desk.number is not None and (view.code, desk.sign) not in stay
    ]


def taken(rows: Sequence[Mapping[str, Any]]) -> list[Problem]:
    """A published plan does not take the address of a plan of the city's own."""
    wrong, expected = _("sudah dipakai rencana kota sendiri."), _("Beri rencana yang diumumkan kode lain.")
    own = published.taken([row["code"] for row in rows if row["code"]])
    return [Problem("published", None, "code", code, wrong, expected) for code in own]


def apply_rows(
    rows: Rows, out: Outcome, *, by: Actor = BY, boundaries: Mapping[str, Any] | None = None, keep: bool | None = None
) -> None:
    """Write the sheets by the features' own actions, in the transaction that is open; ``out`` says what changed.

    ``boundaries``: the districts' shapes by code; those that are here stay where it is ``None`` (the office), and the
    calendar's rows are then the whole calendar. ``keep``: write new passwords down; ``None``: no accounts are made.
    """
    office = boundaries is None
    shapes = {row.code: row.boundary for row in malls.districts()} if boundaries is None else boundaries
    agencies = [AgencyRow(**{k: row[k] for k in AgencyRow.__slots__ if k in row}) for row in rows["agencies"]]
    out.changes["agencies"] = put_agencies(by=by, rows=agencies)
    out.changes["districts"] = malls_actions.put_districts(by=by, rows=rows["districts"], boundaries=shapes)
    for sheet in LAYOUT:
        if sheet == "zones":
            _start_clocks()
        whole = {"whole": True} if office and sheet == "calendar" else {}
        out.changes[sheet] = getattr(malls_actions, f"put_{sheet}")(by=by, rows=rows[sheet], **whole)
    for sheet in ("city", "policy"):
        out.changes[sheet] = malls_actions.put_city_lines(by=by, sheet=sheet, rows=rows[sheet])
    out.changes |= catalogue_actions.put_catalogue(by=by, rows=rows)
    out.changes |= promises.put_promises(by=by, rows=rows)
    out.changes |= estate_actions.put_estate(by=by, rows=rows)
    out.changes |= put_published(by=by, rows=rows)
    forget()
    out.changes["floor"] = _floors(rows, by)
    if keep is not None:
        out.changes["staff"] = put_accounts(by=BY, rows=rows["staff"], keep=keep)


def _start_clocks() -> None:
    """A new demo's clock stands at its first morning before anything is told about the mall: it never runs back."""
    malls.forget()
    for view in malls.malls():
        if view.demo and demo.stood_at(view.id) is None:
            malls_actions.resume_clock(by=BY, mall=view.id, at=demo.goes_on_at(view, None))


def _boundaries(folder: Path) -> dict[str, Any]:
    """The geometries of the districts by code; ``ValueError`` where the file is not GeoJSON of districts."""
    path = (folder if folder.is_dir() else folder.parent) / "districts.geojson"
    if not path.is_file():
        return {}
    try:
        features = json.loads(path.read_text(encoding="utf-8-sig"))["features"]
        return {str(feature["properties"]["code"]): dict(feature["geometry"]) for feature in features}
    except (OSError, KeyError, TypeError, RecursionError) as problem:
        raise ValueError(str(problem)) from None


def _broken_boundaries(folder: Path) -> list[Problem]:
    try:
        _boundaries(folder)
    except ValueError:
        wrong, expected = _("bukan GeoJSON yang dapat dibaca."), _("Setiap bentuk punya properti code dan geometri.")
        return [Problem("districts.geojson", None, "", "", wrong, expected)]
    return []


def _policy(rows: Rows) -> PolicyRow:
    values = {row["key"]: row["value"] for row in rows["policy"]}
    numbers = {name: values.get(name, default) for name, default in DEFAULT_NUMBERS.items()}
    return PolicyRow(**{name: values[name] for name in WEIGHTS if name in values}, numbers=numbers)


def _floors(rows: Rows, by: Actor) -> list[str]:
    """Lay out the floor of each mall for calls; returns the malls where something changed."""
    by_code = {f"{step.service_code}/{step.order}": step for step in catalogue.all_steps()}
    policy, changed = _policy(rows), []
    for view in malls.malls():
        signs = {place.sign: place for place in malls.hall_plan(view.id).desks}
        desks = []
        for row in rows["desks"]:
            place = signs.get(row["code"]) if row["mall"] == view.code else None
            if place is not None and place.level == "full":
                own = [by_code[code].id for code in row["skills"]]
                own = own or [step.id for step in by_code.values() if step.agency_code == place.agency_code]
                desks.append(DeskRow(place.desk, own))
        able = {step for desk in desks for step in desk.skills}
        steps = [StepRow(s.id, s.service_id, s.expected_minutes) for s in by_code.values() if s.id in able]
        if lay_out(by=by, mall=view.id, zone=view.zone_name, steps=steps, desks=desks, policy=policy):
            changed.append(view.code)
    return changed
