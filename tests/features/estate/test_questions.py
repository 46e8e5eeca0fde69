"""What is asked of a study is answered as the engine answers it, once, and by the next process when one is killed."""

from __future__ import annotations

import time
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from django.db import connection

from satuatap.basics.actor import Actor
from satuatap.engines.regroup import reading, verify
from satuatap.engines.regroup.cost import cost
from satuatap.features.estate import actions as estate
from satuatap.features.estate import queries as studies
from satuatap.features.estate import study_questions
from satuatap.features.estate.models import Study, StudyQuestion
from satuatap.features.estate.questions import actions, queries
from satuatap.features.estate.refusals import NotForced, NothingToAsk, NotInStudy
from satuatap.features.estate.states import OVER, QUESTION_MOVES, Ask, QuestionLife, StudyLife
from satuatap.features.journal.models import Entry
from satuatap.project import answering, studying
from satuatap.project import studies as studies_jobs
from tests.features.estate.test_study import three_lists

pytestmark = pytest.mark.django_db(transaction=True)
BY = Actor.system("test")


@pytest.fixture
def study(monkeypatch: pytest.MonkeyPatch) -> UUID:
    """Three buildings, four units; all of them fit into one, and that is the plan."""
    monkeypatch.setattr(study_questions, "WHY_SECONDS", 20.0)  # a machine may be slow: ends earlier with its proof
    rows = three_lists()
    rows["units"][3]["stays"] = True
    estate.put_estate(by=BY, rows=rows)
    number = estate.ask_study(by=BY, seconds=20)
    assert estate.begin_study() == number
    studying.run(number)
    return number


def ask(study: UUID, kind: Ask, **asked: Any) -> queries.QuestionView:
    """Asked, and answered by the one process that answers."""
    number = actions.ask_question(by=BY, study=study, kind=kind, asked=asked)
    answering.answer_all()
    return queries.question(number)


def test_a_choice_has_its_price_by_term_as_the_verifier_counts_it(study: UUID) -> None:
    view = studies.study(study)
    assert view.best_plan is not None and view.answer is not None
    (there,) = set(view.best_plan.values())
    other = next(b for b in ("a", "b", "c") if b != there)
    told = ask(study, Ask.WHY, unit="u0", building=other).answer
    assert told is not None and not told["hard"] and told["verified"] and told["proved"]
    city = queries.city_of(study)
    forced = {**city.problem, "rules": [*city.rules, told["wish"]]}
    assert not verify.verify(forced, told["plan"]).broken and told["plan"]["u0"] == other
    problem = reading.read(city.problem).problem
    assert problem is not None
    more = cost(problem, told["plan"]).cash_yearly - view.answer["cost"]["cash_yearly"]
    assert told["cash_yearly"] == pytest.approx(more) == pytest.approx(sum(told["cash"].values()))
    assert 0 < told["low"] <= told["high"] and {row["unit"] for row in told["changed"]} >= {"u0"}
    (room,) = [row for row in told["room"] if row["kind"] == "office"]
    assert room["left"] == pytest.approx(room["room"] - room["used"])


def test_what_is_impossible_names_its_rules(study: UUID) -> None:
    told = ask(study, Ask.WHY, unit="u3", building="a").answer
    assert told is not None and told["hard"]
    assert [(one["kind"], one["units"]) for one in told["clash"]] == [("keep", ["u3"])]
    with pytest.raises(NotForced):
        actions.ask_forced_study(by=BY, question=queries.questions_of(study, Ask.WHY)[0].id)


def test_the_same_question_is_asked_once_and_only_of_a_study_with_a_plan(study: UUID) -> None:
    asked = {"unit": "u0", "building": "a"}
    key = uuid4()
    first = actions.ask_question(by=BY, study=study, kind=Ask.WHY, asked=asked, request=key)
    again = actions.ask_question(by=BY, study=study, kind=Ask.WHY, asked=asked, request=key)
    later = actions.ask_question(by=BY, study=study, kind=Ask.WHY, asked=asked, request=uuid4())
    assert first == again == later and Entry.objects.filter(kind="question_asked").count() == 1
    with pytest.raises(NotInStudy):
        actions.ask_question(by=BY, study=study, kind=Ask.WHY, asked={"unit": "u0", "building": "x"})
    with pytest.raises(NothingToAsk):
        actions.ask_question(by=BY, study=estate.ask_study(by=BY, seconds=5), kind=Ask.RELAX, asked={})


