"""Every term of the cost: all plans of a small city by cost, arrays and verifier, and some figures by hand."""

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
from satuatap.engines.regroup import cost as costs
from satuatap.engines.regroup import reading, verify
from satuatap.engines.regroup.bills import gathered
from satuatap.engines.regroup.compile import compiled
from satuatap.engines.regroup.compile_bills import bills_of, pieces_of
from satuatap.engines.regroup.generate import city
from satuatap.engines.regroup.problem import Connection, Problem, Tariff
from satuatap.engines.regroup.search_moves import difference, refresh, shift
from satuatap.engines.regroup.search_tables import new_state, tables
from satuatap.engines.regroup.solve import regroup
from satuatap.engines.regroup.why import clash, why_not

EXAMPLE = Path(__file__).parents[3] / "data" / "examples" / "regroup" / "four-offices.json"
QUIET = settings(derandomize=True, max_examples=300, deadline=None)


def changed(**parts: Any) -> dict[str, Any]:
    """The example with top-level parts set, and fields of buildings and units by "besar__field" or "a__field"."""
    raw: dict[str, Any] = json.loads(EXAMPLE.read_text())
    rows = {row["id"]: row for row in (*raw["buildings"], *raw["units"])}
    for name, value in parts.items():
        who, _two, key = name.partition("__")
        if key:
            rows[who][key] = copy.deepcopy(value)
        else:
            raw[name] = value
    return raw


def problem_of(raw: Any) -> Problem:
    found = reading.read(raw)
    assert found.problem is not None, [str(fault) for fault in found.faults]
    return found.problem


def tariff(*steps: tuple[float, float], whole: bool = False) -> list[dict[str, Any]]:
    rows = [{"from_per_month": start, "price_per_unit": price} for start, price in steps]
    return [{"id": "t", "term": "electricity", "unit": "kWh", "steps": rows, "whole_use": whole}]


def line(**more: float) -> list[dict[str, Any]]:
    return [{"tariff": "t", "monthly_fixed_use": 100, "monthly_use_per_m2": 1, "monthly_use_per_person": 2, **more}]


