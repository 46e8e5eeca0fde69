"""A study from beginning to end: the inventory becomes a problem, the solvers work, the picture is kept on the way.

Runs in a process of its own (``satuatap estate work``), so that solvers never slow the screens down; imported by the
command line alone.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from satuatap.basics.actor import Actor
from satuatap.features.estate import actions, pricing, queries, study, study_questions
from satuatap.features.estate.refusals import NotReadyToStudy
from satuatap.features.malls import queries as malls
from satuatap.project.answering import LOOKS_EVERY, alone
from satuatap.project.studies import STUDY_LOCK

log = logging.getLogger(__name__)
BY = Actor.system("study")
Tell = Callable[[study.Point], None]


def asked() -> study.Asked:
    """The problem of the inventory as it stands."""
    districts = [
        {"code": d.code, "centroid_lat": d.centroid_lat, "centroid_lon": d.centroid_lon} for d in malls.districts()
    ]
    zones = [view.zone_name for view in malls.malls()] or ["UTC"]
    today = datetime.now(UTC).astimezone(ZoneInfo(zones[0])).date()
    return study.ask(queries.sheet_rows(), districts, name=_("Kajian penataan kantor"), today=today)


def work_off() -> int:
    """Run the studies that wait, one after the other; returns how many ended."""
    count = 0
    while (number := actions.begin_study()) is not None:
        run(number, server=os.getppid())
        count += 1
    return count


def work_soon(stays: float) -> int:
    """Load the solvers, then run what is asked within ``stays`` seconds of the last; one such process at a time."""
    with alone(STUDY_LOCK) as mine:
        if not mine:
            return 0
        study_questions.warm_up()
        count, last = 0, time.monotonic()
        while time.monotonic() - last < stays:
            if done := work_off():
                count, last = count + done, time.monotonic()
            time.sleep(LOOKS_EVERY)
    return count + work_off()  # what was asked while this one was still seen waiting, so that no other was begun


def run(number: UUID, tell: Tell | None = None, server: int | None = None) -> None:
    """Run a study that was begun; whatever goes wrong is kept beside it. ``server``: the process to end with."""

    def told(point: study.Point) -> bool:
        if tell is not None:
            tell(point)
        goes_on = actions.note_progress(
            study=number, seconds=point.seconds, present=point.present, best=point.best, bound=point.bound,
            plan=point.plan,
        )  # fmt: skip
        if (
            server is not None and os.getppid() != server
        ):  # the server that began us is gone; the next one goes on from what is kept
            os._exit(3)
        return goes_on

    try:
        task = queries.study_task(number)
        raw = task.problem
        if raw is None:
            found = asked()
            if found.faults:
                raise NotReadyToStudy(found.faults)
            raw = pricing.with_prices(found.raw, task.prices)
            filled = {"norms": found.taken, "known": found.known}
            actions.keep_problem(study=number, problem=raw, input_hash=study.hash_of(raw), filled=filled)
        solved = study.solve(raw, seconds=task.seconds, seed=task.seed, draws=task.draws, start=task.plan, tell=told)
        actions.end_study(by=BY, study=number, answer=solved.answer, doubt=solved.doubt)
    except NotReadyToStudy as refusal:
        actions.fail_study(study=number, trouble=str(refusal))
    except Exception:
        log.exception("study %s", number)
        actions.fail_study(study=number, trouble=_("Perhitungan berhenti karena galat; yang ditemukan tetap disimpan."))
