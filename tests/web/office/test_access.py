"""How an account signs in, seen and changed in the office; and told in the history, every fact in words."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from satuatap.features.journal.actions import number_entries
from satuatap.features.journal.models import Entry
from satuatap.features.people import actions, facts
from satuatap.features.people import queries as people
from satuatap.features.people.models import Account, Pin, SignIn
from satuatap.features.people.states import Role
from satuatap.web.office import access_words
from tests.factories.people import BY, make_account, with_app
from tests.web.office.conftest import City
from tests.web.signin.helpers import sentence, sign_in

pytestmark = pytest.mark.django_db
TOLD_ELSEWHERE = {
    "account_copied", "account_opened", "role_granted", "grant_ended", "account_blocked", "account_unblocked",
    "account_forgotten", "password_set", "device_secret_given", "staff_put", "agencies_put", "language_chosen",
}  # fmt: skip


@pytest.fixture
def officer(city: City) -> Account:
    """One of the manager's officers, with a name of her own for each test."""
    return make_account(f"petugas{uuid4().hex[:6]}", Role.OFFICER, mall=city.mall, booth=city.booth)


def last(kind: str) -> dict[str, Any]:
    return dict(Entry.objects.filter(kind=kind).latest("pk").fact)


def test_her_sessions_are_listed_and_one_is_ended(city: City, post: Any, officer: Account) -> None:
    her = Client(headers={"User-Agent": "Mozilla/5.0 (X11; Linux) Firefox/130.0"})
    sign_in(her, officer.username)
    session = SignIn.objects.get(account=officer)
    page = city.client("manager").get(f"/pengelolaan/orang/{officer.pk}").content.decode()
    assert f"/sesi/{session.pk}/akhiri" in page and "Firefox" not in page, "which browser she uses is her own business"
    assert post(f"/pengelolaan/orang/{officer.pk}/sesi/{session.pk}/akhiri").status_code == 303
    assert her.get("/loket")["Location"].startswith("/masuk")
    assert last("session_ended") == {"account": officer.pk, "why": "ended"}
    again = post(f"/pengelolaan/orang/{officer.pk}/sesi/{session.pk}/akhiri")
    assert again.status_code == 404 and "sudah berakhir" in sentence(again)


def test_a_lost_phone_all_factors_go_and_the_password_signs_in(city: City, post: Any, officer: Account) -> None:
    with_app(officer)
    assert sign_in(Client(), officer.username)["Location"] == "/masuk/kode"
    assert post(f"/pengelolaan/orang/{officer.pk}/faktor/hapus").status_code == 303
    assert not people.factors_of(officer.pk)
    assert sign_in(Client(), officer.username)["Location"] == "/masuk/tujuan"
    own = post(f"/pengelolaan/orang/{city.accounts['keeper'].pk}/faktor/hapus", who="keeper")
    assert own.status_code == 409 and people.has_factor(city.accounts["keeper"].pk)


def test_a_lock_is_seen_and_lifted(city: City, post: Any, officer: Account) -> None:
    her = Client()
    for _ in range(12):
        answer = sign_in(her, officer.username, "salah-salah-salah")
    assert answer.status_code == 429
    pc, today = uuid4(), datetime.now(UTC).date()
    actions.set_pin(by=BY, account=officer.pk, pin="480271", at=actions.SharedPc(pc, city.mall, city.booth, today))
    Pin.objects.filter(account=officer).update(wrong=5)
    page = sentence(city.client("manager").get(f"/pengelolaan/orang/{officer.pk}"))
    assert "Percobaan gagal: terkunci" in page and "1 PIN terkunci" in page
    assert post(f"/pengelolaan/orang/{officer.pk}/kunci/buka").status_code == 303
    assert last("lock_lifted") == {"account": officer.pk}
    assert sign_in(her, officer.username).status_code == 303
    assert Pin.objects.get(account=officer).wrong == 0


def test_only_a_keeper_says_how_the_city_names_her(city: City, post: Any, officer: Account) -> None:
    address = f"/pengelolaan/orang/{officer.pk}/masuk-kota"
    assert post(address, name="rina@kota").status_code == 403
    assert "city-login" not in city.client("manager").get(f"/pengelolaan/orang/{officer.pk}").content.decode()
    assert post(address, who="keeper", name="rina@kota").status_code == 303
    assert last("city_login_put") == {"account": officer.pk, "allowed": True}
    other = f"/pengelolaan/orang/{city.accounts['officer'].pk}/masuk-kota"
    taken = post(other, who="keeper", name="rina@kota")
    assert taken.status_code == 409 and "sudah dipakai akun lain" in sentence(taken)
    assert post(address, who="keeper", name=" ").status_code == 303
    assert last("city_login_put")["allowed"] is False


@pytest.mark.parametrize("what", ["faktor/hapus", "kunci/buka", "sesi/6f1c0d7e-8b7e-4a3e-9a53-0c8d5f7f3f12/akhiri"])
def test_an_account_of_another_mall_is_not_hers_to_change(city: City, post: Any, what: str) -> None:
    before = Entry.objects.exclude(kind="signed_in").count()
    for account in ("elsewhere", "keeper"):
        assert post(f"/pengelolaan/orang/{city.accounts[account].pk}/{what}").status_code == 403
    assert Entry.objects.exclude(kind="signed_in").count() == before


def test_every_fact_of_people_has_its_sentence() -> None:
    kinds = {one.kind for one in vars(facts).values() if isinstance(one, type) and getattr(one, "kind", "")}
    told = {*access_words.SIGNING_IN, *access_words.WAYS_IN}
    assert kinds - TOLD_ELSEWHERE == told
    for kind in told:
        for fact in ({"account": 1}, {"account": 1, "how": "pin", "why": "idle", "factor": "totp", "allowed": True}):
            text = access_words.of_access(kind, fact, "Rina", "Budi")
            assert text.endswith(".") and "%(" not in text and ("Rina" in text or kind == "sign_in_locked"), (
                kind,
                text,
            )
    assert "tidak ada" in access_words.of_access("sign_in_locked", {"account": None, "scope": "name"}, "")


def test_the_history_tells_signing_in_under_its_own_heading_and_programs_by_number(
    city: City, post: Any, officer: Account
) -> None:
    sign_in(Client(), officer.username)
    actions.put_city_login(by=BY, account=officer.pk, name=f"{officer.username}@kota")
    Entry.objects.create(kind="lock_lifted", who="client:7", fact={"account": officer.pk}, mall=None)
    Entry.objects.create(kind="journal_sealed", who="system:seal", fact={"size": 412, "root": "00"}, mall=None)
    number_entries()
    keeper = city.client("keeper")
    system = sentence(keeper.get("/pengelolaan/riwayat?bagian=system"))
    assert "Jurnal disegel sampai catatan ke-412." in system
    everything = sentence(keeper.get("/pengelolaan/riwayat"))
    access = sentence(keeper.get("/pengelolaan/riwayat?bagian=access"))
    said = re.escape(officer.display_name or officer.username)
    assert re.search(rf"{said} masuk: kata sandi", access) and not re.search(rf"{said} masuk: kata", everything)
    assert re.search(rf"{said} boleh masuk lewat", everything)
    assert "program 7" in everything
