"""Roles with limits in place and time, and the life of an account, as properties."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from satuatap.features.people import rules
from satuatap.features.people.rules import Grant
from satuatap.features.people.states import MOVES, PLACE_OF_ROLE, SIGNS_IN, AccountLife, AccountMove, Place, Role

days = st.dates(date(2020, 1, 1), date(2030, 12, 31))
roles = st.sampled_from(Role)
places = st.one_of(st.none(), st.integers(1, 3))


@given(roles, places, places, roles, st.integers(1, 3), st.integers(1, 3))
def test_a_grant_never_reaches_another_role_mall_or_booth(role, mall, booth, asked, at_mall, at_booth):
    grant = Grant(role, mall_id=mall, booth_id=booth)
    allowed = rules.covers(grant, asked, at_mall, at_booth)
    assert allowed == (role == asked and mall in (None, at_mall) and booth in (None, at_booth))


@given(days, st.one_of(st.none(), days), days)
def test_a_grant_counts_from_its_first_to_its_last_day(start, end, on):
    inside = start <= on and (end is None or on <= end)
    assert rules.in_force(start, end, False, on) == inside
    assert not rules.in_force(start, end, True, on)


def test_the_last_day_counts_and_the_day_after_does_not():
    last = date(2026, 11, 24)
    assert rules.in_force(last, last, False, last)
    assert not rules.in_force(last, last, False, last + timedelta(days=1))
    assert not rules.in_force(last, last, False, last - timedelta(days=1))


@given(roles, st.one_of(st.none(), st.just(1)), st.one_of(st.none(), st.just(1)), st.one_of(st.none(), st.just(1)))
def test_a_role_takes_exactly_its_limits(role, agency, mall, booth):
    fits = rules.place_fits(role, agency, mall, booth)
    match PLACE_OF_ROLE[role]:
        case Place.BOOTH:
            assert fits == (agency is not None and mall is not None and booth is not None)
        case Place.MALL:
            assert fits == (mall is not None and booth is None)
        case Place.CITY:
            assert fits == (mall is None and booth is None)


@given(roles, st.integers(1, 3), st.integers(1, 3))
def test_a_manager_gives_only_the_roles_of_her_own_hall(role, own, other):
    manager = [Grant(Role.MANAGER, mall_id=own)]
    may = rules.may_grant(manager, role, other)
    assert may == (own == other and role in {Role.OFFICER, Role.COORDINATOR, Role.HELP_DESK})
    assert not rules.may_grant([Grant(Role.OFFICER, 1, own, 1)], role, other)
    assert rules.may_grant([Grant(Role.KEEPER)], role, other)


@given(st.lists(st.sampled_from(AccountMove), max_size=12))
def test_no_walk_through_the_moves_leaves_the_table(moves):
    life = AccountLife.INVITED
    for move in moves:
        following = rules.after(life, move)
        assert (following is None) == ((life, move) not in MOVES)
        life = following or life
        if life is AccountLife.FORGOTTEN:
            assert all(rules.after(life, later) is None for later in AccountMove)


def test_whoever_is_unblocked_or_reset_must_choose_a_new_password():
    assert rules.after(AccountLife.BLOCKED, AccountMove.UNBLOCK) is AccountLife.INVITED
    assert rules.after(AccountLife.ACTIVE, AccountMove.RESET_PASSWORD) is AccountLife.INVITED
    assert AccountLife.BLOCKED not in SIGNS_IN
    assert AccountLife.FORGOTTEN not in SIGNS_IN


def test_a_manager_keeps_only_accounts_that_are_wholly_of_her_mall():
    manager = [Grant(Role.MANAGER, mall_id=1)]
    officer, elsewhere = Grant(Role.OFFICER, 1, 1, 1), Grant(Role.OFFICER, 1, 2, 1)
    assert rules.may_keep(manager, [officer])
    assert not rules.may_keep(manager, [officer, elsewhere])
    assert not rules.may_keep(manager, [officer, Grant(Role.KEEPER)])
    assert not rules.may_keep(manager, [Grant(Role.MANAGER, mall_id=1)])
    assert not rules.may_keep(manager, [])
    assert rules.may_keep([Grant(Role.KEEPER)], [])
