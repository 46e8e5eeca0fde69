"""The sealed tree as the database keeps it: large whole subtrees as rows, the hashes of leaves inside the seals."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection

from satuatap.basics.merkle import HASH_BYTES, node_hash
from satuatap.features.journal import statements
from satuatap.features.journal.leaves import Row
from satuatap.features.journal.models import Node

KEPT_FROM = 8  # whole subtrees of 2**8 leaves and more are rows; smaller ones are made of at most 256 hashes
CHUNK = 2000


def rows_between(after: int, until: int) -> Iterator[Row]:
    """The numbered entries after one position and up to another, read in chunks inside the open transaction."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(statements.LEAVES, {"after": after, "until": until})
        while rows := cursor.fetchmany(CHUNK):
            yield from (Row(*row) for row in rows)


def sealed_leaves(after: int, until: int) -> list[bytes]:
    """The sealed hashes of these leaves, as many as there are."""
    with connection.cursor() as cursor:
        cursor.execute(statements.SEALED_LEAVES, {"after": after, "until": until})
        joined = b"".join(bytes(row[0]) for row in cursor.fetchall())
    return [joined[at : at + HASH_BYTES] for at in range(0, len(joined), HASH_BYTES)]


class SealedTree:
    """Whole subtrees of the sealed tree, for the functions of ``basics.merkle``; remembers the blocks it has read."""

    def __init__(self) -> None:
        self._blocks: dict[int, list[bytes]] = {}

    def node(self, level: int, index: int) -> bytes:
        """The hash of a whole subtree; LookupError when the seals do not hold it."""
        if level >= KEPT_FROM:
            row = Node.objects.filter(level=level, index=index).first()
            if row is None:
                raise LookupError(f"the node {level}/{index} of the sealed tree is gone")
            return bytes(row.hash)
        first = index << level
        block, start = divmod(first, 1 << KEPT_FROM)
        hashes = self._block(block)[start : start + (1 << level)]
        if len(hashes) != 1 << level:
            raise LookupError(f"the leaves from position {first + 1} on are not in the seals")
        while len(hashes) > 1:
            hashes = [node_hash(hashes[i], hashes[i + 1]) for i in range(0, len(hashes), 2)]
        return hashes[0]

    def _block(self, block: int) -> list[bytes]:
        if block not in self._blocks:
            self._blocks[block] = sealed_leaves(block << KEPT_FROM, (block + 1) << KEPT_FROM)
        return self._blocks[block]
