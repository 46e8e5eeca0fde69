"""The city's sheets: agencies, booths, calendar, catalogue. Lists with search, one form a row, history and undo."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from satuatap.basics.refusal import Refusal
from satuatap.features.journal import queries as journal
from satuatap.features.malls import changes as kept
from satuatap.features.malls.changes import ChangeView
from satuatap.features.people import queries as people
from satuatap.features.people.states import Role
from satuatap.plumbing.sheets.cells import unescaped
from satuatap.plumbing.sheets.schema import Column, Kind, Sheet
from satuatap.web.guards import actor_of, role_required
from satuatap.web.inputs import BadInput, key_of, text_of, whole
from satuatap.web.office.history import who
from satuatap.web.office.refusals import FieldsWrong
from satuatap.web.office.shared import Office, attempt, office_of, page

HOME = "/pengelolaan/data"
ROWS_A_PAGE = 100
LONG = 200  # letters: what may be longer is typed into a field of several lines
GROUPS = (
    ("people", ("agencies",)),
    ("mall", ("malls", "zones", "booths", "desks", "hours", "calendar")),
    ("catalogue", ("services", "standards", "documents", "requirements", "steps", "places")),
    ("estate", ("buildings", "units", "placements", "floors", "spaces", "unit_staff", "meters", "bills")),
    ("money", ("support_staff", "upkeep", "leases", "trips", "visits", "announced", "norms")),
    ("more", ("life_events", "life_event_services", "sequences", "synonyms", "policy", "districts", "city")),
)
SOURCE = ("source", "source_year", "confidence", "synthetic", "note")


def city() -> Any:
    """The door to the city's sheets (``settings.CITY_SHEETS``)."""
    return import_module(settings.CITY_SHEETS)


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the form."""

    column: Column
    label: str
    text: str
    kind: str  # input, area, choice, date, fixed
    choices: tuple[tuple[str, str], ...] = ()
    error: str = ""
    now: str | None = None  # what somebody else put there meanwhile


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a list."""

    key: str
    name: str
    title: str
    sourced: bool
    source: str
    confidence: str


@dataclass(slots=True)
class Form:
    """A form as it is shown: what is typed, from which row, what is wrong."""

    texts: Mapping[str, str]
    then: Mapping[str, str] | None
    errors: Mapping[str, str] = field(default_factory=dict)
    now: Mapping[str, str] = field(default_factory=dict)


def is_sourced(texts: Mapping[str, str]) -> bool:
    """Nothing without a source is shown as if it had one."""
    return bool(texts.get("source"))


@role_required(Role.KEEPER)
@require_safe
def sheets_page(request: HttpRequest) -> HttpResponse:
    """Every sheet with how many rows it has and how many say where they come from."""
    return _index(request, office_of(request))


def _index(request: HttpRequest, office: Office, problem: Refusal | None = None) -> HttpResponse:
    state, names = city().read_state(), {sheet.key: sheet for sheet in city().OWN}
    groups = [
        (_group(code), [(names[key], len(state[key]), _bare(state[key])) for key in keys]) for code, keys in GROUPS
    ]
    values = {"groups": groups, "changes": told(kept.changes(8), office), "drafts": kept.drafts()}
    return page(request, "data", office, values, problem)


def _bare(rows: Mapping[str, Mapping[str, str]]) -> int:
    return sum(not is_sourced(texts) for texts in rows.values())


def _group(code: str) -> str:
    words = {
        "people": _("Instansi"),
        "mall": _("Mal"),
        "catalogue": _("Katalog layanan"),
        "estate": _("Gedung kantor"),
        "money": _("Biaya dan norma gedung"),
        "more": _("Lainnya"),
    }
    return words[code]


@role_required(Role.KEEPER)
@require_safe
def sheet_page(request: HttpRequest, sheet: str) -> HttpResponse:
    """The rows of one sheet; ``cari`` looks in every cell, ``tanpa`` shows those without a source."""
    found = city().sheet_of(sheet)
    asked = text_of(request.GET, "cari", longest=100, default="")
    bare = request.GET.get("tanpa") == "sumber"
    rows = city().read_state(found.key)[found.key]
    lines = [
        _line(found, key, texts)
        for key, texts in rows.items()
        if all(any(word in cell.lower() for cell in texts.values()) for word in asked.lower().split())
        and not (bare and is_sourced(texts))
    ]
    start = whole(request.GET.get("mulai", "0"), largest=100_000)
    values = {
        "sheet": found, "lines": lines[start : start + ROWS_A_PAGE], "found": len(lines), "all": len(rows),
        "asked": asked, "bare": bare, "before": max(start - ROWS_A_PAGE, 0) if start else None,
        "after": start + ROWS_A_PAGE if start + ROWS_A_PAGE < len(lines) else None,
    }  # fmt: skip
    return page(request, "sheet", office_of(request), values)


