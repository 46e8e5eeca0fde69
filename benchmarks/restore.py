"""The drill: a city with VISITS visits is backed up, restored into a fresh folder, and serves from it.

    python -m benchmarks.restore [VISITS] [--most MINUTES]     (300,000 visits, 15 minutes)

Each visit has an errand and six entries of the journal, numbered and sealed, 2,000 visits a day. Everything happens by
the command line, as an IT person would; the folder is removed at the end.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import psycopg

from satuatap.plumbing.postgres import roles
from satuatap.plumbing.postgres.cluster import Cluster

ROOT = Path(__file__).resolve().parents[1]
A_DAY = 2000

VISITS = """
insert into visits_visit (mall, day, number, class, arrived_at, state, rev, done, left_n, token, code, channel)
select (select min(id) from malls_mall), current_date - 1 - n / %(day)s::int, 1 + n %% %(day)s::int, 0,
  now() - make_interval(days => 1 + n / %(day)s::int, secs => n %% 28800), 2, 3, 1, 0,
  substr(md5(n::text) || md5('t' || n), 1, 22), 'AAAA', 'kiosk'
from generate_series(%(first)s::int, %(last)s::int) n
"""
ERRANDS = """
insert into visits_errand (visit_id, seq, step, service, state, after, class, arrived_at, ready_at, n_rem, m_rem, line,
  key, recalls, estimated)
select v.id, 0, s.id, s.service_id, 5, 0, v.class, v.arrived_at, v.arrived_at, 0, 0, 1, 0, 0, false
from visits_visit v, lateral (select id, service_id from catalogue_step order by id limit 1) s
where not exists (select from visits_errand e where e.visit_id = v.id)
"""
ENTRIES = """
with made as (
  insert into journal_entry (at, kind, who, mall, visit_id, request, fact)
  select v.arrived_at + k * interval '2 minutes',
    (array['ticket_issued','called','started','finished','freed','told'])[k], 'desk:' || v.id %% 60,
    v.mall, v.id, gen_random_uuid(),
    jsonb_build_object('desk', v.id %% 60, 'seq', 0, 'step', v.id %% 300, 'number', v.number, 'zone', 'B')
  from visits_visit v, generate_series(1, 6) k
  where v.id > %(after)s order by v.id, k returning id)
insert into journal_position (position, entry_id)
select (select coalesce(max(position), 0) from journal_position) + row_number() over (order by id), id from made
"""


def line(what: str, seconds: float, note: str = "") -> float:
    print(f"{what:<46} {seconds:>8.1f} s  {note}", flush=True)
    return seconds


def environment(home: Path, port: int) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("SATUATAP", "DATABASE"))}
    return {
        **kept,
        "SATUATAP_HOME": str(home),
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "SECRET_KEY": secrets.token_hex(32),
    }


def run(home: Path, *words: object) -> float:
    """One command to its end; seconds."""
    began = time.monotonic()
    command = [sys.executable, "-m", "satuatap.project.cli.main", *map(str, words)]
    done = subprocess.run(command, env=environment(home, 8000), capture_output=True, text=True, cwd=ROOT)
    if done.returncode:
        sys.exit(f"{words}: {done.stdout}{done.stderr}")
    return time.monotonic() - began


@contextlib.contextmanager
def database(home: Path) -> Iterator[psycopg.Connection[Any]]:
    cluster = Cluster(home / "postgres")
    cluster.start()
    try:
        with psycopg.connect(cluster.url(roles.OWNER, roles.DATABASE), autocommit=True) as connection:
            yield connection
    finally:
        cluster.stop()


def fill(home: Path, visits: int) -> str:
    """So many visits; says how large the database is."""
    with database(home) as connection:
        row = connection.execute("select coalesce(max(id), 0) from visits_visit").fetchone()
        after = row[0] if row else 0
        for first in range(0, visits, 50_000):
            last = min(first + 49_999, visits - 1)
            connection.execute(VISITS, {"first": first, "last": last, "day": A_DAY})
            connection.execute(ENTRIES, {"after": after})
            row = connection.execute("select max(id) from visits_visit").fetchone()
            after = row[0] if row else 0
        connection.execute(ERRANDS)
        connection.execute("vacuum analyze")
        row = connection.execute(
            "select pg_database_size(current_database()), (select count(*) from visits_visit), "
            "(select max(position) from journal_position)"
        ).fetchone()
    assert row is not None
    return f"{row[0] / 1e6:.0f} MB, {row[1]} visits, journal up to {row[2]}"


def first_answer(home: Path) -> float:
    """Seconds until a served portal answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    began = time.monotonic()
    command = [sys.executable, "-m", "satuatap.project.cli.main", "serve"]
    with (home.parent / "serve.log").open("wb") as log:
        server = subprocess.Popen(command, env=environment(home, port), stdout=log, stderr=log, cwd=ROOT)
    try:
        while True:
            with contextlib.suppress(httpx.HTTPError):
                base = f"http://127.0.0.1:{port}"
                if httpx.get(f"{base}/readyz", trust_env=False).status_code == 200:
                    httpx.get(base, trust_env=False).raise_for_status()
                    return time.monotonic() - began
            if server.poll() is not None:
                sys.exit((home.parent / "serve.log").read_text())
            time.sleep(0.1)
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(30)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("visits", type=int, nargs="?", default=300_000)
    parser.add_argument("--most", type=float, default=15.0, help="minutes from the backup to the first answer")
    arguments = parser.parse_args()
    place = Path(tempfile.mkdtemp(prefix="satuatap-drill-"))
    place.chmod(0o711)
    old, new = place / "old", place / "new"
    try:
        run(old, "city", "open", ROOT / "data" / "palembang", "--yes")
        began = time.monotonic()
        note = fill(old, arguments.visits)
        line("filling", time.monotonic() - began, note)
        line("sealing", run(old, "journal", "seal"))
        line("backup, not checked", run(old, "backup", "--check", "never"))
        backup = max((old / "backups").glob("*.age"))
        line("backup, restored and counted", run(old, "backup"), f"{backup.stat().st_size / 1e6:.0f} MB")
        took = line("restore into a fresh folder", run(new, "restore", backup, "--key", old / "keys.json"))
        took += line("serve until the first page", first_answer(new))
        line("all of it, from backup to first page", took, f"at most {arguments.most:g} minutes")
        line("upgrade with nothing to do", run(new, "upgrade"))
        if took > arguments.most * 60:
            sys.exit("too slow")
    finally:
        shutil.rmtree(place, ignore_errors=True)


if __name__ == "__main__":
    main()
