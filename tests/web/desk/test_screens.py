"""Officer, help desk and floor on their pages: a refusal stands where the key was pressed, and each key says why."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from satuatap.features.catalogue.models import Service
from satuatap.features.malls import queries as malls
from satuatap.features.malls.models import Booth
from satuatap.features.malls.models import Desk as Place
from satuatap.features.people.states import Role
from satuatap.features.visits import actions, queries
from satuatap.features.visits.models import Desk, Floor, StepTime, Visit
from satuatap.web.components.templatetags.satuatap import clock_time
from satuatap.web.floor.drawing import span_of
from satuatap.web.portal.place import opening_of
from tests.factories.floors import BY
from tests.factories.people import make_account
from tests.web.office.conftest import City

pytestmark = pytest.mark.django_db

HOURS = "/pengelolaan/jam"


@pytest.fixture(scope="package")
def place(city: City) -> Place:
    return Place.objects.get(booth__code="dukcapil-kk", code="7", mall=city.mall)


@pytest.fixture(scope="package")
def staff(city: City, place: Place, django_db_blocker) -> dict[str, Client]:
    with django_db_blocker.unblock():
        city.accounts["kk"] = make_account("rani", Role.OFFICER, mall=city.mall, booth=place.booth_id)
        city.accounts["informasi"] = make_account("wati", Role.HELP_DESK, mall=city.mall)
    return {who: city.client(who) for who in ("kk", "informasi", "manager")}


@pytest.fixture(autouse=True)
def _open_hours(city: City) -> None:
    now = malls.now(city.mall)
    Floor.objects.filter(pk=city.mall).update(
        open_from=now - timedelta(days=400), open_until=now + timedelta(days=400), closed_day=None
    )


def press(client: Client, address: str, **fields: object):
    return client.post(address, {"key": str(uuid4()), **fields})


def number(staff: dict[str, Client], service: str = "kk-baru", **fields: object) -> Visit:
    answer = press(staff["informasi"], "/bantuan/ambil", services=service, **fields)
    assert answer.status_code == 303, answer.content.decode()[:2000]
    return Visit.objects.latest("pk")


def test_a_refusal_stands_on_the_desk_itself(staff, place):
    home = f"/loket/{place.pk}"
    answer = press(staff["kk"], f"{home}/ulang")
    page = answer.content.decode()
    assert answer.status_code == 409
    assert 'data-code="nobody_at_desk"' in page
    assert f'action="{home}/buka"' in page  # the desk as it is now
    assert f"url={home}" in page  # without script the page renews itself at its own address


def test_the_break_after_this_citizen_can_be_taken_back(staff, place):
    home = f"/loket/{place.pk}"
    visit = number(staff, **{"class": "1"})
    press(staff["kk"], f"{home}/buka")
    ready = staff["kk"].get(home).content.decode()
    assert "didahulukan" in ready
    assert f"Kenapa {visit.number}?" in ready
    press(staff["kk"], f"/langsung/loket/{place.pk}/panggil")
    called = staff["kk"].get(home).content.decode()
    assert "“Panggil ulang” terbuka" in called
    assert "“Tidak datang” terbuka sesudah" in called
    press(staff["kk"], f"{home}/istirahat", reason="trouble")
    assert "Loket tidak jadi terganggu" in staff["kk"].get(home).content.decode()
    press(staff["kk"], f"{home}/buka")
    assert "Istirahat setelah ini" in staff["kk"].get(home).content.decode()
    press(staff["kk"], f"/langsung/loket/{place.pk}/mulai")
    row = Desk.objects.get(pk=place.pk)
    press(staff["kk"], f"/langsung/loket/{place.pk}/selesai", result="done", visit=row.visit_id, seq=row.seq)
    over = staff["kk"].get(home).content.decode()
    assert f'Terakhir:</b> <span class="num">{visit.number}</span>' in over
    press(staff["kk"], f"{home}/tutup")


def test_an_errand_can_be_handed_over_within_the_agency_too(staff, place):
    number(staff)
    press(staff["kk"], f"/loket/{place.pk}/buka")
    press(staff["kk"], f"/langsung/loket/{place.pk}/panggil")
    page = staff["kk"].get(f"/loket/{place.pk}").content.decode()
    assert '<option value="ktp-el-ganti">' in page
    assert '<option value="kk-baru">' not in page  # what she has come for
    press(staff["kk"], f"/loket/{place.pk}/batal")
    press(staff["kk"], f"/loket/{place.pk}/tutup")


def test_the_help_desk_keeps_what_was_chosen_when_it_is_refused(staff, city):
    Floor.objects.filter(pk=city.mall).update(open_until=malls.now(city.mall) - timedelta(minutes=1))
    queries.hall(city.mall, fresh=True)  # no fact told the screens of this change
    answer = press(staff["informasi"], "/bantuan/ambil", services="kk-baru", **{"class": "1"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert 'data-code="mall_closed"' in page
    assert 'name="services" value="kk-baru"' in page
    assert 'name="class" value="1"' in page
    assert "Nomor diberikan" in page  # why the key is off


def test_the_class_is_not_lost_while_services_are_chosen(staff):
    page = staff["informasi"].get("/bantuan", {"kelas": "1", "layanan": "kk-baru", "q": "paspor"}).content.decode()
    assert page.count('name="kelas" value="1"') == 2  # the search and its results carry it on
    assert 'name="class" value="1"' in page
    assert "kelas=1" in page.split("Hapus")[0]


def test_a_booth_closed_for_today_gives_no_numbers_until_the_rule_is_withdrawn(staff, city, post, place):
    booth = Booth.objects.get(pk=place.booth_id)
    made = post(HOURS, day=city.today.isoformat(), kind="closure", name="Rapat", booth=booth.pk)
    assert made.status_code == 303
    shown = staff["manager"].get(HOURS)  # another client: the sentence waits for who wrote it
    assert "Rapat" in shown.content.decode()
    answer = press(staff["informasi"], "/bantuan/ambil", services="kk-baru")
    assert answer.status_code == 409
    assert 'data-code="booth_closed"' in answer.content.decode()
    assert "gerainya tutup hari ini" in staff["informasi"].get("/bantuan", {"q": "kk hilang"}).content.decode()
    assert "gerai tutup hari ini" in staff["manager"].get("/pengelolaan/loket").content.decode()
    assert "Gerai ini tutup hari ini." in staff["kk"].get(f"/loket/{place.pk}").content.decode()
    rule = shown.content.decode().split("/tarik")[0].rsplit("/", 1)[1]
    assert post(f"{HOURS}/{rule}/tarik").status_code == 303
    number(staff)


def test_every_screen_says_until_when_a_booth_that_closes_early_gives_numbers(staff, city):
    """By the day's own bound, whatever the clock of this machine shows; live errands go on."""
    here = StepTime.objects.filter(mall=city.mall, service=Service.objects.get(code="kk-baru").pk)
    ends = {step: malls.now(city.mall) + timedelta(hours=1) for step in here.values_list("step", flat=True)}
    try:
        actions.bound_steps(by=BY, mall=city.mall, day=city.today, until=ends)
        queries.hall(city.mall, fresh=True)
        help_desk = {"q": "kk baru", "layanan": "kk-baru"}
        until = clock_time(next(iter(ends.values())), malls.mall(city.mall).zone_name)
        assert f"Nomor sampai {until} hari ini." in staff["informasi"].get("/bantuan", help_desk).content.decode()
        waiting = number(staff)
        over = {step: malls.now(city.mall) - timedelta(minutes=1) for step in ends}
        actions.bound_steps(by=BY, mall=city.mall, day=city.today, until=over)
        queries.hall(city.mall, fresh=True)
        assert "nomornya hanya sampai" in staff["informasi"].get("/bantuan", help_desk).content.decode()
        answer = press(staff["informasi"], "/bantuan/ambil", services="kk-baru")
        assert (answer.status_code, 'data-code="booth_ended"' in answer.content.decode()) == (409, True)
        kiosk = staff["informasi"].get("/anjungan/pilih", {"layanan": "kk-baru", "buka": "dukcapil"}).content.decode()
        assert "gerainya sudah tidak memberi nomor hari ini" in kiosk
        assert "hari ini sudah selesai" in kiosk
        assert not Visit.objects.get(pk=waiting.pk).gone_at, "her errand goes on"
        shown = Client().get("/layanan/kk-baru").content.decode(), Client().get("/rencana?u=kk-baru").content.decode()
        opening = opening_of(malls.mall(city.mall), malls.now(city.mall))
        assert all(("Gerainya memberi nomor hanya sampai" in page) is opening.is_open for page in shown)
    finally:
        actions.bound_steps(by=BY, mall=city.mall, day=city.today, until={})
        queries.hall(city.mall, fresh=True)


