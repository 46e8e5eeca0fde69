"""What the office's screens may see of the installation: the door that ``settings.INSTALLATION`` names. Only reads.

The doctor's findings, as the command tells them, but by the connection that the application has: no screen ever uses
the owner's. Looking at a certificate may take seconds, so what was found serves everybody for a minute.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime

import psycopg
from django.conf import settings
from django.db import connection

import satuatap
from satuatap.plumbing.postgres.troubles import DatabaseTrouble
from satuatap.project import grants
from satuatap.project.cli.privacy import ARTICLE
from satuatap.project.operate import backing, places
from satuatap.project.operate import manifest as manifests
from satuatap.project.operate.doctor import backups, database, machine
from satuatap.project.operate.doctor.findings import Finding, Level, fine
from satuatap.project.privacy.declared import declared_fields
from satuatap.project.privacy.register import HEAD, activities, as_csv

KEEPS_S = 60.0

_lock = threading.Lock()
_kept: list[tuple[float, Health]] = []


@dataclass(frozen=True, slots=True)
class Health:
    """How the installation is: the version, the newest backup, and every finding, the worst first."""

    version: str
    backup: datetime | None
    findings: tuple[Finding, ...]
    at: datetime

    def count(self, level: str) -> int:
        """How many findings are this bad."""
        return sum(one.level == level for one in self.findings)


def health() -> Health:
    """What the doctor finds, at most a minute old."""
    with _lock:
        if _kept and time.monotonic() - _kept[0][0] < KEEPS_S:
            return _kept[0][1]
        found = _look(datetime.now(UTC))
        _kept[:] = [(time.monotonic(), found)]
        return found


def forget_health() -> None:
    """Look anew at the next question."""
    with _lock:
        _kept.clear()


def _look(now: datetime) -> Health:
    home = settings.HOME
    found = [
        machine.disk("disk", home),
        *(machine.disk("disk_second", place) for place in places.places() if place.is_dir()),
        machine.memory(),
        machine.clock(machine.clock_is_kept()),
        machine.certificate(settings.PUBLIC_URL, now),
        machine.printers(),
        *machine.files(home),
        *backups.look(home, now),
        *_of_database(now),
    ]
    known = [one for _path, one in manifests.backups(home / backing.FOLDER) if one is not None]
    newest = max(known, key=lambda one: one.made).made_at if known else None
    order = [Level.BAD, Level.SOON, Level.NOTE, Level.OK]
    found.sort(key=lambda one: order.index(one.level))
    return Health(satuatap.__version__, newest, tuple(found), now)


def _of_database(now: datetime) -> list[Finding]:
    connection.ensure_connection()
    line: psycopg.Connection[tuple[object, ...]] = connection.connection
    number = line.info.server_version
    text = f"PostgreSQL {number // 10000}.{number % 10000}"
    return [
        fine("database", text, text), *database.time(line, now), database.seal(line, now),
        database.journal_check(line, now), _roles(line), database.jobs(line),
    ]  # fmt: skip


def _roles(line: psycopg.Connection[tuple[object, ...]]) -> Finding:
    try:
        grants.refuse_too_many_rights(line)
    except DatabaseTrouble as trouble:
        return Finding("roles", Level.BAD, trouble.indonesian, trouble.english)
    text = "Peran aplikasi tidak dapat menulis ulang jurnal."
    return fine("roles", text, "The application can't rewrite the journal.")


def register() -> list[dict[str, str]]:
    """The register of processing activities, one row an activity, as ``satuatap privacy register`` prints it."""
    return [activity.row() for activity in activities(declared_fields())]


def register_csv() -> str:
    """The same as a sheet."""
    return as_csv(declared_fields())


__all__ = ["ARTICLE", "HEAD", "Health", "forget_health", "health", "register", "register_csv"]
