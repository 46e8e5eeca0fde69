"""PDFs: values are data and never commands, our font where it can be read, nothing from outside."""

from __future__ import annotations

from pathlib import Path

import pytest
import typst
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

from satuatap.plumbing import papers

SOURCE = "#let d = json(bytes(sys.inputs.values))\n#set text(font: d.fonts)\n#d.words"


def test_words_are_never_commands() -> None:
    for words in ('#panic("x")', '#read("/etc/passwd")', "$a_b$ [x] \\ @y <z> // *", "“–é”"):
        assert papers.pdf(SOURCE, {"words": words}).startswith(b"%PDF-")


def test_a_source_reads_nothing_of_the_machine_and_no_package() -> None:
    for source in ('#read("/etc/hostname")', '#read("../../etc/hostname")', '#import "@preview/cetz:0.3.0": *'):
        with pytest.raises(typst.TypstError):
            papers.pdf(source, {})


def test_a_font_that_cannot_be_read_leaves_typsts_own(tmp_path: Path) -> None:
    assert papers.fonts(tmp_path / "none.woff2", tmp_path / "kept") is None
    assert papers.pdf(SOURCE, {"words": "a"}, font=tmp_path / "none.woff2", kept=tmp_path / "kept").startswith(b"%PDF-")


def test_our_font_is_made_once_in_two_weights_and_used(tmp_path: Path) -> None:
    font = variable_font(tmp_path / "font.woff2")
    folder = papers.fonts(font, tmp_path / "kept")
    assert folder is not None and sorted(one.name for one in folder.iterdir()) == ["400.ttf", "700.ttf"]
    made = {info.weight for info in typst.Fonts(False, False, [folder]).fonts() if info.family == papers.FAMILY}
    assert made == {400, 700}
    before = {one: one.stat().st_mtime_ns for one in folder.iterdir()}
    assert papers.fonts(font, tmp_path / "kept") == folder
    assert before == {one: one.stat().st_mtime_ns for one in folder.iterdir()}
    made_pdf = papers.pdf(SOURCE, {"words": "AAA"}, font=font, kept=tmp_path / "kept")
    assert b"PlusJakartaSans" in made_pdf or b"Plus#20Jakarta" in made_pdf or b"Plus Jakarta" in made_pdf


def variable_font(path: Path) -> Path:
    """A font with one letter and a weight axis."""
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder([".notdef", "A"])
    builder.setupCharacterMap({65: "A"})
    builder.setupGlyf({name: _square() for name in (".notdef", "A")})
    builder.setupHorizontalMetrics({".notdef": (500, 0), "A": (500, 0)})
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": "Plus Jakarta Sans", "styleName": "Regular", "psName": "PlusJakartaSans"})
    builder.setupOS2(sTypoAscender=800, usWinAscent=800, usWinDescent=200)
    builder.setupFvar([("wght", 400, 400, 800, "Weight")], [])
    builder.setupGvar({})
    builder.setupPost()
    builder.font.flavor = "woff2"
    builder.save(path)
    return path


def _square():  # type: ignore[no-untyped-def]
    pen = TTGlyphPen(None)
    pen.moveTo((0, 0))
    for corner in ((0, 500), (400, 500), (400, 0)):
        pen.lineTo(corner)
    pen.closePath()
    return pen.glyph()
