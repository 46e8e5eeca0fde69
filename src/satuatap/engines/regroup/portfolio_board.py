"""What the parts of the portfolio share: the best plan, the best bound, and who wants to hear of either."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable

import numpy as np

from satuatap.engines.regroup.core import Core, Ints, broken, cost_of
from satuatap.engines.regroup.stopping import Stop

Progress = Callable[[float, float | None, float], None]
Better = Callable[[Ints], None]
CLOSED = 1e-7  # relative gap that counts as proved: the solvers' own tolerance


class Board:
    """Best plan and bound under one lock. Plans are judged by the core's own functions before they count."""

    def __init__(self, core: Core, grain: float, stop: Stop, progress: Progress | None) -> None:
        self.core, self.grain, self.outer, self.progress = core, grain, stop, progress
        self.began = time.monotonic()
        self.plan: Ints | None = None
        self.cost = math.inf
        self.bound = -math.inf
        self.infeasible = False
        self.better: Better | None = None  # hears each plan that is better than all before
        self.lock = threading.Lock()

    def offer(self, plan: Ints | None) -> bool:
        """A plan found by any part; whether it is the best feasible one so far."""
        if plan is None or broken(self.core, plan):
            return False
        cost = cost_of(self.core, plan)
        with self.lock:
            if not cost < self.cost:
                return False
            self.plan, self.cost = plan.astype(np.int64).copy(), cost
            if self.better is not None:
                self.better(self.plan)
        self.tell()
        return True

    def raise_bound(self, bound: float) -> None:
        """A bound proved by any part, rounded up to the grain of the costs; the bound never falls."""
        if self.grain and math.isfinite(bound):
            bound = math.ceil(bound / self.grain - 1e-4) * self.grain
        with self.lock:
            if not bound > self.bound:
                return
            self.bound = bound
        self.tell()

    def tell(self) -> None:
        """Progress: seconds since the beginning, best cost or None, bound."""
        if self.progress is not None:
            best = self.cost if math.isfinite(self.cost) else None
            self.progress(time.monotonic() - self.began, best, min(self.bound, self.cost))

    def cutoff(self) -> float:
        """A node whose bound reaches this cannot lead to a better plan."""
        if not math.isfinite(self.cost):
            return math.inf
        return self.cost - max(0.5 * self.grain, CLOSED * abs(self.cost))

    def closed(self) -> bool:
        """Whether the best plan is proved."""
        return self.infeasible or self.bound >= self.cutoff()

    def over(self) -> bool:
        """Whether the parts should end: proved, or the caller's stop."""
        return self.closed() or self.outer()
