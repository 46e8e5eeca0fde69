"""What the day came to, by the journal: nothing lost, nothing twice, and the minutes. Pure but for the reading."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection

from satuatap.features.visits.checker import (
    Record,
    VisitThen,
    apply,
    check_lost,
    check_numbers,
    issued,
    unfinished,
)
from satuatap.features.visits.rules import percentile
from satuatap.project.day.client import Answered

OVERTAKEN = timedelta(minutes=90)

ROWS = """
select id, xid::text::bigint, at, kind, visit_id, fact, request::text from journal_entry
where mall = %s and at >= %s order by id
"""


@dataclass(slots=True)
class Check:
    """The day's figures and every problem in a sentence."""

    tickets: int = 0
    errands: int = 0
    served: int = 0
    no_shows: int = 0
    mean_wait_min: float = 0.0
    p90_wait_min: float = 0.0
    mean_in_mall_min: float = 0.0
    lost: int = 0
    doubled: int = 0
    lag_p90_s: float = 0.0
    in_range: float | None = None
    ranges: int = 0
    overtaken_over_90: int = 0
    problems: list[str] = field(default_factory=list)


def read(mall: int, since: datetime) -> tuple[list[Record], dict[str, int | None]]:
    """The journal of the mall since a moment, and of its writes by key whom each was about."""
    with connection.cursor() as cursor:
        cursor.execute(ROWS, [mall, since])
        rows = cursor.fetchall()
    written = {row[6]: row[4] for row in rows if row[6]}
    issued = {row[4] for row in rows if row[3] == "ticket_issued"}
    # Visits left over from an earlier day are ended in this one; they are not of this day.
    rows = [row for row in rows if row[4] is None or row[4] in issued]
    return [
        Record(i, x, at, k, v, json.loads(f) if isinstance(f, str) else f) for i, x, at, k, v, f, _r in rows
    ], written


@dataclass(frozen=True, slots=True)
class Tables:
    """What stands in the tables for a day: its errands by place, and the number of each visit."""

    errands: tuple[tuple[int, int], ...]
    numbers: Mapping[int, int]


