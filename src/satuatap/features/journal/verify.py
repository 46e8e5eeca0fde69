"""The journal checked from its entries alone: every leaf, every seal, and roots that were kept elsewhere.

It reads every entry once, in the order of positions, and names the first place where the journal is not what was
sealed. Against the seals inside, that is one position; against a root kept outside, the positions since the last
root that still fits, because whoever owns the machine can make the seals inside fit what he wrote.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.db import connection, transaction

from satuatap.basics.merkle import Growing
from satuatap.features.journal.leaves import Row
from satuatap.features.journal.models import Node, Seal
from satuatap.features.journal.queries import NO_ROOT, SealView, last_position, seals_after
from satuatap.features.journal.roots import Root
from satuatap.features.journal.trees import KEPT_FROM, rows_between, sealed_leaves

LOOK_AROUND = 64  # how many entries that were taken out or put in at one place are still told apart from changed ones
SAY_EVERY = 20_000


class Wrong(StrEnum):
    """What is wrong with the journal."""

    ALTERED = "altered"  # an entry is not what was sealed at its position
    MISSING = "missing"  # an entry is gone
    INSERTED = "inserted"  # an entry stands where another one was sealed
    SEAL = "seal"  # a seal does not fit the leaves, the seal before it, or what the journal says of it
    NODE = "node"  # a stored subtree is not that of the entries: proofs would be wrong
    OUTSIDE = "outside"  # a root kept outside is not that of these positions
    OLDER = "older"  # the journal ends before a root that was published: an older backup was restored, or its end cut


@dataclass(frozen=True, slots=True)
class Fault:
    """The first thing that is wrong, between two positions (the same one twice when it is known exactly)."""

    wrong: Wrong
    first: int
    last: int
    root: Root | None = None  # the root kept outside that says so


@dataclass(frozen=True, slots=True)
class Report:
    """What was checked, and the first fault inside and against the outside."""

    entries: int
    sealed: int
    seals: int
    outside: int
    inside_fault: Fault | None
    outside_fault: Fault | None

    @property
    def faults(self) -> list[Fault]:
        return [fault for fault in (self.inside_fault, self.outside_fault) if fault is not None]


def check_journal(outside: Sequence[Root] = (), say: Callable[[int, int], None] = lambda _done, _all: None) -> Report:
    """Check everything in one snapshot; ``say`` is told now and then how many of how many entries are done."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("set transaction isolation level repeatable read, read only")
        check = _Check(outside)
        total = last_position()
        for row in rows_between(0, total):
            check.take(row)
            if check.tree.size % SAY_EVERY == 0:
                say(check.tree.size, total)
            if check.is_over:
                break
        check.end(total)
        return check.report(total)


