"""A real `satuatap serve` in a folder and on a port of its own, for tests."""

from __future__ import annotations

import contextlib
import itertools
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ENDS_WITHIN = 120.0  # a machine may be busy: how soon it ends is no matter of these tests
FIRST_PORT, PORTS = 10_000, 20_000  # below those that callers get: one of theirs could take it meanwhile
_ports = itertools.count(os.getpid() * 97)  # another run of tests beside this one begins elsewhere


def free_port() -> int:
    """A port on which nobody listens, given once; nobody gets it by chance before the server takes it."""
    for number in itertools.islice(_ports, PORTS):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", FIRST_PORT + number % PORTS))
            return int(probe.getsockname()[1])
    raise AssertionError("no port is free")


def environment(home: Path, port: int) -> dict[str, str]:
    """This process's, less what belongs to the tests."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST", "DATABASE", "DJANGO", "SATUATAP"))}
    return {**kept, "SATUATAP_HOME": str(home), "HOST": "127.0.0.1", "PORT": str(port)}


@dataclass
class Served:
    """A running server: its address, its folder, its process."""

    url: str
    home: Path
    process: subprocess.Popen[bytes]
    log: Path

    def health(self) -> int:
        """The status of /healthz; 0 when nothing answers."""
        try:
            with urllib.request.urlopen(self.url + "/healthz", timeout=5) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as problem:
            return problem.code
        except OSError:
            return 0

    def wait(self, within: float = 240.0) -> None:
        """Until it serves."""
        until = time.monotonic() + within
        while self.health() != 200:
            if self.process.poll() is not None or time.monotonic() > until:
                raise AssertionError("does not serve:\n" + self.log.read_text()[-3000:])
            time.sleep(0.1)

    def postmaster(self) -> int:
        return int((self.home / "postgres" / "data" / "postmaster.pid").read_text().split()[0])

    def wait_for_another(self, postmaster: int, within: float = 240.0) -> None:
        """Until it serves with another PostgreSQL than this one, which was killed."""
        until = time.monotonic() + within
        while time.monotonic() < until:
            with contextlib.suppress(OSError, ValueError, IndexError):
                if self.postmaster() != postmaster and self.health() == 200:
                    return
            time.sleep(0.02)
        raise AssertionError("PostgreSQL did not come back:\n" + self.log.read_text()[-2000:])

    def end(self, how: signal.Signals = signal.SIGINT) -> int:
        self.process.send_signal(how)
        return self.process.wait(ENDS_WITHIN)


def start(home: Path, port: int | None = None) -> Served:
    """Start it, without waiting."""
    port = port or free_port()
    home.mkdir(parents=True, exist_ok=True)
    log = home.parent / f"{home.name}.log"
    with log.open("ab") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "satuatap.project.cli.main", "serve"],
            env=environment(home, port),
            stdout=out,
            stderr=out,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
    return Served(f"http://127.0.0.1:{port}", home, process, log)


def copy(source: Path, target: Path) -> Path:
    """A stopped installation, once more."""
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("run"))
    return target


@contextlib.contextmanager
def serving(home: Path, port: int | None = None) -> Iterator[Served]:
    """A server that serves, ended at the end."""
    served = start(home, port)
    try:
        served.wait()
        yield served
    finally:
        if served.process.poll() is None:
            served.end()
