"""Who is next, as pure functions. The SQL of ``statements`` runs the same formula; tests hold the two equal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from satuatap.features.visits.states import ErrandState

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
THOUSAND = 1000


@dataclass(frozen=True, slots=True)
class ClassWeights:
    """What one class gets: head start (thousandths x ms) and slopes per ms since arrival and since ready."""

    base: int
    a: int
    b: int
    line: int


@dataclass(frozen=True, slots=True)
class Weights:
    """One policy version: weights in thousandths, times in ms."""

    policy: int
    weight_remaining: int
    cap: int
    classes: Mapping[int, ClassWeights]


def ms(moment: datetime) -> int:
    """Whole milliseconds since 1970, rounded down, as the SQL does."""
    return (moment - EPOCH) // timedelta(milliseconds=1)


def key_of(weights: Weights, priority_class: int, arrived_at: datetime, ready_at: datetime, m_rem: int) -> int:
    """An errand's fixed place in its line: smaller is earlier.

    ``m_rem`` is the expected ms of all errands not done, the one at hand included.
    """
    c = weights.classes[priority_class]
    remaining = min(weights.weight_remaining * m_rem, weights.cap)
    return c.a * ms(arrived_at) + c.b * ms(ready_at) - c.base + remaining


def score_at(weights: Weights, priority_class: int, key: int, now: datetime) -> int:
    """The score that decides who is called: larger first; ties go to the earlier visit, then the lower seq."""
    c = weights.classes[priority_class]
    return (c.a + c.b) * ms(now) - key


def counts_as_arrived(weights: Weights, priority_class: int, key: int) -> datetime:
    """The moment the policy treats as the citizen's arrival ("dihitung datang 08.50")."""
    c = weights.classes[priority_class]
    return EPOCH + timedelta(milliseconds=key // (c.a + c.b))


def predecessors(after: Sequence[Iterable[int]]) -> list[int]:
    """Bits of all predecessors of each errand, transitively; ``after[i]`` holds earlier positions only.

    Raises ``ValueError`` where an errand would wait for itself or for a later one.
    """
    bits: list[int] = []
    for seq, before in enumerate(after):
        mask = 0
        for earlier in before:
            if not 0 <= earlier < seq:
                raise ValueError(f"errand {seq} cannot wait for errand {earlier}")
            mask |= (1 << earlier) | bits[earlier]
        bits.append(mask)
    return bits


@dataclass(frozen=True, slots=True)
class OpenErrand:
    """What the finish of a sibling needs to know of an errand."""

    seq: int
    state: ErrandState
    after: int
    expected_ms: int


@dataclass(frozen=True, slots=True)
class AfterFinish:
    """What a finish makes of a visit: new states by seq, what remains, the bits done."""

    states: Mapping[int, ErrandState]
    n_rem: int
    m_rem: int
    done: int
    left: int


def after_finish(errands: Iterable[OpenErrand], seq: int, success: bool, done: int) -> AfterFinish:
    """The visit after errand ``seq`` ended: successors become ready, or fall away with what they needed."""
    bit = 1 << seq
    new_done = done | bit if success else done
    states: dict[int, ErrandState] = {}
    n_rem = m_rem = left = 0
    for errand in errands:
        state = errand.state
        if errand.seq == seq:
            state = ErrandState.DONE
        elif state == ErrandState.BLOCKED and not success and errand.after & bit:
            state = ErrandState.DROPPED
        elif state == ErrandState.BLOCKED and errand.after & new_done == errand.after:
            state = ErrandState.READY
        states[errand.seq] = state
        if state in (ErrandState.BLOCKED, ErrandState.READY):
            n_rem += 1
            m_rem += errand.expected_ms
        if state in (ErrandState.BLOCKED, ErrandState.READY, ErrandState.MISSED):
            left += 1
    return AfterFinish(states, n_rem, m_rem, new_done, left)


@dataclass(frozen=True, slots=True)
class LineAhead:
    """A line as the waiting-place advice sees it: expected minutes ahead of one who stands in it now."""

    seq: int
    zone: str
    minutes_ahead: float


def wait_near(lines: Sequence[LineAhead]) -> LineAhead | None:
    """Where to wait: at the eligible errand with the least expected minutes ahead; ties in listed order."""
    return min(lines, key=lambda line: (line.minutes_ahead, line.seq), default=None)


def percentile(values: Sequence[float], share: float) -> float:
    """Linear-interpolated percentile of sorted ``values`` (0 <= share <= 1); ``ValueError`` when empty."""
    if not values:
        raise ValueError("no values")
    place = share * (len(values) - 1)
    low = int(place)
    high = min(low + 1, len(values) - 1)
    return values[low] + (values[high] - values[low]) * (place - low)
