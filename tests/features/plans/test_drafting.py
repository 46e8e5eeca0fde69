"""A version's price: the study's, for its own moves and no others; cash and capacity apart."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from satuatap.features.estate.queries import StudyView
from satuatap.features.estate.states import StudyLife
from satuatap.features.plans.drafting import priced
from satuatap.features.plans.rules import Content, PlannedMove

ON = date(2026, 12, 1)
MOVES = (PlannedMove("a", "lama", "baru", ON), PlannedMove("b", "lama", "mpp", ON))
ANSWER: dict[str, Any] = {
    "proved": True, "seed": 3,
    "present_cost": {"score": 900.4, "cash": {"electricity": 500.4, "upkeep": 300.0}, "capacity": {"posts": 100.0}},
    "cost": {"score": 610.2, "cash": {"electricity": 350.2, "lease": 60.0}, "capacity": {"posts": 200.0},
             "moved": ["a", "b"]},
}  # fmt: skip
STUDY = StudyView(
    id=UUID(int=7), life=StudyLife.DONE, made_at=datetime(2026, 11, 27, tzinfo=UTC), ended_at=None, seconds=30, draws=0,
    input_hash="", filled={}, present=900.4, best=610.2, bound=600.6,
    best_plan={"a": "baru", "b": "mpp", "c": "lama"}, answer=ANSWER, doubt=None, trouble="", points=(),
)  # fmt: skip


def test_the_moves_of_a_study_have_its_price() -> None:
    said = priced(MOVES, STUDY, made_up=False)
    assert [(one.code, one.today, one.planned, one.capacity) for one in said.terms] == [
        ("electricity", 500, 350, False), ("lease", 0, 60, False), ("upkeep", 300, 0, False),
        ("posts", 100, 200, True),
    ]  # fmt: skip
    assert (said.cash, said.capacity) == (150 - 60 + 300, -100)
    assert (said.score, said.bound, said.proved, said.seed, said.study) == (610, 601, True, 3, str(STUDY.id))
    assert said.gap == pytest.approx(9 / 610)
    assert not said.made_up and priced(MOVES, STUDY, made_up=True).made_up


@pytest.mark.parametrize(
    "moves",
    [
        MOVES[:1],
        (*MOVES, PlannedMove("c", "lama", "baru", ON)),
        (MOVES[0], replace(MOVES[1], target="baru")),
        (),
    ],
    ids=["one less", "one more", "elsewhere", "none"],
)
def test_any_other_choice_has_no_price_until_it_is_studied(moves: tuple[PlannedMove, ...]) -> None:
    assert priced(moves, STUDY, made_up=False) == Content(moves, made_up=True)


@pytest.mark.parametrize("study", [None, replace(STUDY, answer=None), replace(STUDY, best_plan=None)])
def test_without_an_answer_there_is_no_price(study: StudyView | None) -> None:
    assert priced(MOVES, study, made_up=False).terms == ()
