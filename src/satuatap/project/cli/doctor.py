"""``satuatap doctor [--json]``: how this installation is, in sentences with what to do."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import psycopg
from django.conf import settings

from satuatap.plumbing.postgres.troubles import DatabaseTrouble
from satuatap.project import environment
from satuatap.project.database import connected
from satuatap.project.operate import places
from satuatap.project.operate.doctor import backups, database, machine
from satuatap.project.operate.doctor.findings import Finding, Level

SIGNS = {Level.OK: "baik  ", Level.NOTE: "catat ", Level.SOON: "SEGERA", Level.BAD: "BURUK "}


def add_commands(subparsers: Any) -> None:
    command = subparsers.add_parser(
        "doctor", help="keadaan instalasi ini: disk, jam, cadangan, segel, peran, sertifikat"
    )
    command.add_argument("--json", action="store_true")
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """1 when something is bad, else 0."""
    found = look(datetime.now(UTC))
    if arguments.json:
        print(json.dumps([asdict(one) for one in found], indent=1, ensure_ascii=False))
    else:
        for one in found:
            print(f"{SIGNS[one.level]} {one.name:<13} {one.indonesian}\n{'':<20} {one.english}")
    return 1 if any(one.level is Level.BAD for one in found) else 0


def look(now: datetime) -> list[Finding]:
    """Everything, the database last: what can be known without it is told even when it does not answer."""
    home = settings.HOME
    found = [
        machine.versions(),
        machine.disk("disk", home),
        *(machine.disk("disk_second", place) for place in places.places() if place.is_dir()),
        machine.memory(),
        machine.clock(machine.clock_is_kept()),
        machine.certificate(settings.PUBLIC_URL, now),
        machine.printers(),
        *machine.files(home),
        *backups.look(home, now),
    ]
    if not environment.is_given() and environment.embedded().is_new:
        return [*found, Finding(
            "database", Level.NOTE, "Belum ada basis data. Jalankan: satuatap serve",
            "There is no database yet. Run: satuatap serve",
        )]  # fmt: skip
    try:
        with connected(up_to_date=False) as addresses:
            return [*found, *database.look(addresses, datetime.now(UTC))]
    except DatabaseTrouble as trouble:
        return [*found, Finding("database", Level.BAD, trouble.indonesian, trouble.english)]
    except psycopg.Error as problem:
        kind = type(problem).__name__
        return [*found, Finding(
            "database", Level.BAD,
            f"Basis data tidak menjawab ({kind}). Lihat {environment.embedded().log} atau server kota.",
            f"The database does not answer ({kind}). See {environment.embedded().log} or the city's server.",
        )]  # fmt: skip
