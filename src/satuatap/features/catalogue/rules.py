"""Plan my visit: several services, one list of papers, what comes first, and a fair range of time. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import exp, log, sqrt
from typing import Protocol

MOST_STEPS = 15
SERVICE_CV = 0.7  # spread of desk minutes about their mean (assumed, as in the measured calling policies)
Z90 = 1.2816


class Circle(ValueError):
    """Services that wait for one another."""


@dataclass(frozen=True, slots=True)
class Need:
    """A document that a service asks for; ``issued_by`` names the services that issue it."""

    document: str
    service: str
    always: bool
    condition: str
    issued_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StepRow:
    """A step of a service; ``after`` holds orders of the same service."""

    step_id: int
    service_id: int
    service: str
    order: int
    after: tuple[int, ...]
    minutes: float


@dataclass(frozen=True, slots=True)
class Errand:
    """One errand of the ticket; ``after`` holds positions of earlier errands."""

    service_id: int
    step_id: int
    after: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Before:
    """Why a service comes before another: a rule of the catalogue, or a document it issues."""

    first: str
    then: str
    document: str | None = None


@dataclass(frozen=True, slots=True)
class Paper:
    """A document on the list: for which services, or from which planned service it comes."""

    document: str
    services: tuple[str, ...]
    always: bool
    conditions: tuple[tuple[str, str], ...]  # service, condition
    comes_from: str | None


@dataclass(frozen=True, slots=True)
class DeskTime:
    """Minutes at desks in all: 10th percentile, mean, 90th."""

    low: float
    mean: float
    high: float


@dataclass(frozen=True, slots=True)
class Ordered:
    """The services in an order that respects what must come first, and why."""

    services: tuple[str, ...]
    before: tuple[Before, ...] = field(default=())


def what_comes_first(
    wanted: Sequence[str], sequences: Sequence[tuple[str, str]], needs: Sequence[Need]
) -> list[Before]:
    """Precedence among the wanted services: the catalogue's sequences, and papers that one issues for another.

    A paper makes an edge only when it is always needed, exactly one wanted service issues it, and it closes no circle
    with the sequences and the papers before it: then the old paper will do (the KTP of an unmarried bride).
    """
    asked = set(wanted)
    found = {(a, b): Before(a, b) for a, b in sequences if a in asked and b in asked and a != b}
    for need in needs:
        issuers = [s for s in need.issued_by if s in asked and s != need.service]
        if need.always and need.service in asked and len(issuers) == 1:
            pair = (issuers[0], need.service)
            if pair not in found and not _leads(pair[1], pair[0], found):
                found[pair] = Before(*pair, need.document)
    return [found[pair] for pair in sorted(found)]


def _leads(start: str, end: str, pairs: Iterable[tuple[str, str]]) -> bool:
    """Whether ``start`` comes before ``end`` by these pairs, over however many others."""
    onward: dict[str, list[str]] = {}
    for first, then in pairs:
        onward.setdefault(first, []).append(then)
    seen, ahead = {start}, [start]
    while ahead:
        for place in onward.get(ahead.pop(), ()):
            if place not in seen:
                seen.add(place)
                ahead.append(place)
    return end in seen


def in_order(wanted: Sequence[str], before: Sequence[Before]) -> tuple[str, ...]:
    """A topological order that otherwise keeps the order of the wish; ``Circle`` where there is none."""
    left: list[str] = list(dict.fromkeys(wanted))
    done: list[str] = []
    waits = {s: {b.first for b in before if b.then == s} for s in left}
    while left:
        free = next((s for s in left if waits[s] <= set(done)), None)
        if free is None:
            raise Circle(", ".join(left))
        left.remove(free)
        done.append(free)
    return tuple(done)


def errands_of(
    services: Sequence[str], before: Sequence[Before], steps: Mapping[str, Sequence[StepRow]]
) -> tuple[Errand, ...]:
    """The errands of a ticket: a step after those it names, a first step after all that comes before its service."""
    places: dict[str, dict[int, int]] = {}
    errands: list[Errand] = []
    for service in services:
        rows = sorted(steps.get(service, ()), key=lambda row: row.order)
        own: dict[int, int] = {}
        firsts = [b.first for b in before if b.then == service]
        for row in rows:
            after = {own[order] for order in row.after if order in own}
            if not after:
                after = {place for first in firsts for place in places.get(first, {}).values()}
            own[row.order] = len(errands)
            errands.append(Errand(row.service_id, row.step_id, tuple(sorted(after))))
        places[service] = own
    return tuple(errands)


def papers_of(services: Sequence[str], needs: Sequence[Need]) -> tuple[Paper, ...]:
    """One list without repeats; a paper that a planned service issues is marked as coming from it."""
    planned = list(services)
    found: dict[str, list[Need]] = {}
    for need in needs:
        if need.service in planned:
            found.setdefault(need.document, []).append(need)
    papers = []
    for document, group in found.items():
        issuer = next(
            (
                s
                for s in planned
                if s in group[0].issued_by and any(planned.index(s) < planned.index(n.service) for n in group)
            ),
            None,
        )
        papers.append(
            Paper(
                document,
                tuple(dict.fromkeys(n.service for n in group)),
                any(n.always for n in group),
                tuple((n.service, n.condition) for n in group if n.condition),
                issuer,
            )
        )
    return tuple(sorted(papers, key=lambda p: (p.comes_from is not None, not p.always)))


def desk_time(minutes: Sequence[float]) -> DeskTime:
    """10th to 90th percentile of the sum of independent lognormal desk times, by matching two moments."""
    mean = sum(minutes)
    if mean <= 0:
        return DeskTime(0.0, 0.0, 0.0)
    variance = sum((SERVICE_CV * m) ** 2 for m in minutes)
    s2 = log(1 + variance / mean**2)
    mu = log(mean) - s2 / 2
    return DeskTime(exp(mu - Z90 * sqrt(s2)), mean, exp(mu + Z90 * sqrt(s2)))


class OneStep(Protocol):
    """What a step and its service have in common."""

    agency_id: int
    name: str
    name_en: str
    expected_minutes: float


class SourcedStep(OneStep, Protocol):
    """A step with where it comes from."""

    order: int
    after: Sequence[int]
    lane_note: str
    source: str
    source_year: int | None
    confidence: str
    synthetic: bool
    note: str


def comes_by_itself(step: SourcedStep, service: OneStep) -> bool:
    """Whether a service's only step is the one that it gets when the city's files name none."""
    same = all(getattr(step, name) == getattr(service, name) for name in OneStep.__annotations__)
    silent = not (step.after or step.lane_note or step.source or step.source_year or step.confidence or step.note)
    return same and silent and step.synthetic and step.order == 1
