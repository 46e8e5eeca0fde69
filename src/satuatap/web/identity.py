"""The account behind a session, for views and for the raw front, which asks many times a second."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import close_old_connections, connection
from django.utils.crypto import constant_time_compare

from satuatap.features.malls import queries as malls
from satuatap.features.people import actions as people_actions
from satuatap.features.people import queries as people

REMEMBERED_SECONDS = 2.0
MOST_REMEMBERED = 4096
clock = time.monotonic


@dataclass(frozen=True, slots=True)
class FrontIdentity:
    """A signed-in account and its grants of today."""

    account_id: int
    grants: tuple[people.Grant, ...]


class _Memory:
    """Identities by session key for two seconds; signing out forgets at once. Thread-safe and bounded."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, tuple[float, FrontIdentity | None]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: str) -> tuple[bool, FrontIdentity | None]:
        with self._lock:
            until, identity = self._known.get(key, (0.0, None))
        return clock() < until, identity

    def put(self, key: str, identity: FrontIdentity | None) -> None:
        with self._lock:
            self._known[key] = (clock() + REMEMBERED_SECONDS, identity)
            self._known.move_to_end(key)
            while len(self._known) > MOST_REMEMBERED:
                self._known.popitem(last=False)

    def drop(self, key: str) -> None:
        with self._lock:
            self._known.pop(key, None)

    def clear(self) -> None:
        with self._lock:
            self._known.clear()


_memory = _Memory()


def front_identity(session_key: str) -> FrontIdentity | None:
    """Who holds this session cookie; ``None`` if it has ended, its account is blocked, or its password was replaced.

    For a thread of the raw front: it closes connections that have grown old itself.
    """
    if not 8 <= len(session_key) <= 64 or not session_key.isalnum():
        return None
    known, identity = _memory.get(session_key)
    if known:
        return identity
    if not connection.in_atomic_block:
        close_old_connections()
    identity = _read(session_key)
    _memory.put(session_key, identity)
    return identity


def remembered(session_key: str) -> tuple[bool, FrontIdentity | None]:
    """Whether this session was read within the last two seconds, and what was found; no thread, no database."""
    return _memory.get(session_key)


def forget_session(session_key: str | None) -> None:
    """A session has ended: the front must not remember it."""
    if session_key:
        _memory.drop(session_key)


def forget_all_sessions() -> None:
    """Somebody was blocked or a role ended: read everything again."""
    _memory.clear()


def grants_now(account_id: int) -> tuple[people.Grant, ...]:
    """The grants that count at this moment: each by the calendar of its mall's zone, a city-wide one by the first's."""
    now = datetime.now(UTC)
    zones = {int(row.id): str(row.zone_name) for row in malls.malls()}
    home = next(iter(zones.values()), "UTC")
    days = {mall: now.astimezone(ZoneInfo(zone)).date() for mall, zone in zones.items()}
    today = now.astimezone(ZoneInfo(home)).date()
    return people.grants_of_days(account_id, days, otherwise=today)


def _read(session_key: str) -> FrontIdentity | None:
    session = SessionStore(session_key).load()
    if not session or session.get(BACKEND_SESSION_KEY) not in settings.AUTHENTICATION_BACKENDS:
        return None
    account = people.account(int(session[SESSION_KEY])) if str(session.get(SESSION_KEY, "")).isdecimal() else None
    if account is None or not account.is_active or account.must_change_password:
        return None
    if not constant_time_compare(str(session.get(HASH_SESSION_KEY, "")), account.get_session_auth_hash()):
        return None
    grants = grants_now(int(account.pk))
    sitting = people.session_of(session_key)
    if sitting is not None and sitting.why_over(grants, datetime.now(UTC)) is not None:
        return None
    if lacks_factor(int(account.pk), grants):
        return None
    return FrontIdentity(int(account.pk), grants)


def lacks_factor(account_id: int, grants: tuple[people.Grant, ...]) -> bool:
    """Whether these roles ask for a second factor that the account has not set up yet."""
    return grants_need_factor(grants) and not people.has_factor(account_id)


def grants_need_factor(grants: tuple[people.Grant, ...]) -> bool:
    """Whether these roles ask for a second factor: strong ones, at a mall that is no demo."""
    return people.grants_need_factor(grants, [int(row.id) for row in malls.malls() if not row.demo])


def seen_by_hand(session_key: str) -> None:
    """The front got a form of this session: write down a sign of life, once a minute."""
    if not connection.in_atomic_block:
        close_old_connections()
    sitting = people.session_of(session_key)
    now = datetime.now(UTC)
    if sitting is not None and sitting.wants_touch(now):
        people_actions.touch_session(session_key=session_key, now=now)
