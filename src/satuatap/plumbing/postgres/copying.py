"""A consistent copy of a database: what it holds at one instant, its dump of the same instant, and back again."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from satuatap.plumbing.postgres.troubles import DatabaseTrouble

COMPRESSION = "gzip:3"  # the wheel's pg_dump has no other; level 3 costs half of 6 for a twentieth more bytes
JOBS = "2"
# pg_restore of 17 and newer sets a parameter that older servers do not know; nothing else may go wrong.
HARMLESS_LINE = re.compile(rb"SET transaction_timeout = 0;\s*")
HARMLESS = re.compile(r'unrecognized configuration parameter "transaction_timeout"')


@contextlib.contextmanager
def snapshot(url: str) -> Iterator[tuple[psycopg.Connection[Any], str]]:
    """One instant of a database: a connection that sees it, and its name for others."""
    try:
        with psycopg.connect(url, connect_timeout=10) as connection:
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            connection.read_only = True
            row = connection.execute("select pg_export_snapshot()").fetchone()
            assert row is not None
            yield connection, str(row[0])
    except psycopg.OperationalError as problem:
        raise DatabaseTrouble(
            f"Basis data tidak menjawab ({type(problem).__name__}); tidak ada yang berubah. Tunggu sampai pulih, lalu "
            "ulangi.",
            f"The database does not answer ({type(problem).__name__}); nothing has changed. Wait until it is back, "
            "then repeat.",
        ) from None


def census(connection: psycopg.Connection[Any]) -> dict[str, int]:
    """Rows of every table of the schema, by name."""
    names = connection.execute("select tablename from pg_tables where schemaname = 'public' order by 1").fetchall()
    found = {}
    for (name,) in names:
        row = connection.execute(sql.SQL("select count(*) from {}").format(sql.Identifier("public", name))).fetchone()
        found[str(name)] = int(row[0]) if row else 0
    return found


def _call(program: Path, url: str) -> tuple[list[str], dict[str, str]]:
    """The command with the address, and its environment: a password in a command line can be read by everybody."""
    words = {key: str(value) for key, value in conninfo_to_dict(url).items() if value is not None}
    password = words.pop("password", None)
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
    if password is not None:
        environment["PGPASSWORD"] = password
    return [str(program), "--dbname", make_conninfo("", **words)], {**environment, "LC_ALL": "C.UTF-8"}


@contextlib.contextmanager
def dumping(programs: Path, url: str, instant: str) -> Iterator[IO[bytes]]:
    """The dump (custom format) of an instant as a stream; raises when pg_dump did not end well.

    Owners and rights are not in it: whoever restores owns it, and the application gets its rights at the start.
    """
    command, environment = _call(programs / "pg_dump", url)
    command += ["--format=custom", f"--compress={COMPRESSION}", f"--snapshot={instant}", "--no-owner"]
    command += ["--no-privileges", "--no-password", "--lock-wait-timeout=60000", "--schema=public"]
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment
    )
    assert process.stdout is not None and process.stderr is not None
    try:
        yield process.stdout
        said = process.stderr.read().decode(errors="replace")
        if process.wait() != 0:
            raise trouble_of("pg_dump", said)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
        process.stdout.close()
        process.stderr.close()


def load(programs: Path, url: str, dump: Path) -> None:
    """Restore a dump into an empty database, as the role of ``url``; raises when anything is not as it was."""
    command, environment = _call(programs / "pg_restore", url)
    command += ["--no-owner", "--no-privileges", "--no-password", f"--jobs={JOBS}"]
    with tables_only(programs, dump) as listed:
        command += [f"--use-list={listed}", str(dump)]
        done = subprocess.run(command, capture_output=True, text=True, env=environment, stdin=subprocess.DEVNULL)
    errors = [line for line in done.stderr.splitlines() if "error:" in line and not HARMLESS.search(line)]
    if errors or (done.returncode and "error" not in done.stderr):
        raise trouble_of("pg_restore", "\n".join(errors) or done.stderr)


def load_at_once(programs: Path, url: str, dump: Path) -> None:
    """The same in one transaction, for a server that is not ours: all of it, or nothing. Slower: one connection."""
    command, environment = _call(programs / "psql", url)
    command += ["--no-psqlrc", "--quiet", "--no-password", "--single-transaction", "--set=ON_ERROR_STOP=1"]
    with tables_only(programs, dump) as listed:
        words = [str(programs / "pg_restore"), "--no-owner", "--no-privileges", f"--use-list={listed}"]
        words += ["--file=-", str(dump)]
        with (
            subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as source,
            subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environment
            ) as target,
        ):
            assert source.stdout and source.stderr and target.stdin and target.stderr
            with contextlib.suppress(BrokenPipeError):
                _pass_on(source.stdout, target.stdin)
                target.stdin.close()
            said = target.stderr.read().decode(errors="replace")
            source.stdout.close()
            why = source.stderr.read().decode(errors="replace")
    if target.returncode:
        raise trouble_of("psql", said)
    if source.returncode:
        raise trouble_of("pg_restore", why)


def _pass_on(source: IO[bytes], target: IO[bytes]) -> None:
    """Everything but the setting that servers before 17 do not know; it stands before the first row."""
    for line in source:
        if not HARMLESS_LINE.fullmatch(line):
            target.write(line)
        else:
            break
    while piece := source.read(1_000_000):
        target.write(piece)


@contextlib.contextmanager
def tables_only(programs: Path, dump: Path) -> Iterator[Path]:
    """The dump's list of contents without the schema itself, which stands already and belongs to its owner."""
    said = subprocess.run([programs / "pg_restore", "--list", dump], capture_output=True, text=True)
    if said.returncode:
        raise trouble_of("pg_restore", said.stderr)
    kept = [
        line for line in said.stdout.splitlines() if not re.search(r" (SCHEMA|COMMENT) - (public|SCHEMA public) ", line)
    ]
    path = dump.with_name(dump.name + ".list")
    path.write_text("\n".join(kept) + "\n")
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)


def trouble_of(program: str, said: str) -> DatabaseTrouble:
    """The first thing that a program said, without the values of rows."""
    lines: Sequence[str] = [line.strip() for line in said.splitlines() if line.strip()] or ["?"]
    first = re.sub(r"(Key|Failing row|CONTEXT).*", "", lines[0])[:300]
    return DatabaseTrouble(
        f"{program} gagal: {first}. Basis data tidak berubah. Periksa ruang disk dan hak peran pemilik, lalu ulangi.",
        f"{program} failed: {first}. The database was not changed. Check disk space and the owner role's rights, then "
        "repeat.",
    )
