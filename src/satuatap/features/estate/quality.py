"""What is odd or missing in the inventory, in sentences that say what to check."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from satuatap.features.estate.rules import standing
from satuatap.features.estate.states import Cooling, Post, Standing, Supply

Row = Mapping[str, Any]
Rows = Mapping[str, Sequence[Row]]
ODD_TIMES = (
    3.0  # of the norm's highest, or less than a third of its lowest: then the meter, the m2 or the unit is wrong
)
DAYS_A_MONTH = 365.25 / 12
COSTS = (("bills", "amount"), ("support_staff", "people"), ("upkeep", "amount"), ("leases", "yearly"))


@dataclass(frozen=True, slots=True)
class Remark:
    """One sentence about one row: its sheet and its code."""

    sheet: str
    code: str
    text: str


def remarks(rows: Rows) -> list[Remark]:
    """Every remark about the inventory (``queries.sheet_rows``), the oddest kinds first."""
    return [*_energy(rows), *_prices(rows), *_room(rows), *_cleaners(rows), *_seats(rows)]


def standings(rows: Rows) -> dict[Standing, int]:
    """How many costs and areas are known how well; a cost without kode rekening counts as unsourced."""
    found: Counter[Standing] = Counter()
    for sheet, column in (("buildings", "area_m2"), ("units", "headcount"), *COSTS):
        found.update(standing(row, column) for row in rows[sheet])
    return {one: found[one] for one in Standing}


def _times(value: float) -> str:
    return f"{value:.0f}" if value >= 10 else f"{value:.1f}".rstrip("0").rstrip(".")


def _norm(rows: Rows, key: str) -> Row | None:
    return next((row for row in rows["norms"] if row["key"] == key), None)


def _used(rows: Rows) -> Iterator[tuple[Row, float, float]]:
    """Buildings with their kWh a month and Rupiah a month, where they have bills."""
    building_of = {row["code"]: row["building"] for row in rows["meters"] if row["supply"] == Supply.ELECTRICITY}
    kwh: Counter[str] = Counter()
    money: Counter[str] = Counter()
    spans: dict[str, list[Any]] = {}
    for bill in rows["bills"]:
        building = building_of.get(bill["meter"])
        if building is not None:
            kwh[building] += bill["quantity"]
            money[building] += bill["amount"]
            spans.setdefault(building, []).extend((bill["first_day"], bill["last_day"]))
    for row in rows["buildings"]:
        days = spans.get(row["code"])
        if days:
            months = ((max(days) - min(days)).days + 1) / DAYS_A_MONTH
            yield row, kwh[row["code"]] / months, money[row["code"]] / months


def _energy(rows: Rows) -> Iterator[Remark]:
    """Electricity for each m2 against the intensity of Permen ESDM 13/2012."""
    for row, monthly, _money in _used(rows):
        norm = _norm(rows, "energy.not_cooled" if row["cooling"] == Cooling.NOT_COOLED else "energy.cooled")
        if norm is None:
            continue
        intensity = monthly / row["area_m2"]
        if intensity > ODD_TIMES * norm["high"]:
            text = _("Listrik %(name)s %(times)s kali batas boros (%(norm)s): periksa nomor meter dan luasnya.")
            values = {"name": row["name"], "times": _times(intensity / norm["high"]), "norm": norm["regulation"]}
            yield Remark("buildings", row["code"], text % values)
        elif intensity < norm["low"] / ODD_TIMES:
            text = _(
                "Listrik %(name)s hanya %(share)d%% dari yang sangat efisien: mungkin ada meter yang belum tercatat."
            )
            share = round(100 * intensity / norm["low"])
            yield Remark("buildings", row["code"], text % {"name": row["name"], "share": share})


def _prices(rows: Rows) -> Iterator[Remark]:
    """What a kWh cost, against its class."""
    tariff = {row["building"]: row["tariff"] for row in rows["meters"] if row["tariff"]}
    for row, kwh, money in _used(rows):
        norm = _norm(rows, tariff.get(row["code"], ""))
        if norm is None or kwh <= 0:
            continue
        price = money / kwh
        if not norm["low"] / 1.5 <= price <= norm["high"] * 1.5:
            text = _(
                "Listrik %(name)s berharga Rp%(price)d per kWh, golongannya Rp%(norm)d: periksa satuan tagihannya."
            )
            yield Remark("buildings", row["code"], text % {"name": row["name"], "price": price, "norm": norm["likely"]})


def _room(rows: Rows) -> Iterator[Remark]:
    """m2 for each person who works there."""
    people: Counter[str] = Counter()
    head = {row["code"]: row["headcount"] for row in rows["units"]}
    for seat in rows["placements"]:
        if seat["until"] is None:
            people[seat["building"]] += head.get(seat["unit"], 0)
    staff = _norm(rows, "room.staff")
    for row in rows["buildings"]:
        count = people[row["code"]]
        if staff and count and row["area_m2"] / count < staff["likely"]:
            text = _("%(name)s hanya %(m2)s m2 setiap pegawai, norma %(norm)s m2: periksa luas atau jumlah pegawainya.")
            values = {"name": row["name"], "m2": _times(row["area_m2"] / count), "norm": _times(staff["likely"])}
            yield Remark("buildings", row["code"], text % values)


def _cleaners(rows: Rows) -> Iterator[Remark]:
    """Posts against the m2."""
    norm = _norm(rows, "cleaner.m2")
    count: Counter[str] = Counter()
    for row in rows["support_staff"]:
        if row["post"] == Post.CLEANER:
            count[row["building"]] += row["people"]
    for row in rows["buildings"]:
        if norm and count[row["code"]] > 1 and row["area_m2"] / count[row["code"]] < norm["low"] / ODD_TIMES:
            text = _("%(name)s punya %(count)d petugas kebersihan untuk %(m2)d m2: periksa jumlahnya.")
            values = {"name": row["name"], "count": count[row["code"]], "m2": row["area_m2"]}
            yield Remark("buildings", row["code"], text % values)


def _seats(rows: Rows) -> Iterator[Remark]:
    seated = {seat["unit"] for seat in rows["placements"] if seat["until"] is None}
    housed = {seat["building"] for seat in rows["placements"] if seat["until"] is None}
    for row in rows["units"]:
        if row["code"] not in seated:
            text = _("Belum diketahui di mana %(name)s duduk: isi lembar Siapa di mana.")
            yield Remark("units", row["code"], text % {"name": row["name"]})
    for row in rows["buildings"]:
        if row["code"] in housed and row["use"] == "idle":
            text = _("%(name)s tercatat kosong, tetapi ada unit di dalamnya: periksa status penggunaannya.")
            yield Remark("buildings", row["code"], text % {"name": row["name"]})
