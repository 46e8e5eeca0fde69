"""The front's own few connections: autocommit, prepared statements, one statement a transaction."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from psycopg import AsyncConnection
from psycopg.conninfo import make_conninfo
from psycopg.errors import UniqueViolation
from psycopg_pool import AsyncConnectionPool

from satuatap.plumbing.alone import is_repeated_key

# Few connections are faster than many: 8 gave 1.5 times the calls of 64 (docs/numbers.md).
SIZE = int(os.environ.get("SATUATAP_FRONT_CONNECTIONS", "8"))
# A try that fails is given up soon and begun anew by whoever asks next (the hub does every two seconds). The pool's own
# pauses double: after a minute without a database it would wait for another minute with one.
RECONNECT_S = 1.5


def conninfo() -> str:
    """libpq's words for Django's default database."""
    db = settings.DATABASES["default"]
    options = dict(db.get("OPTIONS", {}))
    known = {"options", "sslmode", "sslrootcert", "application_name", "service", "passfile", "connect_timeout"}
    extra = {key: value for key, value in options.items() if key in known}
    parts = {
        "dbname": db["NAME"],
        "user": db["USER"],
        "password": db["PASSWORD"],
        "host": db["HOST"],
        "port": db["PORT"],
    }
    return make_conninfo(**{k: v for k, v in parts.items() if v}, **extra)


async def _configure(connection: AsyncConnection[Any]) -> None:
    await connection.set_autocommit(True)
    connection.prepare_threshold = 0
    await connection.execute("set plan_cache_mode = force_generic_plan")
    await connection.execute("set jit = off")
    await connection.execute("set timezone = 'UTC'")


def make_pool(size: int = SIZE) -> AsyncConnectionPool[AsyncConnection[Any]]:
    """The pool; opened and closed by the front's lifespan."""
    return AsyncConnectionPool(
        conninfo(), min_size=min(2, size), max_size=size, open=False, configure=_configure, timeout=10, max_idle=60,
        reconnect_timeout=RECONNECT_S,
    )  # fmt: skip


async def run(pool: AsyncConnectionPool[AsyncConnection[Any]], sql: str, params: Mapping[str, Any]) -> Any:
    """Run one statement alone and return its first row, if any."""
    async with pool.connection() as connection:
        return await _row(connection, sql, params)


async def _row(connection: AsyncConnection[Any], sql: str, params: Mapping[str, Any]) -> Any:
    # Two presses with one key at the same instant: the second finds nothing to do, as in plumbing.alone.
    try:
        cursor = await connection.execute(sql, params, prepare=True)
        return await cursor.fetchone() if cursor.description else None
    except UniqueViolation as problem:
        if not is_repeated_key(problem):
            raise
        return None


async def talk(pool: AsyncConnectionPool[AsyncConnection[Any]], conversation: Any) -> Any:
    """Hold a conversation of statements (see ``visits.statements.calling``), each alone; returns its answer."""
    async with pool.connection() as connection:
        ask = next(conversation)
        try:
            while True:
                sql, params, wait = ask
                if wait:
                    await asyncio.sleep(wait)
                ask = conversation.send(await _row(connection, sql, params))
        except StopIteration as done:
            return done.value
