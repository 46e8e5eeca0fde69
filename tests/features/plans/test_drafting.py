"""A version's price: the study's, for its own moves and no others; cash and capacity apart."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from satuatap.engines.regroup import reading
from satuatap.engines.regroup.generate import city as generated
from satuatap.engines.regroup.verify import verify
from satuatap.features.estate.pricing import Case
from satuatap.features.estate.queries import StudyView
from satuatap.features.estate.states import StudyLife
from satuatap.features.plans.drafting import priced, sums_of
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
def test_any_other_choice_has_no_price_without_the_studys_city(moves: tuple[PlannedMove, ...]) -> None:
    assert priced(moves, STUDY, made_up=False) == Content(moves, made_up=True)


@pytest.mark.parametrize("study", [None, replace(STUDY, answer=None), replace(STUDY, best_plan=None)])
def test_without_an_answer_there_is_no_price(study: StudyView | None) -> None:
    assert priced(MOVES, study, made_up=False).terms == ()


@pytest.fixture(scope="module")
def city() -> Case:
    """Four units in three buildings, as a study would have kept them."""
    raw = generated(4, 3, 2, rules=False)
    problem = reading.read(raw).problem
    assert problem is not None
    return Case(raw, problem)


def choice(case: Case, **targets: str) -> tuple[PlannedMove, ...]:
    return tuple(PlannedMove(unit, case.present[unit], target, ON) for unit, target in targets.items())


def test_another_choice_is_counted_by_the_verifier_in_the_studys_city(city: Case) -> None:
    units, houses = list(city.present), [one.id for one in city.problem.buildings]
    plans = [{units[0]: house} for house in houses if house != city.present[units[0]]]
    seen = set()
    for targets in plans:
        said = priced(choice(city, **targets), STUDY, made_up=False, case=city)
        counted = verify(city.raw, {**city.present, **targets})
        assert said.score == round(counted.score) and said.study == str(STUDY.id) and not said.proved
        assert sum(t.planned for t in said.terms if not t.capacity) == pytest.approx(counted.cash_yearly, abs=9)
        assert said.bound == (601 if counted.feasible else None)  # what breaks a room has no distance from the best
        seen.add(counted.feasible)
        assert sums_of(said, None) == {}
    assert seen == {True, False}


def test_a_choice_that_the_study_does_not_know_has_no_price(city: Case) -> None:
    unit, house = next(iter(city.present)), city.problem.buildings[0].id
    for moves in (
        (PlannedMove("siapa", "lama", house, ON),),
        (PlannedMove(unit, "lain", house, ON),),  # it has moved since
        (PlannedMove(unit, city.present[unit], "baru", ON),),
        (),
    ):
        assert priced(moves, STUDY, made_up=False, case=city) == Content(moves, made_up=True)
