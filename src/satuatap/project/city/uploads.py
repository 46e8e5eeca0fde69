"""What somebody uploads: its type by content, its size, what it unfolds to; then the same reader as ``city open``."""

from __future__ import annotations

import tempfile
import zipfile
import zlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from satuatap.basics.actor import Actor
from satuatap.basics.refusal import Refusal
from satuatap.features.malls import actions as malls_actions
from satuatap.features.malls import changes as kept
from satuatap.features.malls.changes import ChangeView
from satuatap.plumbing.sheets.files import LARGEST, Raw, read_raw
from satuatap.plumbing.sheets.read import between_rows, rows_of
from satuatap.plumbing.sheets.schema import Contents, Problem, Row
from satuatap.plumbing.sheets.workbook import LARGEST_UNFOLDED
from satuatap.plumbing.space import refuse_when_nearly_full
from satuatap.project.city.changing import plain, problems_of
from satuatap.project.city.checks import check
from satuatap.project.city.export import PEOPLE
from satuatap.project.city.format import BOOK
from satuatap.project.city.normal import as_exported
from satuatap.project.city.state import HAND, OWN, State, cells, compared, contents_of, keyed, read_state
from satuatap.project.city.tables import keep

MOST_FILES = 60
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
WORKBOOK_PART = "xl/workbook.xml"
TABLES = (".csv", ".txt", ".tsv", "")
PIECE = 1 << 16


class NotAnImport(Refusal):
    """Nothing that can be read as the city's sheets."""

    code = "not_an_import"
    status = 422
    text = gettext_lazy("Berkas ini tidak dikenal. Unggah satu XLSX, satu ZIP berisi CSV, atau beberapa CSV.")


@dataclass(frozen=True, slots=True)
class Upload:
    """One file as it came: the name that its sender gave it, and its bytes."""

    name: str
    data: bytes


def look_at(
    *, by: Actor, uploads: Sequence[Upload], only: Collection[str] | None = None, part: bool = False
) -> ChangeView:  # fmt: skip
    """Read uploads against the city as it is and keep what they would change as a draft; nothing is written.

    A sheet that no file holds stays as it is; the sheet of staff is never read here. ``only``: who asks keeps these
    sheets alone; others are left out, and that is said. ``part``: the files are a part of their sheets, so that rows
    which they do not name stay.
    """
    refuse_when_nearly_full(settings.HOME)
    with tempfile.TemporaryDirectory(prefix="satuatap-import-") as name:
        folder = Path(name)
        ignored = _unfold(uploads, folder)
        raw = read_raw(folder, BOOK)
    notes = [_("Tidak dibaca: %(names)s.") % {"names": ", ".join(ignored[:10])}] if ignored else []
    if only is not None:
        notes += _leave_out(raw, only)
    if part:
        raw.adds |= set(raw.tables)
        notes.append(_("Hanya menambah dan mengubah: baris yang tidak ada di berkas dibiarkan."))
    return look_at_tables(by=by, raw=raw, notes=notes)


def _leave_out(raw: Raw, only: Collection[str]) -> list[str]:
    """Take the sheets of others out of an upload; says which they were."""
    others = {sheet.key: sheet.label for sheet in BOOK.sheets if sheet.key not in only}
    found = [label for key, label in others.items() if key in raw.tables]
    for key in others:
        raw.tables.pop(key, None)
    raw.problems[:] = [problem for problem in raw.problems if problem.sheet not in others]
    raw.broken -= set(others)
    if not raw.tables and not raw.problems:
        raise NotAnImport(_("Tidak ada lembar inventaris di berkas ini. Unduh templatnya, lalu salin isinya ke sana."))
    note = _("Dibiarkan, karena bukan lembar inventaris: %(names)s.")
    return [note % {"names": ", ".join(found)}] if found else []


def look_at_tables(*, by: Actor, raw: Raw, notes: Sequence[str]) -> ChangeView:
    """What the cells of an upload would change, as a draft."""
    unread, notes = Raw(raw.tables, list(raw.problems), set(raw.broken), raw.adds), list(notes)
    contents, here, found = _read(raw)
    first = list(notes)
    if any(sheet in here for sheet in PEOPLE):
        notes.append(_("Lembar petugas tidak dibaca di sini: akun dan peran diatur di layar Orang."))
    state, sheets = read_state(), here - set(PEOPLE)
    for name in raw.adds & sheets:
        contents.rows[name] += _standing_rows(state, name, contents)
    standing = contents_of(state)
    problems = contents.problems + _across(standing, contents, sheets)
    rows: list[kept.RowChange] = []
    if not problems:
        rows = compared(state, as_exported(_wished(state, contents, sheets), state), sheets)
        problems = problems_of(state, rows, standing)[1]
    draft = malls_actions.keep_draft(
        by=by, way="import", rows=rows, problems=[plain(problem) for problem in problems],
        notes=[*notes, _("Lembar yang dibaca: %(sheets)s.") % {"sheets": ", ".join(found)}],
    )  # fmt: skip
    keep(draft.pk, unread, problems, first)
    return kept.change(draft.pk)


def _standing_rows(state: State, name: str, contents: Contents) -> list[Row]:
    """The city's own rows of a sheet that the upload does not speak of: they stay, and have no number in any file."""
    sheet = BOOK.sheet(name)
    spoken = keyed(sheet, [cells(sheet, row.values) for row in contents.rows[name]])
    rest = {key: texts for key, texts in state[name].items() if key not in spoken}
    return [replace(row, number=0) for row in contents_of({name: rest}).rows[name]]


