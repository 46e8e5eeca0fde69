"""Does the machine's clock jump? It is held against one that nobody sets: pure, both clocks are arguments.

A clock that is set (by hand, by a time server after hours without one, by a battery that died) moves against the
clock that counts since the machine was started. Until a jump is believed or taken back, nothing is to be ended by it.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from enum import StrEnum

JUMP_S = 90.0  # what a slow answer or a gentle correction never reaches
HOLD_S = 600.0  # so long somebody may set it right, before it is believed
ASLEEP_S = 30 * 86400.0  # nobody turns a mall off for longer: more is a clock that was set while it was off


class Seen(StrEnum):
    """What one look says."""

    STEADY = "steady"
    JUMPED = "jumped"  # just now
    DOUBT = "doubt"  # it jumped, and that is not decided yet
    RETURNED = "returned"  # it is right again
    BELIEVED = "believed"  # it stayed where it jumped to


def steady_clock() -> float:
    """Seconds since the machine was started, asleep or not; nobody can set it."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


@dataclass(slots=True)
class Watch:
    """Remembers how far the two clocks are apart. ``jumped`` is by how many seconds, while that is in doubt."""

    apart: float | None = None
    jumped: float = 0.0
    _since: float | None = None
    _at_least: bool = False  # only known: not before the newest thing that was written down

    def begin(self, wall: float, steady: float, newest: float | None) -> Seen:
        """The first look: ``newest`` is when the last thing was written down, if anything was."""
        self.apart = wall - steady
        if newest is None or -JUMP_S <= wall - newest <= ASLEEP_S:
            return Seen.STEADY
        self.apart, self._at_least = newest - steady, True
        return self.look(wall, steady)

    def look(self, wall: float, steady: float) -> Seen:
        """One more look; ``wall`` and ``steady`` in seconds, each from any beginning."""
        if self.apart is None:
            self.apart = wall - steady
        moved = wall - steady - self.apart
        right = -JUMP_S <= moved <= (ASLEEP_S if self._at_least else JUMP_S)
        if right:
            seen = Seen.STEADY if self._since is None else Seen.RETURNED
        elif self._since is None or abs(moved - self.jumped) > JUMP_S:
            self._since, self.jumped = steady, moved
            return Seen.JUMPED
        elif steady - self._since < HOLD_S:
            return Seen.DOUBT
        else:
            seen = Seen.BELIEVED
        self.apart, self._since, self._at_least = wall - steady, None, False
        return seen
