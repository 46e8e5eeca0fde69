"""Spoiled files: every fault by its path with a remedy, all at once, and never a traceback, a nan or a hang."""

from __future__ import annotations

import copy
import json
import math
import random
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
from satuatap.engines.regroup.linear_model import linear
from satuatap.engines.regroup.reading import LARGEST
from satuatap.engines.regroup.schema import OBJECTS, RULE_FIELDS, RULE_KINDS, json_schema

EXAMPLE = Path(__file__).parents[3] / "data" / "examples" / "regroup" / "four-offices.json"
RULE = {"name": "aturan"}


def example() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(EXAMPLE.read_text())
    return found


def put(raw: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """The file with one value set; a path like buildings.0.floors."""
    at: Any = raw
    *way, last = path.split(".")
    for step in way:
        at = at[int(step)] if isinstance(at, list) else at[step]
    at[int(last) if isinstance(at, list) else last] = copy.deepcopy(value)
    return raw


def paths(raw: Any) -> list[str]:
    found = reading.read(raw)
    assert (found.problem is None) == bool(found.faults)
    assert all(fault.what and len(fault.remedy) > 4 for fault in found.faults)
    return [fault.path for fault in found.faults]


def rule(kind: str, **more: Any) -> list[dict[str, Any]]:
    return [{**RULE, "kind": kind, **more}]


STEPS = [{"price_per_unit": 1}]
FAR = {"districts": [{"id": "kec", "latitude": -2.98, "longitude": 104.76}]}


@pytest.mark.parametrize(
    ("path", "value", "at"),
    [
        ("tariffs", [{"id": "t", "term": "water", "steps": []}], "tariffs[0].steps"),
        ("tariffs", [{"id": "t", "term": "water", "steps": [{"from_per_month": 5, "price_per_unit": 1}]}],
         "tariffs[0].steps"),
        ("tariffs", [{"id": "t", "term": "water", "steps": [*STEPS, *STEPS]}], "tariffs[0].steps[1]"),
        ("tariffs", [{"id": "t", "term": "water", "steps": [{"price_per_unit": -1}]}],
         "tariffs[0].steps[0].price_per_unit"),
        ("tariffs", [{"id": "t", "term": "lease", "steps": STEPS}], "tariffs[0].term"),
        ("tariffs", [{"id": "t", "term": "x", "steps": STEPS}, {"id": "t", "term": "x", "steps": STEPS}],
         "tariffs[1].id"),
        ("buildings.0.connections", [{"tariff": "nirwana"}], "buildings[0].connections[0].tariff"),
        ("buildings.0.connections", [{"tariff": "t", "minimum_monthly": -3}],
         "buildings[0].connections[0].minimum_monthly"),
        ("buildings.0.contracts", [{"term": "posts_guard", "yearly": 5}], "buildings[0].contracts[0].term"),
        ("buildings.0.contracts", [{"term": "x", "yearly": 5, "ends": 2027.5}], "buildings[0].contracts[0].ends"),
        ("buildings.0.yearly_fixed", {"trips": 5}, "buildings[0].yearly_fixed.trips"),
        ("buildings.0.ownership", "mine", "buildings[0].ownership"),
        ("buildings.0.ownership", ["city"], "buildings[0].ownership"),
        ("buildings.2.ownership", "city", "buildings[2].lease_yearly"),
        ("buildings.0", {**example()["buildings"][0], "ownership": "rented", "freed_income_yearly": 5,
                         "freed_income_share": 0.5}, "buildings[0].freed_income_share"),
        ("buildings.0.floors", [{"area_m2": {"office": 5}}], "buildings[0].floors"),
        ("buildings.0.area_m2", {}, "buildings[0].area_m2"),
        ("buildings.0", {**example()["buildings"][0], "area_m2": {}, "floors": [{"area_m2": {"counter": 900}}]},
         "buildings[0].floors[0].public_counter"),
        ("units.0.area_m2", {"office+counter": 5}, "units[0].area_m2"),
        ("units.0.area_m2", {"office": -5}, "units[0].area_m2.office"),
        ("units.0.people", 3000, "units[0].people"),
        ("units.0.present", "besar ", "units[0].present"),
        ("units.0", {**example()["units"][0], "visits_yearly": {"kec": 5}}, "units[0].public_facing"),
        ("prices.detour", 0.2, "prices.detour"), ("phases", 5, "phases"), ("phases", [], "phases"),
        ("colour", "red", "colour"), ("distances_complete", "ya", "distances_complete"),
        ("distances.0.km", -1, "distances[0].km"), ("distances.0.a", "langit", "distances[0].a"),
        ("distances.1", {"a": "sedang", "b": "besar", "km": 9}, "distances[1].km"),
        ("distances.1", {"a": "sedang", "b": "sedang", "km": 9}, "distances[1].km"),
        ("posts", [example()["posts"][0], example()["posts"][0]], "posts[0].name"),
        ("rules", rule("budget"), "rules[0].limit"), ("rules", rule("max_moves"), "rules[0].limit"),
        ("rules", rule("max_moves", limit=2, units=["a"]), "rules[0].units"),
        ("rules", rule("keep", units=["a"], limit=3), "rules[0].limit"),
        ("rules", rule("must_share", units=["a", "b"], buildings=["besar"]), "rules[0].buildings"),
        ("rules", rule("longest_travel", limit=3, district="kec"), "rules[0].district"),
        ("rules", rule("do_not_close", buildings=[]), "rules[0].buildings"),
        ("rules", rule("forbidden_pair", units=["a"]), "rules[0].buildings"),
        ("rules", rule("fixed", units=["a"], buildings=["besar", "sewa"]), "rules[0].buildings"),
        ("rules", rule("must_not_share", units=["a", "b", "c", "d"]), "rules[0]"),
        ("rules", rule("forbidden_pair", units=["a"], buildings=["besar", "sedang", "sewa"]), "rules[0]"),
        ("rules", rule("must_share", units=["a", "b", "c", "d"]), "rules"),
        ("rules", [{"name": "1", "kind": "keep", "units": ["a"]},
                   {"name": "2", "kind": "forbidden_pair", "units": ["a"], "buildings": ["besar"]}], "rules[1]"),
        ("rules", [{"name": "1", "kind": "must_share", "units": ["a", "c"]},
                   {"name": "2", "kind": "fixed", "units": ["c"], "buildings": ["sewa"]}], "rules[1]"),
    ],
)  # fmt: skip
def test_each_fault_has_its_path(path: str, value: Any, at: str) -> None:
    assert at in paths(put(example(), path, value))


def test_what_is_right_is_taken() -> None:
    for path, value in (("phases", {}), ("distances_complete", True), ("buildings.2.ownership", "rented"),
                        ("rules", rule("budget", limit=0)), ("buildings.0.heritage", True)):  # fmt: skip
        assert paths(put(example(), path, value)) == []


def test_missing_distances_are_named_where_the_file_says_that_it_has_all() -> None:
    raw = {**example(), "distances": example()["distances"][:1], "distances_complete": True}
    said = [str(fault) for fault in reading.read(raw).faults]
    assert len(said) == 2
    assert '"besar" and "sewa"' in said[0]
    raw["distances_complete"] = False
    assert paths(raw) == []


def test_the_longest_way_needs_somebody_and_must_leave_somewhere() -> None:
    raw = {**example(), **FAR, "rules": rule("longest_travel", district="kec", limit=1)}
    assert paths(raw) == ["rules[0]"]  # nobody is public_facing
    raw["units"][0]["public_facing"] = True
    assert paths(raw) == []  # sedang is near and has room
    raw["units"][0]["area_m2"] = {"office": 700}
    assert paths(raw) == ["rules[0]"]  # sedang is too small, besar too far
    raw["rules"][0]["limit"] = 5
    assert paths(raw) == []


def test_every_fault_of_a_file_at_once() -> None:
    raw = example()
    raw["units"][0]["people"] = "banyak"
    raw["units"][1]["area_m2"] = {"office": 5000}
    raw["buildings"][1]["ownership"] = "?"
    raw["flows"][0]["a"] = "z"
    raw["rules"] = [{"name": "1", "kind": "budget"}, {"name": "1", "kind": "keep", "units": ["q"]}]
    raw["distances"].append({"a": "besar", "b": "sewa", "km": 77})
    found = set(paths(raw))
    assert found >= {"units[0].people", "buildings[1].ownership", "flows[0].a", "rules[0].limit", "rules[1].units",
                     "rules[0].name", "distances[3].km"}  # fmt: skip
    raw["flows"][0]["a"] = "a"
    raw["rules"] = []
    assert "units[1].area_m2" in paths(raw)


def test_a_generated_city_is_its_callers_own() -> None:
    city(3, 2, 1)["tariffs"][0]["steps"][0]["price_per_unit"] = -1
    assert paths(city(3, 2, 1)) == []
    assert city(9, 5, 2) == city(9, 5, 2) != city(9, 5, 3)


def test_the_schema_holds_every_field_and_a_rule_its_own() -> None:
    made = json_schema()
    assert set(made["$defs"]) == set(OBJECTS) - {"problem"}
    assert set(RULE_FIELDS) == set(RULE_KINDS)
    assert [each["required"] for each in made["$defs"]["building"]["anyOf"]] == [["area_m2"], ["floors"]]
    assert made["$defs"]["building"]["properties"]["ownership"]["enum"] == ["city", "rented", "lent"]


JUNK: list[Any] = [
    None, True, False, 0, -1, 1, 2.5, 1e15, 1e300, 10**400, float("nan"), float("inf"), -0.0, "", "x", "besar", "a",
    [], {}, [[]], {"x": {}}, [None], {"office": -1}, {"office": 1e9}, {"low": 1, "likely": 2, "high": 3},
    {"low": 3, "likely": 2, "high": 1}, {"low": {}, "likely": [], "high": None}, "a" * 5000, ["a", "a"], ["besar"],
]  # fmt: skip


def spots(node: Any, where: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place of a file."""
    below = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return [where, *(spot for key, each in below for spot in spots(each, (*where, key)))]


def spoiled(raw: Any, chance: random.Random, times: int) -> Any:
    for _ in range(times):
        where = chance.choice(spots(raw))
        if not where:
            continue
        at = raw
        for step in where[:-1]:
            at = at[step]
        how = chance.randrange(8)
        if how > 3 and isinstance(at[where[-1]], int | float) and abs(at[where[-1]]) < LARGEST:
            at[where[-1]] = at[where[-1]] * chance.choice([0, 0.5, 1, 1.5, 3])
        elif how > 4:
            continue
        elif how == 0:
            del at[where[-1]]
        elif how == 1 and isinstance(at, list):
            at.append(copy.deepcopy(at[where[-1]]))
        elif how == 1:
            at[chance.choice(["id", "floors", "limit", "x", "phases", "connections"])] = copy.deepcopy(at[where[-1]])
        else:
            at[where[-1]] = copy.deepcopy(chance.choice(JUNK))
    return raw


@settings(derandomize=True, max_examples=500, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 4))
def test_a_spoiled_city_is_refused_or_has_a_cost(seed: int, times: int) -> None:
    chance = random.Random(seed)
    raw = spoiled(example() if seed % 3 == 0 else city(7, 4, seed % 5), chance, times)
    found = reading.read(raw)
    said = [str(fault) for fault in found.faults]
    assert all(fault.what and fault.remedy for fault in found.faults)
    assert len(said) < 400
    if found.problem is None:
        assert said
        return
    made = compiled(found.problem)
    plan = {u.id: u.present for u in found.problem.units}
    mine, theirs = cost(found.problem, plan), verify.verify(raw, plan)
    assert math.isfinite(mine.score)
    assert theirs.score == pytest.approx(mine.score, rel=1e-6, abs=1e-6)
    groups = made.back(plan)
    if made.plan(groups) == plan:
        here = cores.cost_of(made.core, groups)
        assert math.isinf(here) or here + made.constant == pytest.approx(mine.score, rel=1e-6, abs=1e-6)
        assert theirs.feasible == (not cores.broken(made.core, groups))
    model = linear(made.core)
    assert np.isfinite(model.cost).all()
    assert np.isfinite(model.rows.data).all()
