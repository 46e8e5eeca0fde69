"""Devices and their links; how a session was opened; sessions that end with something else that is done."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest

from satuatap.features.journal.models import Entry
from satuatap.features.journal.refusals import KeyUsedOtherwise
from satuatap.features.people import actions, queries
from satuatap.features.people import refusals as no
from satuatap.features.people.actions import Opening
from satuatap.features.people.models import Account
from satuatap.features.people.states import AccountLife, Factor, How, Role, WhyEnded
from tests.factories.people import BY, give, make_account

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 24)


def kinds() -> list[str]:
    return list(Entry.objects.order_by("id").values_list("kind", flat=True))


def sit(account: Account, how: How = How.PASSWORD, factor: Factor | None = None) -> str:
    """A session of the account; its key."""
    key = uuid4().hex
    opening = Opening(session_key=key, how=how, factor=factor)
    actions.open_session(account=account.pk, opening=opening, now=datetime.now(UTC), today=TODAY)
    return key


def ended() -> dict[str, object]:
    return dict(Entry.objects.filter(kind="sessions_ended").latest("pk").fact)


class TestDevices:
    def test_a_secret_works_once_given_until_the_next(self):
        kiosk = make_account("anjungan1", Role.KIOSK)
        first = actions.give_device_secret(by=BY, account=kiosk.pk)
        assert queries.account_by_device_secret(first) == kiosk
        second = actions.give_device_secret(by=BY, account=kiosk.pk)
        assert queries.account_by_device_secret(first) is None
        assert queries.account_by_device_secret(second) == kiosk
        kiosk.refresh_from_db()
        assert second not in kiosk.device_digest
        actions.block_account(by=BY, account=kiosk.pk, on=TODAY)
        assert queries.account_by_device_secret(second) is None

    def test_one_press_gives_one_link_and_ends_its_sessions_at_once(self):
        kiosk, key = make_account("anjungan1", Role.KIOSK), uuid4()
        sit(kiosk, How.LINK)
        before = kiosk.get_session_auth_hash()
        link = actions.give_device_secret(by=BY, account=kiosk.pk, request=key)
        assert link and actions.give_device_secret(by=BY, account=kiosk.pk, request=key) == ""
        assert queries.account_by_device_secret(link) == kiosk, "the second press changed the link"
        kiosk.refresh_from_db()
        assert kiosk.get_session_auth_hash() != before and not queries.sessions_of(kiosk.pk)
        assert not kiosk.has_usable_password() and kiosk.life == AccountLife.ACTIVE
        assert kinds().count("device_secret_given") == 1
        assert ended() == {"account": kiosk.pk, "why": "new_link", "sessions": 1}
        with pytest.raises(KeyUsedOtherwise):
            actions.give_device_secret(by=BY, account=make_account("anjungan2", Role.KIOSK).pk, request=key)

    def test_a_device_with_a_link_is_given_no_persons_role(self):
        kiosk = make_account("anjungan1", Role.KIOSK)
        actions.give_device_secret(by=BY, account=kiosk.pk)
        for role in (Role.OFFICER, Role.MANAGER, Role.KEEPER):
            with pytest.raises(no.OnlyADevice):
                give(kiosk, role)
        assert give(kiosk, Role.KIOSK, mall=2).pk
        assert queries.is_device(kiosk.pk)

    def test_a_device_gets_no_password_and_is_unblocked_by_a_link(self):
        kiosk, key = make_account("anjungan1", Role.KIOSK), uuid4()
        link = actions.give_device_secret(by=BY, account=kiosk.pk)
        with pytest.raises(no.IsADevice):
            actions.set_password(by=BY, account=kiosk.pk, password="empat-lima-enam-99")
        assert queries.account_by_device_secret(link) == kiosk
        actions.block_account(by=BY, account=kiosk.pk, on=TODAY)
        with pytest.raises(no.IsADevice):
            actions.unblock_account(by=BY, account=kiosk.pk, password="empat-lima-enam-99")
        with pytest.raises(no.NotInThisState):
            actions.give_device_secret(by=BY, account=kiosk.pk)
        fresh = actions.unblock_device(by=BY, account=kiosk.pk, request=key)
        assert actions.unblock_device(by=BY, account=kiosk.pk, request=key) == ""
        assert queries.account_by_device_secret(fresh) == kiosk and queries.account_by_device_secret(link) is None
        assert kinds()[-2:] == ["account_unblocked", "device_secret_given"]
        with pytest.raises(no.NotADevice):
            actions.unblock_device(by=BY, account=make_account("budi", Role.OFFICER).pk)

    @pytest.mark.parametrize("secret", ["", "x", "\x00" * 43, "é" * 43, "a" * 43, "a" * 10_000])
    def test_a_wrong_secret_is_nobody(self, secret):
        make_account("anjungan1", Role.KIOSK)
        assert queries.account_by_device_secret(secret) is None

    def test_a_person_never_gets_a_device_link(self):
        for account in (make_account("budi", Role.OFFICER), make_account("tanpa")):
            with pytest.raises(no.NotADevice):
                actions.give_device_secret(by=BY, account=account.pk)
        both = make_account("dua", Role.KIOSK)
        give(both, Role.MANAGER)
        with pytest.raises(no.NotADevice):
            actions.give_device_secret(by=BY, account=both.pk)


class TestSessionsThatEndWithSomethingElse:
    @pytest.mark.parametrize(
        ("why", "act"),
        [
            ("factors_reset", lambda number: actions.reset_factors(by=BY, account=number)),
            ("blocked", lambda number: actions.block_account(by=BY, account=number, on=TODAY)),
            ("password_set", lambda number: actions.set_password(by=BY, account=number, password="empat-lima-99")),
        ],
    )
    def test_each_has_its_line(self, why, act):
        account, other = make_account("budi", Role.OFFICER), make_account("sari", Role.OFFICER)
        for one in (account, account, other):
            sit(one)
        act(account.pk)
        assert not queries.sessions_of(account.pk) and len(queries.sessions_of(other.pk)) == 1
        assert ended() == {"account": account.pk, "why": why, "sessions": 2}

    def test_where_nobody_was_signed_in_nothing_ended(self):
        actions.reset_factors(by=BY, account=make_account("budi").pk)
        assert "sessions_ended" not in kinds()

    def test_the_own_new_password_ends_the_others_only(self):
        account = make_account("budi")
        here, _there = sit(account), sit(account)
        actions.move_session(account=account.pk, before=here, after="a" * 32, why=WhyEnded.PASSWORD)
        assert [one.session_key for one in queries.sessions_of(account.pk)] == ["a" * 32]
        assert ended() == {"account": account.pk, "why": "password_set", "sessions": 1}


class TestHowASessionWasOpened:
    @pytest.mark.parametrize(
        ("how", "factor", "said"),
        [
            (How.PASSWORD, None, "Kata sandi"), (How.PASSWORD, Factor.TOTP, "Kata sandi dengan aplikasi kode"),
            (How.PASSWORD, Factor.RECOVERY, "Kata sandi dengan kode cadangan"),
            (How.PASSWORD, Factor.PASSKEY, "Kata sandi dengan kunci sandi"), (How.PASSKEY, None, "Kunci sandi"),
            (How.CITY, Factor.TOTP, "Masuk kota dengan aplikasi kode"), (How.PIN, None, "PIN di komputer bersama"),
            (How.LINK, None, "Tautan perangkat"),
        ],
    )  # fmt: skip
    def test_is_told_whole(self, how, factor, said):
        account = make_account("budi")
        sit(account, how, factor)
        assert [one.how_name for one in queries.sessions_of(account.pk)] == [said]
        assert queries.held_about_account("budi")["sessions"][0]["factor"] == (factor.value if factor else None)
