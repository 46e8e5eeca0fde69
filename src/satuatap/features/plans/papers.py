"""What a plan's report says: the moves by name, the buildings that empty and fill, cash and capacity apart.

The order is that of a telaahan staf in the offices of a region: pokok persoalan, praanggapan, fakta yang memengaruhi,
analisis, simpulan, saran. It is read from a published summary of the regions' rules of official papers
(https://fdokumen.com/document/susunan-telaahan-staf-.html); that Permendagri 1/2023 took the place of 54/2009 from
https://www.inforegulasi.com/2023/03/permendagri-nomor-1-tahun-2023-tentang.html. Its annex itself was not read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from satuatap.features.estate import queries as estate
from satuatap.features.estate.refusals import NoProblemKept, NoSuchStudy
from satuatap.features.estate.workbook import workbook
from satuatap.features.plans import drafting
from satuatap.features.plans.queries import PlanView, VersionView
from satuatap.features.plans.refusals import NotPriced, NoVersion
from satuatap.features.plans.rules import Inventory, Term

# What the draft of the decree leans on: (rule, what it is about). Known from the pages named in data/norms and of
# https://pasal.id/en/peraturan/pp/pp-no-28-tahun-2020; the office of law completes it.
BASES: tuple[tuple[str, str], ...] = (
    ("Peraturan Pemerintah Nomor 27 Tahun 2014 sebagaimana diubah dengan Peraturan Pemerintah Nomor 28 Tahun 2020",
     "Pengelolaan Barang Milik Negara/Daerah"),
    ("Peraturan Menteri Dalam Negeri Nomor 19 Tahun 2016 sebagaimana diubah dengan Peraturan Menteri Dalam Negeri "
     "Nomor 7 Tahun 2024", "Pedoman Pengelolaan Barang Milik Daerah"),
    ("Peraturan Menteri Dalam Negeri Nomor 47 Tahun 2021",
     "Tata Cara Pelaksanaan Pembukuan, Inventarisasi, dan Pelaporan Barang Milik Daerah"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class MoveLine:
    """One move by name."""

    unit: str
    people: int
    origin: str
    target: str
    address: str
    on: date
    services: int


@dataclass(frozen=True, slots=True)
class HouseLine:
    """A building that the plan changes: units and people in it today and then."""

    name: str
    address: str
    area_m2: float
    units: tuple[int, int]
    people: tuple[int, int]

    @property
    def is_freed(self) -> bool:
        """Whether nobody is left."""
        return self.units[0] > 0 and self.units[1] == 0


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that a version's report says of it. Amounts: Rupiah a year."""

    version: VersionView
    moves: tuple[MoveLine, ...]
    houses: tuple[HouseLine, ...]
    all_units: int
    all_buildings: int
    cash: tuple[Term, ...]
    capacity: tuple[Term, ...]
    one_off: float | None  # cash once, Rupiah
    doubt: Mapping[str, Any] | None  # intervals of this very plan in the study's draws
    norms: int  # kinds of norms that filled gaps
    known: Mapping[str, int]  # standing -> figures of the lists

    @property
    def people(self) -> int:
        """People who move."""
        return sum(one.people for one in self.moves)

    @property
    def freed(self) -> tuple[HouseLine, ...]:
        """Buildings that nobody is left in."""
        return tuple(one for one in self.houses if one.is_freed)


def report(view: PlanView) -> Report:
    """The report of the version that counts."""
    version = view.shown
    if version is None:
        raise NoVersion()
    content, known = version.content, version.inventory
    study = _study(content.study)
    answer = drafting.sums_of(content, study)
    doubt = (study.doubt or {}) if study and drafting.is_of_study(content.moves, study) else {}
    once = (answer.get("cost") or {}).get("one_off")
    filled: Mapping[str, Any] = study.filled if study else {}
    return Report(
        version, tuple(_moves(version)), tuple(_houses(version)), len(known.units), len(set(known.places.values())),
        tuple(one for one in content.terms if not one.capacity), tuple(one for one in content.terms if one.capacity),
        None if once is None else sum(once.values()), doubt.get("plan"),
        len(filled.get("norms", {})), filled.get("known", {}),
    )  # fmt: skip


def _study(code: str) -> estate.StudyView | None:
    """The study that priced a version, if it is still there."""
    try:
        return estate.study(UUID(code)) if code else None
    except NoSuchStudy:
        return None


def _moves(version: VersionView) -> list[MoveLine]:
    known: Inventory = version.inventory
    nothing = ("", "", 0.0, "")
    return [
        MoveLine(
            *known.units[one.unit], known.buildings.get(one.origin, nothing)[0] or one.origin,
            known.buildings[one.target][0], known.buildings[one.target][1], one.on, len(one.services),
        )
        for one in version.content.moves
    ]  # fmt: skip


def _houses(version: VersionView) -> list[HouseLine]:
    """Buildings that a unit leaves or comes to, those that empty first."""
    known, moves = version.inventory, version.content.moves
    then = {**known.places, **{one.unit: one.target for one in moves}}
    touched = {one.origin for one in moves} | {one.target for one in moves}
    units = [Counter(place.values()) for place in (known.places, then)]
    people: list[Counter[str]] = [Counter(), Counter()]
    for counted, place in zip(people, (known.places, then), strict=True):
        for unit, building in place.items():
            counted[building] += known.units.get(unit, ("", 0))[1]
    lines = [
        HouseLine(name, address, area, (units[0][code], units[1][code]), (people[0][code], people[1][code]))
        for code, (name, address, area, _use) in known.buildings.items()
        if code in touched
    ]
    return sorted(lines, key=lambda one: (not one.is_freed, -one.units[1], one.name))


def working_paper(view: PlanView) -> bytes:
    """The workbook with live formulas of the version that counts; refused where no study priced it."""
    version = view.shown
    if version is None:
        raise NoVersion()
    study = _study(version.content.study)
    raw = estate.study_task(study.id).problem if study else None
    if study is None or raw is None:
        raise NotPriced()
    targets = {one.unit: one.target for one in version.content.moves}
    plan = {unit["id"]: targets.get(unit["id"], unit["present"]) for unit in raw["units"]}
    about = [
        ("Rencana", f"{view.title} ({view.code})"), ("Versi", f"{version.number}, sidik isi {version.content_hash}"),
        *_about(study), ("Benih", str(version.content.seed)),
    ]  # fmt: skip
    return workbook(raw, plan, told=drafting.sums_of(version.content, study), about=about)


def study_paper(number: UUID) -> bytes:
    """The workbook of a study's own best plan; refused until it has one."""
    study, raw = estate.study(number), estate.study_task(number).problem
    if raw is None or study.best_plan is None:
        raise NoProblemKept()
    told = study.answer if study.answer and study.answer.get("cost") else None
    return workbook(raw, study.best_plan, told=told, about=_about(study))


def _about(study: estate.StudyView) -> list[tuple[str, str]]:
    return [("Kajian", f"{study.id}, sidik masukan {study.input_hash}")]
