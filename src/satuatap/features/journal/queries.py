"""What readers of the journal may ask. Readers go by position, never by id: ids commit out of order."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q

from satuatap.basics import merkle
from satuatap.features.journal import statements
from satuatap.features.journal.leaves import Row
from satuatap.features.journal.models import Cursor, Entry, Position, Seal
from satuatap.features.journal.refusals import KeyUsedOtherwise, NoSuchSeal, NotSealed, SealsDisagree
from satuatap.features.journal.trees import SealedTree, rows_between

NO_ROOT = bytes(merkle.HASH_BYTES)  # what stands before the first seal
_SEAL = ("size", "after", "root", "previous", "made")


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
    return [Line(*(*row[:-1], _parsed(row[-1]))) for row in rows]


def _parsed(fact: Any) -> dict[str, Any]:
    """Django's own connections leave jsonb as text; others may not."""
    return json.loads(fact) if isinstance(fact, str) else fact


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


def latest(
    kinds: Iterable[str],
    *,
    mall: int | None = None,
    about: Collection[int] | None = None,
    limit: int = 50,
    before: int | None = None,
) -> list[Line]:
    """The newest numbered entries of these kinds, newest first, older than the position ``before``.

    With ``mall``: those of this mall and of no mall; of the latter only what is ``about`` these accounts, if given.
    """
    rows = Entry.objects.filter(kind__in=list(kinds), place__isnull=False).order_by("-place__position")
    if mall is not None:
        nowhere = Q(mall__isnull=True)
        rows = rows.filter(Q(mall=mall) | (nowhere if about is None else nowhere & Q(fact__account__in=list(about))))
    if before is not None:
        rows = rows.filter(place__position__lt=before)
    return [
        Line(row.place.position, row.pk, row.at, row.real_at, row.kind, row.who, row.mall, row.visit_id, row.fact)
        for row in rows.select_related("place")[:limit]
    ]


def last_of(kind: str) -> Line | None:
    """The newest numbered entry of one of the rare kinds (``models.RARE``), which have an index of their own."""
    row = Entry.objects.filter(kind=kind, place__isnull=False).order_by("-pk").select_related("place").first()
    if row is None:
        return None
    return Line(row.place.position, row.pk, row.at, row.real_at, row.kind, row.who, row.mall, row.visit_id, row.fact)


def last_written() -> datetime | None:
    """The world's time at which the newest entry was written; ``None`` in an empty journal."""
    return Entry.objects.order_by("-pk").values_list("real_at", flat=True).first()


def of_visit(visit: int) -> list[Line]:
    """All numbered entries about one visit, in order: what its holder may read about herself."""
    rows = Entry.objects.filter(visit_id=visit, place__isnull=False).order_by("place__position").select_related("place")
    return [
        Line(row.place.position, row.pk, row.at, row.real_at, row.kind, row.who, row.mall, row.visit_id, row.fact)
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class SealView:
    """One seal: the tree over the positions 1 to ``size``; ``after`` is the size before it."""

    size: int
    after: int
    root: bytes
    previous: bytes
    made: datetime


@dataclass(frozen=True, slots=True)
class Inclusion:
    """That an entry stands at its position under a seal; ``stands``: the entry is still what was sealed."""

    seal: SealView
    position: int
    entry: int
    kind: str
    at: datetime
    leaf: bytes
    proof: tuple[bytes, ...]
    stands: bool
    holds: bool


@dataclass(frozen=True, slots=True)
class Consistency:
    """That the older seal's tree is the beginning of the newer one's."""

    old: SealView
    new: SealView
    proof: tuple[bytes, ...]
    holds: bool


def _seal(row: tuple[Any, ...]) -> SealView:
    return SealView(row[0], row[1], bytes(row[2]), bytes(row[3]), row[4])


def last_seal() -> SealView | None:
    """The newest seal, or None before the first."""
    row = Seal.objects.order_by("-size").values_list(*_SEAL).first()
    return _seal(row) if row else None


def seal_of(size: int) -> SealView:
    """The seal of this size; refused when there is none."""
    row = Seal.objects.filter(size=size).values_list(*_SEAL).first()
    if row is None:
        raise NoSuchSeal()
    return _seal(row)


def seals_after(size: int, limit: int = 1000) -> list[SealView]:
    """The seals after a size, in order."""
    return [_seal(row) for row in Seal.objects.filter(size__gt=size).order_by("size").values_list(*_SEAL)[:limit]]


def newest_seals(limit: int = 500) -> list[SealView]:
    """The newest seals, the newest first."""
    return [_seal(row) for row in Seal.objects.order_by("-size").values_list(*_SEAL)[:limit]]


def position_of_entry(entry: int) -> int | None:
    """Where an entry stands in the journal, once it is numbered."""
    return Position.objects.filter(entry_id=entry).values_list("position", flat=True).first()


def sealed_row(position: int) -> Row:
    """The entry at a position with everything that its leaf is made of; refused when there is none."""
    for row in rows_between(position - 1, position):
        if row.found is not None:
            return row
    raise NotSealed()


def inclusion(position: int, size: int | None = None) -> Inclusion:
    """The proof that the entry at ``position`` is under the seal of ``size`` (the newest, if none is named)."""
    under = last_seal() if size is None else seal_of(size)
    if under is None or not 0 < position <= under.size:
        raise NotSealed()
    row, tree = sealed_row(position), SealedTree()
    try:
        leaf = tree.node(0, position - 1)
        proof = merkle.inclusion_proof(tree.node, position - 1, under.size)
    except LookupError:
        raise SealsDisagree(under.size) from None
    return Inclusion(
        seal=under, position=position, entry=row.entry, kind=row.kind, at=row.moment, leaf=leaf, proof=tuple(proof),
        stands=row.hash() == leaf,
        holds=merkle.verify_inclusion(leaf, position - 1, under.size, proof, under.root),
    )  # fmt: skip


def consistency(old: int, new: int | None = None) -> Consistency:
    """The proof that the seal of size ``old`` is the beginning of that of ``new`` (the newest, if none is named)."""
    before, after = seal_of(old), last_seal() if new is None else seal_of(new)
    if after is None or before.size > after.size:
        raise NoSuchSeal()
    try:
        proof = merkle.consistency_proof(SealedTree().node, before.size, after.size)
    except LookupError:
        raise SealsDisagree(after.size) from None
    holds = merkle.verify_consistency(before.size, after.size, before.root, after.root, proof)
    return Consistency(before, after, tuple(proof), holds)
