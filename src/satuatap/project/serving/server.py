"""The web server of this process, its threads, and their end."""

from __future__ import annotations

import contextlib
import errno
import resource
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

import uvicorn

from satuatap.project.cli.sentences import Trouble

STREAMS_END_WITHIN = 2
BACKLOG = 2048


class StopServing(BaseException):
    """Somebody asked for the end (Ctrl-C, the service manager) while we were not yet, or no longer, in the loop."""


@contextlib.contextmanager
def ending_on_signals() -> Iterator[None]:
    """SIGINT and SIGTERM end the start-up as they end the server; while cleaning up they are not heard twice."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise StopServing

    numbers = (signal.SIGINT, signal.SIGTERM)
    before = {number: signal.signal(number, stop) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def ignore_signals() -> None:
    """We are ending already."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)


def take_port(host: str, port: int) -> socket.socket:
    """The listening socket, taken before anything else is begun; a port in use is one sentence."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    place = socket.socket(family)
    place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        place.bind((host, port))
        _refuse_shared(host, port, family)
    except OSError as problem:
        place.close()
        if isinstance(problem, socket.gaierror) or problem.errno in (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT):
            raise Trouble(
                f"HOST={host} bukan alamat mesin ini ({problem.strerror}). Pakai HOST=127.0.0.1 untuk mesin ini saja, "
                "atau HOST=0.0.0.0 untuk semua alamatnya.",
                f"HOST={host} is no address of this machine ({problem.strerror}). Use HOST=127.0.0.1 for this machine "
                "alone, or HOST=0.0.0.0 for all its addresses.",
            ) from None
        raise Trouble(
            f"Alamat {host}:{port} tidak dapat dipakai ({problem.strerror}). Hentikan program yang memakainya, "
            f"atau pilih yang lain: PORT={port + 1 if port < 65535 else 8000} make run",
            f"The address {host}:{port} can't be used ({problem.strerror}). Stop the program that uses it, "
            f"or choose another: PORT={port + 1 if port < 65535 else 8000} make run",
        ) from None
    return place


def _refuse_shared(host: str, port: int, family: socket.AddressFamily) -> None:
    """SO_REUSEADDR lets two sockets bind while neither listens; one that listens already is in the way."""
    with socket.socket(family) as probe:
        probe.settimeout(0.2)
        there = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
        if probe.connect_ex((there, port)) == 0:
            raise OSError(98, "Address already in use")


def open_many_files() -> None:
    """As many open files as this process may have: each listening screen holds one, and the usual limit is 1,024."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


class Server(uvicorn.Server):
    """uvicorn, telling when it takes requests."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started and not self.should_exit:
            self._ready()


def make_server(application: Any, ready: Callable[[], None]) -> Server:
    """One process, one loop; Django's threads are the front's."""
    config = uvicorn.Config(
        application,
        http="httptools",
        loop="uvloop",
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        backlog=BACKLOG,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=STREAMS_END_WITHIN,
    )
    return Server(config, ready)


class Threads:
    """What runs beside the server: the mall's heart and the worker of background jobs."""

    def __init__(self) -> None:
        self._stops: list[Callable[[], None]] = []
        self._threads: list[threading.Thread] = []

    def start(self, thread: threading.Thread, stop: Callable[[], None]) -> None:
        thread.start()
        self._threads.append(thread)
        self._stops.append(stop)

    def stop(self) -> None:
        """Ask all, then wait a moment for each."""
        for stop in self._stops:
            stop()
        for thread in self._threads:
            thread.join(5)
