"""What no single column of the estate's sheets can say: months that overlap, a unit in two places."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _

from satuatap.features.estate.states import Ownership, Supply
from satuatap.plumbing.sheets.cells import near, shown
from satuatap.plumbing.sheets.schema import Contents, Problem, Row

MOST_BILLS = 24
LONGEST_BILL = 100  # days: a quarter and some
TARIFF_OF = {Supply.ELECTRICITY: "tariff.", Supply.WATER: "water."}
EVER = date(1900, 1, 1)


def check_estate(contents: Contents) -> list[Problem]:
    """Every problem between columns and rows of the estate."""
    return [
        *_bills(contents),
        *_meters(contents),
        *_placements(contents),
        *_backwards(contents),
        *_norms(contents),
        *_trips(contents),
        *_areas(contents),
        *_leases(contents),
        *_made_up(contents),
        *_announced(contents),
    ]


def _at(row: Row, column: str, wrong: str, expected: str = "") -> Problem:
    return Problem(row.sheet, row.number, column, shown(row.values.get(column))[:60], wrong, expected)


def _rows(contents: Contents, sheet: str) -> list[Row]:
    return contents.rows.get(sheet, [])


def _where(row: Row) -> str:
    """Where a row stands: in the file, or in the inventory beside what the file adds."""
    return _("di baris %(row)d") % {"row": row.number} if row.number else _("yang sudah tercatat")


def _grouped(rows: list[Row], column: str) -> dict[Any, list[Row]]:
    found: dict[Any, list[Row]] = defaultdict(list)
    for row in rows:
        if row.values[column]:
            found[row.values[column]].append(row)
    return found


def _bills(contents: Contents) -> Iterator[Problem]:
    """Bills of one meter never overlap, and there are at most 24."""
    for rows in _grouped(_rows(contents, "bills"), "meter").values():
        dated: list[Any] = [row for row in rows if row.values["first_day"] and row.values["last_day"]]
        dated.sort(key=lambda row: (row.values["first_day"], row.number))
        for row in dated:
            if row.values["last_day"] < row.values["first_day"]:
                yield _at(row, "last_day", _("lebih awal daripada hari pertama."), _("Balikkan kedua tanggal."))
            elif (row.values["last_day"] - row.values["first_day"]) > timedelta(days=LONGEST_BILL):
                yield _at(row, "last_day", _("terlalu panjang untuk satu tagihan."), _("Satu baris setiap bulan."))
        latest: Any = None
        for row in dated:
            start = row.values["first_day"]
            if latest is not None and latest.values["first_day"] != start <= latest.values["last_day"]:
                wrong = _("bertumpuk dengan tagihan %(row)s.") % {"row": _where(latest)}
                yield _at(row, "first_day", wrong, _("Bulan satu meter tidak boleh bertumpuk; periksa tanggalnya."))
            if latest is None or row.values["last_day"] > latest.values["last_day"]:
                latest = row
        for row in dated[MOST_BILLS:]:
            yield _at(row, "first_day", _("lebih dari 24 tagihan untuk meter ini."), _("Simpan yang 24 terbaru."))


def _meters(contents: Contents) -> Iterator[Problem]:
    known = [str(row.values["key"]) for row in _rows(contents, "norms")]
    for row in _rows(contents, "meters"):
        supply, tariff = row.values["supply"], str(row.values["tariff"] or "")
        if tariff and tariff not in known:
            yield _at(
                row, "tariff", _("tidak ada di lembar %(sheet)s.") % {"sheet": "norms"}, near(tariff, known).strip()
            )
        elif supply and tariff and not tariff.startswith(TARIFF_OF[Supply(str(supply))]):
            yield _at(row, "tariff", _("golongan untuk meter jenis lain."), _("Periksa jenis meter dan golongannya."))


def _placements(contents: Contents) -> Iterator[Problem]:
    """A unit sits in one place at a time."""
    for rows in _grouped(_rows(contents, "placements"), "unit").values():
        ordered: list[Any] = sorted(rows, key=lambda row: (row.values["since"] or EVER, row.number))
        for before, row in pairwise(ordered):
            if before.values["since"] == row.values["since"]:
                continue  # told as a row twice
            until = before.values["until"]
            if until is None or until >= row.values["since"]:
                wrong = _("unit ini masih di gedung lain menurut %(row)s.") % {"row": _where(before)}
                yield _at(row, "since", wrong, _("Isi “sampai” di baris itu, sehari sebelum pindah."))


BACKWARDS = (("placements", "since", "until"), ("leases", "starts", "ends"))


def _backwards(contents: Contents) -> Iterator[Problem]:
    for sheet, start, end in BACKWARDS:
        for row in _rows(contents, sheet):
            values: Any = row.values
            if values[start] and values[end] and values[end] < values[start]:
                yield _at(row, end, _("lebih awal daripada mulainya."), _("Balikkan kedua tanggal."))


def _norms(contents: Contents) -> Iterator[Problem]:
    for row in _rows(contents, "norms"):
        values: Any = row.values
        three = [values[name] for name in ("low", "likely", "high")]
        if None not in three and not three[0] <= three[1] <= three[2]:
            expected = _("Paling kecil, dipakai, paling besar: menaik.")
            yield _at(row, "likely", _("tidak di antara yang terkecil dan terbesar."), expected)


def _trips(contents: Contents) -> Iterator[Problem]:
    for row in _rows(contents, "trips"):
        if row.values["one"] and row.values["one"] == row.values["other"]:
            yield _at(row, "other", _("unit yang sama dua kali."), _("Sebut dua unit yang berbeda."))


def _areas(contents: Contents) -> Iterator[Problem]:
    """Rooms together are no larger than their building."""
    whole: dict[object, Any] = {row.values["code"]: row.values["area_m2"] for row in _rows(contents, "buildings")}
    for building, rows in _grouped(_rows(contents, "spaces"), "building").items():
        together = sum(float(str(row.values["area_m2"] or 0)) for row in rows)
        area = whole.get(building)
        if area and together > area * 1.001:
            wrong = _("luas ruang gedung ini berjumlah %(sum)d m2, gedungnya %(area)d m2.")
            yield _at(
                rows[-1], "area_m2", wrong % {"sum": together, "area": area}, _("Periksa luas ruang atau gedung.")
            )


def _leases(contents: Contents) -> Iterator[Problem]:
    """Only a building that is not the city's costs rent."""
    own = {row.values["code"] for row in _rows(contents, "buildings") if row.values["ownership"] == Ownership.CITY}
    for row in _rows(contents, "leases"):
        if row.values["building"] in own:
            yield _at(row, "building", _("gedung ini milik kota, tetapi disewa."), _("Periksa kolom Milik gedung itu."))


def _made_up(contents: Contents) -> Iterator[Problem]:
    for sheet in ("buildings", "units"):
        for row in _rows(contents, sheet):
            for name in row.values["made_up"] or ():  # type: ignore[attr-defined]
                if name not in row.values:
                    wrong = _("“%(name)s” bukan kolom lembar ini.") % {"name": name}
                    yield _at(row, "made_up", wrong, _("Tulis kunci kolom, dipisah titik koma."))


def _announced(contents: Contents) -> Iterator[Problem]:
    """A publication names a unit of the list, or says in its own words who is meant."""
    for row in _rows(contents, "announced"):
        if not row.values["unit"] and not row.values["who"]:
            yield _at(row, "who", _("kosong."), _("Sebut unit kerjanya, atau siapa menurut sumbernya."))
