"""Files as people's programs really write them: read whatever can be read, and say the rest in one sentence each."""

from __future__ import annotations

import zipfile
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from satuatap.plumbing.sheets import files, workbook
from satuatap.plumbing.sheets.read import read
from satuatap.plumbing.sheets.schema import Book, Column, Contents, Kind, Reference, Sheet

BOOK = Book(
    [
        Sheet(
            "booths",
            "Gerai",
            (
                Column("code", "Kode", Kind.CODE, required=True),
                Column("name", "Nama"),
                Column("area", "Luas", Kind.DECIMAL, least=0, most=5000),
                Column("opens", "Buka", Kind.TIME),
                Column("since", "Sejak", Kind.DATE),
                Column("active", "Aktif", Kind.BOOL),
            ),
            ("code",),
        ),
        Sheet(
            "desks",
            "Loket",
            (Column("booth", "Gerai", Kind.CODE),),
            references=(Reference(("booth",), "booths", ("code",)),),
        ),
    ]
)
GOOD = {"code": "dukcapil", "name": "Gerai “Dukcapil”", "area": 8.5, "opens": time(8), "since": date(2026, 11, 24)}


def csv_of(folder: Path, data: bytes, name: str = "booths.csv") -> Contents:
    (folder / name).write_bytes(data)
    return read(folder, BOOK)


def xlsx_of(path: Path, rows: list[list[Any]], title: str = "booths", **options: Any) -> Path:
    book = xlsxwriter.Workbook(path, options)
    page = book.add_worksheet(title)
    for number, row in enumerate(rows):
        page.write_row(number, 0, row)
    book.close()
    return path


def wrongs(contents: Contents) -> list[tuple[int | None, str, str]]:
    return [(p.row, p.column, p.wrong) for p in contents.problems]


TEXT = 'code,name,area,opens,since,active\r\ndukcapil,"Gerai “Dukcapil”","8,5",08.00,24/11/2026,ya\r\n'


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode("utf-8-sig"),
        TEXT.replace("\r\n", "\n").encode(),
        TEXT.replace("\r\n", "\r").encode(),
        "code;name;area;opens;since;active\r\ndukcapil;Gerai “Dukcapil”;8,5;08:00;2026-11-24;1\r\n".encode(),
        "sep=;\r\nKode;NAMA; luas ;Buka*;Sejak;Aktif\r\ndukcapil;Gerai “Dukcapil”;8,5;8:00;2026-11-24;TRUE".encode(),
        "code\tname\tarea\topens\tsince\tactive\n\ndukcapil\tGerai “Dukcapil”\t8.5\t08:00:00\t2026-11-24\tY\n".encode(),
    ],
    ids=["bom-crlf", "lf", "cr", "semicolon", "sep-line-and-labels", "tabs-and-empty-lines"],
)
def test_one_row_in_every_dialect(tmp_path: Path, data: bytes) -> None:
    contents = csv_of(tmp_path, data)
    assert contents.problems == []
    assert contents.values("booths") == [{**GOOD, "active": True}]


def test_an_old_excels_letters_are_told_with_their_row_and_the_rest_is_still_checked(tmp_path: Path) -> None:
    data = "code,name,opens\nsatu,Biasa,08:00\ndua,Caf\u00e9,08:00\ntiga,Biasa,25:00\n".encode("cp1252")
    contents = csv_of(tmp_path, data)
    assert [(row, column) for row, column, _wrong in wrongs(contents)] == [(3, ""), (4, "opens")]
    assert "UTF-8" in contents.problems[0].wrong


def test_utf_16_and_an_open_quote_are_one_sentence_each(tmp_path: Path) -> None:
    assert "UTF-8" in csv_of(tmp_path, "code\ndukcapil\n".encode("utf-16")).problems[0].wrong
    contents = csv_of(tmp_path, b'code,name\nsatu,baik\ndua,"tak berakhir\ntiga,baik\n')
    assert [p.row for p in contents.problems] == [3]
    assert [row.values["code"] for row in contents.rows["booths"]] == ["satu"]


def test_what_points_to_an_unreadable_sheet_is_not_called_wrong(tmp_path: Path) -> None:
    (tmp_path / "desks.csv").write_text("booth\ndukcapil\n")
    assert len(csv_of(tmp_path, b"\xff\xfe\x00").problems) == 1
    assert "desks" in {p.sheet for p in csv_of(tmp_path, b"code\npajak\n").problems}


