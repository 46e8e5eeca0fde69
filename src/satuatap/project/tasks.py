"""Background jobs (procrastinate): reactions to facts, and what is done once a night.

A job is deferred in the transaction that moves the reader of the journal on, never inside a hot one: it exists if and
only if its fact was read. Each may run twice without harm; one that fails is tried again and stays listed.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime

from django.contrib.sessions.backends.db import SessionStore
from django.db import connections, transaction
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from satuatap.basics.actor import Actor
from satuatap.features.journal.actions import move_reader
from satuatap.features.journal.queries import Line, entries_after, position_of_reader
from satuatap.features.journal.reactions import check_and_tell, roots_folder, seal_and_publish
from satuatap.features.malls import queries as malls
from satuatap.features.malls.actions import drop_old_drafts
from satuatap.features.people.actions import forget_ended_sessions, forget_tries
from satuatap.project.operate import places
from satuatap.project.privacy.erasures import erase_what_has_ended
from satuatap.project.wiring import WIRING, Reaction

log = logging.getLogger(__name__)

READER = "reactions"
BATCH = 500
KEPT_HOURS = 30 * 24  # of finished jobs
TRIES = RetryStrategy(max_attempts=6, exponential_wait=3)


def name_of(reaction: Reaction) -> str:
    """The name of a reaction in the table of jobs; it must outlive a new version of the code."""
    return f"{reaction.__module__.split('.')[-2]}.{reaction.__name__}"


def defer_reactions() -> int:
    """Make a job of each reaction that new entries ask for, in order; returns how many entries were read."""
    with transaction.atomic():
        start = position_of_reader(READER)
        lines = entries_after(start, BATCH)
        for line in lines:
            for reaction in WIRING.get(line.kind, ()):
                react.defer(reaction=name_of(reaction), position=line.position)
        if lines:
            move_reader(READER, lines[-1].position)
    return len(lines)


@app.task(name="react", queue="reactions", retry=TRIES)
def react(*, reaction: str, position: int) -> None:
    """Run one reaction to the entry at a position."""
    try:
        found = {name_of(one): one for some in WIRING.values() for one in some}.get(reaction)
        line = _entry(position)
        if found is None or line is None:
            log.warning("no reaction %s for position %s", reaction, position)
            return
        found(line)
    finally:
        connections.close_all()  # the thread of a job does not come back


def _entry(position: int) -> Line | None:
    found = entries_after(position - 1, 1)
    return found[0] if found and found[0].position == position else None


@app.periodic(cron="25 19 * * *")  # 02.25 in WIB: nobody is at work
@app.task(name="nightly", queue="nightly", retry=TRIES)
def nightly(timestamp: int) -> None:
    """Erase what has come to its end: contacts, fields of blocked accounts, imports never applied, old sessions."""
    try:
        zones = [view.zone_name for view in malls.malls()] or ["UTC"]
        today = malls.local(datetime.fromtimestamp(timestamp).astimezone(), zones[0]).date()
        if malls.clock_doubt() is None:  # what is erased does not come back when the clock does
            erase_what_has_ended(by=Actor.system("nightly"), today=today)
            drop_old_drafts()
        else:
            log.error("nothing was erased tonight: the machine's clock jumped within the last two days")
        SessionStore.clear_expired()
        forget_ended_sessions(now=datetime.now(UTC))
        while forget_tries():
            pass
    finally:
        connections.close_all()


@app.periodic(cron="*/10 * * * *")
@app.task(name="seal", queue="seals", queueing_lock="seal", retry=TRIES)
def seal(timestamp: int) -> None:
    """Seal what is new in the journal and write the roots out."""
    try:
        seal_and_publish()
    finally:
        connections.close_all()


@app.periodic(cron="50 19 * * *")
@app.task(name="verify", queue="nightly", queueing_lock="verify", retry=TRIES)
def verify(timestamp: int) -> None:
    """Check the whole journal against its seals and every root that is kept, here and in the second places."""
    try:
        check_and_tell([roots_folder(), *(place / roots_folder().name for place in places.places())])
    finally:
        connections.close_all()


@app.periodic(cron="40 19 * * *")
@app.task(name="forget_jobs", queue="nightly", retry=TRIES)
async def forget_jobs(timestamp: int) -> None:
    """Finished jobs are kept for a month."""
    await app.job_manager.delete_old_jobs(nb_hours=KEPT_HOURS)
