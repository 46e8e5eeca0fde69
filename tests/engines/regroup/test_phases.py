"""The way to a plan: the cheapest of every way, judged year by year by the plain file, and what leaves no way."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from satuatap.engines.regroup import reading
from satuatap.engines.regroup.compile import compiled
from satuatap.engines.regroup.core import broken
from satuatap.engines.regroup.cost import cost
from satuatap.engines.regroup.generate import city
from satuatap.engines.regroup.phases import phases
from satuatap.engines.regroup.phases_reading import Terms, read_terms
from satuatap.engines.regroup.phases_verify import Judged, verify_phases
from satuatap.engines.regroup.problem import Problem

EXAMPLE = Path(__file__).parents[3] / "data" / "examples" / "regroup" / "four-offices.json"
BEST = {"a": "besar", "b": "sedang", "c": "besar", "d": "besar"}


def example(**phases_of_file: Any) -> tuple[dict[str, Any], Problem]:
    raw: dict[str, Any] = json.loads(EXAMPLE.read_text())
    found = reading.read(raw).problem
    assert found is not None
    return raw, found


def some_city(seed: int) -> tuple[dict[str, Any], Problem, dict[str, str]]:
    """A small city and a feasible plan of it with three to five moves."""
    raw = city(7, 4, seed)
    raw["rules"] = [rule for rule in raw["rules"] if rule["kind"] in ("must_share", "must_not_share", "do_not_close")]
    problem = reading.read(raw).problem
    assert problem is not None
    made = compiled(problem)
    rng = np.random.default_rng(seed)
    for _ in range(20_000):
        groups = made.back({u.id: u.present for u in problem.units})
        some = rng.choice(len(groups), 4, replace=False)
        groups[some] = rng.integers(0, 4, 4)
        plan = made.plan(groups)
        if not broken(made.core, groups) and 3 <= len(cost(problem, plan).moved) <= 4:
            return raw, problem, plan
    raise AssertionError("no plan with few moves")


def best_way(raw: Any, plan: dict[str, str], limits: dict[str, Any], paid: int) -> Judged | None:
    """The least total of every way, by the verifier alone."""
    years: list[int | None] = [raw["year"] + t for t in range(limits["years"])]
    movers = [u["id"] for u in raw["units"] if plan[u["id"]] != u["present"]]
    choices = years if limits.get("finish", True) else [*years, None]
    ways = itertools.product(choices, repeat=len(movers))
    judged = [
        verify_phases(raw, plan, {u: y for u, y in zip(movers, way, strict=True) if y is not None}, limits, paid)
        for way in ways
    ]
    return min((one for one in judged if one.feasible), key=lambda one: one.total, default=None)


LIMITS: list[dict[str, Any]] = [
    {"years": 2},
    {"years": 3, "budget_once": 0.5},
    {"years": 2, "most_moves": [1, 4]},
    {"years": 3, "side_by_side": True, "most_moves": 2},
    {"years": 2, "finish": False, "budget_once": [0.4, 0.3]},
]


@pytest.mark.parametrize("seed", [3, 8, 21])
@pytest.mark.parametrize("limits", LIMITS, ids=lambda one: "-".join(one))
def test_no_way_is_cheaper_and_the_verifier_agrees(seed: int, limits: dict[str, Any]) -> None:
    raw, problem, plan = some_city(seed)
    once = sum(cost(problem, plan).one_off.values())
    given = limits.get("budget_once")
    if given is not None:
        money = [share * once for share in given] if isinstance(given, list) else given * once
        limits = {**limits, "budget_once": money}
    terms, faults = read_terms(limits)
    assert terms is not None, faults
    found = phases(problem, plan, terms, stop=50.0)
    paid = len(found.years) or limits["years"] + 1
    best = best_way(raw, plan, limits, paid)
    if best is None:
        assert found.infeasible and found.clash
        return
    judged = verify_phases(raw, plan, found.when, limits, paid)
    assert judged.feasible, judged.broken
    assert found.total == pytest.approx(judged.total, rel=1e-9)
    assert found.total == pytest.approx(best.total, rel=1e-6)
    assert found.lower_bound <= best.total * (1 + 1e-9)
    assert found.proved
    assert [sum(year.one_off.values()) for year in found.years] == pytest.approx(list(judged.one_off), abs=1e-6)
    assert [sum(year.cash.values()) for year in found.years] == pytest.approx(list(judged.cash), rel=1e-9)
    again = phases(problem, plan, terms, stop=50.0)
    assert (again.when, again.total, again.lower_bound) == (found.when, found.total, found.lower_bound)


def test_a_building_saves_when_it_is_empty_and_a_lease_only_from_its_end() -> None:
    """c and d leave the rented house: what it costs to run goes when both have left, the rent at its end."""
    raw, _ = example()
    raw["buildings"][2]["lease_ends"] = 2029
    problem = reading.read(raw).problem
    assert problem is not None
    found = phases(problem, BEST, Terms(years=2, budget_once=(200.0, 200.0)))
    assert found.when == {"c": 2027, "d": 2028}
    assert [year.emptied for year in found.years] == [(), ("sewa",), ()]
    assert "lease" in found.years[2].cash  # 2029: empty, but the lease runs
    later = phases(problem, BEST, Terms(years=3, budget_once=(200.0, 200.0, 0.0)))
    assert "lease" not in later.years[3].cash  # 2030
    assert later.years[3].saving - later.years[2].saving == pytest.approx(200)
    assert found.years[0].saving == 0  # a year is paid for as it begins
    assert verify_phases(raw, BEST, found.when, {"years": 2, "budget_once": 200}).feasible


def test_the_verifier_refuses_what_is_wrong() -> None:
    raw, problem = example()
    limits = {"years": 3, "budget_once": 200}
    assert verify_phases(raw, BEST, {"c": 2027, "d": 2028}, limits).feasible
    assert not verify_phases(raw, BEST, {"c": 2027, "d": 2027}, limits).feasible  # 307 of 200
    assert not verify_phases(raw, BEST, {"c": 2027}, limits).feasible  # d never moves
    assert not verify_phases(raw, BEST, {"c": 2027, "d": 2031}, limits).feasible
    assert not verify_phases(raw, BEST, {"c": 2027, "d": 2028, "a": 2028}, limits).feasible
    swap = {**BEST, "a": "sedang", "b": "besar", "c": "sewa", "d": "sewa"}
    assert verify_phases(raw, swap, {"a": 2027, "b": 2027}, {"years": 1}).feasible
    assert not verify_phases(raw, swap, {"a": 2027, "b": 2027}, {"years": 1, "side_by_side": True}).feasible
    assert phases(problem, swap, Terms(years=1)).years[0].moves[0].alone
    assert phases(problem, swap, Terms(years=1, side_by_side=True)).infeasible
    apart = {"a": 2027, "b": 2028}
    assert not verify_phases(raw, {**swap, "c": "besar"}, {**apart, "c": 2027}, {"years": 2}).feasible


def test_what_leaves_no_way_is_named_and_minimal() -> None:
    _raw, problem = example()
    found = phases(problem, BEST, Terms(years=3, budget_once=(100.0, 100.0, 400.0), most_moves=(2, 2, 1)))
    assert found.infeasible
    assert found.clash == ("budget 2027", "budget 2028", "moves 2029")
    assert found.as_json()["total"] is None


def test_terms_of_a_file_name_every_fault() -> None:
    assert read_terms(None)[0] == Terms()
    assert read_terms({"years": 2, "budget_once": [1, 2]})[0] == Terms(2, (1.0, 2.0))
    assert read_terms({"years": 2, "most_moves": 3}, years=4)[0] == Terms(4, None, (3, 3, 3, 3))
    _terms, faults = read_terms(
        {"years": 0, "budget_once": [1, 2], "most_moves": 1.5, "finish": "yes", "colour": 1, "side_by_side": 1}
    )
    assert {fault.path for fault in faults} == {
        "phases.years", "phases.budget_once", "phases.most_moves", "phases.finish", "phases.colour",
        "phases.side_by_side",
    }  # fmt: skip
    assert read_terms(7)[1][0].path == "phases"
    assert read_terms({"budget_once": float("nan")})[1]
    assert read_terms({"budget_once": -1})[1]
