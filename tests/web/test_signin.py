"""Signing in and out: what an attacker tries, and what an officer needs."""

from __future__ import annotations

from datetime import date, timedelta
from unittest.mock import patch

import pytest
from django.contrib.sessions.models import Session
from django.db.models.functions import Now
from django.test import Client

from satuatap.features.people import actions
from satuatap.features.people.models import Account, Try
from satuatap.features.people.states import Role
from satuatap.plumbing.passwords import SmallArgon2
from satuatap.web import locks
from tests.factories.people import BY, PASSWORD, give, make_account

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.web.probe_urls")]

WRONG = "Nama pengguna atau kata sandi tidak cocok"


def attempt(client: Client, name: str, password: str = PASSWORD, **extra: str):
    return client.post("/masuk", {"login": name, "password": password}, **extra)


@pytest.mark.parametrize(
    ("role", "place"),
    [
        (Role.OFFICER, "/loket"),
        (Role.COORDINATOR, "/loket"),
        (Role.HELP_DESK, "/bantuan"),
        (Role.MANAGER, "/pantauan"),
        (Role.KEEPER, "/pengelolaan"),
        (Role.KIOSK, "/anjungan"),
    ],
)
def test_each_role_lands_in_its_place(client, role, place):
    make_account("sari", role)
    assert attempt(client, "  SARI ")["Location"] == "/masuk/tujuan"
    landing = client.get("/masuk/tujuan")
    assert (landing.status_code, landing["Location"]) == (303, place)
    assert client.get("/masuk").status_code == 302


def test_an_account_without_a_role_reads_why(client):
    make_account("sari")
    attempt(client, "sari")
    assert client.get("/masuk/tujuan").status_code == 403


def test_the_hash_is_argon2id_of_modest_size(full_strength):
    account = make_account("sari")
    assert account.password.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
    assert SmallArgon2.memory_cost * 1024 < 20_000_000


def test_wrong_password_no_account_and_blocked_account_look_the_same(client):
    make_account("sari", Role.OFFICER)
    blocked = make_account("budi", Role.OFFICER)
    actions.block_account(by=BY, account=blocked.pk, on=date.today())
    pages = []
    for name, password in (("sari", "salah-salah-salah"), ("tiada", PASSWORD), ("budi", PASSWORD)):
        answer = attempt(client, name, password)
        assert answer.status_code == 422
        page = answer.content.decode()
        assert WRONG in page
        assert password not in page
        pages.append(page.replace(name, "NAMA"))
        assert "_auth_user_id" not in client.session
    bare = {strip_tokens(page) for page in pages}
    assert len(bare) == 1


def test_every_kind_of_wrong_try_hashes_once(client):
    """An account that does not exist costs as much time as one that does."""
    make_account("sari")
    for name in ("sari", "tiada"):
        with (
            patch.object(SmallArgon2, "encode", autospec=True, side_effect=SmallArgon2.encode) as encode,
            patch.object(SmallArgon2, "verify", autospec=True, side_effect=SmallArgon2.verify) as verify,
        ):
            attempt(client, name, "salah-salah-salah")
        assert encode.call_count + verify.call_count == 1, name


def test_five_wrong_tries_lock_this_name_from_this_address_only(client):
    make_account("sari", Role.OFFICER)
    make_account("budi", Role.OFFICER)
    for _ in range(5):
        assert attempt(client, "sari", "salah-salah-salah").status_code == 422
    locked = attempt(client, "sari")
    assert locked.status_code == 429
    assert 0 < int(locked["Retry-After"]) <= 301
    assert "Tunggu 5 menit" in locked.content.decode()
    assert "Manajer MPP" in locked.content.decode()
    assert attempt(Client(), "sari", REMOTE_ADDR="10.9.9.9").status_code == 303
    assert attempt(Client(), "budi").status_code == 303


def test_another_process_and_one_that_starts_again_count_with_it(client):
    """Nothing is counted in memory: whatever a fresh process knows of a lock, it reads from the table."""
    for _ in range(5):
        attempt(client, "sari", "salah-salah-salah")
    fresh = locks.Tries(**locks.FAILED.scopes)
    here, name, address = fresh.waits(locks.keys(" Sari", "127.0.0.1"))
    assert 0 < here <= 300 and (name, address) == (0, 0)
    assert fresh.take(locks.keys("sari", "127.0.0.1")) > 0
    assert fresh.take(locks.keys("sari", "10.0.0.1")) == 0


