"""``satuatap serve``: everything from an empty folder to an open mall, and its clean end."""

from __future__ import annotations

import argparse
import importlib
import os
import signal
import socket
import time
from typing import Any

from django.conf import settings

from satuatap.features.malls import queries as malls
from satuatap.plumbing.postgres.troubles import DatabaseTrouble
from satuatap.project import environment, kernels
from satuatap.project.cli.build import prepare
from satuatap.project.cli.sentences import say, say_trouble
from satuatap.project.heart import Heart
from satuatap.project.serving import server, static, steps
from satuatap.project.serving.jobs import Worker
from satuatap.project.serving.table import table

FRONT = "satuatap.web.live.front"


def add_commands(subparsers: Any) -> None:
    command = subparsers.add_parser("serve", help="jalankan satuatap (HOST, PORT, PUBLIC_URL, SATUATAP_HOME)")
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Serve until somebody ends it; 0 after an ordered end."""
    began = time.monotonic()
    place = server.take_port(environment.host(), environment.port())
    with server.ending_on_signals():
        try:
            return _serve(place, began)
        except server.StopServing:
            return 0
        finally:
            place.close()


def _serve(place: socket.socket, began: float) -> int:
    server.open_many_files()
    threads = server.Threads()
    trouble: list[DatabaseTrouble] = []

    def given_up(found: DatabaseTrouble) -> None:
        trouble.append(found)
        os.kill(os.getpid(), signal.SIGTERM)

    prepare()
    keeper = steps.supervisor_for(given_up)
    try:
        addresses = steps.start_database(keeper)
        steps.migrate(addresses)
        steps.open_demo(addresses)
        steps.begin_the_day()
        if static.gather():
            say("berkas halaman dikumpulkan")
        say(f"siap dalam {time.monotonic() - began:.1f} s; membuka pintu ...")
        _front(place, threads)
    finally:
        server.ignore_signals()
        threads.stop()
        if keeper is not None:
            keeper.stop()
    if trouble:
        say_trouble(trouble[0])
        return 1
    return 0


def _front(place: socket.socket, threads: server.Threads) -> None:
    """The front and what beats beside it, until the end is asked for."""

    demo = any(mall.demo for mall in malls.malls())

    def ready() -> None:
        heart, worker = Heart(), Worker()
        threads.start(heart, heart.stop)
        threads.start(worker, worker.stop)
        kernels.begin()  # so that the first study does not wait for them
        print(table(settings.PUBLIC_URL, settings.HOME, demo=demo), flush=True)

    # Only now: the front makes Django, which looks at the gathered static files once, when it is made.
    application = importlib.import_module(FRONT).application
    server.make_server(application, ready).run(sockets=[place])
