"""The pages of an XLSX file that a stranger made: read in a stream, with limits on what it may unfold to."""

from __future__ import annotations

import contextlib
import re
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from xml.parsers import expat

import openpyxl
from django.utils.translation import gettext as _
from openpyxl.utils.cell import range_boundaries

LARGEST_UNFOLDED = 120_000_000  # bytes of all parts together
MOST_PARTS = 2000
PIECE = 1 << 20
MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z0-9:$]+)"')


class NotReadable(ValueError):
    """This file can't be read: what is wrong, and what is expected."""

    def __init__(self, wrong: str, expected: str) -> None:
        super().__init__(wrong)
        self.wrong = wrong
        self.expected = expected


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the workbook, read when asked."""

    title: str
    sheet: Any
    archive: zipfile.ZipFile

    def rows(self) -> Iterator[tuple[int, list[object]]]:
        """Row numbers with their cells; a formula comes as its own text, since its result may be old or missing."""
        with _one_sentence():
            self.sheet.reset_dimensions()  # some programs write a wrong size, which would hide rows
            for number, cells in enumerate(self.sheet.iter_rows(), start=1):
                yield number, [_plain(cell.value) for cell in cells]

    def merged(self) -> list[tuple[str, int, int]]:
        """Merged places: their name, first and last row."""
        found, tail = [], b""
        with _one_sentence(), self.archive.open(self.sheet._worksheet_path) as part:
            while piece := part.read(PIECE):
                text = tail + piece
                cut = text.rfind(b"<") if text.rfind(b">") < text.rfind(b"<") else len(text)
                found += [match.decode() for match in MERGED.findall(text[:cut])]
                tail = text[cut:]
        return [(place, bounds[1], bounds[3]) for place in found if (bounds := range_boundaries(place)) and bounds[1]]


def _plain(value: object) -> object:
    """What openpyxl wraps (array formulas, data tables, rich text) as text."""
    text = getattr(value, "text", None)
    if type(value).__module__.startswith("openpyxl"):
        return text if isinstance(text, str) and text.startswith("=") else f"={text or ''}"
    return value


@contextlib.contextmanager
def _one_sentence() -> Iterator[None]:
    """Whatever a broken or hostile file makes the library do ends in one sentence."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except NotReadable:
        raise
    except Exception as problem:  # the library lets dozens of kinds through
        raise NotReadable(
            _("bukan berkas XLSX yang dapat dibaca"), _("Buka di Excel, lalu simpan lagi sebagai .xlsx tanpa sandi.")
        ) from problem


def pages(path: Path) -> Iterator[Page]:
    """Every page in turn."""
    with contextlib.ExitStack() as stack:
        with _one_sentence():
            archive = stack.enter_context(zipfile.ZipFile(path))
            _small_enough(archive)
            _without_entities(archive)
            workbook = openpyxl.load_workbook(path, read_only=True)
            stack.callback(workbook.close)
        for sheet in workbook.worksheets:
            yield Page(sheet.title, sheet, archive)


def _small_enough(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNFOLDED:
        raise NotReadable(_("terlalu besar setelah dibuka"), _("Salin isinya ke berkas baru yang kosong."))


def _without_entities(archive: zipfile.ZipFile) -> None:
    """Refuse a part that declares a document type: no program writes one, and entities come only from there.

    What the XML library would do with them depends on what is installed beside it, so it is never asked.
    """
    for part in archive.infolist():
        if part.filename.lower().endswith((".xml", ".rels", ".vml")):
            with archive.open(part) as file:
                _only_elements(file)


class _Begun(Exception):
    """The first element: after it nothing can be declared any more."""


def _only_elements(file: IO[bytes]) -> None:
    parser = expat.ParserCreate()

    def declared(*_words: object) -> None:
        raise NotReadable(
            _("bukan berkas XLSX yang dapat dibaca"), _("Buka di Excel, lalu simpan lagi sebagai .xlsx tanpa sandi.")
        )

    def begun(*_words: object) -> None:
        raise _Begun

    parser.StartDoctypeDeclHandler, parser.StartElementHandler = declared, begun
    with contextlib.suppress(_Begun, expat.ExpatError):  # what is no XML at all is told by the reader
        while piece := file.read(4096):
            parser.Parse(piece)
