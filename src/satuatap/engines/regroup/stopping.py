"""When a computation must end: a moment on the clock, a number of moves, or whatever the caller says."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

Stop = Callable[[], bool]


def never() -> bool:
    """Goes on until the work is done."""
    return False


@dataclass(slots=True)
class Deadline:
    """True once ``seconds`` have passed since it was made; ``left`` lets a solver plan its time."""

    seconds: float
    began: float = field(default_factory=time.monotonic)

    def __call__(self) -> bool:
        return time.monotonic() - self.began >= self.seconds

    def left(self) -> float:
        """Seconds that remain, never below 0."""
        return max(0.0, self.seconds - (time.monotonic() - self.began))


@dataclass(frozen=True, slots=True)
class Either:
    """True as soon as one of two stops is."""

    first: Stop
    second: Stop

    def __call__(self) -> bool:
        return self.first() or self.second()

    def left(self) -> float:
        """The shorter of what the two have left."""
        return min(seconds_left(self.first), seconds_left(self.second))


def seconds_left(stop: Stop, otherwise: float = 1e9) -> float:
    """What remains by the stop's own account, or ``otherwise`` where it has none."""
    left = getattr(stop, "left", None)
    return float(left()) if left is not None else otherwise
