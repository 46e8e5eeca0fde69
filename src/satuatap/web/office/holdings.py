"""What the office shows of how an account signs in: never a secret, nor which browser she uses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

from satuatap.features.people import queries as people
from satuatap.features.people.states import Factor
from satuatap.web.locks import waits_of


@dataclass(frozen=True, slots=True)
class Holdings:
    """An account's sessions, second factors and locks."""

    sessions: Sequence[people.SessionView]
    factors: Sequence[people.FactorView]
    codes: bool  # recovery codes that are left
    lock_minutes: int  # until failed tries are forgotten by themselves
    pins_locked: int
    city_login: str

    @property
    def locked(self) -> bool:
        return bool(self.lock_minutes or self.pins_locked)


def holdings_of(row: Any) -> Holdings:
    """How this account signs in."""
    factors = people.factors_of(row.pk)
    return Holdings(
        people.sessions_of(row.pk),
        [one for one in factors if one.factor is not Factor.RECOVERY],
        any(one.factor is Factor.RECOVERY for one in factors),
        ceil(waits_of(row.pk, row.username) / 60),
        people.locked_pins().get(row.pk, 0),
        row.city_login,
    )
