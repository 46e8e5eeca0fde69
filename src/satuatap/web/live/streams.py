"""Event streams: resume by position, say what was missed, never hold a database connection."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import resource
import time
from collections.abc import Awaitable, Callable
from urllib.parse import parse_qs

from django.utils.translation import gettext_lazy as _

from satuatap.basics.refusal import Refusal
from satuatap.features.visits import refusals
from satuatap.features.visits.statements import VISIT_OF_TOKEN
from satuatap.web.live.feed import Message
from satuatap.web.live.http import Receive, Scope, Send, header
from satuatap.web.live.hub import Listener
from satuatap.web.live.identity import allowed_floor, default_mall, identity_of, require_desk
from satuatap.web.live.pool import run
from satuatap.web.live.works import Works

KEEP_ALIVE_S = 15.0
RECHECK_S = 5.0  # so long may a stream of staff outlive a session, a role or a block
MOST_STREAMS = 10_000
FILES_KEPT_FREE = 300  # for the database, pages and what the machine needs: a full house must still answer


def most_streams() -> int:
    """How many screens may listen at once: each holds one of the files that this process may open."""
    return max(100, min(MOST_STREAMS, resource.getrlimit(resource.RLIMIT_NOFILE)[0] - FILES_KEPT_FREE))


Check = Callable[[], Awaitable[None]]


class TooManyStreams(Refusal):
    code = "too_many_streams"
    status = 503
    text = _("Terlalu banyak layar tersambung. Halaman ini tetap bisa dimuat ulang dengan tangan.")


def _after(scope: Scope) -> int | None:
    raw = header(scope, b"last-event-id") or parse_qs(scope["query_string"].decode("latin-1")).get("after", [""])[0]
    return int(raw) if raw.isdecimal() and len(raw) < 19 else None


def _lines(message: Message) -> bytes:
    data = json.dumps(message.data, ensure_ascii=False, default=str, separators=(",", ":"))
    number = "" if message.event == "place" else f"id: {message.position}\n"  # nothing to resume behind
    return f"{number}event: {message.event}\ndata: {data}\n\n".encode()


async def _stream(
    works: Works, scope: Scope, receive: Receive, send: Send, channels: frozenset[str], still: Check | None = None
) -> None:
    """One stream until either side ends it; ``still`` raises a refusal once its holder may no longer listen."""
    if works.hub.streams >= most_streams():
        raise TooManyStreams()
    listener = Listener(channels)
    works.hub.join(listener)
    gone = asyncio.create_task(_until_gone(receive))
    try:
        start, after = works.hub.position, _after(scope)
        missed = await works.hub.missed_since(channels, after) if after is not None and after < start else []
        headers = [
            (b"content-type", b"text/event-stream; charset=utf-8"),
            (b"cache-control", b"no-store"),
            (b"x-accel-buffering", b"no"),
        ]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        hello = Message("", start, "afresh" if missed is None else "hello", {})
        # The newest position last: a stream that is cut in between resumes before what it has not got yet.
        backlog = [*(m for m in missed or () if m.position <= start), hello]
        await send({"type": "http.response.body", "body": b"".join(map(_lines, backlog)), "more_body": True})
        await _pump(listener, gone, send, start, still)
    finally:
        works.hub.leave(listener)
        gone.cancel()


async def _pump(listener: Listener, gone: asyncio.Task[None], send: Send, start: int, still: Check | None) -> None:
    due = time.monotonic() + (RECHECK_S if still else KEEP_ALIVE_S)
    while not gone.done():
        message: Message | None = None
        with contextlib.suppress(TimeoutError):
            # Until the next check, not a whole pause from the last message: messages would put the check off for ever.
            message = await _next(listener, gone, max(0.0, due - time.monotonic()) if still else KEEP_ALIVE_S)
            if message is None:
                await send({"type": "http.response.body", "body": b"", "more_body": False})
                return
        if still and (message is None or time.monotonic() >= due):
            try:
                await still()
            except Refusal:
                await send({"type": "http.response.body", "body": b"", "more_body": False})
                return
            due = time.monotonic() + RECHECK_S
        if message is None:
            await send({"type": "http.response.body", "body": b": \n\n", "more_body": True})
        elif message.position > start or message.event == "place":  # a place is nothing that happened: never too old
            await send({"type": "http.response.body", "body": _lines(message), "more_body": True})


async def _next(listener: Listener, gone: asyncio.Task[None], within: float) -> Message | None:
    """The next message, ``None`` when the stream is over; a timeout when it stays quiet."""
    waiting = asyncio.create_task(listener.queue.get())
    done, _pending = await asyncio.wait({waiting, gone}, timeout=within, return_when=asyncio.FIRST_COMPLETED)
    if waiting in done:
        return waiting.result()
    waiting.cancel()
    if gone in done:
        return None
    raise TimeoutError


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def board(works: Works, scope: Scope, receive: Receive, send: Send, match: re.Match[str]) -> None:
    """The public displays: numbers and desks, nothing else."""
    mall = await default_mall()
    await _stream(works, scope, receive, send, frozenset({f"board:{mall}"}))


async def floor(works: Works, scope: Scope, receive: Receive, send: Send, match: re.Match[str]) -> None:
    """The manager's and the help desk's view of the whole hall."""
    mall = await default_mall()

    async def still() -> None:
        allowed_floor(await identity_of(scope), mall)

    await still()
    await _stream(works, scope, receive, send, frozenset({f"floor:{mall}"}), still)


async def desk(works: Works, scope: Scope, receive: Receive, send: Send, match: re.Match[str]) -> None:
    """One desk: its own steps, and a nudge when somebody it can serve has become free."""
    number = int(match["desk"])

    async def still() -> None:
        require_desk(works, await identity_of(scope), number)

    await still()
    await _stream(works, scope, receive, send, frozenset({f"desk:{number}"}), still)


async def visit(works: Works, scope: Scope, receive: Receive, send: Send, match: re.Match[str]) -> None:
    """The holder of the slip follows her own visit."""
    row = await run(works.pool, VISIT_OF_TOKEN, {"token": match["token"]})
    if row is None:
        raise refusals.NoSuchVisit()
    await _stream(works, scope, receive, send, frozenset({f"visit:{row[0]}"}))
