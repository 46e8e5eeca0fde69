"""Two sealers at once: first the race without the lock, then with it; and one that is killed in the middle."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection, connections, transaction
from psycopg.conninfo import make_conninfo

from satuatap.basics.actor import Actor
from satuatap.features.journal import actions, queries, roots, statements
from satuatap.features.journal.actions import announce, number_entries, seal
from satuatap.features.journal.models import Entry, Node, Seal
from satuatap.features.journal.verify import check_journal
from satuatap.features.visits.facts import DayOpened
from tests.races.crowd import conninfo

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
BY = Actor.system("test")


def live(count: int) -> None:
    with transaction.atomic():
        for _ in range(count):
            announce(DayOpened("2026-11-27", None, None), by=BY)
    number_entries()


def both(work: Callable[[], object]) -> list[object]:
    """Twice at once; what each came to."""
    found: list[object] = []

    def go() -> None:
        try:
            found.append(work())
        except Exception as problem:
            found.append(problem)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=go) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(90)
    return found


def meeting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both have looked where the journal ends before either writes; five entries came between their looks."""
    looked, ends = threading.Barrier(2, timeout=60), [15, 20]

    def last_position() -> int:
        mine = ends.pop()
        looked.wait()
        return mine

    monkeypatch.setattr(actions, "last_position", last_position)


def test_without_the_lock_two_seals_begin_at_the_same_place(monkeypatch: pytest.MonkeyPatch) -> None:
    live(20)
    with connection.cursor() as cursor:
        cursor.execute("select conname from pg_constraint where conrelid = 'journal_seal'::regclass and contype = 'u'")
        (name,) = cursor.fetchone()
        cursor.execute(f'alter table journal_seal drop constraint "{name}"')
    try:
        with monkeypatch.context() as patched:
            meeting(patched)
            patched.setattr(statements, "SEALER_LOCK", "select true")
            found = both(lambda: seal(by=BY))
        assert {getattr(one, "size", one) for one in found} == {15, 20}, "the race did not show"
        assert list(Seal.objects.order_by("size").values_list("after", flat=True)) == [0, 0]
        assert check_journal().faults, "and a journal that nobody touched would be called wrong for ever"
    finally:
        Seal.objects.all().delete()
        with connection.cursor() as cursor:
            cursor.execute(f'alter table journal_seal add constraint "{name}" unique ("after")')


def test_with_the_lock_the_second_goes_home(monkeypatch: pytest.MonkeyPatch) -> None:
    live(20)
    inside, looks = threading.Event(), queries.last_position
    second: list[object] = []

    def last_position() -> int:
        if not inside.is_set():
            inside.set()
            second.extend(both(lambda: seal(by=BY)))  # while the first stands here with the lock
        return looks()

    monkeypatch.setattr(actions, "last_position", last_position)
    first = seal(by=BY)
    assert first is not None and first.size == 20 and second == [None, None]
    assert Seal.objects.count() == Entry.objects.filter(kind="journal_sealed").count() == 1
    number_entries()
    assert check_journal().faults == []


CHILD = """
import sys, time, django
from pathlib import Path
django.setup()
from satuatap.features.journal import actions, reactions, roots
from satuatap.project import settings
where, sealing, publishing = sys.argv[1], actions.announce, roots._append
def stop(*words, **named):
    if where == "before its fact": pass
    else: (sealing if where == "after its fact" else half)(*words, **named)
    print("here", flush=True)
    time.sleep(60)
def half(file, lines):
    with open(file, "a") as cut: cut.write(lines[: len(lines) // 2])
if where == "in its line": roots._append = stop
else: actions.announce = stop
reactions.seal_and_publish()
"""


@pytest.mark.parametrize(("where", "sealed"), [("before its fact", 0), ("after its fact", 0), ("in its line", 1)])
def test_killed_in_the_middle_nothing_half_stands_and_the_next_makes_it_whole(
    tmp_path: Path, settings: object, where: str, sealed: int
) -> None:
    """SIGKILL of a process of its own that holds the sealer's lock."""
    live(600)
    environment = {**os.environ, "DATABASE_URL": make_conninfo(**conninfo()), "SATUATAP_HOME": str(tmp_path),
                   "DJANGO_SETTINGS_MODULE": "satuatap.project.settings"}  # fmt: skip
    with subprocess.Popen(
        [sys.executable, "-c", CHILD, where], env=environment, stdout=subprocess.PIPE, text=True
    ) as sealer:
        assert sealer.stdout is not None and sealer.stdout.readline() == "here\n"
        if not sealed:
            assert seal(by=BY) is None, "somebody is at it"
        sealer.send_signal(signal.SIGKILL)
    assert Seal.objects.count() == Entry.objects.filter(kind="journal_sealed").count() == sealed
    assert Node.objects.count() == 3 * sealed  # two of 256 leaves, one of 512
    made, until = seal(by=BY), time.monotonic() + 60
    while made is None and not Seal.objects.exists():
        assert time.monotonic() < until, "the lock of a process that is gone is held for ever"
        time.sleep(0.05)  # the server needs a moment to see that the other end is gone
        made = seal(by=BY)
    roots.publish(tmp_path / "roots")
    (file,) = roots.files(tmp_path / "roots")
    assert [root.size for root in roots.read(file.read_text())] == [600]
    number_entries()
    assert check_journal(roots.read(file.read_text())).faults == [] and queries.inclusion(600).holds
