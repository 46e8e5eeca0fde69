"""The only writes of the journal: append a fact, number what is committed, move a reader on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from psycopg.types.json import Jsonb

from satuatap.basics.actor import Actor
from satuatap.basics.facts import Fact
from satuatap.features.journal import statements
from satuatap.features.journal.models import Cursor


@dataclass(frozen=True, slots=True)
class Appended:
    """The entry just written: its id and the mall's time in it."""

    id: int
    at: datetime


def announce(
    fact: Fact,
    *,
    by: Actor,
    mall: int | None = None,
    visit: int | None = None,
    request: UUID | None = None,
    at: datetime | None = None,
) -> Appended:
    """Write the fact in the transaction that is open: it happened if and only if the change is committed."""
    if not connection.in_atomic_block:
        raise RuntimeError("announce() belongs inside its action's transaction")
    with connection.cursor() as cursor:
        cursor.execute(
            statements.APPEND,
            {
                "at": at,
                "kind": fact.kind,
                "who": by.code,
                "mall": mall,
                "visit": visit,
                "request": request,
                "fact": Jsonb(fact.as_json()),
            },
        )
        entry_id, moment = cursor.fetchone()
    return Appended(entry_id, moment)


def number_entries() -> tuple[int, int]:
    """Give every committed entry without a position the next ones; return how many, and the last position.

    Only one numberer works at a time; a second one returns at once with 0 numbered.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statements.NUMBERER_LOCK)
        if not cursor.fetchone()[0]:
            cursor.execute(statements.LAST)
            return 0, int(cursor.fetchone()[0])
        cursor.execute(statements.SEE_FOREIGN)
        cursor.execute(statements.NUMBER)
        count, last = cursor.fetchone()
    return int(count), int(last)


def move_reader(reader: str, position: int) -> None:
    """Remember how far a reader has come; never backwards."""
    Cursor.objects.get_or_create(reader=reader)
    Cursor.objects.filter(reader=reader, position__lt=position).update(position=position)