def _line(sheet: Sheet, key: str, texts: Mapping[str, str]) -> Line:
    title = next((texts[name] for name in ("name", "text", "document", "value") if texts.get(name)), "")
    name = city().name_of(sheet, texts)
    return Line(
        key, name, unescaped(title) if title not in name.split(" / ") else "", is_sourced(texts),
        unescaped(texts.get("source", "")), texts.get("confidence", ""),
    )  # fmt: skip


@role_required(Role.KEEPER)
@require_http_methods(["GET", "HEAD", "POST"])
def row_page(request: HttpRequest, sheet: str, row: str = "") -> HttpResponseBase:
    """The form of one row, or of a new one."""
    found, office = city().sheet_of(sheet), office_of(request)
    key = row or None
    if request.method != "POST":
        now = _row(found, key)
        return _show(request, office, found, key, Form(now or _fresh(found), now))
    typed = {column.key: str(request.POST.get(f"c-{column.key}", "")) for column in found.columns}
    form = Form(typed, _then(request, key))
    done = _("Perubahan sudah disimpan.")
    try:
        change = city().save_row(
            by=actor_of(request), sheet=found, key=key, typed=typed, then=form.then, request=key_of(request)
        )
    except city().Faults as faults:
        form.errors = faults.by_column
        return _show(request, office, found, key, form, FieldsWrong(faults.by_column.get("")))
    except city().RowMoved as moved:
        form.now, form.then = moved.now, _row(found, key)
        return _show(request, office, found, key, form, moved)
    except Refusal as refusal:
        return _show(request, office, found, key, form, refusal)
    return attempt(request, lambda: _undo_address(change), done, f"{HOME}/{found.key}", _never)


def _undo_address(change: UUID) -> str:
    return f"{HOME}/perubahan/{change}/batalkan"


def _never(refusal: Refusal) -> HttpResponse:
    raise refusal


def _row(sheet: Sheet, key: str | None) -> Mapping[str, str] | None:
    if key is None:
        return None
    found: Mapping[str, str] | None = city().read_state(sheet.key)[sheet.key].get(key)
    if found is None:
        raise city().NoSuchRow()
    return found


def _fresh(sheet: Sheet) -> dict[str, str]:
    """A new row: one mall is every row's mall until another is chosen."""
    malls = [texts["code"] for texts in city().read_state("malls")["malls"].values()]
    return {"mall": malls[0]} if len(malls) == 1 and sheet.key not in ("calendar",) else {}


def _then(request: HttpRequest, key: str | None) -> Mapping[str, str] | None:
    """The row that the form was made from, as the form carries it."""
    if key is None:
        return None
    try:
        then = json.loads(text_of(request.POST, "then", longest=60_000))
    except ValueError:
        raise BadInput() from None
    if not isinstance(then, dict) or not all(isinstance(value, str) for value in then.values()):
        raise BadInput()
    return then


def _show(
    request: HttpRequest, office: Office, sheet: Sheet, key: str | None, form: Form, problem: Refusal | None = None
) -> HttpResponse:
    state = city().read_state(sheet.key, *(reference.sheet for reference in sheet.references))
    fields = [_field(sheet, column, form, state, key) for column in sheet.columns]
    past = told(kept.changes_of(sheet.key, key), office) if key else []
    then = form.then or {}
    values = {
        "sheet": sheet, "key": key, "fields": [f for f in fields if f.column.key not in SOURCE],
        "sources": [f for f in fields if f.column.key in SOURCE], "then": json.dumps(form.then, sort_keys=True),
        "name": city().name_of(sheet, then) if key else "", "past": past, "sourced": is_sourced(then),
        "wrong": [f for f in fields if f.error],
        "version": city().version_of(then),
    }  # fmt: skip
    return page(request, "row", office, values, problem)


def _field(sheet: Sheet, column: Column, form: Form, state: Any, key: str | None) -> Field:
    is_fixed = key is not None and column.key in city().fixed(sheet)
    text = unescaped(((form.then or {}) if is_fixed else form.texts).get(column.key, ""))
    now = form.now.get(column.key)
    choices, kind = _choices(sheet, column, state, text), "input"
    if is_fixed:
        kind = "fixed"
    elif choices:
        kind = "choice"
    elif column.kind is Kind.DATE:
        kind = "date"
    elif column.kind is Kind.TEXT and column.longest > LONG:
        kind = "area"
    return Field(
        column, _(column.label), text, kind, choices, form.errors.get(column.key, ""),
        None if now is None else unescaped(now) or _("kosong"),
    )  # fmt: skip


