"""The mall's heartbeat: opens and closes the day, sets aside who was missed, runs what reacts to facts.

One thread of ``serve``. Every beat is small and may be repeated; a beat that fails is logged and the next one goes on,
so a restart in the middle loses nothing.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import close_old_connections, connection
from django.db.utils import DatabaseError

from satuatap.basics.actor import Actor
from satuatap.basics.refusal import Refusal
from satuatap.features.journal import queries as journal
from satuatap.features.malls import actions as malls_actions
from satuatap.features.malls import queries as malls
from satuatap.features.visits import actions as visits
from satuatap.features.visits.queries import early_ends, weights_of
from satuatap.plumbing.clocks import Seen, Watch, steady_clock
from satuatap.project.tasks import defer_reactions
from satuatap.project.webhooks import fan_out_and_send
from satuatap.web.live.nudge import nudge

log = logging.getLogger(__name__)

BY = Actor.system("heart")
LONGEST_S, SHORTEST_S = 1.0, 0.2
MALL_SECONDS_A_BEAT = 60.0
WATCH = Watch()  # one a process: the start and every beat look through it


def day_window(mall: int, now: datetime) -> tuple[datetime | None, datetime | None]:
    """From when until when numbers are given on the mall's date of ``now``; ``None`` twice when it is closed."""
    view = malls.mall(mall)
    hours = malls.open_hours(mall, malls.local(now, view.zone_name).date())
    return malls.opening_moments(hours, view.zone_name)


def beat(mall: int) -> None:
    """One look at the mall: is it a new day, is it over, was somebody missed."""
    now = malls.now(mall)
    day = malls.local(now, malls.mall(mall).zone_name).date()
    malls_actions.beat(mall=mall, at=now)
    open_from, open_until = day_window(mall, now)
    # What ends early is known before the day is opened, so that its first number already goes by it.
    changed = visits.bound_steps(by=BY, mall=mall, day=day, until=early_ends(mall, day))
    changed |= visits.open_day(by=BY, mall=mall, day=day, open_from=open_from, open_until=open_until)
    changed |= bool(visits.restamp(mall=mall))
    changed |= bool(visits.miss_overdue(by=BY, mall=mall))
    changed |= bool(visits.end_overdue(by=BY, mall=mall))
    grace = timedelta(minutes=weights_of(mall).numbers["close_after_minutes"])
    if open_until is not None and now >= open_until + grace:
        changed |= visits.close_day(by=BY, mall=mall)
    changed |= bool(visits.drop_waiting(by=BY, mall=mall))
    if changed:
        nudge()


def clock_is_trusted() -> bool:
    """Whether the machine's clock may end things. A jump is written down and told; for ten minutes it is in doubt."""
    wall, steady = malls.real_now().timestamp(), steady_clock()
    if WATCH.apart is None:
        newest = journal.last_written()
        seen = WATCH.begin(wall, steady, None if newest is None else newest.timestamp())
    else:
        seen = WATCH.look(wall, steady)
    seconds = round(WATCH.jumped)
    if seen is Seen.JUMPED:
        log.error("the machine's clock jumped by %s s; nothing is closed or ended for now: set it right", seconds)
        malls_actions.note_jump(by=BY, seconds=seconds)
    elif seen in (Seen.RETURNED, Seen.BELIEVED):
        log.error("the jump of the machine's clock by %s s is over: %s", seconds, seen)
        malls_actions.note_settled(by=BY, seconds=seconds, believed=seen is Seen.BELIEVED)
    return seen not in (Seen.JUMPED, Seen.DOUBT)


def round_of_malls() -> float:
    """One beat of every mall that has a floor; returns the speed of the fastest clock.

    While the machine's clock is in doubt no day is opened or closed, and nobody is set aside: numbers and calls go on.
    """
    fastest = 1.0
    if not clock_is_trusted():
        return fastest
    for view in malls.malls():
        if visits.has_floor(view.id):
            beat(view.id)
            fastest = max(fastest, malls.speed(view.id))
    return fastest


def read_journal() -> None:
    """What happened is handed on: to reactions, and to other systems; these never stop the mall."""
    defer_reactions()
    try:
        fan_out_and_send()
    except Exception:
        log.exception("webhooks were not handed on; the next beat tries again")


class Heart(threading.Thread):
    """Beats for every mall until stopped; faster when a demo's clock is."""

    def __init__(self, then: Callable[[], object] = read_journal) -> None:
        super().__init__(name="heart", daemon=True)
        self._stopped = threading.Event()
        self._then = then

    def stop(self) -> None:
        """End after the beat at hand."""
        self._stopped.set()

    def run(self) -> None:
        pause = LONGEST_S
        while not self._stopped.wait(pause):
            try:
                close_old_connections()
                fastest = round_of_malls()
                self._then()
                pause = min(LONGEST_S, max(SHORTEST_S, MALL_SECONDS_A_BEAT / fastest))
            except (DatabaseError, Refusal, OSError) as problem:
                log.warning("the heart skips a beat: %s", type(problem).__name__)
                connection.close()
                pause = LONGEST_S
        connection.close()
