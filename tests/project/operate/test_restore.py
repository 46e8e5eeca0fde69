"""From a backup and a sheet of keys to an installation that serves; what is wrong is a sentence and changes nothing."""

from __future__ import annotations

import json
import shutil
import signal
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from satuatap.plumbing import keyring
from satuatap.plumbing.postgres import roles
from satuatap.plumbing.postgres.cluster import Cluster
from satuatap.project.operate import changeover, sheet
from satuatap.project.operate.after_restore import Restoring
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
from tests.project.server import Served, serving
from tests.web.live.caller import Caller

pytestmark = pytest.mark.fault


def restored(home: Path, backup: Path, *words: object) -> str:
    return well(command(home, "restore", backup, "--key", backup.parent / "keys.json", *words))


def test_the_drill_a_fresh_folder_serves_from_the_backup(backup: Path, backed_up: Path, tmp_path: Path):
    """With the sheet alone: the same rows, the same accounts, and numbers go on."""
    paper = tmp_path / "sheet.txt"
    paper.write_text(sheet.as_text(keyring.read(backup.parent / "keys.json")))
    new = tmp_path / "new"
    well(command(new, "restore", backup, "--key", paper))
    assert contents(new) == contents(backed_up)
    for name in ("accounts.json", "secret_key"):
        assert (new / name).read_bytes() == (backed_up / name).read_bytes()
        assert (new / name).stat().st_mode & 0o777 == 0o600
    assert keyring.read(new / "keys.json").keys == keyring.read(backed_up / "keys.json").keys
    with serving(new) as served:
        accounts = json.loads((new / "accounts.json").read_text())["accounts"]
        kiosk = Caller(served.url)
        kiosk.http.get(next(row["link"] for row in accounts if row.get("link")))
        assert kiosk.take("ktp-el-ganti")["number"] == 1
    assert "sealed" in well(command(new, "journal", "verify"))


def test_positions_go_on_after_the_xids_of_another_server(home: Path, tmp_path: Path):
    """The rows of a busier server carry transaction numbers that this one will only reach later."""
    fill(home, 10)
    with database(home) as connection:
        connection.execute("update journal_entry set xid = '900000'::xid8")
        connection.execute("update journal_numberer set floor_xid = '900001'::xid8")
    well(command(home, "backup", "--check=never"))
    new = tmp_path / "new"
    well(command(new, "restore", backup_of(home), "--key", home / "keys.json"))
    with database(new) as connection:
        before = connection.execute("select coalesce(max(position), 0) from journal_position").fetchone()[0]
        connection.execute("insert into journal_entry (at, kind, who, fact) values (now(), 'called', 'desk:1', '{}')")
    with serving(new) as served:
        wait_until(lambda: all_numbered(served))
    with database(new) as connection:
        rows = connection.execute("select count(*), max(position), count(distinct position) from journal_position")
        count, last, different = rows.fetchone()
    assert count == last == different > before


def all_numbered(served: Served) -> bool:
    with psycopg.connect(Cluster(served.home / "postgres").url(roles.OWNER, roles.DATABASE)) as connection:
        entries, numbered = connection.execute(
            "select (select count(*) from journal_entry), (select count(*) from journal_position)"
        ).fetchone()  # type: ignore[misc]
    return entries == numbered


