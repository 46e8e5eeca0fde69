"""Background jobs (procrastinate): one worker in a thread of the server."""

from __future__ import annotations

import asyncio
import logging
import threading
from typing import Any

from procrastinate.contrib.django import app
from psycopg import Error

log = logging.getLogger(__name__)

AGAIN_AFTER = 2.0


class Worker(threading.Thread):
    """Runs jobs one at a time; a database that went away is waited for."""

    def __init__(self) -> None:
        super().__init__(name="jobs", daemon=True)
        self._loop = asyncio.new_event_loop()
        self._task: asyncio.Task[Any] | None = None
        self._stopped = threading.Event()

    def stop(self) -> None:
        self._stopped.set()
        self._loop.call_soon_threadsafe(self._cancel)

    def _cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()

    def run(self) -> None:
        asyncio.set_event_loop(self._loop)
        while not self._stopped.is_set():
            try:
                self._task = self._loop.create_task(self._work())
                self._loop.run_until_complete(self._task)
            except asyncio.CancelledError:
                break
            except (Error, OSError) as problem:
                log.warning("the worker of jobs lost the database: %s", type(problem).__name__)
            except Exception:  # a worker that ends for any reason is begun again, and the reason is told
                log.exception("the worker of jobs ended")
            self._stopped.wait(AGAIN_AFTER)

    async def _work(self) -> None:
        worker = app.with_connector(app.connector.get_worker_connector())  # type: ignore[attr-defined]
        async with worker.open_async():
            await worker.run_worker_async(
                install_signal_handlers=False, concurrency=1, fetch_job_polling_interval=10, shutdown_graceful_timeout=1
            )
