"""Every write about questions of a study: they are asked, worked on by one process, answered; a choice is forced."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Case, IntegerField, Value, When
from django.db.models.functions import Now

from satuatap.basics.actor import Actor
from satuatap.features.estate import facts, refusals
from satuatap.features.estate.models import Study, StudyQuestion
from satuatap.features.estate.states import OVER, QUESTION_MOVES, Ask, QuestionLife, QuestionMove
from satuatap.features.journal.actions import announce
from satuatap.features.journal.queries import entry_of_request
from satuatap.plumbing.locking import lock

Asked = Mapping[str, Any]


def hash_of_asked(asked: Asked) -> str:
    """By which the same question is known again."""
    return hashlib.sha256(json.dumps(asked, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


@transaction.atomic(durable=True)
def ask_question(*, by: Actor, study: UUID, kind: Ask, asked: Asked, request: UUID | None = None) -> UUID:
    """Ask something of a study that is over; what was asked before is the same question with its answer."""
    earlier = entry_of_request(request, facts.QuestionAsked.kind, study=str(study), about=kind.value)
    if earlier is not None:
        return UUID(earlier.fact["question"])
    row = Study.objects.select_for_update(no_key=True, of=("self",)).filter(pk=study).first()
    if row is None:
        raise refusals.NoSuchStudy()
    if row.life not in OVER or row.best_plan is None or row.problem is None:
        raise refusals.NothingToAsk()
    _known(row, kind, asked)
    found, is_new = StudyQuestion.objects.get_or_create(
        study=row, kind=kind, asked_hash=hash_of_asked(asked), defaults={"asked": dict(asked), "who": by.code}
    )
    if not is_new:
        if found.life != QuestionLife.FAILED:
            return found.pk
        _move(found, QuestionMove.AGAIN)
        found.who, found.made_at, found.answer, found.trouble, found.ended_at = by.code, Now(), None, "", None
        found.save()
    announce(facts.QuestionAsked(str(study), str(found.pk), kind.value), by=by, request=request)
    return found.pk


def _known(row: Study, kind: Ask, asked: Asked) -> None:
    """What is asked about is in the study's own problem."""
    problem: dict[str, Any] = row.problem or {}
    if kind is Ask.WHY:
        units = {unit["id"]: unit["present"] for unit in problem["units"]}
        if asked["unit"] not in units or asked["building"] not in {b["id"] for b in problem["buildings"]}:
            raise refusals.NotInStudy()
    if kind is Ask.DOUBT and asked["values"] and not set(asked["values"]) <= _drawn(row):
        raise refusals.NotInStudy()


def _drawn(row: Study) -> set[str]:
    """The figures that were drawn: by the study itself, or when its doubt was asked for afterwards."""
    doubt: dict[str, Any] | None = row.doubt
    if doubt is None:
        first = hash_of_asked({"values": {}})
        asked = StudyQuestion.objects.filter(study=row, kind=Ask.DOUBT, asked_hash=first).first()
        doubt = asked.answer if asked else None
    return {figure["path"] for figure in ((doubt or {}).get("draws") or {}).get("figures", ())}


def _move(row: StudyQuestion, move: QuestionMove) -> None:
    row.life = QUESTION_MOVES[QuestionLife(row.life), move]


@transaction.atomic
def begin_question() -> UUID | None:
    """Take the next question: whys first, since somebody waits for them; ``None`` when there is none."""
    first = Case(When(kind=Ask.WHY, then=Value(0)), default=Value(1), output_field=IntegerField())
    rows = StudyQuestion.objects.filter(life=QuestionLife.ASKED).order_by(first, "made_at")
    row = rows.select_for_update(no_key=True, skip_locked=True, of=("self",)).first()
    if row is None:
        return None
    _move(row, QuestionMove.BEGIN)
    row.save(update_fields=["life"])
    return row.pk


@transaction.atomic
def note_part(*, question: UUID, answer: Asked) -> None:
    """Keep what there is of an answer so far; no fact, because it is not answered."""
    StudyQuestion.objects.filter(pk=question, life=QuestionLife.WORKING).update(answer=dict(answer))


@transaction.atomic
def answer_question(*, by: Actor, question: UUID, answer: Asked) -> None:
    """Keep the answer."""
    _end(by, question, QuestionMove.ANSWER, dict(answer), "")


@transaction.atomic
def fail_question(*, by: Actor, question: UUID, trouble: str) -> None:
    """Say why there is no answer."""
    _end(by, question, QuestionMove.FAIL, None, trouble[:2000])


def _end(by: Actor, question: UUID, move: QuestionMove, answer: dict[str, Any] | None, trouble: str) -> None:
    rows = lock(StudyQuestion.objects.filter(pk=question, life=QuestionLife.WORKING))
    if not rows:
        return  # taken up again by another process in the meantime
    row = rows[0]
    _move(row, move)
    row.answer, row.trouble, row.ended_at = answer, trouble, Now()
    row.save(update_fields=["life", "answer", "trouble", "ended_at"])
    said = move is QuestionMove.ANSWER
    announce(facts.QuestionAnswered(str(row.study_id), str(row.pk), row.kind, said), by=by)


@transaction.atomic
def resume_questions() -> int:
    """Questions whose process is gone wait again; only for the one process that answers."""
    rows = lock(StudyQuestion.objects.filter(life=QuestionLife.WORKING))
    for row in rows:
        _move(row, QuestionMove.RESUME)
        row.save(update_fields=["life"])
    return len(rows)


@transaction.atomic(durable=True)
def ask_forced_study(*, by: Actor, question: UUID, request: UUID | None = None) -> UUID:
    """A study of the same city with one choice forced; it begins from the plan that the question found.

    The rule is carried along: what is forced in a study that was forced already stands beside the earlier rules.
    """
    asked = StudyQuestion.objects.filter(pk=question, kind=Ask.WHY).select_related("study").first()
    if asked is None:
        raise refusals.NoSuchQuestion()
    told = asked.answer or {}
    if asked.life != QuestionLife.ANSWERED or told.get("hard") or not told.get("plan"):
        raise refusals.NotForced()
    earlier = entry_of_request(request, facts.StudyAsked.kind)
    if earlier is not None:
        return UUID(earlier.fact["study"])
    origin = lock(Study.objects.filter(pk=asked.study_id))[0]
    same = Study.objects.filter(origin=origin, wishes=[*origin.wishes, told["wish"]]).exclude(life="failed").first()
    if same is not None:
        return same.pk
    problem = origin.problem or {}
    row = Study.objects.create(
        who=by.code, seconds=origin.seconds, seed=origin.seed, draws=origin.draws, origin=origin,
        wishes=[*origin.wishes, told["wish"]], filled=origin.filled, input_hash=told["forced_hash"],
        problem={**problem, "rules": [*problem.get("rules", ()), told["wish"]]},
        present=origin.present, best=told["score"], best_plan=told["plan"], bound=told["bound"],
    )  # fmt: skip
    announce(facts.StudyAsked(str(row.pk), row.seconds, row.draws), by=by, request=request)
    return row.pk
