"""Leave a contact, see it masked, change it, take it back, get a copy of what is held: optional, without script.

A page of its own, for without script the live page loads anew every 20 seconds and would empty a form.
"""

from __future__ import annotations

import hmac
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from satuatap.basics.actor import Actor
from satuatap.basics.refusal import Refusal
from satuatap.features.malls import queries as malls
from satuatap.features.visits import actions, queries
from satuatap.features.visits.refusals import (
    ContactUnreadable,
    NameUnreadable,
    NoConsent,
    NoSuchVisit,
    NothingToKeep,
    PhoneUnreadable,
)
from satuatap.plumbing.keyring import KeyTrouble
from satuatap.plumbing.limits import Limiter, Limits, Rate
from satuatap.web.answers import SeeOther
from satuatap.web.guards import public
from satuatap.web.inputs import TooLong, key_of, text_of
from satuatap.web.portal.refusals import CodeWrong, TooManyLookups

VISITOR = Actor.system("visitor")  # whoever holds the address of the live page
LONGEST = 200  # more is refused unread; what a name or a number may be is said by visits
MINUTE = 60.0
CHANGES = Limits(Limiter(Rate(20, 15 * MINUTE)))
WRONG_CODES = Limits(Limiter(Rate(8, 15 * MINUTE)))  # only wrong ones count
FIELD_OF = {PhoneUnreadable: "phone", NameUnreadable: "name", NoConsent: "consent", NothingToKeep: "name"}
DONE = {
    "simpan": _("Kontak Anda tersimpan."),
    "tarik": _("Kontak Anda sudah dihapus. Layanan Anda tetap sama."),
}


def _visit(token: str) -> Any:
    visit = queries.visit_by_token(token)
    if visit is None:
        raise NoSuchVisit()
    return visit


@require_http_methods(["GET", "POST"])
@never_cache
@public
def contact(request: HttpRequest, token: str) -> HttpResponse:
    """The form; a value that is refused is shown again with why, beside its field."""
    visit = _visit(token)
    if request.method == "GET":
        return _page(request, visit)
    try:
        if CHANGES.take((token,)) > 0:
            raise TooManyLookups()
        actions.give_contact(
            by=VISITOR,
            visit=visit.pk,
            name=text_of(request.POST, "name", longest=LONGEST, default=""),
            phone=text_of(request.POST, "phone", longest=LONGEST, default=""),
            consent=request.POST.get("consent") == "1",
            request=key_of(request),
        )
    except Refusal as refusal:
        return _page(request, visit, refusal)
    return SeeOther(reverse("portal:contact", args=[token]) + "?sudah=simpan")


@require_POST
@never_cache
@public
def withdraw(request: HttpRequest, token: str) -> HttpResponse:
    """Taken back: deleted at once."""
    actions.withdraw_contact(by=VISITOR, visit=_visit(token).pk, request=key_of(request))
    return SeeOther(reverse("portal:contact", args=[token]) + "?sudah=tarik")


@require_POST
@never_cache
@public
def copy(request: HttpRequest, token: str) -> HttpResponse:
    """Everything held about this visit as a file. The slip's code shows that she has more than an address."""
    visit = _visit(token)
    try:
        if WRONG_CODES.take((token,)) > 0:
            raise TooManyLookups()
        typed = text_of(request.POST, "code", longest=LONGEST, default="").upper().encode()
        if not hmac.compare_digest(typed, visit.code.encode()):
            raise CodeWrong()
        WRONG_CODES.give_back((token,))
        held = _held(visit)
        actions.note_copy(by=VISITOR, visit=visit.pk)
    except Refusal as refusal:
        return _page(request, visit, refusal, copying=True)
    answer = JsonResponse(held, json_dumps_params={"ensure_ascii": False, "indent": 1})
    answer["Content-Disposition"] = f'attachment; filename="kunjungan-{visit.number}.json"'
    return answer


def _held(visit: Any) -> dict[str, Any]:
    try:
        return queries.held_about(visit)
    except KeyTrouble:
        raise ContactUnreadable() from None


def _page(request: HttpRequest, visit: Any, refusal: Refusal | None = None, *, copying: bool = False) -> HttpResponse:
    mall = malls.mall(visit.mall)
    today = malls.local(malls.now(visit.mall), mall.zone_name).date()
    days = int(queries.weights_of(visit.mall).numbers["contact_days"])
    values = {
        "visit": visit,
        "mall": mall,
        "contact": queries.contact_of(visit.pk),
        "until": visit.day + timedelta(days=days),
        "may_give": visit.day == today,
        "typed": {name: str(request.POST.get(name, ""))[:LONGEST] for name in ("name", "phone", "consent")},
        "error": str(refusal) if refusal else "",
        "where": _where(refusal, copying) if refusal else "",
        "done": DONE.get(request.GET.get("sudah", "")) if request.method == "GET" else None,
    }
    return render(request, "portal/contact.html", values, status=refusal.status if refusal else 200)


def _where(refusal: Refusal, copying: bool) -> str:
    """The field beside which a refusal stands; empty: above the form."""
    if copying:
        return "code"
    return "phone" if isinstance(refusal, TooLong) else FIELD_OF.get(type(refusal), "")
