"""Draws weighed again by a screen say what the engine says of them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from satuatap.engines.regroup import doubt as doubts
from satuatap.engines.regroup import reading
from satuatap.engines.regroup.doubt_draws import reweighted, summary
from satuatap.engines.regroup.solve import regroup
from satuatap.features.estate.questions.weighing import SUMS, Picture, told, weighed
from tests.features.estate.test_study import asked


@pytest.fixture(scope="module")
def doubt() -> doubts.Doubt:
    raw = asked().raw
    problem = reading.read(raw).problem
    assert problem is not None
    return doubts.doubt(raw, regroup(problem, 3000, 1).plan, draws=40, seed=3)


def same(mine: Picture, engines: Any) -> None:
    assert mine.effective == pytest.approx(engines.effective) and mine.freed == pytest.approx(dict(engines.freed))
    for name in SUMS:
        one, other = mine.sums[name], getattr(engines, name)
        assert (one is None) == (other is None)
        if one is not None:
            assert (one.low, one.middle, one.high) == pytest.approx((other.low, other.middle, other.high))
    assert mine.without_plan == pytest.approx(engines.without_plan)
    assert mine.plan_breaks == pytest.approx(engines.plan_breaks)


def test_one_figure_weighs_as_the_engine_weighs_it(doubt: doubts.Doubt) -> None:
    kept = json.loads(json.dumps(doubt.draws.as_json()))
    same(told(doubt.summary.as_json()), summary(doubt.draws))
    for figure in doubt.draws.figures[:: max(1, len(doubt.draws.figures) // 7)]:
        for value in (figure.low, figure.likely, 0.4 * figure.low + 0.6 * figure.high):
            same(weighed(kept, {figure.path: value}), reweighted(doubt.draws, figure.path, value))
        assert weighed(kept, {figure.path: figure.high * 2}).effective == 0


def test_two_figures_narrow_more_than_one_and_a_stranger_is_refused(doubt: doubts.Doubt) -> None:
    kept = doubt.draws.as_json()
    a, b = doubt.draws.figures[:2]
    one, two = weighed(kept, {a.path: a.likely}), weighed(kept, {a.path: a.likely, b.path: b.likely})
    assert two.effective < one.effective < 40 and two.weighed
    with pytest.raises(KeyError):
        weighed(kept, {"units[999].people": 1.0})
