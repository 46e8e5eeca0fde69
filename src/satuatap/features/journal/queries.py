"""What readers of the journal may ask. Readers go by position, never by id: ids commit out of order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q

from satuatap.features.journal import statements
from satuatap.features.journal.models import Cursor, Entry
from satuatap.features.journal.refusals import KeyUsedOtherwise


@dataclass(frozen=True, slots=True)
class Line:
    """One numbered entry as readers see it."""

    position: int
    entry: int
    at: datetime
    real_at: datetime
    kind: str
    who: str
    mall: int | None
    visit_id: int | None
    fact: dict[str, Any]


def entries_after(position: int, limit: int = 1000) -> Sequence[Line]:
    """The next numbered entries after ``position``, in order, without gaps."""
    with connection.cursor() as cursor:
        cursor.execute(statements.AFTER, {"after": position, "limit": limit})
        rows = cursor.fetchall()
    return [Line(*row) for row in rows]


def last_position() -> int:
    """The newest position given so far; 0 in an empty journal."""
    with connection.cursor() as cursor:
        cursor.execute(statements.LAST)
        return int(cursor.fetchone()[0])


def newest() -> tuple[int, int]:
    """The newest position and the newest entry, numbered or not: as long as both stand, nothing else has happened.

    An entry that commits late has a lower id than some that were seen before; its position is then the newest.
    """
    with connection.cursor() as cursor:
        cursor.execute(statements.NEWEST)
        position, entry = cursor.fetchone()
    return int(position), int(entry)


def entry_of_request(request: UUID | None, kind: str, **said: Any) -> Entry | None:
    """The entry that an earlier try with the same idempotency key left, if any.

    ``kind`` and ``said`` (``visit`` or fields of the fact) are what this try would write; a key that was used for
    anything else is refused.
    """
    row = None if request is None else Entry.objects.filter(request=request).first()
    if row is not None:
        same_write((row.kind, row.visit_id, row.fact), kind, said)
    return row


def same_write(row: tuple[str, int | None, Mapping[str, Any]], kind: str, said: Mapping[str, Any]) -> None:
    """Refuse unless the entry (kind, visit, fact) says this; ``None`` in ``said`` of the visit: whichever it was."""
    written = {**row[2], "visit": row[1] if said.get("visit") is not None else None}
    if row[0] != kind or any(written.get(name) != value for name, value in said.items()):
        raise KeyUsedOtherwise()


def position_of_reader(reader: str) -> int:
    """How far a reader has come."""
    row = Cursor.objects.filter(reader=reader).first()
    return 0 if row is None else row.position


def latest(kinds: Iterable[str], *, mall: int | None = None, limit: int = 50) -> list[Line]:
    """The newest numbered entries of these kinds, newest first: those of one mall and of no mall, if one is named."""
    rows = Entry.objects.filter(kind__in=list(kinds), place__isnull=False).order_by("-place__position")
    if mall is not None:
        rows = rows.filter(Q(mall=mall) | Q(mall__isnull=True))
    return [
        Line(row.place.position, row.pk, row.at, row.real_at, row.kind, row.who, row.mall, row.visit_id, row.fact)
        for row in rows.select_related("place")[:limit]
    ]


def of_visit(visit: int) -> list[Line]:
    """All numbered entries about one visit, in order: what its holder may read about herself."""
    rows = Entry.objects.filter(visit_id=visit, place__isnull=False).order_by("place__position").select_related("place")
    return [
        Line(row.place.position, row.pk, row.at, row.real_at, row.kind, row.who, row.mall, row.visit_id, row.fact)
        for row in rows
    ]
