"""From a backup to an installation that serves: made beside, counted, brought up to date, then put in place at once."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import psycopg
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from satuatap.plumbing import keyring
from satuatap.plumbing.keyring import Key
from satuatap.plumbing.postgres import copying
from satuatap.plumbing.postgres.cluster import Cluster
from satuatap.project import database
from satuatap.project.cli.sentences import Trouble
from satuatap.project.database import Addresses, as_owner
from satuatap.project.operate import after_restore, backing, scratch, sheet
from satuatap.project.operate.changeover import Change, changing
from satuatap.project.operate.manifest import Manifest
from satuatap.project.operate.opening import Opened, open_backup

KEPT = "before-restore"
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did. ``warnings`` are sentences in both languages; ``kept`` is where the old installation lies."""

    manifest: Manifest
    seconds: float
    warnings: list[tuple[str, str]]
    kept: Path | None


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for: the backup, the keys, and whether an installation that is there may be replaced."""

    backup: Path
    keys: Sequence[Key]
    over: bool = False


def is_installed(home: Path) -> bool:
    """Whether there is something in a folder that a restore would replace."""
    return (home / "postgres" / "data").exists() or (home / keyring.FILE).exists()


def restore(wish: Wish, home: Path, say: Say) -> Restored:
    """Restore into ``home``; raises ``Trouble`` or ``DatabaseTrouble``, and then everything is as it was."""
    began = time.monotonic()
    if is_installed(home) and not wish.over:
        raise Trouble(
            f"Di {home} sudah ada instalasi; tidak ada yang berubah. Pakai SATUATAP_HOME lain yang kosong, atau "
            "--over bila yang ini memang harus diganti (yang lama disimpan di folder before-restore-...).",
            f"There is an installation in {home}; nothing has changed. Use another, empty SATUATAP_HOME, or --over if "
            "this one is to be replaced (the old one is kept in a folder before-restore-...).",
        )
    here = Cluster(home / "postgres")
    if not here.hold():
        raise Trouble(
            f"satuatap masih berjalan di {home}. Hentikan dulu (systemctl stop satuatap), lalu ulangi.",
            f"satuatap still runs in {home}. Stop it first (systemctl stop satuatap), then repeat.",
        )
    try:
        with changing(home) as change:
            manifest, warnings = _make(wish, home, change, say)
            kept = change.commit(KEPT if wish.over else "")
    finally:
        here.release()
    return Restored(manifest, time.monotonic() - began, warnings, kept)


def restore_on_server(wish: Wish, home: Path, addresses: Addresses, say: Say) -> Restored:
    """The same into an empty database of the city's own server. What is loaded is loaded in one transaction."""
    began = time.monotonic()
    database.check_server(addresses)
    if (home / keyring.FILE).exists() and not wish.over:
        raise Trouble(
            f"Di {home} sudah ada instalasi; tidak ada yang berubah. Pakai SATUATAP_HOME lain, atau --over.",
            f"There is an installation in {home}; nothing has changed. Use another SATUATAP_HOME, or --over.",
        )
    with psycopg.connect(addresses.owner) as server:
        if copying.census(server):
            raise Trouble(
                "Basis data di DATABASE_OWNER_URL tidak kosong; tidak ada yang berubah. Buat yang baru dan kosong.",
                "The database of DATABASE_OWNER_URL is not empty; nothing has changed. Make a new, empty one.",
            )
    with changing(home) as change:
        opened = open_backup(wish.backup, change.folder / "opened", _secrets(wish))
        refuse_newer(opened.manifest)
        copying.load_at_once(backing.programs_for(addresses), addresses.owner, opened.dump)
        scratch.count(addresses.owner, opened.manifest)
        say(f"{sum(opened.manifest.rows.values())} baris dipulihkan dan dihitung")
        warnings = _settle(wish, home, change, opened, addresses)
        kept = change.commit(KEPT if wish.over else "")
    return Restored(opened.manifest, time.monotonic() - began, warnings, kept)


def _secrets(wish: Wish) -> list[str]:
    return [key.secret for key in wish.keys if key.purpose == "backup"]


def _make(wish: Wish, home: Path, change: Change, say: Say) -> tuple[Manifest, list[tuple[str, str]]]:
    opened = open_backup(wish.backup, change.folder / "opened", _secrets(wish))
    manifest = opened.manifest
    say(f"cadangan {manifest.made}, jurnal sampai posisi {manifest.position}, dibuka")
    refuse_newer(manifest)
    cluster = Cluster(change.new / "postgres", durable=False)
    cluster.start()
    try:
        scratch.fill(cluster, opened)
        opened.dump.unlink()
        say(f"{sum(manifest.rows.values())} baris dipulihkan dan dihitung")
        warnings = _settle(wish, home, change, opened, database.addresses_of(cluster))
    finally:
        cluster.stop()
    return manifest, warnings


def _settle(wish: Wish, home: Path, change: Change, opened: Opened, addresses: Addresses) -> list[tuple[str, str]]:
    """Bring a filled database up to date, look at it, and put the installation's files beside it."""
    database.bring_up_to_date(addresses)
    _analyze(addresses)
    ring, missing = sheet.ring_for(list(wish.keys), opened.manifest.key)
    warnings = _after(addresses, after_restore.Restoring(wish.backup, opened.home, home, ring))
    for path in opened.home.iterdir() if opened.home.exists() else ():
        shutil.move(path, change.new / path.name)
    keyring.save(change.new, ring)
    if missing:
        warnings.append(_new_keys(missing))
    return warnings


def refuse_newer(manifest: Manifest) -> None:
    """A backup of a newer version has tables that this one does not know."""
    known = {f"{app}.{name}" for app, name in MigrationLoader(None, ignore_no_migrations=True).disk_migrations}
    unknown = sorted(set(manifest.migrations) - known)
    if unknown:
        raise Trouble(
            f"Cadangan ini dibuat satuatap {manifest.satuatap} yang lebih baru ({unknown[0]}). Pasang versi itu, lalu "
            "ulangi; tidak ada yang berubah.",
            f"This backup was made by a newer satuatap, {manifest.satuatap} ({unknown[0]}). Install that version, then "
            "repeat; nothing has changed.",
        )


def _analyze(addresses: Addresses) -> None:
    with as_owner(addresses), connection.cursor() as cursor:
        cursor.execute("analyze")


def _after(addresses: Addresses, restoring: after_restore.Restoring) -> list[tuple[str, str]]:
    warnings: list[tuple[str, str]] = []
    with as_owner(addresses):
        for hook in after_restore.AFTER_RESTORE:
            warnings += hook(restoring)
    return warnings


def _new_keys(missing: list[str]) -> tuple[str, str]:
    names = ", ".join(missing)
    return (
        f"Kunci untuk {names} tidak diberikan, maka dibuat yang baru; cetak lembar kunci lagi.",
        f"No key was given for {names}, so a new one was made; print the sheet of keys again.",
    )
