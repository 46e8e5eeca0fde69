"""A clock that jumps is in doubt until somebody sets it right or ten minutes are over; a steady one never is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from satuatap.plumbing.clocks import ASLEEP_S, HOLD_S, JUMP_S, Seen, Watch, steady_clock

NOON = 1_790_000_000.0
DAY = 86400.0


def looks(watch: Watch, *moves: tuple[float, float]) -> list[Seen]:
    """``(steady, jump)``: what is seen when so many steady seconds have passed and the wall is so far off."""
    return [watch.look(NOON + steady + jump, steady) for steady, jump in moves]


def begun(newest: float | None = NOON - 60) -> Watch:
    watch = Watch()
    assert watch.begin(NOON, 0.0, newest) is Seen.STEADY
    return watch


@pytest.mark.parametrize("jump", [120.0, 3600.0, DAY, 3650 * DAY, -120.0, -3600.0, -DAY, -3650 * DAY])
def test_a_jump_either_way_is_seen_at_once_and_gone_when_it_is_set_right(jump: float) -> None:
    watch = begun()
    assert looks(watch, (1, 0), (2, jump), (3, jump), (HOLD_S, jump), (HOLD_S + 1, 0), (HOLD_S + 2, 0)) == [
        Seen.STEADY, Seen.JUMPED, Seen.DOUBT, Seen.DOUBT, Seen.RETURNED, Seen.STEADY,
    ]  # fmt: skip
    assert watch.jumped == jump


def test_who_sets_a_wrong_clock_right_is_believed_after_ten_minutes() -> None:
    watch = begun()
    assert looks(watch, (1, DAY), (HOLD_S, DAY), (HOLD_S + 1, DAY), (HOLD_S + 2, DAY)) == [
        Seen.JUMPED, Seen.DOUBT, Seen.BELIEVED, Seen.STEADY,
    ]  # fmt: skip


def test_a_second_jump_begins_the_ten_minutes_anew() -> None:
    watch = begun()
    assert looks(watch, (1, DAY), (HOLD_S, 2 * DAY), (HOLD_S + 2, 2 * DAY)) == [
        Seen.JUMPED, Seen.JUMPED, Seen.DOUBT,
    ]  # fmt: skip


@given(st.lists(st.tuples(st.floats(0.5, 60), st.floats(-1, 1)), max_size=400))
def test_a_clock_that_is_steered_gently_is_never_in_doubt(steps: list[tuple[float, float]]) -> None:
    watch, steady, apart = begun(), 0.0, 0.0
    for passed, drift in steps:
        steady, apart = steady + passed, apart + drift
        assert watch.look(NOON + steady + apart, steady) is Seen.STEADY


def test_a_machine_that_starts_in_the_past_is_in_doubt_until_it_knows_the_time() -> None:
    """A battery that died: the newest thing in the journal lies in its future."""
    watch = Watch()
    assert watch.begin(NOON, 0.0, NOON + 300 * DAY) is Seen.JUMPED
    assert watch.jumped == -300 * DAY
    assert looks(watch, (5, 0), (9, 300 * DAY + 10 * 3600), (10, 300 * DAY + 10 * 3600)) == [
        Seen.DOUBT, Seen.RETURNED, Seen.STEADY,
    ]  # fmt: skip


def test_a_night_or_a_weekend_switched_off_is_no_jump_and_a_year_is() -> None:
    for off, seen in ((13 * 3600, Seen.STEADY), (3 * DAY, Seen.STEADY), (ASLEEP_S + 1, Seen.JUMPED)):
        assert Watch().begin(NOON, 0.0, NOON - off) is seen
    assert Watch().begin(NOON, 0.0, None) is Seen.STEADY, "an empty journal"


def test_the_steady_clock_goes_on_and_slow_answers_are_no_jump() -> None:
    first = steady_clock()
    assert steady_clock() >= first > 0
    assert looks(begun(), (1, JUMP_S - 1), (2, 0)) == [Seen.STEADY, Seen.STEADY]
