"""The keeper sees how the installation is and what became of citizens' data; nothing is written by looking."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import HttpResponse

import satuatap
from satuatap.basics.actor import Actor
from satuatap.features.journal.actions import announce, number_entries
from satuatap.features.malls.models import CityChange
from satuatap.features.visits.facts import ContactErased, ContactRead
from satuatap.plumbing import space
from satuatap.plumbing.space import Space
from satuatap.project.operate import office
from satuatap.project.operate.doctor import machine
from satuatap.project.privacy.declared import declared_fields
from satuatap.project.privacy.register import activities
from tests.web.office.conftest import City, written

pytestmark = pytest.mark.django_db

SYSTEM, CITIZENS = "/pengelolaan/sistem", "/pengelolaan/data-warga"


@pytest.fixture(autouse=True)
def _look_anew() -> Iterator[None]:
    office.forget_health()
    yield
    office.forget_health()


def test_health_is_sentences_with_what_to_do_the_worst_first(city: City, settings, monkeypatch) -> None:
    monkeypatch.setattr(machine, "space", lambda _folder: Space(10**8, 10**11, 2 * 10**9, 5 * 10**8))
    before = written()
    page = city.client("keeper").get(SYSTEM).content.decode()
    assert f"satuatap {satuatap.__version__}" in page and "Belum ada cadangan. Jalankan: satuatap backup" in page
    assert "impor sudah dihentikan" in page and "perlu hari ini" in page
    assert page.index("perlu hari ini") < page.index("untuk diketahui") < page.index(">baik<")
    assert "hal perlu ditangani hari ini." in page
    assert written() == before
    english = city.client("keeper")
    english.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert "There is no backup. Run: satuatap backup" in english.get(SYSTEM).content.decode()


def test_no_secret_stands_on_the_page_and_a_minute_serves_everybody(city: City, settings, monkeypatch) -> None:
    looked: list[object] = []
    monkeypatch.setattr(office, "_look", lambda now: looked.append(now) or office.Health("9", None, (), now))
    keeper = city.client("keeper")
    for _ in range(3):
        page = keeper.get(SYSTEM).content.decode()
    assert len(looked) == 1 and "Semua yang dilihat baik." in page
    monkeypatch.undo()
    office.forget_health()
    page = keeper.get(SYSTEM).content.decode()
    assert settings.SECRET_KEY not in page
    assert str(settings.DATABASES["default"].get("PASSWORD") or "no password") not in page


def test_the_register_is_readable_and_the_sheet_is_the_commands(city: City) -> None:
    keeper = city.client("keeper")
    page = keeper.get(CITIZENS).content.decode()
    declared = activities(declared_fields())
    assert page.count('class="card pad activity"') == len(declared) > 1
    rows = list(csv.DictReader(io.StringIO(keeper.get(f"{CITIZENS}/unduh").content.decode())))
    assert rows == office.register() and len(rows) == len(declared)


def test_who_looked_and_why_and_what_the_night_erased(city: City, post: Callable[..., HttpResponse]) -> None:
    contact, manager = str(uuid4()), Actor.account(city.accounts["manager"].pk)
    with transaction.atomic():
        announce(ContactRead(contact, "phone", "left_behind"), by=manager, mall=city.mall)
        for why in ("end_date", "end_date", "withdrawn"):
            announce(ContactErased(str(uuid4()), why), by=Actor.system("night"), mall=city.mall)
    number_entries()
    page = city.client("keeper").get(CITIZENS).content.decode()
    assert f"Nomor telepon pada kontak {contact[:8]} dilihat: barang atau berkas tertinggal." in page
    assert ", Sari</small>" in page
    assert "<b>2</b> kontak yang sampai batas waktunya" in page
    assert "<b>1</b> kontak yang ditarik pengunjung" in page


def test_an_import_is_refused_before_it_is_read_when_the_disk_is_nearly_full(city: City, post, monkeypatch) -> None:
    monkeypatch.setattr(space, "space", lambda _folder: Space(10**8, 10**11, 2 * 10**9, 5 * 10**8))
    before, drafts = written(), CityChange.objects.count()

    def send() -> HttpResponse:
        return post("/pengelolaan/impor", "keeper", files=SimpleUploadedFile("agencies.csv", b"code,name\n"))

    answer = send()
    page = answer.content.decode()
    assert (answer.status_code, 'data-code="disk_nearly_full"' in page) == (507, True)
    assert "Nomor antrean tetap berjalan" in page
    assert (written(), CityChange.objects.count()) == (before, drafts)
    monkeypatch.undo()  # with room again the same file is read
    assert (
        post("/pengelolaan/impor", "keeper", files=SimpleUploadedFile("agencies.csv", b"code,name\n")).status_code
        == 303
    )
    CityChange.objects.filter(applied_at=None).delete()
