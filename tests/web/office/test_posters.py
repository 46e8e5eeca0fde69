"""The maklumat: whose it is, who signs, from the form or from the city's own sheet."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import RequestFactory

from satuatap.features.malls import queries as malls
from satuatap.features.malls.models import CityLine
from satuatap.features.people import queries as people
from satuatap.features.people.refusals import NoSuchAgency
from satuatap.web.inputs import BadDate
from satuatap.web.office.posters import values_of
from satuatap.web.office.shared import Office
from tests.web.office.conftest import City

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(city: City) -> Iterator[Office]:
    mall = next(one for one in malls.malls() if one.id == city.mall)
    lines = [
        CityLine.objects.create(sheet="city", key=f"maklumat.{mall.code}.{key}", value=value)
        for key, value in (("jabatan", "Kepala DPMPTSP"), ("tanggal", "2026-11-27"))
    ]
    yield Office(mall, True, ())
    for line in lines:  # the tests of the office share one city
        line.delete()


def test_the_citys_sheet_says_who_signs_and_the_form_goes_before_it(office: Office, city: City) -> None:
    said = values_of(RequestFactory().get("/", {"nama": "Contoh", "tempat": "Palembang"}), office)
    assert (said["who"], said["city"], said["role"]) == (
        office.mall.name, "Pemerintah Kota Palembang", "Kepala DPMPTSP",
    )  # fmt: skip
    assert (said["name"], said["place"], said["date"]) == ("Contoh", "Palembang", "27 November 2026")
    assert values_of(RequestFactory().get("/", {"jabatan": "Plt. Kepala"}), office)["role"] == "Plt. Kepala"
    manager = city.client("manager")
    page = manager.get("/pengelolaan/maklumat").content.decode()
    assert "/pengelolaan/maklumat/cetak" in page
    assert f"maklumat.{office.mall.code}.nama" in page
    paper = manager.get("/pengelolaan/maklumat/cetak?instansi=dukcapil&ukuran=a3")
    assert paper.headers["Content-Type"] == "application/pdf" and paper.content.startswith(b"%PDF")
    assert "/layanan/ktp-el-baru/standar.pdf" in manager.get("/pengelolaan/layanan").content.decode()


def test_an_agency_speaks_for_itself(office: Office) -> None:
    bank = next(one for one in people.agencies() if one.kind == "bumd")
    said = values_of(RequestFactory().get("/", {"instansi": bank.code}), office)
    assert said["city"] == "" and said["role"] == "" and said["who"] == bank.name
    with pytest.raises(NoSuchAgency):
        values_of(RequestFactory().get("/", {"instansi": "tidak-ada"}), office)
    with pytest.raises(BadDate):
        values_of(RequestFactory().get("/", {"tanggal": "kemarin"}), office)
