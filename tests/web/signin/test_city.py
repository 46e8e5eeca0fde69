"""The city's single sign-on: off unless set up, for named accounts only, and nothing it says is believed unchecked."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from allauth.socialaccount.models import SocialAccount
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client

from satuatap.features.journal.models import Entry
from satuatap.features.people import actions
from satuatap.features.people.models import Account
from satuatap.features.people.states import Role
from satuatap.plumbing import oidc
from satuatap.project.city_sign_on import city_sign_on
from satuatap.project.environment import EnvironmentTrouble
from satuatap.web.locks import JOURNEYS
from tests.factories.people import BY, code_at, make_account, with_app
from tests.web.signin.helpers import sentence, sign_in
from tests.web.signin.provider import CLIENT, SECRET, Provider, running

pytestmark = pytest.mark.django_db
OTHER = rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture(scope="module")
def house() -> Iterator[Provider]:
    with running() as provider:
        yield provider


@pytest.fixture
def city(house: Provider, settings: Any) -> Iterator[Provider]:
    """The city's provider, as this installation is set up for it."""
    settings.CITY_SIGN_ON = oidc.Client(house.issuer, CLIENT, SECRET)
    fresh = Provider()
    house.person, house.changed, house.signed_with = fresh.person, {}, {}
    house.named, house.down, house.kid, house.methods = "", False, fresh.kid, fresh.methods
    oidc.forget()
    JOURNEYS.clear()
    yield house
    oidc.forget()


@pytest.fixture
def rina() -> Account:
    """An officer whose name at the city a keeper has written down."""
    account = make_account("rina", Role.OFFICER)
    actions.put_city_login(by=BY, account=account.pk, name="rina@kota")
    return account


def through(client: Client, city: Provider, start: str = "/masuk/kota") -> Any:
    """Out to the city and back."""
    out = client.get(start)
    assert out.status_code == 303, out.content
    return client.get(f"/masuk/kota/kembali?{city.visit(out['Location'])}")


def outside(client: Client) -> bool:
    return "_auth_user_id" not in client.session


def test_whom_a_keeper_has_named_signs_in_and_is_known_by_her_number_afterwards(
    client: Client, city: Provider, rina: Account
) -> None:
    assert "Masuk lewat akun kota" in sentence(client.get("/masuk"))
    done = through(client, city)
    assert (done.status_code, done["Location"]) == (303, "/masuk/tujuan")
    assert client.get("/masuk/tujuan")["Location"] == "/loket"
    facts = [entry.fact for entry in Entry.objects.filter(kind__in=["city_linked", "signed_in"]).order_by("pk")]
    assert facts == [{"account": rina.pk}, {"account": rina.pk, "how": "city", "factor": None}]
    city.person = {"sub": "7731", "preferred_username": "rina.baru@kota"}
    again = Client()
    assert through(again, city).status_code == 303 and not outside(again)
    link = SocialAccount.objects.get()
    assert (link.uid, link.provider, link.extra_data) == ("7731", city.issuer, {})


def test_she_goes_on_to_the_page_she_asked_for(client: Client, city: Provider, rina: Account) -> None:
    assert through(client, city, "/masuk/kota?next=/masuk/akun")["Location"] == "/masuk/akun"
    assert through(Client(), city, "/masuk/kota?next=//x.example")["Location"] == "/masuk/tujuan"


def test_who_was_not_named_is_a_stranger(client: Client, city: Provider) -> None:
    make_account("rina@kota".replace("@", "-"), Role.OFFICER)
    answer = through(client, city)
    assert answer.status_code == 403 and "pengelola sistem" in sentence(answer)
    assert outside(client) and not SocialAccount.objects.exists()


def test_a_name_that_moved_to_another_person_opens_nothing(client: Client, city: Provider, rina: Account) -> None:
    through(client, city)
    city.person = {"sub": "9999", "preferred_username": "rina@kota"}
    other = Client()
    assert through(other, city).status_code == 403 and outside(other)
    actions.put_city_login(by=BY, account=rina.pk, name="")
    city.person = {"sub": "7731", "preferred_username": "rina@kota"}
    assert through(other, city).status_code == 403, "a keeper took her name away"


def test_blocked_is_out_and_a_second_factor_is_still_asked(client: Client, city: Provider, rina: Account) -> None:
    with_app(rina)
    assert through(client, city)["Location"] == "/masuk/kode" and outside(client)
    assert client.post("/masuk/kode", {"code": code_at(time.time())}).status_code == 303
    fact = Entry.objects.filter(kind="signed_in").latest("pk").fact
    assert (fact["how"], fact["factor"]) == ("city", "totp")
    actions.block_account(by=BY, account=rina.pk, on=date.today())
    assert through(Client(), city).status_code == 403


def test_another_person_at_the_same_pc_ends_the_session_before(client: Client, city: Provider, rina: Account) -> None:
    make_account("sari", Role.OFFICER)
    sign_in(client, "sari")
    through(client, city)
    assert int(client.session["_auth_user_id"]) == rina.pk
    assert Entry.objects.filter(kind="session_ended").latest("pk").fact["why"] == "changed"


