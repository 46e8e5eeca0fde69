"""From what stands in a cell to a value, or to what was expected instead."""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Callable, Iterable
from datetime import date, datetime, time
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from satuatap.plumbing.sheets.schema import Column, Kind, Mend, Way

CODE = re.compile(r"[a-z0-9][a-z0-9-]*")
YES = {"yes", "ya", "y", "true", "1", "benar"}
NO = {"no", "tidak", "t", "n", "false", "0", "salah", "bukan"}
TIME = re.compile(r"(\d{1,2})[:.](\d{2})(?:[:.]\d{2})?")
DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
DATE_HERE = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
# What a spreadsheet would run instead of showing: "=1+1", "@SUM(1)", "+cmd|' /C calc'!A0".
FORMULA = re.compile(r"=|[+@][A-Z.]+\(|[-+@].*\|.*!", re.DOTALL)
ERRORS = ("#REF!", "#N/A", "#NAME?", "#VALUE!", "#DIV/0!", "#NUM!", "#NULL!", "#SPILL!", "#CALC!")
# A text that begins like a formula, or like a row for people, is written behind an apostrophe: as in Excel.
ESCAPE = "'"
ESCAPED = re.compile(r"'+[=+\-@#\t\r]")
TO_ESCAPE = re.compile(r"'*[=+\-@#\t\r]")
THOUSANDS = re.compile(r"[1-9]\d{0,2}([.,])\d{3}(\1\d{3})*")
UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
BLANK: dict[Kind, Any] = {Kind.TEXT: "", Kind.CODE: "", Kind.CHOICE: "", Kind.BOOL: False}


class NotExpected(ValueError):
    """This cell does not hold what its column says: what is wrong, and what is expected."""

    def __init__(self, wrong: str, expected: str = "", mend: Mend | None = None) -> None:
        super().__init__(wrong)
        self.wrong = wrong
        self.expected = expected
        self.mend = mend


