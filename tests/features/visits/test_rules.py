"""The policy as pure functions: order, fairness, and what a finish makes of a visit."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from satuatap.features.visits import rules
from satuatap.features.visits.rules import ClassWeights, OpenErrand, Weights
from satuatap.features.visits.states import MOVES, OPEN, ErrandState, move

NOON = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)
MINUTE = 60_000
DEFAULT = Weights(
    1, 4000, 90 * MINUTE * 1000, {0: ClassWeights(0, 1000, 0, 16), 1: ClassWeights(30 * MINUTE * 1000, 1000, 0, 16)}
)
moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))
remaining = st.integers(MINUTE, 200 * MINUTE)


@given(moments, moments, moments, remaining, remaining)
def test_the_order_of_a_line_never_changes_with_time(a: datetime, b: datetime, now: datetime, m1: int, m2: int) -> None:
    """Lemma of the heads: score(e, t) - score(f, t) = key(f) - key(e) at every t."""
    e, f = rules.key_of(DEFAULT, 0, a, a, m1), rules.key_of(DEFAULT, 0, b, b, m2)
    assert rules.score_at(DEFAULT, 0, e, now) - rules.score_at(DEFAULT, 0, f, now) == f - e


@given(moments, remaining, remaining, st.integers(90 * MINUTE, 10 * 90 * MINUTE))
def test_nobody_is_overtaken_by_one_who_came_more_than_90_minutes_later(
    came: datetime, mine: int, theirs: int, later_ms: int
) -> None:
    first = rules.key_of(DEFAULT, 0, came, came, mine)
    later = came + timedelta(milliseconds=later_ms)
    assert first <= rules.key_of(DEFAULT, 0, later, later, theirs)


def test_counts_as_arrived_says_the_minutes() -> None:
    """Two errands of ten minutes left cost 80 minutes; the head start gives 30 back."""
    key = rules.key_of(DEFAULT, 0, NOON, NOON, 20 * MINUTE)
    assert rules.counts_as_arrived(DEFAULT, 0, key) == NOON + timedelta(minutes=80)
    key = rules.key_of(DEFAULT, 1, NOON, NOON, 20 * MINUTE)
    assert rules.counts_as_arrived(DEFAULT, 1, key) == NOON + timedelta(minutes=50)
    key = rules.key_of(DEFAULT, 0, NOON, NOON, 200 * MINUTE)
    assert rules.counts_as_arrived(DEFAULT, 0, key) == NOON + timedelta(minutes=90)


def test_predecessors_are_transitive_and_only_earlier_ones() -> None:
    assert rules.predecessors([[], [0], [1]]) == [0, 0b1, 0b11]
    for bad in ([[0]], [[], [2]], [[-1]]):
        with pytest.raises(ValueError):
            rules.predecessors(bad)


@st.composite
def chains(draw: st.DrawFn) -> list[int]:
    n = draw(st.integers(1, 6))
    return rules.predecessors([draw(st.sets(st.integers(0, i - 1))) if i else set() for i in range(n)])


@given(chains(), st.lists(st.booleans(), min_size=6, max_size=6), st.randoms(use_true_random=False))
def test_every_run_of_finishes_ends_with_every_errand_ended(after: list[int], results: list[bool], rng: object) -> None:
    """Whatever is finished in whatever legal order, with whatever results, nobody is left behind."""
    states = {s: ErrandState.BLOCKED if bits else ErrandState.READY for s, bits in enumerate(after)}
    done = 0
    for success in results:
        ready = [s for s, state in states.items() if state == ErrandState.READY]
        if not ready:
            break
        seq = rng.choice(ready)  # type: ignore[attr-defined]
        states[seq] = ErrandState.SERVING
        told = rules.after_finish(
            [OpenErrand(s, state, after[s], 5 * MINUTE) for s, state in states.items()], seq, success, done
        )
        done, states = told.done, dict(told.states)
        open_now = [s for s in states.values() if s in (ErrandState.BLOCKED, ErrandState.READY)]
        assert told.n_rem == len(open_now)
        assert told.m_rem == 5 * MINUTE * len(open_now)
    if not any(s == ErrandState.READY for s in states.values()):
        assert all(s in (ErrandState.DONE, ErrandState.DROPPED) for s in states.values())


def test_ended_states_have_no_way_out_but_undo() -> None:
    for (state, verb), after in MOVES.items():
        assert move(state, verb) == after
        if state not in OPEN:
            assert verb.startswith("undo")
    with pytest.raises(KeyError):
        move(ErrandState.DROPPED, "call")


def test_percentile_agrees_with_the_plain_definition() -> None:
    assert rules.percentile([1.0, 2.0, 3.0, 4.0, 5.0], 0.5) == 3.0
    assert rules.percentile([10.0], 0.9) == 10.0
    assert rules.percentile([0.0, 10.0], 0.1) == pytest.approx(1.0)
    with pytest.raises(ValueError):
        rules.percentile([], 0.5)
