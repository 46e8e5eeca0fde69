"""The Merkle tree of RFC 9162, section 2.1: root, inclusion and consistency proofs, and what checks them.

SHA-256; a leaf is hashed behind 0x00 and a node behind 0x01, so that none can pass for the other. A tree of ``n``
leaves splits at the largest power of two below ``n``. Whole subtrees (2**level leaves from index * 2**level on) come
from a function, ``Nodes``, so that who keeps them needs not read the leaves again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence

Nodes = Callable[[int, int], bytes]  # (level, index) -> hash of that whole subtree

EMPTY = hashlib.sha256(b"").digest()
HASH_BYTES = 32


def leaf_hash(data: bytes) -> bytes:
    """The hash of one leaf's bytes."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of a node above two subtrees."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def split(size: int) -> int:
    """The largest power of two below ``size`` (2 or more)."""
    return 1 << (size - 1).bit_length() - 1


def part_root(nodes: Nodes, start: int, end: int) -> bytes:
    """The root over the leaves from ``start`` up to ``end``; ``start`` is where a subtree of the tree begins."""
    size = end - start
    if size <= 0:
        return EMPTY
    if size & (size - 1) == 0:
        return nodes(size.bit_length() - 1, start // size)
    middle = start + split(size)
    return node_hash(part_root(nodes, start, middle), part_root(nodes, middle, end))


def root(nodes: Nodes, size: int) -> bytes:
    """The root of the tree of the first ``size`` leaves."""
    return part_root(nodes, 0, size)


def inclusion_proof(nodes: Nodes, index: int, size: int) -> list[bytes]:
    """The hashes that lead from the leaf ``index`` (from 0) to the root of ``size`` leaves, the nearest first."""
    if not 0 <= index < size:
        raise ValueError(f"leaf {index} is not in a tree of {size}")
    path: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + split(end - start)
        if index < middle:
            path.append(part_root(nodes, middle, end))
            end = middle
        else:
            path.append(part_root(nodes, start, middle))
            start = middle
    return path[::-1]


def consistency_proof(nodes: Nodes, old: int, size: int) -> list[bytes]:
    """The hashes that show that the tree of ``old`` leaves is the beginning of the tree of ``size`` (0 < old)."""
    if not 0 < old <= size:
        raise ValueError(f"a tree of {old} is not the beginning of a tree of {size}")
    path: list[bytes] = []
    start, end, whole = 0, size, True
    while old != end:
        middle = start + split(end - start)
        if old <= middle:
            path.append(part_root(nodes, middle, end))
            end = middle
        else:
            path.append(part_root(nodes, start, middle))
            start, whole = middle, False
    if not whole:
        path.append(part_root(nodes, start, end))
    return path[::-1]


def inclusion_steps(leaf: bytes, index: int, size: int, proof: Sequence[bytes]) -> Iterator[tuple[bytes, bytes, bytes]]:
    """Each step from the leaf upwards: left, right, and their node. RFC 9162, 2.1.3.2; ValueError: wrong length."""
    if not 0 <= index < size:
        raise ValueError("the leaf is not in the tree")
    here, number, last = leaf, index, size - 1
    for sibling in proof:
        if last == 0:
            raise ValueError("the proof is too long")
        if number & 1 or number == last:
            while not number & 1 and number:
                number, last = number >> 1, last >> 1
            left, right = sibling, here
        else:
            left, right = here, sibling
        here = node_hash(left, right)
        yield left, right, here
        number, last = number >> 1, last >> 1
    if last:
        raise ValueError("the proof is too short")


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], expected: bytes) -> bool:
    """Whether the proof leads from the leaf's hash to the root ``expected``."""
    try:
        nodes = [leaf, *(node for _left, _right, node in inclusion_steps(leaf, index, size, proof))]
    except ValueError:
        return False
    return nodes[-1] == expected


def verify_consistency(old: int, size: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the tree of ``old`` leaves is the beginning of the tree of ``size``. RFC 9162, 2.1.4.2."""
    if old == size:
        return not proof and old_root == new_root
    if not 0 < old < size or not proof:
        return False
    path = list(proof) if old & (old - 1) else [old_root, *proof]
    number, last = old - 1, size - 1
    while number & 1:
        number, last = number >> 1, last >> 1
    first = second = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if number & 1 or number == last:
            first, second = node_hash(sibling, first), node_hash(sibling, second)
            while not number & 1 and number:
                number, last = number >> 1, last >> 1
        else:
            second = node_hash(second, sibling)
        number, last = number >> 1, last >> 1
    return last == 0 and first == old_root and second == new_root


class Growing:
    """A tree that only grows: its right edge in memory, every whole subtree handed to ``keep`` as it is done."""

    def __init__(self, keep: Callable[[int, int, bytes], None] | None = None) -> None:
        self.size = 0
        self._edge: list[bytes] = []  # one whole subtree for each bit of the size, the largest first
        self._keep = keep

    @classmethod
    def from_nodes(cls, nodes: Nodes, size: int, keep: Callable[[int, int, bytes], None] | None = None) -> Growing:
        """The tree of ``size`` leaves, from its whole subtrees."""
        tree, start = cls(keep), 0
        tree.size = size
        for level in reversed(range(size.bit_length())):
            if size >> level & 1:
                tree._edge.append(nodes(level, start >> level))
                start += 1 << level
        return tree

    def append(self, leaf: bytes) -> None:
        """Add one leaf's hash."""
        here, level, index = leaf, 0, self.size
        while True:
            if self._keep is not None:
                self._keep(level, index, here)
            if not index & 1:
                break
            here, level, index = node_hash(self._edge.pop(), here), level + 1, index >> 1
        self._edge.append(here)
        self.size += 1

    def extend(self, leaves: Iterable[bytes]) -> None:
        """Add many."""
        for leaf in leaves:
            self.append(leaf)

    @property
    def root(self) -> bytes:
        """The root of what is in the tree now."""
        if not self._edge:
            return EMPTY
        here = self._edge[-1]
        for left in reversed(self._edge[:-1]):
            here = node_hash(left, here)
        return here
