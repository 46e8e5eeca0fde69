"""How often something may be tried: sliding windows in memory, each process for itself.

In memory on purpose where a citizen asks: a try costs no write, and nobody can fill a table. After a restart the
windows are empty, and two processes let twice as many through. Where an account is at stake, failed tries stand in the
database instead (``people/trying.py``); ``wait_of`` is the one formula of both.
"""

from __future__ import annotations

import ipaddress
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class Rate:
    """At most ``amount`` tries in ``seconds``."""

    amount: int
    seconds: float


def wait_of(rates: Sequence[Rate], ages: Sequence[float]) -> float:
    """How many seconds one more try has to wait; ``ages`` in seconds of those that count, the newest first. 0: none."""
    waits = [0.0]
    for rate in rates:
        inside = [age for age in ages if age < rate.seconds]
        if len(inside) >= rate.amount:
            waits.append(rate.seconds - inside[rate.amount - 1])
    return max(waits)


class Limiter:
    """Counts tries by key. ``take`` counts one and says how many seconds to wait (0: go on). Thread-safe, bounded."""

    def __init__(self, *rates: Rate, most_keys: int = 50_000, clock: Callable[[], float] = time.monotonic) -> None:
        if not rates:
            raise ValueError("a limiter needs a rate")
        self._rates = rates
        self._longest = max(rate.seconds for rate in rates)
        self._most_keys = most_keys
        self._clock = clock
        self._tries: OrderedDict[str, deque[float]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, key: str) -> float:
        """Count a try; a try that is refused is not counted, so waiting always helps."""
        with self._lock:
            now = self._clock()
            tries = self._recent(key, now)
            wait = self._wait(tries, now)
            if wait <= 0:
                tries.append(now)
                self._keep(key, tries)
            return wait

    def peek(self, key: str) -> float:
        """How many seconds a try would have to wait now, without counting one."""
        with self._lock:
            now = self._clock()
            return self._wait(self._recent(key, now), now)

    def give_back(self, key: str) -> None:
        """Uncount the newest try: it was a good one."""
        with self._lock:
            tries = self._tries.get(key)
            if tries:
                tries.pop()

    def held(self) -> dict[str, float]:
        """The keys that have to wait now, and how many seconds."""
        with self._lock:
            now = self._clock()
            waits = {key: self._wait(self._recent(key, now), now) for key in self._tries}
        return {key: wait for key, wait in waits.items() if wait > 0}

    def drop(self, key: str) -> None:
        """Forget the tries of one key: somebody responsible says that it may go on."""
        with self._lock:
            self._tries.pop(key, None)

    def clear(self) -> None:
        """Forget everything (tests)."""
        with self._lock:
            self._tries.clear()

    def _recent(self, key: str, now: float) -> deque[float]:
        tries = self._tries.get(key, deque())
        while tries and tries[0] <= now - self._longest:
            tries.popleft()
        return tries

    def _wait(self, tries: deque[float], now: float) -> float:
        return wait_of(self._rates, [now - moment for moment in reversed(tries)])

    def _keep(self, key: str, tries: deque[float]) -> None:
        self._tries[key] = tries
        self._tries.move_to_end(key)
        while len(self._tries) > self._most_keys:
            self._tries.popitem(last=False)


class Limits:
    """Several limiters over one try (per address, per number, both): all must agree; if one says no, none counts it."""

    def __init__(self, *limiters: Limiter) -> None:
        self._limiters = limiters
        self._lock = threading.Lock()

    def take(self, keys: Sequence[str]) -> float:
        """Count one try under every key, or none; the longest wait in seconds (0: go on)."""
        pairs = list(zip(self._limiters, keys, strict=True))
        with self._lock:
            wait = max(limiter.peek(key) for limiter, key in pairs)
            if wait <= 0:
                for limiter, key in pairs:
                    limiter.take(key)
            return wait

    def give_back(self, keys: Sequence[str]) -> None:
        """Uncount the try everywhere."""
        for limiter, key in zip(self._limiters, keys, strict=True):
            limiter.give_back(key)

    def waits(self, keys: Sequence[str]) -> list[float]:
        """How long each limiter would let its key wait now."""
        return [limiter.peek(key) for limiter, key in zip(self._limiters, keys, strict=True)]

    def held(self) -> list[dict[str, float]]:
        """What each limiter holds back now."""
        return [limiter.held() for limiter in self._limiters]

    def drop(self, place: int, key: str) -> None:
        """Forget one key of one limiter."""
        self._limiters[place].drop(key)

    def clear(self) -> None:
        """Forget everything (tests)."""
        for limiter in self._limiters:
            limiter.clear()


def client_address(request: HttpRequest) -> str:
    """The caller's address as limits count it: one IPv4 address, or one IPv6 household (/64).

    ``X-Forwarded-For`` is believed only for the entries that our own reverse proxies added (``TRUSTED_PROXIES``).
    """
    address = str(request.META.get("REMOTE_ADDR", ""))
    hops = int(getattr(settings, "TRUSTED_PROXIES", 0))
    if hops > 0:
        chain = [part.strip() for part in str(request.META.get("HTTP_X_FORWARDED_FOR", "")).split(",") if part.strip()]
        if len(chain) >= hops:
            address = chain[-hops]
    return household(address)


def household(address: str) -> str:
    """IPv6 callers own a whole /64; anything that is no address counts as one caller."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network(f"{parsed}/64", strict=False).network_address)
    return str(parsed)
