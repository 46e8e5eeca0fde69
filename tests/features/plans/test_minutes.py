"""A cheapest plan is refused for its minutes, mended by its remedy and decided, on the demo city's hall."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from satuatap.features.catalogue.models import Promise
from satuatap.features.malls import queries as malls
from satuatap.features.people.states import Role
from satuatap.features.plans import actions, inventory, queries, refusals
from satuatap.features.plans.rules import Content, PlannedMove, Term
from satuatap.features.plans.states import PlanLife, Verdict
from satuatap.features.plans.waiting import minutes_of_plan
from satuatap.project import judging
from tests.factories.palembang import open_palembang
from tests.factories.people import BY, make_account

pytestmark = pytest.mark.django_db(transaction=True)
PLAN, TODAY = "uji-2026", date(2026, 11, 24)


@pytest.fixture(autouse=True)
def _city(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    open_palembang(tmp_path, monkeypatch)
    yield
    malls.forget()


def plan(*moves: PlannedMove) -> None:
    """A plan with one version, reviewer chosen."""
    author, reviewer = make_account(role=Role.PLANNER), make_account(role=Role.ORGANISATION)
    actions.open_regrouping(by=BY, code=PLAN, title="Uji", author=author.pk)
    content = Content(moves, (Term("electricity", 900, 400),), score=90, bound=81, made_up=True)
    actions.freeze_version(by=BY, plan=PLAN, content=content, inventory=inventory.now())
    actions.choose_reviewer(
        by=BY, plan=PLAN, reviewer=reviewer.pk, roles=[Role.ORGANISATION], author_roles=[Role.PLANNER]
    )


def go_on() -> None:
    """Compared, reviewed, opened."""
    actions.compare_plan(by=BY, plan=PLAN)
    reviewer = queries.regrouping(PLAN).reviewer or 0
    actions.review_plan(by=BY, plan=PLAN, account=reviewer, verdict=Verdict.AGREES, text="")
    actions.consult_plan(by=BY, plan=PLAN)


DUKCAPIL = PlannedMove("dukcapil", "kantor-dukcapil", "mpp", date(2026, 12, 1), ("ktp-el-baru",))


def test_refused_for_its_minutes_mended_by_its_remedy_and_decided() -> None:
    plan(DUKCAPIL)
    with pytest.raises(refusals.MinutesPending):
        actions.compare_plan(by=BY, plan=PLAN)
    with pytest.raises(refusals.NothingToMend):
        actions.accept_remedy(by=BY, plan=PLAN)
    assert (judging.work_off(), judging.work_off()) == (2, 0)  # the published plan is judged, too
    published = minutes_of_plan("palembang-2025-11", 1)
    assert published and published.holds is False  # it brings Dukcapil and Kesbangpol into the hall
    view = minutes_of_plan(PLAN, 1)
    assert view and view.found and view.holds is False and view.can_mend
    broken = [one for one in view.found["lines"] if not one["holds"]]
    assert {one["key"] for one in broken} <= {"dukcapil-ktp:1", "dukcapil-kk:5"} and broken
    assert all(one["p90"] > one["promised"] == 30 and one["today_p90"] < 30 for one in broken)
    with pytest.raises(refusals.PromiseBroken) as refused:
        actions.compare_plan(by=BY, plan=PLAN)
    assert "janjinya 30 menit" in str(refused.value) and "Obat termurah" in str(refused.value)
    assert queries.regrouping(PLAN).life is PlanLife.DRAFT

    desks = {one["key"]: next(n for n, r in enumerate(one["remedies"]) if r["desks"]) for one in broken}
    assert actions.accept_remedy(by=BY, plan=PLAN, chosen=desks) == 2
    mended = queries.regrouping(PLAN).versions[-1].content
    assert mended.moves == (DUKCAPIL,) and all(one.desks and not one.hours for one in mended.measures)
    price = sum(one["remedies"][desks[one["key"]]]["yearly"] for one in broken)
    assert (mended.cash, mended.capacity) == (500, -price) and price == sum(one.yearly for one in mended.measures)
    judging.work_off()
    again = minutes_of_plan(PLAN, 2)
    assert again and again.holds
    go_on()

    promise = Promise.objects.get(service__code="kk-baru")
    Promise.objects.filter(pk=promise.pk).update(minutes=1)
    said = {"by": BY, "plan": PLAN, "decree": "101", "on": TODAY, "today": TODAY, "now": inventory.now()}
    with pytest.raises(refusals.MinutesOld):  # the mall promised something else meanwhile
        actions.decide_plan(**said)
    actions.ask_minutes(by=BY, plan=PLAN)
    judging.work_off()
    with pytest.raises(refusals.PromiseBroken):
        actions.decide_plan(**said)
    with pytest.raises(refusals.RemedyInDraft):
        actions.accept_remedy(by=BY, plan=PLAN)
    Promise.objects.filter(pk=promise.pk).update(minutes=promise.minutes)
    actions.ask_minutes(by=BY, plan=PLAN)
    judging.work_off()
    actions.decide_plan(**said)
    assert queries.regrouping(PLAN).life is PlanLife.DECIDED


def test_a_plan_that_brings_nobody_into_the_hall_needs_no_minutes() -> None:
    plan(PlannedMove("kominfo", "kantor-kominfo", "mpp", date(2026, 12, 1)))  # serves nobody
    assert minutes_of_plan(PLAN, 1) is None and minutes_of_plan("palembang-2025-11", 1) is not None
    go_on()
    with pytest.raises(refusals.NoHall):
        actions.ask_minutes(by=BY, plan=PLAN)