def shown(cell: object) -> str:
    """A cell as a person would read it."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "minutes")
    if isinstance(cell, time):
        return cell.strftime("%H:%M")
    return str(cell).strip()


def escaped(text: str) -> str:
    """A text such that no spreadsheet runs it; ``unescaped`` gives it back."""
    return ESCAPE + text if TO_ESCAPE.match(text) else text


def unescaped(text: str) -> str:
    """A text as it was before ``escaped``, or as it was meant by who typed an apostrophe before it."""
    return text[1:] if ESCAPED.match(text) else text


def is_error(text: str) -> bool:
    """Whether this is what a spreadsheet shows where its formula failed."""
    return text.startswith(ERRORS)


def blank(column: Column) -> Any:
    """What an empty cell means in this column."""
    return [] if column.kind is Kind.LIST else BLANK.get(column.kind)


def value(column: Column, cell: object) -> Any:
    """The value of one cell that is not empty."""
    text = shown(cell)
    if is_error(text):
        raise NotExpected(_("kesalahan dari rumus."), _("Tulis isinya langsung."))
    if FORMULA.match(text):
        raise NotExpected(_("rumus, bukan isi."), _("Salin, lalu tempel sebagai nilai."))
    if isinstance(cell, datetime) and column.kind in (Kind.CODE, Kind.LIST, Kind.INT, Kind.DECIMAL):
        raise NotExpected(_("diubah menjadi tanggal."), _("Jadikan sel ini teks, lalu tulis lagi."))
    if len(unescaped(text)) > column.longest:
        raise NotExpected(_("terlalu panjang"), _("Paling banyak %(count)d huruf.") % {"count": column.longest})
    if UNSTORABLE.search(text):
        raise NotExpected(_("berisi tanda yang tidak dapat disimpan"))
    return READERS[column.kind](column, unescaped(text))


def _text(column: Column, text: str) -> str:
    return text


def _code(column: Column, text: str) -> str:
    if not CODE.fullmatch(text):
        raise NotExpected(_("bukan kode"), _("Kode: huruf kecil, angka, dan tanda -, tanpa spasi."))
    return text


def _number(column: Column, text: str, make: Callable[[str], float], word: Any) -> float:
    """``word``: lazily translated, as thousands of cells are right and need no sentence."""
    try:
        number = make(text)
        finite = "_" not in text and math.isfinite(number)
    except (ValueError, OverflowError):
        finite = False
    if not finite:
        raise NotExpected(_("bukan angka"), f"{word} {column.explanation}".strip())
    if (column.least is not None and number < column.least) or (column.most is not None and number > column.most):
        raise NotExpected(_("di luar batas"), _range(column))
    return number


def _range(column: Column) -> str:
    limits = {"least": column.least, "most": column.most}
    if column.most is None:
        return str(_("Paling kecil %(least)s.") % limits)
    if column.least is None:
        return str(_("Paling besar %(most)s.") % limits)
    return str(_("Antara %(least)s dan %(most)s.") % limits)


def _int(column: Column, text: str) -> int:
    return int(_number(column, text, int, gettext_lazy("Angka bulat.")))


def _decimal(column: Column, text: str) -> float:
    if column.most and THOUSANDS.fullmatch(text) and float(re.sub(r"[.,]", "", text)) <= column.most:
        raise NotExpected(_("tidak jelas: ribuan atau pecahan?"), _("Tulis ribuan tanpa titik, misalnya 1500."))
    one_comma = text.count(",") == 1 and "." not in text
    return _number(column, text.replace(",", ".") if one_comma else text, float, gettext_lazy("Angka, misalnya 8,5."))


RUPIAH = re.compile(r"(?:Rp\.?|IDR)?\s*(\d{1,3}(?:([.,])\d{3}(?:\2\d{3})*)?|\d+)(?:[.,](?:00?|-))?\s*", re.IGNORECASE)


def _rupiah(column: Column, text: str) -> int:
    """Whole Rupiah; "Rp1.250.000,00" can mean only one thing and is offered as a mend."""
    if not text.isascii() or not text.isdigit():
        match = RUPIAH.fullmatch(text)
        plain = re.sub(r"[.,]", "", match[1]) if match else ""
        mend = Mend(Way.CELL, plain) if plain else None
        wrong = _("uang sebagai teks.") if plain else _("bukan rupiah.")
        raise NotExpected(wrong, _("Rupiah bulat tanpa Rp dan titik, misalnya 1250000."), mend)
    return int(_number(column, text, int, gettext_lazy("Rupiah bulat.")))


def _bool(column: Column, text: str) -> bool:
    word = text.lower()
    if word not in YES | NO:
        raise NotExpected(_("bukan ya atau tidak"), _("Isi yes atau no (ya atau tidak)."))
    return word in YES


def _date(column: Column, text: str) -> date:
    match, here = DATE.fullmatch(text), DATE_HERE.fullmatch(text)
    parts = [int(part) for part in match.groups()] if match else [int(p) for p in here.groups()][::-1] if here else []
    try:
        return date(*parts)
    except (TypeError, ValueError):
        raise NotExpected(_("bukan tanggal"), _("Tanggal seperti 2026-11-24.")) from None


def _time(column: Column, text: str) -> time:
    match = TIME.fullmatch(text)
    try:
        return time(int(match[1]), int(match[2])) if match else time(99)
    except ValueError:
        raise NotExpected(_("bukan jam"), _("Jam seperti 08:00.")) from None


def _choice(column: Column, text: str) -> str:
    for choice in column.choices:
        if choice.lower() == text.lower():
            return choice
    expected = _("Pilih: %(choices)s.") % {"choices": ", ".join(column.choices)}
    raise NotExpected(_("bukan salah satu pilihan"), expected + near(text, column.choices), meant(text, column.choices))


def _list(column: Column, text: str) -> list[str]:
    return [part.strip() for part in text.split(";") if part.strip()]


def meant(text: str, known: Iterable[str]) -> Mend | None:
    """The word that was probably meant, for a press of its own."""
    close = difflib.get_close_matches(text.lower(), [str(word) for word in known], n=1, cutoff=0.7)
    return Mend(Way.CELL, close[0], is_safe=False) if close else None


def near(text: str, known: Iterable[str]) -> str:
    """A word that was probably meant."""
    close = difflib.get_close_matches(text.lower(), [str(word) for word in known], n=1, cutoff=0.7)
    return " " + _("Maksudnya %(word)s?") % {"word": close[0]} if close else ""


READERS: dict[Kind, Callable[[Column, str], Any]] = {
    Kind.TEXT: _text,
    Kind.CODE: _code,
    Kind.INT: _int,
    Kind.DECIMAL: _decimal,
    Kind.BOOL: _bool,
    Kind.DATE: _date,
    Kind.TIME: _time,
    Kind.CHOICE: _choice,
    Kind.LIST: _list,
    Kind.RUPIAH: _rupiah,
}
