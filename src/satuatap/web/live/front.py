"""The raw ASGI front: hot endpoints and event streams here, everything else to Django's WSGI app in threads.

A hot endpoint answers JSON to a script of this site's own pages (``Accept: application/json``); the same address
without script goes to Django, whose view runs the same statement and answers with a page.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Awaitable, Callable
from typing import Any

from a2wsgi import WSGIMiddleware
from django.core.wsgi import get_wsgi_application
from django.utils.translation import override

from satuatap.basics.refusal import Refusal
from satuatap.web import outages
from satuatap.web.live import health, hot, streams
from satuatap.web.live.http import Receive, Scope, Send, language, send_refusal, wants_json
from satuatap.web.live.hub import Hub
from satuatap.web.live.nudge import set_hub
from satuatap.web.live.places import Places
from satuatap.web.live.pool import make_pool
from satuatap.web.live.watched import Watched
from satuatap.web.live.works import Works

log = logging.getLogger(__name__)

THREADS = 8
AWAY_S = 3.0  # a restart is shorter: until then a request waits, after that it is told at once
Handler = Callable[[Works, Scope, Receive, Send, re.Match[str]], Awaitable[None]]


class Front:
    """One process's front: its pool, its hub and Django behind it."""

    def __init__(self) -> None:
        self.django: Any = WSGIMiddleware(get_wsgi_application(), workers=THREADS)
        pool = make_pool()
        self.works = Works(pool, Hub(pool))
        self.places = Places(self.works.hub)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif scope["type"] == "http":
            await self._http(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": 1000})

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                await self.works.pool.open(wait=False)
                self.works.hub.start()
                self.places.start()
                set_hub(self.works.hub)
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                await self.places.stop()
                await self.works.hub.stop()
                await self.works.pool.close(timeout=2)
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        watched, route, is_stream = Watched(scope, send), "pages", False
        try:
            for method, pattern, handler, json_only in ROUTES:
                match = pattern.fullmatch(scope["path"])
                if match and scope["method"] == method and (wants_json(scope) or not json_only):
                    route, is_stream = handler.__name__, handler.__module__ == streams.__name__
                    await self._answer(handler, scope, receive, watched.send, match)
                    return
            await self.django(scope, receive, watched.send)
        finally:
            watched.done(route, is_stream=is_stream)

    async def _answer(self, handler: Handler, scope: Scope, receive: Receive, send: Send, match: re.Match[str]) -> None:
        with override(language(scope)):
            try:
                if handler not in health.HANDLERS:
                    await self._refuse_without_database()
                await handler(self.works, scope, receive, send, match)
            except Refusal as refusal:
                await send_refusal(send, refusal, scope)
            except outages.ERRORS as problem:
                await send_refusal(send, outages.outage_of(problem), scope)
            except Exception:  # a defect is still told in a sentence that a script can show
                log.exception("a handler of the front failed")
                await send_refusal(send, hot.defect(), scope)

    async def _refuse_without_database(self) -> None:
        """Who presses is not left waiting while the database has been away for a while."""
        trouble = self.works.hub.trouble_since(AWAY_S)
        if trouble is not None:
            raise outages.outage_of(trouble)
        if not await self.works.hub.has_read():
            raise outages.DatabaseAway()


# method, address, handler, for scripts only (a plain form of the same address is Django's)
ROUTES: tuple[tuple[str, re.Pattern[str], Handler, bool], ...] = (
    ("GET", re.compile(r"/(healthz|readyz)"), health.ready, False),
    ("GET", re.compile(r"/livez"), health.live, False),
    ("GET", re.compile(r"/metrics"), health.figures, False),
    ("POST", re.compile(r"/langsung/ambil"), hot.issue, True),
    ("POST", re.compile(r"/langsung/loket/(?P<desk>\d{1,5})/panggil"), hot.call, True),
    ("POST", re.compile(r"/langsung/loket/(?P<desk>\d{1,5})/mulai"), hot.start, True),
    ("POST", re.compile(r"/langsung/loket/(?P<desk>\d{1,5})/selesai"), hot.finish, True),
    ("GET", re.compile(r"/langsung/papan"), streams.board, False),
    ("GET", re.compile(r"/langsung/pantauan"), streams.floor, False),
    ("GET", re.compile(r"/langsung/loket/(?P<desk>\d{1,5})"), streams.desk, False),
    ("GET", re.compile(r"/langsung/kunjungan/(?P<token>[\w-]{16,40})"), streams.visit, False),
    # the same handlers for programs with a key; web/api describes these addresses
    ("POST", re.compile(r"/api/v1/malls/(?P<mall>[a-zA-Z0-9_-]{1,60})/tickets"), hot.issue, False),
    ("POST", re.compile(r"/api/v1/desks/(?P<desk>[0-9]{1,5})/call"), hot.call, False),
    ("POST", re.compile(r"/api/v1/desks/(?P<desk>[0-9]{1,5})/start"), hot.start, False),
    ("POST", re.compile(r"/api/v1/desks/(?P<desk>[0-9]{1,5})/finish"), hot.finish, False),
)

application = Front()
