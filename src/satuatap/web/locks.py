"""How often a sign-in may fail. Only failures count, so a whole shift signs in from one address at eight o'clock."""

from __future__ import annotations

from django.utils.translation import gettext_lazy, ngettext

from satuatap.basics.refusal import Refusal
from satuatap.features.people import actions
from satuatap.plumbing.limits import Limiter, Limits, Rate

MINUTE = 60.0

# Tight for one name from one address; wider for the name from anywhere, so that a stranger who knows a username can
# hardly lock its holder out; widest for the address, because a mall's staff share one.
FAILED = Limits(
    Limiter(Rate(5, 5 * MINUTE), Rate(20, 60 * MINUTE)),
    Limiter(Rate(30, 15 * MINUTE)),
    Limiter(Rate(60, 5 * MINUTE)),
)

# Codes of a second factor: a million of them, and whoever tries has shown the password already.
CODES = Limits(Limiter(Rate(5, 5 * MINUTE), Rate(20, 60 * MINUTE)))
PASSKEYS = Limits(Limiter(Rate(30, MINUTE)))  # an address may ask for a challenge; there is nothing to guess
JOURNEYS = Limits(Limiter(Rate(30, MINUTE)))  # to the city's sign-on, which is asked at each
SCOPES = ("here", "name", "address")
_noted = Limiter(Rate(1, 5 * MINUTE))  # one entry in the journal for a lock, however often it is run against


class NotOpen(Refusal):
    """Blocked meanwhile."""

    code = "not_open"
    status = 403
    text = gettext_lazy("Akun ini tidak bisa dipakai masuk. Hubungi Manajer MPP atau pengelola sistem.")


class TooManyTries(Refusal):
    """Too many failed sign-ins; waiting helps."""

    code = "too_many_tries"
    status = 429
    text = gettext_lazy("Terlalu banyak percobaan masuk yang gagal. Tunggu beberapa menit, lalu coba lagi.")

    def __init__(self, wait_seconds: float) -> None:
        self.retry_after = wait_seconds
        super().__init__(wait_sentence(wait_seconds))


def wait_sentence(wait_seconds: float) -> str:
    """How long to wait, in whole minutes, and what to do meanwhile."""
    minutes = max(1, int(-(-wait_seconds // 60)))
    return ngettext(
        "Terlalu banyak percobaan masuk yang gagal. Tunggu %(minutes)d menit, lalu coba lagi, atau minta Manajer MPP "
        "atau pengelola membuka kuncinya.",
        "Terlalu banyak percobaan masuk yang gagal. Tunggu %(minutes)d menit, lalu coba lagi, atau minta Manajer MPP "
        "atau pengelola membuka kuncinya.",
        minutes,
    ) % {"minutes": minutes}


def note_refused(tried: tuple[str, str, str]) -> None:
    """A try was refused: the journal has the lock once, by what rests and the account's number, never by a name."""
    for scope, key, wait in zip(SCOPES, tried, FAILED.waits(tried), strict=True):
        if wait > 0 and _noted.take(f"{scope}\x1f{key}") <= 0:
            actions.note_lock(username="" if scope == "address" else tried[1], scope=scope)


def take_code(account: int, username: str) -> None:
    """Count a try of a code; raises ``TooManyTries``."""
    wait = CODES.take((str(account),))
    if wait > 0:
        if _noted.take(f"code\x1f{account}") <= 0:
            actions.note_lock(username=username, scope="code")
        raise TooManyTries(wait)


def give_code_back(account: int) -> None:
    """The code was right."""
    CODES.give_back((str(account),))


def keys(username: str, address: str) -> tuple[str, str, str]:
    """What a failed try counts for: the name from this address, the name, the address."""
    name = username.strip().lower()[:100]
    return f"{name}\x1f{address}", name, address


def waits_of(account: int, username: str) -> float:
    """How many seconds this account has to wait at the longest, wherever its name was tried; 0: not locked."""
    here, names, _addresses = FAILED.held()
    name = username.lower()
    found = [wait for key, wait in here.items() if key.startswith(f"{name}\x1f")]
    found += [names.get(name, 0.0), CODES.held()[0].get(str(account), 0.0)]
    return max(found)


def lift(account: int, username: str) -> None:
    """Forget the failed tries of this account, wherever its name was tried; an address that tried many still waits."""
    name = username.lower()
    for key in FAILED.held()[0]:
        if key.startswith(f"{name}\x1f"):
            FAILED.drop(0, key)
    FAILED.drop(1, name)
    CODES.drop(0, str(account))
