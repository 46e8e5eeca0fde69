"""A session ends by itself, from the list, with the account; what a page fetches by itself keeps none alive."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from satuatap.features.journal.models import Entry
from satuatap.features.people import actions
from satuatap.features.people.models import Account, SignIn
from satuatap.features.people.states import How, Role
from satuatap.web import identity
from satuatap.web.guards import front_identity
from tests.factories.people import BY, PASSWORD, make_account
from tests.web.signin.helpers import sentence, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def sari() -> Account:
    return make_account("sari", Role.OFFICER)


def ago(**since: float) -> None:
    """All sessions were opened, or last seen, so long ago."""
    moment = {name: datetime.now(UTC) - timedelta(hours=hours) for name, hours in since.items()}
    SignIn.objects.update(**moment)


def why() -> str:
    return str(Entry.objects.filter(kind="session_ended").latest("pk").fact["why"])


@pytest.mark.parametrize(
    ("role", "since", "goes_on"),
    [
        (Role.OFFICER, {"seen_at": 1.9}, True), (Role.OFFICER, {"seen_at": 2.1}, False),
        (Role.OFFICER, {"opened_at": 7.9}, True), (Role.OFFICER, {"opened_at": 8.1}, False),
        (Role.KEEPER, {"seen_at": 0.4}, True), (Role.KEEPER, {"seen_at": 0.6}, False),
        (Role.KIOSK, {"seen_at": 700, "opened_at": 700}, True), (Role.KIOSK, {"opened_at": 91 * 24}, False),
    ],
)  # fmt: skip
def test_a_session_ends_unused_and_at_the_end_of_a_working_day(
    client: Client, role: Role, since: dict[str, float], goes_on: bool
) -> None:
    make_account("sari", role)
    sign_in(client, "sari")
    key = str(client.session.session_key)
    ago(**since)
    assert (front_identity(key) is not None) is goes_on
    page = client.get("/masuk/akun")
    assert page.status_code == (200 if goes_on else 303)
    assert Session.objects.filter(session_key=key).exists() is goes_on
    if not goes_on:
        assert page["Location"] == "/masuk?next=%2Fmasuk%2Fakun"
        assert why() == ("idle" if "seen_at" in since else "absolute")
        assert "Sesi Anda berakhir" in sentence(client.get(page["Location"]))


def test_what_a_page_fetches_by_itself_keeps_no_session_alive(client: Client, sari: Account) -> None:
    sign_in(client, "sari")

    def seen_after(**headers: str) -> bool:
        ago(seen_at=1)
        client.get("/masuk/akun", headers=headers)
        return SignIn.objects.get().seen_at > datetime.now(UTC) - timedelta(minutes=1)

    assert seen_after()
    assert seen_after(Sec_Fetch_Mode="navigate")
    assert not seen_after(HX_Request="true")
    assert not seen_after(Accept="application/json")
    assert not seen_after(Sec_Fetch_Mode="cors")


def test_a_sign_of_life_is_written_once_a_minute(client: Client, sari: Account) -> None:
    sign_in(client, "sari")
    with CaptureQueriesContext(connection) as asked:
        for _ in range(3):
            client.get("/masuk/akun")
    assert not [one for one in asked.captured_queries if one["sql"].startswith("UPDATE") and "signin" in one["sql"]]


def test_the_front_looks_once_in_two_seconds(client: Client, sari: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    sign_in(client, "sari")
    key, now = str(client.session.session_key), [100.0]
    monkeypatch.setattr(identity, "clock", lambda: now[0])
    with CaptureQueriesContext(connection) as first:
        front_identity(key)
    with CaptureQueriesContext(connection) as later:
        for _ in range(50):
            front_identity(key)
    assert 0 < len(first.captured_queries) <= 6 and not later.captured_queries
    now[0] += 2.01
    ago(seen_at=3)
    assert front_identity(key) is None


def test_the_own_page_lists_sessions_and_ends_one_or_all_others(client: Client, sari: Account) -> None:
    agents = {"here": "Mozilla/5.0 (X11; Linux x86_64) Firefox/130.0", "there": "Mozilla/5.0 (Windows NT) Edg/120.0"}
    clients = {name: Client(headers={"User-Agent": agent}) for name, agent in agents.items()}
    for one in (*clients.values(), client):
        sign_in(one, "sari")
    page = sentence(clients["here"].get("/masuk/akun"))
    assert "Firefox, Linux" in page and "Edge, Windows" in page
    there = SignIn.objects.get(session_key=clients["there"].session.session_key)
    assert clients["here"].post(f"/masuk/akun/sesi/{there.pk}/akhiri").status_code == 303
    assert clients["there"].get("/masuk/akun").status_code == 303 and client.get("/masuk/akun").status_code == 200
    before = clients["here"].session.session_key
    assert clients["here"].post("/masuk/akun/sesi/akhiri-lain").status_code == 303
    assert client.get("/masuk/akun").status_code == 303
    assert clients["here"].get("/masuk/akun").status_code == 200
    assert clients["here"].session.session_key != before
    assert SignIn.objects.get().session_key == clients["here"].session.session_key


def test_nobody_ends_a_colleagues_session_on_the_own_page(client: Client, sari: Account) -> None:
    make_account("budi", Role.OFFICER)
    other = Client()
    sign_in(other, "budi")
    sign_in(client, "sari")
    session = SignIn.objects.get(account__username="budi")
    assert client.post(f"/masuk/akun/sesi/{session.pk}/akhiri").status_code == 404
    assert other.get("/masuk/akun").status_code == 200


def test_signing_out_ends_it_with_its_fact(client: Client, sari: Account) -> None:
    sign_in(client, "sari")
    key = client.session.session_key
    client.post("/keluar")
    assert why() == "signed_out" and not SignIn.objects.exists()
    assert not Session.objects.filter(session_key=key).exists()


def test_a_new_own_password_ends_the_others_and_keeps_this_one(client: Client, sari: Account) -> None:
    other = Client()
    for one in (client, other):
        sign_in(one, "sari")
    new = "kata-sandi-yang-baru"
    assert client.post("/masuk/sandi", {"old": PASSWORD, "new": new, "again": new}).status_code == 303
    assert client.get("/masuk/akun").status_code == 200 and other.get("/masuk/akun").status_code == 303
    assert SignIn.objects.get().session_key == client.session.session_key


@pytest.mark.parametrize("what", ["block", "reset"])
def test_blocked_or_reset_every_session_is_gone(client: Client, sari: Account, what: str) -> None:
    sign_in(client, "sari")
    if what == "block":
        actions.block_account(by=BY, account=sari.pk, on=date.today())
    else:
        actions.set_password(by=BY, account=sari.pk, password="sandi-dari-kantor", request=uuid4())
    assert not SignIn.objects.exists()
    assert client.get("/masuk/akun").status_code == 303


def test_the_night_forgets_what_has_ended_and_nothing_else(client: Client, sari: Account) -> None:
    sign_in(client, "sari")
    now = datetime.now(UTC)
    for key, hours in (("a" * 32, 1), ("b" * 32, 91 * 24)):
        actions.open_session(
            account=sari.pk, opening=actions.Opening(session_key=key, how=How.LINK),
            now=now - timedelta(hours=hours), today=now.date(),
        )  # fmt: skip
    Session.objects.create(session_key="b" * 32, session_data="", expire_date=now + timedelta(days=30))
    assert actions.forget_ended_sessions(now=now) == 2, "one without a session, and one past every limit"
    assert SignIn.objects.get().session_key == client.session.session_key
    assert not Session.objects.filter(session_key="b" * 32).exists(), "it would begin anew"
    assert actions.forget_ended_sessions(now=now) == 0


def test_pages_of_who_is_signed_in_are_kept_by_no_cache(client: Client, sari: Account) -> None:
    anonymous = client.get("/masuk")
    assert "camera=()" in anonymous["Permissions-Policy"]
    assert anonymous["Cross-Origin-Resource-Policy"] == "same-origin"
    sign_in(client, "sari")
    for address in ("/", "/masuk/akun"):
        assert "no-store" in client.get(address)["Cache-Control"], address
