"""The actions of people on a real PostgreSQL: what they change, what they announce, what they refuse."""

from __future__ import annotations

import json
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from satuatap.features.journal.models import Entry
from satuatap.features.people import actions, queries
from satuatap.features.people import refusals as no
from satuatap.features.people.actions import AgencyRow, StaffRow
from satuatap.features.people.models import Account, Agency, RoleGrant
from satuatap.features.people.personal import PERSONAL_FIELDS
from satuatap.features.people.states import AccountLife, Limits, Role
from tests.factories.people import BY, PASSWORD, give, make_account, make_agency

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 24)


def kinds() -> list[str]:
    return list(Entry.objects.order_by("id").values_list("kind", flat=True))


def agency(code: str, **values: object) -> AgencyRow:
    return AgencyRow(**{"code": code, "name": code.title(), "kind": "opd"} | values)  # type: ignore[arg-type]


class TestAgencies:
    def test_a_second_reading_says_what_changed_and_an_equal_one_says_nothing(self):
        rows = [agency("uptd-pasar", kind="uptd", parent="dinas"), agency("dinas"), agency("polri", kind="vertical")]
        first = actions.put_agencies(by=BY, rows=rows)
        assert (sorted(first.added), first.changed, first.removed) == (["dinas", "polri", "uptd-pasar"], [], [])
        assert queries.agency("uptd-pasar").parent.code == "dinas"
        assert not actions.put_agencies(by=BY, rows=rows)
        assert kinds() == ["agencies_put"]

        second = actions.put_agencies(by=BY, rows=[agency("dinas", phone="0711"), agency("uptd-pasar", kind="uptd")])
        assert (second.added, sorted(second.changed), second.removed) == ([], ["dinas", "uptd-pasar"], ["polri"])
        assert queries.agency("uptd-pasar").parent is None
        assert [row.code for row in queries.agencies()] == ["dinas", "uptd-pasar"]
        assert Agency.objects.filter(code="polri", listed=False).exists()

        third = actions.put_agencies(by=BY, rows=rows)
        assert "polri" in third.changed
        assert queries.agency("polri").listed

    def test_a_parent_that_is_not_in_the_sheet_is_refused_and_nothing_stays(self):
        with pytest.raises(no.NoSuchAgency):
            actions.put_agencies(by=BY, rows=[agency("satu"), agency("dua", parent="tiada")])
        assert not Agency.objects.exists()
        assert not Entry.objects.exists()

    def test_the_table_knows_the_kinds(self):
        with pytest.raises(IntegrityError), transaction.atomic():
            Agency.objects.create(code="x", name="X", kind="warung")


class TestStaff:
    def rows(self) -> list[StaffRow]:
        make_agency("dukcapil")
        return [
            StaffRow("sari", Role.OFFICER, "Sari", "dukcapil", 1, 1, PASSWORD, own_password=True),
            StaffRow("sari", Role.COORDINATOR, "Sari", "dukcapil", 1, 1),
            StaffRow("budi", Role.MANAGER, "Budi", mall=1, password=PASSWORD),
        ]

    def test_the_sheet_opens_accounts_once_and_leaves_passwords_alone(self):
        rows = self.rows()
        change = actions.put_staff(by=BY, rows=rows, on=TODAY)
        assert (sorted(change.added), change.changed, change.removed) == (["budi", "sari"], [], [])
        sari, budi = (queries.account_by_username(name) for name in ("sari", "budi"))
        assert (sari.life, budi.life) == (AccountLife.ACTIVE, AccountLife.INVITED)
        assert {grant.role for grant in queries.grants_of(sari, TODAY)} == {Role.OFFICER, Role.COORDINATOR}

        hash_before = sari.password
        other = StaffRow("sari", Role.OFFICER, "Sari", "dukcapil", 1, 1, "other-password-99")
        again = actions.put_staff(by=BY, rows=[other, *rows[1:]], on=TODAY)
        assert not again
        sari.refresh_from_db()
        assert sari.password == hash_before

    def test_what_the_sheet_gave_ends_with_it_and_what_people_gave_stays(self):
        rows = self.rows()
        actions.put_staff(by=BY, rows=rows, on=TODAY)
        sari = queries.account_by_username("sari")
        by_keeper = type(BY).account(99)
        actions.grant_role(by=by_keeper, account=sari.pk, role=Role.HELP_DESK,
                           limits=Limits(mall=1, valid_from=TODAY))  # fmt: skip

        change = actions.put_staff(by=BY, rows=rows[:1], on=TODAY)
        assert (change.added, change.changed, change.removed) == ([], ["sari"], ["budi"])
        assert {grant.role for grant in queries.grants_of(sari, TODAY)} == {Role.OFFICER, Role.HELP_DESK}
        assert queries.grants_of(queries.account_by_username("budi"), TODAY) == ()
        assert not actions.put_staff(by=BY, rows=rows[:1], on=TODAY)

    def test_one_bad_row_undoes_the_whole_sheet(self):
        rows = [*self.rows(), StaffRow("joko", Role.OFFICER, "Joko", None, 1, None, PASSWORD)]
        with pytest.raises(no.PlaceDoesNotFit):
            actions.put_staff(by=BY, rows=rows, on=TODAY)
        assert not Account.objects.exists()
        assert not Entry.objects.exists()


