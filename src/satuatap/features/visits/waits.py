"""How long until called, as a range with its basis. Pure.

Minutes beside an errand are always until called: the 10th to 90th percentile of the step's calls in the last 60 mall
minutes, else of the same half hour on past days, else from the expected service time (synthetic, tagged). Under ten
cases the first two say nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, sqrt

from satuatap.features.visits.rules import percentile

FEWEST_CASES = 10
LOW, HIGH = 0.10, 0.90
Z90 = 1.2816  # the normal's 90th percentile
SERVICE_CV = 0.7  # spread of service times about their mean (assumed; tagged wherever it is used)

LAST_HOUR, PAST_DAYS, SYNTHETIC = "last_hour", "past_days", "synthetic"


@dataclass(frozen=True, slots=True)
class MinutesRange:
    """A wait in whole minutes, from when it is shown until the call; ``basis`` says where it comes from."""

    low: int
    high: int
    basis: str
    cases: int

    @property
    def enough(self) -> bool:
        """Whether it rests on real cases ("belum cukup data" otherwise)."""
        return self.basis != SYNTHETIC

    def after(self, waited: float) -> MinutesRange:
        """The same range for somebody who has waited ``waited`` minutes already."""
        low, high = max(0, floor(self.low - waited)), max(1, ceil(self.high - waited))
        return MinutesRange(low, high, self.basis, self.cases)


def from_cases(minutes: Sequence[float], basis: str) -> MinutesRange | None:
    """The range of real cases; ``None`` when there are too few."""
    if len(minutes) < FEWEST_CASES:
        return None
    values = sorted(minutes)
    low, high = floor(percentile(values, LOW)), ceil(percentile(values, HIGH))
    return MinutesRange(low, max(high, low + 1), basis, len(values))


def from_load(ahead_minutes: float, ahead: int, desks: int, cases: int) -> MinutesRange:
    """A range from expected service times alone: ``ahead`` people with ``ahead_minutes`` of work for ``desks`` desks.

    Mean = work / desks; variance = the sum of independent services of CV 0.7 / desks^2; a quarter of the mean is added
    to the spread, because the order among several lines is not first come, first served.
    """
    servers = max(desks, 1)
    mean = ahead_minutes / servers
    each = ahead_minutes / ahead if ahead else 0.0
    spread = sqrt(ahead) * SERVICE_CV * each / servers + 0.25 * mean
    low, high = max(0.0, mean - Z90 * spread), mean + Z90 * spread
    return MinutesRange(floor(low), max(ceil(high), floor(low) + 2), SYNTHETIC, cases)


def pick_range(last_hour: Sequence[float], past_days: Sequence[float], load: MinutesRange) -> MinutesRange:
    """The best basis that has enough cases."""
    return from_cases(last_hour, LAST_HOUR) or from_cases(past_days, PAST_DAYS) or load
