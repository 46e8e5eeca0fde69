"""Ranges that share a factor: one quantile for all of them in a draw, held against the exact distribution of a saving
that is linear in one shared factor and several own ones.
"""

from __future__ import annotations

import copy
import json
from typing import Any

import numpy as np
import pytest

from satuatap.engines.regroup import reading, verify
from satuatap.engines.regroup.doubt import Doubt, doubt, explained
from satuatap.engines.regroup.doubt_draws import from_json, reweighted
from satuatap.engines.regroup.doubt_figures import Figure, Floats, doubted, drawn, figures, triangular, with_values
from satuatap.engines.regroup.ranges import quantile, share_below

HOUSES = 6
WAGE = (20.0, 30.0, 60.0)
POSTS = (4, 1, 2, 3, 2, 6)  # of each building: what it pays of the wage
OWN = ((20, 40, 50), (5, 10, 30), (10, 20, 30), (0, 5, 10), (40, 200, 240), (10, 30, 35))


def triple(low: float, likely: float, high: float, **more: Any) -> dict[str, Any]:
    return {"low": low, "likely": likely, "high": high, **more}


def linear() -> dict[str, Any]:
    """Each unit in a house of its own, and a hall with room for all: the saving is the wage times the posts of the
    houses, and what each of them costs beside.
    """
    houses = [
        {
            "id": f"g{n}", "latitude": -2.9, "longitude": 104.7, "area_m2": {"office": 100},
            "yearly_fixed": {"guards": triple(*(posts * end for end in WAGE), shared="wage"), "upkeep": triple(*own)},
        }
        for n, (posts, own) in enumerate(zip(POSTS, OWN, strict=True))
    ]  # fmt: skip
    hall = {"id": "hall", "latitude": -2.9, "longitude": 104.7, "area_m2": {"office": 1000}}
    units = [{"id": f"u{n}", "people": 5, "area_m2": {"office": 50}, "present": f"g{n}"} for n in range(HOUSES)]
    return {
        "format": "satuatap-regroup-1", "name": "linear", "buildings": [*houses, hall], "units": units, "prices": {},
        "shared": {"wage": triple(*WAGE)},
    }  # fmt: skip


def alone(raw: dict[str, Any]) -> dict[str, Any]:
    """The same file with each range for itself."""
    found = copy.deepcopy(raw)
    del found["shared"]
    for house in found["buildings"][:HOUSES]:
        del house["yearly_fixed"]["guards"]["shared"]
    return found


def exact(parts: list[tuple[float, float, float]]) -> tuple[float, float]:
    """5 % and 95 % of a sum of independent triangular figures, by convolution on a grid of one unit's twentieth."""
    step, low, found = 0.05, sum(one[0] for one in parts), np.ones(1)
    for a, b, c in parts:
        at = np.arange(a, c + step / 2, step)
        found = np.convolve(found, triangular(at, a, b, c) * step)
    below = np.cumsum(found) / found.sum()
    five, most = np.searchsorted(below, [0.05, 0.95])
    return low + five * step, low + most * step


def shared_parts() -> list[tuple[float, float, float]]:
    return [(WAGE[0] * sum(POSTS), WAGE[1] * sum(POSTS), WAGE[2] * sum(POSTS)), *OWN]


@pytest.fixture(scope="module")
def found() -> Doubt:
    return doubt(linear(), draws=200, seed=5)


def test_the_interval_is_as_wide_as_theory_says_and_too_narrow_without_sharing(found: Doubt) -> None:
    assert len(found.draws.figures) == 1 + HOUSES and found.draws.figures[0].is_shared
    low, high = exact(shared_parts())
    score = found.summary.score
    assert score is not None
    assert score.low == pytest.approx(low, abs=0.05 * (high - low))
    assert score.high == pytest.approx(high, abs=0.05 * (high - low))
    each = [(WAGE[0] * n, WAGE[1] * n, WAGE[2] * n) for n in POSTS]
    narrow_low, narrow_high = exact([*each, *OWN])
    undone = doubt(alone(linear()), draws=200, seed=5).summary.score
    assert undone is not None
    assert undone.high - undone.low == pytest.approx(narrow_high - narrow_low, rel=0.1)
    assert score.high - score.low > 1.5 * (undone.high - undone.low)


def saving(wage: Floats, own: Floats) -> Floats:
    """(N,) of wage (N,) and what the houses cost beside (N, houses)."""
    return wage * sum(POSTS) + own.sum(axis=1)


