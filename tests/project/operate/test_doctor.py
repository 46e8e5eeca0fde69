"""Every illness has its sentence: each check is shown a healthy and an ill one."""

from __future__ import annotations

import json
import socket
import ssl
import subprocess
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from satuatap.plumbing import keyring
from satuatap.plumbing.space import MB, Room, Space
from satuatap.project.operate import manifest as manifests
from satuatap.project.operate.doctor import backups, machine
from satuatap.project.operate.doctor.findings import Level
from tests.project.operate.installations import command, database, fill, well
from tests.project.operate.test_backup import described

NOW = datetime(2026, 11, 27, 3, 0, tzinfo=UTC)


def test_memory_and_clock_and_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    assert machine.memory("MemTotal: 4096000 kB\nMemAvailable: 2048000 kB\n").level is Level.OK
    assert machine.memory("MemTotal: 4096000 kB\nMemAvailable: 99000 kB\n").level is Level.BAD
    assert [machine.clock(kept).level for kept in (True, False, None)] == [Level.OK, Level.SOON, Level.NOTE]
    assert machine.clock_is_kept() in (True, False, None)
    assert [Space(free * MB, 9_000 * MB, 2_000 * MB, 500 * MB).room for free in (3_000, 1_000, 499)] == [
        Room.ENOUGH, Room.LOW, Room.NEARLY_NONE,
    ]  # fmt: skip
    monkeypatch.setenv("SATUATAP_DISK_WARN_MB", "999999999")
    assert machine.disk("disk", tmp_path).level is Level.SOON
    monkeypatch.setenv("SATUATAP_DISK_STOP_MB", "999999998")
    assert "imports" in machine.disk("disk", tmp_path / "not" / "there").english
    second = machine.disk("disk_second", tmp_path)
    assert second.level is Level.BAD and "imports" not in second.english


def test_backup_age_and_check():
    good = [described(0)]
    for hours, level in ((1, Level.OK), (30, Level.SOON), (80, Level.BAD)):
        assert backups.age(good, good[0].made_at + timedelta(hours=hours)).level is level
    assert backups.age([], NOW).level is Level.BAD
    assert backups.check([], NOW).level is Level.NOTE
    assert backups.check([replace(described(0), checked={})], NOW).level is Level.BAD
    assert backups.check([described(0, good=False)], datetime.now(UTC)).level is Level.BAD
    assert backups.check([described(0)], datetime.now(UTC)).level is Level.OK
    assert backups.check([described(0)], datetime.now(UTC) + timedelta(days=9)).level is Level.SOON
    assert backups.overdue([described(31)], NOW.date()) and not backups.overdue([described(30)], NOW.date())


def test_second_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv(backups.places.SETTING, raising=False)
    assert [one.level for one in backups.second_places(tmp_path, None)] == [Level.SOON]
    monkeypatch.setenv(backups.places.SETTING, f"{tmp_path}/gone:{tmp_path}")
    assert [one.level for one in backups.second_places(tmp_path, None)] == [Level.BAD, Level.SOON]
    monkeypatch.setattr(backups.places, "same_disk", lambda home, place: False)
    newest = replace(described(0), bytes=1)
    assert backups.second_places(tmp_path, newest)[1].level is Level.SOON
    path = tmp_path / manifests.name_of(newest.made_at)
    path.write_bytes(b"x")
    manifests.write_beside(path, newest)
    assert backups.second_places(tmp_path, newest)[1].level is Level.OK


def test_a_file_of_keys_that_is_not_that_of_the_backups(tmp_path: Path):
    newest = described(0)
    assert backups.keys(tmp_path, None) == []
    assert [one.level for one in backups.keys(tmp_path, newest)] == [Level.BAD], "lost"
    made = keyring.load(tmp_path)
    assert [one.level for one in backups.keys(tmp_path, newest)] == [Level.BAD], "made anew"
    newest = replace(newest, key=made.current("backup").id)
    assert [one.level for one in backups.keys(tmp_path, newest)] == [Level.OK]
    (tmp_path / keyring.FILE).write_text("{")
    assert [one.level for one in backups.keys(tmp_path, newest)] == [Level.BAD]


