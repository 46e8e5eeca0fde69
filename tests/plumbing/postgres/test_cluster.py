"""The embedded server: who it listens to, how it ends, and that it comes back with every committed row."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from satuatap.plumbing.postgres import cluster as cluster_module
from satuatap.plumbing.postgres.cluster import ADMIN, Cluster, running
from satuatap.plumbing.postgres.supervisor import Supervisor
from satuatap.plumbing.postgres.troubles import DatabaseTrouble

pytestmark = [pytest.mark.database, pytest.mark.fault]

LAUNCHER = """
import sys, time
from pathlib import Path
from satuatap.plumbing.postgres.cluster import Cluster
one = Cluster(Path(sys.argv[1]))
one.start()
print("started", one.process.pid, flush=True)
time.sleep(60)
"""


@pytest.fixture
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pg")
    for parent in (folder, *folder.parents):  # as root without user namespaces, nobody has to get here
        if parent.owner() == "root" and parent != Path("/"):
            parent.chmod(parent.stat().st_mode | 0o011)
    return folder / "home"


@pytest.fixture
def server(home: Path) -> Iterator[Cluster]:
    one = Cluster(home)
    one.start()
    yield one
    one.stop()


def connect(one: Cluster) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(one.url(ADMIN, "postgres"), autocommit=True, connect_timeout=30)


def eventually(what: Callable[[], bool], within: float = 60.0) -> bool:
    until = time.monotonic() + within
    while time.monotonic() < until:
        if what():
            return True
        time.sleep(0.05)
    return False


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split(")")[1].split()[0] != "Z"
    except OSError:
        return False


def postmaster(one: Cluster) -> int:
    return int((one.data / "postmaster.pid").read_text().split()[0])


def test_only_its_owner_gets_in_and_never_without_a_password(server: Cluster) -> None:
    with connect(server) as admin:
        rules = admin.execute("select distinct auth_method from pg_hba_file_rules").fetchall()
        shown = {n: admin.execute(f"show {n}").fetchone() for n in ("listen_addresses", "fsync", "data_checksums")}
    assert rules == [("scram-sha-256",)]
    assert shown == {"listen_addresses": ("",), "fsync": ("on",), "data_checksums": ("on",)}
    assert stat.S_IMODE(server.sockets.stat().st_mode) == 0o700
    assert stat.S_IMODE((server.home / "passwords" / ADMIN).stat().st_mode) == 0o600
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(server.url(ADMIN, "postgres").replace(server.password(ADMIN), "wrong"))


def test_a_second_launcher_is_told_and_a_command_uses_the_one_that_runs(server: Cluster) -> None:
    second = Cluster(server.home)
    with pytest.raises(DatabaseTrouble, match="in use by another"):
        second.start()
    with running(second) as used, connect(used) as admin:
        assert admin.execute("select 1").fetchone() == (1,)
    assert server.answers()


def test_a_killed_server_comes_back_with_every_committed_row(home: Path) -> None:
    given_up: list[DatabaseTrouble] = []
    keeper = Supervisor(Cluster(home), given_up.append)
    keeper.start_and_wait()
    try:
        with connect(keeper.cluster) as admin:
            admin.execute("create table kept (n int)")
            admin.execute("insert into kept select generate_series(1, 50000)")
        for time_killed in (1, 2):
            os.kill(postmaster(keeper.cluster), signal.SIGKILL)
            assert eventually(lambda n=time_killed: keeper.restarts == n)  # type: ignore[misc]
            with connect(keeper.cluster) as admin:
                assert admin.execute("select count(*) from kept").fetchone() == (50000,)
    finally:
        keeper.stop()
    assert not given_up
    assert not keeper.is_alive()


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_no_server_outlives_its_launcher(home: Path, how: signal.Signals) -> None:
    with subprocess.Popen([sys.executable, "-c", LAUNCHER, str(home)], stdout=subprocess.PIPE, text=True) as launcher:
        assert launcher.stdout is not None
        pid = int(launcher.stdout.readline().split()[1])
        assert alive(pid)
        launcher.send_signal(how)
    assert eventually(lambda: not alive(pid))
    again = Cluster(home)
    again.start()
    again.stop()


def test_a_stale_pid_file_that_names_a_stranger_does_not_keep_it_from_starting(server: Cluster) -> None:
    server.stop()
    (server.data / "postmaster.pid").write_text(f"{os.getpid()}\n{server.data}\n0\n5432\n")
    server.start()
    assert server.answers()


def test_a_long_folder_gets_a_short_socket(home: Path) -> None:
    deep = Cluster(home / ("x" * 60) / ("y" * 60))
    assert len(str(deep.sockets)) < 80
    deep.start()
    try:
        assert deep.answers()
        assert stat.S_IMODE(deep.sockets.stat().st_mode) == 0o700
    finally:
        deep.stop()
        deep.sockets.rmdir()


def test_a_folder_made_by_another_version_is_one_sentence(server: Cluster) -> None:
    server.stop()
    (server.data / "PG_VERSION").write_text("12\n")
    with pytest.raises(DatabaseTrouble, match="PostgreSQL 12"):
        server.start()


def test_a_server_that_cannot_start_says_why(server: Cluster) -> None:
    server.stop()
    (server.data / "postgresql.conf").write_text("nonsense = 1\n")
    with pytest.raises(DatabaseTrouble, match="can't start"):
        server.start()
    assert server.hold(), "the cluster is let go of"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become nobody")
def test_where_namespaces_are_forbidden_root_becomes_nobody(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster_module.Cluster, "_ways", lambda self: ("nobody",))
    home.parent.chmod(0o700)  # a private home: nobody could not even search it without the one right that is kept
    one = Cluster(home)
    one.start()
    try:
        assert one.data.owner() == "nobody"
        with connect(one) as admin:
            assert admin.execute("select 1").fetchone() == (1,)
        status = Path(f"/proc/{postmaster(one)}/status").read_text()
        assert "Uid:\t65534\t65534" in status
    finally:
        one.stop()
    monkeypatch.undo()
    assert Cluster(home)._ways() == ("nobody",), "what was given to nobody stays nobody's"