class TestAccounts:
    @pytest.mark.parametrize("name", ["", "ab", "Sari Putri", "a" * 61, ".titik", "naïf", "x\x00yz", "-a-b"])
    def test_a_username_that_does_not_fit_is_refused(self, name):
        with pytest.raises(no.UsernameNotFit):
            actions.open_account(by=BY, username=name, password=PASSWORD)

    def test_a_username_is_one_whatever_its_case(self):
        actions.open_account(by=BY, username="Sari", password=PASSWORD)
        with pytest.raises(no.UsernameTaken):
            actions.open_account(by=BY, username="sari", password=PASSWORD)
        assert queries.account_by_username(" SARI ").username == "sari"
        with pytest.raises(IntegrityError), transaction.atomic():
            Account.objects.filter(username="sari").update(username="SARI")

    @pytest.mark.parametrize("password", ["short-1", "password123", "1234567890", ""])
    def test_a_weak_password_is_refused(self, password):
        account = make_account("budi")
        with pytest.raises(no.PasswordTooWeak):
            actions.set_password(by=BY, account=account.pk, password=password)
        account.refresh_from_db()
        assert account.check_password(PASSWORD)

    def test_a_reset_password_waits_to_be_replaced(self):
        account = make_account()
        before = account.get_session_auth_hash()
        actions.set_password(by=BY, account=account.pk, password="empat-lima-enam-99")
        account.refresh_from_db()
        assert account.must_change_password
        assert account.get_session_auth_hash() != before
        actions.choose_password(by=BY, account=account.pk, password="tujuh-delapan-100")
        account.refresh_from_db()
        assert not account.must_change_password

    def test_blocking_ends_every_session_even_after_unblocking(self):
        account = make_account("budi", Role.OFFICER)
        before = account.get_session_auth_hash()
        actions.block_account(by=BY, account=account.pk, on=TODAY)
        account.refresh_from_db()
        assert not account.is_active
        assert queries.grants_of(account, TODAY) == ()
        with pytest.raises(no.NotInThisState):
            actions.block_account(by=BY, account=account.pk, on=TODAY)
        actions.unblock_account(by=BY, account=account.pk, password="empat-lima-enam-99")
        account.refresh_from_db()
        assert account.must_change_password
        assert account.get_session_auth_hash() != before
        assert queries.grants_of(account, TODAY) != ()

    def test_the_last_keeper_stays(self):
        first, second = make_account("satu", Role.KEEPER), make_account("dua", Role.KEEPER)
        actions.block_account(by=BY, account=first.pk, on=TODAY)
        grant = RoleGrant.objects.get(account=second)
        for leave in (
            lambda: actions.block_account(by=BY, account=second.pk, on=TODAY),
            lambda: actions.end_grant(by=BY, grant=grant.pk, on=TODAY),
        ):
            with pytest.raises(no.LastKeeper):
                leave()
        third = make_account("tiga")
        give(third, Role.KEEPER)
        actions.end_grant(by=BY, grant=grant.pk, on=TODAY)
        assert not queries.may(second, Role.KEEPER, on=TODAY)

    def test_a_keeper_whose_time_is_over_does_not_count(self):
        now_keeper = make_account("satu", Role.KEEPER)
        make_account("dua", Role.KEEPER, valid_until=TODAY - timedelta(days=1))
        with pytest.raises(no.LastKeeper):
            actions.block_account(by=BY, account=now_keeper.pk, on=TODAY)

    def test_an_account_that_is_not_there(self):
        for act in (
            lambda: actions.block_account(by=BY, account=404, on=TODAY),
            lambda: actions.set_password(by=BY, account=404, password=PASSWORD),
            lambda: actions.change_own_language(by=BY, account=404, language="en"),
        ):
            with pytest.raises(no.NoSuchAccount):
                act()

    def test_language(self):
        account = make_account()
        actions.change_own_language(by=BY, account=account.pk, language="en")
        actions.change_own_language(by=BY, account=account.pk, language="en")
        assert kinds().count("language_chosen") == 1
        with pytest.raises(no.UnknownLanguage):
            actions.change_own_language(by=BY, account=account.pk, language="jv")


