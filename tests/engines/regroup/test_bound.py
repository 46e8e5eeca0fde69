"""The proof: never above the optimum, equal to it where the proof ends, and every cut true for every plan."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace

import numpy as np
import pytest

from satuatap.engines.regroup.bound import Master
from satuatap.engines.regroup.core import Core, Posts, broken, cost_of
from satuatap.engines.regroup.cuts import closure, hull, lifted, potentials
from satuatap.engines.regroup.linear import solve_cpsat, solve_highs
from satuatap.engines.regroup.linear_model import linear, may_sit
from satuatap.engines.regroup.portfolio import solve
from satuatap.engines.regroup.portfolio_board import Board
from satuatap.engines.regroup.stopping import Deadline, Either, never
from satuatap.engines.regroup.tree import Tree
from tests.engines.regroup.small_cores import TERMS, best_of_all, random_core


@pytest.mark.parametrize("terms", TERMS, ids="-".join)
@pytest.mark.parametrize("seed", range(3))
def test_the_tree_alone_proves_the_optimum(terms: tuple[str, ...], seed: int) -> None:
    core = random_core(seed, *terms)
    best, _plan = best_of_all(core)
    model = linear(core)
    bounds: list[float] = []
    board = Board(core, model.grain, never, lambda _s, _c, bound: bounds.append(bound))
    if may_sit(core).any(axis=1).all():
        Tree(core, model, board).run(never, nodes=5000)
        assert board.infeasible == math.isinf(best)
        assert board.cost == pytest.approx(best, rel=1e-6)
    assert all(bound <= best * (1 + 1e-9) for bound in bounds)


@pytest.mark.parametrize(
    "terms", [(), ("posts",), ("apart", "rows"), ("posts", "rows", "kept", "forbidden"), ("bills", "posts")]
)
@pytest.mark.parametrize("seed", range(3))
def test_two_exact_solvers_agree_on_linear_cores(terms: tuple[str, ...], seed: int) -> None:
    core = random_core(seed, *terms)
    best, _plan = best_of_all(core)
    model = linear(core)
    for solver in (solve_highs, solve_cpsat):
        found = solver(core, model)
        if math.isinf(best):
            assert found.plan is None
            continue
        assert found.plan is not None and not broken(core, found.plan)
        assert cost_of(core, found.plan) == pytest.approx(best, rel=1e-6)
        assert found.bound <= best * (1 + 1e-6) + 1e-6


@pytest.mark.parametrize("terms", TERMS, ids="-".join)
def test_the_portfolio_proves_small_cores_and_repeats_itself(terms: tuple[str, ...]) -> None:
    core = random_core(8, *terms, n=6, m=3)
    best, _plan = best_of_all(core)
    one, two = (solve(core, stop=400_000, seed=3) for _ in range(2))
    assert one.cost == pytest.approx(best, rel=1e-6)
    assert one.infeasible == math.isinf(best)
    assert (one.cost, one.lower_bound) == (two.cost, two.lower_bound)
    assert one.lower_bound <= one.cost
    if one.plan is not None and two.plan is not None:
        assert one.plan.tolist() == two.plan.tolist()
        assert one.proved


def test_stopped_at_once_it_still_has_a_bound() -> None:
    core = random_core(2, "pairs", "posts", n=40, m=12)
    told: list[tuple[float, float | None, float]] = []
    answer = solve(core, stop=Deadline(0.0), seed=1, progress=lambda *line: told.append(line))
    assert math.isfinite(answer.lower_bound) and answer.lower_bound <= answer.cost
    told.clear()
    found = Either(lambda: any(best is not None for _s, best, _b in told), Deadline(100.0))
    answer = solve(core, stop=found, seed=1, progress=lambda *line: told.append(line))
    assert answer.plan is not None and not broken(core, answer.plan)
    assert math.isfinite(answer.lower_bound)
    assert told and all(line[2] <= answer.cost + 1e-9 for line in told)


@pytest.mark.parametrize("terms", TERMS, ids="-".join)
def test_every_row_of_the_root_holds_for_every_plan(terms: tuple[str, ...]) -> None:
    core = random_core(5, *terms)
    model = linear(core)
    master = Master(core, model)
    for _ in range(15):
        if master.solve() != "optimal" or not master.cut(None):
            break
    lp = master.h.getLp()
    lp.ensureRowwise() if hasattr(lp, "ensureRowwise") else None
    rows = [master.h.getRowEntries(r) for r in range(master.rows)]
    low, high = np.array(lp.row_lower_), np.array(lp.row_upper_)
    for plan in itertools.islice(itertools.product(range(core.m), repeat=core.n), 0, None, 3):
        places = np.array(plan, np.int64)
        if broken(core, places) or (model.index[np.arange(core.n), places] < 0).any():
            continue
        point = model.point(core, places)
        theta = [
            core.distance[places[i], places[j]]
            if len(master.metric) == 1 or p % 2 == 0
            else core.distance[places[j], places[i]]
            for p, (i, j) in enumerate(master.pairs)
        ]
        point = np.concatenate([point, theta])
        for r in range(master.rows):
            value = float(point[rows[r][1]] @ rows[r][2])
            assert low[r] - 1e-6 <= value <= high[r] + 1e-6


def test_potentials_are_true_and_tight() -> None:
    rng = np.random.default_rng(1)
    for _ in range(60):
        m = int(rng.integers(2, 9))
        metric = closure(rng.uniform(0.1, 10, (m, m)))
        first, second = rng.dirichlet(np.full(m, 0.4)), rng.dirichlet(np.full(m, 0.4))
        phi = potentials(metric, first, second)
        assert (phi[None, :] - phi[:, None] <= metric + 1e-7).all()
        least = _transport_by_linprog(metric, first, second)
        assert phi @ (second - first) == pytest.approx(least, abs=1e-5)


def _transport_by_linprog(metric: np.ndarray, first: np.ndarray, second: np.ndarray) -> float:
    from scipy.optimize import linprog

    m = len(first)
    rows = np.vstack([np.kron(np.eye(m), np.ones(m)), np.kron(np.ones(m), np.eye(m))])
    return float(linprog(metric.ravel(), A_eq=rows, b_eq=np.concatenate([first, second])).fun)


def test_hull_cuts_hold_for_every_set_that_fits() -> None:
    rng = np.random.default_rng(2)
    for _ in range(30):
        count = int(rng.integers(4, 10))
        size = rng.integers(1, 12, count)
        room = int(rng.integers(12, 25))
        share = rng.uniform(0.1, 1.0, count)
        chosen = np.argsort(-share)[: min(6, count)]
        pi = hull(share[chosen], size[chosen], room)
        full = lifted(pi, chosen, np.setdiff1d(np.arange(count), chosen), size, room)
        for keep in itertools.product((0, 1), repeat=count):
            if np.dot(keep, size) <= room:
                assert np.dot(keep, full) <= 1 + 1e-6


@pytest.mark.parametrize("equal", [True, False])
def test_room_cuts_hold_for_every_plan_and_cut_the_point_off(equal: bool) -> None:
    """At points in which groups are split between places that are open in part."""
    rng = np.random.default_rng(3)
    met = 0
    for seed in range(20):
        core = random_core(seed, n=6, m=4)
        if equal:
            core = replace(core, room=np.full_like(core.room, core.room.mean()))
        master = Master(core, linear(core))
        seats = rng.dirichlet(np.full(core.m, 0.5), core.n)
        y = np.maximum(core.size[0] @ seats / core.room[0], seats.max(axis=0) * rng.uniform(0, 1))
        master.values[: master.model.y] = seats[master.model.group, master.model.place]
        master.values[master.model.y : master.model.z] = np.minimum(1.0, y)
        plans = [np.array(p, np.int64) for p in itertools.product(range(core.m), repeat=core.n)]
        points = [master.model.point(core, p) for p in plans if not broken(core, p)]
        for columns, values, low, _high in master._room_rows(seats):
            met += 1
            assert values @ master.values[columns] < low
            assert all(values @ point[columns] >= low - 1e-6 for point in points)
    assert met > 10


def test_the_posts_of_a_building_count_whole() -> None:
    """4 groups of 60 m2 in 3 places of 200 m2, a post for each 100 m2 at 50: two places with 2 groups need 4 posts, one
    place with 3 and one with 1 need 3. A plain relaxation counts 2.4; the root says 3."""
    posts = Posts(np.arange(3), np.zeros(3, np.int64), np.full(3, 100.0), np.full(3, 50.0))
    size = np.full((1, 4), 60.0)
    core = Core(np.zeros((4, 3)), np.zeros(3), size, np.full((1, 3), 200.0), load=size, posts=posts)
    best, _plan = best_of_all(core)
    master = Master(core, linear(core))
    assert best == 150 and master.solve() == "optimal" and master.objective == pytest.approx(120, abs=0.1)
    while master.cut(None) and master.solve() == "optimal":
        pass
    assert master.objective == pytest.approx(150, rel=1e-4)
