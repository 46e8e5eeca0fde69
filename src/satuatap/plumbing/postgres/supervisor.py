"""The thread that owns the server process: starts it, reaps it, starts it again when it was killed."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable

from satuatap.plumbing.postgres.cluster import Cluster
from satuatap.plumbing.postgres.troubles import DatabaseTrouble

log = logging.getLogger(__name__)

# A server that dies this often is ill, not killed.
RESTARTS, WITHIN = 10, 60.0


class Supervisor(threading.Thread):
    """One server, kept alive. The kernel ends the server when the thread that made it ends, so this one stays."""

    def __init__(self, cluster: Cluster, given_up: Callable[[DatabaseTrouble], None]) -> None:
        super().__init__(name="postgres", daemon=True)
        self.cluster = cluster
        self.trouble: DatabaseTrouble | None = None
        self.restarts = 0
        self._given_up = given_up
        self._first = threading.Event()
        self._stopping = threading.Event()

    def start_and_wait(self) -> None:
        """Begin, and return when the server answers; its trouble is raised here."""
        self.start()
        self._first.wait()
        if self.trouble is not None:
            raise self.trouble

    def stop(self) -> None:
        """End the server, then this thread."""
        self._stopping.set()
        if self.is_alive():
            self.join(30)

    def run(self) -> None:
        try:
            self.cluster.start()
        except DatabaseTrouble as trouble:
            self.trouble = trouble
            return
        except OSError as problem:
            self.trouble = DatabaseTrouble(
                f"Basis data tidak dapat dimulai: {problem}. Periksa hak dan ruang disk.",
                f"The database can't start: {problem}. Check rights and disk space.",
            )
            return
        finally:
            self._first.set()
        try:
            self._keep()
        except DatabaseTrouble as trouble:
            self.trouble = trouble
            self._given_up(trouble)
        finally:
            self.cluster.stop()

    def _keep(self) -> None:
        lately: deque[float] = deque(maxlen=RESTARTS)
        while not self._stopping.wait(0.1):
            if self.cluster.is_running():  # reaps it: while a dead one is a zombie, none can start
                continue
            now = time.monotonic()
            if len(lately) == RESTARTS and now - lately[0] < WITHIN:
                raise DatabaseTrouble(
                    f"PostgreSQL mati berulang kali: {self.cluster.last_words()}. Lihat {self.cluster.log}",
                    f"PostgreSQL died again and again: {self.cluster.last_words()}. See {self.cluster.log}",
                )
            lately.append(now)
            log.warning("PostgreSQL died; starting it again")
            self._again()
            self.restarts += 1

    def _again(self) -> None:
        """Its orphaned workers need a moment to notice; until then a new one may be refused."""
        for attempt in range(20):
            try:
                self.cluster.restart()
                return
            except DatabaseTrouble:
                if attempt == 19 or self._stopping.wait(0.3):
                    raise
