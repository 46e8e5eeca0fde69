"""The only writes of the journal: append a fact, number what is committed, seal what is numbered, move a reader on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from psycopg.types.json import Jsonb

from satuatap.basics.actor import Actor
from satuatap.basics.facts import Fact
from satuatap.basics.merkle import EMPTY, Growing
from satuatap.features.journal import statements
from satuatap.features.journal.facts import JournalChecked, JournalSealed
from satuatap.features.journal.models import Cursor, Node, Seal
from satuatap.features.journal.queries import NO_ROOT, SealView, last_position, last_seal
from satuatap.features.journal.refusals import EntryIsGone, SealsDisagree
from satuatap.features.journal.trees import KEPT_FROM, SealedTree, rows_between

MOST_A_SEAL = 50_000  # positions: a long journal that was never sealed is sealed in some steps


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


def seal(*, by: Actor, most: int = MOST_A_SEAL) -> SealView | None:
    """Seal the positions that have no seal yet; None when there is nothing to seal or another one is at it.

    One transaction: a seal exists with its nodes and its fact, or not at all. The seals alone ask for no new seal.
    Refused when what is sealed already does not agree with itself: it would be buried under a new root.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statements.SEALER_LOCK)
        if not cursor.fetchone()[0]:
            return None
        before, last = last_seal(), last_position()
        after = before.size if before else 0
        cursor.execute(statements.ANYTHING_ELSE, {"after": after, "until": last})
        if not cursor.fetchone()[0]:
            return None
        nodes: list[Node] = []
        tree = _tree_of(before, nodes)
        leaves = _new_leaves(after, min(last, after + most))
        tree.extend(leaves)
        Node.objects.bulk_create(nodes, batch_size=1000)
        made = Seal.objects.create(
            size=tree.size, after=after, root=tree.root, leaves=b"".join(leaves),
            previous=before.root if before else NO_ROOT,
        )  # fmt: skip
        made.refresh_from_db(fields=["made"])
        announce(JournalSealed(tree.size, tree.root.hex()), by=by)
    return SealView(made.size, made.after, tree.root, bytes(made.previous), made.made)


@transaction.atomic
def tell_check(*, by: Actor, check: JournalChecked) -> None:
    """Write down that the journal was checked, and what came out: who looks at it later sees every night."""
    announce(check, by=by)


def _tree_of(before: SealView | None, nodes: list[Node]) -> Growing:
    """The sealed tree, to grow on; its new large subtrees go into ``nodes``."""

    def keep(level: int, index: int, found: bytes) -> None:
        if level >= KEPT_FROM:
            nodes.append(Node(level=level, index=index, hash=found))

    size = before.size if before else 0
    try:
        tree = Growing.from_nodes(SealedTree().node, size, keep)
    except LookupError:
        raise SealsDisagree(size) from None
    if tree.root != (before.root if before else EMPTY):
        raise SealsDisagree(size)
    return tree


def _new_leaves(after: int, until: int) -> list[bytes]:
    leaves = []
    for expected, row in enumerate(rows_between(after, until), after + 1):
        if row.position != expected or row.found is None:
            raise EntryIsGone(expected)
        leaves.append(row.hash())
    if len(leaves) != until - after:
        raise EntryIsGone(after + len(leaves) + 1)
    return leaves
