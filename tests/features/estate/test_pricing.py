"""A plan's price without a solver: held against the whole city's cost, the verifier, and every plan of a small city."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from itertools import product
from typing import Any

import pytest

from satuatap.engines.regroup.cost import cost
from satuatap.engines.regroup.generate import city
from satuatap.engines.regroup.reading import read
from satuatap.engines.regroup.verify import verify
from satuatap.features.estate import pricing
from satuatap.features.estate.pricing import Case
from satuatap.features.estate.refusals import SumsDiffer


def case(units: int, buildings: int, seed: int) -> Case:
    raw = city(units, buildings, seed)
    problem = read(raw).problem
    assert problem is not None
    return Case(raw, problem)


def some_plan(one: Case, seed: int, share: float = 0.5) -> dict[str, str]:
    """Today's places with about so many units somewhere else."""
    rng = random.Random(seed)
    places = [b.id for b in one.problem.buildings]
    return {u: rng.choice(places) if rng.random() < share else b for u, b in one.present.items()}


@pytest.mark.parametrize("seed", range(6))
def test_terms_add_up_to_what_the_verifier_counts(seed: int) -> None:
    one = case(12, 7, seed)
    plan = some_plan(one, seed)
    found, verdict, today = pricing.price(one, plan), verify(one.raw, plan), verify(one.raw, one.present)
    assert found.cash == pytest.approx(today.cash_yearly - verdict.cash_yearly)
    assert found.capacity == pytest.approx(today.capacity_yearly - verdict.capacity_yearly)
    assert (found.score, found.present_score) == (pytest.approx(verdict.score), pytest.approx(today.score))
    assert tuple(map(str, found.breaches)) == verdict.broken
    assert set(found.moved) == {u for u in plan if plan[u] != one.present[u]}


@pytest.mark.parametrize("seed", range(6))
def test_a_moves_worth_is_the_whole_citys_difference(seed: int) -> None:
    one = case(14, 8, seed)
    plan = some_plan(one, seed + 50)
    whole = cost(one.problem, plan)
    found = pricing.moves(one, plan)
    assert [m.unit for m in found] == [u.id for u in one.problem.units if plan[u.id] != u.present]
    for move in found:
        stays = cost(one.problem, {**plan, move.unit: move.origin})
        assert move.cash == pytest.approx(stays.cash_yearly - whole.cash_yearly, abs=1e-6)
        assert move.capacity == pytest.approx(stays.capacity_yearly - whole.capacity_yearly, abs=1e-6)
        assert move.citizen_km == pytest.approx(stays.citizen_km - whole.citizen_km, abs=1e-6)
        terms = {**move.terms, **move.capacity_terms}
        assert move.reason in (*terms, pricing.CITIZENS, "")
        if move.reason in move.terms:
            assert terms[move.reason] == max(move.terms.values())


def test_the_bound_of_brute_force_is_below_every_plan_that_keeps_the_rules() -> None:
    one = case(5, 3, 4)
    units, places = list(one.present), [b.id for b in one.problem.buildings]
    every = [pricing.price(one, dict(zip(units, p, strict=True))) for p in product(places, repeat=len(units))]
    whole = [p for p in every if not p.breaches]
    best = min(p.score for p in whole)
    assert 0 < len(whole) < len(every)
    assert all((p.gap(best) or 0) >= 0 for p in whole) and any(p.gap(best) == 0 for p in whole)
    assert all(p.gap(best) is None for p in every if p.breaches)  # a broken rule has no distance from the best


def test_another_price_is_the_same_as_another_file() -> None:
    one = case(10, 6, 2)
    plan, prices = some_plan(one, 3), {"hour": 0.9, "amortise_years": 3.0, "citizen_km": 0.0}
    raw = pricing.with_prices(one.raw, prices)
    again = read(raw).problem
    assert again is not None and raw["prices"]["trip_per_km"] == one.raw["prices"]["trip_per_km"]
    assert pricing.price(one.at(prices), plan) == pricing.price(Case(raw, again), plan)
    assert pricing.price(one.at(prices), plan) != pricing.price(one, plan)


def test_two_sums_that_differ_are_not_shown() -> None:
    one = case(6, 4, 1)
    spoiled = Case(pricing.with_prices(one.raw, {"move_per_m2": 9.0}), one.problem)
    with pytest.raises(SumsDiffer):
        pricing.price(spoiled, some_plan(one, 1, share=1.0))


def test_what_is_broken_is_named() -> None:
    one = case(10, 5, 3)
    full = dict.fromkeys(one.present, one.problem.buildings[0].id)
    found = pricing.price(one, full)
    rooms = [b for b in found.breaches if b.kind == "room"]
    assert rooms and all(b.wanted > b.there and b.what == one.problem.buildings[0].id for b in rooms)
    assert all(b.what in {r.name for r in one.problem.rules} for b in found.breaches if b.kind != "room")


def test_pricing_loads_no_solver() -> None:
    code = (
        "import sys, django; django.setup(); import satuatap.features.estate.pricing; "
        "print([m for m in ('highspy', 'ortools', 'numba') if m in sys.modules])"
    )
    words: dict[str, Any] = {**os.environ, "DJANGO_SETTINGS_MODULE": "satuatap.project.settings"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=words)
    assert done.stdout.strip() == "[]"