def test_files_that_others_may_read_and_what_was_left(tmp_path: Path):
    tmp_path.chmod(0o700)
    assert [one.level for one in machine.files(tmp_path)] == [Level.OK]
    (tmp_path / "keys.json").touch(mode=0o644)
    (tmp_path / ".changing").mkdir()
    (tmp_path / "before-upgrade-20261127T000000Z").mkdir()
    assert [one.level for one in machine.files(tmp_path)] == [Level.BAD, Level.NOTE, Level.NOTE]


@pytest.fixture
def secure(tmp_path: Path):
    """A server with a certificate of its own on loopback; gives its port for a number of days."""
    doors = []

    def opened(days: int) -> int:
        key, paper = tmp_path / f"{days}.key", tmp_path / f"{days}.pem"
        words = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
        words += ["-keyout", key, "-out", paper, "-days", str(days), "-subj", "/CN=127.0.0.1"]
        subprocess.run(words, check=True, capture_output=True)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(paper, key)
        door = socket.create_server(("127.0.0.1", 0))
        doors.append(door)
        threading.Thread(target=serve, args=(door, context), daemon=True).start()
        return int(door.getsockname()[1])

    yield opened
    for door in doors:
        door.close()


def serve(door: socket.socket, context: ssl.SSLContext) -> None:
    while True:
        try:
            line, _address = door.accept()
            context.wrap_socket(line, server_side=True).close()
        except ssl.SSLError:
            continue
        except OSError:
            return


def test_the_certificate_that_browsers_get(secure):
    now = datetime.now(UTC)
    assert machine.certificate("http://127.0.0.1:8000", now).level is Level.NOTE
    for days, level in ((90, Level.OK), (10, Level.SOON), (2, Level.BAD)):
        found = machine.certificate(f"https://127.0.0.1:{secure(days)}", now)
        assert found.level is level, found
    assert "does not know who issued it" in machine.certificate(f"https://127.0.0.1:{secure(60)}", now).english
    assert machine.certificate("https://127.0.0.1:9", now).level is Level.BAD


CHECKED = """
insert into journal_entry (at, kind, who, fact) values (now(), 'journal_checked', 'system:seal', '{"entries": 3,
 "sealed": 3, "outside": 0, "wrong": "altered", "first": 2, "last": 2, "root_size": 0, "root_made": "", "unread": 0}')
"""


@pytest.mark.fault
def test_the_whole_of_it_on_a_real_installation(home: Path, tmp_path: Path):
    place = tmp_path / "disk"
    place.mkdir()
    before = {one["name"]: one["level"] for one in said(home)}
    assert before["backup"] == "bad" and before["database"] == before["roles"] == before["jobs"] == "ok"
    assert before["journal_check"] == "ok"
    well(command(home, "backup", "--to", place))
    after = {one["name"]: one["level"] for one in said(home, SATUATAP_BACKUP_TO=str(place))}
    assert after["backup"] == after["backup_check"] == "ok" and after["second_place"] == "soon"
    fill(home, 3)
    with database(home) as connection:
        connection.execute("insert into journal_position select row_number() over (order by id), id from journal_entry")
        connection.execute("update journal_entry set real_at = real_at - interval '2 days'")
        connection.execute(
            "insert into procrastinate_jobs (queue_name, task_name, lock, status) values ('q', 'seal', 'l', 'failed')"
        )
        connection.execute("grant update on journal_entry to satuatap_app")
        connection.execute(CHECKED)
    ill = {one["name"]: one for one in said(home, SATUATAP_BACKUP_TO=str(place))}
    assert [ill[name]["level"] for name in ("seal", "jobs", "roles", "journal_check")] == ["bad", "soon", "bad", "bad"]
    assert "posisi 2 " in ill["journal_check"]["indonesian"]
    with database(home) as connection:
        connection.execute("update journal_entry set real_at = now() + interval '1 hour'")
    assert {one["name"]: one["level"] for one in said(home)}["time"] == "bad"
    (home / "postgres" / "data" / "PG_VERSION").write_text("12\n")
    assert {one["name"]: one["level"] for one in said(home)}["database"] == "bad"


def said(home: Path, **more: str) -> list[dict[str, str]]:
    done = command(home, "doctor", "--json", **more)
    found = json.loads(done.stdout)
    assert done.returncode == int(any(one["level"] == "bad" for one in found)), done.stderr
    assert all(one["indonesian"] and one["english"] for one in found)
    return found
