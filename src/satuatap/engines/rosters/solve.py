"""The verbs: how long citizens will wait on this day, and whether a promise holds and what would mend it.

The line is M(t)/G/c: arrivals as a Poisson process whose rate changes with the stretch, a general service, a number of
desks that changes. Its states are followed through the day exactly for exponential service (the forward equations, by
uniformisation); a service that varies otherwise changes how much the line varies, not where it drifts: the line is
counted in units of (1 + cv^2) / 2 people, which in a steady state is the formula of Allen and Cunneen (A. O. Allen,
Probability, Statistics and Queueing Theory, 1978) and above load 1 the fluid of ``theory``.
"""

from __future__ import annotations

from dataclasses import replace
from math import ceil

import numpy as np
from numpy.typing import NDArray

from satuatap.engines.rosters import kernel
from satuatap.engines.rosters.answer import Judgement, Remedy, Waits
from satuatap.engines.rosters.problem import Line, Prices, RosterFault, Stretch

STEP_MINUTES = 2.0
FINEST = 0.05  # minutes: the grid of waits is at most this or a two-thousandth of the longest wait looked at
SMALLEST_UNIT = 0.5  # (1 + 0) / 2: a service that always takes the same time
LEAST_STATES = 64
MOST_STATES = 40_000
MOST_MORE_DESKS = 50
MOST_MORE_HOURS = 6

Numbers = NDArray[np.float64]


def expect(line: Line) -> Waits:
    """Mean and 90th percentile of the wait until a desk, over everybody who comes in this day.

    Raises ``RosterFault`` where nobody comes. Who waits through a change of desks is served by the desks of then.
    """
    if line.arrivals <= 0:
        raise RosterFault(f"{line.name}: nobody comes in this day; there is no wait to speak of")
    unit = max(SMALLEST_UNIT, (1 + line.service_cv**2) / 2)
    grid = _grid(line)
    tail, mass, waits, left = np.zeros(grid.size), 0.0, 0.0, 0.0
    chance = np.zeros(_states(line, unit))
    chance[0], before, start = 1.0, line.day[0].desks, 0.0
    for one in line.day:
        chance = kernel.remap(chance, before, one.desks, unit)
        before = one.desks
        steps = max(1, ceil(one.minutes / STEP_MINUTES))
        each = one.minutes / steps
        rate = one.arrivals / one.minutes
        for number in range(steps):
            middle = kernel.advance(chance, rate, 1 / line.service_minutes, one.desks, unit, each / 2)
            if rate > 0:
                served = _served(line, unit, start + (number + 0.5) * each, grid)
                tail += rate * each * kernel.beyond(middle, one.desks, served)
                waits += rate * each * float(middle[one.desks :].sum())
                mass += rate * each
            chance = kernel.advance(middle, rate, 1 / line.service_minutes, one.desks, unit, each / 2)
        start += one.minutes
        left = float(chance[one.desks :] @ np.arange(chance.size - one.desks)) * unit
    tail /= mass
    mean = float(np.sum((tail[1:] + tail[:-1]) / 2 * np.diff(grid)))
    return Waits(mean, _quantile(grid, tail, 0.9), waits / mass, left)


def judge(line: Line, promised: float, prices: Prices | None = None) -> Judgement:
    """Whether nine in ten are at a desk within ``promised`` minutes; if not, the least more of each remedy that does.

    A desk more serves all day but in breaks; an hour more lets the same citizens come over a longer day. Remedies are
    ordered by price, without prices by how little they are.
    """
    if not np.isfinite(promised) or promised < 0:
        raise RosterFault("a promise must be a number of minutes of at least 0")
    waits = expect(line)
    if waits.p90 <= promised:
        return Judgement(waits, promised, ())
    found = [one for one in (_more_desks(line, promised), _more_hours(line, promised)) if one is not None]
    if prices is not None:
        found = [replace(one, price=one.desks * prices.desk + one.hours * prices.hour) for one in found]
    return Judgement(waits, promised, tuple(sorted(found, key=lambda one: (one.price, one.desks + one.hours))))


