"""How often a sign-in may fail. Only failures count, so a whole shift signs in from one address at eight o'clock.

They are counted in the database: with two server processes nobody gets twice the tries, and a restart forgets none.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy, ngettext

from satuatap.basics.refusal import Refusal
from satuatap.features.people import actions
from satuatap.features.people import queries as people
from satuatap.plumbing.limits import Limiter, Limits, Rate

MINUTE = 60.0


class Tries:
    """A try that counts for several keys (``scope`` -> rates), in the database: every server process counts with it."""

    def __init__(self, **scopes: tuple[Rate, ...]) -> None:
        if any(rate.seconds > actions.KEPT_S for rates in scopes.values() for rate in rates):
            raise ValueError("failed tries are not kept for so long")
        self.scopes = scopes

    def take(self, keys: Sequence[str]) -> float:
        """Count one try under every key, or none; the longest wait in seconds (0: go on)."""
        return actions.count_try(self._counted(keys))

    def give_back(self, keys: Sequence[str]) -> None:
        """Uncount the try everywhere: it was a right one."""
        actions.uncount_try(self._counted(keys))

    def waits(self, keys: Sequence[str]) -> list[float]:
        """How long each key has to wait now."""
        return people.waits_of_tries(self._counted(keys))

    def _counted(self, keys: Sequence[str]) -> list[actions.Counted]:
        return [
            actions.Counted(scope, digest(f"{scope}\x1f{key}"), owner(scope, key), rates)
            for (scope, rates), key in zip(self.scopes.items(), keys, strict=True)
        ]


def digest(text: str) -> str:
    """What the table keeps of a name or an address: nobody reads it back without this server's secret."""
    return salted_hmac("satuatap.web.locks", text, algorithm="sha256").hexdigest()


def owner(scope: str, key: str) -> str:
    """Whose tries these are, so that a lock can be lifted: a name's from anywhere, an account's codes; no address's."""
    if scope in ("here", "name"):
        name = key.rpartition("\x1f")[0] if scope == "here" else key
        return digest(f"owner\x1f{name}")
    return digest(f"account\x1f{key}") if scope == "code" else ""


# Tight for one name from one address; wider for the name from anywhere, so that a stranger who knows a username can
# hardly lock its holder out; widest for the address, because a mall's staff share one.
FAILED = Tries(
    here=(Rate(5, 5 * MINUTE), Rate(20, 60 * MINUTE)), name=(Rate(30, 15 * MINUTE),), address=(Rate(60, 5 * MINUTE),)
)

# Codes of a second factor: a million of them, and whoever tries has shown the password already.
CODES = Tries(code=(Rate(5, 5 * MINUTE), Rate(20, 60 * MINUTE)))
PASSKEYS = Limits(Limiter(Rate(30, MINUTE)))  # an address may ask for a challenge; there is nothing to guess
JOURNEYS = Limits(Limiter(Rate(30, MINUTE)))  # to the city's sign-on, which is asked at each
NOTED = Tries(noted=(Rate(1, 5 * MINUTE),))  # one entry in the journal for a lock, however often it is run against


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
    for scope, key, wait in zip(FAILED.scopes, tried, FAILED.waits(tried), strict=True):
        if wait > 0 and NOTED.take((f"{scope}\x1f{key}",)) <= 0:
            actions.note_lock(username="" if scope == "address" else tried[1], scope=scope)


def take_code(account: int, username: str) -> None:
    """Count a try of a code; raises ``TooManyTries``."""
    wait = CODES.take((str(account),))
    if wait > 0:
        if NOTED.take((f"code\x1f{account}",)) <= 0:
            actions.note_lock(username=username, scope="code")
        raise TooManyTries(wait)


def give_code_back(account: int) -> None:
    """The code was right."""
    CODES.give_back((str(account),))


def keys(username: str, address: str) -> tuple[str, str, str]:
    """What a failed try counts for: the name from this address, the name, the address."""
    name = username.strip().lower()[:100]
    return f"{name}\x1f{address}", name, address


def owners(account: int, username: str) -> list[str]:
    """Under what this account's failed tries stand."""
    return [owner("name", username.lower()), owner("code", str(account))]


def waits_of(account: int, username: str) -> float:
    """How many seconds this account has to wait at the longest, wherever its name was tried; 0: not locked."""
    rates = {**FAILED.scopes, **CODES.scopes}
    tried = [actions.Counted(scope, key, "", rates[scope]) for scope, key in people.tries_of(owners(account, username))]
    return max(people.waits_of_tries(tried), default=0.0)


def lift(account: int, username: str) -> None:
    """Forget the failed tries of this account, wherever its name was tried; an address that tried many still waits."""
    actions.drop_tries(owners(account, username))
