"""The one process that answers what is asked of studies: solvers loaded once, then it waits for the next question.

Imported by the command line alone. It holds a lock of the database as long as it lives, so a question that is being
worked on without that lock was left by a process that is gone, and is taken up again.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from satuatap.basics.actor import Actor
from satuatap.features.estate import study_questions
from satuatap.features.estate.questions import actions, queries
from satuatap.project.studies import LOCK, end_with

log = logging.getLogger(__name__)
BY = Actor.system("study")
LOOKS_EVERY = 0.05  # seconds: nobody waits longer for the first glance
STAYS = 900.0  # seconds without a question after which the solvers' memory is given back


@contextmanager
def alone(lock: int = LOCK) -> Iterator[bool]:
    """Whether this process is the one that answers; the database knows when it is gone."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_lock(%s)", [lock])
        mine = bool(cursor.fetchone()[0])
    try:
        yield mine
    finally:
        if mine:
            with connection.cursor() as cursor:
                cursor.execute("select pg_advisory_unlock(%s)", [lock])


def answer_all(*, stays: float = 0.0, goes_on: Callable[[], bool] = lambda: True) -> int:
    """Answer what waits, and what comes within ``stays`` seconds of the last; returns how many."""
    with alone() as mine:
        if not mine:
            return 0
        actions.resume_questions()
        if stays:
            study_questions.warm_up()
        count, last = 0, time.monotonic()
        while goes_on():
            number = actions.begin_question()
            if number is not None:
                answer(number, goes_on)
                count, last = count + 1, time.monotonic()
            elif time.monotonic() - last >= stays:
                break
            else:
                time.sleep(LOOKS_EVERY)
        return count


def answer(question: UUID, goes_on: Callable[[], bool] = lambda: True) -> None:
    """Answer one question that was begun; whatever goes wrong is kept beside it."""
    try:
        task = queries.question_task(question)
        told = study_questions.answered(
            task, stop=lambda: not goes_on(), part=lambda so_far: actions.note_part(question=question, answer=so_far)
        )
        actions.answer_question(by=BY, question=question, answer=told)
    except Exception:
        log.exception("question %s", question)
        actions.fail_question(by=BY, question=question, trouble=_("Perhitungan berhenti karena galat. Tanyakan lagi."))


def serve(server: int) -> int:
    """Until nothing was asked for a while, or the server that began us is gone."""
    end_with(server)
    return answer_all(stays=STAYS, goes_on=lambda: os.getppid() == server)
