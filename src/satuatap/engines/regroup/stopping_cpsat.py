"""CP-SAT asks nobody whether it must end; a watcher beside it does."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from ortools.sat.python import cp_model

from satuatap.engines.regroup.stopping import Stop

POLL_S = 0.05


@contextmanager
def stopped_by(solver: cp_model.CpSolver, stop: Stop | None) -> Iterator[None]:
    """While the block runs, the search of ``solver`` ends soon after ``stop`` says so; ``None`` never does."""
    if stop is None:
        yield
        return
    over = threading.Event()

    def watch() -> None:
        while not over.wait(POLL_S):
            if stop():
                solver.stop_search()
                return

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()
