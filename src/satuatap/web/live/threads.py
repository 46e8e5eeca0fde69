"""Threads of the front for the few reads that go through Django: few, because each keeps a connection of its own.

asyncio's own executor grows with the machine's processors, and the database server has a fixed number of connections.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, ParamSpec, TypeVar

from asgiref.sync import sync_to_async
from django.db import close_old_connections

P = ParamSpec("P")
T = TypeVar("T")

FEW = ThreadPoolExecutor(4, thread_name_prefix="front-reads")


def in_a_thread(read: Callable[P, T]) -> Callable[P, Coroutine[Any, Any, T]]:
    """The same read for the front's loop, in one of a few threads; a connection that died is not used again."""

    @functools.wraps(read)
    def fresh(*words: P.args, **named: P.kwargs) -> T:
        close_old_connections()
        return read(*words, **named)

    return sync_to_async(fresh, thread_sensitive=False, executor=FEW)