def brute(some: tuple[Figure, ...]) -> Floats:
    """First-order indices by brute force: the variance of the mean saving over 100 quantiles of a figure, each with
    4,000 draws of the others, over the whole variance.
    """
    rng = np.random.default_rng(1)

    def values(one: Figure, u: Floats) -> Floats:
        return np.array([quantile(float(each), one.low, one.likely, one.high) for each in u])

    free = np.column_stack([values(one, rng.random(4000)) for one in some])
    spread = saving(free[:, 0], free[:, 1:]).var()
    found = []
    for j, one in enumerate(some):
        means = []
        for at in values(one, (np.arange(100) + 0.5) / 100):
            fixed = free.copy()
            fixed[:, j] = at
            means.append(saving(fixed[:, 0], fixed[:, 1:]).mean())
        found.append(np.var(means) / spread)
    return np.array(found)


def test_the_figures_are_ranked_as_by_brute_force(found: Doubt) -> None:
    raw = linear()
    some = found.draws.figures
    assert [one.path for one in some] == ["shared.wage", *(f"buildings[{n}].yearly_fixed.upkeep" for n in range(6))]
    for row, said in zip(found.draws.values[:5], found.draws.score[:5], strict=True):  # the engine's saving is ours
        assert saving(row[:1], row[None, 1:])[0] == pytest.approx(said)
        one = with_values(raw, some, row)
        sums = [
            verify.verify(one, {f"u{n}": at(n) for n in range(6)}).score for at in (lambda n: f"g{n}", lambda _: "hall")
        ]
        assert sums[0] - sums[1] == pytest.approx(said)
    by_force, by_draws = brute(some), explained(found.draws)
    assert np.argsort(-by_force)[:2].tolist() == np.argsort(-by_draws)[:2].tolist() == [0, 5]
    for j in (0, 5):  # five bins leave out what varies inside of them
        assert by_draws[j] == pytest.approx(by_force[j], abs=0.1)
    assert [one.figure.path for one in found.worth[:3]] == [some[j].path for j in np.argsort(-by_force)[:3]]
    assert found.worth[0].moves == pytest.approx((WAGE[2] - WAGE[0]) * sum(POSTS))


def test_a_shared_figure_that_is_found_is_set_everywhere_and_narrows_to_the_own_ones(found: Doubt) -> None:
    raw = linear()
    known = with_values(raw, found.draws.figures[:1], [40.0])
    assert [house["yearly_fixed"]["guards"] for house in known["buildings"][:6]] == [40.0 * n for n in POSTS]
    assert known["shared"] == {"wage": 40.0} and reading.read(known).problem is not None
    assert not any(one.is_shared for one in figures(known)) and json.dumps(raw) == json.dumps(linear())
    again, near = doubt(known, draws=200, seed=3).summary.score, reweighted(found.draws, "shared.wage", 40.0).score
    whole = found.summary.score
    assert again is not None and near is not None and whole is not None
    low, high = exact([(40.0 * sum(POSTS),) * 2 + (40.0 * sum(POSTS) + 0.1,), *OWN])
    assert again.high - again.low == pytest.approx(high - low, rel=0.1)
    assert near.high - near.low == pytest.approx(high - low, rel=0.1)
    assert near.high - near.low < 0.5 * (whole.high - whole.low)
    useless = reweighted(
        found.draws, "buildings[3].yearly_fixed.upkeep", 5.0
    ).score  # what moves nothing, narrows nothing
    assert useless is not None and useless.high - useless.low == pytest.approx(whole.high - whole.low, rel=0.03)
    one = with_values(raw, found.draws.figures[1:2], [33.0])  # a building's own figure sets that one
    assert one["buildings"][0]["yearly_fixed"]["upkeep"] == 33.0 and one["buildings"][1:] == raw["buildings"][1:]


def test_ranges_of_one_factor_stand_at_one_quantile_whatever_their_shape() -> None:
    raw = linear()
    del raw["shared"]
    first, other, against = (raw["buildings"][n]["yearly_fixed"] for n in range(3))
    first["guards"], other["guards"] = triple(0, 9, 10, shared="wage"), triple(5, 6, 40, shared="wage")
    against["guards"] = triple(1, 2, 8, against="wage")
    assert reading.read(raw).faults == ()
    file = doubted(raw)
    factor = file.figures["shared.wage"]
    assert (factor.low, factor.likely, factor.high) == (0, 9, 10)  # the first range that names it
    for value in drawn((factor,), 25, 1)[:, 0]:
        there = file.at({"shared.wage": value})["buildings"]
        below = share_below(value, 0, 9, 10)
        assert there[0]["yearly_fixed"]["guards"] == pytest.approx(value)
        assert share_below(there[1]["yearly_fixed"]["guards"], 5, 6, 40) == pytest.approx(below)
        assert share_below(there[2]["yearly_fixed"]["guards"], 1, 2, 8) == pytest.approx(1 - below)


