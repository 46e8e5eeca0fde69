"""From PostgreSQL 16 to 18 and over new steps of tables: all of it, or exactly what was there."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from satuatap.plumbing.postgres.binaries import binaries_of, wheel_binaries
from satuatap.plumbing.postgres.troubles import DatabaseTrouble
from satuatap.project.operate import changeover
from satuatap.project.operate import manifest as manifests
from tests.project.operate.conftest import CITY
from tests.project.operate.installations import (
    backup_of,
    begin,
    command,
    contents,
    copy,
    database,
    fill,
    refused,
    wait_until,
    well,
)
from tests.project.server import serving

pytestmark = [
    pytest.mark.fault,
    pytest.mark.skipif(
        not (wheel_binaries("pginstall/bin") / "postgres").exists(), reason="the wheel has no older one"
    ),
]
OLD = str(wheel_binaries("pginstall/bin"))
NEW = str(wheel_binaries())


@pytest.fixture(scope="module")
def sixteen(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation that was made by PostgreSQL 16, never changed."""
    home = tmp_path_factory.mktemp("sixteen") / "home"
    well(command(home, "city", "open", CITY, "--yes", SATUATAP_POSTGRES_BINARIES=OLD))
    assert (home / "postgres/data/PG_VERSION").read_text().strip() == "16"
    return home


def version(home: Path) -> str:
    return (home / "postgres/data/PG_VERSION").read_text().strip()


def contents_16(home: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    with monkeypatch.context() as patched:
        patched.setenv("SATUATAP_POSTGRES_BINARIES", OLD)
        return contents(home)


def test_from_16_to_18_with_everything_and_then_it_serves(
    sixteen: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    home = copy(sixteen, tmp_path / "home")
    before = contents_16(home, monkeypatch)
    refused(command(home, "serve"), "Move it: satuatap upgrade")
    refused(command(home, "backup"), "Move it: satuatap upgrade")
    well(command(home, "upgrade"))
    assert version(home) == "18"
    assert contents(home) == before
    assert manifests.read_beside(backup_of(home)).postgres == 16 and manifests.read_beside(backup_of(home)).is_good
    kept = next(home.glob("before-upgrade-*"))
    assert (kept / "postgres/data/PG_VERSION").read_text().strip() == "16"
    with serving(home) as served:
        assert served.health() == 200
    assert "nothing to do" in well(command(home, "upgrade"))


def test_killed_anywhere_it_is_still_16_and_the_next_try_succeeds(
    sixteen: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    home = copy(sixteen, tmp_path / "home")
    monkeypatch.setenv("SATUATAP_POSTGRES_BINARIES", OLD)
    fill(home, 40_000)
    before = contents(home)
    monkeypatch.delenv("SATUATAP_POSTGRES_BINARIES")
    for reached in ("opened/database.dump", "new/postgres/data/PG_VERSION", "new/postgres/data/postmaster.pid"):
        killed = begin(home, "upgrade")
        wait_until(lambda seen=reached: (home / changeover.FOLDER / seen).exists())
        killed.send_signal(signal.SIGKILL)
        killed.communicate()
        assert version(home) == "16"
        assert contents_16(home, monkeypatch) == before
    well(command(home, "upgrade"))
    assert version(home) == "18" and contents(home) == before


def forget_a_step(home: Path) -> None:
    """As if the newest step of visits were new: running it again fails, because its table is there."""
    with database(home) as connection:
        connection.execute(
            "delete from django_migrations where id = (select max(id) from django_migrations where app = 'visits')"
        )


def test_a_step_that_fails_leaves_everything_as_it_was(home: Path):
    forget_a_step(home)
    before = contents(home)
    refused(command(home, "upgrade"), "The installation is as it was")
    assert contents(home) == before
    assert not (home / changeover.FOLDER).exists() and not list(home.glob("before-*"))
    assert len(manifests.backups(home / "backups")) == 1


def test_a_step_that_fails_after_the_move_leaves_16(sixteen: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    home = copy(sixteen, tmp_path / "home")
    with monkeypatch.context() as patched:
        patched.setenv("SATUATAP_POSTGRES_BINARIES", OLD)
        forget_a_step(home)
        before = contents(home)
    refused(command(home, "upgrade"), "The installation is as it was")
    assert version(home) == "16" and contents_16(home, monkeypatch) == before


def test_new_steps_run_on_a_copy_that_takes_the_place(home: Path):
    with database(home) as connection:
        before = connection.execute("select count(*) from journal_entry").fetchone()
        connection.execute("create table was_here (n int)")
        connection.execute("delete from django_migrations where app = 'sessions'")
        connection.execute("drop table django_session")
    well(command(home, "upgrade"))
    with database(home) as connection:
        assert connection.execute("select count(*) from journal_entry").fetchone() == before
        assert connection.execute("select count(*) from django_session").fetchone() == (0,), "the step ran"
        assert connection.execute("select to_regclass('was_here') is not null").fetchone() == (True,)
    assert list(home.glob("before-upgrade-*"))


def test_a_database_that_a_newer_version_used_is_refused(home: Path):
    with database(home) as connection:
        connection.execute("insert into django_migrations (app, name, applied) values ('visits', '9999_later', now())")
    before = contents(home)
    refused(command(home, "serve"), "used by a newer satuatap (visits.9999_later)")
    assert contents(home) == before


def test_two_at_once_is_one_upgrade_and_one_sentence(sixteen: Path, tmp_path: Path):
    home = copy(sixteen, tmp_path / "home")
    both = [begin(home, "upgrade"), begin(home, "upgrade")]
    said = [one.communicate(timeout=600) for one in both]
    codes = sorted(one.returncode for one in both)
    words = "".join(out + err for out, err in said)
    assert codes in ([0, 1], [0, 0]), words  # the second may come when all is done: then there is nothing to do
    assert ("still runs" in words) or ("being restored or upgraded" in words) or ("nothing to do" in words)
    assert "Traceback" not in words
    assert version(home) == "18" and len(list(home.glob("before-upgrade-*"))) == 1


def test_over_one_that_runs_it_is_refused(home: Path):
    with serving(home):
        refused(command(home, "upgrade"), "Stop it first")


def test_a_version_that_nobody_has_is_a_sentence():
    assert binaries_of(16) == Path(OLD) and binaries_of(18) == Path(NEW)
    with pytest.raises(DatabaseTrouble, match="PostgreSQL 9, which made"):
        binaries_of(9)