def test_the_table_of_tries_names_nobody_and_forgets_within_the_hour(client):
    attempt(client, "sandi-di-kolom-nama", "salah-salah-salah", REMOTE_ADDR="10.11.12.13")
    rows = list(Try.objects.order_by("pk").values("pk", "scope", "key", "owner"))
    assert [row["scope"] for row in rows] == ["here", "name", "address"]
    assert "sandi" not in str(rows) and "10.11" not in str(rows)
    Try.objects.filter(scope="name").update(at=Now() - timedelta(minutes=61))
    attempt(client, "lain", "salah-salah-salah")
    left = set(Try.objects.values_list("pk", flat=True))
    assert {row["pk"] for row in rows} - left == {rows[1]["pk"]}


def test_a_lock_is_lifted_for_its_holder_and_for_nobody_else(client):
    for name in ("sari", "budi"):
        for _ in range(5):
            attempt(client, name, "salah-salah-salah")
    sari = make_account("sari")
    budi = make_account("budi")
    assert locks.waits_of(sari.pk, "sari") > 0 and locks.waits_of(budi.pk, "budi") > 0
    locks.lift(sari.pk, "sari")
    assert locks.waits_of(sari.pk, "sari") == 0 and locks.waits_of(budi.pk, "budi") > 0
    assert attempt(Client(), "sari").status_code == 303 and attempt(Client(), "budi").status_code == 429


def test_a_name_that_does_not_exist_is_locked_just_the_same(client):
    for _ in range(5):
        assert attempt(client, "tiada").status_code == 422
    assert attempt(client, "tiada").status_code == 429


def test_many_addresses_against_one_name_are_stopped_too(client):
    make_account("sari")
    statuses = [attempt(client, "sari", "salah", REMOTE_ADDR=f"10.0.{n}.1").status_code for n in range(31)]
    assert statuses == [422] * 30 + [429]


def test_one_address_against_many_names_is_stopped_too(client):
    statuses = [attempt(client, f"tebakan{n}", "salah").status_code for n in range(61)]
    assert statuses == [422] * 60 + [429]


def test_a_whole_shift_signs_in_from_one_address():
    for number in range(40):
        make_account(f"petugas{number}", Role.OFFICER)
    assert {attempt(Client(), f"petugas{number}").status_code for number in range(40)} == {303}


def test_right_tries_do_not_wash_away_wrong_ones(client):
    make_account("sari")
    for _ in range(4):
        attempt(client, "sari", "salah-salah-salah")
    assert attempt(Client(), "sari").status_code == 303
    assert attempt(client, "sari", "salah-salah-salah").status_code == 422
    assert attempt(client, "sari").status_code == 429


def test_forged_forwarded_addresses_do_not_help(client):
    statuses = [attempt(client, "sari", "salah", HTTP_X_FORWARDED_FOR=f"1.2.3.{n}").status_code for n in range(6)]
    assert statuses[-1] == 429


@pytest.mark.parametrize(
    "target",
    [
        "https://jahat.example/",
        "//jahat.example/",
        "/\\jahat.example",
        "\\\\jahat.example",
        "https:jahat.example",
        "javascript:alert(1)",
        " //jahat.example",
        "/%0d%0aSet-Cookie:x=1/../..//jahat.example\\",
        "///jahat.example",
        "http://testserver.jahat.example/",
        "\t//jahat.example",
    ],
)
def test_next_never_leaves_the_site(client, target):
    make_account("sari", Role.OFFICER)
    answer = client.post("/masuk", {"login": "sari", "password": PASSWORD, "next": target})
    assert (answer.status_code, answer["Location"]) == (303, "/masuk/tujuan")
    switched = client.post("/bahasa", {"language": "en", "next": target})
    assert switched["Location"] == "/"


def test_a_planted_session_is_not_the_signed_in_one(client):
    """Session fixation: the key known before signing in is worth nothing after it."""
    make_account("sari", Role.OFFICER)
    client.get("/masuk")
    session = client.session
    session["planted"] = "1"
    session.save()
    planted = session.session_key
    client.cookies["satuatap_session"] = planted
    attempt(client, "sari")
    assert client.session.session_key != planted
    assert not Session.objects.filter(session_key=planted).exists()


def test_two_accounts_in_one_browser_do_not_mix(client):
    make_account("sari", Role.OFFICER)
    budi = make_account("budi", Role.OFFICER)
    attempt(client, "sari")
    client.post("/keluar")
    attempt(client, "budi")
    assert client.session["_auth_user_id"] == str(budi.pk)


