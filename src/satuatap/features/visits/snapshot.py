"""One look at the day's floor in one statement, and what follows from it. Private to ``queries``."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection

from satuatap.features.visits.states import ErrandState, Result, VisitState

_ERRANDS = """
select e.visit_id, e.seq, e.step, e.service, e.state, e.after, e.key, e.line, e.ready_at, e.desk, e.called_at,
       e.recalls, e.recalled_at, e.started_at, e.done_at, e.result, e.estimated, e.m_rem,
       v.number, v.class, v.arrived_at, v.state, v.desk, v.rev, v.gone_at
from visits_visit v join visits_errand e on e.visit_id = v.id
"""
DAY_SQL = f"{_ERRANDS} where v.mall = %s and v.day = %s order by e.visit_id, e.seq"
VISIT_SQL = f"{_ERRANDS} where v.id = %s order by e.seq"
PAST_SQL = """
select e.step, extract(epoch from e.called_at - v.arrived_at) / 60
from visits_visit v join visits_errand e on e.visit_id = v.id
where v.mall = %(mall)s and v.day < %(day)s and v.day >= %(day)s::date - 60 and e.called_at is not null
  and e.result is distinct from 'not_recorded'
  and floor(extract(epoch from (v.arrived_at at time zone %(zone)s)::time) / 1800)
    = floor(extract(epoch from %(from)s::time) / 1800)  -- not "before the end": that of 23.30 is 00.00
"""


@dataclass(frozen=True, slots=True)
class ErrandNow:
    """One errand of the day with what of its visit matters."""

    visit: int
    seq: int
    step: int
    service: int
    state: ErrandState
    after: int
    key: int | None
    line: int | None
    ready_at: datetime | None
    desk: int | None
    called_at: datetime | None
    recalls: int
    recalled_at: datetime | None
    started_at: datetime | None
    done_at: datetime | None
    result: str | None
    estimated: bool
    m_rem: int
    number: int
    priority_class: int
    arrived_at: datetime
    visit_state: VisitState
    visit_desk: int | None
    rev: int
    gone_at: datetime | None

    @classmethod
    def of(cls, row: tuple[Any, ...]) -> ErrandNow:
        values = list(row)
        values[4], values[21] = ErrandState(values[4]), VisitState(values[21])
        return cls(*values)

    @property
    def waits(self) -> bool:
        """In line, whether or not the citizen is busy elsewhere at the moment."""
        return self.state == ErrandState.READY

    def minutes_to_call(self) -> float | None:
        """From arrival to the call, for errands that were called; estimates are kept out."""
        if self.called_at is None or self.result == Result.NOT_RECORDED:
            return None
        return (self.called_at - self.arrived_at).total_seconds() / 60


def errands_of(mall: int, day: date) -> list[ErrandNow]:
    """All errands of a day, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(DAY_SQL, [mall, day])
        return [ErrandNow.of(row) for row in cursor.fetchall()]


def errands_of_visit(visit: int) -> list[ErrandNow]:
    """The errands of one visit, of whatever day."""
    with connection.cursor() as cursor:
        cursor.execute(VISIT_SQL, [visit])
        return [ErrandNow.of(row) for row in cursor.fetchall()]


def past_waits(mall: int, day: date, zone: str, half_hour: str) -> dict[int, list[float]]:
    """Minutes to the call by step, of those who arrived in the same half hour on the last 60 days."""
    with connection.cursor() as cursor:
        cursor.execute(PAST_SQL, {"mall": mall, "day": day, "zone": zone, "from": half_hour})
        found: dict[int, list[float]] = defaultdict(list)
        for step, minutes in cursor.fetchall():
            found[step].append(float(minutes))
    return dict(found)


def waits_since(errands: Iterable[ErrandNow], since: datetime) -> dict[int, list[float]]:
    """Minutes to the call by step, of those called after ``since``."""
    found: dict[int, list[float]] = defaultdict(list)
    for errand in errands:
        minutes = errand.minutes_to_call()
        if minutes is not None and errand.called_at is not None and errand.called_at > since:
            found[errand.step].append(minutes)
    return dict(found)


def half_hour_of(moment: datetime) -> str:
    """``08:30`` for 08:47 (local time expected)."""
    return f"{moment.hour:02d}:{moment.minute // 30 * 30:02d}"


HOUR = timedelta(minutes=60)
