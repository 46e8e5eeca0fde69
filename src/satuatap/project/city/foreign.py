"""The city's own sheets (KIB, SIPD, an office's list): kept as they came, read by chosen columns, added to the rest.

A row that speaks of what the inventory has changes only what it says; blanks say nothing, and no other row goes.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.utils.translation import gettext as _

from satuatap.basics.actor import Actor
from satuatap.features.estate import actions as estate_actions
from satuatap.features.estate import queries as estate
from satuatap.features.estate.mapping import Rule, headings_of, taken
from satuatap.features.estate.refusals import NotASheet
from satuatap.features.malls.changes import ChangeView
from satuatap.plumbing.sheets.cells import NotExpected, shown, value
from satuatap.plumbing.sheets.files import Raw, Table
from satuatap.plumbing.sheets.foreign import read_pages
from satuatap.plumbing.sheets.schema import Sheet
from satuatap.plumbing.sheets.workbook import NotReadable
from satuatap.plumbing.sheets.write import cell
from satuatap.plumbing.space import refuse_when_nearly_full
from satuatap.project.city.columns import COMMON
from satuatap.project.city.state import Texts, key_of, read_state
from satuatap.project.city.tables import cell_of, plain_cell
from satuatap.project.city.uploads import NotAnImport, Upload, look_at_tables

FOREIGN = "pages"
MADE_UP, SYNTHETIC, NIBAR = "made_up", "synthetic", "nibar"


@dataclass(frozen=True, slots=True)
class ForeignFile:
    """A kept upload of the city's own: its name, and its pages with their rows."""

    name: str
    pages: Mapping[str, Sequence[tuple[int, list[object]]]]


@dataclass(frozen=True, slots=True)
class Pick:
    """Where in a file the rows are: which page, in which row its headings stand, over how many rows."""

    page: str
    heading: int
    depth: int = 1


@dataclass(frozen=True, slots=True)
class Merged:
    """One row after its rules: its number in the file, its cells in the sheet, and whether the inventory has it."""

    number: int
    texts: Texts
    said: dict[str, str]  # what the file itself says
    stands: bool


def take_foreign(*, upload: Upload) -> UUID:
    """Keep a file of the city's own until its columns are chosen; nothing is read into the inventory."""
    refuse_when_nearly_full(settings.HOME)
    with tempfile.TemporaryDirectory(prefix="satuatap-foreign-") as folder:
        path = Path(folder) / "upload.xlsx"  # by this name a workbook is opened; what it is, its content says
        path.write_bytes(upload.data)
        try:
            found = read_pages(path, upload.name)
        except NotReadable as problem:
            raise NotAnImport(f"{upload.name[:60]}: {problem.wrong}. {problem.expected}") from None
    if not found:
        raise NotASheet()
    rows = {page.title: [[n, [plain_cell(one) for one in cells]] for n, cells in page.rows] for page in found}
    number = uuid4()
    estate_actions.keep_tables(draft=number, tables={FOREIGN: rows}, notes=[upload.name[:120]])
    return number


def foreign_file(number: UUID) -> ForeignFile:
    """A kept file; ``NoSuchImport`` when its days are over."""
    kept = estate.kept_tables(number)
    pages: Any = kept.tables.get(FOREIGN) or {}
    rows = {title: [(n, [cell_of(one) for one in cells]) for n, cells in some] for title, some in pages.items()}
    return ForeignFile(kept.notes[0] if kept.notes else "", rows)


def merged(sheet: Sheet, rules: Sequence[Rule], pick: Pick, file: ForeignFile, most: int | None = None) -> list[Merged]:
    """The rows of a file as rows of a sheet: what the inventory knows, changed by what the file says."""
    rows = file.pages[pick.page]
    headings = headings_of(rows, pick.heading, pick.depth)
    under = [row for row in rows if row[0] >= pick.heading + pick.depth]
    state = read_state(sheet.key)[sheet.key]
    by_nibar = {texts[NIBAR]: texts for texts in state.values() if texts.get(NIBAR)}
    found = []
    for row in taken(rules, headings, under if most is None else under[:most]):
        said = {name: _written(sheet, name, text) for name, text in row.texts.items()}
        before = by_nibar.get(said.get(NIBAR, "")) or state.get(key_of(sheet, said), {})
        texts = {column.key: before.get(column.key, "") for column in sheet.columns} | said
        if before:
            texts |= {name: before[name] for name in sheet.unique}  # found by its NIBAR: it keeps its code
            texts |= _known_now(sheet, before, said)
        found.append(Merged(row.number, texts, said, bool(before)))
    return found


def _written(sheet: Sheet, name: str, text: str) -> str:
    """A cell in the one way in which a sheet writes it; one that can't be read stays as it is, and is named later."""
    column = sheet.column(name)
    try:
        return cell(column, value(column, text)) if shown(text) else ""
    except NotExpected:
        return text


def _known_now(sheet: Sheet, before: Texts, said: Mapping[str, str]) -> Texts:
    """What a row that was made up still makes up, once a sourced file says the rest."""
    names = {column.key for column in sheet.columns}
    if not said.get("source") or MADE_UP not in names:
        return {}
    invented = {name for name in before[MADE_UP].split(";") if name}
    if before[SYNTHETIC] == "yes":
        own = names - {column.key for column in COMMON} - {MADE_UP, *sheet.unique}
        invented |= {name for name in own if before.get(name)}
    return {MADE_UP: ";".join(sorted(invented - set(said))), SYNTHETIC: "no"}


def bring_foreign(*, by: Actor, number: UUID, sheet: Sheet, rules: Sequence[Rule], pick: Pick) -> ChangeView:
    """A draft of what a file would add and change by these rules; shown before anything is written, as any import."""
    file = foreign_file(number)
    rows = merged(sheet, rules, pick, file)
    if not rows:
        raise NotASheet()
    header = [column.key for column in sheet.columns]
    table = Table(header, [(row.number, [row.texts.get(key) or None for key in header]) for row in rows])
    new = sum(not row.stands for row in rows)
    notes = [
        _("Dari %(file)s: %(count)d baris, %(new)d baru. Baris lain di lembar ini dibiarkan.")
        % {"file": file.name, "count": len(rows), "new": new}
    ]
    return look_at_tables(by=by, raw=Raw({sheet.key: table}, adds={sheet.key}), notes=notes)


def columns_to_choose(sheet: Sheet) -> list[Any]:
    """The columns that a file may fill in; how sure a row is, and what of it is made up, is the city's own word."""
    silent = {MADE_UP, SYNTHETIC, "confidence", "note"}
    return [column for column in sheet.columns if column.key not in silent]
