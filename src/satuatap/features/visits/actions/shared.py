"""Steps that several actions of visits share; private to this folder."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection

from satuatap.features.visits import refusals, rules
from satuatap.features.visits.models import Desk, Errand, StepTime, Visit
from satuatap.features.visits.policies import PolicyNow, weights_of
from satuatap.features.visits.states import ErrandState
from satuatap.plumbing.locking import lock


def mall_time(mall: int) -> datetime:
    """The mall's time of this transaction."""
    with connection.cursor() as cursor:
        cursor.execute("select mall_now(%s::smallint)", [mall])
        moment: datetime = cursor.fetchone()[0]
    return moment


def snap() -> str:
    """What this statement can see; the checker orders changes of a visit by it."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_current_snapshot()::text")
        return str(cursor.fetchone()[0])


def locked_desk(desk: int) -> Desk:
    """The desk's row, locked. Whoever moves a visit to or from a desk locks the desk first."""
    rows = lock(Desk.objects.filter(pk=desk))
    if not rows:
        raise refusals.NoSuchDesk()
    return rows[0]


def locked_visit(visit: int) -> Visit:
    """The visit's row, locked: the one lock that keeps a citizen in one place."""
    rows = lock(Visit.objects.filter(pk=visit))
    if not rows:
        raise refusals.NoSuchVisit()
    return rows[0]


def locked_errands(visit: Visit) -> list[Errand]:
    """All errands of a locked visit, in order."""
    return lock(Errand.objects.filter(visit=visit))


def rekey(visit: Visit, errands: Iterable[Errand], policy: PolicyNow) -> None:
    """Give every open errand its place again after the visit changed, and save all errands."""
    rows = list(errands)
    expected = dict(
        StepTime.objects.filter(mall=visit.mall, step__in=[e.step for e in rows]).values_list("step", "expected_ms")
    )
    left = [e for e in rows if e.state in (ErrandState.BLOCKED, ErrandState.READY)]
    m_rem = sum(expected[e.step] for e in left)
    for errand in left:
        errand.n_rem, errand.m_rem = len(left), m_rem
        weights = policy.weights
        errand.line = weights.classes[errand.priority_class].line
        if errand.state == ErrandState.READY and errand.ready_at is not None:
            errand.key = rules.key_of(weights, errand.priority_class, errand.arrived_at, errand.ready_at, m_rem)
    fields = [f.name for f in Errand._meta.concrete_fields if f.name not in ("visit", "seq", "pk")]
    for errand in rows:
        errand.save(update_fields=fields)


def open_count(errands: Iterable[Errand]) -> int:
    """Errands that still keep the visit alive while nobody serves it."""
    alive = (ErrandState.BLOCKED, ErrandState.READY, ErrandState.MISSED)
    return sum(1 for e in errands if e.state in alive)


def remember(desk: Desk, kind: str | None, **last: Any) -> None:
    """Note the desk's own last step, for undo."""
    desk.last_kind = kind
    for name, value in last.items():
        setattr(desk, f"last_{name}", value)


__all__ = [
    "PolicyNow",
    "locked_desk",
    "locked_errands",
    "locked_visit",
    "mall_time",
    "open_count",
    "rekey",
    "remember",
    "snap",
    "weights_of",
]