def test_who_was_not_served_is_listed_on_the_floor(staff, city):
    visit = number(staff, "ktp-el-ganti")
    press(staff["manager"], "/pantauan/tutup")
    queries.hall(city.mall, fresh=True)
    page = staff["manager"].get("/pantauan").content.decode()
    assert "urusan yang masih menunggu saat ditutup" in page
    assert f'<b class="num">{visit.number}</b>' in page


@pytest.mark.parametrize(("minutes", "span"), [(0, 75), (71, 75), (72, 150), (142, 150), (143, 300), (900, 600)])
def test_the_bars_scale_holds_the_longest_wait(minutes, span):
    assert span_of(minutes) == span


def test_a_form_sent_after_the_session_leads_back_to_its_page(city, place):
    home = f"/loket/{place.pk}"
    answer = Client().post(f"{home}/ulang", {"key": str(uuid4())}, headers={"Referer": f"http://testserver{home}?a=1"})
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"/masuk?next=%2Floket%2F{place.pk}%3Fa%3D1"
    page = Client().get(answer.headers["Location"]).content.decode()
    assert "Masuk untuk melanjutkan" in page
    foreign = Client().post(f"{home}/ulang", headers={"Referer": "http://elsewhere.example/x"})
    assert foreign.headers["Location"] == "/masuk"
