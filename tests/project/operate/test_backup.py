"""A backup is whole or not there, tells what it holds, stands in two places, and was restored once."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from errno import EACCES, ENOSPC
from pathlib import Path

import pyrage
import pytest

from satuatap.plumbing import keyring
from satuatap.plumbing.holding import holding
from satuatap.project.cli.sentences import Trouble
from satuatap.project.operate import backing, places, scratch
from satuatap.project.operate import manifest as manifests
from satuatap.project.operate.manifest import Manifest
from satuatap.project.privacy import erasures
from tests.project.operate.installations import backup_of, begin, command, fill, refused, wait_until, well
from tests.project.server import environment, serving

pytestmark = pytest.mark.fault


def test_it_holds_the_database_and_what_belongs_to_it_but_never_the_keys(backed_up: Path):
    path = backup_of(backed_up)
    told = manifests.read_beside(path)
    ring = keyring.read(backed_up / "keys.json")
    clear = pyrage.decrypt(path.read_bytes(), [pyrage.x25519.Identity.from_str(ring.current("backup").secret)])
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert told.bytes == path.stat().st_size and told.is_good
    assert told.rows["malls_mall"] == 1 and told.rows["journal_entry"] > 0 and told.position >= 0
    assert b"database.dump.00000" in clear and b"home/accounts.json" in clear and b"home/secret_key" in clear
    for key in ring.keys:
        assert key.secret.encode() not in clear
    assert b"PGDMP" in clear and b"PGDMP" not in path.read_bytes()
    assert date.fromisoformat(told.keep_until) - told.made_at.date() <= timedelta(days=30)


def test_it_goes_to_a_second_place_with_the_lists_and_a_missing_disk_is_told(home: Path, tmp_path: Path):
    place = tmp_path / "disk"
    place.mkdir()
    (home / "erasures.csv").write_text("erased_on,kind,id\n")
    (home / "roots").mkdir()
    (home / "roots" / "akar-2026-11.txt").write_text("# akar\n")
    said = well(command(home, "backup", "--check=never", "--to", place))
    copied = place / backup_of(home).name
    assert copied.read_bytes() == backup_of(home).read_bytes()
    assert (place / "erasures.csv").exists() and (place / "roots" / "akar-2026-11.txt").exists()
    assert "same disk" in said
    refused(command(home, "backup", "--check=never", SATUATAP_BACKUP_TO=str(tmp_path / "unplugged")), "not mounted")
    assert len(list((home / "backups").glob("*.age"))) == 2, "the first place has it all the same"


def test_what_the_second_place_knows_is_never_lost(tmp_path: Path):
    """After an older backup was restored the installation knows less than what had left it."""
    home, place = tmp_path / "home", tmp_path / "disk"
    for folder in (home / "roots", place / "roots"):
        folder.mkdir(parents=True)
    (place / "roots" / "akar-2026-11.txt").write_text("a\nb\nc\n")
    (place / "erasures.csv").write_bytes(b"erased_on,kind,id\r\nd,contact,1\r\nd,contact,2\r\n")
    (home / "roots" / "akar-2026-11.txt").write_text("a\nb\nother\n")
    (home / "erasures.csv").write_bytes(b"erased_on,kind,id\r\nd,contact,1\r\nd,contact,3\r\n")
    places.take_lists(home, place)
    assert (place / "roots" / "akar-2026-11.txt").read_text() == "a\nb\nother\n"
    assert next((place / "roots").glob("akar-2026-11.sebelum-*.txt")).read_text() == "a\nb\nc\n"
    assert erasures.listed(place / "erasures.csv") == [("contact", "1"), ("contact", "2"), ("contact", "3")]
    places.take_lists(home, place)
    assert len(list((place / "roots").iterdir())) == 2, "the same again changes nothing"


def test_a_disk_that_is_nearly_full_keeps_what_it_has(home: Path):
    refused(command(home, "backup", SATUATAP_DISK_STOP_MB="999999999"), "No backup was made")
    assert not [path for path in (home / "backups").iterdir() if path.name.startswith("satuatap")]
    assert not list((home / "backups").glob(".satuatap*"))


def test_a_folder_that_may_not_be_written_is_not_called_full(tmp_path: Path):
    denied, full = (backing.no_room(tmp_path, OSError(number, os.strerror(number))) for number in (EACCES, ENOSPC))
    assert "can't be written (Permission denied)" in denied.english and "MB left" not in denied.english
    assert "MB left (No space left on device)" in full.english


def test_two_at_once_is_one_backup_and_one_sentence(home: Path):
    with holding(home / backing.LOCK):
        refused(command(home, "backup"), "Another backup is being made")
    assert not (home / "backups").exists()
    both = [begin(home, "backup", "--check=never"), begin(home, "backup", "--check=never")]
    said = [one.communicate(timeout=240)[1] for one in both]
    assert all(one.returncode == 0 or "is being made" in words for one, words in zip(both, said, strict=True)), said
    assert 1 <= len(list((home / "backups").glob("*.age"))) <= 2


def test_killed_in_the_middle_it_leaves_nothing_that_looks_like_one(home: Path):
    fill(home, 60_000)
    first = begin(home, "backup")
    wait_until(lambda: list((home / "backups").glob(".*.part")))
    first.send_signal(signal.SIGKILL)
    first.communicate()
    assert manifests.backups(home / "backups") == []
    well(command(home, "backup", "--check=never"))
    assert len(manifests.backups(home / "backups")) == 1
    assert not list((home / "backups").glob(".*.part")), "what the killed one left is cleared away"


def test_a_disk_that_fills_in_the_middle_of_a_write_leaves_nothing(home: Path):
    """The kernel refuses to write on, as it does on a full disk; the database runs in another process."""
    with serving(home) as served:
        words = 'ulimit -f 100; exec "$0" -m satuatap.project.cli.main backup'
        done = subprocess.run(
            ["bash", "-c", words, sys.executable], env=environment(home, 8000), capture_output=True, text=True
        )
        refused(done, "No backup was made")
        assert served.health() == 200
    assert not [path for path in (home / "backups").iterdir() if "satuatap" in path.name]


def test_a_database_that_dies_in_the_middle_is_a_sentence(home: Path):
    fill(home, 60_000)
    with serving(home) as served:
        backup = begin(home, "backup", "--check=never")
        wait_until(lambda: list((home / "backups").glob(".*.part")))
        os.kill(served.postmaster(), signal.SIGKILL)
        said = backup.communicate(timeout=240)
        assert "Traceback" not in said[1]
        assert backup.returncode == 1 and ("pg_dump failed" in said[1] or "does not answer" in said[1]), said
        assert manifests.backups(home / "backups") == []
        wait_until(lambda: served.health() == 200)
        well(command(home, "backup", "--check=never"))


def test_the_check_counts_and_says_what_is_not_as_it_was(backup: Path, tmp_path: Path):
    secrets = [key.secret for key in keyring.read(backup.parent / "keys.json").of("backup")]
    opened = scratch.open_backup(backup, tmp_path / "opened", secrets)
    for wrong in (
        replace(opened.manifest, rows={**opened.manifest.rows, "visits_desk": 1}),
        replace(opened.manifest, position=opened.manifest.position + 1),
    ):
        cluster = scratch.Cluster(tmp_path / f"pg{wrong.position}-{wrong.rows['visits_desk']}", durable=False)
        cluster.start()
        try:
            with pytest.raises(Trouble, match="not what was counted"):
                scratch.fill(cluster, replace(opened, manifest=wrong))
        finally:
            cluster.stop()


def test_a_check_that_fails_is_written_beside_it_and_it_never_counts_as_good(backup: Path, tmp_path: Path):
    secrets = [key.secret for key in keyring.read(backup.parent / "keys.json").of("backup")]
    data = bytearray(backup.read_bytes())
    data[len(data) // 2] ^= 1
    backup.write_bytes(data)
    with pytest.raises(Trouble, match="damaged"):
        scratch.check(backup, described(0, good=False), tmp_path, secrets)
    told = manifests.read_beside(backup)
    assert told.checked["ok"] is False and "damaged" in told.checked["why"]
    assert not (tmp_path / scratch.FOLDER).exists()


def described(age: int, *, good: bool = True, keep: int = 30) -> Manifest:
    made = datetime(2026, 11, 27, tzinfo=UTC) - timedelta(days=age)
    until = (made + timedelta(days=keep)).date().isoformat()
    one = Manifest(made.isoformat(), "0", 18, [], 1, 1, "", {}, {}, until, "backup-x")
    return manifests.with_check(one, ok=good, seconds=1.0)


TODAY = date(2026, 11, 27)


@pytest.mark.parametrize(
    ("ages", "bad", "gone"),
    [
        ([40, 31, 1, 0], [], [40, 31]),
        ([40, 31], [], []),  # nothing newer: an old backup is better than none
        ([40, 31, 1], [1], []),  # the newer one never came back from its check
        ([40, 31, 2, 1], [1], [40]),  # 40 has two newer good ones (31 and 2), 31 has one
        ([30, 1, 0], [], []),  # its last day is today
    ],
)
def test_old_ones_go_when_enough_newer_good_ones_stand(ages: list[int], bad: list[int], gone: list[int]):
    found = [(Path(str(age)), described(age, good=age not in bad)) for age in ages]
    assert manifests.to_remove(found, TODAY) == [Path(str(age)) for age in gone]


def test_one_that_cannot_describe_itself_is_never_removed(tmp_path: Path):
    for age in (90, 80, 1, 0):
        path = tmp_path / manifests.name_of(datetime(2026, 11, 27, tzinfo=UTC) - timedelta(days=age))
        path.write_bytes(b"x")
        manifests.write_beside(path, replace(described(age), bytes=1))
    oldest, second = sorted(tmp_path.glob("*.age"))[:2]
    manifests.beside(oldest).write_text(json.dumps({"format": 99}))
    assert manifests.remove_old(tmp_path, TODAY) == [second]
    assert oldest.exists() and not manifests.beside(second).exists()


def test_no_setting_keeps_a_backup_longer_than_the_privacy_rule(monkeypatch: pytest.MonkeyPatch):
    made = datetime(2026, 11, 27, 18, tzinfo=UTC)
    for given, days in (("", 30), ("7", 7), ("400", 30), ("x", 30), ("0", 30)):
        monkeypatch.setenv("SATUATAP_BACKUP_DAYS", given)
        assert manifests.keep_until(made) == date(2026, 11, 27) + timedelta(days=days)
