"""Who listens to what: numbers the journal, reads it by position, tells the open streams.

One task a process. It never misses an entry, because it goes by position; it is woken after each commit of this
process and looks four times a second for those of others (the command line, a second process). Nobody notifies inside
a hot transaction.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections import defaultdict
from typing import Any

from psycopg import AsyncConnection
from psycopg.errors import Error
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from satuatap.features.journal import statements as journal
from satuatap.features.journal.queries import Line
from satuatap.features.visits import statements as visits
from satuatap.web.live.feed import FREEING, SKILL_KINDS, Message, Names, messages_of

log = logging.getLogger(__name__)

BATCH = 500
COALESCE_S = 0.04
LOOK_EVERY_S = 0.25
LONGEST_BACKLOG = 2000
WAIT_S = 2.0  # for a connection; asked again soon, so that nobody waits long after the database is back


class Listener:
    """One open stream: a bounded queue; a stream that does not keep up is told to start afresh."""

    def __init__(self, channels: frozenset[str]) -> None:
        self.channels = channels
        self.queue: asyncio.Queue[Message | None] = asyncio.Queue(200)

    def tell(self, message: Message | None) -> None:
        try:
            self.queue.put_nowait(message)
        except asyncio.QueueFull:
            while not self.queue.empty():
                self.queue.get_nowait()
            if message is not None:
                self.queue.put_nowait(Message(message.channel, message.position, "afresh", {}))


class Hub:
    """The process's reader of the journal."""

    def __init__(self, pool: AsyncConnectionPool[AsyncConnection[Any]]) -> None:
        self.pool = pool
        self.position = 0
        self.names = Names()
        self.listeners: dict[str, set[Listener]] = defaultdict(set)
        self.streams = 0  # how many listen now
        self.ready = asyncio.Event()
        self._trouble: tuple[float, BaseException] | None = None  # since when the database is away, and why
        self._wake = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to read; called inside the running loop."""
        self._loop = asyncio.get_running_loop()
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """End every stream and the reader."""
        for listener in {one for group in self.listeners.values() for one in group}:
            listener.tell(None)
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task}, timeout=WAIT_S)  # what it holds is given back before the pool closes

    async def has_read(self, within: float = 5.0) -> bool:
        """Whether desks and position are known; it waits a moment, so that nobody is refused just after a start."""
        if not self.ready.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.ready.wait(), within)
        return self.ready.is_set()

    def trouble_since(self, seconds: float) -> BaseException | None:
        """Why the database is away, if it has been for so long; ``None`` otherwise."""
        if self._trouble is None or time.monotonic() - self._trouble[0] < seconds:
            return None
        return self._trouble[1]

    def nudge(self) -> None:
        """Something was committed in this loop."""
        self._wake.set()

    def nudge_from_thread(self) -> None:
        """Something was committed in another thread."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._wake.set)

    def join(self, listener: Listener) -> None:
        self.streams += 1
        for channel in listener.channels:
            self.listeners[channel].add(listener)

    def leave(self, listener: Listener) -> None:
        self.streams -= 1
        for channel in listener.channels:
            self.listeners[channel].discard(listener)
            if not self.listeners[channel]:
                del self.listeners[channel]

    async def missed_since(self, channels: frozenset[str], after: int) -> list[Message] | None:
        """What these channels were told after a position; ``None`` when too much has happened since."""
        async with self.pool.connection() as connection:
            cursor = await connection.execute(journal.AFTER, {"after": after, "limit": LONGEST_BACKLOG + 1})
            lines = [Line(*row) for row in await cursor.fetchall()]
            if len(lines) > LONGEST_BACKLOG:
                return None
            told = messages_of(lines, self.names, await self._ready_steps(connection, lines))
        return [message for message in told if message.channel in channels]

    async def _run(self) -> None:
        while True:
            try:
                async with self.pool.connection(WAIT_S) as connection:
                    await self._load_names(connection)
                    if not self.ready.is_set():  # later it goes on where it stood: what was numbered is not yet told
                        row = await (await connection.execute(journal.LAST)).fetchone()
                        self.position = row[0] if row else 0
                self.ready.set()
                self._trouble = None
                await self._read_on()
            except (Error, PoolTimeout, OSError) as problem:
                # The database went away (or was killed): nothing is lost, positions go on where they stood.
                if self._trouble is None and not isinstance(problem, PoolTimeout):  # that alone is a crowd
                    self._trouble = time.monotonic(), problem
                log.warning("journal reader waits for the database: %s", type(problem).__name__)
                await asyncio.sleep(0.3)

    async def _read_on(self) -> None:
        while True:
            try:
                await asyncio.wait_for(self._wake.wait(), LOOK_EVERY_S)
                await asyncio.sleep(COALESCE_S)
            except TimeoutError:
                pass
            self._wake.clear()
            while await self._step() >= BATCH:
                pass

    async def _step(self) -> int:
        async with self.pool.connection(WAIT_S) as connection:
            await self._number(connection)
            cursor = await connection.execute(journal.AFTER, {"after": self.position, "limit": BATCH}, prepare=True)
            lines = [Line(*row) for row in await cursor.fetchall()]
            if not lines:
                return 0
            if any(line.kind in SKILL_KINDS for line in lines):
                await self._load_names(connection)
            told = messages_of(lines, self.names, await self._ready_steps(connection, lines))
        self.position = lines[-1].position
        for message in told:
            for listener in tuple(self.listeners.get(message.channel, ())):
                listener.tell(message)
        return len(lines)

    async def _number(self, connection: AsyncConnection[Any]) -> None:
        async with connection.transaction():
            row = await (await connection.execute(journal.NUMBERER_LOCK, prepare=True)).fetchone()
            if row and row[0]:
                await connection.execute(journal.SEE_FOREIGN, prepare=True)
                await connection.execute(journal.NUMBER, prepare=True)

    async def _ready_steps(self, connection: AsyncConnection[Any], lines: list[Line]) -> dict[int, list[int]]:
        visits_freed = list({line.visit_id for line in lines if line.kind in FREEING and line.visit_id is not None})
        if not visits_freed:
            return {}
        cursor = await connection.execute(visits.READY_STEPS, {"visits": visits_freed}, prepare=True)
        steps: dict[int, list[int]] = defaultdict(list)
        for visit, step in await cursor.fetchall():
            steps[visit].append(step)
        return steps

    async def _load_names(self, connection: AsyncConnection[Any]) -> None:
        cursor = await connection.execute(visits.DESK_NAMES)
        rows = await cursor.fetchall()
        self.names = Names(
            {desk: (sign, zone or "", agency) for desk, _skills, sign, zone, agency, *_place in rows},
            {desk: frozenset(skills or ()) for desk, skills, *_rest in rows},
            {row[0]: (row[5], row[6]) for row in rows},
        )
