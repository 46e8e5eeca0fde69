"""Bills: their amount by a scan of the pieces, an envelope that is never above them, and a reach no plan exceeds."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from satuatap.engines.regroup.bills import Bills, envelope, gathered, reach
from satuatap.engines.regroup.core import broken, cost_of, use_of
from satuatap.engines.regroup.linear import solve_highs
from satuatap.engines.regroup.linear_model import linear
from tests.engines.regroup.small_cores import best_of_all, random_bills, random_core


def by_scan(bills: Bills, d: int, use: float) -> float:
    found = 0.0
    for s in range(bills.first[d], bills.first[d + 1]):
        if bills.start[s] <= use:
            found = bills.value[s] + bills.slope[s] * (use - bills.start[s])
    return float(found)


@pytest.mark.parametrize("seed", range(30))
def test_the_envelope_is_below_and_meets_a_convex_bill(seed: int) -> None:
    jumps = bool(seed % 2)
    bills = random_bills(np.random.default_rng(seed), 3, jumps)
    for d in range(len(bills.place)):
        most = 5.0 + 7.0 * d
        height, slope = envelope(bills, d, most)
        assert height[0] == 0.0 and (height <= 0).all() and (np.diff(slope) > 0).all()
        uses = np.concatenate([np.linspace(0, most, 400), bills.start[bills.start <= most]])
        true = np.array([bills.amount(d, float(use)) for use in uses])
        assert true == pytest.approx([by_scan(bills, d, float(use)) for use in uses])
        below = (height[:, None] + slope[:, None] * uses).max(axis=0)
        assert (below <= true + 1e-9 * (1 + np.abs(true))).all()
        if bills.is_convex(d, most):
            assert below == pytest.approx(true)
        elif len(uses) > 2:
            assert jumps
            assert below[0] == pytest.approx(0.0)
            assert (true - below).max() > 1e-9


@pytest.mark.parametrize("seed", range(10))
def test_no_feasible_plan_exceeds_the_reach(seed: int) -> None:
    core = random_core(seed, "bills", "resources", "forbidden")
    may = np.isfinite(core.assign)
    most = [
        reach(core.bills.mix[d] @ core.load, may[:, k], core.size, core.room[:, k])
        for d, k in enumerate(core.bills.place)
    ]
    met = np.zeros(len(most))
    for plan in itertools.product(range(core.m), repeat=core.n):
        places = np.array(plan, np.int64)
        if not broken(core, places):
            met = np.maximum(met, [use_of(core, places, d) for d in range(len(most))])
    assert (met <= np.array(most)).all()


@pytest.mark.parametrize("seed", range(6))
def test_where_a_bill_jumps_the_linear_part_only_bounds(seed: int) -> None:
    core = random_core(seed, "jumps")
    best, _plan = best_of_all(core)
    model = linear(core)
    found = solve_highs(core, model)
    assert not model.exact and not found.proved
    assert found.plan is not None
    assert found.bound <= best + 1e-6
    assert cost_of(core, found.plan) >= best - 1e-9


def test_bills_of_some_places_keep_their_pieces() -> None:
    bills = random_bills(np.random.default_rng(1), 5, True)
    some = bills.among(np.array([4, 0]))
    assert some.place.tolist() == [1, 1, 0]
    for mine, theirs in ((0, 0), (1, 1), (2, 5)):
        assert some.amount(mine, 11.0) == bills.amount(theirs, 11.0)
        assert (some.mix[mine] == bills.mix[theirs]).all()


def test_a_bill_by_hand() -> None:
    """10 units at 1, the next ones at 3; then a class that is cheaper for all: 40 x 1.5 = 60 instead of 100."""
    bills = gathered(
        [0], np.ones((1, 1)), [(np.array([0.0, 10, 40]), np.array([0.0, 10, 60]), np.array([1.0, 3, 1.5]))]
    )
    assert [bills.amount(0, use) for use in (0, 5, 10, 20, 39, 40, 60)] == [0, 5, 10, 40, 97, 60, 90]
    height, slope = envelope(bills, 0, 60.0)  # corners (0, 0), (10, 10), (60, 90)
    assert slope.tolist() == pytest.approx([1.0, 1.6])
    assert height.tolist() == pytest.approx([0.0, -6.0])
