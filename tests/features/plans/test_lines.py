"""A hall's lines: who stands in which, how a day is cut; the waits of a mixed line against a simulation."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from satuatap.engines.rosters.problem import Line
from satuatap.features.plans.lines import Hall, Pool, Promise, Step, Stretch, day_of, part_of, pools_of, shares_of
from satuatap.features.plans.rules import Measure
from satuatap.features.plans.study import judge_hall, line_of
from tests.engines.rosters import simulated

DAY = (*(Stretch(60, share, True) for share in (0.25, 0.3, 0.2)), Stretch(60, 0.0, False), Stretch(120, 0.25, True))
STEPS = (
    Step("kk/1", "kk", 9.0, 9_000, 5_000), Step("akta/1", "akta", 6.0, 6_000, 1_500),
    Step("kia/1", "kia", 4.0, 6_000, 2_500), Step("ktp/1", "ktp", 5.0, 20_000, 0.0),
)  # fmt: skip
POOLS = (
    Pool("kk:5", "Gerai KK", 3, frozenset({"kk/1", "akta/1", "kia/1"})),
    Pool("ktp:1", "Gerai KTP", 2, frozenset({"ktp/1", "kia/1"})),
)


def hall(pools: tuple[Pool, ...] = POOLS, promised: float | None = 20.0) -> Hall:
    promises = {"kk": Promise(promised, "SK 1", False), "akta": Promise(None, "", False)}
    return Hall("mal", "Mal", STEPS, pools, {"kk": "KK baru"}, promises, DAY, 240, 40_000.0, 0.7, ("Dinas",), (), True)


def test_desks_that_can_do_the_same_are_one_line_and_a_step_of_two_lines_is_shared_by_desks() -> None:
    kk, ktp = frozenset({"kk/1", "kia/1"}), frozenset({"ktp/1", "kia/1"})
    found = pools_of([("a", "A", "1", kk), ("a", "A", "2", ktp), ("b", "B", "3", kk), ("c", "C", "4", frozenset())])
    assert [(one.key, one.name, one.desks) for one in found] == [("a:1", "A, B", 2), ("a:2", "A", 1)]
    assert [part_of(one, "kia/1", found) for one in found] == [pytest.approx(2 / 3), pytest.approx(1 / 3)]
    assert part_of(found[0], "ktp/1", found) == 0


def test_a_units_citizens_ask_as_the_halls_do_and_evenly_where_nothing_is_known() -> None:
    assert shares_of(["a", "b"], {"a": 30, "b": 10, "c": 99}) == {"a": 0.75, "b": 0.25}
    assert shares_of(["a", "b"], {}) == {"a": 0.5, "b": 0.5}


@given(st.floats(420, 540), st.floats(840, 1020), st.lists(st.floats(0, 1), max_size=20))
def test_a_day_is_whole_and_nobody_comes_in_its_break(opens: float, closes: float, shares: list[float]) -> None:
    day = day_of(opens, closes, [(720, 780)], [(450 + 30 * n, share) for n, share in enumerate(shares)])
    assert sum(one.minutes for one in day) == pytest.approx(closes - opens)
    assert sum(one.share for one in day) == pytest.approx(1)
    assert all(one.share == 0 for one in day if not one.serves)
    assert sum(one.minutes for one in day if not one.serves) == pytest.approx(60)


def test_the_waits_of_a_mixed_line_are_within_a_fifth_of_a_simulation_of_its_steps(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The simulation draws each citizen's own step and its lognormal minutes; the theory knows two moments of them."""
    here = hall()
    line = line_of(here, POOLS[0], planned=True, desks=3)
    assert line is not None
    counts = np.array([14_000.0, 7_500.0, 8_500 * 3 / 5])
    spread = np.sqrt(np.log(1 + 0.7**2))

    def drawn(_line: Line, rng: np.random.Generator) -> float:
        mean = rng.choice([9.0, 6.0, 4.0], p=counts / counts.sum())
        return float(np.exp(rng.normal(np.log(mean) - spread**2 / 2, spread)))

    monkeypatch.setattr(simulated, "_service", drawn)
    mean, p90 = simulated.simulated(line, days=100, seed=11)
    found = next(one for one in judge_hall(here)["lines"] if one["key"] == "kk:5")
    assert found["p90"] == pytest.approx(p90, rel=0.2, abs=0.6)
    assert found["mean"] == pytest.approx(mean, rel=0.2, abs=0.3)


def test_a_broken_promise_names_its_line_and_a_measure_mends_it() -> None:
    found = judge_hall(hall())
    line = found["lines"][0]
    assert (found["holds"], line["holds"], line["promised"]) == (False, False, 20.0)
    assert line["today_p90"] < 20 < line["p90"]
    assert [one["yearly"] for one in line["remedies"]] == sorted(one["yearly"] for one in line["remedies"])
    desk = next(one for one in line["remedies"] if one["desks"])
    assert desk["yearly"] == desk["desks"] * 40_000 * 240 * 5  # an officer in five hours of each working day
    services = {one["code"]: one for one in found["services"]}
    assert services["kia"]["line"] == "Gerai KK" and services["akta"]["promised"] is None
    mended = judge_hall(hall(), [Measure("kk:5", "Gerai KK", desk["desks"], 0, desk["yearly"])])
    assert mended["holds"] and mended["lines"][0]["p90"] == pytest.approx(desk["p90"])
    assert judge_hall(hall(promised=None))["holds"]


def test_a_unit_without_a_desk_in_the_hall_needs_one() -> None:
    found = judge_hall(hall((*POOLS[1:], Pool("unit:dinas", "Dinas", 0, frozenset({"kk/1", "akta/1"})))))
    line = next(one for one in found["lines"] if one["key"] == "unit:dinas")
    assert (line["holds"], line["p90"]) == (False, None)
    best = line["remedies"][0]
    with_it = Measure("unit:dinas", "Dinas", best["desks"], 0, best["yearly"])
    again = judge_hall(hall((*POOLS[1:], Pool("unit:dinas", "Dinas", 0, frozenset({"kk/1", "akta/1"})))), [with_it])
    assert next(one for one in again["lines"] if one["key"] == "unit:dinas")["holds"]
    assert hall().digest == hall().digest != hall(promised=21.0).digest
