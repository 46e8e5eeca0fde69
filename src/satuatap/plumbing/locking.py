"""Row locks as the house takes them: once an action, in key order, weak enough for foreign keys."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import connection

# Held (shared) while something is sealed, and alone while a key is made or dropped: no row is ever sealed with a key
# that has just gone.
KEYS_LOCK = 7_202_227
CITY_LOCK = 5_471_001


def lock(rows: Any) -> list[Any]:
    """Lock the rows of a QuerySet in key order (``for no key update of self``) and return them as they are now."""
    return list(rows.order_by("pk").select_for_update(no_key=True, of=("self",)))


def hold_keys(*, alone: bool = False) -> None:
    """Until the end of this transaction the file of keys stays as it is, or is this transaction's to change."""
    with connection.cursor() as cursor:
        cursor.execute(f"select pg_advisory_xact_lock{'' if alone else '_shared'}(%s)", [KEYS_LOCK])


def hold_request(request: UUID | None) -> None:
    """Until the end of this transaction a second one with the same key waits; then it finds what the first has done."""
    if request is not None:
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [str(request)])


def hold_city() -> None:
    """Until the end of this transaction nobody else reads the city's rows as a whole and writes them back."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [CITY_LOCK])
