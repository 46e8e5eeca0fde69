"""One row of one sheet, edited in the office: what was typed, what is wrong beside which field, what changes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from satuatap.basics.actor import Actor
from satuatap.basics.refusal import Refusal
from satuatap.features.malls.changes import RowChange
from satuatap.plumbing.sheets.cells import NotExpected, blank, shown, value
from satuatap.plumbing.sheets.schema import Problem, Sheet
from satuatap.plumbing.sheets.write import cell
from satuatap.project.city.changing import HasProblems, NothingChanged, change_city
from satuatap.project.city.state import HAND, OWN, State, Texts, compared, keyed, read_state

FIXED = "code"  # what has a code keeps it: history and other sheets go by it


class NoSuchRow(Refusal):
    code = "no_such_row"
    status = 404
    text = gettext_lazy("Baris itu tidak ada lagi. Mungkin ada yang menghapus atau menamainya lain; lihat daftarnya.")


class RowMoved(Refusal):
    """Somebody else saved this row first."""

    code = "row_moved"
    text = gettext_lazy(
        "Sejak Anda membuka formulir ini, orang lain mengubah: %(fields)s. Isian Anda masih di bawah, dan isi yang "
        "sekarang disebut di sampingnya. Periksa, lalu simpan lagi."
    )

    def __init__(self, sheet: Sheet, then: Mapping[str, str], now: Texts) -> None:
        self.now = {key: text for key, text in now.items() if then.get(key, text) != text}
        labels = [column.label for column in sheet.columns if column.key in self.now]
        super().__init__(self.text % {"fields": ", ".join(labels) or _("isinya")})


@dataclass(frozen=True, slots=True)
class Faults(Exception):
    """What is wrong with what was typed, by column; under "" what belongs to none."""

    by_column: dict[str, str]


def sheet_of(name: str) -> Sheet:
    """A sheet that the office may edit."""
    found = next((sheet for sheet in OWN if sheet.key == name), None)
    if found is None:
        raise NoSuchRow()
    return found


def version_of(texts: Mapping[str, str] | None) -> str:
    """What a form carries to say which row it was made from."""
    plain = json.dumps(texts, sort_keys=True)
    return hashlib.sha256(plain.encode()).hexdigest()[:16]


def fixed(sheet: Sheet) -> tuple[str, ...]:
    """The columns of a row that stands which can't be changed; where there are none, the row is named anew."""
    return sheet.unique if FIXED in sheet.unique else ()


def _typed(sheet: Sheet, typed: Mapping[str, str], old: Texts | None) -> Texts:
    """What was typed as cells, in the one way in which a file holds them; ``Faults`` names each that is wrong."""
    texts: Texts = {}
    faults: dict[str, str] = {}
    for column in sheet.columns:
        if old is not None and column.key in fixed(sheet):
            texts[column.key] = old[column.key]
            continue
        text = shown(typed.get(column.key, ""))
        try:
            if not text and column.required:
                raise NotExpected(_("kosong."), column.explanation or _("Kolom ini wajib diisi."))
            texts[column.key] = cell(column, value(column, text) if text else blank(column))
        except NotExpected as problem:
            faults[column.key] = _sentence(problem.wrong, problem.expected)
    if faults:
        raise Faults(faults)
    if (old is None and sheet.key == "calendar") or (old or {}).get(HAND):
        texts[HAND] = "yes"  # the office's own: it stays when the city's files are read again
    return texts


def _sentence(wrong: str, expected: str) -> str:
    text = str(wrong).rstrip(".")
    return f"{text[:1].upper()}{text[1:]}. {expected}".strip()


def _changes(state: State, sheet: Sheet, key: str | None, texts: Texts | None) -> list[RowChange]:
    """What is different once the row ``key`` (``None``: a new one) holds ``texts`` (``None``: it is gone)."""
    rows = list(state[sheet.key].items())
    kept = [texts if own == key else row for own, row in rows if own != key or texts is not None]
    after = keyed(sheet, [row for row in [*kept, *([texts] if key is None else [])] if row is not None])
    if len(after) < len(rows) + (key is None) - (texts is None):
        raise Faults({"": _("Baris dengan kunci yang sama sudah ada. Ubah baris itu, atau pakai kunci lain.")})
    return compared(state, {sheet.key: after}, [sheet.key])


def save_row(
    *, by: Actor, sheet: Sheet, key: str | None, typed: Mapping[str, str], then: Mapping[str, str] | None,
    request: UUID,
) -> UUID:  # fmt: skip
    """Save one row (``key`` ``None``: a new one); ``then`` is the row that the form was made from.

    Raises ``Faults`` by column, ``RowMoved`` when the row is another by now, ``NothingChanged``.
    """
    state = read_state(sheet.key)
    old = state[sheet.key].get(key) if key is not None else None
    if key is not None and old is None:
        raise NoSuchRow()
    if old is not None and then is not None and version_of(old) != version_of(then):
        raise RowMoved(sheet, then, old)
    return _change(by, state, sheet, _changes(state, sheet, key, _typed(sheet, typed, old)), request)


def remove_row(*, by: Actor, sheet: Sheet, key: str, version: str, request: UUID) -> UUID:
    """Take one row out; refused where others point to it, or when it is another by now."""
    state = read_state(sheet.key)
    old = state[sheet.key].get(key)
    if old is None:
        raise NoSuchRow()
    if version_of(old) != version:
        raise RowMoved(sheet, {}, old)
    return _change(by, state, sheet, _changes(state, sheet, key, None), request)


def _change(by: Actor, state: State, sheet: Sheet, rows: list[RowChange], request: UUID) -> UUID:
    if not rows:
        raise NothingChanged()
    try:
        return change_city(by=by, way="edit", rows=rows, request=request)
    except HasProblems as found:
        raise Faults(_beside(sheet, found.problems)) from None


def _beside(sheet: Sheet, problems: list[Problem]) -> dict[str, str]:
    """Problems of this sheet beside their column; those that others would have, in words of their own."""
    columns = {column.key for column in sheet.columns}
    found: dict[str, list[str]] = {}
    for problem in problems:
        mine = problem.sheet == sheet.key and problem.column in columns
        text = _sentence(f"{problem.value} {problem.wrong}".strip(), problem.expected) if mine else str(problem)
        found.setdefault(problem.column if mine else "", []).append(text)
    return {column: " ".join(texts[:3]) for column, texts in found.items()}
