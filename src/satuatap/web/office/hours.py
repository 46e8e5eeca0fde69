"""Today's hours and the days to come: what holds, where it comes from, and what the office adds by hand."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from satuatap.basics.refusal import Refusal
from satuatap.features.malls import actions
from satuatap.features.malls import queries as malls
from satuatap.features.malls.states import DayKind
from satuatap.features.people.states import Role
from satuatap.features.visits import queries as visits
from satuatap.web.guards import actor_of, role_required
from satuatap.web.inputs import day_of, key_of, text_of, whole_of
from satuatap.web.office.refusals import BadTime, HoursMissing, NotInYourMall, ReasonMissing
from satuatap.web.office.shared import Office, attempt, office_of, page

KINDS: dict[str, Any] = {
    DayKind.NATIONAL_HOLIDAY: gettext_lazy("Libur nasional"),
    DayKind.JOINT_LEAVE: gettext_lazy("Cuti bersama"),
    DayKind.CLOSURE: gettext_lazy("Tutup"),
    DayKind.SPECIAL_HOURS: gettext_lazy("Jam khusus"),
}
DAYS_AHEAD = 10
CALENDAR_DAYS = 200


@role_required(Role.MANAGER, Role.KEEPER)
@require_http_methods(["GET", "HEAD", "POST"])
def hours_page(request: HttpRequest) -> HttpResponseBase:
    """The next days with their source; a closure or special hours by the form beside them."""
    office = office_of(request)
    if request.method != "POST":
        return _show(request, office)
    return attempt(
        request, lambda: _add(request, office), _("Aturan hari itu sudah disimpan."), "/pengelolaan/jam",
        lambda problem: _show(request, office, problem),
    )  # fmt: skip


def _add(request: HttpRequest, office: Office) -> str:
    """Enter the rule; returns the address that takes it back."""
    values = request.POST
    day, name = day_of(values, "day"), text_of(values, "name", longest=160)
    if not name:
        raise ReasonMissing()
    booth = whole_of(values, "booth") if values.get("booth") else None
    if booth is not None and booth not in {one.id for one in malls.hall_plan(office.mall.id).booths}:
        raise NotInYourMall()
    common = {"by": actor_of(request), "mall": office.mall.id, "day": day, "name": name, "booth": booth,
              "request": key_of(request)}  # fmt: skip
    if text_of(values, "kind", default="") == DayKind.SPECIAL_HOURS:
        added = actions.add_special_hours(hours=(_time(values, "opens"), _time(values, "closes")), **common)
    else:
        added = actions.add_closure(**common)
    visits.forget_closures()
    return f"/pengelolaan/jam/{added.pk}/tarik" if added else ""


def _time(values: Any, name: str) -> time:
    raw = text_of(values, name, longest=8, default="").replace(".", ":")
    if not raw:
        raise HoursMissing()
    try:
        return time.fromisoformat(raw).replace(tzinfo=None)
    except ValueError:
        raise BadTime() from None


def _show(request: HttpRequest, office: Office, problem: Refusal | None = None) -> HttpResponse:
    mall = office.mall.id
    today = malls.today(mall)
    plan = malls.hall_plan(mall)
    names = {booth.id: booth.name or booth.agency for booth in plan.booths}
    week = [malls.open_hours(mall, today + timedelta(days=ahead)) for ahead in range(DAYS_AHEAD)]
    rules = [
        (row, KINDS.get(row.kind, row.kind), names.get(row.booth_id or 0, ""))
        for row in malls.calendar(mall, today, today + timedelta(days=CALENDAR_DAYS))
    ]
    typed = {
        field: str(request.POST.get(field, ""))[:160] for field in ("day", "kind", "opens", "closes", "name", "booth")
    }
    values = {
        "week": week, "rules": rules, "booths": plan.booths, "today": today, "typed": typed,
        "unsourced": any(not day.sourced for day in week),
    }  # fmt: skip
    return page(request, "hours", office, values, problem)


@role_required(Role.MANAGER, Role.KEEPER)
@require_POST
def withdraw(request: HttpRequest, day: int) -> HttpResponseBase:
    """Take back a rule that the office entered."""
    office = office_of(request)

    def act() -> None:
        actions.withdraw_day(by=actor_of(request), mall=office.mall.id, day=day, request=key_of(request))
        visits.forget_closures()

    return attempt(
        request, act, _("Aturan itu sudah ditarik kembali."), "/pengelolaan/jam",
        lambda problem: _show(request, office, problem),
    )  # fmt: skip
