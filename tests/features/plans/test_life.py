"""A plan from its draft to its decision, on a real database."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from satuatap.features.estate.actions import put_estate
from satuatap.features.journal.models import Entry
from satuatap.features.people.states import Role
from satuatap.features.plans import actions, inventory, queries, refusals
from satuatap.features.plans.models import Comment, Plan, Version
from satuatap.features.plans.states import MoveLife, PlanLife, Verdict
from satuatap.project.grants import PROTECTED
from tests.factories.people import make_account, make_agency
from tests.features.plans import town
from tests.features.plans.town import BY, PLAN, TODAY

pytestmark = pytest.mark.django_db(transaction=True)
CLAIMS = (
    queries.ClaimView(50_000_000_000, 55_000_000_000, False, False, date(2025, 12, 31), "https://sumber.example/a", ""),
    queries.ClaimView(10_000_000_000, None, True, True, date(2026, 2, 12), "https://sumber.example/b", ""),
)


@pytest.fixture(autouse=True)
def _town() -> None:
    town.build()


def test_from_draft_to_decision_each_stage_is_dated_and_told() -> None:
    town.decided()
    view = queries.regrouping(PLAN)
    assert view.life is PlanLife.DECIDED and set(view.stages) == {
        PlanLife.DRAFT, PlanLife.COMPARED, PlanLife.CONSULTED, PlanLife.DECIDED,
    }  # fmt: skip
    assert view.decision and (view.decision.decree, view.decision.on) == ("101/2026", TODAY)
    kinds = list(Entry.objects.filter(kind__startswith="plan_").order_by("pk").values_list("kind", flat=True))
    assert kinds == [
        "plan_opened", "plan_version_frozen", "plan_reviewer_chosen", "plan_stepped", "plan_reviewed", "plan_stepped",
        "plan_decided",
    ]  # fmt: skip
    move = queries.moves(PLAN)[0]
    assert (move.target_address, move.services, move.life) == ("Jl. Mal 3", ("izin",), MoveLife.PLANNED)


def test_who_wrote_it_never_reviews_it_and_nobody_else_writes_the_review() -> None:
    author, reviewer = town.draft()
    with pytest.raises(refusals.ReviewerIsAuthor):
        actions.choose_reviewer(by=BY, plan=PLAN, reviewer=author, roles=[Role.PLANNER], author_roles=[Role.PLANNER])
    with pytest.raises(IntegrityError), transaction.atomic():
        Plan.objects.update(reviewer=author)
    actions.choose_reviewer(by=BY, plan=PLAN, reviewer=reviewer, roles=[Role.ASSET], author_roles=[Role.PLANNER])
    actions.compare_plan(by=BY, plan=PLAN)
    with pytest.raises(refusals.NotReviewed):
        actions.consult_plan(by=BY, plan=PLAN)
    with pytest.raises(refusals.NotTheReviewer):
        actions.review_plan(by=BY, plan=PLAN, account=author, verdict=Verdict.AGREES, text="")
    actions.review_plan(by=BY, plan=PLAN, account=reviewer, verdict=Verdict.OBJECTS, text="Belum lengkap")
    with pytest.raises(refusals.NotReviewed):
        actions.consult_plan(by=BY, plan=PLAN)
    with pytest.raises(refusals.NoSuchRegrouping):
        queries.regrouping(PLAN, public=True)


def test_a_version_stays_and_a_new_one_wants_a_new_review() -> None:
    town.consulted()
    with pytest.raises(refusals.StepNotNow):
        actions.freeze_version(by=BY, plan=PLAN, content=town.content(), inventory=inventory.now())
    actions.revise_plan(by=BY, plan=PLAN)
    other = town.content(("dinas-b", "balai", "mal"))
    assert actions.freeze_version(by=BY, plan=PLAN, content=other, inventory=inventory.now()) == 2
    actions.compare_plan(by=BY, plan=PLAN)
    with pytest.raises(refusals.NotReviewed):
        actions.consult_plan(by=BY, plan=PLAN)
    view = queries.regrouping(PLAN, public=True)  # its page does not go away
    assert [one.number for one in view.versions] == [1, 2] and view.review is None


def test_a_version_without_moves_and_a_plan_without_version_are_refused() -> None:
    town.draft()
    wrong = town.content(("goa", "lama", "mal"))
    with pytest.raises(refusals.ContentWrong, match="Unit goa tidak ada"):
        actions.freeze_version(by=BY, plan=PLAN, content=wrong, inventory=inventory.now())
    actions.open_regrouping(by=BY, code="kosong", title="Kosong", author=make_account().pk)
    with pytest.raises(refusals.NoVersion):
        actions.compare_plan(by=BY, plan="kosong")
    with pytest.raises(refusals.CodeTaken):
        actions.open_regrouping(by=BY, code=PLAN, title="Lagi", author=make_account().pk)


def test_a_plan_on_an_inventory_that_changed_says_what_changed() -> None:
    town.consulted()
    rows = town.estate_rows()
    rows["placements"][1]["building"] = "mal"
    rows["units"][0]["headcount"] = 35
    put_estate(by=BY, rows=rows)
    said = {"by": BY, "plan": PLAN, "decree": "101", "on": TODAY, "today": TODAY, "now": inventory.now()}
    with pytest.raises(refusals.InventoryChanged) as refused:
        actions.decide_plan(**said)
    assert refused.value.changes == ["Dinas A: 30 menjadi 35 orang.", "Dinas B pindah dari Balai ke Mal."]
    assert queries.regrouping(PLAN).life is PlanLife.CONSULTED and not queries.moves(PLAN)
    actions.decide_plan(**said, known=True)
    assert queries.regrouping(PLAN).life is PlanLife.DECIDED


def test_a_decision_needs_its_decree_and_a_withdrawn_one_stays_to_be_read() -> None:
    town.consulted()
    now = inventory.now()
    for decree, on in (("", TODAY), ("101", TODAY + timedelta(days=1))):
        with pytest.raises(refusals.DecreeUnreadable):
            actions.decide_plan(by=BY, plan=PLAN, decree=decree, on=on, today=TODAY, now=now)
    actions.decide_plan(by=BY, plan=PLAN, decree="101", on=TODAY, today=TODAY, now=now)
    with pytest.raises(refusals.AlreadyDecided):
        actions.decide_plan(by=BY, plan=PLAN, decree="102", on=TODAY, today=TODAY, now=now)
    actions.withdraw_plan(by=BY, plan=PLAN, why="Putusan pengadilan")
    view = queries.regrouping(PLAN, public=True)
    assert view.life is PlanLife.WITHDRAWN and view.decision is None
    assert view.decisions[0].withdrawn_why == "Putusan pengadilan"
    move = queries.moves(PLAN)[0]
    assert move.life is MoveLife.CANCELLED
    with pytest.raises(refusals.MoveIsOver):
        actions.carry_out_move(by=BY, move=move.id, today=TODAY)


def test_claims_stand_beside_unreconciled_and_change_no_figure() -> None:
    town.draft()
    before = queries.regrouping(PLAN).version
    for claim in (*CLAIMS, CLAIMS[0]):
        actions.note_claim(by=BY, plan=PLAN, claim=claim, today=TODAY)
    view = queries.regrouping(PLAN)
    assert view.claims == CLAIMS and view.version == before
    nothing = queries.ClaimView(0, None, False, True, TODAY, "x", "")
    with pytest.raises(refusals.ClaimUnreadable):
        actions.note_claim(by=BY, plan=PLAN, claim=nothing, today=TODAY)


def test_citizens_and_agencies_comment_while_it_is_open_and_nobody_is_named() -> None:
    town.draft()
    with pytest.raises(refusals.NotOpenForComments):
        actions.say_comment(by=BY, plan=PLAN, text="Terlalu jauh")
    Plan.objects.update(life=PlanLife.CONSULTED, public=True)
    make_agency("dinsos")
    key = uuid4()
    first = actions.say_comment(by=BY, plan=PLAN, text=" Terlalu jauh ", request=key)
    assert actions.say_comment(by=BY, plan=PLAN, text="Terlalu jauh", request=key) == first
    actions.say_comment(by=BY, plan=PLAN, text="Kami setuju", agency="dinsos")
    with pytest.raises(refusals.CommentNamesSomeone):
        actions.say_comment(by=BY, plan=PLAN, text="Telepon saya 0812 3456 7890")
    said = queries.regrouping(PLAN, public=True).comments
    assert [(one.agency, one.text) for one in said] == [("Dinsos", "Kami setuju"), ("", "Terlalu jauh")]
    assert not Entry.objects.filter(fact__icontains="jauh").exists()
    actions.hide_comment(by=BY, plan=PLAN, comment=first, why="Menyebut tetangga")
    row = Comment.objects.get(pk=first)
    assert (row.text, row.hidden_why) == ("", "Menyebut tetangga")


def test_a_frozen_version_is_not_the_applications_to_change() -> None:
    assert PROTECTED[Version._meta.db_table] == ("SELECT", "INSERT")
    with connection.cursor() as cursor:
        cursor.execute("select 1 from pg_tables where tablename = %s", [Version._meta.db_table])
        assert cursor.fetchone()
