"""Before who-may-sign-in is changed: the holder shows again who she is, unless she has just done so."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render, resolve_url
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from satuatap.features.people.states import SIGNS_IN_ALONE
from satuatap.plumbing.limits import client_address
from satuatap.web.answers import SeeOther, safe_next
from satuatap.web.guards import account_required
from satuatap.web.locks import FAILED, keys, note_refused, wait_sentence
from satuatap.web.signin.forms import EMPTY

FRESH_FOR_S = 10 * 60
SHOWN_AT = "satuatap_shown_at"


class ConfirmForm(forms.Form):
    password = forms.CharField(
        label=gettext_lazy("Kata sandi sekarang"), max_length=200, strip=False, error_messages=EMPTY
    )


def is_fresh(request: HttpRequest) -> bool:
    """Whether she has signed in or shown her password within ten minutes. A PIN shows nobody."""
    shown = float(request.session.get(SHOWN_AT, 0))
    sitting = getattr(request, "_sitting", None)
    if sitting is not None and sitting.how in SIGNS_IN_ALONE:
        shown = max(shown, sitting.opened_at.timestamp())
    return 0 <= time.time() - shown < FRESH_FOR_S


def fresh_required(view: Callable[..., Any]) -> Callable[..., Any]:
    """Inside ``account_required``: asks for the password first, then goes on to the page."""

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if is_fresh(request):
            return view(request, *args, **kwargs)
        where = request.path if request.method in ("GET", "HEAD") else resolve_url("signin:security")
        return SeeOther(resolve_url("signin:confirm") + "?" + urlencode({"next": where}))

    return asked


@account_required
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest) -> HttpResponseBase:
    """The password once more."""
    account: Any = request.user
    back = safe_next(request, request.POST.get("next") or request.GET.get("next"), resolve_url("signin:security"))
    if request.method != "POST":
        return render(request, "signin/confirm.html", {"form": ConfirmForm(), "back": back})
    form = ConfirmForm(request.POST)
    if form.is_valid():
        tried = keys(account.username, client_address(request))
        wait = FAILED.take(tried)
        if wait > 0:
            note_refused(tried)
            form.add_error(None, wait_sentence(wait))
        elif not account.check_password(form.cleaned_data["password"]):
            form.add_error("password", _("Kata sandi tidak cocok. Ketik ulang, atau keluar lalu masuk lagi."))
        else:
            FAILED.give_back(tried)
            request.session[SHOWN_AT] = time.time()
            return SeeOther(back)
    return render(request, "signin/confirm.html", {"form": form, "back": back}, status=422)
