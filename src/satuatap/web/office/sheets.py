"""The city's sheets: agencies, booths, calendar, catalogue. Lists with search, one form a row, history and undo."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from satuatap.basics.refusal import Refusal
from satuatap.features.malls import changes as kept
from satuatap.features.people.states import Role
from satuatap.plumbing.sheets.schema import Sheet
from satuatap.web.guards import actor_of, role_required
from satuatap.web.inputs import key_of, text_of, whole
from satuatap.web.office.history import who
from satuatap.web.office.shared import Office, attempt, office_of, page
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

HOME = "/pengelolaan/data"
ROWS_A_PAGE = 100
GROUPS = (
    ("people", ("agencies",)),
    ("mall", ("malls", "zones", "booths", "desks", "hours", "calendar", "promises", "loads", "arrivals")),
    ("catalogue", ("services", "standards", "documents", "requirements", "steps", "places")),
    ("estate", ("buildings", "units", "placements", "floors", "spaces", "unit_staff", "meters", "bills")),
    ("money", ("support_staff", "upkeep", "leases", "trips", "visits", "announced", "published", "claims", "norms")),
    ("more", ("life_events", "life_event_services", "sequences", "synonyms", "policy", "districts", "city")),
)


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
    values = {"groups": groups, "changes": told(kept.changes(8), who), "drafts": kept.drafts()}
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
    lines = lines_of(found, rows, asked, bare)
    start = whole(request.GET.get("mulai", "0"), largest=100_000)
    values = {
        "sheet": found, "lines": lines[start : start + ROWS_A_PAGE], "found": len(lines), "all": len(rows),
        "asked": asked, "bare": bare, "before": max(start - ROWS_A_PAGE, 0) if start else None,
        "after": start + ROWS_A_PAGE if start + ROWS_A_PAGE < len(lines) else None,
    }  # fmt: skip
    return page(request, "sheet", office_of(request), values)


@role_required(Role.KEEPER)
@require_http_methods(["GET", "HEAD", "POST"])
def row_page(request: HttpRequest, sheet: str, row: str = "") -> HttpResponseBase:
    """The form of one row, or of a new one."""
    found, office = city().sheet_of(sheet), office_of(request)
    key = row or None
    if request.method != "POST":
        now = row_of(found, key)
        return _show(request, office, found, key, Form(now or _fresh(found), now))
    typed = {column.key: str(request.POST.get(f"c-{column.key}", "")) for column in found.columns}
    form = Form(typed, then_of(request, key))
    done = _("Perubahan sudah disimpan.")
    try:
        change = city().save_row(
            by=actor_of(request), sheet=found, key=key, typed=typed, then=form.then, request=key_of(request)
        )
    except city().Faults as faults:
        form.errors = faults.by_column
        return _show(request, office, found, key, form, FieldsWrong(faults.by_column.get("")))
    except city().RowMoved as moved:
        form.now, form.then = moved.now, row_of(found, key)
        return _show(request, office, found, key, form, moved)
    except Refusal as refusal:
        return _show(request, office, found, key, form, refusal)
    return attempt(request, lambda: _undo_address(change), done, f"{HOME}/{found.key}", _never)


def _undo_address(change: UUID) -> str:
    return f"{HOME}/perubahan/{change}/batalkan"


def _never(refusal: Refusal) -> HttpResponse:
    raise refusal


def _fresh(sheet: Sheet) -> dict[str, str]:
    """A new row: one mall is every row's mall until another is chosen."""
    malls = [texts["code"] for texts in city().read_state("malls")["malls"].values()]
    return {"mall": malls[0]} if len(malls) == 1 and sheet.key not in ("calendar",) else {}


def _show(
    request: HttpRequest, office: Office, sheet: Sheet, key: str | None, form: Form, problem: Refusal | None = None
) -> HttpResponse:
    past = told(kept.changes_of(sheet.key, key), who) if key else []
    return page(request, "row", office, form_values(sheet, key, form) | {"past": past}, problem)


@role_required(Role.KEEPER)
@require_POST
def remove(request: HttpRequest, sheet: str, row: str) -> HttpResponseBase:
    """Take one row out; what others point to stays."""
    found, office = city().sheet_of(sheet), office_of(request)

    def act() -> str:
        return _undo_address(removed(request, found, row))

    def again(refusal: Refusal) -> HttpResponse:
        now = row_of(found, row)
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