def _choices(sheet: Sheet, column: Column, state: Any, text: str) -> tuple[tuple[str, str], ...]:
    """What a field is chosen from: its words, yes and no, or the rows that it points to."""
    if column.kind is Kind.BOOL:
        return (("no", _("tidak")), ("yes", _("ya")))
    words = [(word, word) for word in column.choices]
    for reference in sheet.references:
        if reference.columns[-1] == column.key and column.kind is not Kind.LIST:
            rows = state[reference.sheet].values()
            words = [(row[reference.target[-1]], _titled(row, reference.target[-1])) for row in rows]
    words = list(dict(words).items())
    if not words:
        return ()
    empty = () if column.required and text else (("", _("(kosong)")),)
    strange = ((text, text),) if text and text not in dict(words) else ()
    return (*empty, *strange, *words)


def _titled(row: Mapping[str, str], key: str) -> str:
    name = unescaped(row.get("name", ""))
    return f"{row[key]}: {name}" if name and name != row[key] else row[key]


@dataclass(frozen=True, slots=True)
class Told:
    """A change in words."""

    view: ChangeView
    who: str
    text: str
    cells: tuple[tuple[str, str, str], ...]  # label, before, after
    proven: bool  # the journal has this change with this digest
    undo: bool


def told(views: list[ChangeView], office: Office) -> list[Told]:
    """Changes with who made them; the journal says whether they are what was told when they were made."""
    lines = journal.latest(("city_changed",), mall=None, limit=1000)
    known = {line.fact["change"]: line for line in lines}
    numbers = {int(line.who.partition(":")[2]) for line in lines if line.who.startswith("account:")}
    names = people.display_names(numbers)
    found = []
    for view in views:
        line = known.get(str(view.id))
        proven = line.fact["digest"] == view.digest if line else _just_now(view)
        counts = line.fact["counts"] if line else {}
        by = who(line.who if line else view.who, names)
        found.append(Told(view, by, _counted(view.way, counts), _cells(view), proven, not view.undone))
    return found


def _just_now(view: ChangeView) -> bool:
    """Entries get their place in the journal within a second; until then nothing is said against a change."""
    return view.applied_at is not None and datetime.now(UTC) - view.applied_at < timedelta(minutes=1)


def _counted(way: str, counts: Mapping[str, Mapping[str, int]]) -> str:
    ways = {"edit": _("Diubah"), "import": _("Impor"), "undo": _("Dibatalkan")}
    labels = {sheet.key: _(sheet.label) for sheet in city().OWN}
    parts = [f"{labels.get(sheet, sheet)} {sum(some.values())}" for sheet, some in counts.items()]
    return f"{ways.get(way, way)}: {', '.join(parts)}"


def _cells(view: ChangeView) -> tuple[tuple[str, str, str], ...]:
    """What one row's change did, cell by cell; of a change with more rows nothing."""
    if len(view.rows) != 1:
        return ()
    (row,) = view.rows
    before, after = row.before or {}, row.after or {}
    labels = {column.key: _(column.label) for column in city().sheet_of(row.sheet).columns}
    return tuple(
        (labels[name], unescaped(before.get(name, "")), unescaped(after.get(name, "")))
        for name in labels
        if before.get(name, "") != after.get(name, "")
    )


@role_required(Role.KEEPER)
@require_POST
def remove(request: HttpRequest, sheet: str, row: str) -> HttpResponseBase:
    """Take one row out; what others point to stays."""
    found, office = city().sheet_of(sheet), office_of(request)

    def act() -> str:
        try:
            return _undo_address(city().remove_row(
                by=actor_of(request), sheet=found, key=row, version=text_of(request.POST, "version", longest=20),
                request=key_of(request),
            ))  # fmt: skip
        except city().Faults as faults:
            raise FieldsWrong(" ".join(faults.by_column.values())) from None

    def again(refusal: Refusal) -> HttpResponse:
        now = _row(found, row)
        return _show(request, office, found, row, Form(now or {}, now), refusal)

    return attempt(request, act, _("Baris sudah dihapus."), f"{HOME}/{found.key}", again)


@role_required(Role.KEEPER)
@require_POST
def undo(request: HttpRequest, change: UUID) -> HttpResponseBase:
    """Take a change back, as a new change."""
    office = office_of(request)

    def act() -> None:
        city().undo_change(by=actor_of(request), change=change, request=key_of(request))

    return attempt(
        request, act, _("Perubahan sudah dibatalkan."), HOME, lambda problem: _index(request, office, problem)
    )


@role_required(Role.KEEPER)
@require_safe
def download(request: HttpRequest) -> HttpResponse:
    """The city as an archive of CSV files, as ``satuatap city export`` writes them; no person in it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in city().city_files().items():
            archive.writestr(zipfile.ZipInfo(name, (2000, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
    answer = HttpResponse(out.getvalue(), content_type="application/zip")
    answer["Content-Disposition"] = 'attachment; filename="kota.zip"'
    return answer
