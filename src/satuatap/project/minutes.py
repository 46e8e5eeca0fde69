"""The waits under a plan as jobs: each is begun in a process of its own, so that the server loads no numba."""

from __future__ import annotations

import subprocess
import sys

from django.db import connections
from procrastinate.contrib.django import app

from satuatap.features.journal.queries import Line
from satuatap.features.plans.waiting import waiting_minutes

COMMAND = (sys.executable, "-m", "satuatap.project.cli.main", "plans", "work")


def begin_minutes(line: Line) -> None:
    """A version was frozen, or its waits asked for again. Twice does no harm: each is taken by one process."""
    if waiting_minutes():
        start_worker()


def start_worker() -> None:
    """A process that works off what waits, and ends."""
    subprocess.Popen(COMMAND, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


@app.periodic(cron="* * * * *")
@app.task(name="resume_minutes", queue="studies", queueing_lock="resume_minutes")
def resume_minutes(timestamp: int) -> None:
    """What still waits (the machine was off, the server was ended) is taken up."""
    try:
        if waiting_minutes():
            start_worker()
    finally:
        connections.close_all()