def with_desks(line: Line, more: int) -> Line:
    """The same day with so many desks more wherever there are any."""
    day = tuple(replace(one, desks=one.desks + more if one.desks else 0) for one in line.day)
    return replace(line, day=day)


def with_hours(line: Line, more: int) -> Line:
    """The same citizens over a day longer by so many hours: fewer in each stretch, the rest in one more at the end."""
    long = sum(one.minutes for one in line.day)
    share = long / (long + 60.0 * more)
    desks = next(one.desks for one in reversed(line.day) if one.desks)
    day = tuple(replace(one, arrivals=one.arrivals * share) for one in line.day)
    return replace(line, day=(*day, Stretch(60.0 * more, line.arrivals * (1 - share), desks)))


def _more_desks(line: Line, promised: float) -> Remedy | None:
    for more in range(1, MOST_MORE_DESKS + 1):
        p90 = expect(with_desks(line, more)).p90
        if p90 <= promised:
            return Remedy(more, 0, p90, 0.0)
    return None


def _more_hours(line: Line, promised: float) -> Remedy | None:
    room = (24 * 60 - sum(one.minutes for one in line.day)) // 60
    for more in range(1, min(MOST_MORE_HOURS, int(room)) + 1):
        p90 = expect(with_hours(line, more)).p90
        if p90 <= promised:
            return Remedy(0, more, p90, 0.0)
    return None


def _most_in_line(line: Line) -> float:
    """More people than the line can be thought to hold: the surplus of a fluid, and eight deviations on top."""
    backlog, worst, came = 0.0, 0.0, 0.0
    for one in line.day:
        backlog = max(0.0, backlog + one.arrivals - one.minutes * one.desks / line.service_minutes)
        worst, came = max(worst, backlog), came + one.arrivals
    spread = (came * (1 + line.service_cv**2)) ** 0.5
    return worst + 8 * spread + 20


def _states(line: Line, unit: float) -> int:
    desks = max(one.desks for one in line.day)
    states = desks + ceil(_most_in_line(line) / unit) + desks + LEAST_STATES
    if states > MOST_STATES:
        raise RosterFault(f"{line.name}: the line would hold over {MOST_STATES} people; check arrivals and desks")
    return states


def _grid(line: Line) -> Numbers:
    """Waits to look at, from 0 to as long as the longest line could take, breaks included."""
    least = min(one.desks for one in line.day if one.desks)
    longest = _most_in_line(line) * line.service_minutes / least
    longest += sum(one.minutes for one in line.day if one.desks == 0) + 10 * line.service_minutes
    near = np.arange(0.0, min(longest, 60.0), max(FINEST, min(longest, 60.0) / 400))
    return np.concatenate([near, np.linspace(min(longest, 60.0), max(longest, 61.0), 400)])


def _served(line: Line, unit: float, moment: float, grid: Numbers) -> Numbers:
    """Units expected to be served between ``moment`` and each wait after it, every desk busy."""
    ends = np.cumsum([one.minutes for one in line.day])
    last = next(one.desks for one in reversed(line.day) if one.desks)
    edges = np.concatenate([[0.0], ends, [ends[-1] + grid[-1] + 1.0]])
    desks = np.array([one.desks for one in line.day] + [last], dtype=float)
    done = np.concatenate([[0.0], np.cumsum(desks * np.diff(edges))]) / (line.service_minutes * unit)
    found: Numbers = np.interp(moment + grid, edges, done) - np.interp(moment, edges, done)
    return found


def _quantile(grid: Numbers, tail: Numbers, share: float) -> float:
    """The wait that ``share`` of all stay within."""
    left = 1 - share
    if tail[0] <= left:
        return 0.0
    after = int(np.argmax(tail <= left)) if bool((tail <= left).any()) else grid.size - 1
    high, low = tail[after - 1], tail[after]
    part = 1.0 if high == low else float((high - left) / (high - low))
    return float(grid[after - 1] + min(part, 1.0) * (grid[after] - grid[after - 1]))
