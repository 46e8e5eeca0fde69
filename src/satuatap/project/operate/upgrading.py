"""A new version of the code, or of PostgreSQL: tried on a copy beside, which takes the place only when all went well.

The old cluster is read by its own programs and never changed. When anything fails, or a kill comes, the installation is
what it was; when all went well the old one stays in ``before-upgrade-TIME`` until somebody removes it.
"""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psycopg
from django.db import connection
from django.db.migrations.exceptions import CircularDependencyError, NodeNotFoundError
from django.db.migrations.executor import MigrationExecutor

from satuatap.plumbing import keyring
from satuatap.plumbing.holding import Held, holding
from satuatap.plumbing.postgres import roles
from satuatap.plumbing.postgres.binaries import binaries_of
from satuatap.plumbing.postgres.cluster import Cluster
from satuatap.plumbing.postgres.troubles import DatabaseTrouble
from satuatap.plumbing.space import space
from satuatap.project import database
from satuatap.project.cli.sentences import Trouble
from satuatap.project.database import Addresses, as_owner
from satuatap.project.operate import backing, scratch
from satuatap.project.operate import manifest as manifests
from satuatap.project.operate.backing import Made
from satuatap.project.operate.changeover import Change, changing
from satuatap.project.operate.opening import open_backup

KEPT = "before-upgrade"
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Upgraded:
    """What an upgrade did: from and to which PostgreSQL, how many steps of tables; ``kept``: where the old one is."""

    old: int
    new: int
    steps: int
    seconds: float
    kept: Path | None


def upgrade(home: Path, say: Say) -> Upgraded | None:
    """Bring the installation in ``home`` to this version; ``None`` when there is nothing to do. Raises ``Trouble`` or
    ``DatabaseTrouble``, and then it is as it was."""
    began = time.monotonic()
    probe = Cluster(home / "postgres")
    if probe.is_new:
        raise Trouble(
            f"Di {home} belum ada instalasi. Jalankan `satuatap serve` untuk memulai.",
            f"There is no installation in {home}. Run `satuatap serve` to begin one.",
        )
    made_by = probe.made_by()
    old = probe if made_by == probe.version else Cluster(home / "postgres", programs=binaries_of(made_by))
    if not old.hold():
        raise Trouble(
            f"satuatap (atau peningkatan lain) masih berjalan di {home}. Hentikan dulu (systemctl stop satuatap), "
            "lalu ulangi; tidak ada yang berubah.",
            f"satuatap (or another upgrade) still runs in {home}. Stop it first (systemctl stop satuatap), then "
            "repeat; nothing has changed.",
        )
    try:
        with holding(home / backing.LOCK), changing(home) as change:
            steps = _make(old, home, change, say)
            if steps is None:
                return None
            kept = change.commit(KEPT)
    except Held:
        raise Trouble(
            "Cadangan sedang dibuat. Tunggu sampai selesai, lalu ulangi; tidak ada yang berubah.",
            "A backup is being made. Wait until it ends, then repeat; nothing has changed.",
        ) from None
    finally:
        old.stop()
    return Upgraded(made_by, probe.version, steps, time.monotonic() - began, kept)


def pending(addresses: Addresses) -> list[str]:
    """The steps of tables that this version of the code has and the database does not."""
    with as_owner(addresses):
        try:
            executor = MigrationExecutor(connection)
        except (NodeNotFoundError, CircularDependencyError) as problem:
            raise Trouble(
                f"Program ini tidak utuh: langkah tabelnya tidak bersambung ({problem}). Tidak ada yang berubah; "
                "pasang lagi versi ini atau yang sebelumnya.",
                f"This program is not whole: its steps of tables do not connect ({problem}). Nothing has changed; "
                "install this version again, or the one before.",
            ) from None
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{step.app_label}.{step.name}" for step, _backwards in plan]


def _make(old: Cluster, home: Path, change: Change, say: Say) -> int | None:
    new = Cluster(change.new / "postgres", durable=False)
    old.start()
    addresses = database.prepare(old)
    waiting = pending(addresses)
    if old.version == new.version and not waiting:
        return None
    say(f"PostgreSQL {old.version} -> {new.version}, {len(waiting)} langkah tabel; cadangan dulu ...")
    made = backing.make(addresses, home, home / backing.FOLDER)
    say(f"{made.path}")
    # It must have ended before anything is moved: a server writes to its folder's name until its last moment.
    old.end_server()
    if old.version == new.version:
        _copy_stopped(old, new, say)
    else:
        _move(made, home, change, new, say)
    try:
        return _bring_up(new, made, waiting)
    finally:
        new.stop()


def _copy_stopped(old: Cluster, new: Cluster, say: Say) -> None:
    """The files of the same version, once more; the copy is shared on file systems that can."""
    size = sum(path.stat().st_size for path in old.data.rglob("*") if path.is_file())
    here = space(old.home)
    if here.free < here.stop + size:
        raise backing.no_room(old.home)
    new.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    done = subprocess.run(
        ["cp", "-a", "--reflink=auto", str(old.data), str(old.home / "passwords"), str(new.home)],
        capture_output=True, text=True,
    )  # fmt: skip
    if done.returncode:
        raise backing.no_room(old.home)
    say(f"salinan {size / 1e6:.0f} MB dibuat")
    new.start()


def _move(made: Made, home: Path, change: Change, new: Cluster, say: Say) -> None:
    """Out of the backup that was just made into a cluster of the new version: so the backup is checked, too."""
    began = time.monotonic()
    secrets = [key.secret for key in keyring.load(home).of("backup")]
    opened = open_backup(made.path, change.folder / "opened", secrets)
    new.start()
    scratch.fill(new, opened)
    seconds = time.monotonic() - began
    manifests.write_beside(made.path, manifests.with_check(made.manifest, ok=True, seconds=seconds))
    say(f"{sum(made.manifest.rows.values())} baris dipindahkan dan dihitung dalam {seconds:.1f} s")


def _bring_up(new: Cluster, made: Made, waiting: list[str]) -> int:
    """Run the new steps on the copy, and look whether the journal is still what it was."""
    addresses = database.prepare(new)
    try:
        steps = database.bring_up_to_date(addresses)
    except DatabaseTrouble:
        raise
    except Exception as problem:  # a step that fails is a defect of ours: said in a sentence, after rolling back
        raise _failed(waiting, problem) from problem
    with psycopg.connect(new.url(roles.OWNER, roles.DATABASE), autocommit=True) as server:
        found = server.execute(scratch.NOW).fetchone()
        if found != (made.manifest.position, made.manifest.entry):
            raise _failed(waiting, None)
        server.execute("analyze")
    return steps


def _failed(waiting: list[str], problem: Exception | None) -> Trouble:
    first: BaseException | None = problem
    while first is not None and (deeper := first.__cause__ or first.__context__) is not None:
        first = deeper
    why = str(first or "journal").split("\n", 1)[0][:200]
    return Trouble(
        f"Langkah tabel versi baru gagal ({', '.join(waiting[:3])}: {why}). Instalasi tetap seperti semula: jalankan "
        "lagi versi sebelumnya, dan kirim baris ini kepada pembuat satuatap.",
        f"A step of the new version failed ({', '.join(waiting[:3])}: {why}). The installation is as it was: run the "
        "version before again, and send this line to the makers of satuatap.",
    )