@pytest.mark.parametrize(
    ("harm", "sentence"),
    [
        (lambda data: data[: len(data) // 2], "damaged or cut off"),
        (lambda data: data[:-1], "damaged or cut off"),
        (lambda data: data[:5000] + bytes([data[5000] ^ 1]) + data[5001:], "damaged or cut off"),
        (lambda data: b"", "damaged or cut off"),
        (lambda data: b"not a backup " * 100, "damaged or cut off"),
    ],
)
def test_a_backup_that_is_not_whole_is_a_sentence_and_nothing_is_left(backup: Path, tmp_path: Path, harm, sentence):
    backup.write_bytes(harm(backup.read_bytes()))
    new = tmp_path / "new"
    refused(command(new, "restore", backup, "--key", backup.parent / "keys.json"), sentence)
    assert not (new / "postgres" / "data").exists() and not (new / changeover.FOLDER).exists()
    assert not (new / "keys.json").exists()


def test_a_wrong_key_a_mistyped_one_and_none_are_told_apart(backup: Path, tmp_path: Path):
    new, paper = tmp_path / "new", tmp_path / "sheet.txt"
    other = keyring.load(tmp_path / "other")
    paper.write_text(sheet.as_text(other))
    refused(command(new, "restore", backup, "--key", paper), "not the key of the backup")
    text = sheet.as_text(keyring.read(backup.parent / "keys.json"))
    paper.write_text(text.replace("AGE-SECRET-KEY-1", "AGE-SECRET-KEY-1Q"))
    refused(command(new, "restore", backup, "--key", paper), "mistyped")
    paper.write_text("\n".join(line for line in text.splitlines() if not line.startswith("backup")))
    refused(command(new, "restore", backup, "--key", paper), "no key for backups")
    refused(command(new, "restore", tmp_path / "nothing.age"), "There is no backup")


def test_it_never_replaces_an_installation_unasked_and_keeps_what_it_replaced(backup: Path, home: Path):
    fill(home, 7)
    before = contents(home)
    refused(command(home, "restore", backup, "--key", backup.parent / "keys.json"), "There is an installation")
    assert contents(home) == before
    restored(home, backup, "--over")
    assert contents(home) != before
    kept = next(home.glob("before-restore-*"))
    old = home.parent / "old"
    shutil.move(kept, old)
    assert contents(old) == before


def test_over_one_that_runs_it_is_refused(backup: Path, home: Path):
    with serving(home) as served:
        refused(command(home, "restore", backup, "--over", "--key", backup.parent / "keys.json"), "still runs")
        assert served.health() == 200


def test_killed_in_the_middle_everything_is_as_it_was(home: Path, tmp_path: Path):
    fill(home, 60_000)
    well(command(home, "backup", "--check=never"))
    there = copy(home, tmp_path / "there")
    before = contents(there)
    for reached in ("opened/database.dump", "new/postgres/data/PG_VERSION", "new/postgres/data/postmaster.pid"):
        killed = begin(there, "restore", backup_of(home), "--over")
        wait_until(lambda seen=reached: (there / changeover.FOLDER / seen).exists())
        killed.send_signal(signal.SIGKILL)
        killed.communicate()
        assert not (there / changeover.FOLDER / changeover.COMMITTED).exists()
        assert contents(there) == before
    well(command(there, "restore", backup_of(home), "--over"))
    assert contents(there) == before
    assert not (there / changeover.FOLDER).exists()


def test_who_was_erased_after_the_backup_does_not_come_back(home: Path, tmp_path: Path):
    """The list lies beside the copy in the second place; the backup itself is older."""
    contact = uuid4()
    with database(home) as connection:
        connection.execute(
            "insert into visits_visit (mall, day, number, class, arrived_at, state, rev, done, left_n, token, code,"
            " channel) values (1, '2026-11-27', 1, 0, now(), 0, 0, 0, 1, 'tttttttttttttttttttttt', 'AAAA', 'kiosk')"
        )
        connection.execute(
            "insert into visits_contact (id, visit_id, name, phone, phone_index, consent_text, given_at, ends_on)"
            " select %s, id, 'fields-00000000:x', '', '', 'ya', now(), current_date + 300 from visits_visit",
            [contact],
        )
    place = tmp_path / "disk"
    place.mkdir()
    well(command(home, "backup", "--to", place))
    (place / "erasures.csv").write_text(f"erased_on,kind,id\n2026-11-28,contact,{contact}\n")
    new = tmp_path / "new"
    said = well(command(new, "restore", next(place.glob("*.age")), "--key", home / "keys.json"))
    assert "1 things that had been erased came back" in said
    with database(new) as connection:
        assert connection.execute("select count(*) from visits_contact").fetchone() == (0,)
    assert str(contact) in (new / "erasures.csv").read_text()
    well(command(home, "restore", backup_of(home), "--over"))
    with database(home) as connection:
        assert connection.execute("select count(*) from visits_contact").fetchone() == (1,), "no list names it there"
    assert "fields-00000000" in well(command(home, "restore", backup_of(home), "--over"))


def test_what_lies_above_a_second_place_belongs_to_somebody_else(tmp_path: Path):
    """A demo with a folder of its own inside the city's: the city's roots and list are not the demo's."""
    ring = keyring.load(tmp_path / "keys")
    for name in ("disk/roots", "disk/demo/roots", "home/backups", "home/roots", "new"):
        (tmp_path / name).mkdir(parents=True)

    def seen(folder: str) -> list[Path]:
        backup = tmp_path / folder / "satuatap-20261127T013004Z.age"
        found = Restoring(backup, tmp_path / "opened", tmp_path / "new", ring).newest_of("roots")
        return [path.relative_to(tmp_path) for path in found]

    assert seen("disk/demo") == [Path("disk/demo/roots")]
    assert seen("home/backups") == [Path("home/roots")]


def test_older_than_a_root_that_was_published_it_is_said_loudly(home: Path, tmp_path: Path):
    fill(home, 5)
    well(command(home, "journal", "seal"))
    place = tmp_path / "disk"
    place.mkdir()
    well(command(home, "backup", "--check=never", "--to", place))
    fill(home, 5)
    with serving(home) as served:
        wait_until(lambda: all_numbered(served))
    well(command(home, "journal", "seal"))
    shutil.copytree(home / "roots", place / "roots", dirs_exist_ok=True)  # what left the machine meanwhile
    said = well(command(tmp_path / "new", "restore", next(place.glob("*.age")), "--key", home / "keys.json"))
    assert "THE DATABASE IS OLDER THAN ITS ROOT" in said


def test_a_backup_of_a_newer_version_is_refused(home: Path, tmp_path: Path):
    with database(home) as connection:
        connection.execute("insert into django_migrations (app, name, applied) values ('visits', '9999_later', now())")
    well(command(home, "backup", "--check=never"))
    refused(command(tmp_path / "new", "restore", backup_of(home), "--key", home / "keys.json"), "newer satuatap")
