"""Every write of the estate: its sheets, the rows of an upload that is being mended, studies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now

from satuatap.basics.actor import Actor
from satuatap.features.estate import facts, refusals
from satuatap.features.estate.mapping import FIXED, Rule
from satuatap.features.estate.models import (
    Building,
    Floor,
    KeptTables,
    Meter,
    Placement,
    SavedColumns,
    Study,
    StudyPoint,
    Unit,
)
from satuatap.features.estate.rules import wrong_prices
from satuatap.features.estate.states import MOVES, OVER, StudyLife, StudyMove
from satuatap.features.estate.tables import AGENCY, BUILDING, FLOOR, METER, TABLES, UNIT, Table
from satuatap.features.journal.actions import announce
from satuatap.features.journal.queries import entry_of_request
from satuatap.features.people.queries import agency_ids
from satuatap.plumbing.locking import hold_city, hold_request, lock
from satuatap.plumbing.sourced import SOURCED
from satuatap.plumbing.upsert import Change, put_rows

Row = Mapping[str, Any]
Rows = Mapping[str, Sequence[Row]]
KEPT_DAYS = 7
SILENT_SECONDS = 60  # a study whose process said nothing for so long is gone
GIVES_CODES = {"buildings": (BUILDING, Building), "units": (UNIT, Unit), "meters": (METER, Meter)}


@transaction.atomic
def put_estate(*, by: Actor, rows: Rows) -> dict[str, Change]:
    """Make the inventory equal to the sheets; says what changed in each. Buildings and units that went stay inactive.

    Goods of the region are registered as Permendagri 19/2016 (changed by 7/2024) and 47/2021 ask.
    """
    known: dict[str, Mapping[Any, int]] = {AGENCY: agency_ids()}
    changes: dict[str, Change] = {}
    for table in TABLES:
        retire = {"active": False} if table.retires else None
        values = [_values(table, row, known) for row in rows.get(table.sheet, ())]
        key = [f"{name}_id" if name in table.links else name for name in table.key]
        changes[table.sheet] = put_rows(table.model.objects.all(), key, values, retire=retire)
        if table.sheet in GIVES_CODES:
            what, model = GIVES_CODES[table.sheet]
            known[what] = dict(model.objects.values_list("code", "id"))
        elif table.sheet == "floors":
            found = Floor.objects.values_list("building__code", "code", "id")
            known[FLOOR] = {(building, code): number for building, code, number in found}
    if any(changes.values()):
        counts = {sheet: change.counts() for sheet, change in changes.items() if change}
        announce(facts.EstatePut(counts), by=by)
    return changes


@transaction.atomic
def seat_unit(*, by: Actor, unit: str, origin: str, target: str, on: date, source: str) -> None:
    """A unit sits elsewhere from that day on; where it sat ends the day before. ``source``: what decided it."""
    hold_city()  # a form or an import that writes the whole inventory back must not lose it, nor be lost
    rows = lock(Placement.objects.filter(unit__code=unit, until=None, building__code=origin))
    building = Building.objects.filter(code=target, active=True).first()
    if not rows or building is None:
        raise refusals.SitsElsewhere()
    here = rows[0]
    if here.since is not None and here.since >= on:
        raise refusals.SeatedLater(here.since)
    Placement.objects.filter(pk=here.pk).update(until=on - timedelta(days=1))
    Placement.objects.create(
        unit_id=here.unit_id, building=building, since=on, source=source, source_year=on.year, confidence="H"
    )
    announce(facts.UnitSeated(unit, origin, target, on.isoformat()), by=by)


def _values(table: Table, row: Row, known: Mapping[str, Mapping[Any, int]]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name in (*table.plain, *SOURCED):
        value = row.get(name)
        values[name] = _blank(table, name) if value is None else list(value) if name == "made_up" else value
    for name, what in table.links.items():
        code: Any = row.get(name) or None
        if what == FLOOR:
            code = (row["building"], code)
        if code is not None and code not in known[what]:
            raise refusals.BrokenInventory()
        values[f"{name}_id"] = None if code is None else known[what][code]
    if table.retires:
        values["active"] = True
    return values


def _blank(table: Table, name: str) -> Any:
    field = table.model._meta.get_field(name)
    if name == "made_up":
        return []
    return None if field.null else field.get_default()


# ------------------------------------------------------------------ an upload that is being mended
@transaction.atomic
def keep_tables(*, draft: UUID, tables: Mapping[str, Any], notes: Sequence[str]) -> None:
    """Keep the cells of an upload whose problems can be mended by a press; no fact, because nothing happened."""
    ends = Now() + timedelta(days=KEPT_DAYS)
    KeptTables.objects.update_or_create(
        draft=draft, defaults={"tables": dict(tables), "notes": list(notes), "ends_at": ends}
    )


@transaction.atomic
def drop_tables(*, draft: UUID | None = None) -> int:
    """Forget what was kept of one upload, or of every one whose days are over."""
    which = Q(draft=draft) if draft else Q(ends_at__lt=Now())
    return KeptTables.objects.filter(which).delete()[0]


# ------------------------------------------------------------------ how the city's own sheets are read
@transaction.atomic(durable=True)
def save_columns(
    *, by: Actor, name: str, sheet: str, rules: Sequence[Rule], request: UUID | None = None
) -> int:  # fmt: skip
    """Keep by name how a sheet of the city's own is read; the same name again is changed."""
    earlier = entry_of_request(request, facts.ColumnsSaved.kind)
    if earlier is not None:
        return int(earlier.fact["columns"])
    headings = [rule.taken for rule in rules if rule.taken not in ("", FIXED)]
    if not name or not headings:
        raise refusals.NothingMapped()
    row, _fresh = SavedColumns.objects.update_or_create(
        name=name,
        defaults={
            "sheet": sheet, "headings": headings, "rules": [rule.as_json() for rule in rules if rule.taken],
            "who": by.code, "changed_at": Now(),
        },
    )  # fmt: skip
    announce(facts.ColumnsSaved(row.pk, sheet), by=by, request=request)
    return row.pk


