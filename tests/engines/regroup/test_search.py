"""The search: its difference formula, its determinism, and that it finds what trying every plan finds."""

from __future__ import annotations

import numpy as np
import pytest

from satuatap.engines.regroup.core import Core, broken, cost_of
from satuatap.engines.regroup.search import anneal, first_plan, late_acceptance, search
from satuatap.engines.regroup.search_moves import difference, refresh, shift
from satuatap.engines.regroup.search_tables import COST, EXCESS, new_state, tables
from tests.engines.regroup.small_cores import TERMS, best_of_all, random_core


@pytest.mark.parametrize("terms", TERMS, ids="-".join)
def test_a_shift_changes_the_cost_by_what_the_whole_cost_says(terms: tuple[str, ...]) -> None:
    core = random_core(3, *terms, n=9, m=5)
    t = tables(core)
    plan = first_plan(core, t)
    assert plan is not None
    state = new_state(t, plan, 1)
    refresh(*state)
    rng = np.random.default_rng(5)
    for _ in range(200):
        i = int(rng.integers(core.n))
        k = int(rng.choice(np.flatnonzero(t.allowed[i])))
        if k == plan[i]:
            continue
        before = cost_of(core, plan)
        clean = not broken(core, plan)
        cost, over = difference(*state, i, k)
        shift(*state, i, k)
        plan[i] = k
        assert cost == pytest.approx(cost_of(core, plan) - before, abs=1e-7)
        state.value[EXCESS] += over
        assert clean <= (abs(state.value[EXCESS] - over) < 1e-9)
        assert (state.value[EXCESS] < 1e-9) == (not broken(core, plan))


@pytest.mark.parametrize("terms", TERMS, ids="-".join)
def test_there_and_back_costs_nothing(terms: tuple[str, ...]) -> None:
    core = random_core(4, *terms, n=9, m=5)
    t = tables(core)
    plan = first_plan(core, t)
    assert plan is not None
    state = new_state(t, plan, 1)
    refresh(*state)
    memory = state.f.copy()
    for i in range(core.n):
        for k in np.flatnonzero(t.allowed[i]):
            if k == plan[i]:
                continue
            there = difference(*state, i, int(k))
            shift(*state, i, int(k))
            back = difference(*state, i, int(plan[i]))
            shift(*state, i, int(plan[i]))
            assert np.add(there, back) == pytest.approx([0.0, 0.0], abs=1e-9)
    assert np.allclose(state.f, memory, atol=1e-9)


@pytest.mark.parametrize("terms", TERMS, ids="-".join)
@pytest.mark.parametrize("seed", range(4))
def test_finds_the_optimum_of_small_cores(terms: tuple[str, ...], seed: int) -> None:
    core = random_core(seed, *terms)
    best, _plan = best_of_all(core)
    found = search(core, seed=seed, moves=60_000, first=20_000)
    assert found.cost == pytest.approx(best, rel=1e-9)
    assert (found.plan is None) == np.isinf(best)


def test_same_seed_same_answer_and_the_stop_keeps_the_best() -> None:
    core = random_core(1, "pairs", "posts", n=30, m=9)
    one, two = (search(core, seed=7, moves=150_000, first=50_000) for _ in range(2))
    assert one.plan is not None and two.plan is not None
    assert one.plan.tolist() == two.plan.tolist()
    looks = iter([False, False, True, True, True])
    cut = search(core, seed=7, moves=10**9, first=100_000, stop=lambda: next(looks, True))
    assert cut.plan is not None and cut.moves <= 200_000
    assert cut.cost == cost_of(core, cut.plan)


def test_a_planted_better_plan_is_found() -> None:
    core = random_core(11, "pairs", n=24, m=8)
    planted = np.arange(24) % 8
    assign = core.assign + 60.0
    assign[np.arange(24), planted] = 0.0
    room = np.bincount(planted, weights=core.size[0], minlength=8)[None, :]
    cheap = Core(assign, core.open_cost, core.size, room, core.pair, core.weight * 0.01, core.distance)
    assert search(cheap, seed=1, moves=400_000).cost <= cost_of(cheap, planted) + 1e-9


def test_no_place_for_a_group_is_no_plan() -> None:
    core = Core(np.ones((2, 2)), np.ones(2), np.array([[9.0, 1.0]]), np.full((1, 2), 5.0))
    assert search(core, seed=1, moves=1000).plan is None
    tight = Core(np.ones((3, 2)), np.ones(2), np.full((1, 3), 3.0), np.full((1, 2), 4.0))
    assert search(tight, seed=1, moves=20_000).plan is None


def test_late_acceptance_gives_a_feasible_plan() -> None:
    core = random_core(2, "pairs", "posts", n=20, m=8)
    found = late_acceptance(core, seed=1, moves=200_000)
    assert found.plan is not None and not broken(core, found.plan)


def test_running_sums_do_not_drift() -> None:
    core = random_core(6, "pairs", "posts", "rows", n=25, m=8)
    t = tables(core)
    plan = first_plan(core, t)
    assert plan is not None
    state, _done = anneal(t, plan, seed=2, moves=100_000)
    walked = state.value[COST]
    refresh(*state)
    assert walked == pytest.approx(state.value[COST], rel=1e-9)