def test_the_session_ends_after_eight_hours_and_its_cookie_is_closed(client):
    make_account("sari")
    cookie = attempt(client, "sari").cookies["satuatap_session"]
    assert cookie["max-age"] == 8 * 3600
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_signing_out_takes_a_post(client):
    make_account("sari")
    attempt(client, "sari")
    page = client.get("/keluar")
    assert page.status_code == 200
    assert "_auth_user_id" in client.session
    assert client.post("/keluar")["Location"] == "/masuk"
    assert "_auth_user_id" not in client.session
    assert client.post("/keluar").status_code == 303


def test_forms_without_their_seal_are_refused_in_plain_words():
    strict = Client(enforce_csrf_checks=True)
    for address in ("/masuk", "/keluar", "/bahasa"):
        answer = strict.post(address, {"login": "a", "password": "b"})
        assert answer.status_code == 403
        assert "Muat ulang halaman" in answer.content.decode()


@pytest.mark.parametrize(
    "values",
    [{}, {"login": "sari"}, {"password": "x"}, {"login": "", "password": ""}, {"login": "a" * 500, "password": "x"},
     {"login": "a\x00b", "password": "x"}, {"login": "sari", "password": "x\x00y"}],
)  # fmt: skip
def test_bad_forms_are_4xx_with_a_sentence(client, values):
    answer = client.post("/masuk", values)
    assert answer.status_code in (400, 422)
    assert "role=" in answer.content.decode()


def test_changing_the_password_asks_for_the_old_one_and_ends_other_sessions(client):
    account = make_account("sari", Role.OFFICER)
    other = Client()
    attempt(client, "sari")
    attempt(other, "sari")
    new = {"new": "musi-baru-2026-x", "again": "musi-baru-2026-x"}
    assert client.post("/masuk/sandi", {"old": "bukan-ini-sandinya", **new}).status_code == 422
    assert client.post("/masuk/sandi", {"old": PASSWORD, "new": "a", "again": "b"}).status_code == 422
    assert client.post("/masuk/sandi", {"old": PASSWORD, **new}).status_code == 303
    account.refresh_from_db()
    assert account.check_password("musi-baru-2026-x")
    assert client.get("/masuk/sandi").status_code == 200
    assert other.get("/masuk/sandi")["Location"].startswith("/masuk?next=")


def test_guessing_the_old_password_is_limited_too(client):
    make_account("sari")
    attempt(client, "sari")
    form = {"old": "bukan-ini-sandinya", "new": "musi-baru-2026-x", "again": "musi-baru-2026-x"}
    for _ in range(5):
        client.post("/masuk/sandi", form)
    page = client.post("/masuk/sandi", form | {"old": PASSWORD})
    assert page.status_code == 422
    assert "Tunggu" in page.content.decode()


def test_the_language_follows_the_switch_then_the_account_never_the_browser(client):
    account = make_account("sari", Role.OFFICER)
    page = client.get("/masuk", HTTP_ACCEPT_LANGUAGE="en-US,en;q=0.9")
    assert page["Content-Language"] == "id"
    answer = client.post("/bahasa", {"language": "en", "next": "/masuk?next=/loket"})
    assert (answer.status_code, answer["Location"]) == (303, "/masuk?next=/loket")
    assert client.get("/masuk")["Content-Language"] == "en"
    attempt(client, "sari")
    client.post("/bahasa", {"language": "en"})
    account.refresh_from_db()
    assert account.language == "en"
    fresh = Client()
    attempt(fresh, "sari")
    assert fresh.cookies["satuatap_bahasa"].value == "en"
    assert client.post("/bahasa", {"language": "jv"}).status_code == 422
    assert client.get("/bahasa").status_code == 405


def test_english_sentences_are_there(client):
    client.post("/bahasa", {"language": "en"})
    assert "do not match" in attempt(client, "tiada").content.decode()
    make_account("sari", Role.OFFICER)
    attempt(client, "sari")
    assert "MPP manager" in client.get("/manajer").content.decode()


def test_nobody_signs_up(client):
    assert client.get("/masuk").status_code == 200
    for address in ("/signup", "/accounts/signup/", "/masuk/daftar"):
        assert client.get(address).status_code == 404
    assert Account.objects.count() == 0


def test_many_roles_land_in_the_first(client):
    account = make_account("sari", Role.KEEPER)
    give(account, Role.OFFICER)
    attempt(client, "sari")
    assert client.get("/masuk/tujuan")["Location"] == "/loket"


def strip_tokens(page: str) -> str:
    return "\n".join(line for line in page.splitlines() if "csrfmiddlewaretoken" not in line and "nonce" not in line)
