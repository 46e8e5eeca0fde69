"""The own account: second factors, recovery codes, and where one is signed in."""

from __future__ import annotations

import time
from typing import Any
from uuid import UUID

import segno
from allauth.mfa.adapter import get_adapter
from allauth.mfa.totp.internal.auth import clear_totp_secret, get_totp_secret
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render, resolve_url
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from satuatap.basics.refusal import Refusal
from satuatap.features.malls import queries as malls
from satuatap.features.people import actions
from satuatap.features.people import queries as people
from satuatap.features.people.refusals import NoSuchSession
from satuatap.features.people.states import Factor, WhyEnded
from satuatap.web.answers import SeeOther
from satuatap.web.guards import account_required, actor_of, forget_session, grants_of
from satuatap.web.identity import forget_all_sessions, grants_need_factor
from satuatap.web.inputs import text_of, whole_of
from satuatap.web.locks import give_code_back, take_code
from satuatap.web.secure import passkeys_off
from satuatap.web.signin.codes import show_codes
from satuatap.web.signin.fresh import fresh_required
from satuatap.web.signin.pins import pin_places


def _number(request: HttpRequest) -> int:
    return int(request.user.pk or 0)


@account_required
@never_cache
@require_http_methods(["GET", "HEAD"])
def security(request: HttpRequest) -> HttpResponseBase:
    """What this account signs in with, and where it is signed in."""
    return _page(request)


def _page(request: HttpRequest, problem: Refusal | None = None) -> HttpResponseBase:
    factors = people.factors_of(_number(request))
    main = [one for one in factors if one.factor is not Factor.RECOVERY]
    needed = grants_need_factor(grants_of(request))
    values = {
        "problem": problem,
        "factors": main,
        "app": any(one.factor is Factor.TOTP for one in main),
        "has_codes": len(main) < len(factors),
        "needed": needed,
        "missing": needed and not main,
        "off": passkeys_off(request),
        "pins": pin_places(request),
        "zone": next((one.zone_name for one in malls.malls()), "UTC"),
        "sessions": people.sessions_of(_number(request)),
        "here": request.session.session_key,
    }
    return render(request, "signin/security.html", values, status=problem.status if problem else 200)


@account_required
@fresh_required
@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def add_app(request: HttpRequest) -> HttpResponseBase:
    """An app that shows codes (TOTP): its secret as a picture and as text, and the first code as proof."""
    account: Any = request.user
    if request.method != "POST":
        return _app_page(request, get_totp_secret(regenerate=True))
    secret = get_totp_secret()
    try:
        take_code(account.pk, account.username)
        code = text_of(request.POST, "code", longest=40)
        codes = actions.add_totp(by=actor_of(request), account=account.pk, secret=secret, code=code, now=time.time())
    except Refusal as problem:
        return _app_page(request, secret, problem)
    give_code_back(account.pk)
    clear_totp_secret(request)
    forget_session(request.session.session_key)
    return show_codes(request, codes) if codes else SeeOther(resolve_url("signin:security"))


def _app_page(request: HttpRequest, secret: str, problem: Refusal | None = None) -> HttpResponseBase:
    address = get_adapter().build_totp_url(request.user, secret)  # type: ignore[arg-type]
    picture = segno.make(address, error="m").svg_inline(border=3, svgclass="qr", lineclass=None, omitsize=True)
    groups = " ".join(secret[place : place + 4] for place in range(0, len(secret), 4))
    values = {"picture": mark_safe(picture), "secret": groups, "problem": problem}  # noqa: S308 (segno's own drawing)
    return render(request, "signin/app.html", values, status=problem.status if problem else 200)


@account_required
@fresh_required
@never_cache
@require_POST
def drop(request: HttpRequest) -> HttpResponseBase:
    """Take one second factor away."""
    try:
        actions.drop_factor(
            by=actor_of(request), account=_number(request), factor=whole_of(request.POST, "factor"),
            needed=grants_need_factor(grants_of(request)),
        )  # fmt: skip
    except Refusal as problem:
        return _page(request, problem)
    return SeeOther(resolve_url("signin:security"))


@account_required
@fresh_required
@never_cache
@require_POST
def new_codes(request: HttpRequest) -> HttpResponseBase:
    """New recovery codes, shown this once."""
    try:
        return show_codes(request, actions.make_recovery_codes(by=actor_of(request), account=_number(request)))
    except Refusal as problem:
        return _page(request, problem)


@account_required
@never_cache
@require_POST
def end_one(request: HttpRequest, session: UUID) -> HttpResponseBase:
    """End one of the own sessions."""
    try:
        key = actions.end_session(by=actor_of(request), account=_number(request), session=session, why=WhyEnded.ENDED)
    except NoSuchSession as problem:
        return _page(request, problem)
    forget_session(key)
    return SeeOther(resolve_url("signin:security"))


@account_required
@never_cache
@require_POST
def end_others(request: HttpRequest) -> HttpResponseBase:
    """Signed out everywhere but here."""
    account: Any = request.user
    key = request.session.session_key or ""
    actions.end_other_sessions(by=actor_of(request), account=account.pk, keep=key)
    renew_seal(request, WhyEnded.ENDED)
    return SeeOther(resolve_url("signin:security"))


def renew_seal(request: HttpRequest, why: WhyEnded) -> None:
    """After the account's seal changed (``why``): this session goes on under a new key, the others are forgotten."""
    account: Any = request.user
    before = request.session.session_key or ""
    account.refresh_from_db()
    update_session_auth_hash(request, account)
    actions.move_session(account=account.pk, before=before, after=request.session.session_key or "", why=why)
    forget_all_sessions()
