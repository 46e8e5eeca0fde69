"""Queues with closed forms: Erlang C, Erlang A, and a load that changes through the day.

One line, ``servers`` equal desks, arrivals at ``arrival_rate`` a minute, service of ``service_rate`` a minute each, and
(Erlang A) people who leave the line at ``patience_rate`` a minute each. Rates are per minute, waits in minutes.

Sources: A. K. Erlang 1917 (delay formula); C. Palm 1957 and Garnett, Mandelbaum, Reiman 2002 (patience); Green and
Kolesar 1991 (pointwise stationary approximation); Newell 1982 (fluid queues under overload).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, inf, isfinite, log

POINTWISE_UP_TO = 0.95  # load above which a queue is too far from its steady state within an hour
SMALLEST = 1e-14  # states of less probability, relative to the largest, are left out


@dataclass(frozen=True, slots=True)
class Steady:
    """A line in its steady state: chance to wait, mean wait in minutes, mean in line, share that leaves, load."""

    waits: float
    mean_wait: float
    mean_in_line: float
    leaves: float
    load: float


def _check(arrival_rate: float, service_rate: float, servers: int, patience_rate: float = 0.0) -> None:
    if not all(map(isfinite, (arrival_rate, service_rate, patience_rate))):
        raise ValueError("rates must be finite numbers")
    if arrival_rate < 0 or service_rate <= 0 or patience_rate < 0:
        raise ValueError("arrival_rate and patience_rate must be >= 0, service_rate > 0")
    if servers < 1 or servers != int(servers):
        raise ValueError("servers must be a whole number of at least 1")


def erlang_b(offered: float, servers: int) -> float:
    """Chance that all servers are busy when nobody may wait; ``offered`` = arrivals / service, in erlangs."""
    blocked = 1.0
    for c in range(1, servers + 1):
        blocked = offered * blocked / (c + offered * blocked)
    return blocked


def erlang_c(arrival_rate: float, service_rate: float, servers: int) -> Steady:
    """Everybody waits as long as it takes; ``mean_wait`` is infinite from load 1 on."""
    _check(arrival_rate, service_rate, servers)
    offered = arrival_rate / service_rate
    load = offered / servers
    if load >= 1:
        return Steady(1.0, inf, inf, 0.0, load)
    blocked = erlang_b(offered, servers)
    waits = blocked / (1 - load * (1 - blocked))
    mean = waits / (servers * service_rate - arrival_rate)
    return Steady(waits, mean, arrival_rate * mean, 0.0, load)


def erlang_c_quantile(arrival_rate: float, service_rate: float, servers: int, share: float) -> float:
    """The wait in minutes that ``share`` of all stay within (Erlang C)."""
    if not 0 <= share < 1:
        raise ValueError("share must lie in [0, 1)")
    steady = erlang_c(arrival_rate, service_rate, servers)
    if steady.load >= 1:
        return inf
    beyond = 1 - share
    if steady.waits <= beyond:
        return 0.0
    return log(steady.waits / beyond) / (servers * service_rate - arrival_rate)


def erlang_a(arrival_rate: float, service_rate: float, servers: int, patience_rate: float) -> Steady:
    """People leave a line that lasts; ``load`` is offered work over desks and may exceed 1.

    The chances of each state are those of the birth and death chain, summed until what is left cannot matter.
    """
    _check(arrival_rate, service_rate, servers, patience_rate)
    if patience_rate == 0:
        return erlang_c(arrival_rate, service_rate, servers)
    offered = arrival_rate / service_rate
    if offered == 0:
        return Steady(0.0, 0.0, 0.0, 0.0, 0.0)
    # chances relative to that of "all desks busy, nobody in line" (1), so that nothing overflows
    below, chance = 0.0, 1.0
    for c in range(servers, 0, -1):
        chance *= c / offered
        below += chance
        if chance < SMALLEST * below:
            break
    above, in_line, chance, line = 1.0, 0.0, 1.0, 0
    while chance > SMALLEST * (below + above) or arrival_rate > servers * service_rate + line * patience_rate:
        line += 1
        chance *= arrival_rate / (servers * service_rate + line * patience_rate)
        above += chance
        in_line += line * chance
        if above > 1e200:
            below, above, in_line, chance = below * 1e-200, above * 1e-200, in_line * 1e-200, chance * 1e-200
    whole = below + above
    mean_line = in_line / whole
    return Steady(
        above / whole, mean_line / arrival_rate, mean_line, patience_rate * mean_line / arrival_rate, offered / servers
    )


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the day with one rate and one number of desks; ``minutes`` long."""

    minutes: float
    arrival_rate: float
    servers: int


@dataclass(frozen=True, slots=True)
class SpanWait:
    """What a stretch is expected to be: mean wait, line at its end, load, and which formula says so."""

    mean_wait: float
    line_at_end: float
    load: float
    basis: str  # "pointwise" or "fluid"


def through_the_day(spans: Sequence[Span], service_rate: float, patience_rate: float = 0.0) -> list[SpanWait]:
    """Waits along a day whose load changes.

    A stretch below load 0.95 without a line carried over is taken in its steady state (Erlang C or A), the pointwise
    approximation. A stretch above it, or one that still clears a line, is a fluid: the line grows with the surplus of
    arrivals and shrinks with the spare desks, deterministically. Each stretch says which it is.
    """
    found: list[SpanWait] = []
    line = 0.0
    for span in spans:
        if span.minutes <= 0:
            raise ValueError("a span must be longer than 0 minutes")
        _check(span.arrival_rate, service_rate, span.servers, patience_rate)
        load = span.arrival_rate / (service_rate * span.servers)
        if load < POINTWISE_UP_TO and line == 0.0:
            steady = erlang_a(span.arrival_rate, service_rate, span.servers, patience_rate)
            found.append(SpanWait(steady.mean_wait, 0.0, load, "pointwise"))
            continue
        mean_line, line = _fluid(span, service_rate, patience_rate, line)
        found.append(SpanWait(mean_line / (service_rate * span.servers), line, load, "fluid"))
    return found


def _fluid(span: Span, service_rate: float, patience_rate: float, line: float) -> tuple[float, float]:
    """Mean line in a stretch and the line at its end: d line/dt = surplus - patience_rate * line, never below 0."""
    surplus = span.arrival_rate - service_rate * span.servers
    if patience_rate > 0:
        level = surplus / patience_rate  # where the line is going

        def at(t: float) -> float:
            return level + (line - level) * exp(-patience_rate * t)

        empty = log((line - level) / -level) / patience_rate if level < 0 else inf
        until = min(span.minutes, empty)
        area = level * until + (line - at(until)) / patience_rate + 0.0
    else:

        def at(t: float) -> float:
            return line + surplus * t

        empty = line / -surplus if surplus < 0 else inf
        until = min(span.minutes, empty)
        area = until * (line + at(until)) / 2
    end = max(0.0, at(span.minutes)) if empty > span.minutes else 0.0
    return area / span.minutes, end
