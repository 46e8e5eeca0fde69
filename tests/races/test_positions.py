"""The numberer: no reader ever misses an entry, whatever the order of commits, a long import, or a restored dump."""

from __future__ import annotations

import threading
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from satuatap.basics.actor import Actor
from satuatap.features.journal.actions import announce, move_reader, number_entries
from satuatap.features.journal.models import Entry, Position
from satuatap.features.journal.queries import entries_after, last_position, position_of_reader
from satuatap.features.visits.facts import DayOpened
from tests.races.crowd import conninfo

pytestmark = [pytest.mark.race, pytest.mark.database15, pytest.mark.django_db(transaction=True)]

INSERT = "insert into journal_entry (kind, who, fact) values (%s, 'test', '{}') returning id"


def reset_numberer() -> None:
    """Tests empty tables between them; the numberer's one row stays as an installation has it."""
    with connection.cursor() as cursor:
        cursor.execute("insert into journal_numberer (id, foreign_until) values (1, 0) on conflict do nothing")
        cursor.execute("update journal_numberer set floor_xid = '0', foreign_until = 0")


@pytest.fixture(autouse=True)
def fresh_numberer() -> None:
    reset_numberer()


def other() -> psycopg.Connection[Any]:
    return psycopg.connect(**conninfo())


def kinds() -> list[str]:
    return [line.kind for line in entries_after(0)]


def test_two_rows_that_commit_in_reverse_order_are_both_seen_once() -> None:
    with other() as first, other() as second:
        first.execute(INSERT, ["first"])
        second.execute(INSERT, ["second"])
        second.commit()
        number_entries()
        seen = last_position()
        first.commit()
        number_entries()
    assert kinds() == ["second", "first"]  # the order of positions, not of ids
    assert [line.kind for line in entries_after(seen)] == ["first"]
    assert [p.position for p in Position.objects.order_by("position")] == [1, 2]


def test_reading_by_id_would_have_missed_one() -> None:
    """The race that positions exist for: a reader that remembers the highest id never sees the late commit."""
    with other() as first, other() as second:
        early = first.execute(INSERT, ["first"]).fetchone()[0]  # type: ignore[index]
        second.execute(INSERT, ["second"])
        second.commit()
        highest = max(Entry.objects.values_list("id", flat=True))
        first.commit()
    assert early < highest
    assert not Entry.objects.filter(id__gt=highest).exists()


def test_a_long_import_does_not_stall_the_boards_and_is_numbered_when_it_ends() -> None:
    with other() as long_one:
        long_one.execute(INSERT, ["import"])
        for n in range(5):
            with connection.cursor() as cursor:
                cursor.execute(INSERT, [f"call{n}"])
            assert number_entries()[0] == 1
        long_one.commit()
    assert number_entries()[0] == 1
    assert kinds() == [*(f"call{n}" for n in range(5)), "import"]


def test_a_rollback_leaves_no_gap_in_positions() -> None:
    with other() as gone:
        gone.execute(INSERT, ["gone"])
        gone.rollback()
    with connection.cursor() as cursor:
        cursor.execute(INSERT, ["kept"])
    number_entries()
    assert list(Position.objects.values_list("position", flat=True)) == [1]


def test_a_restored_dump_is_numbered_although_its_xids_are_from_another_cluster() -> None:
    with connection.cursor() as cursor:
        # rows as a dump brings them: xids far ahead of this cluster's, one of them not numbered yet
        for n, xid in enumerate([9_000_000_001, 9_000_000_007]):
            cursor.execute(INSERT, [f"old{n}"])
            cursor.execute("update journal_entry set xid = %s::text::xid8 where kind = %s", [str(xid), f"old{n}"])
        cursor.execute("insert into journal_position (position, entry_id) select 1, min(id) from journal_entry")
        cursor.execute("update journal_numberer set floor_xid = '9000000005'")
    assert number_entries()[0] == 1
    with connection.cursor() as cursor:
        cursor.execute(INSERT, ["new"])
    assert number_entries()[0] == 1
    assert kinds() == ["old0", "old1", "new"]
    assert number_entries()[0] == 0


def test_numberers_at_once_give_each_entry_one_position() -> None:
    def write() -> None:
        with psycopg.connect(**conninfo(), autocommit=True) as conn:
            for _ in range(40):
                conn.execute(INSERT, ["row"])

    def number() -> None:
        for _ in range(30):
            number_entries()
        connection.close()

    threads = [threading.Thread(target=t) for t in (write, write, number, number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    number_entries()
    assert list(Position.objects.order_by("position").values_list("position", flat=True)) == list(range(1, 81))
    assert Position.objects.values("entry").distinct().count() == 80


@settings(max_examples=15, deadline=None, derandomize=True)
@given(st.lists(st.tuples(st.integers(0, 3), st.sampled_from(["write", "commit", "rollback", "number"])), max_size=25))
def test_any_interleaving_of_commits_is_read_completely(steps: list[tuple[int, str]]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("truncate journal_entry, journal_position")
    reset_numberer()
    conns = [other() for _ in range(4)]
    seen: list[int] = []
    try:
        for which, verb in steps:
            if verb == "write":
                conns[which].execute(INSERT, [f"w{which}"])
            elif verb == "number":
                number_entries()
                seen += [line.entry for line in entries_after(len(seen))]
            else:
                getattr(conns[which], verb)()
        for conn in conns:
            conn.commit()
        number_entries()
        seen += [line.entry for line in entries_after(len(seen))]
    finally:
        for conn in conns:
            conn.close()
    assert sorted(seen) == sorted(Entry.objects.values_list("id", flat=True))


def test_a_fact_is_written_with_its_change_or_not_at_all() -> None:
    fact, by = DayOpened("2026-11-24", None, None), Actor.system("test")
    with pytest.raises(RuntimeError, match="inside its action"):
        announce(fact, by=by)

    def change_then_fail() -> None:
        with transaction.atomic():
            announce(fact, by=by)
            raise KeyError

    with pytest.raises(KeyError):
        change_then_fail()
    assert not Entry.objects.exists()
    with transaction.atomic():
        announce(fact, by=by)
    entry = Entry.objects.get()
    assert (entry.kind, entry.who, entry.fact["day"]) == ("day_opened", "system:test", "2026-11-24")


def test_a_reader_goes_on_where_it_stood_and_never_back() -> None:
    move_reader("reader", 7)
    move_reader("reader", 3)
    assert position_of_reader("reader") == 7
    assert position_of_reader("somebody else") == 0
