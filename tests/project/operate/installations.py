"""Installations to back up, restore and upgrade: made once, copied for each test, spoken to by the command line."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg

from satuatap.plumbing.postgres import roles
from satuatap.plumbing.postgres.cluster import Cluster
from tests.project.server import copy, environment, free_port

__all__ = ["backup_of", "begin", "command", "contents", "copy", "database", "fill", "refused", "wait_until", "well"]
MAIN = [sys.executable, "-m", "satuatap.project.cli.main"]


def command(home: Path, *words: object, **more: str) -> subprocess.CompletedProcess[str]:
    """One command against an installation, to its end."""
    env = {**environment(home, free_port()), **more}
    return subprocess.run([*MAIN, *map(str, words)], env=env, capture_output=True, text=True, timeout=600)


def begin(home: Path, *words: object, **more: str) -> subprocess.Popen[str]:
    """The same, without waiting."""
    env = {**environment(home, free_port()), **more}
    pipe = subprocess.PIPE
    return subprocess.Popen([*MAIN, *map(str, words)], env=env, stdout=pipe, stderr=pipe, text=True)


def well(done: subprocess.CompletedProcess[str]) -> str:
    """What a command said that must have ended well."""
    assert done.returncode == 0, done.stdout[-1500:] + done.stderr[-1500:]
    return done.stdout


def refused(done: subprocess.CompletedProcess[str], sentence: str) -> None:
    """One sentence, no trace."""
    assert done.returncode == 1, done.stdout + done.stderr
    assert sentence in done.stderr, done.stderr
    assert "Traceback" not in done.stderr


def backup_of(home: Path) -> Path:
    """Its newest backup."""
    return sorted((home / "backups").glob("*.age"))[-1]


@contextlib.contextmanager
def database(home: Path, role: str = roles.OWNER) -> Iterator[psycopg.Connection[Any]]:
    """The database of a stopped installation, as its owner."""
    cluster = Cluster(home / "postgres")
    cluster.start()
    try:
        with psycopg.connect(cluster.url(role, roles.DATABASE), autocommit=True) as connection:
            yield connection
    finally:
        cluster.stop()


def contents(home: Path) -> dict[str, str]:
    """Every table by a sum over its rows: equal when nothing differs."""
    with database(home) as connection:
        names = connection.execute("select tablename from pg_tables where schemaname = 'public' order by 1").fetchall()
        found = {}
        for (name,) in names:
            row = connection.execute(
                f"select md5(coalesce(string_agg(t::text, '|' order by t::text), '')) from {name} t"
            )
            found[name] = row.fetchone()[0]  # type: ignore[index]
    return found


def wait_until(true: Any, within: float = 240.0) -> None:
    """Until ``true()`` is."""
    until = time.monotonic() + within
    while not true():
        assert time.monotonic() < until, "it did not come to it"
        time.sleep(0.005)


ENTRIES = """
insert into journal_entry (at, kind, who, fact)
select now(), 'called', 'desk:1', jsonb_build_object('desk', n, 'noise', repeat(md5(n::text), 8))
from generate_series(1, %s) n
"""


def fill(home: Path, entries: int) -> None:
    """So much to copy that a kill can come in the middle."""
    with database(home) as connection:
        connection.execute(ENTRIES, [entries])
