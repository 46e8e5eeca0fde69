"""A city's file: every fault at once, the same cost by three ways, every plan of small cities, and the wishes."""

from __future__ import annotations

import copy
import itertools
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from satuatap.engines.regroup import core as cores
from satuatap.engines.regroup import reading, verify
from satuatap.engines.regroup.compile import compiled
from satuatap.engines.regroup.cost import cost
from satuatap.engines.regroup.generate import city
from satuatap.engines.regroup.problem import Problem
from satuatap.engines.regroup.schema import RULE_KINDS, json_schema
from satuatap.engines.regroup.solve import hash_of, regroup
from satuatap.engines.regroup.why import clash, why_not

EXAMPLE = Path(__file__).parents[3] / "data" / "examples" / "regroup" / "four-offices.json"
CITIES = settings(derandomize=True, max_examples=50, deadline=None)


def example() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(EXAMPLE.read_text())
    return found


def problem_of(raw: Any) -> Problem:
    found = reading.read(raw)
    assert found.problem is not None, [str(fault) for fault in found.faults]
    return found.problem


def plans(problem: Problem) -> list[dict[str, str]]:
    """Every way to put every unit somewhere."""
    places = [b.id for b in problem.buildings]
    units = [u.id for u in problem.units]
    return [dict(zip(units, one, strict=True)) for one in itertools.product(places, repeat=len(units))]


def best_by_hand(raw: Any, problem: Problem) -> float:
    """The least score of all feasible plans, by the verifier alone."""
    verdicts = [verify.verify(raw, plan) for plan in plans(problem)]
    return min((v.score for v in verdicts if v.feasible), default=float("inf"))


def with_rules(raw: dict[str, Any], *rules: dict[str, Any]) -> dict[str, Any]:
    found = copy.deepcopy(raw)
    found["rules"] = [{"name": f"aturan {n}", **rule} for n, rule in enumerate(rules)]
    return found


def test_the_example_by_hand():
    """Electricity 100 + 60 + 0.1 x 1200, guards 2 x 4 x 5 and 1 x 4 x 5, moving 185 + 122 over ten years."""
    raw = example()
    problem = problem_of(raw)
    found = cost(problem, {"a": "besar", "b": "sedang", "c": "besar", "d": "besar"})
    assert found.cash["electricity"] == pytest.approx(280)
    assert found.cash["posts_guard"] == pytest.approx(60)
    assert found.one_off["moving"] == pytest.approx(307)
    assert found.cash["trips"] == pytest.approx(10 * 12 * 2 * 2 * 0.01)
    assert found.capacity["trip_hours"] == pytest.approx(10 * 12 * 2 * 2 / 25 * 0.05)
    assert "lease" not in found.cash
    answer = regroup(problem, 200_000, 1)
    assert answer.proved
    assert answer.freed == ("sewa",)
    assert answer.cost is not None
    assert answer.cost.score == pytest.approx(best_by_hand(raw, problem))


@CITIES
@given(st.integers(1, 9), st.integers(1, 5), st.integers(0, 10_000), st.randoms(use_true_random=False))
def test_cost_arrays_and_verifier_agree_on_any_plan(units, buildings, seed, chance):
    raw = city(units, buildings, seed)
    problem = problem_of(raw)
    made = compiled(problem)
    groups = np.array([chance.randrange(buildings) for _ in made.groups])
    plan = made.plan(groups)
    mine, theirs = cost(problem, plan), verify.verify(raw, plan)
    assert theirs.score == pytest.approx(mine.score, rel=1e-9)
    assert theirs.cash_yearly == pytest.approx(mine.cash_yearly, rel=1e-9)
    assert theirs.capacity_yearly == pytest.approx(mine.capacity_yearly, rel=1e-9, abs=1e-9)
    assert theirs.feasible == (not cores.broken(made.core, groups))
    if np.isfinite(made.core.assign[np.arange(made.core.n), groups]).all():
        assert cores.cost_of(made.core, groups) + made.constant == pytest.approx(mine.score, rel=1e-9)
    assert (made.back(plan) == groups).all()


@pytest.mark.parametrize("seed", range(6))
def test_the_engine_finds_the_best_of_every_plan_and_its_bound_is_true(seed):
    raw = city(6, 3, seed)
    problem = problem_of(raw)
    answer = regroup(problem, 300_000, seed)
    best = best_by_hand(raw, problem)
    if best == float("inf"):
        assert answer.infeasible
        return
    assert answer.cost is not None
    assert answer.cost.score == pytest.approx(best, rel=1e-7)
    assert answer.lower_bound <= best * (1 + 1e-9)
    again = regroup(problem, 300_000, seed)
    assert again.plan == answer.plan
    assert again.lower_bound == answer.lower_bound


