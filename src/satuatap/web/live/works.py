"""What every handler of the front works with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from satuatap.web.live.hub import Hub


@dataclass(frozen=True, slots=True)
class Works:
    """The pool of connections and the process's reader of the journal."""

    pool: AsyncConnectionPool[AsyncConnection[Any]]
    hub: Hub
