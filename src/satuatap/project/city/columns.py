"""Short ways to say a column."""

from __future__ import annotations

from collections.abc import Sequence

from satuatap.plumbing.sheets.schema import Column, Kind, Sheet

LONGEST_CODE = 60


def text(
    key: str, label: str, why: str = "", example: str = "", *, need: bool = False, longest: int = 5000
) -> Column:  # fmt: skip
    return Column(key, label, Kind.TEXT, need, explanation=why, example=example, longest=longest)


def code(key: str, label: str, why: str = "", example: str = "", *, need: bool = True) -> Column:
    return Column(key, label, Kind.CODE, need, explanation=why, example=example, longest=LONGEST_CODE)


def choice(key: str, label: str, choices: Sequence[str], why: str = "", *, need: bool = True) -> Column:
    chosen = tuple(choices)
    return Column(key, label, Kind.CHOICE, need, choices=chosen, explanation=why, example=chosen[0])


def whole(key: str, label: str, limits: tuple[float, float], why: str = "", *, need: bool = True) -> Column:
    return Column(key, label, Kind.INT, need, explanation=why, least=limits[0], most=limits[1])


def number(key: str, label: str, limits: tuple[float, float], why: str = "", *, need: bool = True) -> Column:
    return Column(key, label, Kind.DECIMAL, need, explanation=why, least=limits[0], most=limits[1])


def yes_no(key: str, label: str, why: str = "", *, need: bool = False) -> Column:
    return Column(key, label, Kind.BOOL, need, explanation=why, example="yes")


def day(key: str, label: str, why: str = "", *, need: bool = False) -> Column:
    return Column(key, label, Kind.DATE, need, explanation=why)


def clock(key: str, label: str, why: str = "", *, need: bool = False) -> Column:
    return Column(key, label, Kind.TIME, need, explanation=why)


def words(key: str, label: str, why: str = "", example: str = "") -> Column:
    return Column(key, label, Kind.LIST, explanation=why, example=example)


# How sure we are of a row, and where it comes from: on every sheet.
COMMON = (
    text("source", "Sumber", "Alamat atau judul tempat keterangan ini ditemukan.", longest=600),
    whole("source_year", "Tahun sumber", (1945, 2100), need=False),
    choice("confidence", "Keyakinan", ("H", "M", "L"), "H tinggi, M sedang, L rendah.", need=False),
    yes_no("synthetic", "Rekaan", "yes bila tidak bersumber; ditandai di layar."),
    text("note", "Catatan", longest=600),
)

HALL = (0, 1000)
RECT = tuple(number(key, key.upper(), HALL, "Denah: 1000 x 560.", need=False) for key in "xywh")


def with_common(sheet: Sheet) -> Sheet:
    """The sheet with the common trailing columns."""
    return Sheet(
        sheet.key,
        sheet.label,
        (*sheet.columns, *COMMON),
        sheet.unique,
        sheet.references,
        sheet.required,
        sheet.explanation,
    )