def test_a_sum_of_products_follows_each_of_its_factors() -> None:
    raw = linear()
    share = triple(0.1, 0.2, 0.5, shared="share")
    raw["shared"]["share"] = triple(0.1, 0.2, 0.5)
    parts = [[triple(40, 60, 120, shared="wage")], [triple(100, 200, 300), share], [7]]
    raw["buildings"][0]["empty_yearly"] = triple(57, 107, 277, of=parts)
    raw["buildings"][1]["empty_yearly"] = triple(50, 80, 90, against="share", source="daftar 2025")
    assert reading.read(raw).faults == ()
    verdict = verify.verify(raw, {f"u{n}": "hall" for n in range(6)})
    assert verdict.cash_yearly == 107 + 80
    file = doubted(raw)
    own = "buildings[0].empty_yearly.of[1][0]"
    assert {"shared.wage", "shared.share", own} <= set(file.figures)
    assert not file.figures["buildings[1].empty_yearly"].is_doubted  # its own source holds it
    half = file.at({"shared.wage": 60.0})["buildings"][0]["empty_yearly"]
    assert (half["low"], half["likely"], half["high"]) == (137, 167, 277)
    whole = file.at({"shared.wage": 60.0, "shared.share": 0.5, own: 150.0})
    assert whole["buildings"][0]["empty_yearly"] == 120 + 75 + 7 and reading.read(whole).problem is not None
    assert reading.read(file.at({"shared.share": 0.3})).faults == ()
    plain = file.certainly({"shared.share": 0.3})  # for solving: no range is left, and it costs the same
    assert (
        "shared" not in plain and figures(plain) == () and plain["buildings"][0]["empty_yearly"] == 60 + 200 * 0.3 + 7
    )


def test_what_was_stored_before_factors_is_read_and_new_draws_come_back_as_they_went() -> None:
    old = {
        "figures": [{"path": "prices.hour", "way": ["prices", "hour"], "low": 1.0, "likely": 2.0, "high": 3.0}],
        "buildings": ["a"], "values": [[1.5], [2.5]], "freed": [[1], [0]], "seed": 1, "input_hash": "x",
        "score": [1.0, 2.0], "cash": [1.0, None], "capacity": [0.0, 0.0], "regret": [0.0, None],
    }  # fmt: skip
    assert from_json(old).as_json() == old and not from_json(old).figures[0].is_shared
    found = doubt(linear(), draws=12, seed=1).draws
    again = from_json(json.loads(json.dumps(found.as_json())))
    assert again.figures == found.figures and again.figures[0].is_shared
    assert reweighted(again, "shared.wage", 30.0) == reweighted(found, "shared.wage", 30.0)
    assert with_values(linear(), again.figures, again.values[0]) == with_values(
        linear(), found.figures, found.values[0]
    )


@pytest.mark.parametrize(
    ("spoilt", "at"),
    [
        ({"shared": "wage", "against": "wage"}, ""), ({"shared": ""}, ".shared"), ({"shared": 5}, ".shared"),
        ({"against": "nobody"}, ""), ({"shared": "number"}, ""), ({"of": []}, ".of"), ({"of": [[]]}, ".of"),
        ({"of": [[1, "x"]]}, ".of[0][1]"), ({"of": [[triple(1, 2, 3, of=[[1]])]]}, ".of[0][0].of"),
        ({"of": [[triple(3, 2, 1)]]}, ".of[0][0]"), ({"of": [[triple(1, 2, 4)]]}, ".of"),
        ({"of": [[triple(1, 2, 3, against="nobody")]]}, ".of[0][0]"), ({"of": [[1] * 1001]}, ".of"),
        ({"of": [[2, -1]]}, ".of[0][1]"), ({"shared": "wage", "of": [[triple(1, 2, 3)]]}, ""),
    ],
)  # fmt: skip
def test_a_factor_that_cannot_be_followed_is_a_fault_at_its_path(spoilt: dict[str, Any], at: str) -> None:
    raw = linear()
    raw["shared"] |= {"number": 4}
    raw["buildings"][2]["empty_yearly"] = {**triple(1, 2, 3), **spoilt}
    found = reading.read(raw)
    assert [fault.path for fault in found.faults] == [f"buildings[2].empty_yearly{at}"] and found.problem is None
    assert all(fault.what and len(fault.remedy) > 2 for fault in found.faults)


def test_what_measures_a_factor_is_a_plain_range() -> None:
    raw = linear()
    raw["shared"]["wage"] = triple(1, 2, 3, shared="other")
    assert [fault.path for fault in reading.read(raw).faults] == ["shared.wage"]
    raw["shared"] = {"wage": triple(*WAGE, source="Peraturan upah 2026")}
    found = doubt(raw, draws=5, seed=1)
    assert found.sourced == 1 and found.draws.figures[0].path == "buildings[0].yearly_fixed.upkeep"
