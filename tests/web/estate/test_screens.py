"""The estate on screens: who reads and who keeps it, an import with its mends, taken back; norms by their house."""

from __future__ import annotations

import io
import re
from typing import Any
from uuid import uuid4

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from satuatap.features.estate import queries as estate
from satuatap.plumbing.sheets.write import as_csv
from satuatap.project.city.format import BOOK
from satuatap.project.city.state import row_key

pytestmark = pytest.mark.django_db


def page(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, answer.content.decode()[:2000]
    return answer.content.decode()


def upload(client: Client, **files: bytes) -> Any:
    some = [SimpleUploadedFile(f"{name}.csv", data) for name, data in files.items()]
    return client.post("/studio/impor", {"key": str(uuid4()), "files": some})


def press(client: Client, address: str, **values: Any) -> Any:
    return client.post(address, {"key": str(uuid4()), **values})


def test_every_figure_says_how_it_is_known(who: Any) -> None:
    reader = who("reader")
    houses = page(reader, "/studio/gedung")
    assert "Mal Pelayanan Publik Palembang" in houses and "data contoh" in houses and "bersumber" in houses
    assert "Balai Kota" not in page(reader, "/studio/gedung?cari=pelayanan+publik")
    one = page(reader, "/studio/gedung/mpp")
    assert "Identitas barang milik daerah" in one and "Lihat sebagai tabel" in one and "CONTOH-PLN-001" in one
    assert "kode rekening" in one.lower() and "Ubah gedung ini" not in one
    assert "Ubah gedung ini" in page(who("asset"), "/studio/gedung/mpp")
    page(reader, "/studio/gedung/tidak-ada", 404)
    assert "dari norma" in page(reader, "/studio/unit")
    norms = page(reader, "/studio/harga")
    assert "Permen ESDM 13/2012" in norms and "tanpa sumber" in norms
    found = page(reader, "/studio/mutu")
    assert "rekaan di" in found
    page(who("officer"), "/studio/gedung", 403)


def test_a_remark_leads_to_its_row(who: Any) -> None:
    key = row_key("units", {"code": "dukcapil"})
    assert "Dinas Kependudukan" in page(who("reader"), f"/studio/daftar/units/{key}")
    assert press(who("reader"), f"/studio/daftar/units/{key}").status_code == 403
    page(who("planner"), "/studio/daftar/agencies", 404)  # the city's other sheets are not theirs


def test_three_lists_come_as_a_template_and_what_stands_as_a_file(who: Any) -> None:
    answer = who("planner").get("/studio/impor/templat/tiga")
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert book.sheetnames == ["petunjuk", "buildings", "units", "placements"]
    answer = who("planner").get("/studio/impor/isi/semua")
    same = SimpleUploadedFile("isi.xlsx", answer.content)
    draft = who("planner").post("/studio/impor", {"key": str(uuid4()), "files": [same]})["Location"]
    assert "Tidak ada yang berubah" in page(who("planner"), draft)
    assert who("reader").get("/studio/impor/isi/semua").status_code == 403


UPKEEP = b"building,work,year,amount\nmpp,Cat,2025,Rp1.250.000\nmpp,Cat,2025,Rp1.250.000\nmp,Atap,2025,100\n"


def test_an_import_is_mended_shown_applied_and_taken_back(who: Any) -> None:
    planner, before = who("planner"), estate.sheet_rows(("upkeep",))["upkeep"]
    draft = upload(planner, upkeep=UPKEEP, agencies=b"code,name,kind\nx,X,opd\n")["Location"]
    text = page(planner, draft)
    assert "Dibiarkan, karena bukan lembar inventaris: Instansi" in text
    assert "D2: " in text and "uang sebagai teks" in text and "Betulkan 2 yang jelas" in text
    answer = planner.get(f"{draft}/masalah")
    listed = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert listed is not None and listed.max_row == 5
    draft = press(planner, f"{draft}/betulkan")["Location"]
    draft = press(planner, f"{draft}/betulkan")["Location"]
    text = page(planner, draft)
    place = re.search(r'name="place" value="(\d+)"', text)
    assert "Pakai mpp" in text and place is not None
    draft = press(who("asset"), f"{draft}/betulkan", place=place[1])["Location"]  # another keeper goes on with it
    assert f"Terapkan {2 + len(before)} perubahan" in page(who("asset"), draft)
    assert press(who("asset"), draft).status_code == 303
    assert {row["work"] for row in estate.sheet_rows(("upkeep",))["upkeep"]} == {"Cat", "Atap"}
    number = draft.rsplit("/", 1)[1]
    assert press(planner, f"/studio/perubahan/{number}/batalkan").status_code == 303
    assert estate.sheet_rows(("upkeep",))["upkeep"] == before


BAD = {
    "unit twice": ({"units": b"code,name,headcount\na,A,3\na,B,4\n"}, "sama dengan baris 2"),
    "no area": ({"buildings": b"code,name,area_m2,ownership,use\nx,X,,city,used\n"}, "kosong."),
    "wrong meter": (
        {"bills": b"meter,first_day,last_day,quantity,amount\nNIHIL-1,2025-01-01,2025-01-31,5,5\n"},
        "tidak ada di lembar meters",
    ),
    "months overlap": (
        {
            "bills": b"meter,first_day,last_day,quantity,amount\nCONTOH-PLN-001,2025-01-01,2025-01-31,5,5\n"
            b"CONTOH-PLN-001,2025-01-20,2025-02-28,5,5\n"
        },
        "bertumpuk dengan tagihan di baris 2",
    ),
    "money as text": (
        {"upkeep": b'building,work,year,amount\nmpp,Cat,2025,"Rp 1.234.567,00"\n'},
        "Pakai 1234567",
    ),
    "no heading": ({"units": b"dinas-a,Dinas A,3\n"}, "kolom ini tidak ada"),
}


@pytest.mark.parametrize("name", sorted(BAD))
def test_bad_input_is_a_sentence_beside_its_row_and_nothing_is_written(who: Any, name: str) -> None:
    files, sentence = BAD[name]
    before = estate.sheet_rows()
    draft = upload(who("planner"), **files)["Location"]
    assert sentence in page(who("planner"), draft), name
    assert press(who("planner"), draft).status_code == 422
    assert estate.sheet_rows() == before
    assert press(who("planner"), f"{draft}/buang").status_code == 303


def test_prices_are_one_houses_and_rules_anothers(who: Any) -> None:
    key = row_key("norms", {"key": "trip.km"})
    row = next(one for one in estate.sheet_rows(("norms",))["norms"] if one["key"] == "trip.km")
    shown = page(who("asset"), f"/studio/daftar/norms/{key}")
    then = re.search(r'name="then" value="([^"]*)"', shown)
    assert then is not None
    typed = {f"c-{name}": "" if row[name] is None else str(row[name]) for name in row if name != "synthetic"}
    values = {**typed, "c-synthetic": "no", "c-likely": "2600", "then": then[1].replace("&quot;", '"')}
    refused = press(who("planner"), f"/studio/daftar/norms/{key}", **values)
    assert refused.status_code == 403 and "Harga (norma dalam rupiah) diubah BPKAD" in refused.content.decode()
    assert press(who("asset"), f"/studio/daftar/norms/{key}", **values).status_code == 303
    assert "2600" in page(who("reader"), f"/studio/daftar/norms/{key}")  # its history
    rows = estate.sheet_rows(("norms",))["norms"]
    norms = as_csv(BOOK.sheet("norms"), [{**one, "note": "x"} if one["key"] == "room.staff" else one for one in rows])
    draft = upload(who("asset"), norms=norms)["Location"]
    assert press(who("asset"), draft).status_code == 403  # how large a room is, is Bappeda's
    assert press(who("planner"), draft).status_code == 303


def test_a_part_of_a_list_adds_and_leaves_the_others(who: Any) -> None:
    one = b"code,name,area_m2,ownership,use\npos-uji,Pos uji,40,city,used\n"
    text = page(who("planner"), upload(who("planner"), buildings=one)["Location"])
    assert "unggah lagi dengan" in text  # as a whole list it would take away what others use
    some = [SimpleUploadedFile("buildings.csv", one)]
    draft = who("planner").post("/studio/impor", {"key": str(uuid4()), "files": some, "part": "1"})["Location"]
    text = page(who("planner"), draft)
    assert "Terapkan 1 perubahan" in text and "baris yang tidak ada di berkas dibiarkan" in text
    bill = b"meter,first_day,last_day,quantity,amount\nCONTOH-PLN-001,2025-01-20,2025-01-25,5,5\n"
    some = [SimpleUploadedFile("bills.csv", bill)]
    draft = who("planner").post("/studio/impor", {"key": str(uuid4()), "files": some, "part": "1"})["Location"]
    assert "yang sudah tercatat" in page(who("planner"), draft)  # overlaps a bill that stands