def _across(here: Contents, contents: Contents, sheets: set[str]) -> list[Problem]:
    """What is wrong between rows and sheets, at the rows of the files; sheets that were not uploaded count as they are.

    Problems of those are told without a row: the city's own rows have no numbers. ``here``: the city as it is.
    """
    whole = Contents({**here.rows, **{key: contents.rows[key] for key in sheets}})
    known = {(problem.sheet, problem.column, problem.value, problem.wrong) for problem in here.problems}
    problems = [
        problem if problem.sheet in sheets else replace(problem, row=None)
        for problem in between_rows(BOOK, whole, set()) + check(whole)
    ]
    told = {(p.sheet, p.row, p.column) for p in contents.problems}
    return [
        p for p in problems
        if (p.sheet, p.column, p.value, p.wrong) not in known and (p.sheet, p.row, p.column) not in told
    ]  # fmt: skip


def _unfold(uploads: Sequence[Upload], folder: Path) -> list[str]:
    """Put the files into an empty folder, by what they are; returns the names that are not read."""
    if not uploads:
        raise NotAnImport(_("Belum ada berkas yang dipilih. Pilih satu XLSX, satu ZIP, atau beberapa CSV."))
    if sum(len(upload.data) for upload in uploads) > LARGEST:
        raise NotAnImport(_("Berkasnya terlalu besar; paling banyak 20 MB sekali unggah."))
    ignored: list[str] = []
    for upload in uploads:
        if upload.data.startswith(ZIP):
            ignored += _archive(upload, folder)
        elif upload.data.startswith(OLE):
            raise NotAnImport(_("Ini berkas Excel lama (.xls) atau bersandi. Simpan lagi sebagai .xlsx tanpa sandi."))
        elif b"\x00" in upload.data[:4096] or upload.data.startswith(b"%PDF"):
            raise NotAnImport()
        elif PurePosixPath(upload.name).suffix.lower() not in TABLES:
            ignored.append(upload.name[:60])
        else:
            _keep(folder, f"{PurePosixPath(upload.name).stem}.csv", upload.data)
    return ignored


def _keep(folder: Path, name: str, data: bytes) -> None:
    path = folder / PurePosixPath(name.replace("\\", "/")).name
    if path.exists():
        raise NotAnImport(_("Ada dua berkas bernama %(name)s. Unggah satu saja.") % {"name": path.name})
    path.write_bytes(data)


def _archive(upload: Upload, folder: Path) -> list[str]:
    """A workbook as it is, or the CSV files of an archive; never more than its limits, whatever it says of itself."""
    broken = _("Arsip ini rusak, bersandi, atau tidak dapat dibuka. Buat lagi, lalu unggah.")
    try:
        path = folder / ".upload"
        path.write_bytes(upload.data)
        with zipfile.ZipFile(path) as archive:
            names = [part.filename for part in archive.infolist()]
            if WORKBOOK_PART in names:
                _keep(folder, f"{PurePosixPath(upload.name).stem}.xlsx", upload.data)
                return []
            return _csv_files(archive, folder)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError, ValueError):
        raise NotAnImport(broken) from None
    finally:
        path.unlink(missing_ok=True)


def _csv_files(archive: zipfile.ZipFile, folder: Path) -> list[str]:
    parts = [part for part in archive.infolist() if not part.is_dir() and "__MACOSX" not in part.filename]
    if len(parts) > MOST_FILES or sum(part.file_size for part in parts) > LARGEST_UNFOLDED:
        raise NotAnImport(_too_large())
    left, ignored = LARGEST, []
    for part in parts:
        if not part.filename.lower().endswith(".csv"):
            ignored.append(PurePosixPath(part.filename).name[:60])
            continue
        data = bytearray()
        with archive.open(part) as file:
            while piece := file.read(PIECE):
                data += piece
                if len(data) > left:
                    raise NotAnImport(_too_large())
        left -= len(data)
        _keep(folder, part.filename, bytes(data))
    return ignored


def _too_large() -> str:
    return _("Arsip ini menjadi terlalu besar setelah dibuka. Unggah hanya lembar yang berubah.")


def _read(raw: Raw) -> tuple[Contents, set[str], list[str]]:
    """The uploaded sheets with everything that is wrong in them, which they are, and their names for people."""
    contents = Contents(problems=raw.problems)
    for sheet in BOOK.sheets:
        table = raw.tables.get(sheet.key) if sheet.key not in PEOPLE else None
        contents.rows[sheet.key] = rows_of(sheet, table, contents.problems, raw.broken) if table else []
    here = {key for key, table in raw.tables.items() if table.header}
    return contents, here, [sheet.label for sheet in BOOK.sheets if sheet.key in here and sheet.key not in PEOPLE]


def _wished(state: State, contents: Contents, sheets: Iterable[str]) -> State:
    """The sheets as uploaded, in the cells in which an export has them; what the office closed by hand stays closed."""
    found = {
        sheet.key: keyed(sheet, [cells(sheet, row.values) for row in contents.rows[sheet.key]])
        for sheet in OWN
        if sheet.key in sheets
    }
    if "calendar" in found:
        by_hand = {key: row for key, row in state["calendar"].items() if row.get(HAND)}
        rows = {key: {**row, HAND: "yes"} if key in by_hand else row for key, row in found["calendar"].items()}
        found["calendar"] = {**{key: row for key, row in by_hand.items() if key not in rows}, **rows}
    return found
