"""The session behind a request: noted when it opens, seen once a minute, ended when its time is over.

What counts as done by hand is a form that is sent or a page that somebody goes to. What a page fetches by itself (a
stream, a part of a page) keeps no session alive.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from allauth.account.internal.flows.login import get_authentication_records
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponseBase

from satuatap.basics.actor import Actor
from satuatap.features.malls import queries as malls
from satuatap.features.people import actions
from satuatap.features.people import queries as people
from satuatap.features.people.states import Factor, How, WhyEnded
from satuatap.web.identity import forget_session

HOW = "satuatap_how"
PC_FOR_S = 400 * 24 * 3600
PC_SALT = "satuatap.web.pc"
BROWSERS = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "macOS"),
           ("CrOS", "ChromeOS"), ("Linux", "Linux"))  # fmt: skip


def begin(request: HttpRequest, account: int, how: How | None = None) -> people.SessionView | None:
    """Note the session that this request has: once, whoever asks first. ``None``: it has no key yet."""
    key = request.session.session_key
    if not key:
        return None
    if how is not None:
        request.session[HOW] = how.value
    shown = how or _how(request)
    opening = actions.Opening(
        session_key=key, how=shown, factor=_factor(request), pc=pc_of(request) or getattr(request, "_new_pc", None),
        browser=browser_of(request),
    )  # fmt: skip
    actions.open_session(account=account, opening=opening, now=datetime.now(UTC), today=today())
    return people.session_of(key)


def check(request: HttpRequest, grants: Iterable[people.Grant]) -> WhyEnded | None:
    """End the session of this request if its time is over, and say why; otherwise note that somebody is here."""
    key = request.session.session_key or ""
    session = people.session_of(key) or begin(request, int(request.user.pk or 0))
    request._sitting = session  # type: ignore[attr-defined]
    if session is None:
        return None
    now = datetime.now(UTC)
    why = session.why_over(grants, now)
    if why is None:
        if is_by_hand(request) and session.wants_touch(now):
            actions.touch_session(session_key=key, now=now)
        return None
    end(request, why)
    return why


def end(request: HttpRequest, why: WhyEnded) -> None:
    """This request's session ends, with its fact."""
    session = people.session_of(request.session.session_key or "")
    if session is not None:
        by = Actor.account(session.account)
        actions.end_session(by=by, account=session.account, session=session.id, why=why)
        forget_session(session.session_key)
    request.session.flush()
    request.user = AnonymousUser()  # type: ignore[assignment]


def is_by_hand(request: HttpRequest) -> bool:
    """Whether a person did this, as the browser tells it."""
    if request.method not in ("GET", "HEAD"):
        return True
    asked = request.headers.get("HX-Request") == "true" or "application/json" in request.headers.get("Accept", "")
    return not asked and request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate"


def today(mall: int | None = None) -> date:
    """The real day in a mall's zone, or in the first's."""
    rows = list(malls.malls())
    zone = next((str(row.zone_name) for row in rows if mall in (None, row.id)), "UTC")
    return datetime.now(UTC).astimezone(ZoneInfo(zone)).date()


def pc_of(request: HttpRequest) -> UUID | None:
    """Which PC this is, by its signed cookie; ``None``: not known, or not ours."""
    return pc_in(request.COOKIES)


def pc_in(cookies: Mapping[str, str]) -> UUID | None:
    try:
        return UUID(Signer(salt=PC_SALT).unsign(cookies.get(settings.PC_COOKIE_NAME, "")))
    except (BadSignature, ValueError):
        return None


def new_pc(request: HttpRequest) -> None:
    """A PC on which somebody signs in for the first time gets a number; ``keep_pc`` gives it to the browser."""
    if pc_of(request) is None and not hasattr(request, "_new_pc"):
        request._new_pc = uuid4()  # type: ignore[attr-defined]


def pc_here(request: HttpRequest) -> UUID:
    """This PC's number; a new one where it has none yet, which ``keep_pc`` has to give to the browser."""
    new_pc(request)
    return pc_of(request) or UUID(str(request._new_pc))  # type: ignore[attr-defined]


def keep_pc(request: HttpRequest, response: HttpResponseBase) -> None:
    """The PC's number goes with the answer, signed; scripts can't read it."""
    number = getattr(request, "_new_pc", None)
    if number is not None:
        response.set_cookie(
            settings.PC_COOKIE_NAME, Signer(salt=PC_SALT).sign(str(number)), PC_FOR_S,
            secure=bool(settings.SESSION_COOKIE_SECURE), httponly=True, samesite="Lax",
        )  # fmt: skip


def browser_of(request: HttpRequest) -> str:
    """The browser and system in two words, so that the holder knows her own sessions; never the whole text."""
    agent = request.headers.get("User-Agent", "")
    kind = next((name for sign, name in BROWSERS if sign in agent), "")
    system = next((name for sign, name in SYSTEMS if re.search(rf"\b{sign}\b", agent)), "")
    return ", ".join(word for word in (kind, system) if word)


def _records(request: HttpRequest) -> list[dict[str, Any]]:
    return get_authentication_records(request, request.user if request.user.is_authenticated else None)


def _how(request: HttpRequest) -> How:
    """How this session was opened, as allauth recorded it."""
    if (said := request.session.get(HOW)) in set(How):
        return How(said)
    records = _records(request)
    if any(one.get("passwordless") for one in records):
        return How.PASSKEY
    return How.CITY if any(one.get("method") == "socialaccount" for one in records) else How.PASSWORD


def _factor(request: HttpRequest) -> Factor | None:
    """The second factor that was shown beside a password or the city's sign-on."""
    kinds = [one.get("type") for one in _records(request) if one.get("method") == "mfa" and not one.get("passwordless")]
    return next((Factor(kind) for kind in kinds if kind in set(Factor)), None)
