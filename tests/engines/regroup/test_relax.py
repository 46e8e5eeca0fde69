"""Which rule costs most, and the price of a wish: against every plan of small cities."""

from __future__ import annotations

import copy
import itertools
import json
from pathlib import Path
from typing import Any

import pytest

from satuatap.engines.regroup import reading, verify
from satuatap.engines.regroup.generate import city
from satuatap.engines.regroup.problem import Problem
from satuatap.engines.regroup.relax import relaxed
from satuatap.engines.regroup.solve import regroup
from satuatap.engines.regroup.stopping import Deadline
from satuatap.engines.regroup.why import why_not

EXAMPLE = Path(__file__).parents[3] / "data" / "examples" / "regroup" / "four-offices.json"


def problem_of(raw: Any) -> Problem:
    found = reading.read(raw)
    assert found.problem is not None, [str(fault) for fault in found.faults]
    return found.problem


def least(raw: Any) -> float:
    """The least score of all plans, by the verifier alone."""
    units = [u["id"] for u in raw["units"]]
    plans = itertools.product([b["id"] for b in raw["buildings"]], repeat=len(units))
    verdicts = (verify.verify(raw, dict(zip(units, plan, strict=True))) for plan in plans)
    return min((v.score for v in verdicts if v.feasible), default=float("inf"))


def ruled() -> dict[str, Any]:
    raw: dict[str, Any] = json.loads(EXAMPLE.read_text())
    raw["rules"] = [
        {"name": "sedikit pindah", "kind": "max_moves", "limit": 1},
        {"name": "jangan ditutup", "kind": "do_not_close", "buildings": ["sewa"]},
        {"name": "tidak di sana", "kind": "forbidden_pair", "units": ["b"], "buildings": ["sewa"]},
        {"name": "pisah", "kind": "must_not_share", "units": ["a", "b"]},
    ]
    return raw


def without(raw: dict[str, Any], name: str) -> dict[str, Any]:
    found = copy.deepcopy(raw)
    found["rules"] = [rule for rule in raw["rules"] if rule["name"] != name]
    return found


def test_the_rule_that_costs_most_is_first_and_each_gain_is_that_of_every_plan() -> None:
    raw = ruled()
    best = regroup(problem_of(raw), 200_000, 1)
    heard: list[tuple[int, int]] = []
    found = relaxed(problem_of(raw), best, stop=100_000, progress=lambda *one: heard.append(one))
    gains = {rule["name"]: least(raw) - least(without(raw, rule["name"])) for rule in raw["rules"]}
    assert {one.rule: one.gain for one in found} == pytest.approx(gains, abs=1e-6)
    assert found[0].rule == max(gains, key=lambda name: gains[name])
    assert heard[-1] == (4, 4)
    for one in found:
        assert one.low - 1e-6 <= gains[one.rule] <= one.high + 1e-6
        assert bool(one.gain) == bool(one.moved or one.freed or one.kept)
    again = relaxed(problem_of(raw), best, stop=100_000)
    assert [(one.rule, one.gain, one.high) for one in again] == [(one.rule, one.gain, one.high) for one in found]


def test_a_better_plan_of_the_city_is_no_gain_of_a_rule() -> None:
    raw = ruled()
    problem = problem_of(raw)
    poor = regroup(problem, Deadline(0.0), 1)  # today's places
    gains = {rule["name"]: least(raw) - least(without(raw, rule["name"])) for rule in raw["rules"]}
    assert {one.rule: one.gain for one in relaxed(problem, poor, stop=100_000)} == pytest.approx(gains, abs=1e-6)


def test_a_city_without_a_plan_is_told_which_rule_gives_it_one() -> None:
    raw = ruled()
    raw["rules"] += [{"name": "semua", "kind": "fixed", "units": ["a", "b", "c"], "buildings": ["besar"]}]
    best = regroup(problem_of(raw), 100_000, 1)
    assert best.infeasible
    gains = {one.rule: one.gain for one in relaxed(problem_of(raw), best, stop=50_000)}
    assert gains["semua"] == float("inf")
    assert "jangan ditutup" not in gains


@pytest.mark.parametrize("seed", [1, 3])
def test_the_price_of_every_wish_lies_in_its_interval(seed: int) -> None:
    raw = city(5, 3, seed)
    problem = problem_of(raw)
    best = regroup(problem, 100_000, 1)
    cheapest = least(raw)
    for unit, building in itertools.product(["u0", "u3"], [b.id for b in problem.buildings]):
        found = why_not(problem, unit, building, best, stop=lambda: 40_000)
        asked = {"name": "asked", "kind": "fixed", "units": [unit], "buildings": [building]}
        price = least({**raw, "rules": [*raw["rules"], asked]}) - cheapest
        assert found.is_hard == (price == float("inf"))
        if not found.is_hard:
            assert found.low - 1e-6 <= price <= found.high + 1e-6
            assert found.forced is not None and found.forced.plan is not None
            assert found.forced.plan[unit] == building
