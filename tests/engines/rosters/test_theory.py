"""Erlang C and A against published values, exact chains and a simulation; the day's load against integration."""

from __future__ import annotations

import heapq
import math
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from satuatap.engines.rosters.theory import (
    Span,
    erlang_a,
    erlang_b,
    erlang_c,
    erlang_c_quantile,
    through_the_day,
)

SECOND = 1 / 60


def test_erlang_b_of_the_tables():
    assert erlang_b(10, 10) == pytest.approx(0.214582, abs=1e-6)
    assert erlang_b(1, 2) == pytest.approx(0.2)


def test_one_server_is_m_m_1():
    steady = erlang_c(0.5, 1.0, 1)
    assert (steady.waits, steady.mean_wait, steady.mean_in_line) == pytest.approx((0.5, 1.0, 0.5))


def test_three_servers_by_hand():
    """Offered 2 erlangs, 3 desks: C = (2^3/3!)(3/(3-2)) / (1 + 2 + 2 + (8/6) 3) = 4/9."""
    assert erlang_c(2.0, 1.0, 3).waits == pytest.approx(4 / 9)


def test_the_published_centre_of_fifty_desks():
    """Garnett, Mandelbaum, Reiman (2002), table 1: 48 a minute, 1 minute, 50 desks, patience 2 minutes."""
    without, patient = erlang_c(48, 1, 50), erlang_a(48, 1, 50, 0.5)
    assert without.mean_wait / SECOND == pytest.approx(20.8, abs=0.05)
    assert erlang_c_quantile(48, 1, 50, 0.9) / SECOND == pytest.approx(58.1, abs=0.05)
    assert without.mean_in_line == pytest.approx(17, abs=0.5)
    assert patient.leaves == pytest.approx(0.031, abs=0.0005)
    assert patient.mean_wait / SECOND == pytest.approx(3.7, abs=0.05)
    assert patient.mean_in_line == pytest.approx(3, abs=0.05)


def test_overload_has_no_steady_state_without_patience_and_one_with_it():
    assert math.isinf(erlang_c(3, 1, 2).mean_wait)
    assert math.isinf(erlang_c_quantile(3, 1, 2, 0.9))
    many = erlang_a(2000, 1, 100, 0.01)  # a line of tens of thousands: nothing overflows
    assert many.leaves == pytest.approx(0.95, abs=1e-6)


def chain(arrival: float, service: float, servers: int, patience: float, states: int = 400) -> tuple[float, float]:
    """Chance to wait and mean in line by solving the balance equations of a cut chain."""
    out = np.zeros((states, states))
    for k in range(states - 1):
        out[k, k + 1] = arrival
        out[k + 1, k] = min(k + 1, servers) * service + max(0, k + 1 - servers) * patience
    balance = out.T - np.diag(out.sum(axis=1))
    balance[-1] = 1.0
    chances = np.linalg.solve(balance, np.eye(states)[-1])
    return chances[servers:].sum(), (np.maximum(0, np.arange(states) - servers) * chances).sum()


@settings(derandomize=True, max_examples=50, deadline=None)
@given(st.floats(0.05, 12), st.floats(0.2, 3), st.integers(1, 12), st.floats(0.05, 2))
def test_erlang_a_is_its_chain(arrival, service, servers, patience):
    steady = erlang_a(arrival, service, servers, patience)
    waits, line = chain(arrival, service, servers, patience)
    assert steady.waits == pytest.approx(waits, abs=1e-8)
    assert steady.mean_in_line == pytest.approx(line, rel=1e-6, abs=1e-9)
    assert 0 <= steady.leaves <= 1


@settings(derandomize=True, max_examples=50, deadline=None)
@given(st.floats(0.1, 5), st.integers(1, 20), st.floats(0.05, 0.94))
def test_patience_that_never_ends_is_erlang_c(service, servers, load):
    arrival = load * service * servers
    with_patience, without = erlang_a(arrival, service, servers, 1e-9), erlang_c(arrival, service, servers)
    assert with_patience.mean_wait == pytest.approx(without.mean_wait, rel=1e-4, abs=1e-12)


def simulated(arrival: float, service: float, servers: int, people: int, seed: int) -> float:
    rng = random.Random(seed)
    free = [0.0] * servers
    now = waited = 0.0
    for _ in range(people):
        now += rng.expovariate(arrival)
        start = max(now, heapq.heappop(free))
        waited += start - now
        heapq.heappush(free, start + rng.expovariate(service))
    return waited / people


def test_erlang_c_is_what_a_simulation_sees():
    mean = sum(simulated(2.4, 1.0, 3, 60_000, seed) for seed in range(4)) / 4
    assert mean == pytest.approx(erlang_c(2.4, 1.0, 3).mean_wait, rel=0.05)


def integrated(spans: list[Span], service: float, patience: float, step: float = 1e-3) -> list[float]:
    ends, line = [], 0.0
    for span in spans:
        for _ in range(round(span.minutes / step)):
            surplus = span.arrival_rate - service * span.servers - patience * line
            line = max(0.0, line + surplus * step)
        ends.append(line)
    return ends


@pytest.mark.parametrize("patience", [0.0, 0.05])
def test_a_day_with_a_rush_builds_a_line_and_clears_it(patience):
    spans = [Span(60, 0.4, 3), Span(60, 1.2, 3), Span(30, 0.3, 3), Span(60, 0.2, 3)]
    day = through_the_day(spans, service_rate=0.25, patience_rate=patience)
    assert [one.basis for one in day[:3]] == ["pointwise", "fluid", "fluid"]
    assert day[0].mean_wait == pytest.approx(erlang_a(0.4, 0.25, 3, patience).mean_wait)
    ends = integrated([Span(60, 0.75, 3), *spans[1:]], 0.25, patience)
    for one, end in list(zip(day, ends, strict=True))[1:3]:
        assert one.line_at_end == pytest.approx(end, rel=0.01, abs=0.01)
    assert day[3].line_at_end == 0


@pytest.mark.parametrize(
    "wrong",
    [(-1, 1, 1), (1, 0, 1), (1, 1, 0), (math.nan, 1, 1), (1, math.inf, 1), (1, 1, 1.5)],
)
def test_what_cannot_be_is_refused(wrong):
    with pytest.raises(ValueError, match="must be"):
        erlang_c(*wrong)