RULES = [
    {"kind": "must_share", "units": ["a", "b"]},
    {"kind": "must_not_share", "units": ["a", "c"]},
    {"kind": "keep", "units": ["c"]},
    {"kind": "fixed", "units": ["b"], "buildings": ["besar"]},
    {"kind": "forbidden_pair", "units": ["c", "d"], "buildings": ["besar"]},
    {"kind": "do_not_close", "buildings": ["sewa"]},
    {"kind": "budget", "limit": 200},
    {"kind": "max_moves", "limit": 1},
]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: str(rule["kind"]))
def test_each_rule_is_kept_and_costs_what_every_plan_says(rule):
    raw = with_rules(example(), rule)
    problem = problem_of(raw)
    answer = regroup(problem, 200_000, 1)
    best = best_by_hand(raw, problem)
    assert answer.cost is not None
    assert answer.plan is not None
    assert verify.verify(raw, answer.plan).feasible
    assert answer.cost.score == pytest.approx(best)
    assert clash(problem) == ()


def test_the_longest_travel_keeps_citizens_near():
    raw = with_rules(example(), {"kind": "longest_travel", "district": "kec", "limit": 1.0})
    raw["districts"] = [{"id": "kec", "latitude": -2.98, "longitude": 104.76}]
    raw["units"][1]["public_facing"] = True
    answer = regroup(problem_of(raw), 200_000, 1)
    assert answer.plan is not None
    assert answer.plan["b"] == "sedang"


@CITIES
@given(st.integers(0, 10_000), st.floats(0.1, 50))
def test_scaling_every_price_scales_the_cost(seed, factor):
    raw = city(5, 3, seed)
    scaled = copy.deepcopy(raw)
    for b in scaled["buildings"]:
        for key in ("yearly_fixed", "yearly_per_m2", "yearly_per_person"):
            b[key] = {term: amount * factor for term, amount in b[key].items()}
        for key in ("lease_yearly", "empty_yearly", "freed_income_yearly", "closing_once", "fit_out_per_m2_once"):
            b[key] *= factor
        for contract in b.get("contracts", ()):
            contract["yearly"] *= factor
        for line in b["connections"]:
            line.update({key: line[key] * factor for key in ("standing_monthly", "minimum_monthly") if key in line})
    for tariff in scaled["tariffs"]:
        for step in tariff["steps"]:
            step["price_per_unit"] *= factor
    for post in scaled["posts"]:
        post["yearly"] *= factor
    for key in ("trip_per_km", "hour", "citizen_km", "move_per_person", "move_per_m2"):
        scaled["prices"][key] *= factor
    plan = {u["id"]: u["present"] for u in raw["units"]}
    assert cost(problem_of(scaled), plan).score == pytest.approx(factor * cost(problem_of(raw), plan).score, rel=1e-9)


def test_why_not_has_a_clash_or_a_price():
    raw = with_rules(example(), {"kind": "keep", "units": ["a"]}, {"kind": "must_not_share", "units": ["a", "b"]})
    problem = problem_of(raw)
    best = regroup(problem, 200_000, 1)
    hard = why_not(problem, "b", "besar", best, stop=lambda: 200_000)
    assert hard.is_hard
    assert set(hard.clash) >= {"aturan 0", "aturan 1"}
    assert "max_moves" not in str(hard.clash)
    soft = why_not(problem, "d", "sewa", best, stop=lambda: 200_000)
    assert not soft.is_hard
    forced = with_rules(raw, *raw["rules"], {"kind": "fixed", "units": ["d"], "buildings": ["sewa"]})
    price = best_by_hand(forced, problem_of(forced)) - best_by_hand(raw, problem)
    assert soft.low - 1e-6 <= price <= soft.high + 1e-6
    assert soft.terms


def test_an_impossible_city_names_a_minimal_clash():
    raw = with_rules(
        example(), {"kind": "fixed", "units": ["a", "b", "c"], "buildings": ["sedang"]},
        {"kind": "max_moves", "limit": 3}, {"kind": "do_not_close", "buildings": ["besar"]},
    )  # fmt: skip
    answer = regroup(problem_of(raw), 100_000, 1)
    assert answer.infeasible
    assert answer.plan is None
    assert clash(problem_of(raw)) == ("aturan 0", "room of sedang")


