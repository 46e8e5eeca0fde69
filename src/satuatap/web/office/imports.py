"""Importing the city's files: upload, every problem beside its place, the changes, and one press that applies them."""

from __future__ import annotations

from collections import Counter
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from satuatap.basics.refusal import Refusal
from satuatap.features.malls import actions
from satuatap.features.malls import changes as kept
from satuatap.features.malls.changes import ChangeView
from satuatap.features.people.states import Role
from satuatap.web.answers import SeeOther
from satuatap.web.guards import actor_of, role_required
from satuatap.web.inputs import key_of, whole
from satuatap.web.office.shared import Office, attempt, office_of, page
from satuatap.web.office.sheets import HOME
from satuatap.web.sheets import city, mark_of, problem_row, safe_mends, shown

START = "/pengelolaan/impor"
MOST_SHOWN = 200


@role_required(Role.KEEPER)
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponseBase:
    """The form of an upload; what was uploaded is shown on a page of its own."""
    office = office_of(request)
    if request.method != "POST":
        return _start(request, office)
    key_of(request)
    try:
        uploads = [city().Upload(str(file.name), file.read()) for file in request.FILES.getlist("files")]
        draft = city().look_at(by=actor_of(request), uploads=uploads)
    except Refusal as refusal:
        return _start(request, office, refusal)
    return SeeOther(f"{START}/{draft.id}")


def _start(request: HttpRequest, office: Office, problem: Refusal | None = None) -> HttpResponse:
    return page(request, "import", office, {"drafts": kept.drafts(), "sheets": city().OWN}, problem)


@role_required(Role.KEEPER)
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, draft: UUID) -> HttpResponseBase:
    """What an upload would change, or what keeps it from being applied; POST applies it."""
    office = office_of(request)
    if request.method != "POST":
        return _review(request, office, kept.change(draft))

    def act() -> str:
        city().apply_draft(by=actor_of(request), draft=draft, request=key_of(request))
        return f"{HOME}/perubahan/{draft}/batalkan"

    return attempt(
        request, act, _("Impor sudah diterapkan."), HOME,
        lambda problem: _review(request, office, kept.change(draft), problem),
    )  # fmt: skip


def _review(request: HttpRequest, office: Office, view: ChangeView, problem: Refusal | None = None) -> HttpResponse:
    marks = Counter(mark_of(row) for row in view.rows)
    values = {
        "draft": view, "added": marks["added"], "changed": marks["changed"], "removed": marks["removed"],
        "rows": shown(view.rows[:MOST_SHOWN]), "more": max(len(view.rows) - MOST_SHOWN, 0),
        "problems": [problem_row(one) for one in view.problems[:MOST_SHOWN]],
        "safe": safe_mends(view.problems),
        "more_problems": max(len(view.problems) - MOST_SHOWN, 0),
        "stale": problem is not None and problem.code == "city_moved",
    }  # fmt: skip
    return page(request, "review", office, values, problem)


@role_required(Role.KEEPER)
@require_POST
def again(request: HttpRequest, draft: UUID) -> HttpResponseBase:
    """Compare a stale draft with the city as it is now."""
    key_of(request)
    return SeeOther(f"{START}/{city().compare_again(by=actor_of(request), draft=draft).id}")


@role_required(Role.KEEPER)
@require_POST
def mend(request: HttpRequest, draft: UUID) -> HttpResponseBase:
    """Mend one problem of a draft, or all that are safe; what comes of it is shown as a draft of its own."""
    office = office_of(request)
    place = request.POST.get("place", "")
    key_of(request)
    try:
        which = whole(place, largest=100_000) if place else None
        return SeeOther(f"{START}/{city().mend(by=actor_of(request), draft=draft, place=which).id}")
    except Refusal as refusal:
        return _review(request, office, kept.change(draft), refusal)


@role_required(Role.KEEPER)
@require_POST
def drop(request: HttpRequest, draft: UUID) -> HttpResponseBase:
    """Forget a draft; nothing was written."""
    office = office_of(request)
    return attempt(
        request, lambda: actions.drop_draft(draft=draft), _("Impor dibuang; tidak ada yang berubah."), START,
        lambda problem: _start(request, office, problem),
    )  # fmt: skip
