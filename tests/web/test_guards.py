"""Who may open what: every limit of a role, seen through a real request."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from satuatap.features.people import actions
from satuatap.features.people.models import Account
from satuatap.features.people.states import AccountLife, Role
from satuatap.web import identity
from satuatap.web.guards import front_identity
from tests.factories.people import BY, PASSWORD, give, make_account, yesterday

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.web.probe_urls")]

SOON = date.today() + timedelta(days=2)


def signed_in(account: Account) -> Client:
    client = Client()
    answer = client.post("/masuk", {"login": account.username, "password": PASSWORD})
    assert answer.status_code == 303, answer.content
    return client


def session_key(client: Client) -> str:
    return client.session.session_key or ""


def test_silence_is_refused(client, caplog):
    answer = client.get("/bocor")
    assert answer.status_code == 403
    assert "isi rahasia" not in answer.content.decode()
    assert "without a guard" in caplog.text


def test_anonymous_is_sent_to_sign_in_and_comes_back(client):
    answer = client.get("/manajer?hari=2026-11-24&x=1")
    assert (answer.status_code, answer["Location"]) == (303, "/masuk?next=%2Fmanajer%3Fhari%3D2026-11-24%26x%3D1")
    assert client.post("/manajer")["Location"] == "/masuk"
    make_account("budi", Role.MANAGER)
    back = client.post("/masuk?next=%2Fmanajer%3Fx%3D1", {"login": "budi", "password": PASSWORD})
    assert (back.status_code, back["Location"]) == (303, "/manajer?x=1")


def test_anonymous_script_gets_a_sentence_not_a_page(client):
    answer = client.get("/manajer", HTTP_ACCEPT="application/json")
    assert (answer.status_code, answer.json()["code"]) == (401, "sign_in")
    assert client.get("/manajer", HTTP_HX_REQUEST="true").status_code == 401


def test_the_wrong_role_reads_who_may():
    client = signed_in(make_account("sari", Role.OFFICER))
    answer = client.get("/manajer")
    assert answer.status_code == 403
    assert "Manajer MPP, Pengelola sistem" in answer.content.decode()
    assert signed_in(make_account("budi", Role.KEEPER)).get("/manajer").status_code == 200


def test_an_expired_or_future_or_ended_grant_opens_nothing():
    old = make_account("lama", Role.MANAGER, valid_until=yesterday() - timedelta(days=1))
    new = make_account("nanti", Role.MANAGER, valid_from=SOON)
    gone = make_account("usai", Role.MANAGER)
    client = signed_in(gone)
    assert client.get("/manajer").status_code == 200
    actions.end_grant(by=BY, grant=gone.grants.get().pk, on=date.today())
    assert client.get("/manajer").status_code == 403
    for account in (old, new):
        assert signed_in(account).get("/manajer").status_code == 403


def test_another_mall_or_booth_is_refused_with_its_own_sentence():
    client = signed_in(make_account("sari", Role.OFFICER, mall=1, booth=5))
    assert client.get("/meja/1/5").content == b"1 tempat"
    for address in ("/meja/1/6", "/meja/2/5", "/meja/2/6"):
        answer = client.get(address)
        assert answer.status_code == 403
        assert "di luar gerai" in answer.content.decode()


def test_a_blocked_account_is_out_at_its_next_request_and_stays_out_after_unblocking(monkeypatch):
    account = make_account("sari", Role.MANAGER)
    client = signed_in(account)
    key = session_key(client)
    assert front_identity(key).account_id == account.pk
    actions.block_account(by=BY, account=account.pk, on=date.today())
    assert client.get("/manajer")["Location"].startswith("/masuk")
    monkeypatch.setattr(identity, "clock", lambda: 10.0**9)  # the front's two seconds are over
    assert front_identity(key) is None
    actions.unblock_account(by=BY, account=account.pk, password="empat-lima-enam-99")
    monkeypatch.setattr(identity, "clock", lambda: 2 * 10.0**9)
    assert front_identity(key) is None
    assert client.get("/manajer").status_code == 303


def test_the_front_remembers_for_two_seconds_and_not_longer(monkeypatch, django_assert_num_queries):
    now = [1000.0]
    monkeypatch.setattr(identity, "clock", lambda: now[0])
    account = make_account("sari", Role.OFFICER)
    key = session_key(signed_in(account))
    first = front_identity(key)
    assert first.grants[0].booth_id == 1
    give(account, Role.MANAGER)
    now[0] += 1.9
    with django_assert_num_queries(0):
        assert front_identity(key) == first
    now[0] += 0.2
    assert {grant.role for grant in front_identity(key).grants} == {Role.OFFICER, Role.MANAGER}


def test_signing_out_is_seen_by_the_front_at_once():
    client = signed_in(make_account("sari", Role.OFFICER))
    key = session_key(client)
    assert front_identity(key) is not None
    assert client.post("/keluar").status_code == 303
    assert front_identity(key) is None
    assert not Session.objects.filter(session_key=key).exists()


def test_the_front_knows_no_forged_anonymous_or_expired_session(client):
    client.get("/masuk")
    for key in ("", "x", "a" * 32, "../../etc", "\x00" * 32, session_key(client)):
        assert front_identity(key) is None
    live = session_key(signed_in(make_account("sari", Role.OFFICER)))
    Session.objects.filter(session_key=live).update(expire_date=timezone.now() - timedelta(seconds=1))
    assert front_identity(live) is None


def test_a_session_without_the_right_seal_is_nobody():
    client = signed_in(make_account("sari", Role.OFFICER))
    session = client.session
    session["_auth_user_hash"] = "0" * 64
    session.save()
    assert front_identity(session.session_key) is None


def test_an_invited_account_replaces_its_password_before_anything_else():
    account = make_account("baru", Role.MANAGER)
    Account.objects.filter(pk=account.pk).update(life=AccountLife.INVITED)
    client = signed_in(account)
    key = session_key(client)
    assert client.get("/manajer")["Location"] == "/masuk/sandi"
    assert client.get("/masuk/tujuan")["Location"] == "/masuk/sandi"
    assert front_identity(key) is None
    wrong = client.post("/masuk/sandi", {"old": PASSWORD, "new": "password123", "again": "password123"})
    assert wrong.status_code == 422
    done = client.post("/masuk/sandi", {"old": PASSWORD, "new": "musi-baru-2026-x", "again": "musi-baru-2026-x"})
    assert (done.status_code, done["Location"]) == (303, "/masuk/tujuan")
    assert client.get("/manajer").status_code == 200
    assert front_identity(key) is None
    assert front_identity(session_key(client)) is not None
