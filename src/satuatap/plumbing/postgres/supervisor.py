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
# One that can't start at all (a full disk, a disk that is gone) is tried for so long, while the web answers with a
# sentence: whoever mends the cause needs not know that anything is to be started.
PATIENCE_S, PAUSE_S, LONGEST_PAUSE_S = 1800.0, 0.3, 5.0


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
            self.trouble = cannot_start(problem)
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
        until, pause = time.monotonic() + PATIENCE_S, PAUSE_S
        while True:
            try:
                self.cluster.restart()
                return
            except DatabaseTrouble as problem:
                trouble = problem
            except OSError as problem:  # no room for its log, or its disk is gone
                trouble = cannot_start(problem)
            if time.monotonic() > until:
                raise trouble
            if pause >= 1.0:
                log.error("PostgreSQL can't start, tried again: %s", trouble.english)
            if self._stopping.wait(pause):
                return
            pause = min(LONGEST_PAUSE_S, pause * 1.5)


def cannot_start(problem: OSError) -> DatabaseTrouble:
    """What the machine refused."""
    return DatabaseTrouble(
        f"Basis data tidak dapat dimulai: {problem}. Periksa hak dan ruang disk.",
        f"The database can't start: {problem}. Check rights and disk space.",
    )