def spoil(path: str, value: Any) -> dict[str, Any]:
    raw = example()
    at: Any = raw
    *way, last = path.split(".")
    for step in way:
        at = at[int(step)] if isinstance(at, list) else at[step]
    if isinstance(at, list):
        at[int(last)] = value
    else:
        at[last] = value
    return raw


@pytest.mark.parametrize(
    ("path", "value", "at"),
    [
        ("format", "x", "format"), ("buildings.0.id", "sedang", "buildings[0].id"),
        ("units.0.present", "langit", "units[0].present"), ("units.0.people", -1, "units[0].people"),
        ("units.0.people", True, "units[0].people"), ("units.0.people", "30", "units[0].people"),
        ("units.0.area_m2", {"office": 0}, "units[0].area_m2"),
        ("units.0.area_m2", {"office": 9e9}, "units[0].area_m2"),
        ("units.0.area_m2", {"office": 5000}, "units[0].area_m2"), ("units.0.area_m2", [1], "units[0].area_m2"),
        ("flows.0.a", "z", "flows[0].a"), ("flows.0.b", "a", "flows[0]"), ("buildings", [], "buildings"),
        ("buildings.0.latitude", 200, "buildings[0].latitude"), ("buildings.0.colour", "red", "buildings[0].colour"),
        ("buildings.0.yearly_fixed", {"water": float("inf")}, "buildings[0].yearly_fixed.water"),
        ("buildings.0.yearly_fixed", {"water": float("nan")}, "buildings[0].yearly_fixed.water"),
        ("buildings.0.yearly_fixed", {"water": 10**400}, "buildings[0].yearly_fixed.water"),
        ("posts.0.norm_m2", 0, "posts[0].norm_m2"), ("prices.speed_kmh", 0, "prices.speed_kmh"),
        ("prices", [], "prices"), ("rules", [{"name": "x", "kind": "magic"}], "rules[0].kind"),
        ("rules", [{"name": "x", "kind": "must_share", "units": ["a"]}], "rules[0].units"),
        ("rules", [{"name": "x", "kind": "keep", "units": ["q"]}], "rules[0].units"),
        ("units.0.people", {"low": 5, "likely": 3, "high": 9}, "units[0].people"),
        ("units.0.people", {"low": 5, "high": 9}, "units[0].people.likely"),
    ],
)  # fmt: skip
def test_a_spoiled_file_names_the_place(path, value, at):
    found = reading.read(spoil(path, value))
    assert found.problem is None
    assert at in [fault.path for fault in found.faults]
    assert all(len(str(fault)) > 20 for fault in found.faults)


@pytest.mark.parametrize("raw", [None, [], 3, "x", {}, {"buildings": {}}, [[[[]]]]])
def test_what_is_no_problem_at_all_is_said(raw):
    found = reading.read(raw)
    assert found.problem is None
    assert found.faults


def test_every_fault_at_once_and_contradictions_with_both_rules():
    raw = with_rules(
        example(), {"kind": "must_share", "units": ["a", "b"]}, {"kind": "must_not_share", "units": ["b", "a"]},
        {"kind": "fixed", "units": ["c"], "buildings": ["besar"]}, {"kind": "keep", "units": ["c"]},
    )  # fmt: skip
    paths = [fault.path for fault in reading.read(raw).faults]
    assert paths == ["rules[1]", "rules[3]"]
    raw["units"][0]["people"] = -5
    raw["flows"][0]["trips_per_month"] = "banyak"
    wanted = {"units[0].people", "flows[0].trips_per_month", "rules[1]", "rules[3]"}
    assert {fault.path for fault in reading.read(raw).faults} == wanted


def test_ranges_are_read_at_their_likely_value():
    found = reading.read(spoil("units.0.people", {"low": 10, "likely": 30, "high": 50, "source": "perkiraan"}))
    assert found.problem is not None
    assert found.problem.units[0].people == 30
    assert found.ranges["units[0].people"] == (10.0, 30.0, 50.0, "perkiraan")


def test_the_schema_names_every_kind_of_rule_and_the_hash_no_order():
    said = json.dumps(json_schema())
    assert all(kind in said for kind in RULE_KINDS)
    raw = example()
    assert hash_of(raw) == hash_of(dict(reversed(raw.items())))
