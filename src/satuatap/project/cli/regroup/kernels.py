"""``satuatap regroup kernels``: the engines' loops are compiled by using them once on a small city."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

from satuatap.engines.regroup import doubt, generate, reading
from satuatap.engines.regroup.front import front
from satuatap.engines.regroup.solve import regroup
from satuatap.engines.regroup.stopping import Deadline
from satuatap.engines.regroup.why import why_not
from satuatap.engines.rosters.problem import Line, Stretch
from satuatap.engines.rosters.solve import judge
from satuatap.project.kernels_stamp import note

SECONDS = 1.0
LAST = 19  # niceness: whatever else wants the machine goes first


def make(mark: Path | None) -> int:
    """Compile, and note it in a file; 0. Whoever began it may end: then this ends too."""
    os.nice(LAST)
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    raw = generate.city(6, 4, 1)
    problem = reading.read(raw).problem
    assert problem is not None
    answer = regroup(problem, 200)
    answer = regroup(problem, Deadline(SECONDS))
    if answer.plan is not None:
        unit = problem.units[0].id
        other = next(b.id for b in problem.buildings if b.id != answer.plan[unit])
        why_not(problem, unit, other, answer, stop=lambda: 200)
        doubt.doubt(raw, answer.plan, draws=2)
        for _point in front(problem, "one_off", points=2, stop=200):
            pass
    judge(Line("contoh", 5.0, 1.0, (Stretch(60.0, 6.0, 1), Stretch(60.0, 6.0, 2))), 10.0)
    if mark is not None:
        note(mark)
    return 0


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)
