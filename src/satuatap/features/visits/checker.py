"""The checker: is every call in the journal explained, is no number doubled, is nobody lost?

It reads only what anyone could be given: journal rows (kind, xid, fact) in any order, and the tables for the count. It
knows nothing of the statements; it recomputes scores by ``rules`` and visibility by snapshots. Pure.

A call is *explained* iff at its snapshot its errand was ready, its visit free, the desk able, the policy the newest
visible, the score recomputes to the same integer, and each better eligible visit was unavailable: a rival had it, or
held its lock (claim.md, section 7).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from satuatap.features.visits import rules
from satuatap.features.visits.states import SUCCESSES, Result


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A ``pg_snapshot``: what a statement could see."""

    xmin: int
    xmax: int
    running: frozenset[int]

    @classmethod
    def parse(cls, text: str) -> Snapshot:
        low, high, running = text.split(":")
        return cls(int(low), int(high), frozenset(int(x) for x in running.split(",") if x))

    def sees(self, xid: int, own: int) -> bool:
        """Whether the effect of ``xid`` was visible; a transaction's own xid never counts as seen."""
        if xid == own:
            return False
        return xid < self.xmin or (xid < self.xmax and xid not in self.running)


@dataclass(frozen=True, slots=True)
class Record:
    """One journal row as the checker needs it."""

    id: int
    xid: int
    at: datetime
    kind: str
    visit: int | None
    fact: Mapping[str, Any]

    @property
    def snap(self) -> Snapshot | None:
        text = self.fact.get("snap")
        return Snapshot.parse(text) if isinstance(text, str) else None


