"""Studies as jobs: each is begun in a process of its own, and one whose process is gone is taken up again.

Holds no solver, so that the server loads none.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Sequence

from django.db import connections
from procrastinate.contrib.django import app

from satuatap.features.estate import actions
from satuatap.features.estate.questions import queries as questions
from satuatap.features.journal.queries import Line

COMMAND = (sys.executable, "-m", "satuatap.project.cli.main", "estate", "work")
ANSWER = (*COMMAND[:-1], "answer")
STUDY_STAYS = "180"  # seconds that a process begun for a reader waits for her to press
HELD = """select 1 from pg_locks where locktype = 'advisory' and objid = %s and granted
    and database = (select oid from pg_database where datname = current_database())"""  # a neighbour's city is not ours
LOCK = 5_471_002  # held by the process that answers, as long as it lives
STUDY_LOCK = 5_471_003  # held by a process that waits for studies, and works them off
AGAIN_AFTER = 30.0  # seconds between two starts that a page asks for
_asked_at, _study_at = [float("-inf")], [float("-inf")]


def begin_study(line: Line) -> None:
    """A study was asked for: somebody must be at work. Twice does no harm, since only one process takes it."""
    start_worker()


def start_worker() -> None:
    """A process that works off what waits, and ends, unless one waits already; it goes when its server goes."""
    if not _is_held(STUDY_LOCK):
        _begin(COMMAND)


def _begin(command: Sequence[str]) -> None:
    subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def begin_answering(line: Line) -> None:
    """Something was asked of a study, or soon will be: a process with its solvers loaded waits for it."""
    start_answering()


def start_answering() -> None:
    """The process that answers, if none is there; it goes when its server goes. Two begun at once: one ends."""
    if not is_answered():
        _begin(ANSWER)


def is_answered() -> bool:
    """Whether a process is there that answers."""
    return _is_held(LOCK)


def _is_held(lock: int) -> bool:
    """Whether a process lives that took this lock; the database knows."""
    with connections["default"].cursor() as cursor:
        cursor.execute(HELD, [lock])
        return cursor.fetchone() is not None


def expect_questions() -> None:
    """Somebody opened a page of questions: the process is begun before the first is asked, so that it is quick."""
    if time.monotonic() - _asked_at[0] > AGAIN_AFTER:
        _asked_at[0] = time.monotonic()
        start_answering()


def expect_studies() -> None:
    """Somebody who may begin a study looks at the list: its process loads the solvers while she still reads."""
    if time.monotonic() - _study_at[0] > AGAIN_AFTER:
        _study_at[0] = time.monotonic()
        if not _is_held(STUDY_LOCK):
            _begin((*COMMAND, "--stays", STUDY_STAYS))


def end_with(server: int) -> None:
    """From now on this process ends within a second of the server that began it."""
    threading.Thread(target=_end_with, args=(server,), daemon=True).start()


def _end_with(server: int) -> None:
    """A solver in the middle of its work is not waited for; the next server's process begins anew."""
    while os.getppid() == server:
        time.sleep(1.0)
    os._exit(3)


@app.periodic(cron="* * * * *")
@app.task(name="resume_studies", queue="studies", queueing_lock="resume_studies")
def resume_studies(timestamp: int) -> None:
    """Studies whose process is gone (the machine was off, the server was ended) go on from their best."""
    try:
        if actions.resume_studies():
            start_worker()
        if questions.is_waiting():
            start_answering()
    finally:
        connections.close_all()


@app.periodic(cron="30 19 * * *")
@app.task(name="drop_import_tables", queue="nightly")
def drop_import_tables(timestamp: int) -> None:
    """Uploads that nobody mended are forgotten with their drafts."""
    try:
        actions.drop_tables()
    finally:
        connections.close_all()