@transaction.atomic(durable=True)
def drop_columns(*, by: Actor, columns: int, request: UUID | None = None) -> None:
    """Forget how a sheet of the city's own is read; what was imported by it stays."""
    if SavedColumns.objects.filter(pk=columns).delete()[0]:
        announce(facts.ColumnsDropped(columns), by=by, request=request)


# ------------------------------------------------------------------ studies
@transaction.atomic(durable=True)
def ask_study(
    *, by: Actor, seconds: float, seed: int = 1, draws: int = 0, prices: Mapping[str, float] | None = None,
    request: UUID | None = None,
) -> UUID:  # fmt: skip
    """Ask for a study of the inventory, perhaps at other prices than the norms'; it waits for its job."""
    hold_request(request)
    earlier = entry_of_request(request, facts.StudyAsked.kind)
    if earlier is not None:
        return UUID(earlier.fact["study"])
    asked = dict(prices or {})
    wrong = wrong_prices(asked)
    if wrong:
        raise refusals.BadPrices(wrong)
    if not Placement.objects.filter(unit__active=True, building__active=True).exists():
        raise refusals.NothingToStudy()
    row = Study.objects.create(who=by.code, seconds=seconds, seed=seed, draws=draws, prices=asked)
    announce(facts.StudyAsked(str(row.pk), seconds, draws, asked), by=by, request=request)
    return row.pk


def _locked(study: UUID) -> Study:
    row = Study.objects.select_for_update(no_key=True, of=("self",)).filter(pk=study).first()
    if row is None:
        raise refusals.NoSuchStudy()
    return row


def _move(row: Study, move: StudyMove) -> None:
    life = MOVES.get((StudyLife(row.life), move))
    if life is None:
        raise refusals.StudyIsOver()
    row.life = life


