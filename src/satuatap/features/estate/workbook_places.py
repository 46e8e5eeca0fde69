"""The places of a working paper: buildings, who sits in them, the ways of officials and citizens between them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from satuatap.features.estate.workbook_inputs import Inputs
from satuatap.features.estate.workbook_pages import FIRST, Cell, Formula, Page
from satuatap.features.estate.workbook_terms import HouseCells

Raw = Mapping[str, Any]
EARTH_KM = 6371.0088
KEYS = 100_000  # two numbers of buildings in one key of a distance
HOUSES = (
    ("No.", "Kode", "Nama", "Wajib dibuka", "Unit, hari ini", "Unit, rencana", "m2, hari ini", "m2, rencana",
     "Orang, hari ini", "Orang, rencana", "Dibuka, hari ini", "Dibuka, rencana", "Lintang, radian", "Bujur, radian",
     "Menata, Rp/m2 sekali", "Mengosongkan, Rp sekali", "Jatuh tempo, Rp sekali"),
    (6, 22, 34, 9, 9, 9, 12, 12, 10, 10, 9, 9, 14, 14, 16, 16, 16),
)  # fmt: skip
SEATS = (
    ("Kode", "Unit", "Orang", "m2", "Gedung hari ini", "Gedung rencana", "No. hari ini", "No. rencana", "Pindah",
     "Biaya pindah, Rp sekali"),
    (22, 44, 9, 12, 24, 24, 9, 9, 8, 20),
)  # fmt: skip
TRIPS = (
    ("Unit", "Unit lain", "Perjalanan sebulan", "No. gedung, hari ini", "No. gedung lain", "Km, hari ini",
     "No. gedung, rencana", "No. gedung lain", "Km, rencana", "Km sebulan, hari ini", "Km sebulan, rencana"),
    (22, 22, *(14,) * 9),
)  # fmt: skip
CITIZENS = (
    ("Unit", "Kecamatan", "Kunjungan setahun", "No. gedung, hari ini", "No. gedung, rencana", "Km, hari ini",
     "Km, rencana", "Km setahun, hari ini", "Km setahun, rencana"),
    (22, 16, *(16,) * 7),
)  # fmt: skip
FAR = (("Kunci", "Gedung", "Gedung lain", "Km"), (14, 24, 24, 12))


class Places:
    """The sheets of places: which rows hold which building and unit, and the formulas that look there."""

    def __init__(
        self, raw: Raw, plan: Mapping[str, str], inputs: Inputs, houses: Page, seats: Page, far: Page | None
    ) -> None:
        self.raw, self.plan, self.inputs = raw, plan, inputs
        self.houses_page, self.seats_page, self.far = houses, seats, far
        self.number = {b["id"]: n for n, b in enumerate(raw["buildings"], start=1)}
        self.seat_row = {u["id"]: n for n, u in enumerate(raw["units"], start=FIRST)}
        self.last_house, self.last_seat = FIRST - 1 + len(self.number), FIRST - 1 + len(self.seat_row)
        self.last_far = FIRST - 1
        if far is not None:
            for row in raw["distances"]:
                low, high = sorted((self.number[row["a"]], self.number[row["b"]]))
                km = row["km"]["likely"] if isinstance(row["km"], Mapping) else row["km"]
                self.last_far = far.row(low * KEYS + high, row["a"], row["b"], Cell(float(km), "input"))

    def _house(self, letter: str, number: str) -> str:
        return f"INDEX({self.houses_page.column(letter, self.last_house)},{number})"

    def houses_and_seats(self) -> list[HouseCells]:
        """Both sheets; where each building's figures stand."""
        kept = {b for rule in self.raw.get("rules", ()) if rule["kind"] == "do_not_close" for b in rule["buildings"]}
        now, then = (self.seats_page.column(letter, self.last_seat) for letter in "GH")
        people, m2 = (self.seats_page.column(letter, self.last_seat) for letter in "CD")
        found = []
        for b in self.raw["buildings"]:
            r = self.houses_page.next
            once = [
                self.inputs.put("Gedung", b["id"], meaning, b.get(key, 0), unit)
                for key, meaning, unit in (
                    ("fit_out_per_m2_once", "Menata ruang, sekali", "Rp/m2"),
                    ("closing_once", "Mengosongkan, sekali", "Rp"),
                )
            ]
            spot = [self.inputs.put("Gedung", b["id"], word, b[key], "derajat")
                    for key, word in (("latitude", "Lintang"), ("longitude", "Bujur"))]  # fmt: skip
            self.houses_page.row(
                self.number[b["id"]], b["id"], b.get("name") or b["id"], 1 if b["id"] in kept else 0,
                Formula(f"=COUNTIF({now},A{r})"), Formula(f"=COUNTIF({then},A{r})"),
                Formula(f"=SUMIF({now},A{r},{m2})"), Formula(f"=SUMIF({then},A{r},{m2})"),
                Formula(f"=SUMIF({now},A{r},{people})"), Formula(f"=SUMIF({then},A{r},{people})"),
                Formula(f"=IF(OR(E{r}>0,D{r}=1),1,0)"), Formula(f"=IF(OR(F{r}>0,D{r}=1),1,0)"),
                Formula(f"=RADIANS({spot[0]})"), Formula(f"=RADIANS({spot[1]})"),
                Formula(f"={once[0]}"), Formula(f"={once[1]}"), Formula(f"=IF(AND(E{r}>0,L{r}=0),P{r},0)", "exact"),
            )  # fmt: skip
            found.append(HouseCells(*(_pair(r, letters) for letters in ("GH", "IJ", "KL"))))
        self._seats()
        return found

    def _seats(self) -> None:
        codes = self.houses_page.column("B", self.last_house)
        price = self.inputs.prices
        for unit in self.raw["units"]:
            r, code = self.seats_page.next, unit["id"]
            people = self.inputs.put("Unit", code, "Orang", unit["people"], "orang")
            rooms = [self.inputs.put("Unit", code, f"Ruang: {kind}", m2, "m2") for kind, m2 in unit["area_m2"].items()]
            move = f"C{r}*{price['move_per_person']}+D{r}*({price['move_per_m2']}+{self._house('O', f'H{r}')})"
            self.seats_page.row(
                code, unit.get("name") or code, Formula(f"={people}"), Formula("=" + ("+".join(rooms) or "0")),
                Cell(unit["present"], "choice"), Cell(self.plan[code], "choice"),
                Formula(f"=MATCH(E{r},{codes},0)"), Formula(f"=MATCH(F{r},{codes},0)"), Formula(f"=IF(G{r}=H{r},0,1)"),
                Formula(f"=IF(I{r}=1,{move},0)", "exact"),
            )  # fmt: skip
        self.seats_page.sheet.data_validation(
            FIRST - 1, 5, self.last_seat - 1, 5, {"validate": "list", "source": f"={codes}"}
        )

    def once(self) -> tuple[str, str]:
        """One-off cost today (nothing moves) and of the plan: moving and fitting out, closing."""
        moving = f"SUM({self.seats_page.column('J', self.last_seat)})"
        return "0", f"{moving}+SUM({self.houses_page.column('Q', self.last_house)})"

    def _crow(self, la: str, oa: str, lb: str, ob: str) -> str:
        """Great circle in km (haversine) between two points in radians."""
        h = f"SIN(({lb}-{la})/2)^2+COS({la})*COS({lb})*SIN(({ob}-{oa})/2)^2"
        return f"2*{EARTH_KM}*ASIN(SQRT({h}))"

    def _between(self, a: str, b: str) -> str:
        """Road km between two buildings by their numbers."""
        spots = [self._house(letter, one) for one in (a, b) for letter in "MN"]
        far = f"{self._crow(*spots)}*{self.inputs.prices['detour']}"
        if self.far is not None:
            keys, km = (self.far.column(letter, self.last_far) for letter in "AD")
            far = f"IFERROR(INDEX({km},MATCH(MIN({a},{b})*{KEYS}+MAX({a},{b}),{keys},0)),{far})"
        return f"=IF({a}={b},0,{far})"

    def trips(self, page: Page) -> tuple[str, str]:
        """The official trips; km a month on all ways, today and in the plan."""
        for flow in self.raw.get("flows", ()):
            r, (a, b) = page.next, (self.seat_row[flow["a"]], self.seat_row[flow["b"]])
            owner = f"{flow['a']} - {flow['b']}"
            monthly = self.inputs.put("Perjalanan", owner, "Perjalanan sebulan", flow["trips_per_month"], "kali")
            seat = self.seats_page.name
            page.row(
                flow["a"], flow["b"], Formula(f"={monthly}"),
                Formula(f"={seat}!$G${a}"), Formula(f"={seat}!$G${b}"), Formula(self._between(f"D{r}", f"E{r}")),
                Formula(f"={seat}!$H${a}"), Formula(f"={seat}!$H${b}"), Formula(self._between(f"G{r}", f"H{r}")),
                Formula(f"=C{r}*F{r}"), Formula(f"=C{r}*I{r}"),
            )  # fmt: skip
        return _sums(page, "JK")

    def citizens(self, page: Page) -> tuple[str, str]:
        """Citizens' ways; km a year, today and in the plan."""
        for unit in self.raw["units"]:
            for district, visits in unit.get("visits_yearly", {}).items():
                r, seat = page.next, self.seat_row[unit["id"]]
                yearly = self.inputs.put("Kunjungan", f"{unit['id']} - {district}", "Kunjungan setahun", visits, "kali")
                centre = [f"RADIANS({cell})" for cell in self.inputs.places[district]]
                detour = self.inputs.prices["detour"]
                ways = [
                    f"={self._crow(*centre, *(self._house(letter, cell) for letter in 'MN'))}*{detour}"
                    for cell in (f"D{r}", f"E{r}")
                ]
                page.row(
                    unit["id"], district, Formula(f"={yearly}"), Formula(f"={self.seats_page.name}!$G${seat}"),
                    Formula(f"={self.seats_page.name}!$H${seat}"), Formula(ways[0]), Formula(ways[1]),
                    Formula(f"=2*C{r}*F{r}"), Formula(f"=2*C{r}*G{r}"),
                )  # fmt: skip
        return _sums(page, "HI")


def _pair(row: int, letters: str) -> tuple[str, str]:
    return f"Gedung!${letters[0]}${row}", f"Gedung!${letters[1]}${row}"


def _sums(page: Page, letters: str) -> tuple[str, str]:
    last = page.next - 1
    first, second = (f"SUM({page.column(letter, last)})" for letter in letters)
    return first, second
