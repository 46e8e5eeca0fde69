"""Workbooks made to hurt: entities, more parts than anybody needs, archives within archives. One sentence each."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from satuatap.plumbing.sheets import workbook
from satuatap.plumbing.sheets.workbook import NotReadable, pages

LAUGHS = "<!DOCTYPE s [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;'>]><sst><si><t>&b;</t></si></sst>"
OUTSIDE = "<!DOCTYPE s [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><sst><si><t>&a;</t></si></sst>"
FROM_AFAR = "<!DOCTYPE s SYSTEM 'http://127.0.0.1:9/x.dtd'><sst/>"
PART = "xl/sharedStrings.xml"


def good(path: Path) -> Path:
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("agencies").write_row(0, 0, ["code", "dukcapil"])
    return path


def with_part(path: Path, name: str, data: bytes) -> Path:
    """The same workbook with one part replaced, or one more."""
    bad = path.with_name("bad.xlsx")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(bad, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            if part != name:
                new.writestr(part, old.read(part))
        new.writestr(name, data)
    return bad


def read(path: Path) -> list[list[object]]:
    return [cells for page in pages(path) for _number, cells in page.rows()]


def test_the_good_one_is_read(tmp_path: Path) -> None:
    assert read(good(tmp_path / "good.xlsx")) == [["code", "dukcapil"]]


@pytest.mark.parametrize("text", [LAUGHS, OUTSIDE, FROM_AFAR], ids=["laughs", "a file", "another server"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("part", [PART, "xl/_rels/workbook.xml.rels", "docProps/app.xml"])
def test_a_declared_entity_never_reaches_the_library(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, encoding: str, part: str
) -> None:
    bad = with_part(good(tmp_path / "good.xlsx"), part, f"<?xml version='1.0'?>\n<!-- x -->{text}".encode(encoding))
    asked: list[object] = []
    monkeypatch.setattr(openpyxl, "load_workbook", lambda *words, **named: asked.append(words))
    with pytest.raises(NotReadable, match="bukan berkas XLSX"):
        read(bad)
    assert asked == []


def test_more_parts_than_anybody_needs_are_refused_before_one_is_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = good(tmp_path / "good.xlsx")
    monkeypatch.setattr(workbook, "MOST_PARTS", 50)
    with zipfile.ZipFile(path, "a") as archive:
        for number in range(60):
            archive.writestr(f"xl/media/{number}", b"")
    monkeypatch.setattr(zipfile.ZipFile, "open", lambda *words, **named: pytest.fail("a part was opened"))
    with pytest.raises(NotReadable, match="terlalu besar setelah dibuka"):
        read(path)


def test_an_archive_within_the_workbook_stays_shut(tmp_path: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros", b"0" * 50_000_000)
    bad = with_part(good(tmp_path / "good.xlsx"), "xl/embeddings/inner.zip", inner.getvalue())
    assert read(bad) == [["code", "dukcapil"]]
