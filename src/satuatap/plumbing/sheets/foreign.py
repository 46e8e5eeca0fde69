"""The pages of a sheet that follows no book of ours: every row with its number, whatever its headings are."""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from satuatap.plumbing.sheets.cells import shown
from satuatap.plumbing.sheets.files import LARGEST, MOST_COLUMNS, MOST_ROWS
from satuatap.plumbing.sheets.workbook import NotReadable, pages

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
DELIMITERS = (";", ",", "\t", "|")
LOOKED = 20  # lines by which the delimiter is told

Rows = list[tuple[int, list[object]]]


@dataclass(frozen=True, slots=True)
class ForeignPage:
    """One page: its title, and its rows that hold anything, by the numbers that the person's own program shows."""

    title: str
    rows: Rows


def read_pages(path: Path, name: str) -> list[ForeignPage]:
    """The pages of one XLSX or CSV file; ``NotReadable`` says what is wrong. ``name``: as its sender calls it."""
    data = path.read_bytes()
    if len(data) > LARGEST:
        raise NotReadable(_("terlalu besar"), _("Paling banyak 20 MB."))
    if data.startswith(OLE):
        raise NotReadable(_("berkas Excel lama (.xls) atau bersandi"), _("Simpan lagi sebagai .xlsx tanpa sandi."))
    if data.startswith(ZIP):
        found = [ForeignPage(page.title, _filled(page.rows())) for page in pages(path)]
    elif b"\x00" in data[:4096] or data.startswith(b"%PDF"):
        raise NotReadable(_("bukan XLSX atau CSV"), _("Simpan lagi sebagai .xlsx atau CSV."))
    else:
        found = [ForeignPage(Path(name).stem, _csv(data))]
    return [page for page in found if page.rows]


def _filled(rows: object) -> Rows:
    found: Rows = []
    for number, cells in rows:  # type: ignore[attr-defined]
        kept = list(cells[:MOST_COLUMNS])
        while kept and not shown(kept[-1]):
            kept.pop()
        if kept:
            found.append((number, kept))
        if len(found) > MOST_ROWS:
            raise NotReadable(_("terlalu banyak baris"), _("Paling banyak %(rows)d.") % {"rows": MOST_ROWS})
    return found


def _csv(data: bytes) -> Rows:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")  # an older Excel's own letters
    lines = text.splitlines()[:LOOKED]
    counts = Counter({sign: sum(line.count(sign) for line in lines) for sign in DELIMITERS})
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=counts.most_common(1)[0][0])
    found: Rows = []
    before = 0
    try:
        for cells in reader:
            found.append((before + 1, list(cells)))
            before = reader.line_num
    except csv.Error:
        raise NotReadable(_("tanda kutip tidak berpasangan"), _("Simpan lagi sebagai CSV atau XLSX.")) from None
    return _filled(found)