@pytest.mark.parametrize(
    ("changed", "signed"),
    [
        ({"iss": "https://lain.example"}, {}), ({"aud": "lain"}, {}), ({"exp": 1_700_000_000}, {}),
        ({"nonce": "lain"}, {}), ({"nonce": None}, {}), ({"sub": None}, {}), ({"sub": ""}, {}), ({"azp": "lain"}, {}),
        ({"aud": [CLIENT, "lain"], "azp": "lain"}, {}), ({"iat": 4_000_000_000}, {}),
        ({}, {"key": OTHER}), ({}, {"headers": {"kid": "tak-dikenal"}}), ({}, {"headers": {}}),
        ({}, {"key": "x" * 40, "algorithm": "HS256"}), ({}, {"key": None, "algorithm": "none"}),
    ],
)  # fmt: skip
def test_a_token_that_does_not_hold_lets_nobody_in(
    client: Client, city: Provider, rina: Account, changed: dict[str, Any], signed: dict[str, Any]
) -> None:
    city.changed, city.signed_with = changed, signed
    answer = through(client, city)
    assert answer.status_code == 502 and outside(client)
    assert "kata sandi" in sentence(answer) and not SocialAccount.objects.exists()


def test_the_secret_of_the_client_is_no_key_of_the_provider(client: Client, city: Provider, rina: Account) -> None:
    """The classic mix-up: a token signed with what both sides know."""
    city.signed_with = {"key": SECRET, "algorithm": "HS256"}
    assert through(client, city).status_code == 502 and outside(client)


def test_the_secret_is_shown_in_the_form_where_the_provider_takes_it_so(
    client: Client, city: Provider, rina: Account
) -> None:
    city.methods = ["client_secret_basic", "client_secret_post"]
    assert through(client, city).status_code == 303


def test_a_new_key_of_the_provider_is_fetched(client: Client, city: Provider, rina: Account) -> None:
    assert through(client, city).status_code == 303
    city.kid = "kunci-2"
    assert through(Client(), city).status_code == 303


def test_a_way_back_counts_once_in_its_own_browser_and_in_time(
    client: Client, city: Provider, rina: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    way = f"/masuk/kota/kembali?{city.visit(client.get('/masuk/kota')['Location'])}"
    other = Client()
    assert other.get(way).status_code == 403 and outside(other)
    assert client.get(f"{way}&iss=https://lain.example").status_code == 403
    assert client.get(way).status_code == 403, "a way back that failed is spent"
    cancelled = Client()
    state = city.visit(cancelled.get("/masuk/kota")["Location"]).partition("state=")[2]
    assert cancelled.get(f"/masuk/kota/kembali?error=access_denied&state={state}").status_code == 403
    late = Client()
    way = f"/masuk/kota/kembali?{city.visit(late.get('/masuk/kota')['Location'])}"
    real = time.time
    monkeypatch.setattr("satuatap.web.signin.city.time.time", lambda: real() + 601)
    assert late.get(way).status_code == 403 and outside(late)


def test_a_provider_that_is_away_or_calls_itself_otherwise(client: Client, city: Provider) -> None:
    city.down = True
    assert client.get("/masuk/kota").status_code == 502
    city.down, city.named = False, "https://lain.example"
    oidc.forget()
    assert client.get("/masuk/kota").status_code == 502
    assert "Masuk lewat akun kota" in sentence(client.get("/masuk")), "and the password still works"


def test_not_set_up_it_is_off(client: Client, settings: Any) -> None:
    settings.CITY_SIGN_ON = None
    assert "akun kota" not in sentence(client.get("/masuk"))
    for address in ("/masuk/kota", "/masuk/kota/kembali?code=x&state=y"):
        assert client.get(address).status_code == 404


def test_the_environment_sets_it_up_whole_or_says_what_is_missing(tmp_path: Any) -> None:
    whole = {"OIDC_ISSUER": "https://masuk.kota.go.id", "OIDC_CLIENT_ID": "mpp", "OIDC_SECRET": "s"}
    assert city_sign_on({}) is None
    assert city_sign_on(whole) == oidc.Client("https://masuk.kota.go.id", "mpp", "s", "preferred_username")
    (tmp_path / "secret").write_text("dari-berkas\n")
    filed = {**whole, "OIDC_SECRET": "", "OIDC_SECRET_FILE": str(tmp_path / "secret"), "OIDC_CLAIM": "nip"}
    assert city_sign_on(filed) == oidc.Client("https://masuk.kota.go.id", "mpp", "dari-berkas", "nip")
    for wrong, word in (
        ({**whole, "OIDC_SECRET": ""}, "OIDC_SECRET"),
        ({"OIDC_SECRET": "s"}, "OIDC_ISSUER, OIDC_CLIENT_ID"),
        ({**whole, "OIDC_ISSUER": "http://masuk.kota.go.id"}, "https"),
        ({**filed, "OIDC_SECRET_FILE": str(tmp_path / "none")}, "OIDC_SECRET_FILE"),
    ):
        with pytest.raises(EnvironmentTrouble, match=word):
            city_sign_on(wrong)
