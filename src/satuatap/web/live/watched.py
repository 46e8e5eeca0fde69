"""One request from outside: its number, which stands in every log line about it and in the answer, and its time.

Whatever answers it (Django, a file, a hot endpoint, a stream, a refusal), the browser is told the same limits.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import MutableMapping
from functools import cache
from time import perf_counter
from typing import Any

from csp.utils import build_policy
from django.conf import settings
from structlog.contextvars import bind_contextvars

from satuatap.web.headers import PERMISSIONS, RESOURCES
from satuatap.web.live.http import Scope, Send, header
from satuatap.web.live.metrics import counts

GIVEN = re.compile(r"[A-Za-z0-9-]{8,64}")
HEADER = b"x-request-id"
Header = tuple[bytes, bytes]


@cache
def safety() -> tuple[Header, ...]:
    """What Django's middleware gives its own pages, for answers that never passed it."""
    return (
        (b"content-security-policy", build_policy().encode()),
        (b"x-content-type-options", b"nosniff"),
        (b"x-frame-options", settings.X_FRAME_OPTIONS.encode()),
        (b"referrer-policy", settings.SECURE_REFERRER_POLICY.encode()),
        (b"permissions-policy", PERMISSIONS.encode()),
        (b"cross-origin-resource-policy", RESOURCES.encode()),
    )


def is_encrypted(scope: Scope) -> bool:
    """Whether the caller's side of the city's proxy is HTTPS; what a caller claims without a proxy does not count."""
    said = header(scope, b"x-forwarded-proto") if settings.TRUSTED_PROXIES else ""
    return bool(settings.SECURE_HSTS_SECONDS) and "https" in (said, scope.get("scheme"))


class Watched:
    """Passes an answer on, with the request's number; tells what it was when it is over."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self._send = send
        self._began = perf_counter()
        self._status = 500
        given = header(scope, HEADER) if settings.TRUSTED_PROXIES else ""
        self._encrypted = is_encrypted(scope)
        self._id = given if GIVEN.fullmatch(given) else secrets.token_hex(8)
        bind_contextvars(request=self._id)  # each request is a task of its own, so nobody else's lines get it

    async def send(self, message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self._status = message["status"]
            headers = list(message.get("headers", ()))
            known = {name.lower() for name, _value in headers}
            headers += [one for one in safety() if one[0] not in known]
            if self._encrypted and b"strict-transport-security" not in known:
                age = f"max-age={settings.SECURE_HSTS_SECONDS}"
                headers.append((b"strict-transport-security", age.encode()))
            message["headers"] = [*headers, (HEADER, self._id.encode())]
        await self._send(message)

    def done(self, route: str, *, is_stream: bool = False) -> None:
        counts.count(route, self._status, None if is_stream else perf_counter() - self._began)
