"""Seals: the tree over the positions, safe to repeat, killed in the middle, two at once; roots that leave."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest
from django.db import connection, connections, transaction
from hypothesis import given
from hypothesis import strategies as st

from satuatap.basics import merkle
from satuatap.basics.actor import Actor
from satuatap.features.journal import actions, queries, roots
from satuatap.features.journal.actions import announce, number_entries, seal
from satuatap.features.journal.leaves import Row, canonical
from satuatap.features.journal.models import Entry, Node, Seal
from satuatap.features.journal.refusals import EntryIsGone, NoSuchSeal, NotSealed, SealsDisagree
from satuatap.features.journal.trees import rows_between
from satuatap.features.visits.facts import DayOpened

pytestmark = pytest.mark.django_db(transaction=True)
BY = Actor.system("test")


def tell(count: int = 1) -> None:
    with transaction.atomic():
        for number in range(count):
            announce(DayOpened(f"2026-11-{number % 28 + 1:02}", None, None), by=BY)
    number_entries()


def naive_root(size: int) -> bytes:
    """The root from the entries alone."""
    with transaction.atomic():
        tree = merkle.Growing()
        tree.extend(row.hash() for row in rows_between(0, size))
        assert tree.size == size
        return tree.root


def test_a_seal_is_the_root_of_its_positions_and_the_next_one_holds_it() -> None:
    assert seal(by=BY) is None and queries.last_seal() is None
    tell(700)
    first = seal(by=BY)
    assert first is not None and (first.size, first.after) == (700, 0)
    assert first.root == naive_root(700) and first.previous == queries.NO_ROOT
    tell(600)
    second = seal(by=BY)
    assert second is not None and (second.size, second.previous) == (1301, first.root)
    assert second.root == naive_root(1301) and queries.last_seal() == second
    told = Entry.objects.get(kind="journal_sealed", fact__size=700)
    assert told.fact["root"] == first.root.hex()
    assert 700 < (queries.position_of_entry(told.pk) or 0) <= 1301
    assert Node.objects.filter(level=8).count() == 1301 // 256


def test_seals_alone_ask_for_no_further_seal() -> None:
    tell(3)
    assert seal(by=BY) is not None
    number_entries()
    assert queries.last_position() == 4 and seal(by=BY) is None
    tell()
    found = seal(by=BY)
    assert found is not None and found.size == 5


def test_a_long_journal_is_sealed_in_steps() -> None:
    tell(1000)
    sizes = []
    while (found := seal(by=BY, most=300)) is not None:
        sizes.append(found.size)
    assert sizes == [300, 600, 900, 1000]
    assert [one.root for one in queries.seals_after(0)] == [naive_root(size) for size in sizes]


def test_every_position_has_a_proof_under_every_seal_and_each_seal_one_to_each() -> None:
    for count in (1, 5, 300, 260):
        tell(count)
        seal(by=BY)
    seals = queries.seals_after(0)
    assert len(seals) == 4
    for under in seals:
        for position in {1, min(2, under.size), under.size // 2 or 1, under.after + 1, under.size}:
            found = queries.inclusion(position, under.size)
            assert found.holds and found.stands and found.seal == under
        for older in seals:
            if older.size <= under.size:
                assert queries.consistency(older.size, under.size).holds
    for position, size in ((0, None), (seals[-1].size + 1, None), (seals[0].size + 1, seals[0].size)):
        with pytest.raises(NotSealed):
            queries.inclusion(position, size)
    with pytest.raises(NoSuchSeal):
        queries.consistency(seals[-1].size, seals[0].size)


def test_a_proof_reads_no_more_than_one_entry_and_the_edge(django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    tell(2000)
    seal(by=BY)
    with django_assert_max_num_queries(16):
        queries.inclusion(1)


def test_a_changed_entry_does_not_stand_any_more() -> None:
    tell(20)
    seal(by=BY)
    Entry.objects.filter(place__position=7).update(kind="day_closed")
    assert not queries.inclusion(7).stands and queries.inclusion(7).holds
    assert queries.inclusion(8).stands


def test_nothing_is_sealed_over_seals_that_disagree_or_an_entry_that_is_gone() -> None:
    tell(20)
    seal(by=BY)
    tell(5)
    with connection.cursor() as cursor:
        cursor.execute("delete from journal_entry where id = (select entry_id from journal_position where position=23)")
    with pytest.raises(EntryIsGone):
        seal(by=BY)
    Seal.objects.filter(size=20).update(root=bytes(32))
    with pytest.raises(SealsDisagree):
        seal(by=BY)
    assert Seal.objects.count() == 1


def test_a_seal_that_is_killed_in_the_middle_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    tell(600)

    def killed(*_words: object, **_named: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(actions, "announce", killed)
        with pytest.raises(KeyboardInterrupt):
            seal(by=BY)
    assert (Seal.objects.count(), Node.objects.count()) == (0, 0)
    found = seal(by=BY)
    assert found is not None and found.root == naive_root(600)


def test_two_at_once_make_one_seal() -> None:
    tell(500)
    made: list[object] = []
    start = threading.Barrier(4)

    def work() -> None:
        try:
            start.wait()
            made.append(seal(by=BY))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(made) == 4 and sum(one is not None for one in made) == 1
    assert Seal.objects.count() == Entry.objects.filter(kind="journal_sealed").count() == 1


class TestRoots:
    def test_one_line_a_seal_and_nothing_twice(self, tmp_path: Path) -> None:
        tell(3)
        seal(by=BY)
        assert roots.publish(tmp_path) == 1 and roots.publish(tmp_path) == 0
        tell(3)
        seal(by=BY)
        assert roots.publish(tmp_path) == 1
        (file,) = roots.files(tmp_path)
        assert [(one.size, one.root) for one in roots.read(file.read_text())] == [
            (one.size, one.root) for one in queries.seals_after(0)
        ]

    def test_a_line_cut_in_half_is_written_again_whole(self, tmp_path: Path) -> None:
        for _ in range(2):
            tell(3)
            seal(by=BY)
        roots.publish(tmp_path)
        (file,) = roots.files(tmp_path)
        whole = file.read_bytes()
        for cut in range(len(whole)):
            file.write_bytes(whole[:cut])
            roots.publish(tmp_path)
            assert roots.read(file.read_text()) == roots.read(whole.decode())

    def test_a_folder_that_knows_more_is_left_as_it_is(self, tmp_path: Path) -> None:
        tell(3)
        seal(by=BY)
        roots.publish(tmp_path)
        (file,) = roots.files(tmp_path)
        other = queries.SealView(9, 3, b"x" * 32, b"y" * 32, queries.seals_after(0)[0].made)
        file.write_text(file.read_text() + roots.line_of(other))
        before = file.read_text()
        with pytest.raises(roots.RootsAhead):
            roots.publish(tmp_path)
        assert file.read_text() == before

    @pytest.mark.parametrize(
        ("text", "why"),
        [
            ("", "empty"),
            ("# nothing\n", "empty"),
            ("hello\n", "form"),
            (f"satuatap-akar-1 5 {'a' * 64} {'0' * 64} yesterday\n", "form"),
            (f"satuatap-akar-1 5 {'a' * 63} {'0' * 64} 2026-11-27T00:00:00Z\n", "form"),
            (f"satuatap-akar-1 5 {'a' * 64} {'0' * 64} 2026-11-27T00:00:00Z\n" * 2, "order"),
        ],
    )
    def test_what_is_no_file_of_roots_is_refused_by_its_line(self, text: str, why: str) -> None:
        with pytest.raises(roots.RootsUnreadable) as refused:
            roots.read(text)
        assert refused.value.why == why


def test_the_bytes_of_a_leaf_are_those_of_the_document() -> None:
    row = Row(
        7, 12, 12, 1_796_000_000_123_456, 1_796_000_000_654_321, "called", "desk:1", 1, None, None,
        '{"b": 1.50, "a": ["é", "\\"", "\\n", null, true], "long": 123456789012345678901234567890}',
        "0f8fad5b-d9cb-469f-a165-70867728950e",
    )  # fmt: skip
    assert row.leaf().decode() == (
        '["satuatap-1",7,12,1796000000123456,1796000000654321,"called","desk:1",1,null,null,'
        '{"a":["é","\\"","\\n",null,true],"b":1.50,"long":123456789012345678901234567890},'
        '"0f8fad5b-d9cb-469f-a165-70867728950e"]'
    )
    assert row.hash() == merkle.leaf_hash(row.leaf()) and row.hash(8) != row.hash()


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@given(values, st.decimals(allow_nan=False, allow_infinity=False, min_value=-999, max_value=999, places=3))
def test_both_ways_of_writing_agree_and_keep_the_meaning(value: object, number: object) -> None:
    text = json.dumps(value)
    quick = canonical(text)
    assert json.loads(quick) == value and canonical(quick) == quick
    exact = canonical(f"[{text},{number}]")
    assert exact == f"[{quick},{number}]"
