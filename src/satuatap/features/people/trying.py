"""Failed tries as the table holds them: what one counts for, and how long it has to wait."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from satuatap.plumbing.limits import Rate, wait_of

AGES = """
    select key, greatest(0, extract(epoch from statement_timestamp() - at))::float8
    from people_try where key = any(%s) order by at desc, id desc
"""


@dataclass(frozen=True, slots=True)
class Counted:
    """What a try counts for: a digest of 64 hex signs, the digest of whose it is, and how often is too often."""

    scope: str
    key: str
    owner: str
    rates: tuple[Rate, ...]

    @property
    def number(self) -> int:
        """What its lock is called: 64 bits of the digest."""
        return int.from_bytes(bytes.fromhex(self.key[:16]), signed=True)


def waits(tried: Sequence[Counted]) -> list[float]:
    """How many seconds each would have to wait now; nothing is counted."""
    ages: dict[str, list[float]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(AGES, [[one.key for one in tried]])
        for key, age in cursor.fetchall():
            ages[key].append(age)
    return [wait_of(one.rates, ages[one.key]) for one in tried]
