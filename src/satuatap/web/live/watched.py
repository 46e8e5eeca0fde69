"""One request from outside: its number, which stands in every log line about it and in the answer, and its time."""

from __future__ import annotations

import re
import secrets
from collections.abc import MutableMapping
from time import perf_counter
from typing import Any

from django.conf import settings
from structlog.contextvars import bind_contextvars

from satuatap.web.live.http import Scope, Send, header
from satuatap.web.live.metrics import counts

GIVEN = re.compile(r"[A-Za-z0-9-]{8,64}")
HEADER = b"x-request-id"


class Watched:
    """Passes an answer on, with the request's number; tells what it was when it is over."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self._send = send
        self._began = perf_counter()
        self._status = 500
        given = header(scope, HEADER) if settings.TRUSTED_PROXIES else ""
        self._id = given if GIVEN.fullmatch(given) else secrets.token_hex(8)
        bind_contextvars(request=self._id)  # each request is a task of its own, so nobody else's lines get it

    async def send(self, message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self._status = message["status"]
            message["headers"] = [*message.get("headers", ()), (HEADER, self._id.encode())]
        await self._send(message)

    def done(self, route: str, *, is_stream: bool = False) -> None:
        counts.count(route, self._status, None if is_stream else perf_counter() - self._began)
