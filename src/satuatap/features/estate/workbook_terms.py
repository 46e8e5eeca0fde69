"""The terms of a working paper: each piece of a plan's cost as a formula, once for today and once for the plan.

The formulas are those of ``docs/engines/regroup.md``; this file shares none with the engine.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from satuatap.features.estate.workbook_inputs import Inputs, value
from satuatap.features.estate.workbook_pages import Formula, Page

Raw = Mapping[str, Any]
CASH, CAPACITY = "kas", "kapasitas"
TITLES = ("No. suku", "Jenis", "Suku", "Gedung", "Keterangan", "Pakai sebulan, hari ini", "Pakai sebulan, rencana",
          "Hari ini, Rp setahun", "Rencana, Rp setahun")  # fmt: skip
WIDTHS = (9, 11, 22, 22, 44, 18, 18, 22, 22)
PURPOSE = "Setiap potong biaya: rumusnya di sel, angkanya di lembar Masukan. Belum dibulatkan, seperti di mesin."
NEARLY_USE = "(1-0.000000001)"  # a use so little below a step counts as there, as in the engine
NEARLY = "0.000001"  # m2 beyond a norm that are a rounding error, as in the engine
SIDES = ("today", "planned")


@dataclass(frozen=True, slots=True)
class HouseCells:
    """Where a building's figures stand: of today and of the plan."""

    m2: tuple[str, str]
    people: tuple[str, str]
    open: tuple[str, str]


