"""A backup is believed when it was restored once: into a database that is thrown away, and counted."""

from __future__ import annotations

import shutil
import time
from collections.abc import Sequence
from pathlib import Path

import psycopg

from satuatap.plumbing.postgres import copying, roles
from satuatap.plumbing.postgres.cluster import Cluster
from satuatap.plumbing.postgres.troubles import DatabaseTrouble
from satuatap.project import database
from satuatap.project.cli.sentences import Trouble
from satuatap.project.operate import manifest as manifests
from satuatap.project.operate.manifest import Manifest
from satuatap.project.operate.opening import Opened, open_backup

FOLDER = ".check"
NOW = (
    "select (select coalesce(max(position), 0) from journal_position), (select coalesce(max(id), 0) from journal_entry)"
)


def fill(cluster: Cluster, opened: Opened) -> None:
    """The database of a backup in a running cluster; raises ``Trouble`` when it is not what was counted."""
    database.prepare(cluster)
    url = cluster.url(roles.OWNER, roles.DATABASE)
    copying.load(cluster.programs, url, opened.dump)
    count(url, opened.manifest)


def count(url: str, manifest: Manifest) -> None:
    """Hold a restored database against what its backup says: tables, rows, the journal's end."""
    with psycopg.connect(url) as connection:
        rows = copying.census(connection)
        found = connection.execute(NOW).fetchone()
    differing = sorted(name for name in {*rows, *manifest.rows} if rows.get(name) != manifest.rows.get(name))
    if differing or found != (manifest.position, manifest.entry):
        what = ", ".join(differing[:5]) or "journal"
        raise Trouble(
            f"Isi cadangan tidak sama dengan yang dicatat ({what}). Cadangan ini jangan dipakai; buat yang baru.",
            f"The backup's content is not what was counted ({what}). Do not use this backup; make a new one.",
        )


def check(backup: Path, manifest: Manifest, home: Path, secrets: Sequence[str]) -> Manifest:
    """Restore ``backup`` into a scratch cluster and count; what came out is written beside it. Raises the trouble."""
    began = time.monotonic()
    place = home / FOLDER
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(mode=0o711)
    cluster = Cluster(place / "postgres", durable=False)
    try:
        opened = open_backup(backup, place / "opened", secrets)
        cluster.start()
        fill(cluster, opened)
    except (Trouble, DatabaseTrouble) as trouble:
        seconds = time.monotonic() - began
        manifests.write_beside(backup, manifests.with_check(manifest, ok=False, seconds=seconds, why=trouble.english))
        raise
    finally:
        cluster.stop()
        shutil.rmtree(place, ignore_errors=True)
    checked = manifests.with_check(manifest, ok=True, seconds=time.monotonic() - began)
    manifests.write_beside(backup, checked)
    return checked
