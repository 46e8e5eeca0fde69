"""The own PIN on a shared PC: with it an officer takes the desk over from a colleague within seconds."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render, resolve_url
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from satuatap.basics.refusal import Refusal
from satuatap.features.malls import queries as malls
from satuatap.features.people import actions
from satuatap.features.people import queries as people
from satuatap.features.people.refusals import PinNotHere, PinsDiffer
from satuatap.features.people.states import Role
from satuatap.web.answers import SeeOther
from satuatap.web.guards import account_required, actor_of, grants_of, places_of
from satuatap.web.inputs import text_of, whole_of
from satuatap.web.sessions import keep_pc, pc_here, pc_of, today
from satuatap.web.signin.fresh import fresh_required


@dataclass(frozen=True, slots=True)
class PinPlace:
    """A booth where the account may have a PIN, and the one on this PC: none, one, or one that is locked."""

    mall: int
    booth: int
    name: str
    has: bool
    locked: bool


def pin_places(request: HttpRequest) -> list[PinPlace]:
    """The booths of an officer or coordinator; empty for every other role, and for who has more power than a desk's."""
    pc, found = pc_of(request), {}
    here = people.own_pins(pc, int(request.user.pk or 0)) if pc else {}
    for grant in places_of(request, Role.OFFICER, Role.COORDINATOR):
        mall, booth = grant.mall_id, grant.booth_id
        if mall is None or booth is None or not people.may_have_pin(grants_of(request), mall, booth):
            continue
        names = {one.id: one.name or one.agency for one in malls.hall_plan(mall).booths}
        found[booth] = PinPlace(mall, booth, names.get(booth, ""), booth in here, here.get(booth, False))
    return list(found.values())


def _at(request: HttpRequest, pc: UUID) -> actions.SharedPc:
    booth = whole_of(request.POST, "booth")
    place = next((one for one in pin_places(request) if one.booth == booth), None)
    if place is None:
        raise PinNotHere()
    return actions.SharedPc(pc, place.mall, booth, today(place.mall))


@account_required
@fresh_required
@never_cache
@sensitive_post_parameters("pin", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def pin(request: HttpRequest) -> HttpResponseBase:
    """Set the own PIN for a booth on this PC."""
    pc = pc_here(request)
    if request.method != "POST":
        return _page(request)
    try:
        at = _at(request, pc)
        chosen = text_of(request.POST, "pin", longest=20)
        if chosen != text_of(request.POST, "again", longest=20):
            raise PinsDiffer()
        actions.set_pin(by=actor_of(request), account=int(request.user.pk or 0), pin=chosen, at=at)
    except Refusal as problem:
        return _page(request, problem)
    answer = SeeOther(resolve_url("signin:security"))
    keep_pc(request, answer)
    return answer


def _page(request: HttpRequest, problem: Refusal | None = None) -> HttpResponse:
    values = {"places": pin_places(request), "problem": problem, "booth": str(request.POST.get("booth", ""))[:12]}
    return render(request, "signin/pin.html", values, status=problem.status if problem else 200)


@account_required
@never_cache
@require_POST
def drop_pin(request: HttpRequest) -> HttpResponseBase:
    """Take the own PIN away from this PC."""
    at = _at(request, pc_here(request))
    actions.drop_pin(by=actor_of(request), account=int(request.user.pk or 0), at=at)
    return SeeOther(resolve_url("signin:security"))
