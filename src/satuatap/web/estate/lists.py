"""The sheets of the inventory for who keeps it: their list, the rows of one, one as a form; changes taken back."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from satuatap.basics.refusal import Refusal
from satuatap.features.malls import changes as kept
from satuatap.plumbing.sheets.schema import Sheet
from satuatap.web.estate.shared import (
    CHANGES,
    KEEP,
    LISTS,
    READ,
    attempt,
    change_of,
    keeps,
    page,
    refuse_norms,
    refuse_norms_of,
    sheet_of,
    undo_address,
    who,
)
from satuatap.web.guards import NotAllowed, actor_of, role_required
from satuatap.web.inputs import key_of, text_of, whole
from satuatap.web.sheets import (
    FieldsWrong,
    Form,
    city,
    form_values,
    is_sourced,
    lines_of,
    removed,
    row_of,
    then_of,
    told,
)

ROWS_A_PAGE = 100
TABS = {"units": "units", "placements": "units", "unit_staff": "units", "norms": "norms"}


@role_required(*READ)
@require_safe
def lists_page(request: HttpRequest) -> HttpResponse:
    """Every sheet of the inventory with how many rows it has and how many say where they come from."""
    return _index(request)


def _index(request: HttpRequest, problem: Refusal | None = None) -> HttpResponse:
    names = city().ESTATE_SHEETS
    state = city().read_state(*names)
    sheets = [
        (sheet, len(state[sheet.key]), sum(not is_sourced(texts) for texts in state[sheet.key].values()))
        for sheet in (city().sheet_of(name) for name in names)
    ]
    mine = {sheet.key for sheet, _all, _bare in sheets}
    changes = [one for one in kept.changes(20) if {row.sheet for row in kept.change(one.id).rows} <= mine][:6]
    values = {"sheets": sheets, "changes": told(changes, who), "undo": CHANGES if keeps(request) else ""}
    return page(request, "houses", "lists", values, problem)


@role_required(*READ)
@require_safe
def list_page(request: HttpRequest, sheet: str) -> HttpResponse:
    """The rows of one sheet; ``cari`` looks in every cell, ``tanpa`` shows those without a source."""
    found = sheet_of(sheet)
    asked, bare = text_of(request.GET, "cari", longest=100, default=""), request.GET.get("tanpa") == "sumber"
    rows = city().read_state(found.key)[found.key]
    lines = lines_of(found, rows, asked, bare)
    start = whole(request.GET.get("mulai", "0"), largest=100_000)
    values = {
        "sheet": found, "lines": lines[start : start + ROWS_A_PAGE], "found": len(lines), "all": len(rows),
        "asked": asked, "bare": bare, "before": max(start - ROWS_A_PAGE, 0) if start else None,
        "after": start + ROWS_A_PAGE if start + ROWS_A_PAGE < len(lines) else None,
    }  # fmt: skip
    return page(request, TABS.get(found.key, "houses"), "list", values)


@role_required(*READ)
@require_http_methods(["GET", "HEAD", "POST"])
def row_page(request: HttpRequest, sheet: str, row: str = "") -> HttpResponseBase:
    """The form of one row, or of a new one; who only reads sees it without a way to save."""
    found, key = sheet_of(sheet), row or None
    if request.method != "POST":
        now = row_of(found, key)
        return _show(request, found, key, Form(now or {}, now))
    _need_keeper(request)
    typed = {column.key: str(request.POST.get(f"c-{column.key}", "")) for column in found.columns}
    form = Form(typed, then_of(request, key))
    try:
        if found.key == "norms":
            refuse_norms(request, [typed, row_of(found, key)])
        change = city().save_row(
            by=actor_of(request), sheet=found, key=key, typed=typed, then=form.then, request=key_of(request)
        )
    except city().Faults as faults:
        form.errors = faults.by_column
        return _show(request, found, key, form, FieldsWrong(faults.by_column.get("")))
    except city().RowMoved as moved:
        form.now, form.then = moved.now, row_of(found, key)
        return _show(request, found, key, form, moved)
    except Refusal as refusal:
        return _show(request, found, key, form, refusal)
    back = "/studio/harga" if found.key == "norms" else f"{LISTS}/{found.key}"
    return attempt(request, lambda: undo_address(change), _("Perubahan sudah disimpan."), back, _never)


def _need_keeper(request: HttpRequest) -> None:
    if not keeps(request):
        raise NotAllowed(KEEP)


def _never(refusal: Refusal) -> HttpResponse:
    raise refusal


def _show(
    request: HttpRequest, sheet: Sheet, key: str | None, form: Form, problem: Refusal | None = None
) -> HttpResponse:  # fmt: skip
    past = told(kept.changes_of(sheet.key, key), who) if key else []
    values = form_values(sheet, key, form) | {"past": past, "undo": CHANGES if keeps(request) else ""}
    return page(request, TABS.get(sheet.key, "houses"), "row", values, problem)


@role_required(*KEEP)
@require_POST
def remove(request: HttpRequest, sheet: str, row: str) -> HttpResponseBase:
    """Take one row out; what others point to stays."""
    found = sheet_of(sheet)

    def act() -> str:
        if found.key == "norms":
            refuse_norms(request, [row_of(found, row)])
        return undo_address(removed(request, found, row))

    def again(refusal: Refusal) -> HttpResponse:
        now: Mapping[str, str] | None = row_of(found, row)
        return _show(request, found, row, Form(now or {}, now), refusal)

    return attempt(request, act, _("Baris sudah dihapus."), f"{LISTS}/{found.key}", again)


@role_required(*KEEP)
@require_POST
def undo(request: HttpRequest, change: UUID) -> HttpResponseBase:
    """Take a change of the inventory back, as a new change."""
    view = change_of(change)

    def act() -> None:
        refuse_norms_of(request, view)
        city().undo_change(by=actor_of(request), change=change, request=key_of(request))

    return attempt(request, act, _("Perubahan sudah dibatalkan."), LISTS, lambda problem: _index(request, problem))