EVERY_LINE = {f"{b}__connections": line() for b in ("besar", "sedang", "sewa")}
LEAST = {f"{b}__connections": line(minimum_monthly=6, connected_until=2030) for b in ("besar", "sedang", "sewa")}
VISITS = {"kec": 1000, "jauh": 300}
FLOORS = [
    {"name": "1", "public_counter": True, "area_m2": {"office": 400, "counter": 50}},
    {"name": "2", "area_m2": {"office": 600}},
]
CASES: dict[str, dict[str, Any]] = {
    "one price": {"tariffs": tariff((0, 0.01)), **EVERY_LINE},
    "rising steps": {"tariffs": tariff((0, 0.005), (500, 0.01), (900, 0.02)), **EVERY_LINE},
    "falling steps": {"tariffs": tariff((0, 0.02), (700, 0.005)), **EVERY_LINE},
    "a class for all use": {"tariffs": tariff((0, 0.02), (800, 0.008), (1400, 0.007), whole=True), **EVERY_LINE},
    "a dearer class": {"tariffs": tariff((0, 0.01), (900, 0.016), whole=True), **EVERY_LINE},
    "a least bill until cut": {"tariffs": tariff((0, 0.005), (900, 0.01)), **LEAST},
    "a least bill and a class": {"tariffs": tariff((0, 0.012), (800, 0.006), whole=True), **LEAST},
    "two lines": {"tariffs": tariff((0, 0.004), (600, 0.01)), **EVERY_LINE, "besar__connections": [*line(), *line()]},
    "contracts": {"sewa__contracts": [{"term": "cleaning", "yearly": 90, "ends": 2030}],
                  "sedang__contracts": [{"term": "cleaning", "yearly": 70, "ends": 2026}]},
    "a lease that runs on": {"sewa__lease_ends": 2027},
    "income of a freed building": {"sedang__freed_income_yearly": 400, "sedang__freed_income_share": 0.25},
    "an empty building costs more": {"sewa__empty_yearly": 500},
    "by person": {"besar__yearly_per_person": {"supplies": 9}, "sedang__yearly_per_person": {"supplies": 1}},
    "posts of permanent staff": {"posts": [{"name": "guard", "norm_m2": 500, "shifts": 4, "yearly": 5, "cash": False}]},
    "two kinds of post": {"posts": [{"name": "guard", "norm_m2": 650, "yearly": 40},
                                    {"name": "cleaner", "norm_m2": 250, "shifts": 1.5, "yearly": 7}]},
    "citizens": {"districts": [{"id": "kec", "latitude": -2.98, "longitude": 104.76},
                               {"id": "jauh", "latitude": -2.9, "longitude": 104.7}],
                 "b__visits_yearly": VISITS, "d__visits_yearly": VISITS, "b__public_facing": True,
                 "d__public_facing": True},
    "floors": {"besar__area_m2": {}, "besar__floors": FLOORS, "a__area_m2": {"office": 300, "counter": 200},
               "c__area_m2": {"office": 300, "counter": 30}, "sewa__area_m2": {"office": 500, "counter": 200}},
    "floors of a protected building": {
        "besar__area_m2": {}, "besar__floors": FLOORS, "besar__heritage": True,
        "a__area_m2": {"office": 300, "counter": 200}, "c__area_m2": {"office": 300, "counter": 30},
        "sewa__area_m2": {"office": 500, "counter": 200}},
    "kept open": {"rules": [{"name": "buka", "kind": "do_not_close", "buildings": ["sewa", "sedang"]}],
                  "tariffs": tariff((0, 0.004), (300, 0.01)), **LEAST},
}  # fmt: skip
CASES["citizens"]["prices"] = {
    "citizen_km": 0.02, "trip_per_km": 0.01, "hour": 0.05, "people_per_trip": 3, "capacity_weight": 0.5,
    "move_per_person": 0.2, "amortise_years": 4,
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_every_plan_of_a_small_city(case: str) -> None:
    raw = changed(**CASES[case])
    problem = problem_of(raw)
    made = compiled(problem)
    best = np.inf
    for places in itertools.product([b.id for b in problem.buildings], repeat=4):
        plan = dict(zip("abcd", places, strict=True))
        mine, theirs = costs.cost(problem, plan), verify.verify(raw, plan)
        groups = made.back(plan)
        assert theirs.score == pytest.approx(mine.score, rel=1e-9)
        assert theirs.cash_yearly == pytest.approx(mine.cash_yearly, rel=1e-9)
        assert theirs.capacity_yearly == pytest.approx(mine.capacity_yearly, rel=1e-9, abs=1e-12)
        assert cores.cost_of(made.core, groups) + made.constant == pytest.approx(mine.score, rel=1e-9)
        assert theirs.feasible == (not cores.broken(made.core, groups))
        best = min(best, theirs.score if theirs.feasible else np.inf)
    answer = regroup(problem, 500_000, 1)
    assert answer.cost is not None
    assert answer.cost.score == pytest.approx(best, rel=1e-9)
    assert answer.lower_bound <= best * (1 + 1e-9)
    assert answer.proved


def test_a_monthly_bill_by_hand() -> None:
    """100 units at 2, the next 50 at 3, the rest at 5; a class of 4 from 150 for all; 10 standing; 300 at least."""
    steps = ((0.0, 2.0), (100.0, 3.0), (150.0, 5.0))
    some = Connection("t", 0, 0, 0, 10, 0, 0)
    layered, classed = Tariff("t", "water", steps, False), Tariff("t", "water", ((0.0, 2.0), (150.0, 4.0)), True)
    assert [costs.monthly_bill(layered, some, use) for use in (0, 100, 120, 150, 160)] == [10, 210, 270, 360, 410]
    assert [costs.monthly_bill(classed, some, use) for use in (0, 149, 150, 151)] == [10, 308, 610, 614]
    least = Connection("t", 0, 0, 0, 10, 300, 0)
    assert [costs.monthly_bill(layered, least, use) for use in (0, 120, 150)] == [300, 300, 360]


def test_the_second_example_by_hand() -> None:
    """The table of docs/engines/regroup.md: a class of 1.5 from 1000 kWh, 500 a month until the line is cut."""
    raw: dict[str, Any] = json.loads(EXAMPLE.with_name("two-meters.json").read_text())
    problem = problem_of(raw)
    today = costs.cost(problem, {"x": "kantor", "y": "balai"})
    assert dict(today.cash) == pytest.approx(
        {"electricity": 12 * (800 * 2 + 410 * 2), "water": 12 * (15 * 4 + 10 * 4), "upkeep": 5000,
         "cleaning contract": 900, "trips": 240})  # fmt: skip
    assert today.score == pytest.approx(36380 + 72)
    answer = regroup(problem, 100_000, 1)
    assert answer.proved
    assert answer.plan == {"x": "balai", "y": "balai"}
    assert answer.cost is not None
    assert dict(answer.cost.cash) == pytest.approx(
        {"electricity": 12 * (1010 * 1.5 + 500), "water": 12 * (20 * 4 + 5 * 6), "upkeep": 3000, "empty_upkeep": 300,
         "cleaning contract": 900, "one_off_spread": 1250 / 5})  # fmt: skip
    assert answer.cost.score == pytest.approx(29950)
    assert answer.as_json()["freed_buildings"] == [{"id": "kantor", "ownership": "city", "heritage": False}]
    raw["buildings"][0]["heritage"] = True  # no more than 40 m2 of counters there, so x stays
    kept = regroup(problem_of(raw), 100_000, 1)
    assert kept.plan == {"x": "kantor", "y": "balai"}


def test_an_empty_building_pays_the_least_bill_until_its_line_is_cut() -> None:
    everybody = dict.fromkeys("abcd", "besar")
    raw = changed(tariffs=tariff((0, 0.01)), sewa__connections=line(minimum_monthly=6, connected_until=2027))
    bare = costs.cost(problem_of(changed()), everybody).cash["electricity"]
    assert costs.cost(problem_of(raw), everybody).cash["electricity"] == pytest.approx(bare + 72)
    raw["year"] = 2028
    assert costs.cost(problem_of(raw), everybody).cash["electricity"] == pytest.approx(bare)


def test_counters_take_office_space_of_a_public_floor_but_not_of_a_protected_building() -> None:
    """a wants 200 m2 of counters, besar has 50; the other 150 come from the 400 m2 of offices on floor 1."""
    plan = {"a": "besar", "b": "sedang", "c": "sewa", "d": "besar"}
    assert verify.verify(changed(**CASES["floors"]), plan).feasible
    kept = verify.verify(changed(**CASES["floors of a protected building"]), plan)
    assert kept.broken == ('building "besar": 200 m2 of counter wanted, 50 there',)
    both = {"a": "besar", "b": "besar", "c": "besar", "d": "sedang"}  # offices 900 of 1000, counters 230 of 450
    full = verify.verify(changed(**CASES["floors"]), both)  # but together 1130 of 1050
    assert full.broken == ('building "besar": 230 m2 of counter wanted, 150 there',)


def test_a_clash_knows_of_convertible_space() -> None:
    """Only with office space of floor 1 does a find its counters in besar."""
    fixed = [{"name": "a di besar", "kind": "fixed", "units": ["a"], "buildings": ["besar"]}]
    assert clash(problem_of(changed(**CASES["floors"], rules=fixed))) == ()
    problem = problem_of(changed(**CASES["floors of a protected building"]))
    hard = why_not(problem, "a", "besar", regroup(problem, 20_000, 1), stop=lambda: 20_000)
    assert hard.is_hard
    assert "room of besar" in hard.clash


@QUIET
@given(
    st.lists(st.tuples(st.floats(0.5, 400), st.floats(0, 5)), max_size=4), st.floats(0, 5), st.booleans(),
    st.floats(0, 300), st.floats(0, 50), st.floats(0, 500), st.floats(0, 900),
)  # fmt: skip
def test_three_ways_to_a_bill(more, first, whole, fixed, standing, minimum, use):
    starts = np.cumsum([0.0, *(width for width, _price in more)]).tolist()
    prices = [first, *(price for _width, price in more)]
    steps = tuple(zip(starts, prices, strict=True))
    kind = Tariff("t", "water", steps, whole)
    one = Connection("t", fixed, 1, 0, standing, minimum, 0)
    raw = {"tariffs": [{"id": "t", "whole_use": whole,
                        "steps": [{"from_per_month": s, "price_per_unit": p} for s, p in steps]}]}  # fmt: skip
    row = {"tariff": "t", "monthly_fixed_use": fixed, "monthly_use_per_m2": 1, "standing_monthly": standing,
           "minimum_monthly": minimum}  # fmt: skip
    start, value, slope = np.array(pieces_of(kind, one)).T
    bills = gathered([0], np.ones((1, 1)), [(start, value, slope)])
    for extra in (use, *(s - fixed for s in starts if s > fixed)):
        mine = costs.monthly_bill(kind, one, fixed + extra)
        assert verify._bill(raw, row, extra, 0.0) == pytest.approx(mine, rel=1e-7, abs=1e-9)
        beyond = 12 * (mine - costs.monthly_bill(kind, one, fixed))
        assert bills.amount(0, extra) == pytest.approx(beyond, rel=1e-7, abs=1e-5)


@pytest.mark.parametrize("seed", range(4))
def test_a_move_costs_what_the_city_says_and_back_it_costs_nothing(seed: int) -> None:
    problem = problem_of(city(14, 6, seed, rules=False))
    made = compiled(problem)
    assert len(made.core.bills.place)
    rng = np.random.default_rng(seed)
    plan = rng.integers(0, 6, 14)
    state = new_state(tables(made.core), plan, 1)
    refresh(*state)
    before = costs.cost(problem, made.plan(plan)).score
    for _ in range(60):
        i, k = int(rng.integers(14)), int(rng.integers(6))
        home = int(plan[i])
        if k == home:
            continue
        there, _over = difference(*state, i, k)
        shift(*state, i, k)
        plan[i] = k
        assert costs.cost(problem, made.plan(plan)).score - before == pytest.approx(there, abs=1e-6)
        back, _over = difference(*state, i, home)
        assert there + back == pytest.approx(0.0, abs=1e-6)
        shift(*state, i, home)
        plan[i] = home
    assert state.f[state.at.loads : state.at.loads + 12] == pytest.approx(
        [made.core.load[c, plan == k].sum() for k in range(6) for c in range(2)]
    )


def test_a_planted_better_plan_is_found() -> None:
    raw = city(16, 6, 5, rules=False)
    room = {b["id"]: b for b in raw["buildings"]}
    for b in ("g1", "g3", "g4", "g5"):
        room[b]["yearly_fixed"]["upkeep"] += 50_000
    room["g0"]["area_m2"] = room["g2"]["area_m2"] = {"office": 9000, "counter": 2000}
    planted = {u["id"]: ("g0", "g2")[n % 2] for n, u in enumerate(raw["units"])}
    verdict = verify.verify(raw, planted)
    assert verdict.feasible
    answer = regroup(problem_of(raw), 300_000, 1)
    assert answer.cost is not None
    assert answer.cost.score <= verdict.score + 1e-6
    assert answer.lower_bound <= verdict.score
    assert set(answer.cost.open) <= {"g0", "g2"}


@pytest.mark.parametrize("seed", range(3))
def test_the_bound_never_exceeds_a_plan_that_is_known(seed: int) -> None:
    raw = city(18, 7, seed)
    problem = problem_of(raw)
    answer = regroup(problem, 60_000, seed)
    today = {u.id: u.present for u in problem.units}
    known = [verify.verify(raw, plan) for plan in (today, answer.plan) if plan]
    assert any(one.feasible for one in known)
    assert all(answer.lower_bound <= one.score * (1 + 1e-9) for one in known if one.feasible)


def test_only_bills_that_are_not_straight_stay_bills() -> None:
    assert not len(bills_of(problem_of(changed(**CASES["one price"]))).place)
    assert len(bills_of(problem_of(changed(**CASES["rising steps"]))).place) == 3