@dataclass(slots=True)
class Terms:
    """The sheet of terms while it is written; a term gets its number when it first comes."""

    page: Page
    inputs: Inputs
    raw: Raw
    numbers: dict[tuple[str, str], int] = field(default_factory=dict)
    _tariffs: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    _posts: list[tuple[str, str, str]] = field(default_factory=list)

    def add(
        self, kind: str, term: str, owner: str, meaning: str, pair: tuple[str, str],
        use: tuple[Formula | None, Formula | None] = (None, None),
    ) -> None:  # fmt: skip
        """One piece: its formulas for today and for the plan."""
        number = self.numbers.setdefault((kind, term), len(self.numbers) + 1)
        today, planned = (Formula(f"={text}", "exact") for text in pair)
        self.page.row(number, kind, term, owner, meaning, *use, today, planned)

    def shared(self) -> None:
        """Inputs that all buildings use: steps of tariffs, norms of posts."""
        for one in self.raw.get("tariffs", ()):
            key, unit, source = one["id"], one.get("unit", ""), one.get("source") or "Harga satuan"
            begins = "Berlaku mulai pemakaian sebulan"
            self._tariffs[key] = [
                (
                    self.inputs.put("Tarif", key, begins, step.get("from_per_month", 0), unit),
                    self.inputs.put("Tarif", key, source, step["price_per_unit"], f"Rp/{unit or 'satuan'}"),
                )
                for step in one["steps"]
            ]
        for post in self.raw.get("posts", ()):
            name = post["name"]
            self._posts.append((
                self.inputs.put("Pos", name, "m2 terpakai untuk satu pos", post["norm_m2"], "m2"),
                self.inputs.put("Pos", name, "Orang untuk satu pos", post.get("shifts", 1.0), "orang"),
                self.inputs.put("Pos", name, "Biaya satu orang", post["yearly"], "Rp/tahun"),
            ))  # fmt: skip

    def building(self, b: Raw, cells: HouseCells) -> None:
        """Everything that one building costs in a year."""
        code = b["id"]
        for term, raw in b.get("yearly_fixed", {}).items():
            cell = self._own(code, "Tetap setahun bila dibuka", term, raw, "Rp/tahun")
            self.add(CASH, term, code, "selama dibuka", _each(cells, f"IF({{open}}=1,{cell},0)"))
        for term, raw in b.get("yearly_per_m2", {}).items():
            cell = self._own(code, "Setahun setiap m2 terpakai", term, raw, "Rp/m2")
            self.add(CASH, term, code, "x m2 terpakai", _each(cells, f"IF({{open}}=1,{cell}*{{m2}},0)"))
        for term, raw in b.get("yearly_per_person", {}).items():
            cell = self._own(code, "Setahun setiap orang", term, raw, "Rp/orang")
            self.add(CASH, term, code, "x orang", _each(cells, f"IF({{open}}=1,{cell}*{{people}},0)"))
        self._empty(b, cells)
        self._running_on(b, cells)
        for line in b.get("connections", ()):
            self._line(code, line, cells)
        self._guards(code, cells)

    def _own(self, code: str, meaning: str, term: str, raw: Any, unit: str) -> str:
        return self.inputs.put("Gedung", code, f"{meaning}: {term}", raw, unit)

    def _empty(self, b: Raw, cells: HouseCells) -> None:
        code = b["id"]
        if value(b.get("empty_yearly")):
            cell = self._own(code, "Setahun bila kosong", "jaga", b["empty_yearly"], "Rp/tahun")
            self.add(CASH, "empty_upkeep", code, "bila kosong", _each(cells, f"IF({{open}}=0,{cell},0)"))
        if value(b.get("freed_income_yearly")) and value(b.get("freed_income_share")):
            income = self._own(code, "Pendapatan setahun bila kosong", "harapan", b["freed_income_yearly"], "Rp/tahun")
            share = self._own(code, "Bagian yang boleh dihitung", "pendapatan", b["freed_income_share"], "bagian")
            text = f"IF({{open}}=0,-{income}*{share},0)"
            self.add(CASH, "freed_income", code, "bila kosong", _each(cells, text))

    def _running_on(self, b: Raw, cells: HouseCells) -> None:
        """Rent and contracts: due while the building is open, and until their end in any case."""
        code = b["id"]
        dues = [("lease", "Sewa", b.get("lease_yearly"), b.get("lease_ends"))]
        dues += [(one["term"], "Kontrak", one["yearly"], one.get("ends")) for one in b.get("contracts", ())]
        for term, word, yearly, ends in dues:
            if value(yearly):
                cell = self._own(code, f"{word} setahun", term, yearly, "Rp/tahun")
                text = f"IF(OR({{open}}=1,{self._still(code, f'{word} berakhir', term, ends)}),{cell},0)"
                self.add(CASH, term, code, f"{word.lower()}, sampai berakhir", _each(cells, text))

    def _still(self, code: str, meaning: str, term: str, ends: Any) -> str:
        last = self._own(code, meaning, term, ends or 0, "tahun; 0: seketika")
        return f"AND({last}>0,{last}>={self.inputs.year})"

    def _line(self, code: str, line: Raw, cells: HouseCells) -> None:
        """A line to a provider: twelve times a month's bill."""
        tariff = next(one for one in self.raw["tariffs"] if one["id"] == line["tariff"])
        term, unit = tariff["term"], tariff.get("unit", "")
        parts = [
            (self._own(code, meaning, term, line[key], f"{unit}/bulan"), times)
            for key, meaning, times in (
                ("monthly_fixed_use", "Pakai tetap sebulan", ""),
                ("monthly_use_per_m2", "Pakai sebulan setiap m2", "*{m2}"),
                ("monthly_use_per_person", "Pakai sebulan setiap orang", "*{people}"),
            )
            if value(line.get(key))
        ]
        use = "+".join(cell + times for cell, times in parts) or "0"
        standing = self._own(code, "Abonemen sebulan", term, line.get("standing_monthly", 0), "Rp/bulan")
        least = self._own(code, "Rekening paling kecil sebulan", term, line.get("minimum_monthly", 0), "Rp/bulan")
        still = self._still(code, "Tersambung sampai", term, line.get("connected_until"))
        row = self.page.next
        pair = tuple(
            f"IF(OR({is_open}=1,{still}),12*MAX({least},{standing}+{self._charge(tariff, f'${letter}${row}')}),0)"
            for is_open, letter in zip(cells.open, "FG", strict=True)
        )
        uses = tuple(Formula(f"={text}") for text in _each(cells, f"IF({{open}}=1,{use},0)"))
        self.add(CASH, term, code, "12 x rekening sebulan", pair, uses)  # type: ignore[arg-type]

    def _charge(self, tariff: Raw, use: str) -> str:
        """What the use of a month costs by the steps of its tariff."""
        parts, before = [], ""
        whole = tariff.get("whole_use", False)
        for start, price in self._tariffs[tariff["id"]]:
            more = f"({price}-{before})" if before else price
            beyond = more if whole else f"{more}*({use}-{start})"
            parts.append(f"IF({use}>={start}*{NEARLY_USE},{beyond},0)")
            before = price
        return f"({'+'.join(parts)})" + (f"*{use}" if whole else "")

    def _guards(self, code: str, cells: HouseCells) -> None:
        """Posts of support staff: one for each begun part of used m2."""
        for post, (norm, shifts, yearly) in zip(self.raw.get("posts", ()), self._posts, strict=True):
            kind = CASH if post.get("cash", True) else CAPACITY
            text = f"IF({{m2}}>0,-INT(-({{m2}}/{norm}-{NEARLY})),0)*{shifts}*{yearly}"
            self.add(kind, f"posts_{post['name']}", code, "pos x orang x biaya", _each(cells, text))

    def everywhere(self, km: tuple[str, str], once: tuple[str, str]) -> None:
        """What is no building's own: trips (``km`` a month on all ways) and one-off cost."""
        price = self.inputs.prices
        for name, kind, worth in (
            ("trips", CASH, f"12*2*{price['trip_per_km']}"),
            ("trip_hours", CAPACITY, f"12*2/{price['speed_kmh']}*{price['people_per_trip']}*{price['hour']}"),
        ):
            self.add(kind, name, "", "km sebulan x 12 x 2", (f"{km[0]}*{worth}", f"{km[1]}*{worth}"))
        years = price["amortise_years"]
        spread = (f"({once[0]})/{years}", f"({once[1]})/{years}")
        self.add(CASH, "one_off_spread", "", "pindah dan penutupan, dibagi tahun", spread)


def _each(cells: HouseCells, text: str) -> tuple[str, str]:
    """A formula with the cells of today, and with those of the plan."""
    first, then = (
        text.format(m2=m2, people=people, open=is_open)
        for m2, people, is_open in zip(cells.m2, cells.people, cells.open, strict=True)
    )
    return first, then
