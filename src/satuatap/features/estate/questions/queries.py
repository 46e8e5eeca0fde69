"""What screens and the process that answers read of questions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from satuatap.features.estate.models import Study, StudyQuestion
from satuatap.features.estate.questions.actions import Asked, hash_of_asked
from satuatap.features.estate.refusals import NoSuchQuestion, NoSuchStudy
from satuatap.features.estate.states import Ask, QuestionLife


@dataclass(frozen=True, slots=True)
class QuestionView:
    """A question as a screen shows it; ``answer`` is what there is of it."""

    id: UUID
    study: UUID
    kind: Ask
    asked: dict[str, Any]
    life: QuestionLife
    made_at: datetime
    ended_at: datetime | None
    answer: dict[str, Any] | None
    trouble: str

    @property
    def waits(self) -> bool:
        """Whether an answer is still to come."""
        return self.life in (QuestionLife.ASKED, QuestionLife.WORKING)

    @property
    def is_answered(self) -> bool:
        """Whether the whole answer is there."""
        return self.life is QuestionLife.ANSWERED


@dataclass(frozen=True, slots=True)
class QuestionTask:
    """What an answer is computed from."""

    kind: Ask
    asked: dict[str, Any]
    problem: dict[str, Any]
    plan: dict[str, str]
    bound: float | None
    proved: bool
    seed: int
    draws: int


def _view(row: StudyQuestion) -> QuestionView:
    return QuestionView(
        row.pk, row.study_id, Ask(row.kind), row.asked, QuestionLife(row.life), row.made_at, row.ended_at, row.answer,
        row.trouble,
    )  # fmt: skip


def question(number: UUID) -> QuestionView:
    """One question."""
    row = StudyQuestion.objects.filter(pk=number).first()
    if row is None:
        raise NoSuchQuestion()
    return _view(row)


def question_about(study: UUID, kind: Ask, asked: Asked) -> QuestionView | None:
    """This very question, if it was ever asked."""
    row = StudyQuestion.objects.filter(study=study, kind=kind, asked_hash=hash_of_asked(asked)).first()
    return None if row is None else _view(row)


def questions_of(study: UUID, kind: Ask) -> list[QuestionView]:
    """What was asked of a study, the newest first."""
    rows = StudyQuestion.objects.filter(study=study, kind=kind).order_by("-made_at", "-pk")[:50]
    return [_view(row) for row in rows]


def is_waiting() -> bool:
    """Whether any question waits for its process, or was left by one."""
    return StudyQuestion.objects.filter(life__in=[QuestionLife.ASKED, QuestionLife.WORKING]).exists()


def question_task(number: UUID) -> QuestionTask:
    """What one question asks, with the study's own problem and plan."""
    row = StudyQuestion.objects.select_related("study").filter(pk=number).first()
    if row is None:
        raise NoSuchQuestion()
    study = row.study
    proved = bool((study.answer or {}).get("proved"))
    return QuestionTask(
        Ask(row.kind), row.asked, study.problem or {}, study.best_plan or {}, study.bound, proved, study.seed,
        study.draws,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class City:
    """What a study computed with, as pictures need it: the problem's own objects by id, and who it was made from."""

    buildings: dict[str, dict[str, Any]]
    units: dict[str, dict[str, Any]]
    rules: tuple[dict[str, Any], ...]
    year: int
    synthetic: bool
    problem: dict[str, Any]
    origin: UUID | None
    wishes: tuple[dict[str, Any], ...]

    def name(self, code: str) -> str:
        """The name of a building or a unit, or its code."""
        found = self.buildings.get(code) or self.units.get(code) or {}
        return str(found.get("name") or code)


def city_of(study: UUID) -> City:
    """The city that a study computed with; empty while its problem is not made yet."""
    row = Study.objects.filter(pk=study).only("problem", "origin_id", "wishes").first()
    if row is None:
        raise NoSuchStudy()
    problem: dict[str, Any] = row.problem or {}
    return City(
        {b["id"]: b for b in problem.get("buildings", ())}, {u["id"]: u for u in problem.get("units", ())},
        tuple(problem.get("rules", ())), int(problem.get("year", 0)), bool(problem.get("synthetic")), problem,
        row.origin_id, tuple(row.wishes),
    )  # fmt: skip
