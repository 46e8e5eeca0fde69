"""Who may open what. Every view says it in one line: ``@public`` or ``@role_required(...)``; silence is refused.

What an address names (this desk, this booth) is checked inside the view with ``require_place``.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import resolve_url
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from satuatap.basics.actor import Actor
from satuatap.basics.refusal import Refusal
from satuatap.features.people import queries as people
from satuatap.features.people.states import How, Role, WhyEnded
from satuatap.web.answers import SeeOther, wants_json
from satuatap.web.identity import FrontIdentity, forget_session, front_identity, grants_now, lacks_factor
from satuatap.web.refusals import answer
from satuatap.web.sessions import begin, check, end

__all__ = [
    "PUBLIC",
    "FrontIdentity",
    "Guard",
    "GuardMiddleware",
    "NotAllowed",
    "SignInFirst",
    "account_required",
    "actor_of",
    "change_officer",
    "forget_session",
    "front_identity",
    "grants_of",
    "has_role",
    "places_of",
    "public",
    "require_place",
    "role_required",
    "sign_in_device",
]

log = logging.getLogger(__name__)
View = TypeVar("View", bound=Callable[..., Any])


class SignInFirst(Refusal):
    code = "sign_in"
    status = 401
    text = gettext_lazy("Sesi Anda sudah berakhir. Masuk lagi; yang sudah tersimpan aman.")


class NotAllowed(Refusal):
    """The account has another role, or has it at another place. The sentence names who may."""

    code = "not_allowed"
    status = 403

    def __init__(self, roles: Iterable[Role] = (), *, elsewhere: bool = False) -> None:
        super().__init__(_who_may(tuple(roles), elsewhere))


@dataclass(frozen=True, slots=True)
class Guard:
    """What a view says about who may open it; no roles and not public: any signed-in account."""

    roles: frozenset[Role] = frozenset()
    public: bool = False


PUBLIC = Guard(public=True)


def public(view: View) -> View:
    """Anyone may open this view."""
    view.guard = PUBLIC  # type: ignore[attr-defined]
    return view


def role_required(*roles: Role) -> Callable[[View], View]:
    """Accounts with one of these roles today, at any place; without roles: any account."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            stop = _stop(request, roles)
            return view(request, *args, **kwargs) if stop is None else stop

        guarded.guard = Guard(frozenset(roles))  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return decorate


def account_required(view: View) -> View:
    """Any signed-in account, also one that still has to replace its password."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return view(request, *args, **kwargs) if _is_here(request) else _to_sign_in(request)

    guarded.guard = Guard()  # type: ignore[attr-defined]
    return guarded  # type: ignore[return-value]


def sign_in_device(request: HttpRequest, account: AbstractBaseUser, *, days: int = 90) -> None:
    """A device signed in by its activation link stays signed in for ``days``; a new link or a block ends it."""
    forget_session(request.session.session_key)
    login(request, account, backend=settings.AUTHENTICATION_BACKENDS[0])
    request.session.set_expiry(days * 24 * 3600)
    begin(request, int(account.pk), How.LINK)


def change_officer(request: HttpRequest, account: AbstractBaseUser) -> None:
    """Another officer goes on at a shared PC, after her PIN was checked: the earlier one's session ends."""
    end(request, WhyEnded.CHANGED)
    login(request, account, backend=settings.AUTHENTICATION_BACKENDS[0])
    request._grants = None  # type: ignore[attr-defined]
    begin(request, int(account.pk), How.PIN)


def actor_of(request: HttpRequest) -> Actor:
    """Who acts, as the journal names her; a guarded view always has one."""
    if not request.user.is_authenticated:
        raise SignInFirst()
    return Actor.account(int(request.user.pk))


def grants_of(request: HttpRequest) -> tuple[people.Grant, ...]:
    """The grants of the account that count now, read once a request."""
    known = getattr(request, "_grants", None)
    if known is None:
        known = grants_now(int(request.user.pk)) if request.user.is_authenticated else ()
        request._grants = known  # type: ignore[attr-defined]
    return tuple(known)


def has_role(request: HttpRequest, *roles: Role, mall: int | None = None, booth: int | None = None) -> bool:
    """Whether the account has one of the roles at this place."""
    held = grants_of(request)
    return any(people.grants_allow(held, role, mall=mall, booth=booth) for role in roles)


def require_place(
    request: HttpRequest, role: Role | Iterable[Role], *, mall: int | None = None, booth: int | None = None
) -> None:
    """Refuse unless the account has the role (or one of them) for this mall and booth."""
    roles = (role,) if isinstance(role, Role) else tuple(role)
    if not request.user.is_authenticated:
        raise SignInFirst()
    if not has_role(request, *roles, mall=mall, booth=booth):
        raise NotAllowed(roles, elsewhere=has_role(request, *roles))


def places_of(request: HttpRequest, *roles: Role) -> tuple[people.Grant, ...]:
    """Where the account has one of these roles: to choose among her desks, or her mall."""
    return tuple(grant for grant in grants_of(request) if grant.role in roles)


def _stop(request: HttpRequest, roles: tuple[Role, ...]) -> HttpResponseBase | None:
    """Sign in first, replace the password first, or the refusal; ``None``: go on."""
    if not _is_here(request):
        return _to_sign_in(request)
    if getattr(request.user, "must_change_password", False):
        return SeeOther(resolve_url("signin:password"))
    if lacks_factor(int(request.user.pk or 0), grants_of(request)):
        return SeeOther(resolve_url("signin:security"))
    if roles and not has_role(request, *roles):
        raise NotAllowed(roles)
    return None


def _is_here(request: HttpRequest) -> bool:
    """Whether somebody is signed in and her session's time is not over."""
    if not request.user.is_authenticated or check(request, grants_of(request)) is None:
        return bool(request.user.is_authenticated)
    request._grants = ()  # type: ignore[attr-defined]
    return False


def _to_sign_in(request: HttpRequest) -> HttpResponseBase:
    if wants_json(request) or request.headers.get("HX-Request"):
        raise SignInFirst()
    back = request.get_full_path() if request.method in ("GET", "HEAD") else _sent_from(request)
    query = "?" + urlencode({"next": back}) if back and back != "/" else ""
    return SeeOther(resolve_url(settings.LOGIN_URL) + query)


def _sent_from(request: HttpRequest) -> str:
    """The page of this site that a form was sent from; empty if the browser does not say."""
    page = urlsplit(request.headers.get("Referer", ""))
    return page.path + (f"?{page.query}" if page.query else "") if page.netloc == request.get_host() else ""


def _who_may(roles: tuple[Role, ...], elsewhere: bool) -> str | Promise:
    if not roles:
        return gettext_lazy("Akun ini tidak berwenang di sini. Minta pengelola sistem bila ini keliru.")
    names = ", ".join(str(people.ROLE_NAMES[role]) for role in roles)
    if elsewhere:
        return _("Ini di luar gerai atau mal Anda. Yang boleh: %(roles)s di tempat ini. "
                 "Minta Manajer MPP bila ini keliru.") % {"roles": names}  # fmt: skip
    return _("Halaman ini untuk: %(roles)s. Masuk dengan akun lain, atau minta Manajer MPP memberi peran itu.") % {
        "roles": names
    }


class GuardMiddleware:
    """Refuses a view that nobody has guarded: forgetting the line must not open a door."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        if getattr(view, "guard", None) is None:
            log.error("a view without a guard was refused: %s.%s", view.__module__, getattr(view, "__name__", "?"))
            return answer(request, NotAllowed())
        return None
