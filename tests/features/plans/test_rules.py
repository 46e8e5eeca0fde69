"""Decisions about plans, without a database."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from satuatap.features.people.states import Role
from satuatap.features.plans import rules
from satuatap.features.plans.rules import Content, Inventory, PlannedMove, Term
from satuatap.features.plans.states import LINE, MOVES, WHO, Act, Check, PlanLife, PlanStep

DAY = date(2026, 11, 24)
TOWN = Inventory(
    {"a": "lama", "b": "balai"},
    {"a": ("Dinas A", 30), "b": ("Dinas B", 20)},
    {"lama": ("Lama", "Jl. 1", 900.0, "used"), "balai": ("Balai", "Jl. 2", 500.0, "used")},
)


@given(st.lists(st.sampled_from(PlanStep), max_size=12))
def test_a_plan_is_never_carried_out_undecided_nor_decided_unconsulted(steps: list[PlanStep]) -> None:
    life, been = PlanLife.DRAFT, [PlanLife.DRAFT]
    for step in steps:
        following = rules.after(life, step)
        if following is not None:
            life = following
            been.append(life)
    for later, before in ((PlanLife.DECIDED, PlanLife.CONSULTED), (PlanLife.CARRIED_OUT, PlanLife.DECIDED)):
        assert later not in been or been[been.index(later) - 1] is before


def test_over_is_over_and_every_stage_is_reached() -> None:
    assert not [move for move in MOVES if move[0] in (PlanLife.CARRIED_OUT, PlanLife.WITHDRAWN, PlanLife.ANNOUNCED)]
    reached = {PlanLife.DRAFT, *MOVES.values()}
    assert {*LINE, PlanLife.WITHDRAWN} == reached == set(PlanLife) - {PlanLife.ANNOUNCED}  # others' plans begin there


def test_each_act_has_somebody_and_only_the_mayor_decides() -> None:
    assert set(WHO) == set(Act) and all(WHO.values())
    assert WHO[Act.DECIDE] == {Role.MAYOR}
    others = {Role.OFFICER, Role.COORDINATOR, Role.HELP_DESK, Role.MANAGER, Role.KEEPER, Role.KIOSK}
    assert not any(rules.may_act(others, act) for act in Act)


@pytest.mark.parametrize(
    ("reviewer", "roles", "author_roles", "trouble"),
    [
        (1, [Role.INSPECTORATE], [Role.PLANNER], "author"),
        (2, [Role.MAYOR], [Role.PLANNER], "role"),
        (2, [Role.INSPECTORATE], [Role.PLANNER, Role.INSPECTORATE], "own_study"),
        (2, [Role.INSPECTORATE], [Role.PLANNER], ""),
    ],
)
def test_who_may_review(reviewer: int, roles: list[Role], author_roles: list[Role], trouble: str) -> None:
    assert rules.reviewer_trouble(1, author_roles, reviewer, roles) == trouble


def test_cash_and_capacity_are_two_columns() -> None:
    said = Content((), (Term("listrik", 100, 40), Term("penjaga", 50, 20, capacity=True)), score=90, bound=81)
    assert (said.cash, said.capacity) == (60, 30)
    assert said.gap == pytest.approx(0.1)
    assert Content(()).gap is None


money = st.integers(-(10**12), 10**12)
contents = st.builds(
    Content,
    st.lists(
        st.builds(PlannedMove, st.text(max_size=5), st.text(max_size=5), st.text(max_size=5), st.dates()), max_size=3
    ).map(tuple),
    st.lists(st.builds(Term, st.text(max_size=5), money, money, st.booleans()), max_size=3).map(tuple),
    st.none() | money, st.none() | money, st.booleans(), st.none() | st.integers(0, 99),
)  # fmt: skip


@given(contents)
def test_a_frozen_content_comes_back_as_it_was(said: Content) -> None:
    assert Content.from_json(said.as_json()) == said
    assert rules.digest(said.as_json()) == rules.digest(Content.from_json(said.as_json()).as_json())


def test_what_changed_under_a_plan_is_named() -> None:
    now = Inventory(
        {"a": "balai", "c": "balai"},
        {"a": ("Dinas A", 35), "c": ("Dinas C", 5)},
        {"balai": ("Balai", "Jl. 2", 450.0, "idle"), "baru": ("Baru", "", 10.0, "used")},
    )
    found = {(one.what, one.code): (one.before, one.now) for one in rules.changes(TOWN, now)}
    assert found == {
        ("headcount", "a"): ("30", "35"), ("place", "a"): ("lama", "balai"), ("unit", "b"): ("Dinas B", ""),
        ("unit", "c"): ("", "Dinas C"), ("area", "balai"): ("500", "450"), ("use", "balai"): ("used", "idle"),
        ("building", "baru"): ("", "Baru"), ("building", "lama"): ("Lama", ""),
    }  # fmt: skip
    assert rules.changes(TOWN, Inventory.from_json(TOWN.as_json())) == []


def test_a_move_that_does_not_hold_together_is_named() -> None:
    moves = [
        PlannedMove("a", "lama", "balai", DAY), PlannedMove("a", "lama", "balai", DAY),
        PlannedMove("x", "lama", "balai", DAY), PlannedMove("b", "lama", "gua", DAY),
    ]  # fmt: skip
    assert rules.faults_of(moves, TOWN) == [("twice", "a"), ("unit", "x"), ("origin", "b"), ("building", "gua")]
    assert rules.faults_of([PlannedMove("b", "balai", "balai", DAY)], TOWN) == [("stays", "b")]
    assert rules.faults_of([], TOWN) == [("none", "")]


@pytest.mark.parametrize("text", ["NIK 1671014105900001", "0812-3456-7890", "+62 812 3456 789", "a.b@contoh.id"])
def test_a_comment_that_names_somebody_is_seen(text: str) -> None:
    assert rules.names_someone(f"Setuju, hubungi {text} saja")


@pytest.mark.parametrize("text", ["Rp10.000.000.000 itu dari mana?", "Tahun 2026, 18 kecamatan", "Jl. Merdeka No. 10"])
def test_money_years_and_addresses_name_nobody(text: str) -> None:
    assert not rules.names_someone(text)


@given(st.sets(st.sampled_from(Check)))
def test_missing_papers_are_the_others_in_their_order(there: set[Check]) -> None:
    missing = rules.papers_missing(there)
    assert set(missing) | there == set(Check) and not set(missing) & there
    assert missing == sorted(missing, key=list(Check).index)
    assert rules.waits_for_handover(Check.USE, there) is (Check.HANDOVER not in there)
    assert not rules.waits_for_handover(Check.DECREE, there)


def test_codes_live_in_an_address_for_ever() -> None:
    assert rules.code_fits("palembang-2026-a")
    assert not any(rules.code_fits(code) for code in ("", "ab", "-ab", "Abc", "a b", "a/b", "x" * 41, "abc-"))
