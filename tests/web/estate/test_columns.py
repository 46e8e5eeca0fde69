"""A sheet of the city's own comes in by columns that a planner chose; next year its headings are known again."""

from __future__ import annotations

import io
import re
from typing import Any
from uuid import uuid4

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from satuatap.features.estate import queries as estate
from tests.web.estate.test_screens import page, press

pytestmark = pytest.mark.django_db


def workbook(*rows: list[object]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Gedung"
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


LIST = workbook(
    ["DAFTAR GEDUNG", None, None, None, None],
    [None, None, None, None, None],
    ["No", "Nama barang", "Register", "Kondisi", "Luas lantai (M2)"],
    [1, "Gudang Alat", "71-0090", "B", "1.480,5"],
    [2, "Kantor Arsip Lama", "71-0091", "RB", "seribu"],
    [None, None, None, None, None],
)
RULES = {
    "isi": "buildings", "halaman": "0", "judul": "3", "tinggi": "1",
    "from-code": "Nama barang", "code-code": "1", "from-name": "Nama barang", "from-nibar": "Register",
    "from-condition": "Kondisi", "from-area_m2": "Luas lantai (M2)", "numbers-area_m2": "id",
    "from-ownership": "=", "fixed-ownership": "city", "from-use": "=", "fixed-use": "used",
    "from-district": "=", "fixed-district": "16.71.01", "from-source": "=", "fixed-source": "Daftar gedung BPKAD 2026",
}  # fmt: skip


def take(client: Any, name: str, data: bytes) -> str:
    answer = client.post("/studio/kolom", {"key": str(uuid4()), "file": SimpleUploadedFile(name, data)})
    assert answer.status_code == 303, answer.content.decode()[:1500]
    return str(answer["Location"])


def test_columns_are_chosen_once_looked_at_kept_and_known_again(who: Any) -> None:
    planner = who("planner")
    address = take(planner, "gedung-2026.xlsx", LIST)
    text = page(planner, address)
    assert "3: No | Nama barang" in text and "Judulnya dikenali" not in text
    text = press(planner, address, do="look", **RULES).content.decode()
    assert "<del>1.480,5</del><b>1480.5</b>" in text and "gudang-alat" in text  # before and after
    words = {theirs: name for name, theirs in re.findall(r'name="(word-condition-\d)" aria-label="(\w+)"', text)}
    assert set(words) == {"B", "RB"}  # their words, each with a choice of ours
    chosen = {words["B"]: "good", words["RB"]: "heavy_damage"}
    draft = press(planner, address, do="bring", name="Daftar BPKAD", **RULES, **chosen)["Location"]
    text = page(planner, draft)
    assert "seribu" in text and "bukan angka" in text  # what does not read as chosen is named, not guessed

    mended = LIST_2027
    address = take(who("asset"), "gedung-2027.xlsx", mended)
    text = page(who("asset"), address)
    assert "Judulnya dikenali" in text and "Daftar BPKAD" in text
    fields = _fields(text)
    draft = press(who("asset"), address, do="bring", **fields)["Location"]
    text = page(who("asset"), draft)
    assert "2 baris akan berubah" in text and "hilang</b>" not in text  # what the file does not name stays
    before = len(estate.sheet_rows(("buildings",))["buildings"])
    assert press(who("asset"), draft).status_code == 303
    rows = {row["code"]: row for row in estate.sheet_rows(("buildings",))["buildings"]}
    assert len(rows) == before + 2
    assert rows["gudang-alat"]["area_m2"] == 1480.5 and rows["gudang-alat"]["condition"] == "good"
    assert rows["kantor-arsip-lama"]["nibar"] == "71-0091"


LIST_2027 = workbook(
    ["DAFTAR GEDUNG TAHUN 2027"],
    ["No", "Nama barang", "Register", "Kondisi", "Luas lantai (M2)", "Keterangan baru"],
    [1, "Gudang Alat", "71-0090", "B", "1.480,5", "x"],
    [2, "Kantor Arsip Lama", "71-0091", "RB", "1.000", None],
)


def _fields(text: str) -> dict[str, str]:
    """What the form would send as it stands."""
    found = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', text))
    found |= dict(re.findall(r'<input class="input" name="([\w-]+)" value="([^"]*)"', text))
    found |= dict.fromkeys(re.findall(r'name="(code-\w+)" value="1" checked', text), "1")
    for name, options in re.findall(
        r'<select class="select"[^>]*? name="([\w-]+)"[^>]*>(.*?)</select>', text, re.DOTALL
    ):
        chosen = re.search(r'value="([^"]*)" selected', options)
        if chosen:
            found[name] = chosen[1]
    return {name: value for name, value in found.items() if name not in ("key", "csrfmiddlewaretoken")}


def test_a_row_found_by_its_register_number_keeps_its_code_and_what_the_file_does_not_say(who: Any) -> None:
    again = workbook(
        ["Nama barang", "Register", "Luas lantai (M2)"], ["Gudang Alat DLH", "71-0090", "1.500"], ["", "", ""]
    )
    rules = {name: value for name, value in RULES.items() if "condition" not in name} | {"judul": "1"}
    draft = press(who("planner"), take(who("planner"), "x.xlsx", again), do="bring", **rules)["Location"]
    text = page(who("planner"), draft)
    assert "1 baris akan berubah" in text and "1480.5" in text
    press(who("planner"), draft)
    row = next(one for one in estate.sheet_rows(("buildings",))["buildings"] if one["nibar"] == "71-0090")
    assert (row["code"], row["name"], row["area_m2"]) == ("gudang-alat", "Gudang Alat DLH", 1500)
    assert row["condition"] == "good"  # the file is silent about it


def test_realised_costs_with_their_account_code(who: Any) -> None:
    csv = "Kode Rekening;Uraian;SKPD;Realisasi\n5.1.02.03.02.0001;Cat dinding;MPP;Rp 1.234.567,00\n".encode("cp1252")
    rules = {
        "isi": "upkeep", "halaman": "0", "judul": "1", "tinggi": "1", "from-building": "SKPD", "word-building-0": "mpp",
        "from-work": "Uraian", "from-year": "=", "fixed-year": "2025", "from-amount": "Realisasi",
        "numbers-amount": "id", "from-budget_code": "Kode Rekening", "from-source": "=", "fixed-source": "SIPD 2025",
    }  # fmt: skip
    draft = press(who("asset"), take(who("asset"), "realisasi.csv", csv), do="bring", **rules)["Location"]
    assert press(who("asset"), draft).status_code == 303
    row = next(one for one in estate.sheet_rows(("upkeep",))["upkeep"] if one["work"] == "Cat dinding")
    assert (row["amount"], row["budget_code"]) == (1_234_567, "5.1.02.03.02.0001")
    assert estate.standing(row, "amount") == "sourced"
    shown = page(who("reader"), "/studio/gedung/mpp")
    assert "5.1.02.03.02.0001" in shown and "Rp1.234.567" in shown


def test_a_sheet_without_headings_is_asked_about(who: Any) -> None:
    bare = workbook(["dinas-a", 3], ["dinas-b", 4])
    text = page(who("planner"), take(who("planner"), "tanpa.xlsx", bare))
    assert "tidak terlihat baris judul" in text and 'value="(A)"' in text
    answer = who("planner").post("/studio/kolom", {"key": str(uuid4()), "file": SimpleUploadedFile("a.pdf", b"%PDF-1")})
    assert answer.status_code == 422 and "bukan XLSX atau CSV" in answer.content.decode()
    address = take(who("planner"), "tanpa.xlsx", bare)
    page(who("reader"), address, 403)
