"""The second factor: asked after the password, each code once, required where real citizens come, offered in a demo."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from satuatap.features.journal.models import Entry
from satuatap.features.malls import queries as malls_queries
from satuatap.features.malls.models import Mall
from satuatap.features.people import actions
from satuatap.features.people.refusals import CodeWrong
from satuatap.features.people.states import Role
from satuatap.plumbing import keyring
from satuatap.web.guards import front_identity
from tests.factories.people import BY, PASSWORD, SECRET, code_at, make_account, with_app
from tests.web.signin.helpers import sentence, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def hall() -> Iterator[Mall]:
    """A mall where real citizens come."""
    mall = Mall.objects.create(code="nyata", name="Mal Nyata", zone_name="Asia/Jakarta", demo=False)
    malls_queries.forget()
    yield mall
    malls_queries.forget()


def kinds() -> list[str]:
    return list(Entry.objects.order_by("pk").values_list("kind", flat=True))


def test_the_password_alone_does_not_open_an_account_with_an_app(client: Client) -> None:
    with_app(make_account("sari", Role.OFFICER))
    answer = sign_in(client, "sari")
    assert (answer.status_code, answer["Location"]) == (302, "/masuk/kode")
    assert "_auth_user_id" not in client.session
    assert client.get("/masuk/tujuan")["Location"].startswith("/masuk?")
    page = client.get("/masuk/kode")
    assert page.status_code == 200 and "no-store" in page["Cache-Control"]
    done = client.post("/masuk/kode", {"code": code_at(time.time())})
    assert (done.status_code, done["Location"]) == (303, "/masuk/tujuan")
    assert client.get("/masuk/tujuan")["Location"] == "/loket"
    fact = Entry.objects.filter(kind="signed_in").latest("pk").fact
    assert (fact["how"], fact["factor"]) == ("password", "totp")


def test_the_session_gets_a_new_key_after_the_second_step(client: Client) -> None:
    with_app(make_account("sari", Role.OFFICER))
    sign_in(client, "sari")
    before = client.session.session_key
    client.post("/masuk/kode", {"code": code_at(time.time())})
    assert client.session.session_key != before


def test_a_code_counts_once_even_in_another_browser(client: Client) -> None:
    with_app(make_account("sari", Role.OFFICER))
    code = code_at(time.time())
    sign_in(client, "sari")
    assert client.post("/masuk/kode", {"code": code}).status_code == 303
    other = Client()
    sign_in(other, "sari")
    again = other.post("/masuk/kode", {"code": code})
    assert again.status_code == 422 and "sudah dipakai" in sentence(again)
    assert "_auth_user_id" not in other.session


def test_a_code_of_the_step_before_is_taken_and_an_older_one_is_not() -> None:
    account = make_account("sari")
    with_app(account, before_s=3600)
    now = 1_800_000_015.0
    with pytest.raises(CodeWrong):
        actions.use_code(account=account.pk, code=code_at(now - 60), now=now)
    assert actions.use_code(account=account.pk, code=code_at(now - 30), now=now) == "totp"
    assert actions.use_code(account=account.pk, code=code_at(now), now=now) == "totp"


def test_the_codes_are_those_of_the_standard() -> None:
    """RFC 6238, appendix B, SHA-1, the last six digits."""
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # "12345678901234567890"
    for moment, code in ((59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")):
        assert code_at(moment, secret) == code


def test_five_wrong_codes_lock_and_the_journal_has_it_once(client: Client) -> None:
    account = make_account("sari", Role.OFFICER)
    with_app(account)
    sign_in(client, "sari")
    for _ in range(5):
        assert client.post("/masuk/kode", {"code": "000000"}).status_code == 422
    for _ in range(3):
        locked = client.post("/masuk/kode", {"code": code_at(time.time())})
        assert locked.status_code == 429 and "Tunggu" in sentence(locked) and int(locked["Retry-After"]) > 0
    facts = [entry.fact for entry in Entry.objects.filter(kind="sign_in_locked")]
    assert facts == [{"account": account.pk, "scope": "code"}]


def test_a_recovery_code_counts_once(client: Client) -> None:
    codes = with_app(make_account("sari", Role.OFFICER))
    assert len(set(codes)) == 10 and all(re.fullmatch(r"\d{12}", code) for code in codes)
    sign_in(client, "sari")
    shown = " ".join(codes[0][place : place + 4] for place in (0, 4, 8))
    assert client.post("/masuk/kode", {"code": shown}).status_code == 303
    assert Entry.objects.get(kind="recovery_code_used").fact["left"] == 9
    other = Client()
    sign_in(other, "sari")
    assert other.post("/masuk/kode", {"code": codes[0]}).status_code == 422


def test_secrets_are_sealed_in_the_table() -> None:
    codes = with_app(make_account("sari"))
    held = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert SECRET not in held and not any(code in held for code in codes)
    assert held.count("fields-") == 2


def test_a_lost_key_is_said_and_lets_nobody_in(client: Client, settings: Any) -> None:
    with_app(make_account("sari", Role.OFFICER))
    (settings.HOME / "keys.json").unlink()
    sign_in(client, "sari")
    answer = client.post("/masuk/kode", {"code": code_at(time.time())})
    assert answer.status_code == 503 and "kunci server" in sentence(answer)
    assert "_auth_user_id" not in client.session


def test_without_a_first_step_there_is_no_second(client: Client) -> None:
    for answer in (client.get("/masuk/kode"), client.post("/masuk/kode", {"code": "123456"})):
        assert (answer.status_code, answer["Location"]) == (303, "/masuk")
    assert client.post("/masuk/kode/tantangan", HTTP_ACCEPT="application/json").status_code == 401


def test_blocked_between_the_steps_is_out(client: Client) -> None:
    account = make_account("sari", Role.OFFICER)
    with_app(account)
    sign_in(client, "sari")
    actions.block_account(by=BY, account=account.pk, on=date.today())
    assert client.post("/masuk/kode", {"code": code_at(time.time())}).status_code == 403
    assert "_auth_user_id" not in client.session


def test_an_app_is_set_up_with_its_first_code_and_gives_recovery_codes(client: Client) -> None:
    make_account("sari", Role.OFFICER)
    sign_in(client, "sari")
    page = client.get("/masuk/akun/aplikasi")
    secret = re.search(r'class="num secret">([A-Z2-7 ]+)<', page.content.decode())[1].replace(" ", "")
    assert "<svg" in page.content.decode() and "style=" not in page.content.decode()
    wrong = client.post("/masuk/akun/aplikasi", {"code": "123"})
    assert wrong.status_code == 422 and secret in wrong.content.decode().replace(" ", "")
    done = client.post("/masuk/akun/aplikasi", {"code": code_at(time.time(), secret)})
    codes = re.findall(r'<li class="num">([\d ]+)</li>', done.content.decode())
    assert len(codes) == 10 and "no-store" in done["Cache-Control"]
    assert kinds()[-2:] == ["factor_added", "recovery_codes_made"]
    assert client.post("/masuk/akun/aplikasi", {"code": "123456"}).status_code in (409, 422)


def test_what_changes_signing_in_asks_for_the_password_again(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    account = make_account("sari", Role.OFFICER)
    with_app(account)
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get("/masuk/akun").status_code == 200
    factor = Authenticator.objects.get(type="totp")
    real = time.time
    monkeypatch.setattr("satuatap.web.signin.fresh.time.time", lambda: real() + 601)
    asked = client.post("/masuk/akun/faktor/hapus", {"factor": factor.pk})
    assert asked["Location"] == "/masuk/pastikan?next=%2Fmasuk%2Fakun"
    assert client.post("/masuk/pastikan", {"password": "salah-salah-salah"}).status_code == 422
    assert client.post("/masuk/pastikan", {"password": PASSWORD, "next": "//x.example"})["Location"] == "/masuk/akun"
    assert client.post("/masuk/akun/faktor/hapus", {"factor": factor.pk}).status_code == 303
    assert not Authenticator.objects.exists()


@pytest.mark.parametrize("role", [Role.MANAGER, Role.KEEPER])
def test_strong_roles_need_a_factor_where_real_citizens_come(client: Client, hall: Mall, role: Role) -> None:
    account = make_account("budi", role, mall=hall.pk)
    sign_in(client, "budi")
    assert client.get("/pengelolaan/orang")["Location"] == "/masuk/akun"
    page = client.get("/masuk/akun")
    assert 'data-code="factor_missing"' in page.content.decode()
    assert front_identity(client.session.session_key) is None
    with_app(account)
    assert client.get("/pengelolaan/orang").status_code == 200
    factor = Authenticator.objects.get(type="totp")
    kept = client.post("/masuk/akun/faktor/hapus", {"factor": factor.pk})
    assert kept.status_code == 409 and "wajib" in sentence(kept)
    assert Authenticator.objects.filter(pk=factor.pk).exists()


def test_in_a_demo_a_factor_is_offered_and_one_password_is_enough(client: Client, hall: Mall) -> None:
    Mall.objects.filter(pk=hall.pk).update(demo=True)
    malls_queries.forget()
    make_account("budi", Role.KEEPER)
    sign_in(client, "budi")
    assert client.get("/masuk/tujuan")["Location"] == "/pengelolaan"
    page = sentence(client.get("/masuk/akun"))
    assert "Tidak wajib" in page and "Pasang aplikasi kode" in page


def test_an_officer_needs_none(client: Client, hall: Mall) -> None:
    make_account("sari", Role.OFFICER, mall=hall.pk)
    sign_in(client, "sari")
    assert client.get("/masuk/tujuan")["Location"] == "/loket"


def test_whoever_lost_the_phone_is_helped_and_her_sessions_end(client: Client) -> None:
    account = make_account("sari", Role.OFFICER)
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    with_app(account)
    actions.reset_factors(by=BY, account=account.pk)
    assert client.get("/masuk/akun")["Location"].startswith("/masuk?")
    assert sign_in(client, "sari").status_code == 303
    assert "factors_reset" in kinds()


def test_secrets_move_to_a_new_key_and_go_on_working(settings: Any) -> None:
    account = make_account("sari")
    with_app(account, before_s=3600)
    ring = keyring.load(settings.HOME)
    keyring.save(settings.HOME, ring.with_new("fields"))
    assert actions.reseal_factors() == (2, 0)
    assert actions.factor_keys() == {keyring.load(settings.HOME).current("fields").id}
    assert actions.reseal_factors() == (0, 0)
    now = time.time()
    assert actions.use_code(account=account.pk, code=code_at(now), now=now) == "totp"


def test_forgetting_an_account_takes_its_factors(settings: Any) -> None:
    account = make_account("sari")
    with_app(account)
    actions.block_account(by=BY, account=account.pk, on=date.today())
    actions.forget_account(by=BY, account=account.pk)
    assert not Authenticator.objects.exists()