class TestGrants:
    def test_the_same_grant_twice_is_one(self):
        account = make_account("budi", Role.OFFICER)
        assert give(account, Role.OFFICER).pk == give(account, Role.OFFICER).pk
        assert kinds().count("role_granted") == 1

    def test_place_and_time_are_kept_by_the_table_too(self):
        account = make_account("budi")
        make_agency()
        with pytest.raises(no.PlaceDoesNotFit):
            actions.grant_role(by=BY, account=account.pk, role=Role.OFFICER,
                               limits=Limits(mall=1, valid_from=TODAY))  # fmt: skip
        yesterday = TODAY - timedelta(days=1)
        with pytest.raises(no.TimesDoNotFit):
            actions.grant_role(by=BY, account=account.pk, role=Role.MANAGER,
                               limits=Limits(mall=1, valid_from=TODAY, valid_until=yesterday))  # fmt: skip
        for values in (
            {"role": "officer", "mall_id": 1},
            {"role": "keeper", "mall_id": 1},
            {"role": "manager"},
            {"role": "emperor"},
            {"role": "manager", "mall_id": 1, "valid_until": TODAY - timedelta(days=1)},
        ):
            with pytest.raises(IntegrityError), transaction.atomic():
                RoleGrant.objects.create(account=account, **{"valid_from": TODAY, "given_by": "x"} | values)

    def test_sql_and_rule_agree_on_the_days(self):
        account = make_account("budi", Role.OFFICER, valid_from=TODAY, valid_until=TODAY + timedelta(days=2))
        counts = [
            queries.may(account, Role.OFFICER, mall=1, booth=1, on=TODAY + timedelta(days=day)) for day in range(-1, 4)
        ]
        assert counts == [False, True, True, True, False]

    def test_other_mall_other_booth_other_role(self):
        account = make_account("budi", Role.OFFICER, mall=1, booth=5)
        assert queries.may(account, Role.OFFICER, mall=1, booth=5, on=TODAY)
        assert not queries.may(account, Role.OFFICER, mall=2, booth=5, on=TODAY)
        assert not queries.may(account, Role.OFFICER, mall=1, booth=6, on=TODAY)
        assert not queries.may(account, Role.COORDINATOR, mall=1, booth=5, on=TODAY)

    def test_each_grant_counts_by_the_day_of_its_own_mall(self):
        account = make_account("budi", Role.MANAGER, mall=2, valid_from=TODAY, valid_until=TODAY)
        behind, ahead = TODAY, TODAY + timedelta(days=1)
        assert queries.grants_of_days(account, {1: ahead, 2: behind}, otherwise=ahead) != ()
        assert queries.grants_of_days(account, {1: behind, 2: ahead}, otherwise=behind) == ()

    def test_an_ended_grant_is_over_and_cannot_end_twice(self):
        account = make_account("budi", Role.OFFICER)
        grant = queries.grants_of(account, TODAY)[0].id
        actions.end_grant(by=BY, grant=grant, on=TODAY)
        assert queries.grants_of(account, TODAY) == ()
        with pytest.raises(no.NoSuchGrant):
            actions.end_grant(by=BY, grant=grant, on=TODAY)
        assert give(account, Role.OFFICER).pk != grant


