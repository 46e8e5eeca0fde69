"""Desks: which are open, and what each can do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from satuatap.basics.refusal import Refusal
from satuatap.features.catalogue import queries as catalogue
from satuatap.features.malls import queries as malls
from satuatap.features.people.states import Role
from satuatap.features.visits import actions
from satuatap.features.visits import queries as visits
from satuatap.features.visits.refusals import NoSuchDesk
from satuatap.features.visits.views import DeskNow
from satuatap.web.components.templatetags.satuatap import local
from satuatap.web.guards import actor_of, role_required
from satuatap.web.inputs import key_of, whole
from satuatap.web.office.shared import Office, attempt, english, office_of, page

STATES: Mapping[str, Any] = {
    "serving": gettext_lazy("melayani"),
    "called": gettext_lazy("memanggil"),
    "ready": gettext_lazy("siap"),
    "break": gettext_lazy("istirahat"),
    "trouble": gettext_lazy("terganggu"),
    "closed": gettext_lazy("tutup"),
}
SHAPES = {"break": "pause", "trouble": "fault"}  # the kit's names of the drawn shapes


@dataclass(frozen=True, slots=True)
class DeskRow:
    """A desk in the table."""

    now: DeskNow
    booth: str
    state: str
    shape: str
    services: tuple[str, ...]
    after: str  # what else: that its booth is closed today, or what follows once the citizen at the desk is finished


@dataclass(frozen=True, slots=True)
class Choice:
    """A step that a desk may be able to do."""

    step: int
    name: str
    chosen: bool


def _row(
    desk: DeskNow, places: Mapping[int, malls.DeskPlace], steps: Mapping[int, Any], closed: Container[int] = ()
) -> DeskRow:
    place = places.get(desk.id)
    names = tuple(dict.fromkeys(_step_name(steps[step]) for step in desk.skills if step in steps))
    booth = place.booth_name or place.agency if place else desk.agency
    state, shape = str(STATES.get(desk.state, desk.state)), SHAPES.get(desk.state, desk.state)
    after = _("lalu %(state)s") % {"state": STATES[desk.pause_after]} if desk.pause_after else ""
    after = _("gerai tutup hari ini") if desk.booth in closed else after
    return DeskRow(desk, booth, state, shape, names, after)


def _find(office: Office, desk: int) -> DeskNow:
    found = next((one for one in visits.hall(office.mall.id, fresh=True).desks if one.id == desk), None)
    if found is None:
        raise NoSuchDesk()
    return found


@role_required(Role.MANAGER, Role.KEEPER)
@require_safe
def desks_page(request: HttpRequest) -> HttpResponse:
    """Every desk: its state and what it can do."""
    return _show_all(request, office_of(request))


def _show_all(request: HttpRequest, office: Office, problem: Refusal | None = None) -> HttpResponse:
    hall, steps = visits.hall(office.mall.id, fresh=True), visits.step_names(office.mall.id)
    places = malls.desk_places(office.mall.id)
    closed = visits.closed_booths(office.mall.id)
    rows = [_row(desk, places, steps, closed) for desk in hall.desks]
    served = {step for desk in hall.desks if desk.state not in ("closed", "break", "trouble") for step in desk.skills}
    waiting = [step for step in hall.steps.values() if step.waiting and step.id not in served]
    opened = sum(row.now.state not in ("closed", "break", "trouble") for row in rows)
    values = {"rows": rows, "opened": opened, "unserved": waiting, "closed": hall.closed}
    return page(request, "desks", office, values, problem)


@role_required(Role.MANAGER, Role.KEEPER)
@require_http_methods(["GET", "HEAD", "POST"])
def desk_page(request: HttpRequest, desk: int) -> HttpResponseBase:
    """One desk: what it can do, by checkboxes; the next call goes by it."""
    office = office_of(request)
    _find(office, desk)
    if request.method != "POST":
        return _show(request, office, desk)

    def act() -> None:
        skills = [whole(raw, largest=32_767) for raw in request.POST.getlist("skill")]
        actions.set_skills(by=actor_of(request), desk=desk, skills=skills, request=key_of(request))

    return attempt(
        request, act, _("Kemampuan loket sudah disimpan. Panggilan berikutnya mengikutinya."),
        f"/pengelolaan/loket/{desk}", lambda problem: _show(request, office, desk, problem),
    )  # fmt: skip


def _step_name(step: Any) -> str:
    """The step, after its service where it is one of several: "Perekaman" alone says too little."""
    name, service = local(step), catalogue.service_names().get(step.service, ("", ""))[1 if english() else 0]
    return name if not service or service == name else f"{service}: {name}"


def _show(request: HttpRequest, office: Office, desk: int, problem: Refusal | None = None) -> HttpResponse:
    now, steps = _find(office, desk), visits.step_names(office.mall.id)
    place = malls.desk_places(office.mall.id).get(desk)
    groups: dict[str, list[Choice]] = defaultdict(list)
    for number, step in sorted(steps.items(), key=lambda item: (item[1].agency, item[1].service, item[0])):
        groups[step.agency].append(Choice(number, _step_name(step), number in now.skills))
    own = place.agency if place else ""
    mine = groups.pop(own, [])
    values = {"row": _row(now, malls.desk_places(office.mall.id), steps), "own": own, "mine": mine,
              "others": sorted(groups.items())}  # fmt: skip
    return page(request, "desk", office, values, problem)


@role_required(Role.MANAGER, Role.KEEPER)
@require_POST
def open_desk(request: HttpRequest, desk: int) -> HttpResponseBase:
    """Open a desk without an officer named: whoever signs in at it serves."""
    return _switch(request, desk, actions.open_desk, _("Loket %(sign)s sudah dibuka."), "tutup")


@role_required(Role.MANAGER, Role.KEEPER)
@require_POST
def close_desk(request: HttpRequest, desk: int) -> HttpResponseBase:
    """Close a desk; who is at it is finished first."""
    return _switch(request, desk, actions.close_desk, _("Loket %(sign)s sudah ditutup."), "buka")


def _switch(request: HttpRequest, desk: int, action: Callable[..., Any], done: str, back: str) -> HttpResponseBase:
    office = office_of(request)
    sign = _find(office, desk).sign

    def act() -> str:
        action(by=actor_of(request), desk=desk, request=key_of(request))
        return f"/pengelolaan/loket/{desk}/{back}"

    return attempt(
        request, act, done % {"sign": sign}, "/pengelolaan/loket", lambda problem: _show_all(request, office, problem)
    )