def test_a_folder_without_a_sheet_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "catatan.csv").write_text("x")
    assert [p.wrong for p in read(tmp_path, BOOK).problems] == ["tidak ada lembar yang dikenal di sini."]


@pytest.mark.parametrize(
    ("extra", "said"),
    [
        ({"Booths.CSV": "code\ndua\n", "gerai.csv": "code\ntiga\n"}, "dua kali"),
        ({"boths.csv": "code\ndua\n"}, "bukan nama lembar"),
        ({"kota.xlsx": ""}, "lebih dari satu berkas"),
        ({"~$kota.xlsx": "", ".booths.csv": "?", "catatan.txt": "x", "arrivals.csv": "x"}, ""),
    ],
)
def test_files_beside_the_sheets(tmp_path: Path, extra: dict[str, str], said: str) -> None:
    for name, text in extra.items():
        (tmp_path / name).write_text(text)
    contents = csv_of(tmp_path, b"code\ndukcapil\n")
    assert any(said in p.wrong for p in contents.problems) if said else contents.problems == []


def test_a_column_of_capitals_in_the_name_of_the_file_is_read(tmp_path: Path) -> None:
    assert csv_of(tmp_path, b"code\ndukcapil\n", "BOOTHS.CSV").values("booths")[0]["code"] == "dukcapil"


def test_cells_beside_the_table_are_told(tmp_path: Path) -> None:
    contents = csv_of(tmp_path, b"code,,name\nsatu,lupa,A\ndua,,B,catatan\n")
    assert wrongs(contents) == [(2, "", "ada isi tanpa judul kolom."), (3, "", "ada isi tanpa judul kolom.")]


def test_too_many_rows_are_told_and_a_million_empty_ones_are_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "MOST_ROWS", 5)
    many = b"code\n" + b"".join(b"c%d\n" % n for n in range(9))
    assert [(p.sheet, p.row, p.wrong) for p in csv_of(tmp_path, many).problems] == [
        ("booths", 5, "terlalu banyak baris")
    ]
    path = xlsx_of(tmp_path / "a.xlsx", [["code"], *([f"c{n}"] for n in range(9))])
    assert "terlalu banyak baris" in read(path, BOOK).problems[0].wrong
    rows: list[list[Any]] = [["code"], ["satu"]]
    book = xlsxwriter.Workbook(tmp_path / "b.xlsx")
    page = book.add_worksheet("booths")
    for number, row in enumerate(rows):
        page.write_row(number, 0, row)
    page.write(1_048_575, 3, "  ")
    book.close()
    contents = read(tmp_path / "b.xlsx", BOOK)
    assert contents.problems == []
    assert len(contents.rows["booths"]) == 1


def test_a_file_larger_than_the_limit_is_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "LARGEST", 10)
    assert "terlalu besar" in csv_of(tmp_path, b"code\ndukcapil\n").problems[0].wrong
    assert "terlalu besar" in read(xlsx_of(tmp_path / "a.xlsx", [["code"]]), BOOK).problems[0].wrong


# XLSX


