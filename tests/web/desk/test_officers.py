"""Changing the officer at a shared PC: by PIN, counted tries, the session before ends, the desk goes on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from satuatap.features.journal.models import Entry
from satuatap.features.malls.models import Booth
from satuatap.features.malls.models import Desk as Place
from satuatap.features.people import actions as people
from satuatap.features.people.models import Account, Pin, SignIn
from satuatap.features.people.states import Role
from satuatap.features.visits import actions, queries
from satuatap.web.guards import front_identity
from tests.factories.people import BY, PASSWORD, give, make_account
from tests.web.office.conftest import City
from tests.web.signin.helpers import sentence, sign_in

pytestmark = pytest.mark.django_db
PINS = {"lani": "480271", "mira": "915306"}


@pytest.fixture(scope="package")
def place(city: City) -> Place:
    return Place.objects.filter(booth__code="dukcapil-kk", mall=city.mall).order_by("pk")[1]


@pytest.fixture(scope="package")
def officers(city: City, place: Place, django_db_blocker: Any) -> dict[str, Account]:
    with django_db_blocker.unblock():
        return {name: make_account(name, Role.OFFICER, mall=city.mall, booth=place.booth_id) for name in PINS}


@pytest.fixture
def pc(officers: dict[str, Account]) -> Iterator[Client]:
    """One PC on which both have signed in with their password and set a PIN; Lani is at work."""
    client = Client()
    for name in ("mira", "lani"):
        client.post("/keluar")
        sign_in(client, name)
        assert set_pin(client, PINS[name]).status_code == 303
    yield client
    Pin.objects.all().delete()


def set_pin(client: Client, pin: str, again: str | None = None) -> Any:
    page = client.get("/masuk/akun/pin").content.decode()
    booth = re.search(r'name="booth" value="(\d+)"', page)
    return client.post(
        "/masuk/akun/pin", {"booth": booth[1] if booth else "0", "pin": pin, "again": pin if again is None else again}
    )


def change(client: Client, place: Place, account: Account, pin: str) -> Any:
    return client.post(f"/loket/{place.pk}/ganti", {"account": account.pk, "pin": pin})


def test_a_pin_takes_the_desk_over_and_the_session_before_ends(pc: Client, place: Place, officers: Any) -> None:
    before = str(pc.session.session_key)
    page = pc.get(f"/loket/{place.pk}/ganti").content.decode()
    assert "Ambil alih loket" in page and re.search(r'name="account" value="\d+"[^>]*checked', page)
    assert "mira" in page.lower() and page.count('name="account"') == 1
    answer = change(pc, place, officers["mira"], PINS["mira"])
    assert (answer.status_code, answer["Location"]) == (303, f"/loket/{place.pk}")
    assert int(pc.session["_auth_user_id"]) == officers["mira"].pk and pc.session.session_key != before
    assert front_identity(before) is None and not SignIn.objects.filter(session_key=before).exists()
    kinds = list(Entry.objects.order_by("-pk").values_list("kind", flat=True)[:3])
    assert kinds == ["signed_in", "session_ended", "officer_changed"]
    fact = Entry.objects.filter(kind="officer_changed").latest("pk").fact
    assert fact == {"before": officers["lani"].pk, "account": officers["mira"].pk, "booth": place.booth_id}
    assert pc.get(f"/loket/{place.pk}").status_code == 200


def test_an_open_desk_goes_on_under_her_and_a_break_stays_one(pc: Client, place: Place, officers: Any) -> None:
    actions.open_desk(by=BY, desk=place.pk, officer=officers["lani"].pk)
    change(pc, place, officers["mira"], PINS["mira"])
    assert queries.desk_view(place.pk).desk.officer == officers["mira"].pk
    assert Entry.objects.filter(kind="desk_opened").latest("pk").who == f"account:{officers['mira'].pk}"
    pc.post(f"/loket/{place.pk}/istirahat", {"key": "6f1c0d7e-8b7e-4a3e-9a53-0c8d5f7f3f19"})
    change(pc, place, officers["lani"], PINS["lani"])
    assert queries.desk_view(place.pk).desk.state == "break"
    actions.close_desk(by=BY, desk=place.pk)


def test_five_wrong_tries_lock_and_the_password_opens_again(pc: Client, place: Place, officers: Any) -> None:
    tries = [change(pc, place, officers["mira"], "111222") for _ in range(5)]
    assert [one.status_code for one in tries] == [422] * 4 + [429]
    lock = Entry.objects.filter(kind="pin_locked").latest("pk")
    assert lock.fact == {"account": officers["mira"].pk, "booth": place.booth_id, "desk": place.pk}
    assert lock.who == "system:signin", "Mira did not sit there: who typed is not known, and nobody is named"
    locked = change(pc, place, officers["mira"], PINS["mira"])
    assert locked.status_code == 429 and int(pc.session["_auth_user_id"]) == officers["lani"].pk
    assert "PIN terkunci" in sentence(pc.get(f"/loket/{place.pk}/ganti"))
    pc.post("/keluar")
    sign_in(pc, "mira")
    pc.post("/keluar")
    sign_in(pc, "lani")
    assert change(pc, place, officers["mira"], PINS["mira"]).status_code == 303


def test_a_right_try_forgets_the_wrong_ones(pc: Client, place: Place, officers: Any) -> None:
    for _ in range(4):
        change(pc, place, officers["mira"], "111222")
    change(pc, place, officers["mira"], PINS["mira"])
    assert Pin.objects.get(account=officers["mira"]).wrong == 0


def test_a_pin_counts_on_its_day_its_pc_and_its_booth_only(pc: Client, place: Place, officers: Any, city: City) -> None:
    other = Client()
    sign_in(other, "lani")
    assert change(other, place, officers["mira"], PINS["mira"]).status_code == 409
    Pin.objects.update(signed_in_on=city.today - timedelta(days=1))
    yesterday = change(pc, place, officers["mira"], PINS["mira"])
    assert yesterday.status_code == 409 and "Masuk sekali dengan kata sandi" in sentence(yesterday)
    elsewhere = Place.objects.filter(mall=city.mall).exclude(booth=place.booth_id).first()
    assert elsewhere is not None
    assert change(pc, elsewhere, officers["mira"], PINS["mira"]).status_code == 403


def test_a_forged_pc_is_no_pc(pc: Client, place: Place, officers: Any) -> None:
    name = "satuatap_pc"
    pc.cookies[name] = pc.cookies[name].value.partition(":")[0] + ":AAAA"
    assert change(pc, place, officers["mira"], PINS["mira"]).status_code == 409


def test_whoever_left_the_booth_or_was_blocked_takes_nothing_over(
    pc: Client, place: Place, officers: Any, city: City
) -> None:
    gone = make_account("nina", Role.OFFICER, mall=city.mall, booth=place.booth_id)
    at = people.SharedPc(Pin.objects.all()[0].pc, city.mall, place.booth_id, city.today)
    people.set_pin(by=BY, account=gone.pk, pin="602914", at=at)
    assert "nina" in pc.get(f"/loket/{place.pk}/ganti").content.decode().lower()
    people.block_account(by=BY, account=gone.pk, on=city.today)
    assert change(pc, place, gone, "602914").status_code == 409
    assert "nina" not in pc.get(f"/loket/{place.pk}/ganti").content.decode().lower()


def test_more_power_than_a_desks_is_never_opened_by_a_pin(pc: Client, place: Place, officers: Any, city: City) -> None:
    strong = make_account("olga", Role.OFFICER, mall=city.mall, booth=place.booth_id)
    at = people.SharedPc(Pin.objects.all()[0].pc, city.mall, place.booth_id, city.today)
    people.set_pin(by=BY, account=strong.pk, pin="602914", at=at)
    give(strong, Role.MANAGER, mall=city.mall)
    assert change(pc, place, strong, "602914").status_code == 403
    other = Client()
    sign_in(other, "olga")
    assert "PIN di komputer ini" not in sentence(other.get("/masuk/akun"))


@pytest.mark.parametrize(
    ("pin", "again", "code"),
    [("12345", None, "pin_not_fit"), ("12345a", None, "pin_not_fit"), ("123456", None, "pin_too_weak"),
     ("222222", None, "pin_too_weak"), ("121212", None, "pin_too_weak"), ("480480", None, "pin_too_weak"),
     ("480271", "480272", "pins_differ")],
)  # fmt: skip
def test_a_pin_that_is_none_or_weak_is_not_set(officers: Any, pin: str, again: str | None, code: str) -> None:
    client = Client()
    sign_in(client, "lani")
    answer = set_pin(client, pin, again)
    assert answer.status_code == 422 and f'data-code="{code}"' in answer.content.decode()
    assert not Pin.objects.exists()


def test_a_pin_is_set_with_the_password_just_shown_and_a_pin_shows_nobody(
    pc: Client, place: Place, officers: Any
) -> None:
    change(pc, place, officers["mira"], PINS["mira"])
    asked = pc.get("/masuk/akun/pin")
    assert asked["Location"] == "/masuk/pastikan?next=%2Fmasuk%2Fakun%2Fpin"
    assert pc.post("/masuk/pastikan", {"password": PASSWORD, "next": "/masuk/akun/pin"}).status_code == 303
    assert set_pin(pc, "739105").status_code == 303
    booth = Booth.objects.get(pk=place.booth_id)
    assert pc.post("/masuk/akun/pin/hapus", {"booth": booth.pk}).status_code == 303
    assert not Pin.objects.filter(account=officers["mira"]).exists()