@dataclass(slots=True)
class VisitThen:
    """A visit as one revision left it."""

    arrived_at: datetime
    priority_class: int
    steps: dict[int, int]
    after: dict[int, int]
    states: dict[int, str]  # seq -> blocked, ready, busy, done, missed, dropped
    ready_at: dict[int, datetime]
    done: int = 0
    fallen: int = 0  # bits of errands that ended and leave nothing for those who waited for them
    free: bool = True

    def copy(self) -> VisitThen:
        return VisitThen(
            self.arrived_at, self.priority_class, dict(self.steps), dict(self.after), dict(self.states),
            dict(self.ready_at), self.done, self.fallen, self.free,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Setting:
    """What does not change in the run: weights by policy version, minutes by step, skills by desk."""

    weights: Mapping[int, rules.Weights]
    expected_ms: Mapping[int, int]
    skills: Mapping[int, frozenset[int]]


@dataclass(slots=True)
class Report:
    """What the checker found: counts, and each problem in a sentence with the number of its journal row."""

    calls: int = 0
    best: int = 0
    rival: int = 0
    phantom: int = 0
    problems: list[str] = field(default_factory=list)


def issued(record: Record) -> VisitThen:
    """The visit as its number was given."""
    fact = record.fact
    steps, after = dict(enumerate(fact["steps"])), dict(enumerate(fact["after"]))
    states = {seq: "blocked" if bits else "ready" for seq, bits in after.items()}
    return VisitThen(
        record.at, fact["priority_class"], steps, after, states, {s: record.at for s in steps if not after[s]}
    )


def _finish(then: VisitThen, record: Record) -> None:
    fact = record.fact
    seq, success = fact["seq"], Result(fact["result"]) in SUCCESSES
    then.states[seq], then.free = "done", True
    if success:
        then.done |= 1 << seq
    else:
        then.fallen |= 1 << seq
    for other, state in then.states.items():
        if state == "blocked" and then.after[other] & then.fallen:
            then.states[other] = "dropped"
        elif state == "blocked" and then.after[other] & then.done == then.after[other]:
            then.states[other], then.ready_at[other] = "ready", record.at


def _undo(then: VisitThen, record: Record) -> None:
    seq, undone = record.fact["seq"], record.fact["undone"]
    if undone == "called":
        then.states[seq], then.free = "ready", True
        return
    bit = 1 << seq
    then.states[seq], then.free = "busy", False
    if undone == "finished":
        then.done, then.fallen = then.done & ~bit, then.fallen & ~bit
        for other, state in then.states.items():
            if then.after[other] & bit and state in ("ready", "dropped") and not then.after[other] & then.fallen:
                then.states[other] = "blocked"
    elif undone == "transferred":
        new = max(then.steps)
        del then.steps[new], then.after[new], then.states[new], then.ready_at[new]
        for other, bits in then.after.items():
            if bits & 1 << new:
                then.after[other] = (bits | bit) & ~(1 << new)


def apply(then: VisitThen, record: Record) -> VisitThen:
    """The visit after one more record; the rules of the house, told again without its code."""
    now = then.copy()
    fact, kind = record.fact, record.kind
    if kind == "called":
        now.states[fact["seq"]], now.free = "busy", False
    elif kind == "finished":
        _finish(now, record)
    elif kind == "missed":
        now.states[fact["seq"]], now.free = "missed", True
    elif kind == "put_back":
        now.states[fact["seq"]], now.ready_at[fact["seq"]] = "ready", record.at
    elif kind == "transferred":
        bit, new = 1 << fact["seq"], fact["new_seq"]
        now.states[fact["seq"]], now.free = "done", True
        now.steps[new], now.after[new], now.states[new] = fact["step"], 0, "ready"
        now.ready_at[new] = record.at
        for other, bits in now.after.items():
            if bits & bit:
                now.after[other] = (bits | 1 << new) & ~bit
    elif kind == "undone":
        _undo(now, record)
    elif kind == "reclassed":
        now.priority_class = fact["priority_class"]
    elif kind == "dropped":
        for seq in fact["seqs"]:
            now.states[seq], now.fallen = "dropped", now.fallen | 1 << seq
    return now


def score_then(setting: Setting, policy: int, then: VisitThen, seq: int, at: datetime) -> int:
    """The score of an errand as that revision stood, at that moment."""
    weights = setting.weights[policy]
    left = [s for s, state in then.states.items() if state in ("blocked", "ready")]
    m_rem = sum(setting.expected_ms[then.steps[s]] for s in left)
    key = rules.key_of(weights, then.priority_class, then.arrived_at, then.ready_at[seq], m_rem)
    return rules.score_at(weights, then.priority_class, key, at)


class History:
    """All visits, revision by revision, in the order of ``rev`` (never of id, time or xid)."""

    def __init__(self, records: Iterable[Record], report: Report) -> None:
        rows: dict[int, list[Record]] = defaultdict(list)
        self.policies: list[Record] = []
        for record in records:
            if record.kind == "policy_published":
                self.policies.append(record)
            if record.visit is not None and "rev" in record.fact:
                rows[record.visit].append(record)
        self.rows = {visit: sorted(group, key=lambda r: r.fact["rev"]) for visit, group in rows.items()}
        self.states: dict[int, list[VisitThen]] = {}
        for visit, group in self.rows.items():
            revs = [r.fact["rev"] for r in group]
            if revs != list(range(len(revs))) or group[0].kind != "ticket_issued":
                report.problems.append(f"visit {visit}: a row is missing or doubled (revisions {revs})")
                continue
            then = issued(group[0])
            self.states[visit] = [then]
            for record in group[1:]:
                if record.kind == "called" and not then.free:
                    report.problems.append(f"row {record.id}: visit {visit} was called while at another desk")
                then = apply(then, record)
                self.states[visit].append(then)

    def in_force(self, snap: Snapshot, own: int) -> int | None:
        """The newest policy that the snapshot shows; ``None`` where the records begin after its publication."""
        return max((int(r.fact["policy"]) for r in self.policies if snap.sees(r.xid, own)), default=None)

    def seen(self, visit: int, snap: Snapshot, own: int) -> int | None:
        """The index of the newest revision of the visit that the snapshot shows."""
        newest = None
        for index, record in enumerate(self.rows[visit]):
            if snap.sees(record.xid, own):
                newest = index
        return newest


def check_calls(records: Iterable[Record], setting: Setting) -> Report:
    """Explain every call; names the rows that cannot be explained."""
    rows = sorted(records, key=lambda r: r.id)
    report = Report()
    history = History(rows, report)
    tries = [r for r in rows if r.kind in ("called", "try_failed")]
    for record in tries:
        if record.kind == "called" and record.visit in history.states:
            report.calls += 1
            _check_call(record, history, setting, tries, report)
    return report


def _check_call(record: Record, history: History, setting: Setting, tries: list[Record], report: Report) -> None:
    snap, fact, visit = record.snap, record.fact, record.visit
    assert snap is not None and visit is not None
    index = history.seen(visit, snap, record.xid)
    if index is None:
        report.problems.append(f"row {record.id}: called a visit that it could not see")
        return
    then = history.states[visit][index]
    if not then.free or then.states.get(fact["seq"]) != "ready":
        report.problems.append(f"row {record.id}: the errand was not ready or the citizen not free")
        return
    if fact["step"] not in setting.skills.get(fact["desk"], frozenset()):
        report.problems.append(f"row {record.id}: desk {fact['desk']} cannot do step {fact['step']}")
    policy = history.in_force(snap, record.xid)
    if policy is not None and fact["policy"] != policy:
        report.problems.append(f"row {record.id}: policy {fact['policy']}, in force was {policy}")
    score = score_then(setting, fact["policy"], then, fact["seq"], record.at)
    if score != fact["score"]:
        report.problems.append(f"row {record.id}: score {fact['score']}, recomputed {score}")
    kinds = set()
    for other, at in _better(record, history, setting, snap, score):
        kinds.add(_why(record, other, at, history, snap, tries))
    if None in kinds:
        report.problems.append(f"row {record.id}: a better citizen was available and not called")
    report.phantom += "phantom" in kinds
    report.rival += kinds == {"rival"}
    report.best += not kinds


def _better(
    record: Record, history: History, setting: Setting, snap: Snapshot, score: int
) -> Iterable[tuple[int, int]]:
    skills = setting.skills.get(record.fact["desk"], frozenset())
    mine = (-score, record.visit, record.fact["seq"])
    for other, states in history.states.items():
        if other == record.visit:
            continue
        index = history.seen(other, snap, record.xid)
        if index is None or not states[index].free:
            continue
        for seq, state in states[index].states.items():
            if state == "ready" and states[index].steps[seq] in skills:
                theirs = score_then(setting, record.fact["policy"], states[index], seq, record.at)
                if (-theirs, other, seq) < mine:
                    yield other, index
                    break


def _why(record: Record, other: int, index: int, history: History, snap: Snapshot, tries: list[Record]) -> str | None:
    rows = history.rows[other]
    if index + 1 < len(rows):
        rival = rows[index + 1]
        if not snap.sees(rival.xid, record.xid) and not (rival.snap and rival.snap.sees(record.xid, rival.xid)):
            return "rival"
    for x in tries:
        if x.id == record.id or x.snap is None or snap.sees(x.xid, record.xid) or x.snap.sees(record.xid, x.xid):
            continue
        seen = history.seen(other, x.snap, x.xid)
        if seen is not None and seen < index and history.states[other][seen].free:
            return "phantom"
    return None


def check_numbers(records: Iterable[Record]) -> list[str]:
    """Every number of a day once, and none left out between the first and the last."""
    days: dict[str, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    for record in records:
        if record.kind == "ticket_issued":
            days[record.fact["day"]][record.fact["number"]].append(record.id)
    problems = []
    for day, numbers in sorted(days.items()):
        for number, ids in sorted(numbers.items()):
            if len(ids) > 1:
                problems.append(f"{day}: number {number} was given {len(ids)} times (rows {ids})")
        for number in sorted(set(range(1, max(numbers) + 1)) - set(numbers)):
            problems.append(f"{day}: number {number} is missing")
    return problems


def check_lost(records: Iterable[Record], errands: Iterable[tuple[int, int]]) -> list[str]:
    """Every errand that the journal says exists stands in the table, and ended in the journal; ``errands`` = table."""
    report = Report()
    history = History(records, report)
    expected = {(visit, seq) for visit, states in history.states.items() for seq in states[-1].steps}
    present = set(errands)
    problems = list(report.problems)
    problems += [
        f"errand {seq} of visit {visit} is in the journal, not in the table"
        for visit, seq in sorted(expected - present)
    ]
    problems += [
        f"errand {seq} of visit {visit} is in the table, not in the journal"
        for visit, seq in sorted(present - expected)
    ]
    return problems


def unfinished(records: Iterable[Record]) -> list[tuple[int, int, str]]:
    """Errands that have not ended by the journal: (visit, seq, state)."""
    history = History(records, Report())
    ended = {"done", "dropped"}
    return [
        (visit, seq, state)
        for visit, states in history.states.items()
        for seq, state in states[-1].states.items()
        if state not in ended
    ]
