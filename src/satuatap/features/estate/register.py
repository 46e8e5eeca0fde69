"""The register as people read it: each building with who sits there and what it costs, each unit with its need.

Every figure carries how well it is known. Areas in m2, costs in Rupiah.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from satuatap.features.estate.figures import Figures
from satuatap.features.estate.numbers import ends, less, times
from satuatap.features.estate.rules import standing
from satuatap.features.estate.states import Standing, Supply
from satuatap.features.estate.study_parts import grouped, need_of, sum_of

Row = Mapping[str, Any]
Rows = Mapping[str, Sequence[Row]]


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: what it is, how well it is known, where it comes from; ``low`` and ``high`` of a range."""

    value: Any
    how: Standing
    source: str = ""
    low: float | None = None
    high: float | None = None

    @property
    def is_range(self) -> bool:
        return self.low is not None and self.high is not None and self.low != self.high


@dataclass(frozen=True, slots=True)
class Seat:
    """One unit in one building, since when."""

    unit: str
    name: str
    people: int
    building: str
    place: str  # the building's name
    floor: str
    since: date | None
    until: date | None
    how: Standing


@dataclass(frozen=True, slots=True)
class UnitView:
    """A unit: its people, its need in m2, where it sits now."""

    row: Row
    people: Figure
    need: Figure
    seat: Seat | None

    @property
    def code(self) -> str:
        return str(self.row["code"])


@dataclass(frozen=True, slots=True)
class HouseView:
    """A building: m2, who sits inside, how full it is (need of those inside / usable m2)."""

    row: Row
    area: Figure
    usable: Figure
    seats: tuple[Seat, ...]
    used_m2: float

    @property
    def code(self) -> str:
        return str(self.row["code"])

    @property
    def people(self) -> int:
        return sum(seat.people for seat in self.seats)

    @property
    def share(self) -> float:
        """Need of those inside of the usable m2; above 1 it is too small."""
        return self.used_m2 / self.usable.value if self.usable.value else 0.0


def figure(row: Row, column: str) -> Figure:
    """A cell of a row with its standing."""
    return Figure(row.get(column), standing(row, column), str(row.get("source") or ""))


def seats_of(rows: Rows, today: date) -> list[Seat]:
    """Who sits where today."""
    units = {row["code"]: row for row in rows["units"]}
    names = {row["code"]: row["name"] for row in rows["buildings"]}
    return [
        Seat(row["unit"], units[row["unit"]]["name"], units[row["unit"]]["headcount"], row["building"],
             names[row["building"]], row["floor"], row["since"], row["until"], standing(row, "building"))
        for row in rows["placements"]
        if row["unit"] in units and row["building"] in names
        and (row["since"] is None or row["since"] <= today) and (row["until"] is None or row["until"] >= today)
    ]  # fmt: skip


def _need(row: Row, staff: Sequence[Row], norms: Sequence[Row]) -> Figure:
    figures = Figures.of(norms)
    parts = need_of(row, staff, figures).values()
    low, middle, high = (sum(ends(part)[n] for part in parts) for n in range(3))
    if row["area_m2"]:
        return Figure(middle, standing(row, "area_m2"), str(row.get("source") or ""), low, high)
    return Figure(middle, Standing.NORM, "", low, high)


def units(rows: Rows, today: date) -> list[UnitView]:
    """Every unit, in the order of its sheet."""
    staff = grouped(rows["unit_staff"], "unit")
    seats = {seat.unit: seat for seat in seats_of(rows, today)}
    return [
        UnitView(
            row,
            figure(row, "headcount"),
            _need(row, staff.get(row["code"], ()), rows["norms"]),
            seats.get(row["code"]),
        )
        for row in rows["units"]
    ]


def houses(rows: Rows, today: date) -> list[HouseView]:
    """Every building, in the order of its sheet."""
    needs = _needs(rows)
    spaces = grouped(rows["spaces"], "building")
    inside: dict[str, list[Seat]] = {}
    for seat in seats_of(rows, today):
        inside.setdefault(seat.building, []).append(seat)
    return [
        HouseView(
            row,
            figure(row, "area_m2"),
            _usable(row, spaces.get(row["code"], ()), rows["norms"]),
            tuple(inside.get(row["code"], ())),
            sum(needs[seat.unit] for seat in inside.get(row["code"], ())),
        )
        for row in rows["buildings"]
    ]


def _needs(rows: Rows) -> dict[str, float]:
    staff, figures = grouped(rows["unit_staff"], "unit"), Figures.of(rows["norms"])
    return {row["code"]: sum_of(need_of(row, staff.get(row["code"], ()), figures)) for row in rows["units"]}


def _usable(row: Row, spaces: Sequence[Row], norms: Sequence[Row]) -> Figure:
    """Net m2: its rooms where they are listed, else gross m2 less what is no usable floor."""
    if spaces:
        known = [standing(space, "area_m2") for space in spaces]
        how = next((one for one in (Standing.SYNTHETIC, Standing.UNSOURCED) if one in known), Standing.SOURCED)
        return Figure(sum(space["area_m2"] for space in spaces), how)
    figures = Figures.of(norms)
    usable = times(float(row["area_m2"]), less(figures.norm("gross.lost_share")))
    low, middle, high = ends(usable)
    how = standing(row, "area_m2")
    return Figure(middle, how if how is not Standing.SOURCED else Standing.NORM, "", low, high)


# ------------------------------------------------------------------ one building
@dataclass(frozen=True, slots=True)
class MonthUse:
    """What a meter counted in one bill, and what it cost."""

    first_day: date
    last_day: date
    quantity: float
    amount: int
    how: Standing


@dataclass(frozen=True, slots=True)
class MeterView:
    """A meter with its bills in their order."""

    row: Row
    bills: tuple[MonthUse, ...]

    @property
    def unit(self) -> str:
        return "kWh" if self.row["supply"] == Supply.ELECTRICITY else "m3"

    @property
    def amount(self) -> int:
        return sum(bill.amount for bill in self.bills)


@dataclass(frozen=True, slots=True)
class Detail:
    """Everything the register holds about one building."""

    house: HouseView
    floors: tuple[tuple[Row, tuple[Row, ...]], ...]  # a floor and its rooms
    meters: tuple[MeterView, ...]
    support: tuple[Row, ...]
    upkeep: tuple[Row, ...]
    leases: tuple[Row, ...]
    past: tuple[Row, ...]  # who sat here before


def detail(rows: Rows, code: str, today: date) -> Detail | None:
    """One building; ``None`` where there is none of that code."""
    house = next((one for one in houses(rows, today) if one.code == code), None)
    if house is None:
        return None

    def mine(sheet: str) -> list[Row]:
        return [row for row in rows[sheet] if row["building"] == code]

    bills, spaces = grouped(rows["bills"], "meter"), mine("spaces")
    floors = tuple((row, tuple(one for one in spaces if one["floor"] == row["code"])) for row in mine("floors"))
    past = [row for row in mine("placements") if row["until"] is not None and row["until"] < today]
    return Detail(
        house, floors, tuple(MeterView(row, _bills(bills.get(row["code"], ()))) for row in mine("meters")),
        tuple(mine("support_staff")), tuple(sorted(mine("upkeep"), key=lambda row: -int(row["year"]))),
        tuple(mine("leases")), tuple(past),
    )  # fmt: skip


def _bills(rows: Sequence[Row]) -> tuple[MonthUse, ...]:
    found = [
        MonthUse(row["first_day"], row["last_day"], row["quantity"], row["amount"], standing(row, "amount"))
        for row in rows
    ]
    return tuple(sorted(found, key=lambda bill: bill.first_day))