def tables(mall: int, day: date) -> Tables:
    """Read the day's visits and errands."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select e.visit_id, e.seq from visits_errand e join visits_visit v on v.id = e.visit_id "
            "where v.mall = %s and v.day = %s",
            [mall, day],
        )
        errands = tuple((visit, seq) for visit, seq in cursor.fetchall())
        cursor.execute("select id, number from visits_visit where mall = %s and day = %s", [mall, day])
        return Tables(errands, dict(cursor.fetchall()))


def check(
    records: Sequence[Record], stands: Tables, answered: Sequence[Answered], written: Mapping[str, int | None],
    shown: Mapping[tuple[int, int], tuple[float, float]],
) -> Check:  # fmt: skip
    """Hold the day against its journal: what stands in the tables, and what was answered."""
    found = Check()
    doubled = check_numbers(records) + other_numbers(records, stands.numbers) + told_twice(answered)
    lost = check_lost(records, stands.errands)
    lost += [f"errand {seq} of visit {visit} never ended ({state})" for visit, seq, state in unfinished(records)]
    lost += not_written(answered, written)
    found.doubled, found.lost, found.problems = len(doubled), len(lost), doubled + lost
    visits = _visits(records)
    found.tickets = len(visits)
    found.errands = sum(len(v.steps) for v in visits.values())
    found.served = sum(1 for r in records if r.kind == "finished")
    found.no_shows = sum(1 for r in records if r.kind == "missed")
    _minutes(found, visits)
    found.lag_p90_s = _lag(records)
    inside = [low <= visits[v].to_call[s] <= high for (v, s), (low, high) in shown.items()
              if v in visits and s in visits[v].to_call]  # fmt: skip
    found.ranges = len(inside)
    found.in_range = round(sum(inside) / len(inside), 3) if inside else None
    found.overtaken_over_90 = _overtaken(records)
    return found


def not_written(answered: Iterable[Answered], written: Mapping[str, int | None]) -> list[str]:
    """Answers that the journal does not know, or knows of somebody else."""
    problems = []
    for one in answered:
        if one.key not in written:
            problems.append(f"an answered write is not in the journal ({one.address}, key {one.key})")
        elif one.visit is not None and written[one.key] != one.visit:
            problems.append(f"{one.address} answered visit {one.visit}, the journal says {written[one.key]}")
    return problems


def other_numbers(records: Iterable[Record], numbers: Mapping[int, int]) -> list[str]:
    """Visits that stand in the table with another number than they were given."""
    given = {r.visit: r.fact["number"] for r in records if r.kind == "ticket_issued" and r.visit is not None}
    return [
        f"visit {visit} has number {number} in the table, {given[visit]} in the journal"
        for visit, number in sorted(numbers.items())
        if visit in given and given[visit] != number
    ]


def told_twice(answered: Iterable[Answered]) -> list[str]:
    """Numbers that two citizens were told."""
    told: dict[int, list[int | None]] = {}
    for one in answered:
        if one.address.endswith("/ambil") and one.number is not None:
            told.setdefault(one.number, []).append(one.visit)
    return [f"number {number} was told to visits {visits}" for number, visits in told.items() if len(visits) > 1]


@dataclass(slots=True)
class Visit:
    """One visit of the day as the journal tells it."""

    arrived: datetime
    priority: int
    steps: dict[int, int]
    to_call: dict[int, float] = field(default_factory=dict)
    called: dict[int, datetime] = field(default_factory=dict)
    at_desk: float = 0.0
    last: datetime | None = None


def _visits(records: Iterable[Record]) -> dict[int, Visit]:
    visits: dict[int, Visit] = {}
    for r in records:
        if r.kind == "ticket_issued" and r.visit is not None:
            visits[r.visit] = Visit(r.at, r.fact["priority_class"], dict(enumerate(r.fact["steps"])))
        visit = visits.get(r.visit) if r.visit is not None else None
        if visit is None:
            continue
        if r.kind == "called":
            visit.called[r.fact["seq"]] = r.at
            visit.to_call.setdefault(r.fact["seq"], (r.at - visit.arrived).total_seconds() / 60)
        elif r.kind in ("finished", "missed", "transferred"):
            start = visit.called.get(r.fact["seq"], r.at)
            visit.at_desk += (r.at - start).total_seconds() / 60
            if r.kind != "missed":
                visit.last = r.at
            if r.kind == "transferred":
                visit.steps[r.fact["new_seq"]] = r.fact["step"]
        elif r.kind == "undone" and r.fact["undone"] == "transferred":
            del visit.steps[max(visit.steps)]
    return visits


def _minutes(found: Check, visits: Mapping[int, Visit]) -> None:
    whole = [(v.last - v.arrived).total_seconds() / 60 for v in visits.values() if v.last is not None]
    waits = sorted(
        max(0.0, (v.last - v.arrived).total_seconds() / 60 - v.at_desk) for v in visits.values() if v.last is not None
    )
    if waits:
        found.mean_wait_min = round(sum(waits) / len(waits), 2)
        found.p90_wait_min = round(percentile(waits, 0.9), 2)
        found.mean_in_mall_min = round(sum(whole) / len(whole), 2)


def lags(records: Iterable[Record]) -> list[tuple[datetime, float]]:
    """Each call with the mall seconds since its desk was free and its citizen callable."""
    desk_free: dict[int, datetime] = {}
    visit_free: dict[int, datetime] = {}
    found = []
    for r in records:
        desk = r.fact.get("desk")
        if r.kind == "called" and desk in desk_free and r.visit in visit_free:
            found.append((r.at, (r.at - max(desk_free.pop(desk), visit_free[r.visit])).total_seconds()))
        if r.kind == "ticket_issued" and r.visit is not None:
            visit_free[r.visit] = r.at
        if r.kind in ("finished", "missed", "transferred", "undone", "put_back") and r.visit is not None:
            visit_free[r.visit] = r.at
        if r.kind in ("finished", "missed", "transferred", "desk_opened") and isinstance(desk, int):
            desk_free[desk] = r.at
    return found


def _lag(records: Iterable[Record]) -> float:
    """The 90th percentile of the lags."""
    seconds = sorted(lag for _at, lag in lags(records))
    return round(percentile(seconds, 0.9), 1) if seconds else 0.0


def _overtaken(records: Iterable[Record]) -> int:
    """Calls past somebody who was free, in line for the same step and class, and had come over 90 minutes earlier."""
    now: dict[int, VisitThen] = {}
    count = 0
    for record in sorted((r for r in records if r.visit is not None and "rev" in r.fact), key=lambda r: r.id):
        visit = record.visit
        assert visit is not None
        if record.kind == "ticket_issued":
            now[visit] = issued(record)
            continue
        if record.kind == "called" and visit in now:
            mine, step = now[visit], record.fact["step"]
            limit = mine.arrived_at - OVERTAKEN
            count += any(
                other.free and other.priority_class == mine.priority_class and other.arrived_at < limit
                and any(state == "ready" and other.steps[seq] == step for seq, state in other.states.items())
                for number, other in now.items() if number != visit
            )  # fmt: skip
        if visit in now:
            now[visit] = apply(now[visit], record)
    return count


def as_json(found: Check) -> dict[str, Any]:
    """The figures by name."""
    return {name: getattr(found, name) for name in Check.__slots__ if name != "problems"} | {
        "problems": found.problems[:20]
    }
