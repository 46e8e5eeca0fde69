"""The reader of the journal alone: a database that dies at the worst moment, and a screen that was away too long."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction

from satuatap.features.journal import statements as journal
from satuatap.features.visits import actions
from satuatap.features.visits.states import Result
from satuatap.web.live import hub as hub_module
from satuatap.web.live.feed import Message
from satuatap.web.live.hub import Hub, Listener
from satuatap.web.live.pool import make_pool
from tests.factories.floors import BY, make_floor

pytestmark = pytest.mark.django_db(transaction=True)

BOARD = frozenset({"board:1"})


class Running:
    """A hub in a loop of its own, as in the server."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        self.pool = self.do(self._open())
        self.hub = Hub(self.pool)
        self.loop.call_soon_threadsafe(self.hub.start)
        assert self.do(self.hub.has_read())
        self.listener = Listener(BOARD)
        self.loop.call_soon_threadsafe(self.hub.join, self.listener)

    def do(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(60)

    async def _open(self) -> Any:
        pool = make_pool(2)
        await pool.open(wait=True)
        return pool

    async def _heard(self) -> list[Message]:
        found = []
        while not self.listener.queue.empty():
            message = self.listener.queue.get_nowait()
            found += [message] if message is not None else []
        return found

    def calls(self, count: int) -> list[int]:
        """The numbers called, once so many have come (or half a minute is over), and what comes after them."""
        heard: list[Message] = []
        end = time.monotonic() + 30
        while sum(m.event == "call" for m in heard) < count and time.monotonic() < end:
            time.sleep(0.05)
            heard += self.do(self._heard())
        time.sleep(0.5)
        return [m.data["number"] for m in heard + self.do(self._heard()) if m.event == "call"]

    def end(self) -> None:
        self.do(self.hub.stop())
        self.do(self.pool.close())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(30)
        self.loop.close()


@pytest.fixture
def running() -> Iterator[Running]:
    make_floor({1: 5.0}, {1: [1]})
    found = Running()
    yield found
    found.end()


def serve(count: int) -> list[int]:
    """So many citizens come and are called."""
    numbers = []
    for _ in range(count):
        actions.issue_ticket(by=BY, mall=1, steps=[1], after=[[]])
        row = actions.call_next(by=BY, desk=1)
        assert row is not None
        numbers.append(row.fact["number"])
        actions.finish_errand(by=BY, desk=1, result=Result.DONE)
    return numbers


def dies_after(works: Callable[..., Any], times: int) -> Callable[..., Any]:
    """The same, but the database is gone right after it was done."""
    left = [times]

    async def once(held: Any) -> None:
        await works(held)
        if left[0]:
            left[0] -= 1
            raise psycopg.OperationalError("terminating connection due to administrator command")

    return once


def test_a_database_that_dies_between_numbering_and_telling_costs_no_call(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = serve(2)
    assert running.calls(2) == first
    monkeypatch.setattr(running.hub, "_number", dies_after(running.hub._number, times=2))
    second = serve(3)
    assert running.calls(3) == second


def test_who_was_away_hears_each_call_once_and_after_too_long_begins_afresh(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = running.hub.position
    numbers = serve(3)
    assert running.calls(3) == numbers
    missed = running.do(running.hub.missed_since(BOARD, start))
    assert [m.data["number"] for m in missed if m.event == "call"] == numbers
    monkeypatch.setattr(hub_module, "LONGEST_BACKLOG", 5)
    assert running.do(running.hub.missed_since(BOARD, start)) is None
    assert running.do(running.hub.missed_since(BOARD, running.hub.position)) == []


def test_a_reader_that_is_stopped_in_the_middle_leaves_no_lock_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its connection would keep the numberer's lock for as long as nobody collects it: no other reader could number."""
    one, inside = Running(), threading.Event()

    async def slowly(held: Any) -> None:
        async with held.transaction():
            await held.execute(journal.NUMBERER_LOCK)
            inside.set()
            await held.execute("select pg_sleep(0.5)")

    monkeypatch.setattr(one.hub, "_number", slowly)
    assert inside.wait(30)
    one.end()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(journal.NUMBERER_LOCK)
        assert cursor.fetchone() == (True,)


def test_a_screen_that_does_not_keep_up_is_told_to_begin_afresh() -> None:
    listener = Listener(BOARD)
    for position in range(250):
        listener.tell(Message("board:1", position, "call", {}))
    heard = [listener.queue.get_nowait() for _ in range(listener.queue.qsize())]
    assert heard[0] is not None
    assert (heard[0].event, heard[0].position) == ("afresh", 200)
    assert [m.position for m in heard if m is not None] == list(range(200, 250))
