"""What a study draws: a norm once for the city, a building's own figures for itself, a choice of the city never."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from satuatap.engines.regroup import reading
from satuatap.engines.regroup.doubt_figures import doubted, drawn
from satuatap.features.estate import pricing
from satuatap.features.estate.figures import CHOICES, DECIDED
from satuatap.features.estate.numbers import added, ends, less, likely, minus, times
from tests.features.estate.test_study import asked, three_lists

ALL_IN_A = {f"u{n}": "a" for n in range(4)}
A = {"low": 1.0, "likely": 2.0, "high": 4.0}
B = {"low": 0.1, "likely": 0.2, "high": 0.5, "shared": "b"}
C = {"low": 10.0, "likely": 20.0, "high": 30.0, "shared": "c"}


def undone(raw: Any) -> Any:
    """The same file with each range for itself: what it was before norms were shared."""
    if isinstance(raw, dict):
        return {key: undone(one) for key, one in raw.items() if key not in ("shared", "against", "of")}
    return [undone(one) for one in raw] if isinstance(raw, list) else raw


def saved(raw: Any, plan: dict[str, str], count: int = 150) -> np.ndarray:
    """(count,) cash that a plan saves in drawn cities, Rupiah a year."""
    file = doubted(raw)
    some = tuple(one for one in file.figures.values() if one.is_doubted)
    found = []
    for row in drawn(some, count, 1):
        problem = reading.read(file.at({one.path: at for one, at in zip(some, row, strict=True)})).problem
        if problem is not None:
            found.append(sum(pricing.saved(problem, plan).cash.values()))
    return np.array(found)


def test_a_city_of_three_lists_is_doubted_wider_when_its_norms_are_shared() -> None:
    rows = three_lists()
    for n in range(12):
        rows["buildings"].append({**rows["buildings"][0], "code": f"x{n}", "name": f"X{n}"})
        rows["units"].append({**rows["units"][1], "code": f"v{n}", "name": f"V{n}", "headcount": 5})
        rows["placements"].append({**rows["placements"][0], "unit": f"v{n}", "building": f"x{n}"})
    raw = asked(rows).raw
    plan = {unit["id"]: "a" for unit in raw["units"]}
    together, alone = saved(raw, plan), saved(undone(raw), plan)
    assert together.mean() == pytest.approx(alone.mean(), rel=0.05)
    assert np.ptp(np.quantile(together, [0.05, 0.95])) > 1.5 * np.ptp(np.quantile(alone, [0.05, 0.95]))


def test_one_norm_that_is_found_is_set_everywhere_and_a_buildings_own_figure_only_there() -> None:
    raw = asked().raw
    file = doubted(raw)
    assert {"shared.guard.building", "shared.upkeep.m2", "shared.room.shared", "shared.move.m2"} <= set(file.figures)
    known = file.at({"shared.guard.building": 3.0})
    wages = 3.0 * 3_931_000 * 13
    assert [b["yearly_fixed"]["guards"] for b in known["buildings"]] == pytest.approx([wages] * 3)
    assert "guard.building" not in {one.path for one in doubted(known).figures.values()}
    own = file.at({"shared.buildings/a/electricity": 5000.0})
    a, b = (house["connections"][0]["monthly_fixed_use"] for house in own["buildings"][:2])
    assert (
        a == {**a, "low": 500.0, "likely": 1500.0, "high": 2500.0}
        and b == raw["buildings"][1]["connections"][0]["monthly_fixed_use"]
    )
    assert not file.figures["buildings[0].floors[0].area_m2.office"].is_shared


def test_headcount_is_one_figure_for_people_and_room() -> None:
    rows = three_lists()
    file = doubted(asked(rows).raw)
    unit = file.at({"shared.units/u0/headcount": 26.0, "shared.room.shared": 0.5, "shared.room.counter_share": 0.3})[
        "units"
    ][0]
    assert unit["people"] == 26.0
    assert unit["area_m2"] == pytest.approx({"office": 26 * 4 * 1.5 * 0.7, "counter": 26 * 4 * 1.5 * 0.3})
    rows["units"][0] |= {"area_m2": 90.0, "counter_m2": 20.0}
    area = asked(rows).raw["units"][0]["area_m2"]
    assert ends(area["office"]) == pytest.approx((43, 70, 97)) and likely(area["counter"]) == 20


def test_choices_of_the_city_are_not_drawn_and_keep_their_range() -> None:
    raw = asked().raw
    file = doubted(raw)
    for name, value in (("citizen_km", 500), ("capacity_weight", 0.5), ("amortise_years", 10)):
        price = raw["prices"][name]
        assert price["likely"] == value and price["source"] == DECIDED and price["low"] < price["high"]
        assert not file.figures[f"prices.{name}"].is_doubted
    assert not any(one.is_doubted and one.path.removeprefix("shared.") in CHOICES for one in file.figures.values())
    assert file.figures["shared.trip.hour"].is_doubted  # what an hour costs can be found


def test_sums_and_products_keep_their_factors_apart() -> None:
    assert times(A, 3.0, 2.0) == {"low": 6.0, "likely": 12.0, "high": 24.0}
    assert added(1.0, B) == {"low": 1.1, "likely": 1.2, "high": 1.5, "shared": "b"}
    assert less(B) == {"low": 0.5, "likely": 0.8, "high": 0.9, "against": "b"} and less(less(B)) == pytest.approx(B)
    assert added(C, C, A, A) == {"low": 22.0, "likely": 44.0, "high": 68.0, "of": [[times(A, 2.0)], [times(C, 2.0)]]}
    assert minus(C, 5.0) == {"low": 5.0, "likely": 15.0, "high": 25.0, "shared": "c"}
    assert minus(A, 3.0) == {"low": 0.0, "likely": 0.0, "high": 1.0}  # never below nothing
    assert times(B, 0.0) == 0.0 and added() == 0.0 and times(2.0, 3.0) == 6.0
    number = minus(added(times(A, C, added(1.0, B)), times(C, 2.0)), 7.0)
    raw = {**asked().raw, "name": "x"}
    raw["buildings"][0]["empty_yearly"] = number
    raw["shared"] |= {
        "b": {k: B[k] for k in ("low", "likely", "high")},
        "c": {k: C[k] for k in ("low", "likely", "high")},
    }
    assert reading.read(raw).faults == ()
    file = doubted(raw)
    a = next(path for path in file.figures if path.startswith("buildings[0].empty_yearly.of"))
    there = file.at({a: 3.0, "shared.b": 0.4, "shared.c": 12.0})["buildings"][0]["empty_yearly"]
    assert there == pytest.approx(3 * 12 * 1.4 + 24 - 7)
