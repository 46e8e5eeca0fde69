"""The program behind an API key, for Django's views and for the raw front; remembered for two seconds as sessions are.

A key has 256 random bits: guessing it is hopeless, so wrong keys are not counted; each costs one look by index.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from datetime import UTC, datetime

from django.db import close_old_connections, connection
from django.utils.translation import gettext_lazy as _

from satuatap.basics.refusal import Refusal
from satuatap.features.commons import queries
from satuatap.features.commons.queries import ApiClient
from satuatap.features.commons.states import ApiScope

REMEMBERED_SECONDS = 2.0
MOST_REMEMBERED = 1024
LONGEST_HEADER = 200
clock = time.monotonic


class KeyNeeded(Refusal):
    code = "key_needed"
    status = 401
    text = _("Tidak ada kunci API yang berlaku di permintaan ini: tidak dikirim, salah, berakhir, atau diblokir.")


class ScopeMissing(Refusal):
    code = "scope_missing"
    status = 403

    def __init__(self, scope: ApiScope) -> None:
        super().__init__(_("Kunci ini tidak membuka bagian ini. Perlu cakupan %(scope)s.") % {"scope": scope.value})


class OutsideLimits(Refusal):
    code = "outside_limits"
    status = 403
    text = _("Kunci ini terbatas pada satu mal atau satu instansi, dan ini milik yang lain.")


class TooManyRequests(Refusal):
    code = "too_many_requests"
    status = 429
    text = _("Klien ini bertanya lebih sering daripada batasnya per menit. Tidak ada yang berubah.")

    def __init__(self, wait: float) -> None:
        super().__init__()
        self.retry_after = wait


class Buckets:
    """How often each client may ask: a bucket of ``per_minute`` tokens that fills evenly. Thread-safe."""

    def __init__(self) -> None:
        self._tokens: dict[int, tuple[float, float]] = {}
        self._lock = threading.Lock()

    def take(self, client: int, per_minute: int) -> float:
        """Take a token; how many seconds to wait when there is none (0: go on)."""
        rate = per_minute / 60.0
        with self._lock:
            now = clock()
            left, at = self._tokens.get(client, (float(per_minute), now))
            left = min(float(per_minute), left + (now - at) * rate)
            if left < 1.0:
                self._tokens[client] = (left, now)
                return (1.0 - left) / rate
            self._tokens[client] = (left - 1.0, now)
        return 0.0

    def clear(self) -> None:
        """Forget everything (tests)."""
        with self._lock:
            self._tokens.clear()


BUCKETS = Buckets()
_known: OrderedDict[str, tuple[float, ApiClient | None]] = OrderedDict()
_lock = threading.Lock()


def key_in(authorization: str) -> str:
    """The key of an Authorization header; empty when there is none."""
    word, _space, key = authorization.partition(" ")
    return key.strip() if word.lower() == "bearer" and len(authorization) <= LONGEST_HEADER else ""


def remembered_client(key: str) -> tuple[bool, ApiClient | None]:
    """Whether this key was looked up within the last two seconds, and whose it is; no thread, no database."""
    with _lock:
        until, client = _known.get(key, (0.0, None))
    return clock() < until, client


def find_client(key: str) -> ApiClient | None:
    """Whose key it is; ``None`` for nobody's. For any thread: it closes connections that have grown old itself."""
    known, client = remembered_client(key)
    if known or not key:
        return client
    if not connection.in_atomic_block:
        close_old_connections()
    client = queries.client_of_key(key, datetime.now(UTC))
    with _lock:
        _known[key] = (clock() + REMEMBERED_SECONDS, client)
        _known.move_to_end(key)
        while len(_known) > MOST_REMEMBERED:
            _known.popitem(last=False)
    return client


def admit(client: ApiClient | None, scope: ApiScope | None) -> ApiClient:
    """The client, if it may ask this now; each admitted or refused request of a client counts."""
    if client is None:
        raise KeyNeeded()
    if (wait := BUCKETS.take(client.id, client.per_minute)) > 0:
        raise TooManyRequests(wait)
    if scope is not None and not client.may(scope):
        raise ScopeMissing(scope)
    return client


def within_mall(client: ApiClient, mall: int) -> None:
    """Refuse a mall that is not the client's."""
    if client.mall not in (None, mall):
        raise OutsideLimits()


def within_agency(client: ApiClient, agency: int) -> None:
    """Refuse what belongs to another agency than the client's."""
    if client.agency not in (None, agency):
        raise OutsideLimits()


def forget_clients() -> None:
    """Somebody was blocked, or tests begin: look every key up again."""
    with _lock:
        _known.clear()
