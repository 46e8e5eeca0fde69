"""A move: refused without its papers, carried out with them, and then citizens read the new address."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from satuatap.features.catalogue import queries as catalogue
from satuatap.features.estate.actions import put_estate, seat_unit
from satuatap.features.estate.models import Placement
from satuatap.features.estate.refusals import SeatedLater, SitsElsewhere
from satuatap.features.journal.actions import number_entries
from satuatap.features.journal.models import Entry
from satuatap.features.journal.queries import latest
from satuatap.features.plans import actions, inventory, queries, refusals
from satuatap.features.plans.actions.moves import PaperSaid
from satuatap.features.plans.states import Check, MoveLife, PlanLife
from satuatap.project.wiring import WIRING
from tests.features.plans import town
from tests.features.plans.town import BY, HASH, MOVES_ON, PLAN, TODAY

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _town() -> None:
    town.build()


def react() -> None:
    number_entries()
    for line in latest(["unit_moved"]):
        for reaction in WIRING[line.kind]:
            reaction(line)


def test_without_its_bast_it_is_refused_and_with_it_every_service_has_the_new_address() -> None:
    move = town.decided()
    town.hours()
    town.papers(move.id, Check.HANDOVER, Check.USE, Check.IDLE)
    with pytest.raises(refusals.PapersMissing) as refused:
        actions.carry_out_move(by=BY, move=move.id, today=TODAY)
    assert "BAST" in str(refused.value) and inventory.now().places["dinas-a"] == "lama"
    with pytest.raises(refusals.HandoverFirst):
        town.paper(Check.USE, move.id)
    for check in (Check.HANDOVER, Check.USE, Check.IDLE):
        town.paper(check, move.id)
    actions.carry_out_move(by=BY, move=move.id, today=TODAY)
    assert inventory.now().places["dinas-a"] == "mal"
    old = Placement.objects.get(unit__code="dinas-a", until__isnull=False)
    assert (old.building.code, old.until) == ("lama", MOVES_ON - timedelta(days=1))
    assert queries.regrouping(PLAN).life is PlanLife.CARRIED_OUT
    react()
    react()  # a reaction may run twice
    places = catalogue.service("izin").places
    assert [(one.name, one.address) for one in places] == [("Mal", "Jl. Mal 3")]
    assert Entry.objects.filter(kind="places_moved").count() == 1
    moved = queries.moved_services(["izin", "lain"])["izin"]
    assert (moved.old_address, moved.new_address, moved.on) == ("Jl. Lama 1", "Jl. Mal 3", MOVES_ON)


def test_a_paper_is_whole_or_says_why_it_is_not_needed() -> None:
    move = town.decided()
    whole = PaperSaid("1", TODAY, HASH, "BPKAD")
    wrong = [
        PaperSaid(), PaperSaid("1", TODAY, "abc", "BPKAD"), PaperSaid("1", None, HASH, "BPKAD"),
        PaperSaid("1", TODAY + timedelta(days=1), HASH, "BPKAD"), PaperSaid("1", TODAY, HASH, ""),
        PaperSaid(not_needed_why="x" * 301),
    ]  # fmt: skip
    for said in wrong:
        with pytest.raises(refusals.PaperUnreadable):
            actions.note_paper(by=BY, move=move.id, check=Check.DECREE, said=said, today=TODAY)
    actions.note_paper(by=BY, move=move.id, check=Check.DECREE, said=whole, today=TODAY)
    why = PaperSaid(not_needed_why="Gedung sewa, meter atas nama pemilik")
    actions.note_paper(by=BY, move=move.id, check=Check.UTILITIES, said=why, today=TODAY)
    papers = {one.check: one for one in queries.move(move.id).papers}
    assert papers[Check.DECREE].file_hash == HASH and papers[Check.UTILITIES].not_needed_why.startswith("Gedung sewa")
    assert papers[Check.USE].waits and not papers[Check.ANNOUNCED].there


def test_a_unit_that_has_moved_already_is_not_moved_again() -> None:
    move = town.decided()
    town.hours()
    town.papers(move.id, Check.USE, Check.IDLE)
    town.paper(Check.USE, move.id), town.paper(Check.IDLE, move.id)
    rows = town.estate_rows()
    rows["placements"][0]["building"] = "balai"
    put_estate(by=BY, rows=rows)
    with pytest.raises(refusals.UnitHasMoved, match=r"Dinas A tidak lagi di Gedung Lama; .* di Balai"):
        actions.carry_out_move(by=BY, move=move.id, today=TODAY)
    assert queries.move(move.id).life is MoveLife.PLANNED and not Entry.objects.filter(kind="unit_moved").exists()


def test_a_unit_that_came_after_the_day_of_its_move_is_refused_with_that_day() -> None:
    move = town.decided()
    town.hours()
    town.papers(move.id, Check.USE, Check.IDLE)
    town.paper(Check.USE, move.id), town.paper(Check.IDLE, move.id)
    rows = town.estate_rows()
    rows["placements"][0]["since"] = MOVES_ON
    put_estate(by=BY, rows=rows)
    with pytest.raises(SeatedLater, match=f"sejak {MOVES_ON:%d-%m-%Y}"):
        actions.carry_out_move(by=BY, move=move.id, today=TODAY)
    assert queries.move(move.id).life is MoveLife.PLANNED
    with pytest.raises(SitsElsewhere):
        seat_unit(by=BY, unit="dinas-a", origin="balai", target="mal", on=TODAY, source="x")


def test_a_unit_answers_once_before_and_its_day_must_have_come() -> None:
    move = town.decided()
    town.papers(move.id, Check.USE, Check.IDLE)
    town.paper(Check.USE, move.id), town.paper(Check.IDLE, move.id)
    with pytest.raises(refusals.HoursMissingBefore):
        actions.carry_out_move(by=BY, move=move.id, today=TODAY)
    town.hours()
    with pytest.raises(refusals.TooEarly):
        actions.carry_out_move(by=BY, move=move.id, today=MOVES_ON - timedelta(days=1))
    actions.carry_out_move(by=BY, move=move.id, today=MOVES_ON)
    with pytest.raises(refusals.MoveIsOver):
        actions.carry_out_move(by=BY, move=move.id, today=TODAY)


def test_the_plan_is_carried_out_with_its_last_move() -> None:
    first = town.decided(("dinas-a", "lama", "mal"), ("dinas-b", "balai", "mal"))
    second = queries.moves(PLAN)[1]
    for move in (first, second):
        town.hours(move.unit)
        town.papers(move.id, Check.USE, Check.IDLE)
        town.paper(Check.USE, move.id), town.paper(Check.IDLE, move.id)
    actions.carry_out_move(by=BY, move=first.id, today=TODAY)
    assert queries.regrouping(PLAN).life is PlanLife.DECIDED
    actions.carry_out_move(by=BY, move=second.id, today=TODAY)
    assert queries.regrouping(PLAN).life is PlanLife.CARRIED_OUT


def test_hours_before_and_after_leave_the_month_of_the_move_out() -> None:
    for month, hours in ((9, (10, 10, 10)), (10, (20, 20, 20)), (11, (90, 0, 0)), (12, (3, 3, 3))):
        actions.say_hours(by=BY, unit="dinas-a", month=date(2026, month, 15), hours=hours)
    found = queries.before_after("dinas-a", MOVES_ON)
    assert (found.before, found.after, found.months_before, found.months_after) == (45.0, 9.0, 2, 1)
    assert queries.before_after("dinas-a", None).before == pytest.approx((30 + 60 + 90 + 9) / 4)
    with pytest.raises(refusals.HoursUnreadable):
        actions.say_hours(by=BY, unit="dinas-a", month=TODAY, hours=(0, -1, 0))


def test_an_invitation_opens_only_what_it_is_for() -> None:
    secret = queries.invitation("hours", {"unit": "dinas-a", "month": "2026-11"})
    assert queries.invited("hours", secret) == {"unit": "dinas-a", "month": "2026-11"}
    for kind, word in (("voice", secret), ("hours", secret[:-1]), ("hours", "x")):
        with pytest.raises(refusals.InvitationOver):
            queries.invited(kind, word)
