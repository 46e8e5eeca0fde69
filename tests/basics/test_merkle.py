"""The tree of RFC 9162 against the published Certificate Transparency vectors, and against its plain definition.

The leaves, roots and proofs are facts of the reference implementation's test data (google/certificate-transparency,
merkle_tree_test.cc; the same stand in transparency-dev/merkle, testonly/constants.go).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from satuatap.basics import merkle

LEAVES = [
    bytes.fromhex(text)
    for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
INCLUSION = {
    (0, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (5, 8): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
}
CONSISTENCY: dict[tuple[int, int], list[str]] = {
    (1, 1): [],
    (1, 8): INCLUSION[0, 8],
    (6, 8): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 5): [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}


def naive_root(leaves: Sequence[bytes]) -> bytes:
    """MTH, as section 2.1.1 defines it."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return hashlib.sha256(b"\x01" + naive_root(leaves[:k]) + naive_root(leaves[k:])).digest()


def naive_path(m: int, leaves: Sequence[bytes]) -> list[bytes]:
    """PATH, as section 2.1.3.1 defines it."""
    if len(leaves) == 1:
        return []
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    if m < k:
        return [*naive_path(m, leaves[:k]), naive_root(leaves[k:])]
    return [*naive_path(m - k, leaves[k:]), naive_root(leaves[:k])]


def naive_subproof(m: int, leaves: Sequence[bytes], whole: bool) -> list[bytes]:
    """SUBPROOF, as section 2.1.4.1 defines it."""
    if m == len(leaves):
        return [] if whole else [naive_root(leaves)]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    if m <= k:
        return [*naive_subproof(m, leaves[:k], whole), naive_root(leaves[k:])]
    return [*naive_subproof(m - k, leaves[k:], False), naive_root(leaves[:k])]


def nodes_of(leaves: Sequence[bytes]) -> merkle.Nodes:
    return lambda level, index: naive_root(leaves[index << level : (index + 1) << level])


def as_hex(hashes: Sequence[bytes]) -> list[str]:
    return [one.hex() for one in hashes]


@pytest.mark.parametrize("size", range(9))
def test_published_roots(size: int) -> None:
    tree = merkle.Growing()
    tree.extend(map(merkle.leaf_hash, LEAVES[:size]))
    assert tree.root.hex() == ROOTS[size]
    assert merkle.root(nodes_of(LEAVES), size).hex() == ROOTS[size]


@pytest.mark.parametrize(("index", "size"), INCLUSION)
def test_published_inclusion_proofs(index: int, size: int) -> None:
    proof = merkle.inclusion_proof(nodes_of(LEAVES), index, size)
    assert as_hex(proof) == INCLUSION[index, size]
    leaf = merkle.leaf_hash(LEAVES[index])
    assert merkle.verify_inclusion(leaf, index, size, proof, bytes.fromhex(ROOTS[size]))


@pytest.mark.parametrize(("old", "size"), CONSISTENCY)
def test_published_consistency_proofs(old: int, size: int) -> None:
    proof = merkle.consistency_proof(nodes_of(LEAVES), old, size)
    assert as_hex(proof) == CONSISTENCY[old, size]
    assert merkle.verify_consistency(old, size, bytes.fromhex(ROOTS[old]), bytes.fromhex(ROOTS[size]), proof)


some_leaves = st.lists(st.binary(max_size=3), min_size=1, max_size=70)


@given(some_leaves, st.data())
def test_proofs_are_those_of_the_definition_and_hold(leaves: list[bytes], data: st.DataObject) -> None:
    size = len(leaves)
    index = data.draw(st.integers(0, size - 1))
    old = data.draw(st.integers(1, size))
    nodes, whole = nodes_of(leaves), naive_root(leaves)
    path = merkle.inclusion_proof(nodes, index, size)
    assert path == naive_path(index, leaves)
    assert merkle.verify_inclusion(merkle.leaf_hash(leaves[index]), index, size, path, whole)
    proof = merkle.consistency_proof(nodes, old, size)
    assert proof == naive_subproof(old, leaves, True)
    assert merkle.verify_consistency(old, size, naive_root(leaves[:old]), whole, proof)


@given(some_leaves, st.data())
def test_a_changed_proof_does_not_hold(leaves: list[bytes], data: st.DataObject) -> None:
    size = len(leaves)
    index = data.draw(st.integers(0, size - 1))
    old = data.draw(st.integers(1, size))
    path = merkle.inclusion_proof(nodes_of(leaves), index, size)
    leaf, whole, before = merkle.leaf_hash(leaves[index]), naive_root(leaves), naive_root(leaves[:old])
    other = hashlib.sha256(b"other").digest()
    assert not merkle.verify_inclusion(other, index, size, path, whole)
    assert not merkle.verify_inclusion(leaf, index, size, [*path, other], whole)
    assert not merkle.verify_inclusion(leaf, size, size, path, whole)
    proof = merkle.consistency_proof(nodes_of(leaves), old, size)
    assert not merkle.verify_consistency(old, size, other, whole, proof)
    assert not merkle.verify_consistency(old, size, before, other, proof)
    assert not merkle.verify_consistency(old, size, before, whole, [*proof, other])
    for chain, holds in (
        (path, lambda p: merkle.verify_inclusion(leaf, index, size, p, whole)),
        (proof, lambda p: merkle.verify_consistency(old, size, before, whole, p)),
    ):
        if chain:
            at = data.draw(st.integers(0, len(chain) - 1))
            assert not holds([*chain[:at], other, *chain[at + 1 :]])
            assert not holds([*chain[:at], *chain[at + 1 :]])


@given(some_leaves, some_leaves)
def test_a_growing_tree_keeps_every_whole_subtree_and_goes_on_from_them(first: list[bytes], more: list[bytes]) -> None:
    kept: dict[tuple[int, int], bytes] = {}

    def keep(level: int, index: int, found: bytes) -> None:
        assert (level, index) not in kept
        kept[level, index] = found

    tree = merkle.Growing(keep)
    tree.extend(map(merkle.leaf_hash, first))
    assert tree.root == naive_root(first)
    again = merkle.Growing.from_nodes(lambda level, index: kept[level, index], len(first), keep)
    assert again.root == tree.root
    again.extend(map(merkle.leaf_hash, more))
    both = [*first, *more]
    assert (again.size, again.root) == (len(both), naive_root(both))
    assert all(found == nodes_of(both)(*place) for place, found in kept.items())


def test_what_is_not_in_a_tree_has_no_proof() -> None:
    for index, size in ((-1, 3), (3, 3), (0, 0)):
        with pytest.raises(ValueError):
            merkle.inclusion_proof(nodes_of(LEAVES), index, size)
    for old, size in ((0, 3), (4, 3)):
        with pytest.raises(ValueError):
            merkle.consistency_proof(nodes_of(LEAVES), old, size)