def test_a_question_survives_its_process(study: UUID) -> None:
    """The lock says who answers: while it is held nobody else does, and when its holder dies the next begins anew."""
    number = actions.ask_question(by=BY, study=study, kind=Ask.WHY, asked={"unit": "u0", "building": "a"})
    other = psycopg.connect(**_words())
    other.execute("select pg_advisory_lock(%s)", [studies_jobs.LOCK])
    assert actions.begin_question() == number  # what the other process did before it was killed
    assert (
        studies_jobs.is_answered()
        and answering.answer_all() == 0
        and queries.question(number).life is QuestionLife.WORKING
    )
    other.close()
    until = time.monotonic() + 30  # the server notices a death after it, not with it
    while studies_jobs.is_answered() and time.monotonic() < until:
        time.sleep(0.01)
    assert not studies_jobs.is_answered()
    assert answering.answer_all() == 1
    assert queries.question(number).life is QuestionLife.ANSWERED
    assert Entry.objects.filter(kind="question_answered").count() == 1


def _words() -> dict[str, Any]:
    found = connection.get_connection_params()
    return {key: found[key] for key in ("dbname", "user", "password", "host", "port") if found.get(key)}


def test_a_forced_choice_is_a_study_that_keeps_its_rule(study: UUID) -> None:
    (there,) = set((studies.study(study).best_plan or {}).values())
    other = next(b for b in ("a", "b", "c") if b != there)
    asked = ask(study, Ask.WHY, unit="u0", building=other)
    forced = actions.ask_forced_study(by=BY, question=asked.id, request=uuid4())
    assert actions.ask_forced_study(by=BY, question=asked.id, request=uuid4()) == forced  # the same choice
    before = studies.study(forced)
    assert before.best_plan is not None and before.best_plan["u0"] == other  # a plan is there at once
    assert estate.begin_study() == forced
    studying.run(forced)
    view = studies.study(forced)
    assert view.life is StudyLife.DONE and view.best_plan is not None and view.best_plan["u0"] == other
    assert view.input_hash == before.input_hash == (view.answer or {})["input_hash"]
    assert Study.objects.get(pk=forced).origin_id == study and queries.city_of(forced).wishes


def test_years_front_rules_and_doubt_are_answered(study: UUID) -> None:
    phases = ask(study, Ask.PHASES, years=3, budget_once=None, most_moves=2).answer
    assert phases is not None and sum(len(year["moves"]) for year in phases["years"]) == len(phases["when"]) > 0
    front = ask(study, Ask.FRONT, against="one_off").answer
    assert front is not None and front["points"] and all(point["verified"] for point in front["points"])
    assert front["marks"][0]["yearly"] >= front["points"][0]["yearly"] - 1
    rules = ask(study, Ask.RELAX).answer
    assert rules is not None and [row["rule"]["kind"] for row in rules["rules"]] == ["keep"]
    Study.objects.update(draws=12)
    with pytest.raises(NotInStudy):
        ask(study, Ask.DOUBT, values={"prices.hour": 40000.0})  # nothing was drawn yet
    doubt = ask(study, Ask.DOUBT, values={}).answer
    assert doubt is not None and doubt["summary"]["draws"] == 12 and set(doubt["summary"]["freed"]) == {"a", "b", "c"}
    figure = doubt["draws"]["figures"][0]
    again = ask(study, Ask.DOUBT, values={figure["path"]: figure["likely"]}).answer
    assert again is not None and figure["path"] not in [one["path"] for one in again["draws"]["figures"]]


def test_what_goes_wrong_is_kept_and_can_be_asked_again(study: UUID) -> None:
    problem = Study.objects.get(pk=study).problem
    number = actions.ask_question(by=BY, study=study, kind=Ask.RELAX, asked={})
    Study.objects.filter(pk=study).update(problem={"format": "none"})
    answering.answer_all()
    view = queries.question(number)
    assert view.life is QuestionLife.FAILED and "galat" in view.trouble
    Study.objects.filter(pk=study).update(problem=problem)
    assert actions.ask_question(by=BY, study=study, kind=Ask.RELAX, asked={}) == number
    answering.answer_all()
    assert queries.question(number).life is QuestionLife.ANSWERED


def test_what_waits_gets_a_process_from_the_next_minute(study: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[str] = []
    monkeypatch.setattr(studies_jobs.subprocess, "Popen", lambda command, **_words: begun.append(command[-1]))
    studies_jobs.resume_studies(timestamp=0)
    assert begun == []
    actions.ask_question(by=BY, study=study, kind=Ask.RELAX, asked={})
    studies_jobs.resume_studies(timestamp=0)
    assert begun == ["answer"]
    monkeypatch.setattr(studies_jobs, "_asked_at", [float("-inf")])
    studies_jobs.expect_questions()
    studies_jobs.expect_questions()  # a page that is opened twice begins one
    assert begun == ["answer", "answer"]


def test_the_life_of_a_question_is_one_table() -> None:
    assert {life for life, _move in QUESTION_MOVES} | {QuestionLife.ANSWERED} == set(QuestionLife)
    assert StudyLife.DONE in OVER and not StudyQuestion.objects.exists()
