"""Closures and special hours from the office, as the citizen reads them; and who did it."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from satuatap.features.journal.actions import number_entries
from satuatap.features.malls.models import CalendarDay

pytestmark = pytest.mark.django_db(transaction=True)
HOURS = "/pengelolaan/jam"
REASON = "Pemeliharaan listrik <gedung>"


def by_hand() -> int:
    return CalendarDay.objects.filter(by_hand=True).count()


def home() -> str:
    return Client().get("/").content.decode()


def test_a_closure_is_read_by_citizens_and_withdrawn(city, post):
    before, key = by_hand(), uuid4()
    assert "Tutup hari ini" not in home()
    for _press in range(2):
        assert post(HOURS, key=key, day=city.today.isoformat(), kind="closure", name=REASON).status_code == 303
    assert by_hand() == before + 1
    shown = home()
    assert "Tutup hari ini" in shown
    assert "Pemeliharaan listrik &lt;gedung&gt;" in shown
    assert 'href="office"' not in shown
    assert "Hari ini tutup." in city.client("manager").get(HOURS).content.decode()

    row, key = CalendarDay.objects.get(by_hand=True, name=REASON), uuid4()
    assert post(f"{HOURS}/{row.pk}/tarik", who="elsewhere").status_code == 409
    assert by_hand() == before + 1
    for _press in range(2):
        assert post(f"{HOURS}/{row.pk}/tarik", key=key).status_code == 303
    assert by_hand() == before
    assert "Tutup hari ini" not in home()


def test_special_hours_once_a_day(city, post, refused):
    day = (city.today + timedelta(days=6)).isoformat()
    values = {"day": day, "kind": "special_hours", "name": "Rapat", "opens": "09.00", "closes": "11.30"}
    assert post(HOURS, **values).status_code == 303
    assert "09.00 sampai 11.30" in city.client("manager").get(HOURS).content.decode()
    refused(HOURS, 409, "day_known", **values)


def test_what_no_day_can_be(city, refused):
    good = {"day": (city.today + timedelta(days=9)).isoformat(), "kind": "closure", "name": "Rapat"}
    special = good | {"kind": "special_hours"}
    refused(HOURS, 400, "bad_date", **good | {"day": "2026-02-30"})
    refused(HOURS, 400, "bad_date", **good | {"day": ""})
    refused(HOURS, 422, "day_in_the_past", **good | {"day": (city.today - timedelta(days=1)).isoformat()})
    refused(HOURS, 422, "reason_missing", **good | {"name": "   "})
    refused(HOURS, 400, "too_long", **good | {"name": "x" * 161})
    refused(HOURS, 422, "hours_missing", **special)
    refused(HOURS, 400, "bad_time", **special, opens="pagi", closes="12.00")
    refused(HOURS, 422, "hours_upside_down", **special, opens="12.00", closes="09.00")
    refused(HOURS, 403, "not_in_your_mall", **good, booth=city.foreign_booth)
    assert not CalendarDay.objects.filter(by_hand=True, date=good["day"]).exists()


def test_a_row_of_the_citys_file_is_not_taken_back_here(city, refused):
    row = CalendarDay.objects.filter(by_hand=False).first()
    refused(f"{HOURS}/{row.pk}/tarik", 409, "not_by_hand")


def test_history_names_who_changed_what(city, post):
    city.accounts["manager"].refresh_from_db()
    day = city.today + timedelta(days=30)
    assert post(HOURS, day=day.isoformat(), kind="closure", name="Rapat besar").status_code == 303
    number_entries()  # as the server does by itself
    page = city.client("manager").get("/pengelolaan/riwayat?bagian=hours").content.decode()
    today, newest = page.split('<ul class="log">')[1].split("</li>")[:2]
    assert 'class="day"' in today
    assert "Tutup ditambahkan" in newest
    assert str(day.year) in newest
    assert city.accounts["manager"].display_name in newest
    elsewhere = city.client("elsewhere").get("/pengelolaan/riwayat?bagian=hours").content.decode()
    assert "Tutup ditambahkan" not in elsewhere


@pytest.mark.parametrize("room", ["", "/orang", "/loket", "/jam", "/layanan", "/riwayat"])
def test_every_room_opens_for_both_and_is_shut_to_an_officer(city, room):
    for who in ("manager", "keeper", "elsewhere"):
        answer = city.client(who).get(f"/pengelolaan{room}")
        assert answer.status_code == 200
        assert answer.content.decode().count("<h1") == 1
    assert city.client("officer").get(f"/pengelolaan{room}").status_code == 403
