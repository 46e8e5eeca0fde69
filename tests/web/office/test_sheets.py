"""The city's sheets in the office: lists, forms, a sentence beside a wrong field, history, undo, import, export."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse

from satuatap.features.catalogue.models import Service
from satuatap.features.journal.actions import number_entries
from satuatap.features.malls.models import CityChange
from satuatap.features.people.models import Agency
from satuatap.project.city.state import read_state
from satuatap.web import uploads

from .conftest import City, Post, written

pytestmark = [pytest.mark.django_db(transaction=True)]
DATA = "/pengelolaan/data"


def get(city: City, address: str, who: str = "keeper") -> str:
    answer = city.client(who).get(address)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def key_of(sheet: str, **cells: str) -> str:
    rows = read_state()[sheet].items()
    return next(key for key, row in rows if all(row[name] == text for name, text in cells.items()))


def form(page: str) -> dict[str, str]:
    """What a browser would send of the form of a row, unchanged."""
    body = page[page.index('class="rowform"') : page.index("</form>", page.index('class="rowform"'))]
    found = {}
    for name, value in re.findall(
        r'<input (?:class="input" id="[^"]*"|type="hidden") name="([\w-]+)" value="([^"]*)"', body
    ):
        found[name] = unescape(value)
    for name, value in re.findall(r'<textarea [^>]*name="([\w-]+)"[^>]*>\n?([^<]*)</textarea>', body):
        found[name] = unescape(value)
    for name, options in re.findall(r'<select [^>]*name="([\w-]+)"[^>]*>(.*?)</select>', body, re.S):
        chosen = re.search(r'<option value="([^"]*)" selected', options) or re.search(
            r'<option value="([^"]*)"', options
        )
        found[name] = unescape(chosen[1]) if chosen else ""
    return found


def test_every_sheet_has_a_list_and_every_list_a_form(city: City) -> None:
    page = get(city, DATA)
    sheets = sorted(set(re.findall(r'href="/pengelolaan/data/([a-z_]+)"', page)) - {"unduh"})
    assert {"agencies", "booths", "calendar", "services", "standards", "requirements", "places"} <= set(sheets)
    for sheet in sheets:
        listed = get(city, f"{DATA}/{sheet}")
        row = re.search(rf'href="({DATA}/{sheet}/[0-9a-f]{{16}})"', listed)
        for address in [f"{DATA}/{sheet}/baru", *([row[1]] if row else [])]:
            assert 'class="rowform"' in get(city, address), address


def test_a_list_is_searched_and_shows_what_has_no_source(city: City) -> None:
    found = get(city, f"{DATA}/services?cari=kartu+keluarga")
    assert "kk-baru" in found and "ktp-el-rekam" not in found
    assert "Tidak ada baris yang cocok" in get(city, f"{DATA}/services?cari=zzzz")
    bare = get(city, f"{DATA}/places?tanpa=sumber")
    assert bare.count("belum bersumber") > 1 and "https://" not in bare


def test_a_form_that_is_sent_back_untouched_changes_nothing(city: City, post: Post) -> None:
    """For a row of each sheet: the form holds what the row holds, escapes and all."""
    before = written()
    for sheet, rows in read_state().items():
        for key in list(rows)[:3]:
            address = f"{DATA}/{sheet}/{key}"
            answer = post(address, who="keeper", **form(get(city, address)))
            assert answer.status_code == 422 and "nothing_changed" in answer.content.decode(), (sheet, address)
    assert written() == before


def test_an_agency_is_edited_told_and_taken_back(city: City, post: Post) -> None:
    address = f"{DATA}/agencies/{key_of('agencies', code='dinsos')}"
    fields = form(get(city, address)) | {"c-phone": "+62 711 99", "c-source": "https://contoh.id/a"}
    answer = post(address, who="keeper", **fields)
    assert answer.status_code == 303 and answer.headers["Location"] == f"{DATA}/agencies"
    assert Agency.objects.get(code="dinsos").phone == "+62 711 99"
    number_entries()  # as the server does by itself
    page = get(city, address)
    assert "<ins>+62 711 99</ins>" in page and "Tidak cocok dengan jurnal" not in page
    assert "Data kota diubah: agencies 1." in get(city, "/pengelolaan/riwayat?bagian=city")
    undo = re.search(r'action="(/pengelolaan/data/perubahan/[^"]+)"', page)
    assert undo
    assert post(undo[1], who="keeper").status_code == 303
    assert Agency.objects.get(code="dinsos").phone != "+62 711 99"
    again = post(undo[1], who="keeper")
    assert again.status_code == 409 and "change_undone" in again.content.decode()


def test_rows_that_were_altered_behind_the_journal_are_told(city: City, post: Post) -> None:
    address = f"{DATA}/agencies/{key_of('agencies', code='dinkes')}"
    post(address, who="keeper", **(form(get(city, address)) | {"c-phone": "1"}))
    number_entries()
    row = CityChange.objects.order_by("-made_at")[0].rows.get()
    assert row.after
    row.after["phone"] = "2"
    row.save()
    assert "Tidak cocok dengan jurnal" in get(city, address)


@pytest.mark.parametrize(
    ("field", "text", "sentence"),
    [("expected_minutes", "lama", "Bukan angka"), ("name", "", "Kosong"), ("at_mall", "mungkin", "Bukan salah satu"),
     ("summary", "=HYPERLINK(1)", "Rumus"), ("source_year", "1800", "Antara 1945"), ("agency", "x y", "Bukan kode")],
)  # fmt: skip
def test_a_wrong_field_has_its_sentence_beside_it(city: City, post: Post, field: str, text: str, sentence: str) -> None:
    address = f"{DATA}/services/{key_of('services', code='kk-baru')}"
    before = written()
    answer = post(address, who="keeper", **(form(get(city, address)) | {f"c-{field}": text}))
    page = answer.content.decode()
    assert answer.status_code == 422 and f'aria-describedby="e-{field}"' in page
    assert sentence in page[page.index(f'id="e-{field}"') :][:600]
    assert written() == before


def test_the_second_of_two_editors_is_told_and_can_go_on(city: City, post: Post) -> None:
    address = f"{DATA}/services/{key_of('services', code='kk-baru')}"
    mine = form(get(city, address)) | {"c-everyday_name": "KK saya"}
    post(address, who="keeper", **(form(get(city, address)) | {"c-everyday_name": "KK orang lain"}))
    answer = post(address, who="keeper", **mine)
    page = answer.content.decode()
    assert answer.status_code == 409 and "Isi sekarang: KK orang lain" in page and 'value="KK saya"' in page
    assert Service.objects.get(code="kk-baru").everyday_name == "KK orang lain"
    assert post(address, who="keeper", **form(page)).status_code == 303
    assert Service.objects.get(code="kk-baru").everyday_name == "KK saya"


def test_a_calendar_exception_comes_and_goes(city: City, post: Post) -> None:
    fields = {"date": "2027-03-03", "kind": "closure", "name": "Renovasi", "source": "Surat 5/2027", "synthetic": "no"}
    typed = {f"c-{name}": text for name, text in fields.items()}
    assert post(f"{DATA}/calendar/baru", who="keeper", **typed).status_code == 303
    key = key_of("calendar", name="Renovasi")
    page = get(city, f"{DATA}/calendar/{key}")
    version = re.search(r'name="version" value="(\w+)"', page)
    assert version
    stale = post(f"{DATA}/calendar/{key}/hapus", who="keeper", version="0" * 16)
    assert stale.status_code == 409
    assert post(f"{DATA}/calendar/{key}/hapus", who="keeper", version=version[1]).status_code == 303
    assert city.client("keeper").get(f"{DATA}/calendar/{key}").status_code == 404


def test_what_is_used_is_not_removed(city: City, post: Post) -> None:
    key = key_of("agencies", code="dukcapil")
    page = get(city, f"{DATA}/agencies/{key}")
    version = re.search(r'name="version" value="(\w+)"', page)
    assert version
    answer = post(f"{DATA}/agencies/{key}/hapus", who="keeper", version=version[1])
    assert answer.status_code == 422 and "tidak ada di lembar agencies" in answer.content.decode()


@pytest.mark.parametrize("then", ["", "[]", "null", '{"a": 1}', "{", "x" * 70_000])
def test_a_form_that_is_not_ours_is_refused(city: City, post: Post, then: str) -> None:
    address = f"{DATA}/services/{key_of('services', code='kk-baru')}"
    assert post(address, who="keeper", **(form(get(city, address)) | {"then": then})).status_code == 400


def send(city: City, *files: tuple[str, bytes], who: str = "keeper") -> HttpResponse:
    some = [SimpleUploadedFile(name, data) for name, data in files]
    return city.client(who).post("/pengelolaan/impor", {"key": str(uuid4()), "files": some})


def exported(city: City) -> dict[str, bytes]:
    answer = city.client("keeper").get(f"{DATA}/unduh")
    assert answer.status_code == 200 and answer.headers["Content-Type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_download_upload_and_nothing_changes(city: City) -> None:
    files = exported(city)
    assert files["staff.csv"].count(b"\n") == 1
    answer = send(city, *files.items())
    assert answer.status_code == 303
    page = get(city, answer.headers["Location"])
    assert "Tidak ada yang berubah" in page and "Terapkan" not in page


def test_an_import_is_shown_applied_and_taken_back(city: City, post: Post) -> None:
    data = exported(city)["services.csv"]
    before = Service.objects.get(code="kia").summary
    answer = send(city, ("services.csv", data.replace(before.encode(), b"Kartu anak baru", 1)))
    address = answer.headers["Location"]
    page = get(city, address)
    assert f"<del>{before}" in page and "<ins>Kartu anak baru</ins>" in page and "Terapkan 1 perubahan" in page
    assert Service.objects.get(code="kia").summary == before
    assert post(address, who="keeper").status_code == 303
    assert Service.objects.get(code="kia").summary == "Kartu anak baru"
    undo = re.search(r'action="(/pengelolaan/data/perubahan/[^"]+)"', get(city, DATA))
    assert undo and post(undo[1], who="keeper").status_code == 303
    assert Service.objects.get(code="kia").summary == before


def test_problems_stand_beside_their_place(city: City, post: Post) -> None:
    rows = exported(city)["hours.csv"].decode().splitlines()
    rows[1] = rows[1].replace("08:00", "jam delapan", 1)
    answer = send(city, ("hours.csv", "\n".join(rows).encode()))
    page = get(city, answer.headers["Location"])
    assert "jam delapan" in page and "Bukan jam" in page and "Terapkan" not in page
    refused = post(answer.headers["Location"], who="keeper")
    assert refused.status_code == 422 and "has_problems" in refused.content.decode()
    assert post(f"{answer.headers['Location']}/buang", who="keeper").status_code == 303
    assert city.client("keeper").get(answer.headers["Location"]).status_code == 404


def test_a_stale_import_is_said_and_compared_again(city: City, post: Post) -> None:
    data = exported(city)["services.csv"]
    before = Service.objects.get(code="kia").summary
    address = send(city, ("services.csv", data.replace(before.encode(), b"Dari impor", 1))).headers["Location"]
    row = f"{DATA}/services/{key_of('services', code='kia')}"
    post(row, who="keeper", **(form(get(city, row)) | {"c-summary": "Dari formulir"}))
    answer = post(address, who="keeper")
    assert answer.status_code == 409 and "bandingkan" in answer.content.decode()
    fresh = post(f"{address}/bandingkan", who="keeper").headers["Location"]
    assert "<del>Dari formulir</del>" in get(city, fresh)


def test_what_is_no_file_of_ours_gets_a_sentence(city: City) -> None:
    for files in ([], [("a.pdf", b"%PDF-1.4")], [("a.xls", b"\xd0\xcf\x11\xe0aaaa")]):
        answer = send(city, *files)
        assert answer.status_code == 422 and "not_an_import" in answer.content.decode()


def test_a_request_that_is_too_large_is_refused_unread(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MOST_BYTES", 10_000)
    assert send(city, ("services.csv", b"a" * 20_000)).status_code == 413


@pytest.mark.parametrize("who", ["manager", "officer"])
def test_only_who_keeps_the_city_may(city: City, post: Callable[..., Any], who: str) -> None:
    for address in (DATA, f"{DATA}/services", f"{DATA}/unduh", "/pengelolaan/impor"):
        assert city.client(who).get(address).status_code == 403
    assert send(city, ("services.csv", b"a"), who=who).status_code == 403
