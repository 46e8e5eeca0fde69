"""Her place in line, told to the page that waits: only what changed for her, a few bytes, at most once a minute.

The journal tells a page what happened to its own visit. Where it stands also moves when others are called; a whole page
for each of their calls would cost a waiting phone megabytes an hour. One look at the day's picture serves all pages.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from zlib import crc32

from django.db import Error, close_old_connections, connection

from satuatap.basics.refusal import Refusal
from satuatap.features.malls import queries as malls
from satuatap.features.visits.queries import holder_views
from satuatap.features.visits.views import Service, Stop, VisitView
from satuatap.features.visits.waits import MinutesRange
from satuatap.web.live.feed import Message
from satuatap.web.live.hub import Hub, Listener
from satuatap.web.live.threads import in_a_thread

log = logging.getLogger(__name__)

EVERY_S = 5.0
REST = 20  # a look that took a second is followed by twenty of rest, however many pages wait
NOT_BEFORE = timedelta(minutes=1)  # of the mall's clock, from one message to the next
WHOLE_NOT_BEFORE = timedelta(minutes=10)  # from one fetch of the page to the next: two lines that are equally long swap
NEAR = 2  # so few before her: she hears of each at once
MOVED = 2  # minutes; a range that moved by less is not told
AT_DESK = 5, 10  # minutes at the last desk, least and most (assumed), between its call and the end of the visit
CHANNEL = "visit:"


@dataclass(frozen=True, slots=True)
class Place:
    """What a waiting page shows of the line: people before her, the last of them, and times as minutes of the day.

    Times go by the index of a service, ``w`` for a next call that is of none of these stops, ``e`` for the end.
    ``shape`` names everything else that such a page is made of: where it differs from the page's own, the page fetches
    itself anew. ``at`` and ``whole_at``: when it was told something, and when it was last told to fetch itself.
    """

    shape: str
    ahead: int | None
    before: int | None
    times: Mapping[str, tuple[int, int]]
    at: datetime
    whole_at: datetime


def here_of(service: Service) -> Stop:
    """The stop that stands for a service: the first at which something may still happen, else its last."""
    going = ("called", "now", "waiting", "missed")
    return next((stop for stop in service.stops if stop.state in going), service.stops[-1])


def until_done(view: VisitView) -> MinutesRange | None:
    """Until everything is over, roughly: the last call and a desk's time after it."""
    ranges = [stop.range for service in view.services for stop in service.stops if stop.range is not None]
    if not ranges:
        return None
    last = max(ranges, key=lambda found: found.high)
    low = max(found.low for found in ranges)
    return MinutesRange(low + AT_DESK[0], last.high + AT_DESK[1], last.basis, last.cases)


def number_before(view: VisitView) -> int | None:
    """The first of those whom the page names as coming before her."""
    return next((one.number for one in view.ahead if not one.me), None)


def shape_of(view: VisitView) -> str:
    """Eight signs that change with everything on a waiting page but its figures."""
    following = view.next_stop
    stops = [(stop.state, stop.range and stop.range.basis) for service in view.services for stop in service.stops]
    seen = (view.state, following and (following.seq, following.ahead == 0), view.wait_zone, bool(view.ahead), stops)
    return f"{crc32(repr(seen).encode()):08x}"


def name_of_next(view: VisitView) -> str:
    """Under which name the times of the next call stand: those of the service whose stop it is."""
    stops = [here_of(service).seq for service in view.services]
    return str(stops.index(view.next_stop.seq)) if view.next_stop and view.next_stop.seq in stops else "w"


def place_of(view: VisitView, zone: str) -> Place:
    """The place of a visit, in the mall's zone."""
    ranges = {"w": view.next_stop.range} if view.next_stop and name_of_next(view) == "w" else {}
    ranges |= {str(index): here_of(service).range for index, service in enumerate(view.services)}
    ranges["e"] = until_done(view)
    return Place(
        shape=shape_of(view),
        ahead=view.next_stop.ahead if view.next_stop else None,
        before=number_before(view),
        times={name: _clock(view.now, found, zone) for name, found in ranges.items() if found is not None},
        at=view.now,
        whole_at=view.now,
    )


def _clock(now: datetime, wait: MinutesRange, zone: str) -> tuple[int, int]:
    local = malls.local(now, zone)
    first, last = (local + timedelta(minutes=minutes) for minutes in (wait.low, wait.high))
    return first.hour * 60 + first.minute, last.hour * 60 + last.minute


def news(told: Place | None, now: Place) -> tuple[dict[str, Any], Place]:
    """What a page that was told ``told`` hears now (empty: nothing, or not yet), and what it has been told then."""
    if told is None:
        return {"s": now.shape, "n": now.ahead, "b": now.before, "t": dict(now.times)}, now
    is_near = now.ahead is None or (now.ahead <= NEAR and now.ahead != told.ahead)
    if told.shape != now.shape and (is_near or now.at - told.whole_at >= WHOLE_NOT_BEFORE):
        return {"s": now.shape}, now
    if now.at - told.at < NOT_BEFORE and not is_near:
        return {}, told
    found: dict[str, Any] = {}
    after = told
    if told.shape == now.shape:  # otherwise the page still speaks of another line than these
        found = {"n": now.ahead} if now.ahead != told.ahead else {}
        found |= {"b": now.before} if now.before != told.before else {}
        after = replace(told, ahead=now.ahead, before=now.before)
    moved = {name: pair for name, pair in now.times.items() if _apart(pair, told.times.get(name)) >= MOVED}
    if moved:
        found["t"] = moved
    return found, replace(after, times={**told.times, **moved}, at=now.at) if found else told


def _apart(now: tuple[int, int], told: tuple[int, int] | None) -> int:
    return MOVED if told is None else max(abs(now[0] - told[0]), abs(now[1] - told[1]))


def look(visits: Collection[int]) -> dict[int, Place]:
    """The places of these visits; those that are over have none. For a thread of the front."""
    if not connection.in_atomic_block:
        close_old_connections()
    views = holder_views(visits)
    zones = {mall: malls.mall(mall).zone_name for mall in {view.mall for view in views}}
    return {view.id: place_of(view, zones[view.mall]) for view in views}


_look = in_a_thread(look)


class Places:
    """One task a process: looks every few seconds while somebody waits with her page open."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        self._told: dict[Listener, Place] = {}
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to look; called inside the running loop."""
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Look no more."""
        if self._task is not None:
            self._task.cancel()

    async def _run(self) -> None:
        pause = EVERY_S
        while True:
            await asyncio.sleep(pause)
            began = time.monotonic()
            try:
                await self.tell()
            except (Error, OSError, Refusal) as problem:  # the next look finds the database, or the mall, again
                log.warning("places wait: %s", type(problem).__name__)
            except Exception:  # a defect in one look must not end all later ones
                log.exception("a look at the places failed")
            pause = max(EVERY_S, REST * (time.monotonic() - began))

    async def tell(self) -> None:
        """Look once, and tell each page what is new for it."""
        waiting = {
            int(channel.removeprefix(CHANNEL)): tuple(group)
            for channel, group in self.hub.listeners.items()
            if channel.startswith(CHANNEL)
        }
        found = await _look(tuple(waiting)) if waiting else {}
        told: dict[Listener, Place] = {}
        for visit, place in found.items():
            for listener in waiting[visit]:
                said, told[listener] = news(self._told.get(listener), place)
                if said:
                    listener.tell(Message(f"{CHANNEL}{visit}", self.hub.position, "place", said))
        self._told = told
