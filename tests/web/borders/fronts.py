"""The front's own handlers, asked up to their border: what goes on to the front's database was let through."""

from __future__ import annotations

import asyncio
import inspect
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest
from asgiref.sync import SyncToAsync
from django.db import connections

from satuatap.basics.refusal import Refusal
from satuatap.features.malls import queries as malls
from satuatap.web.live import hot, identity, streams, wanted
from satuatap.web.live.front import ROUTES
from tests.web.borders import tables
from tests.web.borders.world import World


class Reached(Exception):
    """The border is behind it."""


class _Pool:
    def connection(self, *_words: object, **_named: object) -> Any:
        raise Reached


class _Hub:
    """Knows where each desk stands, as the front's hub does; whoever would listen to it was let through."""

    def __init__(self, world: World) -> None:
        rows = [place for it in world.sides.values() if (place := malls.desk_place(it.desk))]
        self.names = SimpleNamespace(places={place.desk: (place.mall, place.booth) for place in rows})

    @property
    def streams(self) -> int:
        raise Reached


@contextmanager
def without_threads() -> Iterator[None]:
    """The front reads Django's tables in threads of their own; here in this one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        for module in (identity, hot, wanted, streams):
            for name, value in list(vars(module).items()):
                if isinstance(value, SyncToAsync):
                    patch.setattr(module, name, _direct(inspect.unwrap(value.func)))
        yield


def _direct(read: Any) -> Any:
    async def now(*words: Any, **named: Any) -> Any:
        return read(*words, **named)

    return now


def ask(world: World, method: str, path: str, body: Mapping[str, Any], headers: Mapping[str, str]) -> str:
    """The cell of this address: ``yes`` when the handler went on to the database."""
    handler, match = next(
        (h, m) for way, pattern, h, _json in ROUTES if way == method and (m := pattern.fullmatch(path))
    )
    told = {"host": "testserver", "origin": "http://testserver", "content-type": "application/json", **headers}
    scope = {
        "type": "http", "method": method, "path": path, "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in told.items()],
    }  # fmt: skip
    with without_threads():
        return asyncio.run(_reach(world, handler, scope, json.dumps(body).encode(), match))


async def _reach(world: World, handler: Any, scope: Any, body: bytes, match: re.Match[str]) -> str:
    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body}

    async def send(_message: Any) -> None:
        raise AssertionError("a handler of the front answered without its database")

    try:
        await handler(SimpleNamespace(pool=_Pool(), hub=_Hub(world)), scope, receive, send, match)
    except Reached:
        return "yes"
    except Refusal as refusal:
        return tables.cell(refusal.status, "", wrote=False)
    finally:
        connections.close_all()  # those of this loop: it reads on connections of its own
    return "yes"
