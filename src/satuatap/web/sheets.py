"""What screens of the city's sheets share: one row as a form, a list's lines, changes in words."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from satuatap.basics.refusal import Refusal
from satuatap.features.journal import queries as journal
from satuatap.features.malls.changes import ChangeView, RowChange
from satuatap.features.people import queries as people
from satuatap.plumbing.sheets.cells import unescaped
from satuatap.plumbing.sheets.schema import Column, Kind, Sheet
from satuatap.web.guards import actor_of
from satuatap.web.inputs import BadInput, key_of, text_of

LONG = 200  # letters: what may be longer is typed into a field of several lines
SOURCE = ("source", "source_year", "confidence", "synthetic", "note")


def city() -> Any:
    """The door to the city's sheets (``settings.CITY_SHEETS``)."""
    return import_module(settings.CITY_SHEETS)


# ------------------------------------------------------------------ one row as a form
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


@dataclass(slots=True)
class Form:
    """A form as it is shown: what is typed, from which row, what is wrong."""

    texts: Mapping[str, str]
    then: Mapping[str, str] | None
    errors: Mapping[str, str] = field(default_factory=dict)
    now: Mapping[str, str] = field(default_factory=dict)


class FieldsWrong(Refusal):
    """What is wrong stands beside each field; what belongs to no field is said here."""

    code = "fields_wrong"
    status = 422
    text = gettext_lazy("Ada isian yang belum benar; lihat kalimat di bawahnya. Tidak ada yang berubah.")


def removed(request: HttpRequest, sheet: Sheet, row: str) -> Any:
    """Take one row out, as its form was read; the change, or one sentence of what still points to it."""
    try:
        return city().remove_row(
            by=actor_of(request), sheet=sheet, key=row, version=text_of(request.POST, "version", longest=20),
            request=key_of(request),
        )  # fmt: skip
    except city().Faults as faults:
        raise FieldsWrong(" ".join(faults.by_column.values())) from None


def row_of(sheet: Sheet, key: str | None) -> Mapping[str, str] | None:
    """The row as it stands; ``None`` for a new one."""
    if key is None:
        return None
    found: Mapping[str, str] | None = city().read_state(sheet.key)[sheet.key].get(key)
    if found is None:
        raise city().NoSuchRow()
    return found


def then_of(request: HttpRequest, key: str | None) -> Mapping[str, str] | None:
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


def form_values(sheet: Sheet, key: str | None, form: Form) -> dict[str, Any]:
    """What the page of one row shows of its form."""
    state = city().read_state(sheet.key, *(reference.sheet for reference in sheet.references))
    fields = [_field(sheet, column, form, state, key) for column in sheet.columns]
    then = form.then or {}
    return {
        "sheet": sheet, "key": key, "fields": [f for f in fields if f.column.key not in SOURCE],
        "sources": [f for f in fields if f.column.key in SOURCE], "then": json.dumps(form.then, sort_keys=True),
        "name": city().name_of(sheet, then) if key else "", "sourced": is_sourced(then),
        "wrong": [f for f in fields if f.error], "version": city().version_of(then),
    }  # fmt: skip


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
            words = [(row[reference.target[-1]], titled(row, reference.target[-1])) for row in rows]
    words = list(dict(words).items())
    if not words:
        return ()
    empty = () if column.required and text else (("", _("(kosong)")),)
    strange = ((text, text),) if text and text not in dict(words) else ()
    return (*empty, *strange, *words)


def titled(row: Mapping[str, str], key: str) -> str:
    """A row by its code and its name."""
    name = unescaped(row.get("name", ""))
    return f"{row[key]}: {name}" if name and name != row[key] else row[key]


# ------------------------------------------------------------------ the rows of a list
@dataclass(frozen=True, slots=True)
class Line:
    """One row of a list."""

    key: str
    name: str
    title: str
    sourced: bool
    source: str
    confidence: str


def is_sourced(texts: Mapping[str, str]) -> bool:
    """Nothing without a source is shown as if it had one."""
    return bool(texts.get("source"))


