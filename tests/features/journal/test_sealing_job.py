"""The job that seals: what a kill, a full disk or a restored backup leaves, the next run makes whole or says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection, connections, transaction

from satuatap.basics.actor import Actor
from satuatap.features.journal import actions, queries, roots
from satuatap.features.journal.actions import announce, number_entries, seal
from satuatap.features.journal.models import Node, Seal
from satuatap.features.journal.reactions import roots_folder, seal_and_publish
from satuatap.features.visits.facts import DayOpened

pytestmark = pytest.mark.django_db(transaction=True)
BY = Actor.system("test")


@pytest.fixture(autouse=True)
def own_home(settings: Any, tmp_path: Path) -> None:
    settings.HOME = tmp_path


def live(count: int) -> None:
    with transaction.atomic():
        for _ in range(count):
            announce(DayOpened("2026-11-27", None, None), by=BY)
    number_entries()


def written() -> list[int]:
    return [root.size for file in roots.files(roots_folder()) for root in roots.read(file.read_text())]


def test_a_kill_between_the_seal_and_its_line_is_made_good_by_the_next_run(monkeypatch: pytest.MonkeyPatch) -> None:
    live(5)

    def full(_folder: Path) -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(roots, "publish", full)
        with pytest.raises(OSError):
            seal_and_publish()
    assert Seal.objects.count() == 1 and written() == []
    assert seal_and_publish() == 0 and written() == [5]


def test_a_database_that_goes_away_in_the_middle_leaves_no_half_seal(monkeypatch: pytest.MonkeyPatch) -> None:
    live(600)
    real = actions.announce

    def cut(*words: Any, **named: Any) -> Any:
        pid = connection.connection.info.backend_pid
        other = connections.create_connection("default")
        try:
            with other.cursor() as cursor:
                cursor.execute("select pg_terminate_backend(%s)", [pid])
        finally:
            other.close()
        return real(*words, **named)

    with monkeypatch.context() as patched:
        patched.setattr(actions, "announce", cut)
        with pytest.raises(OperationalError):
            seal(by=BY)
    connection.close()
    assert (Seal.objects.count(), Node.objects.count()) == (0, 0)
    assert seal_and_publish() == 1 and queries.inclusion(600).holds


def test_seals_that_disagree_are_logged_and_nothing_is_written(caplog: pytest.LogCaptureFixture) -> None:
    live(5)
    seal_and_publish()
    live(5)
    Seal.objects.update(root=b"x" * 32)
    assert seal_and_publish() == 0
    assert "seals_disagree" in caplog.text and "journal verify" in caplog.text and written() == [5]


def test_after_an_older_backup_the_file_keeps_what_it_knows(caplog: pytest.LogCaptureFixture) -> None:
    live(5)
    seal_and_publish()
    with connection.cursor() as cursor:
        cursor.execute("delete from journal_seal")
        cursor.execute("delete from journal_entry where id in (select entry_id from journal_position where position>3)")
        cursor.execute("delete from journal_position where position > 3")
    live(1)
    assert seal_and_publish() == 1 and written() == [5]
    assert "no root was written out" in caplog.text
