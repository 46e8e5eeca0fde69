"""What theory says of a line: its waits, which formula says so, and what would mend it."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf


@dataclass(frozen=True, slots=True)
class Waits:
    """Minutes from arrival to the desk over everybody of the day: mean, 90th percentile, share that waits at all.

    ``left_over`` is how many are expected to stand in line when the last stretch ends. ``basis`` names the theory.
    """

    mean: float
    p90: float
    waits: float
    left_over: float
    basis: str = "M(t)/G/c, chain"


@dataclass(frozen=True, slots=True)
class Remedy:
    """``desks`` more all day, or ``hours`` more of opening: what the 90th percentile becomes, and the price a year."""

    desks: int
    hours: int
    p90: float
    price: float


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whether a promise of ``promised`` minutes (90th percentile) holds; if not, the remedies, cheapest first."""

    waits: Waits
    promised: float
    remedies: tuple[Remedy, ...]

    @property
    def holds(self) -> bool:
        return self.waits.p90 <= self.promised

    @property
    def too_long(self) -> float:
        """By how many minutes the promise is broken; 0 where it holds."""
        return max(0.0, self.waits.p90 - self.promised) if self.waits.p90 < inf else inf
