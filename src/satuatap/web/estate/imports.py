"""Importing the inventory: upload, every problem beside its row, the changes, one press that applies them."""

from __future__ import annotations

import contextlib
from collections import Counter
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from satuatap.basics.refusal import Refusal
from satuatap.features.estate import queries as estate
from satuatap.features.estate.refusals import NoSuchImport
from satuatap.features.malls import actions
from satuatap.features.malls import changes as kept
from satuatap.features.malls.changes import ChangeView
from satuatap.web.answers import SeeOther
from satuatap.web.estate.grid import Grid, grid
from satuatap.web.estate.shared import (
    IMPORT,
    KEEP,
    LISTS,
    attempt,
    change_of,
    page,
    refuse_norms_of,
    sheet_of,
    undo_address,
)
from satuatap.web.guards import actor_of, role_required
from satuatap.web.inputs import flag_of, key_of, text_of, whole
from satuatap.web.refusals import NotFound
from satuatap.web.sheets import city, mark_of, safe_mends, shown

MOST_SHOWN = 200
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@role_required(*KEEP)
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponseBase:
    """The form of an upload; what was uploaded is shown on a page of its own."""
    if request.method != "POST":
        return start_page(request)
    key_of(request)
    try:
        uploads = [city().Upload(str(file.name), file.read()) for file in request.FILES.getlist("files")]
        part = flag_of(request.POST, "part", default=False)
        draft = city().look_at(by=actor_of(request), uploads=uploads, only=city().ESTATE_SHEETS, part=part)
    except Refusal as refusal:
        return start_page(request, refusal)
    return SeeOther(f"{IMPORT}/{draft.id}")


def start_page(request: HttpRequest, problem: Refusal | None = None) -> HttpResponse:
    """The two doors: files with our headings, and the city's own."""
    mine = actor_of(request).code
    sheets = [city().sheet_of(name) for name in city().ESTATE_SHEETS]
    drafts = [one for one in kept.drafts() if one.who == mine]
    values = {"drafts": drafts, "sheets": sheets, "three": city().THREE, "saved": _saved()}
    return page(request, "houses", "import", values, problem)


def _saved() -> list[tuple[Any, str]]:
    """Kept ways to read the city's own sheets, each with the label of the sheet that it fills."""
    return [(one, _(city().sheet_of(one.sheet).label)) for one in estate.saved_columns()]


@role_required(*KEEP)
@require_safe
def template(request: HttpRequest, which: str) -> HttpResponse:
    """An XLSX to fill in: the three lists that a study starts from, or every sheet of the inventory."""
    if which not in ("tiga", "semua"):
        raise NotFound()
    sheets = city().THREE if which == "tiga" else city().ESTATE_SHEETS
    return _file(city().template(sheets), f"templat-{which}.xlsx")


@role_required(*KEEP)
@require_safe
def download(request: HttpRequest, which: str) -> HttpResponse:
    """The inventory as it is now, all of it or one sheet."""
    sheets = city().ESTATE_SHEETS if which == "semua" else (sheet_of(which).key,)
    return _file(city().sheets_file(sheets), f"inventaris-{which}.xlsx")


def _file(data: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(data, content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@role_required(*KEEP)
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, draft: UUID) -> HttpResponseBase:
    """What an upload would change, or what keeps it from being applied; POST applies it."""
    view = change_of(draft)
    if request.method != "POST":
        return _review(request, view)

    def act() -> str:
        refuse_norms_of(request, view)
        city().apply_draft(by=actor_of(request), draft=draft, request=key_of(request))
        return undo_address(draft)

    return attempt(
        request, act, _("Impor sudah diterapkan."), LISTS, lambda problem: _review(request, change_of(draft), problem)
    )


def _review(request: HttpRequest, view: ChangeView, problem: Refusal | None = None) -> HttpResponse:
    marks = Counter(mark_of(row) for row in view.rows)
    grids = grids_of(view)
    asked = text_of(request.GET, "lembar", longest=60, default="")
    values = {
        "draft": view, "added": marks["added"], "changed": marks["changed"], "removed": marks["removed"],
        "rows": shown(view.rows[:MOST_SHOWN]), "more": max(len(view.rows) - MOST_SHOWN, 0),
        "grids": grids, "grid": next((one for one in grids if one.sheet.key == asked), grids[0] if grids else None),
        "others": _others(view), "safe": safe_mends(view.problems),
        "lost": sum(not one[1] and bool(one[3]) for one in view.problems),
        "stale": problem is not None and problem.code == "city_moved",
    }  # fmt: skip
    return page(request, "houses", "review", values, problem)


def grids_of(view: ChangeView) -> list[Grid]:
    """The problems of a draft, sheet by sheet."""
    tables: dict[str, Any] = {}
    with contextlib.suppress(NoSuchImport):
        tables = estate.kept_tables(view.id).tables if view.problems else {}
    found = []
    for name in city().ESTATE_SHEETS:
        mine = [(place, one) for place, one in enumerate(view.problems) if one[0] == name]
        if mine:
            found.append(grid(city().sheet_of(name), tables.get(name), mine))
    return found


def _others(view: ChangeView) -> list[Any]:
    """Problems of files rather than of sheets, and what other sheets of the city would suffer."""
    labels = {sheet.key: _(sheet.label) for sheet in city().OWN}
    return [
        {"sheet": labels.get(one[0], one[0]), "value": one[3], "text": one[4], "expected": one[5]}
        for one in view.problems
        if one[0] not in city().ESTATE_SHEETS
    ]


@role_required(*KEEP)
@require_POST
def again(request: HttpRequest, draft: UUID) -> HttpResponseBase:
    """Compare a stale draft with the city as it is now."""
    change_of(draft)
    key_of(request)
    return SeeOther(f"{IMPORT}/{city().compare_again(by=actor_of(request), draft=draft).id}")


@role_required(*KEEP)
@require_POST
def mend(request: HttpRequest, draft: UUID) -> HttpResponseBase:
    """Mend one problem of a draft, or all that are safe; what comes of it is shown as a draft of its own."""
    view, place = change_of(draft), request.POST.get("place", "")
    key_of(request)
    try:
        which = whole(place, largest=100_000) if place else None
        return SeeOther(f"{IMPORT}/{city().mend(by=actor_of(request), draft=draft, place=which).id}")
    except Refusal as refusal:
        return _review(request, view, refusal)


@role_required(*KEEP)
@require_POST
def drop(request: HttpRequest, draft: UUID) -> HttpResponseBase:
    """Forget a draft; nothing was written."""
    change_of(draft)
    return attempt(
        request, lambda: actions.drop_draft(draft=draft), _("Impor dibuang; tidak ada yang berubah."), IMPORT,
        lambda problem: start_page(request, problem),
    )  # fmt: skip


@role_required(*KEEP)
@require_safe
def problems(request: HttpRequest, draft: UUID) -> HttpResponse:
    """Everything that is wrong with an upload as an XLSX, to be passed on to who fills in the file."""
    return _file(city().problems_file(change_of(draft)), "masalah-impor.xlsx")
