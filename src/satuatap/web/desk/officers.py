"""Changing the officer at a shared PC: a colleague's PIN or passkey, and the earlier officer is signed out."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render, resolve_url
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from satuatap.basics.actor import Actor
from satuatap.basics.refusal import Refusal
from satuatap.features.malls import queries as malls
from satuatap.features.people import actions as people_actions
from satuatap.features.people import queries as people
from satuatap.features.people.refusals import PinRests
from satuatap.features.visits import actions, queries
from satuatap.web.answers import SeeOther
from satuatap.web.desk.views import at_desk, place_of
from satuatap.web.guards import change_officer
from satuatap.web.identity import grants_now
from satuatap.web.inputs import text_of, whole_of
from satuatap.web.secure import passkeys_off
from satuatap.web.sessions import pc_of, today

AT_WORK = ("ready", "called", "serving")


@at_desk
@never_cache
@sensitive_post_parameters("pin")
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, desk: int) -> HttpResponseBase:
    """Who takes over? Her PIN ends the session of the officer before and begins her own, on the same desk."""
    place = place_of(request, desk)
    if request.method != "POST":
        return _page(request, place)
    try:
        pc = pc_of(request)
        if pc is None:
            raise PinRests()
        at = people_actions.SharedPc(pc, place.mall, place.booth, today(place.mall), desk)
        account, before = whole_of(request.POST, "account"), int(request.user.pk or 0)
        officer = people_actions.take_over(
            before=before, account=account, pin=text_of(request.POST, "pin", longest=20), at=at
        )
    except Refusal as problem:
        return _page(request, place, problem)
    change_officer(request, officer)
    _hand_over(desk, officer.pk)
    return SeeOther(resolve_url("desk:show", desk))


def _hand_over(desk: int, officer: int) -> None:
    """A desk that is open goes on under her; a break, also one that is about to begin, stays what it is."""
    now = queries.desk_view(desk).desk
    if now.state in AT_WORK and not now.pause_after:
        actions.open_desk(by=Actor.account(officer), desk=desk, officer=officer)


def _page(request: HttpRequest, place: malls.DeskPlace, problem: Refusal | None = None) -> HttpResponse:
    colleagues = _colleagues(request, place)
    chosen = str(request.POST.get("account", ""))[:12]
    values = {
        "place": place, "mall": malls.mall(place.mall), "problem": problem, "colleagues": colleagues,
        "chosen": int(chosen) if chosen.isdecimal() else next((one.account for one in colleagues if one.counts), 0),
        "any": any(one.counts for one in colleagues), "off": passkeys_off(request),
    }  # fmt: skip
    return render(request, "desk/officers.html", values, status=problem.status if problem else 200)


def _colleagues(request: HttpRequest, place: malls.DeskPlace) -> list[Any]:
    """The other officers of the booth with a PIN on this PC; who has left the booth since is not shown."""
    pc = pc_of(request)
    found = people.pins_at(pc, place.booth, today(place.mall)) if pc else []
    return [
        one for one in found
        if one.account != request.user.pk and people.may_have_pin(grants_now(one.account), place.mall, place.booth)
    ]  # fmt: skip
