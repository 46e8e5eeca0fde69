"""allauth as this house uses it: usernames only, our limits, our sentences, our sessions."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth import authenticate
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.utils.translation import gettext_lazy as _

from satuatap.features.people.states import WhyEnded
from satuatap.plumbing.limits import client_address
from satuatap.web.answers import SeeOther, safe_next
from satuatap.web.guards import forget_session
from satuatap.web.locks import FAILED, NotOpen, TooManyTries, keys, note_refused
from satuatap.web.sessions import begin, end, keep_pc, new_pc

WRONG = _("Nama pengguna atau kata sandi tidak cocok. Periksa keduanya, lalu coba lagi.")


class Adapter(DefaultAccountAdapter):
    """One sentence for every wrong pair, whether or not the account exists or is blocked."""

    error_messages = DefaultAccountAdapter.error_messages | {"username_password_mismatch": WRONG}

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """Count the try before the password is checked, so that tries in parallel count too; a right one is uncounted.

        A blocked account with the right password is nobody, like an account that does not exist.
        """
        tried = keys(str(credentials.get("username", "")), client_address(request))
        wait = FAILED.take(tried)
        if wait > 0:
            note_refused(tried)
            raise TooManyTries(wait)
        user = authenticate(request, **credentials)
        AuthenticationBackend.unstash_authenticated_user()
        if user is not None:
            FAILED.give_back(tried)
        return user

    def login(self, request: HttpRequest, user: Any) -> None:
        """A new session key, and no identity remembered under the old one."""
        forget_session(request.session.session_key)
        new_pc(request)
        super().login(request, user)
        begin(request, int(user.pk))

    def logout(self, request: HttpRequest) -> None:
        key = request.session.session_key
        end(request, WhyEnded.SIGNED_OUT)
        super().logout(request)
        forget_session(key)

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:
        raise NotOpen()

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return resolve_url("signin:landing")

    def is_safe_url(self, url: str) -> bool:
        return bool(url) and safe_next(self.request, url, "") == url

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """The next page is the answer; no message on top of it."""

    def post_login(self, request: HttpRequest, user: Any, *, redirect_url: str | None, **kwargs: Any) -> HttpResponse:
        """Go on to the page that was asked for, or to the role's own."""
        response = SeeOther(super().post_login(request, user, redirect_url=redirect_url, **kwargs)["Location"])
        keep_pc(request, response)
        return response