class TestForgetting:
    def test_personal_fields_are_erased_and_found_nowhere(self):
        account = make_account("sulastri.handayani", Role.OFFICER)
        Account.objects.filter(pk=account.pk).update(display_name="Sulastri Handayani")
        with pytest.raises(no.NotInThisState):
            actions.forget_account(by=BY, account=account.pk)
        actions.block_account(by=BY, account=account.pk, on=TODAY)
        kept = max(field.end.days for field in PERSONAL_FIELDS)
        assert queries.accounts_to_forget(TODAY + timedelta(days=kept)) == []
        assert queries.accounts_to_forget(TODAY + timedelta(days=kept + 1)) == [account.pk]
        actions.forget_account(by=BY, account=account.pk)
        assert queries.accounts_to_forget(TODAY + timedelta(days=kept + 1)) == []
        assert find_everywhere("sulastri") == []
        assert find_everywhere("handayani") == []

    def test_the_journal_never_names_anybody(self):
        make_account("kepala.sistem", Role.KEEPER)
        account = make_account("sulastri.handayani", Role.OFFICER)
        actions.set_password(by=BY, account=account.pk, password="empat-lima-enam-99")
        actions.put_staff(by=BY, rows=[StaffRow("rahmawati", Role.KEEPER, "Rahmawati", password=PASSWORD)], on=TODAY)
        actions.block_account(by=BY, account=account.pk, on=TODAY)
        said = json.dumps([*Entry.objects.values("who", "kind", "fact")], default=str).lower()
        assert Entry.objects.count() > 5
        for name in ("sulastri", "handayani", "kepala", "rahmawati", "empat-lima"):
            assert name not in said


def find_everywhere(word: str) -> list[str]:
    """The tables that still hold the word, in any column."""
    with connection.cursor() as cursor:
        found = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'select count(*) from "{table}" t where t::text ilike %s', [f"%{word}%"])
            if cursor.fetchone()[0]:
                found.append(table)
    return found


class TestRepeatedRequests:
    """A double press with one key is one action."""

    def test_each_action_of_the_office_once(self):
        keys = [uuid4() for _ in range(5)]
        make_account("kepala", Role.KEEPER)
        first = actions.open_account(by=BY, username="sari", password=PASSWORD, request=keys[0])
        assert actions.open_account(by=BY, username="sari", password=PASSWORD, request=keys[0]).pk == first.pk
        values = {
            "by": BY,
            "account": first.pk,
            "role": Role.MANAGER,
            "limits": Limits(mall=1, valid_from=TODAY),
            "request": keys[1],
        }
        grant = actions.grant_role(**values)
        assert actions.grant_role(**values).pk == grant.pk
        assert actions.set_password(by=BY, account=first.pk, password="empat-lima-enam-99", request=keys[2])
        assert not actions.set_password(by=BY, account=first.pk, password="tujuh-delapan-99", request=keys[2])
        first.refresh_from_db()
        assert first.check_password("empat-lima-enam-99")
        for _ in range(2):
            actions.end_grant(by=BY, grant=grant.pk, on=TODAY, request=keys[3])
            actions.block_account(by=BY, account=first.pk, on=TODAY, request=keys[4])
        assert [kinds().count(kind) for kind in ("account_opened", "role_granted", "password_set", "grant_ended")] == [
            2, 2, 1, 1,
        ]  # fmt: skip
