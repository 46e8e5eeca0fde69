"""Failed tries, counted by every server process together. No fact: what they may end in, a lock, has one."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection, transaction

from satuatap.features.people.models import Try
from satuatap.features.people.trying import Counted, waits

KEPT_S = 3600  # no rate looks further back

# Who counts the same key waits for the other's end: else two that have seen four tries would both count a fifth.
HOLD = "select pg_advisory_xact_lock(number) from unnest(%s::bigint[]) as number"
COUNT = "insert into people_try (scope, key, owner) select * from unnest(%s::text[], %s::text[], %s::text[])"
UNCOUNT = "delete from people_try where id in (select max(id) from people_try where key = any(%s) group by key)"
# A hundred at a time, and never one that somebody else is about to remove: each try costs about the same.
FORGET = """
    delete from people_try where id in (
        select id from people_try where at < statement_timestamp() - make_interval(secs => %s)
        order by at limit 100 for update skip locked
    )
"""


def count_try(tried: Sequence[Counted]) -> float:
    """Count one try under every key, or none; the longest wait in seconds (0: go on). A refused one is not counted."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(HOLD, [numbers_of(tried)])
        wait = max(waits(tried))
        if wait <= 0:
            columns = [[getattr(one, name) for one in tried] for name in ("scope", "key", "owner")]
            cursor.execute(COUNT, columns)
    forget_tries()
    return wait


def uncount_try(tried: Sequence[Counted]) -> None:
    """It was a right one: the newest goes everywhere."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(HOLD, [numbers_of(tried)])
        cursor.execute(UNCOUNT, [[one.key for one in tried]])


def drop_tries(owners: Sequence[str]) -> None:
    """Somebody responsible says that these may go on: their failed tries are forgotten, wherever they were made."""
    Try.objects.filter(owner__in=[owner for owner in owners if owner]).delete()


def forget_tries() -> int:
    """What no rate looks back to any more goes, up to a hundred; how many."""
    with connection.cursor() as cursor:
        cursor.execute(FORGET, [KEPT_S])
        return int(cursor.rowcount)


def numbers_of(tried: Sequence[Counted]) -> list[int]:
    """The locks in one order, so that two tries never wait for one another."""
    return sorted({one.number for one in tried})
