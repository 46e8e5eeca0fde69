"""What a clerk does wrong: every problem of a file is told at once, each with its place, and nothing is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from satuatap.features.catalogue.models import Service
from satuatap.features.journal.models import Entry
from satuatap.features.malls.models import Mall
from satuatap.features.people.models import Account, Agency
from satuatap.project.city.opening import open_city, read_city
from tests.factories.cities import Rows, as_workbook, change, copy_of, put

# sheet, row, column, cell typed, what is wrong (a part of the sentence)
CELLS = [
    ("agencies", 3, "name", "", "kosong"),
    ("agencies", 4, "kind", "dinas", "bukan salah satu pilihan"),
    ("agencies", 5, "code", "Dinas Kesehatan", "bukan kode"),
    ("agencies", 6, "phone", "0-" * 31, "terlalu panjang"),
    ("agencies", 7, "source_year", "dua ribu", "bukan angka"),
    ("districts", 2, "centroid_lat", "124,83", "di luar batas"),
    ("malls", 2, "area_m2", "1 200", "bukan angka"),
    ("malls", 2, "timezone", "WITA", "bukan salah satu pilihan"),
    ("zones", 2, "name", "=1+1", "rumus"),
    ("zones", 2, "wayfinding", "#REF!", "kesalahan dari rumus"),
    ("zones", 3, "wayfinding", "+cmd|' /C calc'!A0", "rumus"),
    ("booths", 2, "agency", "dukcapill", "tidak ada di lembar agencies"),
    ("booths", 3, "zone", "Z", "tidak ada di lembar zones"),
    ("desks", 2, "booth", "gerai-hilang", "tidak ada di lembar booths"),
    ("desks", 3, "skills", "kk-baru/1; kk-barru/1", "bukan langkah yang ada"),
    ("desks", 4, "opens", "mungkin", "bukan ya atau tidak"),
    ("hours", 2, "opens", "25:00", "bukan jam"),
    ("hours", 3, "opens", "16:00", "tidak lebih awal"),
    ("hours", 4, "break_from", "", "istirahat tidak lengkap"),
    ("hours", 5, "break_from", "07:00", "istirahat di luar jam"),
    ("hours", 6, "weekday", "Jumat", "bukan angka"),
    ("hours", 7, "valid_from", "2026-04-01", "mulai berlaku sesudah"),
    ("hours", 8, "valid_until", "31/02/2026", "bukan tanggal"),
    ("calendar", 2, "date", "besok", "bukan tanggal"),
    ("calendar", 6, "opens", "", "kosong"),
    ("services", 2, "expected_minutes", "8 menit", "bukan angka"),
    ("services", 3, "expected_minutes", "0", "di luar batas"),
    ("services", 4, "name", "N" * 201, "terlalu panjang"),
    ("steps", 2, "after", "2", "bukan urutan sebelum langkah ini"),
    ("steps", 3, "after", "²", "bukan urutan sebelum langkah ini"),
    ("standards", 2, "office", "", "kosong"),
    ("standards", 3, "component", "15", "di luar batas"),
    ("documents", 2, "issued_by", "kk-baru; kk-lama", "tidak ada di lembar services"),
    ("policy", 3, "key", "cap_minute", "bukan aturan yang dikenal"),
    ("policy", 2, "value", "9" * 400 + "a", "bukan angka"),
    ("staff", 2, "username", "Ibu Sri", "bukan nama akun"),
    ("staff", 2, "desk", "5", "loket itu milik gerai bpjs"),
    ("staff", 3, "mall", "", "kosong"),
    ("synonyms", 2, "services", "kis; kisss", "tidak ada di lembar services"),
]


def spoiled(folder: Path) -> Path:
    """The city with every cell of ``CELLS`` spoiled, a column gone, one unknown, keys twice, and two circles."""
    city = copy_of(folder)
    for sheet, row, column, cell, _wrong in CELLS:
        put(city, sheet, row, column, cell)
    put(city, "agencies", 2, "parent", "dukcapil")  # setda is dukcapil's parent

    def lose_a_column(rows: Rows) -> None:
        at = rows[0].index("kind")
        for row in rows:
            del row[at]

    change(city, "places", lose_a_column)
    change(city, "life_events", lambda rows: rows[0].append("ikon2"))
    change(city, "desks", lambda rows: rows.append(list(rows[4])))
    change(city, "sequences", lambda rows: rows.append(["ktp-el", "kk-baru", "", "", "", "", "", "yes", ""]))
    return city


EXTRA = [
    ("agencies", 2, "parent", "berputar kembali"),
    ("places", None, "kind", "kolom ini tidak ada"),
    ("life_events", None, "ikon2", "kolom tidak dikenal"),
    ("desks", 7, "mall, code", "sama dengan baris 5"),
    ("sequences", 2, "then", "berputar kembali"),
]

# What truly follows from those cells: who names the agency that lost its code, and the other end of each circle.
FOLLOWS = {("agencies", "parent"), ("booths", "agency"), ("steps", "agency"), ("sequences", "then")}


@pytest.mark.django_db(transaction=True)
@pytest.mark.database15
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_every_problem_is_told_at_once_and_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setenv("SATUATAP_HOME", str(tmp_path / "home"))
    city = spoiled(tmp_path)
    outcome = open_city(city if kind == "csv" else as_workbook(city, tmp_path / "kota.xlsx"))
    told = {(p.sheet, p.row, p.column): p for p in outcome.problems}
    for sheet, row, column, wrong in [(s, r, c, w) for s, r, c, _cell, w in CELLS] + EXTRA:
        assert (sheet, row, column) in told, f"nothing is said of {sheet} {row} {column}"
        assert wrong in told[sheet, row, column].wrong, told[sheet, row, column]
    expected = {(s, r, c) for s, r, c, *_rest in CELLS + EXTRA}
    follows = {(p.sheet, p.column) for key, p in told.items() if key not in expected}
    assert follows <= FOLLOWS, follows
    for table in (Mall, Agency, Account, Service, Entry):
        assert not table.objects.exists()
    assert not (tmp_path / "home").exists()


def test_a_sheet_that_is_missing_is_told_once_not_by_everything_that_points_to_it(tmp_path: Path) -> None:
    city = copy_of(tmp_path)
    (city / "agencies.csv").unlink()
    assert [(p.sheet, p.row) for p in read_city(city).problems] == [("agencies", None)]


def test_a_service_that_was_renamed_is_asked_after_with_what_was_probably_meant(tmp_path: Path) -> None:
    city = copy_of(tmp_path)
    put(city, "services", 4, "code", "nib-baru")
    assert read_city(city).problems == []  # nothing else names it
    put(city, "services", 2, "code", "kk-barru")
    problems = read_city(city).problems
    assert len(problems) == 8 and all("kk-barru" in p.expected for p in problems)
