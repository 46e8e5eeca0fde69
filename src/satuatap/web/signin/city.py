"""Signing in through the city's single sign-on: only accounts that a keeper has named there, off when not set up."""

from __future__ import annotations

import logging
import secrets
import time
from typing import Any

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import resolve_url
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_safe

from satuatap.basics.refusal import Refusal
from satuatap.features.people import actions
from satuatap.features.people import queries as people
from satuatap.features.people.states import WhyEnded
from satuatap.plumbing import oidc
from satuatap.plumbing.limits import client_address
from satuatap.web.answers import SeeOther, safe_next
from satuatap.web.guards import public
from satuatap.web.locks import JOURNEYS, NotOpen, TooManyTries
from satuatap.web.sessions import end

log = logging.getLogger(__name__)

JOURNEY = "satuatap_city"
LONGEST_S = 10 * 60  # from being sent out to coming back
BACK = "/masuk"


class NotByTheCity(Refusal):
    """Why nobody came in by the city's sign-on; the way on is the page where one signs in."""

    next = BACK


class CityOff(NotByTheCity):
    code = "city_off"
    status = 404
    text = _("Masuk tunggal kota tidak dipasang di sini. Masuk dengan kata sandi.")


class CityAway(NotByTheCity):
    code = "city_away"
    status = 502
    text = _("Masuk tunggal kota sedang tidak bisa dipakai. Coba lagi sebentar lagi, atau masuk dengan kata sandi.")


class CityAgain(NotByTheCity):
    """Another browser, too late, a second time, or refused there."""

    code = "city_again"
    status = 403
    text = _("Masuk lewat kota tidak selesai atau dibatalkan. Mulai lagi dari halaman masuk.")


class CityStranger(NotByTheCity):
    code = "city_stranger"
    status = 403
    text = _("Akun kota Anda belum dihubungkan dengan akun di mal ini. Minta pengelola sistem menuliskan nama masuk "
             "kota Anda di akun Anda.")  # fmt: skip


def _client() -> oidc.Client:
    client: oidc.Client | None = settings.CITY_SIGN_ON
    if client is None:
        raise CityOff()
    return client


def _return_address() -> str:
    return str(settings.PUBLIC_URL) + resolve_url("signin:city_back")


@public
@never_cache
@require_safe
def leave(request: HttpRequest) -> HttpResponseBase:
    """To the city's sign-on, with a number that only this browser's session knows."""
    client = _client()
    wait = JOURNEYS.take((client_address(request),))
    if wait > 0:
        raise TooManyTries(wait)
    journey = oidc.Journey.new()
    try:
        address = oidc.way_out(client, journey, _return_address())
    except oidc.OidcTrouble as problem:
        log.warning("the city's sign-on: %s", problem)
        raise CityAway() from None
    request.session[JOURNEY] = {
        "state": journey.state, "nonce": journey.nonce, "verifier": journey.verifier, "at": time.time(),
        "next": safe_next(request, request.GET.get("next"), ""),
    }  # fmt: skip
    return SeeOther(address)


@public
@never_cache
@sensitive_variables("code")
@require_safe
def back(request: HttpRequest) -> HttpResponseBase:
    """Back from there: who it is by the token, and whether a keeper has named her."""
    client = _client()
    kept: dict[str, Any] = request.session.pop(JOURNEY, None) or {}
    code = request.GET.get("code", "")
    if not _is_this_journey(request, kept, client) or not 0 < len(code) <= 2048:
        raise CityAgain()
    journey = oidc.Journey(kept["state"], kept["nonce"], kept["verifier"])
    try:
        claims = oidc.claims_of(client, journey, code, _return_address())
    except oidc.OidcTrouble as problem:
        log.warning("the city's sign-on: %s", problem)
        raise CityAway() from None
    account = _account(client, claims)
    if not account.is_active:
        raise NotOpen()
    if request.user.is_authenticated:
        end(request, WhyEnded.CHANGED)
    record_authentication(request, account, method="socialaccount", provider="city")
    return perform_login(request, Login(user=account, redirect_url=kept["next"] or None))


def _is_this_journey(request: HttpRequest, kept: dict[str, Any], client: oidc.Client) -> bool:
    state = request.GET.get("state", "")
    return (
        bool(kept)
        and secrets.compare_digest(state.encode(), str(kept["state"]).encode())
        and 0 <= time.time() - kept["at"] < LONGEST_S
        and request.GET.get("iss", client.issuer) == client.issuer
    )


def _account(client: oidc.Client, claims: dict[str, Any]) -> Any:
    """By her number there once she is linked; the first time by the name that a keeper wrote."""
    number, name = str(claims["sub"]), claims.get(client.claim)
    found = people.city_account(client.issuer, number)
    if found is None and isinstance(name, str):
        found = actions.link_city(provider=client.issuer, name=name, number=number)
    if found is None:
        raise CityStranger()
    return found
