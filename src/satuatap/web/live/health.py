"""Is this process alive, does it serve, and what are its figures: for service managers, proxies and Prometheus.

``/livez``: the process answers. ``/readyz`` (and ``/healthz``): the database answers and the journal is being read.
"""

from __future__ import annotations

import re

from django.utils.translation import gettext as _
from psycopg.errors import Error
from psycopg_pool import PoolTimeout

from satuatap.web.live import metrics
from satuatap.web.live.http import Forbidden, Receive, Scope, Send, send_json
from satuatap.web.live.works import Works


async def live(works: Works, scope: Scope, receive: Receive, send: Send, match: re.Match[str]) -> None:
    """200 as long as the loop runs: a process that does not answer this is to be started again."""
    await send_json(send, {"live": True})


async def ready(works: Works, scope: Scope, receive: Receive, send: Send, match: re.Match[str]) -> None:
    """200 once everything serves, 503 while the database is away: not a reason to start this process again."""
    is_ready = works.hub.ready.is_set() and works.hub.trouble_since(0) is None
    try:
        async with works.pool.connection(timeout=2) as connection:
            await connection.execute("select 1")
    except (TimeoutError, Error, PoolTimeout):
        is_ready = False
    await send_json(send, {"ready": is_ready}, 200 if is_ready else 503)


async def figures(works: Works, scope: Scope, receive: Receive, send: Send, match: re.Match[str]) -> None:
    """The figures of this process."""
    if not metrics.may_ask(scope):
        raise Forbidden(_("Angka server hanya untuk mesin ini sendiri atau dengan tokennya."))
    body = metrics.text(works)
    headers = [
        (b"content-type", metrics.CONTENT_TYPE),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


HANDLERS = (live, ready, figures)  # they answer also while the journal is not read