def line_of(sheet: Sheet, key: str, texts: Mapping[str, str]) -> Line:
    """A row as a list shows it."""
    title = next((texts[name] for name in ("name", "text", "document", "value") if texts.get(name)), "")
    name = city().name_of(sheet, texts)
    return Line(
        key, name, unescaped(title) if title not in name.split(" / ") else "", is_sourced(texts),
        unescaped(texts.get("source", "")), texts.get("confidence", ""),
    )  # fmt: skip


def lines_of(sheet: Sheet, rows: Mapping[str, Mapping[str, str]], asked: str, bare: bool) -> list[Line]:
    """The rows that hold every word of ``asked`` in some cell; ``bare``: only those without a source."""
    return [
        line_of(sheet, key, texts)
        for key, texts in rows.items()
        if all(any(word in cell.lower() for cell in texts.values()) for word in asked.lower().split())
        and not (bare and is_sourced(texts))
    ]


# ------------------------------------------------------------------ changes in words
@dataclass(frozen=True, slots=True)
class Shown:
    """One changed row in words."""

    sheet: str
    name: str
    mark: str  # added, changed, removed
    cells: tuple[tuple[str, str, str], ...]  # label, before, after


def mark_of(row: RowChange) -> str:
    """Whether a row comes, changes or goes."""
    return "added" if row.before is None else "removed" if row.after is None else "changed"


def _differences(row: RowChange) -> tuple[tuple[str, str, str], ...]:
    before, after = row.before or {}, row.after or {}
    return tuple(
        (_(column.label), unescaped(before.get(column.key, "")), unescaped(after.get(column.key, "")))
        for column in city().sheet_of(row.sheet).columns
        if before.get(column.key, "") != after.get(column.key, "")
    )


def shown(rows: Sequence[RowChange]) -> list[Shown]:
    """Rows in words: of one that changes, each cell that does."""
    found = []
    for row in rows:
        sheet = city().sheet_of(row.sheet)
        cells = _differences(row) if row.before and row.after else ()
        found.append(Shown(_(sheet.label), city().name_of(sheet, row.after or row.before or {}), mark_of(row), cells))
    return found


def problem_row(kept: Sequence[Any]) -> Sequence[Any]:
    """A problem for the table: sheet, row, column, value, wrong, expected, way of its mend, text of its mend."""
    mend = kept[6] if len(kept) > 6 and kept[6] else ("", "", False)
    return [*kept[:6], mend[0], mend[1]]


def safe_mends(problems: Sequence[Sequence[Any]]) -> int:
    """How many of these one press may mend together."""
    return sum(bool(one[6] and one[6][2]) for one in problems if len(one) > 6)


@dataclass(frozen=True, slots=True)
class Told:
    """A change in words."""

    view: ChangeView
    who: str
    text: str
    cells: tuple[tuple[str, str, str], ...]  # label, before, after
    proven: bool  # the journal has this change with this digest
    undo: bool


def told(views: Sequence[ChangeView], who: Callable[[str, Mapping[Any, str]], str]) -> list[Told]:
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
        cells = _differences(view.rows[0]) if len(view.rows) == 1 else ()
        by = who(line.who if line else view.who, names)
        found.append(Told(view, by, _counted(view.way, counts), cells, proven, not view.undone))
    return found


def _just_now(view: ChangeView) -> bool:
    """Entries get their place in the journal within a second; until then nothing is said against a change."""
    return view.applied_at is not None and datetime.now(UTC) - view.applied_at < timedelta(minutes=1)


def _counted(way: str, counts: Mapping[str, Mapping[str, int]]) -> str:
    ways = {"edit": _("Diubah"), "import": _("Impor"), "undo": _("Dibatalkan")}
    labels = {sheet.key: _(sheet.label) for sheet in city().OWN}
    parts = [f"{labels.get(sheet, sheet)} {sum(some.values())}" for sheet, some in counts.items()]
    return f"{ways.get(way, way)}: {', '.join(parts)}"
