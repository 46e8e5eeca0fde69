"""``journal verify`` against an attacker who owns the database: what he changes is named."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import connection, transaction

from satuatap.basics.actor import Actor
from satuatap.basics.merkle import Growing
from satuatap.features.journal import roots
from satuatap.features.journal.actions import announce, number_entries, seal
from satuatap.features.journal.models import Node, Seal
from satuatap.features.journal.queries import seals_after
from satuatap.features.journal.trees import KEPT_FROM, rows_between
from satuatap.features.journal.verify import Fault, Report, Wrong, check_journal
from satuatap.features.visits.facts import DayOpened
from satuatap.project.cli.journal import read_roots, sentences
from satuatap.project.cli.sentences import Trouble

pytestmark = pytest.mark.django_db(transaction=True)
BY = Actor.system("test")


def live(count: int) -> None:
    with transaction.atomic():
        for number in range(count):
            announce(DayOpened(f"2026-11-{number % 28 + 1:02}", None, None), by=BY)
    number_entries()


@pytest.fixture
def outside(tmp_path: Path) -> list[roots.Root]:
    """Three seals of 300, 621 and 652 positions; their roots lie elsewhere."""
    for count in (300, 320, 30):
        live(count)
        seal(by=BY)
    number_entries()
    roots.publish(tmp_path)
    kept = read_roots(tmp_path)
    assert [root.size for root in kept] == [300, 621, 652]
    return kept


def sql(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:  # the tests' role owns every table: nothing stops it
        cursor.execute(statement, values)


def rewrite(position: int) -> None:
    sql("update journal_entry set fact = fact || '{\"day\": \"2020-01-01\"}' where id ="
        " (select entry_id from journal_position where position = %s)", position)  # fmt: skip


def delete(position: int) -> None:
    """Take an entry out and close the gap."""
    sql("delete from journal_entry where id = (select entry_id from journal_position where position = %s)", position)
    sql("delete from journal_position where position = %s", position)
    sql("update journal_position set position = -position where position > %s", position)
    sql("update journal_position set position = -position - 1 where position < 0")


def insert(position: int) -> None:
    """Put an entry in, and move those after it."""
    sql("update journal_position set position = -position where position >= %s", position)
    sql("update journal_position set position = -position + 1 where position < 0")
    sql("with new as (insert into journal_entry (at, kind, who, fact, salt) values (now(), 'day_opened', 'system:x',"
        " '{}', %s) returning id) insert into journal_position (position, entry_id) select %s, id from new",
        uuid4(), position)  # fmt: skip


def forge_the_seals(removed: int | None = None) -> None:
    """Recompute every root inside, and what the journal says of it, as whoever owns the machine can.

    After an entry was ``removed`` the sizes shrink with it: a seal's own entry can't lie under that seal.
    """
    Node.objects.all().delete()
    tree = Growing(lambda level, index, found: level >= KEPT_FROM
                   and bool(Node.objects.create(level=level, index=index, hash=found)))  # fmt: skip
    previous, last = bytes(32), 0
    for old in list(Seal.objects.order_by("size")):
        size = old.size - (removed is not None and removed <= old.size)
        Seal.objects.filter(pk=old.pk).delete()
        with transaction.atomic():
            leaves = [row.hash() for row in rows_between(last, size)]
        tree.extend(leaves)
        Seal.objects.create(
            size=size, after=last, root=tree.root, previous=previous, leaves=b"".join(leaves), made=old.made
        )
        sql("update journal_entry set fact = %s where kind = 'journal_sealed' and (fact->>'size')::int = %s",
            json.dumps({"size": size, "root": tree.root.hex()}), old.size)  # fmt: skip
        previous, last = tree.root, size


def verdict(kept: list[roots.Root] | None = None) -> tuple[Report, Fault | None, Fault | None]:
    report = check_journal(kept or [])
    assert len(sentences(report)) >= 2
    return report, report.inside_fault, report.outside_fault


def test_an_untouched_journal_is_whole(outside: list[roots.Root]) -> None:
    seen: list[tuple[int, int]] = []
    report = check_journal(outside, lambda done, total: seen.append((done, total)))
    assert report.faults == [] and (report.entries, report.sealed, report.seals) == (653, 652, 3)
    assert "utuh" in sentences(report)[-1][0] and "whole" in sentences(report)[-1][1]


@pytest.mark.parametrize("position", [1, 255, 256, 257, 300, 301, 640])
@pytest.mark.parametrize(
    ("attack", "wrong"), [(rewrite, Wrong.ALTERED), (delete, Wrong.MISSING), (insert, Wrong.INSERTED)]
)
def test_what_is_changed_is_named_at_its_very_position(
    outside: list[roots.Root], attack: Callable[[int], None], wrong: Wrong, position: int
) -> None:
    attack(position)
    assert verdict()[1] == Fault(wrong, position, position)
    assert verdict(outside)[1] == Fault(wrong, position, position)


@pytest.mark.parametrize("position", [1, 300, 302, 650])
@pytest.mark.parametrize("attack", [rewrite, delete, insert])
def test_seals_forged_inside_pass_inside_and_are_named_by_a_root_kept_outside(
    outside: list[roots.Root], attack: Callable[[int], None], position: int
) -> None:
    """Without a root from elsewhere nothing can be seen: that is why roots leave the machine."""
    attack(position)
    forge_the_seals(removed=position if attack is delete else None)
    assert verdict()[1:] == (None, None)
    _report, inside, found = verdict(outside)
    assert inside is None and found is not None
    first, last = next((a, b) for a, b in ((1, 300), (301, 621), (622, 652)) if a <= position <= b)
    assert (found.wrong, found.first, found.last) == (Wrong.OUTSIDE, first, last)


def test_an_entry_whose_row_alone_is_gone_and_a_gap_in_the_positions_are_missing(outside: list[roots.Root]) -> None:
    sql("delete from journal_entry where id = (select entry_id from journal_position where position = 400)")
    assert verdict()[1] == Fault(Wrong.MISSING, 400, 400)
    sql("delete from journal_position where position = 200")
    assert verdict()[1] == Fault(Wrong.MISSING, 200, 200)


def test_an_end_that_was_cut_off_is_named(outside: list[roots.Root]) -> None:
    sql("delete from journal_position where position > 640")
    assert verdict()[1] == Fault(Wrong.MISSING, 641, 652)


def test_a_backup_older_than_its_published_root_is_a_case_of_its_own(outside: list[roots.Root]) -> None:
    """As after restoring the backup of the moment of the second seal: inside all is well."""
    sql("delete from journal_entry where id in (select entry_id from journal_position where position > 625)")
    sql("delete from journal_position where position > 625")
    sql("delete from journal_seal where size > 621")
    _report, inside, found = verdict(outside)
    assert inside is None and found is not None
    assert (found.wrong, found.first, found.last) == (Wrong.OLDER, 626, 652)
    indonesian, english = sentences(check_journal(outside))[-1]
    assert "LEBIH TUA" in indonesian and "OLDER" in english and "625" in english


def test_seals_and_branches_that_do_not_fit_are_named(outside: list[roots.Root]) -> None:
    sql("update journal_node set hash = %s where level = 8 and index = 1", b"x" * 32)
    assert verdict()[1] == Fault(Wrong.NODE, 257, 512)
    sql("update journal_seal set previous = %s where size = 621", b"x" * 32)
    assert verdict()[1] == Fault(Wrong.SEAL, 301, 621)
    sql("update journal_seal set root = %s where size = 300", b"x" * 32)
    assert verdict()[1] == Fault(Wrong.SEAL, 1, 300)


def test_a_seal_taken_away_is_still_told_by_the_journal(outside: list[roots.Root]) -> None:
    assert [one.size for one in seals_after(0)] == [300, 621, 652]
    sql("delete from journal_seal where size = 652")
    told = verdict()[1]
    assert told == Fault(Wrong.SEAL, 653, 653)


def test_what_is_no_file_of_roots_is_one_sentence(tmp_path: Path) -> None:
    for content in (b"", b"hello", b"\xff\xfe"):
        (tmp_path / "akar.txt").write_bytes(content)
        with pytest.raises(Trouble):
            read_roots(tmp_path / "akar.txt")
    with pytest.raises(Trouble):
        read_roots(tmp_path / "gone.txt")
