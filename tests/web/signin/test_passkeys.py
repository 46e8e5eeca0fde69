"""Passkeys: added, used alone and as a second step; what is forged, stale or of another address is refused."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from allauth.mfa.models import Authenticator as Row
from django.test import Client

from satuatap.features.journal.models import Entry
from satuatap.features.people import actions
from satuatap.features.people.models import SignIn
from satuatap.features.people.states import Role
from satuatap.web.locks import PASSKEYS
from tests.factories.people import BY, make_account
from tests.web.signin.authenticator import Authenticator
from tests.web.signin.helpers import sentence, sign_in

pytestmark = pytest.mark.django_db
KEYS = "/masuk/akun/kunci-sandi"


@pytest.fixture
def client() -> Client:
    """A browser at http://localhost, which counts as secure."""
    return Client(SERVER_NAME="localhost")


@pytest.fixture
def passkey(client: Client) -> Authenticator:
    """Sari's, added on her own page; she is signed out again."""
    make_account("sari", Role.OFFICER)
    sign_in(client, "sari")
    made = Authenticator()
    assert add(client, made).status_code == 200
    client.post("/keluar")
    return made


def asked(client: Client, address: str) -> dict[str, Any]:
    answer = client.post(address, HTTP_ACCEPT="application/json")
    assert answer.status_code == 200, answer.content
    return dict(answer.json())


def add(client: Client, made: Authenticator, name: str = "Ponsel") -> Any:
    return client.post(KEYS, {"credential": made.create(asked(client, f"{KEYS}/tantangan")), "name": name})


def enter(client: Client, made: Authenticator, **more: str) -> Any:
    return client.post(
        "/masuk/kunci-sandi", {"credential": made.get(asked(client, "/masuk/kunci-sandi/tantangan")), **more}
    )


def test_a_passkey_signs_in_alone_and_its_first_one_brought_recovery_codes(client: Client, passkey: Any) -> None:
    assert Row.objects.filter(type="recovery_codes").count() == 1
    done = enter(client, passkey)
    assert (done.status_code, done["Location"]) == (303, "/masuk/tujuan")
    assert client.get("/masuk/tujuan")["Location"] == "/loket"
    fact = Entry.objects.filter(kind="signed_in").latest("pk").fact
    assert (fact["how"], fact["factor"]) == ("passkey", None)
    page = sentence(client.get("/masuk/akun"))
    assert "Ponsel" in page and "Kunci sandi" in page


def test_it_goes_on_to_the_page_that_was_asked_for_and_never_off_the_site(client: Client, passkey: Any) -> None:
    assert enter(client, passkey, next="/masuk/akun")["Location"] == "/masuk/akun"
    client.post("/keluar")
    assert enter(client, passkey, next="https://x.example/")["Location"] == "/masuk/tujuan"


def test_after_the_password_it_is_the_second_step(client: Client, passkey: Any) -> None:
    assert sign_in(client, "sari")["Location"] == "/masuk/kode"
    answer = passkey.get(asked(client, "/masuk/kode/tantangan"))
    assert client.post("/masuk/kode", {"credential": answer})["Location"] == "/masuk/tujuan"
    fact = Entry.objects.filter(kind="signed_in").latest("pk").fact
    assert (fact["how"], fact["factor"]) == ("password", "webauthn")


def test_a_colleague_with_a_passkey_takes_over_and_the_session_before_ends(client: Client, passkey: Any) -> None:
    make_account("budi", Role.OFFICER)
    sign_in(client, "budi")
    assert enter(client, passkey).status_code == 303
    assert list(SignIn.objects.values_list("account__username", "how")) == [("sari", "passkey")]
    assert Entry.objects.filter(kind="session_ended").latest("pk").fact["why"] == "changed"


def refused(client: Client, answer: Any) -> bool:
    return answer.status_code == 422 and "_auth_user_id" not in client.session


def test_an_answer_counts_once(client: Client, passkey: Any) -> None:
    answer = passkey.get(asked(client, "/masuk/kunci-sandi/tantangan"))
    assert client.post("/masuk/kunci-sandi", {"credential": answer}).status_code == 303
    client.post("/keluar")
    asked(client, "/masuk/kunci-sandi/tantangan")
    assert refused(client, client.post("/masuk/kunci-sandi", {"credential": answer}))


@pytest.mark.parametrize("wrong", ["origin", "key", "unverified", "id"])
def test_what_is_not_her_passkey_here_is_refused(client: Client, passkey: Any, wrong: str) -> None:
    other = Authenticator()
    if wrong == "origin":
        passkey.origin = "https://satuatap.example"
    elif wrong == "key":
        passkey.key = other.key
    elif wrong == "unverified":
        passkey.flags = 0x01
    else:
        passkey.id = other.id
    assert refused(client, enter(client, passkey))


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "{}", '{"response": {"userHandle": "!"}}', "x" * 30_000])
def test_what_is_no_answer_at_all_is_refused(client: Client, text: str) -> None:
    asked(client, "/masuk/kunci-sandi/tantangan")
    assert client.post("/masuk/kunci-sandi", {"credential": text}).status_code in (400, 422)


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"id": "x", "response": {}}'])
def test_what_is_no_new_passkey_is_not_added(client: Client, text: str) -> None:
    make_account("sari", Role.OFFICER)
    sign_in(client, "sari")
    asked(client, f"{KEYS}/tantangan")
    assert client.post(KEYS, {"credential": text}).status_code == 422
    assert not Row.objects.exists()


def test_a_key_that_checks_nobody_is_not_added(client: Client) -> None:
    make_account("sari", Role.OFFICER)
    sign_in(client, "sari")
    assert add(client, Authenticator(verifies=False)).status_code == 422
    assert not Row.objects.exists()


def test_blocked_is_out_also_with_a_passkey(client: Client, passkey: Any) -> None:
    account = Row.objects.filter(type="webauthn").get().user
    actions.block_account(by=BY, account=account.pk, on=date.today())
    assert enter(client, passkey).status_code == 403


@pytest.mark.parametrize(
    ("host", "secure", "why"),
    [("mpp.example", False, "tanpa HTTPS"), ("192.168.1.5", True, "angka IP"), ("127.0.0.1", False, "tanpa HTTPS")],
)
def test_where_passkeys_cannot_work_the_pages_say_why(host: str, secure: bool, why: str, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    client = Client(SERVER_NAME=host)
    make_account("sari", Role.OFFICER)
    assert why in sentence(client.get("/masuk", secure=secure))
    sign_in(client, "sari", **{"wsgi.url_scheme": "https" if secure else "http"})
    for address in ("/masuk/akun", KEYS):
        page = client.get(address, secure=secure)
        assert why in sentence(page) and "passkey.js" not in page.content.decode()
    refusal = client.post("/masuk/kunci-sandi/tantangan", HTTP_ACCEPT="application/json", secure=secure)
    assert refusal.status_code == 409 and why in refusal.json()["sentence"]


def test_an_address_asks_for_thirty_challenges_a_minute(client: Client) -> None:
    for _ in range(30):
        asked(client, "/masuk/kunci-sandi/tantangan")
    assert client.post("/masuk/kunci-sandi/tantangan", HTTP_ACCEPT="application/json").status_code == 429
    PASSKEYS.clear()
