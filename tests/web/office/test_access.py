"""How an account signs in, seen and changed in the office; and told in the history, every fact in words."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from satuatap.features.journal.actions import number_entries
from satuatap.features.journal.models import Entry
from satuatap.features.malls import queries as malls
from satuatap.features.malls.models import Desk
from satuatap.features.people import actions, facts
from satuatap.features.people import queries as people
from satuatap.features.people.models import Account, Pin, SignIn
from satuatap.features.people.states import Role
from satuatap.web.office import access_words, history
from tests.factories.people import BY, make_account, with_app
from tests.web.office.conftest import City
from tests.web.signin.helpers import sentence, sign_in

pytestmark = pytest.mark.django_db
MORNING = datetime(2026, 11, 3, 2, 0, tzinfo=UTC)
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


def test_the_whole_history_is_all_of_it_and_programs_stand_by_number(city: City, post: Any, officer: Account) -> None:
    sign_in(Client(), officer.username)
    actions.put_city_login(by=BY, account=officer.pk, name=f"{officer.username}@kota")
    Entry.objects.create(kind="lock_lifted", who="client:7", fact={"account": officer.pk}, mall=None)
    seal = {"size": 412, "root": "00"}  # the only one of its day: three would be told in one line
    Entry.objects.create(kind="journal_sealed", who="system:seal", fact=seal, real_at=MORNING - timedelta(days=9))
    Entry.objects.create(kind="session_ended", who="x", fact={"account": officer.pk, "why": "idle"}, mall=None)
    Entry.objects.create(kind="sign_in_locked", who="x", fact={"account": officer.pk, "scope": "name"}, mall=None)
    number_entries()
    keeper = city.client("keeper")
    system = sentence(keeper.get("/pengelolaan/riwayat?bagian=system"))
    everything = sentence(keeper.get("/pengelolaan/riwayat"))
    access = sentence(keeper.get("/pengelolaan/riwayat?bagian=access"))
    name = officer.display_name or officer.username
    sign_in(Client(), officer.username)
    sign_in(Client(), officer.username)
    number_entries()
    twice = sentence(keeper.get("/pengelolaan/riwayat?bagian=access"))
    assert twice.count(f"{name} masuk: kata sandi.") == access.count(f"{name} masuk: kata sandi.") + 2
    for said in (f"{name} masuk: kata sandi.", f"Satu sesi {name} berakhir: lama tidak dipakai.", f"{name} ditahan:"):
        assert said in access and said in everything
        assert said not in sentence(keeper.get("/pengelolaan")), "the overview's few lines are what was changed"
    assert "Jurnal disegel sampai catatan ke-412." in system and "Jurnal disegel sampai catatan ke-412." in everything
    assert re.search(rf"{re.escape(name)} boleh masuk lewat", everything)
    assert "program 7" in everything


def test_the_history_goes_on_page_by_page_and_loses_nothing(
    city: City, officer: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "ENTRIES", 4)
    for left in range(9):
        Entry.objects.create(kind="recovery_code_used", who="x", fact={"account": officer.pk, "left": left})
    number_entries()
    keeper, seen, address = city.client("keeper"), [], "/pengelolaan/riwayat?bagian=access"
    while address:
        page = keeper.get(address).content.decode()
        seen += re.findall(rf"{officer.display_name} memakai kode cadangan; sisa (\d)", page)
        assert ("Terbaru" in page) is ("sebelum" in address)
        following = re.search(r'rel="next" href="([^"]+)"', page)
        address = html.unescape(following[1]) if following else ""
    assert seen == list("876543210")
    before_all = sentence(keeper.get("/pengelolaan/riwayat?bagian=access&sebelum=1"))
    assert "Tidak ada di halaman ini." in before_all and "Lebih lama" not in before_all
    assert keeper.get("/pengelolaan/riwayat?sebelum=satu").status_code == 400


def test_the_seals_of_a_day_are_one_line_wherever_they_stand(city: City, officer: Account) -> None:
    for size in range(901, 905):
        Entry.objects.create(kind="journal_sealed", who="system:seal", fact={"size": size}, real_at=MORNING)
        Entry.objects.create(kind="recovery_code_used", who="x", fact={"account": officer.pk, "left": size})
    number_entries()
    everything = sentence(city.client("keeper").get("/pengelolaan/riwayat"))
    assert re.search(r"Jurnal disegel \d+ kali, terakhir sampai catatan ke-904\.", everything)
    assert "catatan ke-901" not in everything and all(f"sisa {size}." in everything for size in range(901, 905))


def test_a_manager_reads_of_her_own_people_and_of_nobody_elses(city: City, officer: Account) -> None:
    foreign = make_account(f"asing{uuid4().hex[:6]}", Role.OFFICER, mall=city.mall + 1, booth=city.foreign_booth)
    for account in (officer, foreign):
        Entry.objects.create(kind="recovery_code_used", who="x", fact={"account": account.pk, "left": 3})
    number_entries()
    page = sentence(city.client("manager").get("/pengelolaan/riwayat"))
    assert f"{officer.display_name} memakai" in page and foreign.display_name not in page


def test_nobody_is_named_as_the_one_who_typed_a_wrong_pin(city: City, officer: Account) -> None:
    desk = Desk.objects.filter(booth=city.booth).order_by("pk")[0]
    known = {"account": officer.pk, "booth": city.booth}
    for fact in (known | {"desk": desk.pk}, known):  # the second as earlier versions wrote it, in her name
        Entry.objects.create(kind="pin_locked", who=f"account:{officer.pk}", fact=fact, mall=city.mall)
    number_entries()
    page = city.client("manager").get("/pengelolaan/riwayat?bagian=access").content.decode()
    lines = [line for line in re.findall(r"<li>(.*?)</li>", page) if f"PIN {officer.display_name} dikunci" in line]
    assert len(lines) == 2 and all("Siapa yang mengetik tidak diketahui." in line for line in lines)
    assert "di satu komputer" in lines[0] and f"di loket {malls.desk_place(desk.pk).sign}, gerai " in lines[1]
    assert all(re.search(r"<small>[^<]*, sistem</small>", line) for line in lines)


def test_sessions_that_ended_with_the_second_factors_stand_under_signing_in(
    city: City, post: Any, officer: Account
) -> None:
    her = Client()
    sign_in(her, officer.username)
    assert post(f"/pengelolaan/orang/{officer.pk}/faktor/hapus").status_code == 303
    number_entries()
    access = sentence(city.client("manager").get("/pengelolaan/riwayat?bagian=access"))
    assert f"Sesi {officer.display_name} berakhir (1): faktor keduanya dihapus." in access
    assert her.get("/loket")["Location"].startswith("/masuk")


def test_the_list_of_sessions_tells_how_she_really_signed_in(city: City, officer: Account) -> None:
    codes = with_app(officer)
    her = Client()
    sign_in(her, officer.username)
    assert her.post("/masuk/kode", {"code": codes[0]}).status_code == 303
    for page in (city.client("manager").get(f"/pengelolaan/orang/{officer.pk}"), her.get("/masuk/akun")):
        assert "Kata sandi dengan kode cadangan" in sentence(page)


@pytest.fixture
def kiosk(city: City) -> Account:
    return make_account(f"anjungan{uuid4().hex[:6]}", Role.KIOSK, mall=city.mall)


LINK = re.compile(r'id="secret">[^<]*(/anjungan/aktifkan/[^<]+)<')


def test_a_device_is_offered_a_link_and_never_a_password(city: City, post: Any, kiosk: Account) -> None:
    address = f"/pengelolaan/orang/{kiosk.pk}"
    page = city.client("keeper").get(address).content.decode()
    assert f'action="{address}/tautan"' in page and f'action="{address}/sandi"' not in page
    assert f'action="{address}/blokir"' in page
    person = city.client("keeper").get(f"/pengelolaan/orang/{city.accounts['officer'].pk}").content.decode()
    assert "/sandi" in person and "/tautan" not in person
    hers = city.client("manager").get(address)
    assert "hanya pengelola sistem yang bisa memberinya tautan baru" in sentence(hers)
    assert 'value="officer"' not in hers.content.decode() + page and 'value="kiosk"' in page
    before = Entry.objects.exclude(kind="signed_in").count()
    refused = post(f"{address}/sandi", who="keeper")
    assert refused.status_code == 409 and "Buat tautan baru" in sentence(refused)
    officer = post(f"/pengelolaan/orang/{city.accounts['officer'].pk}/tautan", who="keeper")
    assert officer.status_code == 422 and "bukan perangkat" in sentence(officer)
    assert post(f"{address}/tautan").status_code == 403, "a manager keeps no device"
    assert Entry.objects.exclude(kind="signed_in").count() == before


def test_a_new_link_works_once_given_and_the_old_one_dies_at_once(city: City, post: Any, kiosk: Account) -> None:
    address, key = f"/pengelolaan/orang/{kiosk.pk}", uuid4()
    first = LINK.search(post(f"{address}/tautan", who="keeper").content.decode())[1]
    device = Client()
    assert device.get(first)["Location"] == "/anjungan" and device.get("/anjungan").status_code == 200
    made = post(f"{address}/tautan", who="keeper", key=key)
    second = LINK.search(made.content.decode())[1]
    assert made.status_code == 200 and "no-store" in made["Cache-Control"] and second != first
    assert device.get("/anjungan")["Location"].startswith("/masuk") and Client().get(first).status_code == 404
    again = post(f"{address}/tautan", who="keeper", key=key)
    assert again.status_code == 200 and not LINK.search(again.content.decode())
    assert Client().get(second)["Location"] == "/anjungan", "the second press killed the link that was shown"
    number_entries()
    keeper = city.client("keeper")
    assert f"{kiosk.display_name} diberi tautan pengaktifan baru." in sentence(keeper.get("/pengelolaan/riwayat"))
    access = sentence(keeper.get("/pengelolaan/riwayat?bagian=access"))
    assert f"Sesi {kiosk.display_name} berakhir (1): perangkatnya diberi tautan baru." in access
    assert second.rsplit("/", 1)[1] not in str(list(Entry.objects.values_list("fact", flat=True)))


def test_a_blocked_device_comes_back_with_a_link(city: City, post: Any, kiosk: Account) -> None:
    address, key = f"/pengelolaan/orang/{kiosk.pk}", uuid4()
    old = LINK.search(post(f"{address}/tautan", who="keeper").content.decode())[1]
    assert post(f"{address}/blokir", who="keeper").status_code == 303
    assert Client().get(old).status_code == 404
    assert "Buka blokir dengan tautan baru" in sentence(city.client("keeper").get(address))
    fresh = LINK.search(post(f"{address}/buka-blokir", who="keeper", key=key).content.decode())[1]
    assert not LINK.search(post(f"{address}/buka-blokir", who="keeper", key=key).content.decode())
    assert Client().get(fresh)["Location"] == "/anjungan" and Client().get(old).status_code == 404