@transaction.atomic
def begin_study(*, study: UUID | None = None) -> UUID | None:
    """Take a study that waits (the eldest, where none is named); ``None`` while another runs, or where none waits."""
    rows = list(Study.objects.select_for_update(no_key=True, of=("self",)).exclude(life__in=OVER).order_by("made_at"))
    waiting = [row for row in rows if row.life == StudyLife.QUEUED and study in (None, row.pk)]
    if not waiting or len([row for row in rows if row.life != StudyLife.QUEUED]):
        return None
    row = waiting[0]
    _move(row, StudyMove.BEGIN)
    row.beat_at = Now()
    row.save(update_fields=["life", "beat_at"])
    return row.pk


@transaction.atomic
def keep_problem(*, study: UUID, problem: Mapping[str, Any], input_hash: str, filled: Mapping[str, Any]) -> None:
    """Keep what a study computes with, so that it can be repeated and checked by others."""
    row = _locked(study)
    row.problem, row.input_hash, row.filled = dict(problem), input_hash, dict(filled)
    row.save(update_fields=["problem", "input_hash", "filled"])


@transaction.atomic(durable=True)
def stop_study(*, by: Actor, study: UUID, request: UUID | None = None) -> None:
    """Ask a study to end; it keeps its best."""
    row = _locked(study)
    if entry_of_request(request, facts.StudyStopped.kind, study=str(study)) is not None:
        return
    _move(row, StudyMove.STOP)
    if row.life in OVER:
        row.ended_at = Now()
    row.save(update_fields=["life", "ended_at"])
    announce(facts.StudyStopped(str(study)), by=by, request=request)


@transaction.atomic
def note_progress(
    *, study: UUID, seconds: float, present: float, best: float | None, bound: float | None,
    plan: Mapping[str, str] | None = None,
) -> bool:  # fmt: skip
    """Note where a study stands; no fact, because nothing is decided. True while it should go on."""
    row = _locked(study)
    if row.life in OVER:
        return False
    row.present, row.beat_at = present, Now()
    if plan is not None and best is not None and (row.best is None or best < row.best or row.best_plan is None):
        row.best, row.best_plan = best, dict(plan)
    if bound is not None and (row.bound is None or bound > row.bound):
        row.bound = bound
    row.save(update_fields=["present", "beat_at", "best", "best_plan", "bound"])
    StudyPoint.objects.create(study=row, seconds=seconds, best=best, bound=bound)
    return row.life == StudyLife.RUNNING


@transaction.atomic
def end_study(*, by: Actor, study: UUID, answer: Mapping[str, Any], doubt: Mapping[str, Any] | None = None) -> None:
    """Keep the answer of a study that ended by itself or was stopped."""
    row = _locked(study)
    _move(row, StudyMove.END)
    cost = answer["cost"]
    row.answer, row.doubt, row.ended_at = dict(answer), None if doubt is None else dict(doubt), Now()
    row.present, row.bound = answer["present_cost"]["score"], answer["lower_bound"]
    if cost is not None:
        row.best, row.best_plan = cost["score"], dict(answer["plan"])
    row.save()
    present, best, bound = (None if value is None else round(value) for value in (row.present, row.best, row.bound))
    announce(facts.StudyEnded(str(study), row.input_hash, present, best, bound, bool(answer["proved"])), by=by)


@transaction.atomic
def fail_study(*, study: UUID, trouble: str) -> None:
    """Say why a study could not go on; what it found stays."""
    row = _locked(study)
    if row.life in OVER:
        return
    _move(row, StudyMove.FAIL)
    row.trouble, row.ended_at = trouble[:2000], Now()
    row.save(update_fields=["life", "trouble", "ended_at"])


@transaction.atomic
def resume_studies(*, silent_seconds: float = SILENT_SECONDS) -> list[UUID]:
    """Studies whose process is gone wait again, or end where they were asked to; returns all that wait."""
    gone = Now() - timedelta(seconds=silent_seconds)
    lost = Q(life__in=[StudyLife.RUNNING, StudyLife.STOPPING], beat_at__lt=gone)
    for row in Study.objects.select_for_update(no_key=True, of=("self",)).filter(lost):
        _move(row, StudyMove.RESUME)
        if row.life in OVER:
            row.ended_at = Now()
        row.save(update_fields=["life", "ended_at"])
    return list(Study.objects.filter(life=StudyLife.QUEUED).order_by("made_at").values_list("pk", flat=True))
