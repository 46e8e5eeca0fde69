"""Questions about the estate."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.db.models.functions import Now

from satuatap.features.estate.mapping import Rule, rule_of
from satuatap.features.estate.models import KeptTables, SavedColumns, Study
from satuatap.features.estate.refusals import NoSuchImport, NoSuchStudy
from satuatap.features.estate.rules import may_change_norm, standing
from satuatap.features.estate.states import Standing, StudyLife
from satuatap.features.estate.tables import FLOOR, SHEETS, TABLES, Table
from satuatap.plumbing.sourced import cells_of

__all__ = [
    "SHEETS",
    "ColumnsView",
    "Kept",
    "Standing",
    "StudyLine",
    "StudyTask",
    "StudyView",
    "kept_tables",
    "may_change_norm",
    "saved_columns",
    "sheet_rows",
    "standing",
    "studies",
    "study",
    "study_lines",
    "study_task",
]

Rows = dict[str, list[dict[str, Any]]]


def _rows(table: Table) -> list[dict[str, Any]]:
    links = [f"{name}__building" if what == FLOOR else name for name, what in table.links.items()]
    found = table.model.objects.select_related(*links).order_by("id")
    if table.retires:
        found = found.filter(active=True)
    return [_row(table, row) for row in found]


def _row(table: Table, row: Any) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, what in table.links.items():
        target = getattr(row, name)
        values[name] = target.code if target is not None else ""
        if what == FLOOR:
            values["building"] = target.building.code
    return {**values, **cells_of(row, *table.plain)}


def sheet_rows(only: Collection[str] | None = None) -> Rows:
    """The sheets of the inventory (``only``: these of them), in the order in which their rows came."""
    return {table.sheet: _rows(table) for table in TABLES if only is None or table.sheet in only}


@dataclass(frozen=True, slots=True)
class StudyView:
    """A study as a screen shows it. Amounts: Rupiah a year, of the score."""

    id: UUID
    life: StudyLife
    made_at: datetime
    ended_at: datetime | None
    seconds: float
    draws: int
    input_hash: str
    filled: dict[str, Any]
    present: float | None
    best: float | None
    bound: float | None
    best_plan: dict[str, str] | None
    answer: dict[str, Any] | None
    doubt: dict[str, Any] | None
    trouble: str
    points: tuple[tuple[float, float | None, float | None], ...]
    prices: dict[str, float] = field(default_factory=dict)  # those that were asked to differ from the norms

    @property
    def gap(self) -> float | None:
        """How far the best can be from the best there is: (best - bound) / best; ``None`` without both."""
        return gap_of(self.best, self.bound)


def gap_of(best: float | None, bound: float | None) -> float | None:
    """(best - bound) / best; ``None`` without both."""
    if best is None or bound is None:
        return None
    return max(0.0, (best - bound) / max(abs(best), 1.0))


def _view(row: Study, points: Any) -> StudyView:
    return StudyView(
        row.pk, StudyLife(row.life), row.made_at, row.ended_at, row.seconds, row.draws, row.input_hash, row.filled,
        row.present, row.best, row.bound, row.best_plan, row.answer, row.doubt, row.trouble,
        tuple((p.seconds, p.best, p.bound) for p in points), row.prices,
    )  # fmt: skip


def study(number: UUID) -> StudyView:
    """One study with its picture of best and bound."""
    row = Study.objects.defer("problem").filter(pk=number).first()
    if row is None:
        raise NoSuchStudy()
    return _view(row, row.points.order_by("id"))


@dataclass(frozen=True, slots=True)
class StudyTask:
    """What a study computes with; ``problem`` and ``plan`` are there when it was broken off before."""

    problem: dict[str, Any] | None
    plan: dict[str, str] | None
    seconds: float
    seed: int
    draws: int
    prices: dict[str, float]


def study_task(number: UUID) -> StudyTask:
    """What a study was asked to do."""
    row = Study.objects.filter(pk=number).first()
    if row is None:
        raise NoSuchStudy()
    return StudyTask(row.problem, row.best_plan, row.seconds, row.seed, row.draws, row.prices)


def studies(limit: int = 20) -> list[StudyView]:
    """The newest studies, without their pictures."""
    rows: QuerySet[Study] = Study.objects.defer("problem").order_by("-made_at")[:limit]
    return [_view(row, ()) for row in rows]


@dataclass(frozen=True, slots=True)
class StudyLine:
    """A study in the list: no answer, no draws."""

    id: UUID
    life: StudyLife
    made_at: datetime
    seconds: float
    draws: int
    present: float | None
    best: float | None
    bound: float | None
    trouble: str
    prices: dict[str, float]
    cash: tuple[float, float] | None  # Rupiah a year, today and in the plan; nothing before it ends
    made_up: bool  # rests on figures that were made up

    @property
    def gap(self) -> float | None:
        """As of a whole view."""
        return gap_of(self.best, self.bound)


def study_lines(limit: int = 50) -> list[StudyLine]:
    """The newest studies, one line each."""
    names = ("id", "life", "made_at", "seconds", "draws", "present", "best", "bound", "trouble", "prices")
    today, planned, made_up = "answer__present_cost__cash_yearly", "answer__cost__cash_yearly", "problem__synthetic"
    found = []
    for row in Study.objects.order_by("-made_at").values(*names, today, planned, made_up)[:limit]:
        values: dict[str, Any] = {name: row[name] for name in names}
        cash = None if None in (row[today], row[planned]) else (row[today], row[planned])
        found.append(
            StudyLine(**{**values, "life": StudyLife(values["life"])}, cash=cash, made_up=row[made_up] is True)
        )
    return found


@dataclass(frozen=True, slots=True)
class ColumnsView:
    """A kept way to read a sheet of the city's own."""

    id: int
    name: str
    sheet: str
    headings: tuple[str, ...]
    rules: tuple[Rule, ...]
    who: str
    changed_at: datetime


def saved_columns() -> list[ColumnsView]:
    """Every kept way to read a sheet, by name."""
    return [
        ColumnsView(row.pk, row.name, row.sheet, tuple(row.headings), tuple(map(rule_of, row.rules)), row.who,
                    row.changed_at)
        for row in SavedColumns.objects.order_by("name")
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Kept:
    """The cells of an upload with problems."""

    tables: dict[str, Any]
    notes: list[str]


def kept_tables(draft: UUID) -> Kept:
    """What was uploaded, until its days are over."""
    row = KeptTables.objects.filter(pk=draft, ends_at__gte=Now()).first()
    if row is None:
        raise NoSuchImport()
    return Kept(row.tables, row.notes)
