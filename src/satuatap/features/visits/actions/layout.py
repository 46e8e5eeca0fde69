"""How the floor is set up: steps, desks and the calling policy, as the city's files say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import connection, transaction

from satuatap.basics.actor import Actor
from satuatap.features.journal.actions import announce
from satuatap.features.visits import facts, statements
from satuatap.features.visits.models import Desk, Floor, Line, Policy, PolicyClass, StepTime
from satuatap.features.visits.policies import DEFAULT_NUMBERS
from satuatap.features.visits.states import PriorityClass

MS_A_MINUTE = 60_000


@dataclass(frozen=True, slots=True)
class StepRow:
    """A step that this mall serves: ids of the catalogue, expected minutes at the desk."""

    step: int
    service: int
    expected_minutes: float


@dataclass(frozen=True, slots=True)
class DeskRow:
    """A desk of this mall and what it can do (ids of steps)."""

    desk: int
    skills: Sequence[int]


@dataclass(frozen=True, slots=True)
class PolicyRow:
    """A calling policy in the words of the mall: minutes and plain weights. Measured default: see data/…/policy.csv."""

    weight_remaining: float = 4.0
    cap_minutes: float = 90.0
    head_start_priority_minutes: float = 30.0
    numbers: dict[str, float] = field(default_factory=lambda: dict(DEFAULT_NUMBERS))
    source: str = ""


@transaction.atomic
def publish_policy(*, by: Actor, policy: PolicyRow) -> Policy:
    """Write a policy as a new version; a policy equal to the newest one is not written again."""
    weight, cap = round(policy.weight_remaining * 1000), round(policy.cap_minutes * MS_A_MINUTE * 1000)
    head_start = round(policy.head_start_priority_minutes * MS_A_MINUTE * 1000)
    newest = Policy.objects.order_by("-id").first()
    if newest is not None and _same(newest, weight, cap, head_start, policy):
        return newest
    version = 1 if newest is None else newest.pk + 1
    row = Policy.objects.create(
        id=version, weight_remaining=weight, cap=cap, numbers=policy.numbers, source=policy.source
    )
    line = Line.objects.create(id=version * 16, policy=row, slope=1000)
    for priority_class in PriorityClass:
        base = head_start if priority_class == PriorityClass.PRIORITY else 0
        PolicyClass.objects.create(policy=row, priority_class=priority_class, base=base, a=1000, b=0, line=line)
    weights = {"weight_remaining": weight, "cap": cap, "bases": [0, head_start], "a": 1000, "b": 0, "line": line.pk}
    announce(facts.PolicyPublished(version, {**weights, **policy.numbers}), by=by)
    return row


def _same(row: Policy, weight: int, cap: int, head_start: int, policy: PolicyRow) -> bool:
    bases = dict(PolicyClass.objects.filter(policy=row).values_list("priority_class", "base"))
    return (row.weight_remaining, row.cap, row.numbers, bases.get(1)) == (weight, cap, policy.numbers, head_start)


@transaction.atomic
def lay_out(
    *, by: Actor, mall: int, zone: str, steps: Sequence[StepRow], desks: Sequence[DeskRow], policy: PolicyRow
) -> bool:
    """Set up a mall's floor for calls; says whether anything changed. Open errands keep their place.

    A change of policy or of expected minutes takes effect at the next call: whoever waits gets her place by it in the
    same transaction.
    """
    version = publish_policy(by=by, policy=policy)
    line = Line.objects.filter(policy=version).order_by("pk")
    floor, made = Floor.objects.get_or_create(
        mall=mall,
        defaults={"zone": zone, "policy": version, "lines": [r.pk for r in line], "slopes": [r.slope for r in line]},
    )
    changed = made
    if not made and (floor.zone, floor.policy_id) != (zone, version.pk):
        floor.zone, floor.policy = zone, version
        floor.lines, floor.slopes = [r.pk for r in line], [r.slope for r in line]
        floor.save()
        changed = True
    changed |= _put_steps(mall, steps)
    changed |= _put_desks(mall, desks)
    if changed:
        _restamp(mall)
        fact = facts.FloorLaidOut(
            [{"step": s.step, "expected_ms": round(s.expected_minutes * MS_A_MINUTE)} for s in steps],
            [{"desk": d.desk, "skills": sorted(d.skills)} for d in desks],
        )
        announce(fact, by=by, mall=mall)
    return changed


def _restamp(mall: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statements.LOCK_OPEN, {"mall": mall})
        cursor.execute(statements.RESTAMP, {"mall": mall})
        return int(cursor.rowcount)


@transaction.atomic(durable=True)
def restamp(*, mall: int) -> int:
    """Give their place to errands that stand in a line of an earlier policy; how many there were.

    A number that was being given in the instant of a change carries the old line. It leaves no fact: a place in line
    follows from the facts, and a call names the policy that it went by.
    """
    with connection.cursor() as cursor:
        cursor.execute(statements.STRAY, {"mall": mall})
        strays = int(cursor.fetchone()[0])
    if strays:
        _restamp(mall)
    return strays


def _put_steps(mall: int, steps: Sequence[StepRow]) -> bool:
    now = {s.step: s for s in StepTime.objects.filter(mall=mall)}
    changed = False
    for want in steps:
        expected_ms = round(want.expected_minutes * MS_A_MINUTE)
        row = now.pop(want.step, None)
        if row is not None and (row.service, row.expected_ms, row.active) == (want.service, expected_ms, True):
            continue
        StepTime.objects.update_or_create(
            mall=mall, step=want.step,
            defaults={"service": want.service, "expected_ms": expected_ms, "active": True},
        )  # fmt: skip
        changed = True
    gone = [row.step for row in now.values() if row.active]
    if gone:
        StepTime.objects.filter(mall=mall, step__in=gone).update(active=False)
    return changed or bool(gone)


def _put_desks(mall: int, desks: Sequence[DeskRow]) -> bool:
    now = {d.pk: d for d in Desk.objects.filter(mall=mall)}
    changed = False
    for want in desks:
        row, skills = now.pop(want.desk, None), sorted(set(want.skills))
        if row is None:
            Desk.objects.create(id=want.desk, mall=mall, skills=skills)
            changed = True
        elif sorted(row.skills) != skills:
            Desk.objects.filter(pk=want.desk).update(skills=skills)
            changed = True
    gone = [pk for pk, row in now.items() if row.skills or row.open]
    if gone:
        Desk.objects.filter(pk__in=gone, visit__isnull=True).update(open=False, skills=[])
    return changed or bool(gone)


def has_floor(mall: int) -> bool:
    """Whether calls are set up at a mall."""
    return Floor.objects.filter(pk=mall).exists()
