"""Bills: their amount by a scan of the pieces, an envelope that is never above them, and a reach no plan exceeds."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from satuatap.engines.regroup.bills import Bills, envelope, gathered, reach, runs
from satuatap.engines.regroup.core import broken, cost_of, use_of
from satuatap.engines.regroup.linear import solve_cpsat, solve_highs
from satuatap.engines.regroup.linear_model import linear
from tests.engines.regroup.small_cores import best_of_all, random_bills, random_core


def by_scan(bills: Bills, d: int, use: float) -> float:
    found = 0.0
    for s in range(bills.first[d], bills.first[d + 1]):
        if bills.start[s] <= use:
            found = bills.value[s] + bills.slope[s] * (use - bills.start[s])
    return float(found)


@pytest.mark.parametrize("seed", range(30))
def test_stretches_are_the_bill_and_the_envelope_is_below(seed: int) -> None:
    jumps = bool(seed % 2)
    bills = random_bills(np.random.default_rng(seed), 3, jumps)
    for d in range(len(bills.place)):
        most = 5.0 + 7.0 * d
        stretches = runs(bills, d, most)
        assert len(stretches) == 1 or jumps
        uses = np.linspace(0, most, 400)
        true = np.array([bills.amount(d, float(use)) for use in uses])
        assert true == pytest.approx([by_scan(bills, d, float(use)) for use in uses])
        for use, amount in zip(uses, true, strict=True):
            here = [run.at(use) for run in stretches if run.low <= use <= run.high]
            assert min(abs(one - amount) for one in here) < 1e-9 * (1 + abs(amount))
        below = envelope(stretches)
        assert below.height[0] == 0.0
        assert (below.height <= 0).all()
        assert (np.diff(below.slope) > 0).all()
        low = np.array([below.at(float(use)) for use in uses])
        assert (low <= true + 1e-9 * (1 + np.abs(true))).all()
        if len(stretches) == 1:
            assert low == pytest.approx(true)


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
def test_where_a_bill_jumps_both_solvers_find_what_every_plan_says(seed: int) -> None:
    core = random_core(seed, "jumps", "kept")
    best, _plan = best_of_all(core)
    model = linear(core)
    assert model.bills.choices
    found = solve_highs(core, model)
    assert found.plan is not None
    assert found.bound <= best + 1e-6
    assert cost_of(core, found.plan) == pytest.approx(best, rel=1e-6)
    other = solve_cpsat(core, model)
    assert other.plan is not None
    assert not other.proved
    assert other.bound == -np.inf
    assert cost_of(core, other.plan) == pytest.approx(best, rel=1e-3)


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
    below = envelope(runs(bills, 0, 60.0))  # corners (0, 0), (10, 10), (60, 90)
    assert below.slope.tolist() == pytest.approx([1.0, 1.6])
    assert below.height.tolist() == pytest.approx([0.0, -6.0])
    assert [(run.low, run.high) for run in runs(bills, 0, 60.0)] == [(0, 40), (40, 60)]
