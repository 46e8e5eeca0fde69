"""A plan's public page at its permanent address, its download, an agency's comment, a unit's two minutes."""

from __future__ import annotations

import csv
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from satuatap.basics.actor import Actor
from satuatap.basics.refusal import Refusal
from satuatap.features.malls import queries as malls
from satuatap.features.people import queries as people
from satuatap.features.people.refusals import NoSuchAgency
from satuatap.features.plans import actions, inventory, queries
from satuatap.features.plans.refusals import InvitationOver
from satuatap.features.plans.states import PlanLife
from satuatap.features.plans.wording import LIFE_NAMES
from satuatap.plumbing.limits import Limiter, Limits, Rate, client_address
from satuatap.plumbing.sheets.cells import escaped
from satuatap.web.answers import SeeOther
from satuatap.web.guards import public
from satuatap.web.inputs import key_of, text_of, whole_of
from satuatap.web.studio.public_parts import houses, picture
from satuatap.web.studio.views import figures_of, life_and_waits

COMMENTS = Limits(Limiter(Rate(5, 600.0), Rate(30, 24 * 3600.0)))
CITIZEN, INVITED = Actor.system("citizen"), Actor.system("invited")


class TooManyComments(Refusal):
    """One address sends more than a person writes."""

    code = "too_many_comments"
    status = 429
    text = gettext_lazy("Terlalu banyak tanggapan dari alamat Anda. Tunggu sepuluh menit, lalu kirim lagi.")

    def __init__(self, wait_seconds: float) -> None:
        self.retry_after = wait_seconds
        super().__init__()


def _page(
    request: HttpRequest, template: str, values: dict[str, Any], problem: Refusal | None = None
) -> HttpResponse:  # fmt: skip
    known = malls.malls()
    shown = {"problem": problem, "mall": known[0] if known else None}
    return render(request, template, shown | values, status=200 if problem is None else problem.status)


@public
@require_safe
def plans_page(request: HttpRequest) -> HttpResponse:
    """Every plan with a public page."""
    rows = [(one, LIFE_NAMES[one.life]) for one in queries.plans(public=True)]
    return _page(request, "studio/public_plans.html", {"rows": rows})


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def plan_page(request: HttpRequest, code: str) -> HttpResponseBase:
    """The plan as anybody may read it; while it is consulted, anybody may comment."""
    if request.method != "POST":
        return _show(request, code)
    try:
        queries.regrouping(code, public=True)
        key, text = key_of(request), text_of(request.POST, "text", longest=2000)
        if (wait := COMMENTS.take([client_address(request)])) > 0:
            raise TooManyComments(wait)
        actions.say_comment(by=CITIZEN, plan=code, text=text, request=key)
    except Refusal as problem:
        if problem.status == 404:
            raise
        return _show(request, code, problem)
    return SeeOther(f"/penataan/{code}?terima=1#tanggapan")


def _show(request: HttpRequest, code: str, problem: Refusal | None = None, agency: str = "") -> HttpResponse:
    view = queries.regrouping(code, public=True)
    moves = queries.moves(code)
    values = {
        "view": view,
        **life_and_waits(view, moves),
        "can_mend": False,
        "open_table": True,
        "open": view.life is PlanLife.CONSULTED,
        "thanks": request.GET.get("terima") == "1",
        "typed": request.POST.get("text", "") if problem else "",
        "agency": agency,
        **figures_of(view),
        **picture(view),
    }
    values |= houses(view, moves, values.get("rows") or ())
    return _page(request, "studio/public_plan.html", values, problem)


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def agency_page(request: HttpRequest, code: str, secret: str) -> HttpResponseBase:
    """An agency comments by its invitation; no account is needed."""
    asked = queries.invited("voice", secret)
    agency = people.agency(str(asked.get("agency", "")))
    if asked.get("plan") != code:
        raise InvitationOver()
    if agency is None:
        raise NoSuchAgency()
    if request.method != "POST":
        return _show(request, code, agency=agency.name)
    try:
        text = text_of(request.POST, "text", longest=2000)
        actions.say_comment(by=INVITED, plan=code, text=text, agency=agency.code, request=key_of(request))
    except Refusal as problem:
        return _show(request, code, problem, agency.name)
    return SeeOther(f"/penataan/{code}?terima=1#tanggapan")


@public
@require_safe
def download(request: HttpRequest, code: str) -> HttpResponse:
    """The moves of the version that counts as CSV."""
    view = queries.regrouping(code, public=True)
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="rencana-{code}.csv"'
    writer = csv.writer(answer)
    writer.writerow(["unit", "dari", "ke", "alamat", "tanggal", "versi", "sidik_isi"])
    version = view.shown
    for row in figures_of(view).get("rows", ()):
        cells = [row.unit, row.origin, row.target, row.address, row.on.isoformat()]
        writer.writerow(
            [*map(escaped, cells), version.number if version else "", version.content_hash if version else ""]
        )
    return answer


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def hours_page(request: HttpRequest, secret: str) -> HttpResponseBase:
    """Two minutes a month: hours of a unit's people in upkeep, errands and coordination."""
    asked = queries.invited("hours", secret)
    unit, month = str(asked.get("unit", "")), date.fromisoformat(f"{asked.get('month')}-01")
    known = inventory.now().units
    if unit not in known:
        raise InvitationOver()
    values = {"unit": known[unit][0], "month": month, "said": queries.hours(unit), "thanks": False}
    if request.method != "POST":
        return _page(request, "studio/hours.html", values)
    try:
        hours = tuple(whole_of(request.POST, name) for name in ("upkeep", "errands", "coordination"))
        actions.say_hours(by=INVITED, unit=unit, month=month, hours=hours, request=key_of(request))  # type: ignore[arg-type]
    except Refusal as problem:
        return _page(request, "studio/hours.html", values, problem)
    values |= {"thanks": True, "said": queries.hours(unit)}
    return _page(request, "studio/hours.html", values)