def test_excels_own_numbers_times_and_dates_are_read_as_a_person_sees_them(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(tmp_path / "a.xlsx")
    page = book.add_worksheet("Gerai")
    hour, day = book.add_format({"num_format": "hh:mm"}), book.add_format({"num_format": "dd/mm/yyyy"})
    page.write_row(0, 0, ["Kode", "Nama", "Luas", "Buka", "Sejak", "Aktif"])
    page.write_row(1, 0, ["dukcapil", "Gerai “Dukcapil”", 8.5])
    page.write_datetime(1, 3, time(8), hour)
    page.write_datetime(1, 4, datetime(2026, 11, 24), day)
    page.write_boolean(1, 5, True)
    book.close()
    contents = read(tmp_path / "a.xlsx", BOOK)
    assert contents.problems == []
    assert contents.values("booths") == [{**GOOD, "active": True}]


def test_formulas_errors_and_merged_cells_are_told_with_their_place(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(tmp_path / "a.xlsx")
    page = book.add_worksheet("booths")
    page.write_row(0, 0, ["code", "name", "area"])
    page.write_row(1, 0, ["satu"])
    page.write_formula(1, 2, "=1+1", None, 2)
    page.write_row(2, 0, ["dua"])
    page.write_formula(2, 1, "=cmd|' /C calc'!A0", None, "")
    page.write_array_formula("C4:C4", "{=SUM(C2:C3)}", None, 4)
    page.write(3, 0, "tiga")
    page.merge_range("B6:B8", "Gabung")
    for row, code in ((5, "empat"), (6, "lima"), (7, "enam")):
        page.write(row, 0, code)
    page.write(8, 0, "#N/A")
    book.close()
    found = wrongs(read(tmp_path / "a.xlsx", BOOK))
    assert [(row, column) for row, column, wrong in found if "rumus" in wrong] == [
        (2, "area"), (3, "name"), (4, "area"), (9, "code"),
    ]  # fmt: skip
    assert (6, "", "sel digabung.") in found
    assert len(found) == 5


def test_a_code_that_excel_made_a_date_is_told(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(tmp_path / "a.xlsx")
    page = book.add_worksheet("booths")
    page.write(0, 0, "code")
    page.write_datetime(1, 0, datetime(2026, 2, 1), book.add_format({"num_format": "d-mmm"}))
    book.close()
    assert wrongs(read(tmp_path / "a.xlsx", BOOK)) == [(2, "code", "diubah menjadi tanggal.")]


@pytest.mark.parametrize("rename", ["csv", "text", "empty", "encrypted", "zip", "half"])
def test_what_is_no_workbook_is_one_sentence(tmp_path: Path, rename: str) -> None:
    path = xlsx_of(tmp_path / "kota.xlsx", [["code"], ["dukcapil"]])
    whole = path.read_bytes()
    if rename == "zip":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("readme.txt", "x")
    else:
        ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 90
        bad = {"csv": b"code\ndukcapil\n", "text": b"PK\x03\x04?", "empty": b"", "encrypted": ole, "half": whole[:-300]}
        path.write_bytes(bad[rename])
    contents = read(path, BOOK)
    assert [p.wrong for p in contents.problems] == ["bukan berkas XLSX yang dapat dibaca"]


def test_parts_that_are_broken_or_hostile_inside_are_one_sentence(tmp_path: Path) -> None:
    good = xlsx_of(tmp_path / "good.xlsx", [["code"], ["dukcapil"]])
    bombs = {
        "xl/worksheets/sheet1.xml": b"<worksheet xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'>"
        b"<sheetData><row><c t='s'><v>999</v></c></row></sheetData></worksheet>",
        "xl/sharedStrings.xml": b"<?xml version='1.0'?><!DOCTYPE s [<!ENTITY a 'aaaaaaaaaa'>"
        + b"".join(b"<!ENTITY %s '%s'>" % (bytes([98 + n]), b"&%s;" % bytes([97 + n]) * 10) for n in range(12))
        + b"]><sst><si><t>&m;</t></si></sst>",
        "xl/workbook.xml": b"<workbook",
    }
    for part, text in bombs.items():
        bad = tmp_path / "bad.xlsx"
        with zipfile.ZipFile(good) as old, zipfile.ZipFile(bad, "w") as new:
            for name in old.namelist():
                new.writestr(name, text if name == part else old.read(name))
        assert "bukan berkas XLSX" in read(bad, BOOK).problems[0].wrong, part


def test_a_zip_bomb_is_refused_before_it_unfolds(tmp_path: Path) -> None:
    path = tmp_path / "bom.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/a.xml", "w") as part:
        for _ in range(workbook.LARGEST_UNFOLDED // 10_000_000 + 1):
            part.write(b" " * 10_000_000)
    assert path.stat().st_size < 1_000_000
    assert "terlalu besar setelah dibuka" in read(path, BOOK).problems[0].wrong


def test_a_wrong_size_in_the_file_hides_no_rows(tmp_path: Path) -> None:
    good = xlsx_of(tmp_path / "good.xlsx", [["code", "name"], ["satu", "A"], ["dua", "B"]])
    bad = tmp_path / "bad.xlsx"
    with zipfile.ZipFile(good) as old, zipfile.ZipFile(bad, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b'<dimension ref="A1:B3"/>', b'<dimension ref="A1"/>'))
    assert len(read(bad, BOOK).rows["booths"]) == 2


@pytest.mark.parametrize("name", ["kota.xls", "kota.ods", "tidak-ada.xlsx", "booths.csv"])
def test_another_kind_of_path_is_one_sentence(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    if "tidak" not in name:
        path.write_text("x")
    assert [p.wrong for p in read(path, BOOK).problems] == ["tidak ada, atau bukan folder CSV atau berkas XLSX"]