class _Check:
    """The walk over the entries: the tree that they make, beside the seals inside and the roots outside."""

    def __init__(self, outside: Sequence[Root]) -> None:
        self.outside = list(outside)
        self.inside_fault: Fault | None = None
        self.outside_fault: Fault | None = None
        self._nodes = {(n.level, n.index): bytes(n.hash) for n in Node.objects.iterator(chunk_size=5000)}
        self._wrong_node: tuple[int, int] | None = None
        self.tree = Growing(self._compare_node)
        self._seals = _all_seals()
        self._at = 0  # the seal that is next
        self._sealed: list[bytes] = []  # the sealed hashes up to that seal
        self._fits_until = 0
        self._next_outside = 0
        self._told: dict[int, tuple[int, str]] = {}  # what the journal says of its seals: size -> position, root

    @property
    def is_over(self) -> bool:
        """Whether nothing more can be found."""
        done_outside = self.outside_fault is not None or self._next_outside >= len(self.outside)
        return self.inside_fault is not None and done_outside

    def take(self, row: Row) -> None:
        """The next entry, in the order of positions."""
        position = self.tree.size + 1
        found = row.hash()
        if self.inside_fault is None:
            self._compare_leaf(row, position, found)
        self.tree.append(found)
        if row.kind == "journal_sealed":
            self._remember_told(row)
        self._compare_seal()
        self._compare_outside()

    def _compare_leaf(self, row: Row, position: int, found: bytes) -> None:
        if row.position != position or row.found is None:
            self._fault(Wrong.MISSING, position)
            return
        seal = self._seals[self._at] if self._at < len(self._seals) else None
        if seal is None:
            return
        if position == seal.after + 1:
            self._sealed = sealed_leaves(seal.after, seal.size)
        place = position - seal.after - 1
        sealed = self._sealed[place] if 0 <= place < len(self._sealed) else b""
        if found != sealed:
            self._fault(_how(row, sealed), position)

    def _compare_seal(self) -> None:
        if self._at >= len(self._seals) or self._seals[self._at].size != self.tree.size:
            return
        seal, self._at = self._seals[self._at], self._at + 1
        before = self._seals[self._at - 2] if self._at > 1 else None
        fits = (
            seal.root == self.tree.root
            and seal.previous == (before.root if before else NO_ROOT)
            and seal.after == (before.size if before else 0)
        )
        if not fits:
            self._fault(Wrong.SEAL, seal.after + 1, seal.size)

    def _remember_told(self, row: Row) -> None:
        said = json.loads(row.fact)
        size, root = (said.get("size"), said.get("root")) if isinstance(said, dict) else (None, None)
        if isinstance(size, int):
            self._told[size] = (row.position, str(root))
        else:
            self._fault(Wrong.SEAL, row.position)

    def _compare_outside(self) -> None:
        if self.outside_fault is not None or self._next_outside >= len(self.outside):
            return
        root = self.outside[self._next_outside]
        if root.size != self.tree.size:
            return
        if root.root != self.tree.root:
            self.outside_fault = Fault(Wrong.OUTSIDE, self._fits_until + 1, root.size, root)
        self._fits_until, self._next_outside = root.size, self._next_outside + 1

    def _compare_node(self, level: int, index: int, found: bytes) -> None:
        if level >= KEPT_FROM:
            kept = self._nodes.pop((level, index), None)
            is_sealed = bool(self._seals) and (index + 1) << level <= self._seals[-1].size
            if kept != found and is_sealed and self._wrong_node is None:
                self._wrong_node = (index << level) + 1, (index + 1) << level

    def end(self, total: int) -> None:
        """After the last entry: what is sealed or published and not there, and what the seals say of one another."""
        last_sealed = self._seals[-1].size if self._seals else 0
        if total < last_sealed:
            self._fault(Wrong.MISSING, total + 1, last_sealed)
        self._compare_told()
        if self._wrong_node is not None:
            self._fault(Wrong.NODE, *self._wrong_node)
        elif self._nodes and not self.is_over:
            level, index = min(self._nodes)
            self._fault(Wrong.NODE, (index << level) + 1, (index + 1) << level)
        if self.outside_fault is None and self._next_outside < len(self.outside):
            root = self.outside[-1]
            self.outside_fault = Fault(Wrong.OLDER, self.tree.size + 1, root.size, root)

    def _compare_told(self) -> None:
        """Each seal has its entry with the same root, and each such entry its seal. The newest may not be numbered."""
        roots = {seal.size: seal.root.hex() for seal in self._seals}
        for size, (position, root) in self._told.items():
            if roots.get(size) != root:
                self._fault(Wrong.SEAL, position)
        for seal in self._seals[:-2]:
            if seal.size not in self._told:
                self._fault(Wrong.SEAL, seal.after + 1, seal.size)

    def _fault(self, wrong: Wrong, first: int, last: int | None = None) -> None:
        if self.inside_fault is None:
            self.inside_fault = Fault(wrong, first, first if last is None else last)

    def report(self, total: int) -> Report:
        """What came out."""
        sealed = self._seals[-1].size if self._seals else 0
        return Report(
            total, sealed, len(self._seals), len(self.outside), self.inside_fault, self.outside_fault
        )  # fmt: skip


def _all_seals() -> list[SealView]:
    return seals_after(0, Seal.objects.count())


def _how(row: Row, sealed: bytes) -> Wrong:
    """Was the entry at this position changed, or is it another's neighbour that moved here?"""
    place = row.position
    later = sealed_leaves(place, place + LOOK_AROUND)
    if any(row.hash(place + step) == leaf for step, leaf in enumerate(later, 1)):
        return Wrong.MISSING
    if any(other.hash(place) == sealed for other in _rows_after(place)):
        return Wrong.INSERTED
    return Wrong.ALTERED


def _rows_after(position: int) -> Iterator[Row]:
    return rows_between(position, position + LOOK_AROUND)
