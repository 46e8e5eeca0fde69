"""Passkeys (WebAuthn): signing in without a password, and adding one to the own account."""

from __future__ import annotations

import json

from allauth.account.models import Login
from allauth.mfa.webauthn.internal import auth as webauthn
from allauth.mfa.webauthn.internal.flows import perform_passwordless_login
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import render, resolve_url
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from satuatap.basics.refusal import Refusal
from satuatap.features.people import actions
from satuatap.features.people.refusals import CodeWrong
from satuatap.features.people.states import WhyEnded
from satuatap.plumbing.limits import client_address
from satuatap.web.answers import SeeOther, safe_next
from satuatap.web.guards import account_required, actor_of, public
from satuatap.web.identity import forget_session
from satuatap.web.inputs import text_of
from satuatap.web.locks import PASSKEYS, NotOpen, TooManyTries
from satuatap.web.secure import passkeys_off
from satuatap.web.sessions import browser_of, end
from satuatap.web.signin.codes import show_codes
from satuatap.web.signin.fresh import fresh_required
from satuatap.web.signin.second import answered

NOT_TAKEN = gettext_lazy("Kunci sandi itu tidak diterima. Coba lagi; kunci yang lama tetap berlaku.")


class PasskeysOff(Refusal):
    code = "passkeys_off"


def _must_work(request: HttpRequest) -> None:
    if (why := passkeys_off(request)) is not None:
        raise PasskeysOff(why)


@public
@never_cache
@require_POST
def options(request: HttpRequest) -> HttpResponseBase:
    """What the browser asks any passkey of this site, for the script of the sign-in page."""
    _must_work(request)
    wait = PASSKEYS.take((client_address(request),))
    if wait > 0:
        raise TooManyTries(wait)
    return JsonResponse(webauthn.begin_authentication(None))


@public
@never_cache
@sensitive_post_parameters("credential")
@require_POST
def enter(request: HttpRequest) -> HttpResponseBase:
    """A passkey answered: its holder is signed in. It has checked her finger, face or PIN, so it is both factors."""
    _must_work(request)
    credential = text_of(request.POST, "credential", longest=20_000)
    try:
        account = webauthn.extract_user_from_response(json.loads(credential))
    except (ValidationError, ValueError, TypeError, AttributeError, OverflowError):
        raise CodeWrong(_("Kunci sandi itu tidak dikenal di sini. Masuk dengan kata sandi.")) from None
    authenticator = answered(account, credential)
    if not account.is_active:
        raise NotOpen()
    where = safe_next(request, request.POST.get("next"), "") or None
    if request.user.is_authenticated:
        end(request, WhyEnded.CHANGED)  # another officer at this PC: nothing of the earlier session goes on
    return perform_passwordless_login(request, authenticator, Login(user=authenticator.user, redirect_url=where))


@account_required
@fresh_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponseBase:
    """A new passkey for the own account; without HTTPS the page says why not."""
    if request.method != "POST":
        return _page(request)
    _must_work(request)
    try:
        credential = _registered(text_of(request.POST, "credential", longest=20_000))
        name = text_of(request.POST, "name", longest=60, default="") or browser_of(request) or _("Kunci sandi")
        codes = actions.add_passkey(
            by=actor_of(request), account=int(request.user.pk or 0), name=name, credential=credential
        )
    except Refusal as problem:
        return _page(request, problem)
    forget_session(request.session.session_key)
    return show_codes(request, codes) if codes else SeeOther(resolve_url("signin:security"))


def _page(request: HttpRequest, problem: Refusal | None = None) -> HttpResponseBase:
    values = {"off": passkeys_off(request), "problem": problem, "suggested": browser_of(request)}
    return render(request, "signin/passkey.html", values, status=problem.status if problem else 200)


@account_required
@fresh_required
@never_cache
@require_POST
def add_options(request: HttpRequest) -> HttpResponseBase:
    """What the browser asks a new passkey, for the script of the page."""
    _must_work(request)
    return JsonResponse(webauthn.begin_registration(request.user, True))  # type: ignore[arg-type]


def _registered(credential: str) -> dict[str, object]:
    """The new passkey as allauth keeps it, checked against the challenge of this session; raises ``CodeWrong``."""
    try:
        answer = json.loads(credential)
        webauthn.parse_registration_response(answer)
        if not webauthn.complete_registration(answer).is_user_verified():
            raise CodeWrong(NOT_TAKEN)
    except (ValidationError, ValueError, TypeError, KeyError, AttributeError):
        raise CodeWrong(NOT_TAKEN) from None
    return dict(answer)
