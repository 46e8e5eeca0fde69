"""One command serves, comes back from being killed, ends cleanly; what can't work is one sentence."""

from __future__ import annotations

import json
import os
import signal
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo as conninfo_of

from satuatap.plumbing.postgres import roles
from satuatap.plumbing.postgres.cluster import ADMIN, Cluster
from tests.project.server import Served, environment, free_port, serving, start
from tests.web.live.caller import Caller

pytestmark = pytest.mark.fault


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split(")")[1].split()[0] != "Z"
    except OSError:
        return False


def eventually_dead(pid: int, within: float = 30.0) -> bool:
    until = time.monotonic() + within
    while alive(pid) and time.monotonic() < until:
        time.sleep(0.05)
    return not alive(pid)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One installation for this file: the first test makes it, the next ones start it again."""
    return tmp_path_factory.mktemp("serve") / "home"


def number_of_facts(served: Served) -> int:
    password = (served.home / "postgres/passwords/satuatap_app").read_text()
    where = served.home / "postgres/run"
    with psycopg.connect(f"host={where} port=5432 dbname=satuatap user=satuatap_app password={password}") as found:
        row = found.execute("select count(*) from journal_entry").fetchone()
    assert row is not None
    return int(row[0])


def test_from_an_empty_folder_to_serving_and_a_clean_end(home: Path) -> None:
    with serving(home) as served:
        postmaster = served.postmaster()
        said = served.log.read_text()
        assert "/anjungan" in said
        assert "satuatap day" in said
        for secret in ("secret_key", "postgres/passwords/satuatap_app"):
            assert stat.S_IMODE((home / secret).stat().st_mode) == 0o600
        assert served.end(signal.SIGINT) == 0
    assert not alive(postmaster)


def test_who_comes_first_gets_a_number_and_sigterm_ends_it_too(home: Path) -> None:
    """The day is begun before the doors open: nobody is told "closed" in the second before the heart first beats."""
    with serving(home) as served:
        accounts = json.loads((home / "accounts.json").read_text())["accounts"]
        kiosk = Caller(served.url)
        kiosk.http.get(next(row["link"] for row in accounts if row.get("link")))
        assert kiosk.take("ktp-el-ganti")["number"] == 1
        assert number_of_facts(served) >= 0
        assert served.end(signal.SIGTERM) == 0


def test_a_killed_server_leaves_no_postgres_and_loses_nothing(home: Path) -> None:
    with serving(home) as served:
        before, postmaster = number_of_facts(served), served.postmaster()
        served.process.kill()
        served.process.wait()
        assert eventually_dead(postmaster)
    with serving(home) as served:
        assert number_of_facts(served) >= before


def test_when_postgres_is_killed_the_web_goes_on(home: Path) -> None:
    with serving(home) as served:
        before, postmaster = number_of_facts(served), served.postmaster()
        os.kill(postmaster, signal.SIGKILL)
        served.wait_for_another(postmaster)
        assert number_of_facts(served) >= before
        assert served.process.poll() is None


def test_a_second_server_on_the_same_folder_is_one_sentence(home: Path) -> None:
    with serving(home) as served:
        second = start(home)
        assert second.process.wait(240) == 1
        assert served.health() == 200
    assert "Another satuatap already runs" in served.log.read_text()


def said_by(home: Path, port: int, **more: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", "satuatap.project.cli.main", "serve"],
        env={**environment(home, port), **more},
        capture_output=True,
        text=True,
        timeout=240,
    )
    return done.returncode, done.stderr


def test_a_port_in_use_is_one_sentence(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        code, words = said_by(tmp_path / "home", other.getsockname()[1])
    assert code == 1
    assert "can't be used" in words
    assert "Traceback" not in words


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"PORT": "http"}, "no number 1-65535"),
        ({"PORT": "0"}, "no number 1-65535"),
        ({"HOST": "192.0.2.1"}, "no address of this machine"),
        ({"HOST": "no host"}, "no address of this machine"),
        ({"PUBLIC_URL": "mpp.kota"}, "no address of a site"),
        ({"PUBLIC_URL": "https://mpp.kota/a b"}, "no address of a site"),
        ({"TRUSTED_PROXIES": "all"}, "no number 0-9"),
        ({"DATABASE_URL": "mysql://u:secret@h/x"}, "DATABASE_URL is no address of PostgreSQL"),
        ({"SATUATAP_HOME": "/proc/satuatap"}, "can't be written"),
        ({"DATABASE_URL": "postgresql://nobody@127.0.0.1:9/none"}, "can't be reached: connection"),
        ({"SATUATAP_POSTGRES_BINARIES": "/nonexistent"}, "not installed"),
    ],
)
def test_what_cannot_work_is_one_sentence(tmp_path: Path, more: dict[str, str], sentence: str) -> None:
    code, words = said_by(tmp_path / "home", free_port(), **more)
    assert code == 1
    assert sentence in words
    assert "Traceback" not in words
    assert "secret" not in words


def test_roles_of_the_citys_own_server_that_do_not_fit_are_one_sentence(tmp_path: Path, cluster: Cluster) -> None:
    """An owner who may not make tables, and two addresses that name two databases."""
    names = ("one_city", "other_city")
    with psycopg.connect(cluster.url(ADMIN, "postgres"), autocommit=True) as admin:
        admin.execute("create role may_nothing login password 'x'")
        for name in names:
            admin.execute(sql.SQL("create database {} owner {}").format(*map(sql.Identifier, (name, roles.OWNER))))
    try:
        nothing = conninfo_of(cluster.url(roles.OWNER, "one_city"), user="may_nothing", password="x")
        app = cluster.url(roles.APP, "one_city")
        code, words = said_by(tmp_path / "a", free_port(), DATABASE_URL=app, DATABASE_OWNER_URL=nothing)
        assert code == 1 and "can't make the tables: permission denied for schema public" in words
        assert "Traceback" not in words
        other = cluster.url(roles.OWNER, "other_city")
        code, words = said_by(tmp_path / "b", free_port(), DATABASE_URL=app, DATABASE_OWNER_URL=other)
        assert code == 1 and "name different databases" in words
        assert "Traceback" not in words
    finally:
        with psycopg.connect(cluster.url(ADMIN, "postgres"), autocommit=True) as admin:
            for name in names:
                admin.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))
            admin.execute("drop role may_nothing")


def test_a_worker_without_its_server_starts_no_database(home: Path) -> None:
    """One that begins while its server ends would hold the folder, and the next server would be turned away."""
    done = subprocess.run(
        [sys.executable, "-m", "satuatap.project.cli.main", "plans", "work"],
        env=environment(home, 1), capture_output=True, text=True, timeout=240,
    )  # fmt: skip
    assert done.returncode == 1
    assert "works beside satuatap serve" in done.stderr
    assert not (home / "postgres/data/postmaster.pid").exists()
