"""The day before it is played: who comes when, for what, and how long each errand will take. Pure; same seed, same day.

Arrivals per half hour are inferred from public queue data (docs/arrivals.md); the rest (mix, durations, no-shows) is
assumed and marked synthetic there.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass

SERVICE_CV = 0.7
SHARE_SEVERAL = 0.40
SHARE_PRIORITY = 0.20
SHARE_NO_SHOW = 0.04
SHARE_TRANSFER = 0.01
SHARE_RETURN = 0.5
RESULTS = (("done", 90), ("done_pickup", 4), ("documents_missing", 3), ("other_authority", 1), ("central_outage", 1),
           ("not_eligible", 1))  # fmt: skip


@dataclass(frozen=True, slots=True)
class HalfHour:
    """A share of the day's arrivals, from a minute of the day."""

    from_minute: float
    share: float


@dataclass(frozen=True, slots=True)
class Demand:
    """A service and how often it is wanted."""

    service: str
    weight: float


@dataclass(frozen=True, slots=True)
class Bundle:
    """Services that one citizen typically brings together."""

    services: tuple[str, ...]
    weight: float


@dataclass(frozen=True, slots=True)
class Coming:
    """One citizen of the day: minute of the day, services, class, and the seed of what happens to her errands."""

    minute: float
    services: tuple[str, ...]
    priority: bool
    seed: int


@dataclass(frozen=True, slots=True)
class Material:
    """What a day is drawn from."""

    arrivals: Sequence[HalfHour]
    demand: Sequence[Demand]
    bundles: Sequence[Bundle]


def _several(rng: random.Random, material: Material) -> tuple[str, ...]:
    if material.bundles and rng.random() < 0.7:
        weights = [b.weight for b in material.bundles]
        return rng.choices(material.bundles, weights)[0].services[:4]
    count = rng.choices((2, 3, 4), (70, 22, 8))[0]
    chosen: list[str] = []
    while len(chosen) < count:
        service = rng.choices(material.demand, [d.weight for d in material.demand])[0].service
        if service not in chosen:
            chosen.append(service)
    return tuple(chosen)


def draw_day(material: Material, visits: int, seed: int) -> list[Coming]:
    """``visits`` citizens in order of arrival; 40 % with two to four services, 20 % of the priority class."""
    rng = random.Random(seed)
    shares = [h.share for h in material.arrivals]
    day = []
    for _ in range(visits):
        half_hour = rng.choices(material.arrivals, shares)[0]
        minute = half_hour.from_minute + rng.random() * 30
        if rng.random() < SHARE_SEVERAL:
            services = _several(rng, material)
        else:
            services = (rng.choices(material.demand, [d.weight for d in material.demand])[0].service,)
        day.append(Coming(minute, services, rng.random() < SHARE_PRIORITY, rng.getrandbits(32)))
    return sorted(day, key=lambda c: c.minute)


def service_minutes(rng: random.Random, mean: float) -> float:
    """A lognormal service time with the given mean and CV 0.7, at least half a minute."""
    variance = math.log(1 + SERVICE_CV**2)
    return max(0.5, math.exp(rng.gauss(math.log(mean) - variance / 2, math.sqrt(variance))))


def result_of(rng: random.Random) -> str:
    """What comes of an errand."""
    return rng.choices([name for name, _ in RESULTS], [weight for _, weight in RESULTS])[0]
