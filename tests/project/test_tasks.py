"""A reaction becomes one job with the reader's move; a job may run twice; a night erases what has come to its end."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from satuatap.features.journal.actions import number_entries
from satuatap.features.journal.queries import last_position, last_seal, position_of_reader
from satuatap.features.people.models import Account
from satuatap.features.visits import actions
from satuatap.features.visits.models import Errand
from satuatap.features.visits.states import ErrandState
from satuatap.project import tasks
from satuatap.project.tasks import READER, defer_reactions, name_of, nightly, react
from satuatap.project.wiring import WIRING
from tests.factories.floors import BY, make_floor
from tests.factories.people import make_account

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def own_home(settings, tmp_path) -> None:
    """A job may write files: never among those of an installation."""
    settings.HOME = tmp_path


@pytest.fixture(autouse=True)
def no_jobs() -> None:
    """Tests empty Django's tables between them; procrastinate's are its own."""
    with connection.cursor() as cursor:
        cursor.execute("truncate procrastinate_jobs cascade")


@pytest.fixture
def closed_day() -> None:
    """A day that was closed while one person waited, and nothing reacted yet."""
    make_floor({1: 8.0}, {1: [1]})
    actions.issue_ticket(by=BY, mall=1, steps=[1], after=[[]], request=uuid4())
    actions.close_day(by=BY, mall=1)
    number_entries()


def jobs() -> list[tuple[str, str]]:
    rows = ProcrastinateJob.objects.filter(task_name="react").order_by("id")
    return [(row.args["reaction"], row.status) for row in rows]


def work() -> None:
    with app.replace_connector(app.connector.get_worker_connector()) as worker:  # type: ignore[attr-defined]
        worker.run_worker(wait=False, install_signal_handlers=False, listen_notify=False)


@pytest.mark.usefixtures("closed_day")
class TestReactions:
    def test_a_fact_becomes_one_job_and_the_jobs_end_the_errands_and_seal_the_day(self, tmp_path):
        assert defer_reactions() > 0
        assert defer_reactions() == 0
        assert ("visits.end_waiting", "todo") in jobs()
        work()
        assert dict(jobs())["visits.end_waiting"] == "succeeded"
        assert dict(jobs())["journal.seal_the_day"] == "succeeded"
        sealed = last_seal()
        assert sealed is not None and sealed.root.hex() in next((tmp_path / "roots").glob("akar-*.txt")).read_text()
        assert not Errand.objects.filter(state=ErrandState.READY).exists()

    def test_no_job_without_its_cursor_and_no_cursor_without_its_job(self, monkeypatch):
        def broken(reader: str, position: int) -> None:
            raise RuntimeError("killed here")

        monkeypatch.setattr(tasks, "move_reader", broken)
        with pytest.raises(RuntimeError):
            defer_reactions()
        assert jobs() == []
        assert position_of_reader(READER) == 0
        monkeypatch.undo()
        defer_reactions()
        assert position_of_reader(READER) == last_position()
        assert len(jobs()) == len(set(jobs()))

    def test_a_job_run_twice_changes_nothing_more(self):
        defer_reactions()
        row = ProcrastinateJob.objects.get(task_name="react", args__reaction="visits.end_waiting")
        react(**row.args)
        before = last_position(), number_entries()
        react(**row.args)
        assert number_entries()[0] == 0
        assert last_position() >= before[0]

    def test_a_reaction_that_no_version_knows_is_told_and_dropped(self, caplog):
        react(reaction="visits.gone", position=1)
        assert "no reaction visits.gone" in caplog.text


def test_every_reaction_has_a_name_of_its_own():
    reactions = {one for some in WIRING.values() for one in some}  # one may follow several facts
    assert len({name_of(one) for one in reactions}) == len(reactions)


def test_a_night_erases_what_has_come_to_its_end():
    old, recent = make_account("lama"), make_account("baru")
    for account, days in ((old, 400), (recent, 3)):
        Account.objects.filter(pk=account.pk).update(
            life="blocked", blocked_on=date(2026, 11, 24) - timedelta(days=days)
        )
    over, live = SessionStore(), SessionStore()
    over.set_expiry(datetime.now(UTC) - timedelta(days=1))
    over.save()
    live["x"] = 1
    live.save()

    nightly(timestamp=int(datetime(2026, 11, 24, 19, 25, tzinfo=UTC).timestamp()))
    nightly(timestamp=int(datetime(2026, 11, 24, 19, 25, tzinfo=UTC).timestamp()))

    old.refresh_from_db()
    recent.refresh_from_db()
    assert (old.display_name, old.username) == ("", f"akun-{old.pk}.terhapus")
    assert recent.username == "baru"
    assert list(Session.objects.values_list("pk", flat=True)) == [live.session_key]
