"""The second step of signing in: a code from the app, a recovery code, or a passkey."""

from __future__ import annotations

import json
import time
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.account.stages import LoginStageController
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.stages import AuthenticateStage
from allauth.mfa.webauthn.internal import auth as webauthn
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
from satuatap.features.people import queries as people
from satuatap.features.people.refusals import CodeWrong
from satuatap.features.people.states import Factor
from satuatap.plumbing.keyring import KeyTrouble
from satuatap.web.answers import SeeOther
from satuatap.web.guards import SignInFirst, public
from satuatap.web.inputs import text_of
from satuatap.web.locks import NotOpen, TooManyTries, give_code_back, take_code
from satuatap.web.secure import passkeys_off


class KeyLost(Refusal):
    code = "key_lost"
    status = 503
    text = gettext_lazy("Kode tidak dapat diperiksa: kunci server tidak lengkap. Hubungi pengelola sistem.")


def stage_of(request: HttpRequest) -> Any:
    """The sign-in that waits for its second step; ``None``: none does."""
    return LoginStageController.enter(request, AuthenticateStage.key)


@public
@never_cache
@sensitive_post_parameters("code", "credential")
@require_http_methods(["GET", "HEAD", "POST"])
def second(request: HttpRequest) -> HttpResponseBase:
    """The page of the second step; its form carries a code, or what a passkey answered."""
    stage = stage_of(request)
    if stage is None:
        return SeeOther(resolve_url("account_login"))
    if request.method != "POST":
        return _page(request, stage)
    account = stage.login.user
    try:
        account.refresh_from_db()
        if not account.is_active:
            raise NotOpen()
        take_code(account.pk, account.username)
        if request.POST.get("credential"):
            authenticator = answered(account, text_of(request.POST, "credential", longest=20_000))
            post_authentication(request, authenticator)
        else:
            factor = _use(account.pk, text_of(request.POST, "code", longest=40))
            record_authentication(request, account, "mfa", type=factor.value)
        give_code_back(account.pk)
    except Refusal as problem:
        return _page(request, stage, problem)
    return stage.exit()


def _use(account: int, code: str) -> Factor:
    try:
        return actions.use_code(account=account, code=code, now=time.time())
    except KeyTrouble:
        raise KeyLost() from None


def answered(account: Any, credential: str) -> Any:
    """The passkey of this account that gave the answer; raises ``CodeWrong``."""
    try:
        answer = json.loads(credential)
        webauthn.parse_authentication_response(answer)
        return webauthn.complete_authentication(account, answer)
    except (ValidationError, ValueError, TypeError, KeyError, AttributeError):
        raise CodeWrong(_("Kunci sandi itu tidak diterima. Coba lagi, atau pakai kode.")) from None


def _page(request: HttpRequest, stage: Any, problem: Refusal | None = None) -> HttpResponseBase:
    kinds = {one.factor for one in people.factors_of(stage.login.user.pk)}
    values = {
        "problem": problem, "app": Factor.TOTP in kinds, "recovery": Factor.RECOVERY in kinds,
        "passkey": Factor.PASSKEY in kinds, "off": passkeys_off(request),
    }  # fmt: skip
    answer = render(request, "signin/second.html", values, status=problem.status if problem else 200)
    if isinstance(problem, TooManyTries):
        answer.headers["Retry-After"] = str(int(problem.retry_after) + 1)
    return answer


@public
@never_cache
@require_POST
def second_options(request: HttpRequest) -> HttpResponseBase:
    """What the browser asks the passkey of the account that waits; for the script of the page."""
    stage = stage_of(request)
    if stage is None:
        raise SignInFirst()
    return JsonResponse(webauthn.begin_authentication(stage.login.user))
