"""Accounts and roles as a manager gives and ends them."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.test import Client

from satuatap.features.people.models import Account, RoleGrant

pytestmark = pytest.mark.django_db(transaction=True)
SECRET = re.compile(r'id="secret">([a-z0-9-]+)<')


def test_an_account_its_password_once_a_role_and_its_end(city, post):
    key = uuid4()
    made = post("/pengelolaan/orang", key=key, username="rina", display_name="Rina Wati")
    password = SECRET.search(made.content.decode())[1]
    account = Account.objects.get(username="rina")
    assert (made.status_code, account.must_change_password) == (200, True)
    assert "no-store" in made["Cache-Control"]
    assert account.check_password(password)
    page = f"/pengelolaan/orang/{account.pk}"
    assert password not in city.client("manager").get(page).content.decode()

    again = post("/pengelolaan/orang", key=key, username="rina", display_name="Rina Wati")
    assert again.status_code == 200
    assert not SECRET.search(again.content.decode())
    assert Account.objects.filter(username="rina").count() == 1
    account.refresh_from_db()
    assert account.check_password(password), "the second press changed the password"

    key = uuid4()
    for _press in range(2):
        given = post(f"{page}/peran", key=key, role="officer", booth=city.booth)
        assert (given.status_code, given["Location"]) == (303, page)
    grant = RoleGrant.objects.get(account=account)
    assert (grant.role, grant.mall_id, grant.booth_id) == ("officer", city.mall, city.booth)
    assert "KTP-el" in city.client("manager").get(page).content.decode()

    her = Client()
    signed = her.post("/masuk", {"login": "rina", "password": password})
    assert signed["Location"] == "/masuk/tujuan"
    assert her.get("/loket").status_code == 303, "she chooses a password of her own first"

    assert post(f"{page}/peran/{grant.pk}/akhiri").status_code == 303
    assert "diakhiri" in city.client("manager").get(page).content.decode()
    assert her.get("/pengelolaan").status_code in (303, 403)


def test_a_role_that_cannot_be_is_refused_with_one_sentence(city, refused):
    page = f"/pengelolaan/orang/{city.accounts['officer'].pk}/peran"
    refused(page, 422, "place_does_not_fit", role="officer")
    refused(page, 422, "place_does_not_fit", role="officer", booth=city.foreign_booth)
    refused(page, 400, "bad_number", role="officer", booth="satu")
    refused(page, 422, "no_such_role", role="raja")
    refused(page, 403, "not_in_your_mall", role="keeper")
    refused(page, 400, "bad_date", role="help_desk", until="31/12/2027")
    refused(page, 422, "times_do_not_fit", role="help_desk", **{"from": "2027-02-01", "until": "2027-01-01"})
    refused(page, 400, "bad_key", role="help_desk", key="tanpa-kunci")


def test_a_bad_or_taken_name_makes_no_account(refused):
    refused("/pengelolaan/orang", 422, "username_not_fit", username="R W", display_name="Rina")
    refused("/pengelolaan/orang", 409, "username_taken", username="budi", display_name="Budi lain")


def test_blocked_and_opened_again(city, post):
    made = post("/pengelolaan/orang", username="dodi", display_name="Dodi")
    old = SECRET.search(made.content.decode())[1]
    account = Account.objects.get(username="dodi")
    page = f"/pengelolaan/orang/{account.pk}"
    assert post(f"{page}/blokir").status_code == 403, "without a role she is the keeper's"
    assert post(f"{page}/peran", role="help_desk").status_code == 303
    assert post(f"{page}/blokir").status_code == 303
    assert Client().post("/masuk", {"login": "dodi", "password": old}).status_code != 302
    opened = post(f"{page}/buka-blokir")
    fresh = SECRET.search(opened.content.decode())[1]
    account.refresh_from_db()
    assert fresh != old
    assert account.check_password(fresh)


def test_not_hers_to_keep(city, refused, post):
    officer, keeper = city.accounts["officer"].pk, city.accounts["keeper"].pk
    for step in ("blokir", "sandi", "peran"):
        refused(f"/pengelolaan/orang/{officer}/{step}", 403, "not_in_your_mall", who="elsewhere", role="help_desk")
    refused(f"/pengelolaan/orang/{keeper}/blokir", 403, "not_in_your_mall")
    assert city.client("elsewhere").get(f"/pengelolaan/orang/{officer}").status_code == 403
    names = city.client("elsewhere").get("/pengelolaan/orang").content.decode()
    assert "budi" not in names
    assert post("/pengelolaan/orang", who="officer", username="selundup").status_code == 403
    assert not Account.objects.filter(username="selundup").exists()


def test_accounts_are_found_by_name_role_and_booth(city):
    page = city.client("manager").get("/pengelolaan/orang", {"cari": "LOKET dukcapil"}).content.decode()
    assert ">loket1<" in page
    assert ">loket10<" not in page  # another booth
    none = city.client("manager").get("/pengelolaan/orang", {"cari": "tidak-ada"}).content.decode()
    assert "Tidak ada akun yang cocok" in none
