"""The working paper (kertas kerja) of a plan: its cost as live formulas, from a study's problem and a placement.

Plain Python on the stored problem: no engine is loaded and none of its formulas is shared. The engine does not round;
the plan's printed Rupiah are rounded once, at each term, halves to the even neighbour, and so is each term here. Cash
and capacity are two tables that nothing adds up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from satuatap.features.estate.workbook_inputs import PURPOSE as INPUTS_FOR
from satuatap.features.estate.workbook_inputs import TITLES as INPUT_TITLES
from satuatap.features.estate.workbook_inputs import WIDTHS as INPUT_WIDTHS
from satuatap.features.estate.workbook_inputs import Inputs
from satuatap.features.estate.workbook_pages import Book, Cell, Formula, Page
from satuatap.features.estate.workbook_places import CITIZENS, FAR, HOUSES, SEATS, TRIPS, Places
from satuatap.features.estate.workbook_terms import CAPACITY, CASH, PURPOSE, TITLES, WIDTHS, Terms
from satuatap.features.estate.workbook_words import term_name

Raw = Mapping[str, Any]
RULES = (
    "Ubah hanya sel berlatar kuning: angka di lembar Masukan dan Jarak, gedung di lembar Penempatan.",
    "Mesin tidak membulatkan. Rupiah rencana dibulatkan satu kali, pada setiap suku; nilai tepat setengah dibulatkan "
    "ke bilangan genap. Lembar Jumlah berbuat sama.",
    "Kas dan kapasitas berdiri sendiri dan tidak pernah dijumlahkan: kapasitas adalah waktu pegawai, bukan uang.",
    "Skor hanya urutan untuk memilih rencana, bukan uang dan bukan penghematan.",
    "Rumus tiap suku: docs/engines/regroup.md dalam kode sumber satuatap.",
)


def workbook(
    raw: Raw, plan: Mapping[str, str], *, told: Mapping[str, Raw] | None = None, about: Sequence[tuple[str, str]] = ()
) -> bytes:
    """The XLSX. ``plan``: unit -> building; ``told``: the engine's ``present_cost`` and ``cost``, to stand beside ours;
    ``about``: lines of the first sheet, (what, which).
    """
    book = Book()
    guide = book.page("Baca dulu", "Kertas kerja rencana penataan kantor", (), (26, 110))
    totals = book.page(
        "Jumlah", "Jumlah tiap suku setahun. Kas dan kapasitas tidak dijumlahkan.", (), (24, 34, *(20,) * 8)
    )
    terms_page = book.page("Suku", PURPOSE, TITLES, WIDTHS)
    houses = book.page("Gedung", "Isi tiap gedung hari ini dan menurut rencana.", *HOUSES)
    seats = book.page("Penempatan", "Siapa duduk di mana. Ganti gedung rencana untuk melihat biayanya.", *SEATS)
    trips = book.page("Perjalanan", "Perjalanan dinas antara dua unit.", *TRIPS)
    citizens = book.page("Warga", "Perjalanan warga, pergi dan pulang. Satuannya km, bukan uang.", *CITIZENS)
    inputs = Inputs(book.page("Masukan", INPUTS_FOR, INPUT_TITLES, INPUT_WIDTHS))
    far = (
        book.page("Jarak", "Jarak jalan yang diketahui; lainnya dihitung dari peta.", *FAR)
        if raw.get("distances")
        else None
    )
    inputs.city(raw)
    terms = Terms(terms_page, inputs, raw)
    terms.shared()
    sheets = Places(raw, plan, inputs, houses, seats, far)
    cells = sheets.houses_and_seats()
    for building, its in zip(raw["buildings"], cells, strict=True):
        terms.building(building, its)
    km = sheets.trips(trips)
    terms.everywhere(km, sheets.once())
    citizen_km = sheets.citizens(citizens)
    _totals(totals, terms, inputs, citizen_km, told or {})
    _guide(guide, raw, about)
    return book.bytes()


def even(cell: str) -> str:
    """Rounded to a whole number, halves to the even neighbour: as the plan's printed Rupiah are."""
    return f"=IF({cell}-INT({cell})=0.5,2*ROUND({cell}/2,0),ROUND({cell},0))"


_TOTALS = ("Suku", "Nama", "Hari ini, tanpa dibulatkan", "Rencana, tanpa dibulatkan", "Hari ini, Rp setahun",
           "Rencana, Rp setahun", "Hemat, Rp setahun", "Menurut kajian: hari ini", "Menurut kajian: rencana",
           "Selisih")  # fmt: skip


def _totals(page: Page, terms: Terms, inputs: Inputs, km: tuple[str, str], told: Mapping[str, Raw]) -> None:
    """Cash and capacity, a table each; citizens' km; the score."""
    sums: dict[str, list[str]] = {CASH: [], CAPACITY: []}
    for kind, title, key in (
        (CASH, "Kas: uang yang keluar", "cash"),
        (CAPACITY, "Kapasitas: waktu pegawai", "capacity"),
    ):
        page.row()
        page.row(Cell(title, "head"))
        page.row(*(Cell(one, "title") for one in _TOTALS))
        first = page.next
        known = [{t: float(v) for t, v in told.get(side, {}).get(key, {}).items()} for side in ("present_cost", "cost")]
        for (of, term), number in sorted(terms.numbers.items(), key=lambda one: one[0][1]):
            if of == kind:
                _total(page, terms, term, number, [one.get(term, 0.0) for one in known] if told else None)
        if page.next == first:
            page.row("", "tidak ada", 0, 0, 0, 0, 0)
        sums[kind] = [f"SUM({letter}{first}:{letter}{page.next - 1})" for letter in "CDEFG"]
        page.row(
            Cell("Jumlah", "bold"), Cell(kind, "bold"), *(Formula(f"={one}", "total") for one in sums[kind]),
        )  # fmt: skip
    page.row()
    page.row(Cell("Perjalanan warga", "head"))
    page.row("Km setahun", "pergi dan pulang", Formula(f"={km[0]}", "exact"), Formula(f"={km[1]}", "exact"))
    ways = page.next - 1
    page.row()
    page.row(Cell("Skor: urutan untuk memilih, bukan uang", "head"))
    page.row(*(Cell(one, "title") for one in _TOTALS[:6]))
    price, r = inputs.prices, page.next
    scores = [
        f"={sums[CASH][n]}+{price['capacity_weight']}*{sums[CAPACITY][n]}+{price['citizen_km']}*{'CD'[n]}{ways}"
        for n in (0, 1)
    ]
    page.row("skor", "kas, kapasitas dan km warga menurut bobotnya", *(Formula(one, "exact") for one in scores),
             Formula(even(f"C{r}"), "rupiah"), Formula(even(f"D{r}"), "rupiah"))  # fmt: skip


def _total(page: Page, terms: Terms, term: str, number: int, known: list[float] | None) -> None:
    """One term: looked up in the sheet of terms, rounded as the plan's printed Rupiah."""
    r, last = page.next, terms.page.next - 1
    numbers = terms.page.column("A", last)
    exact = [f"=SUMIF({numbers},{number},{terms.page.column(letter, last)})" for letter in "HI"]
    beside = [Cell(round(one), "rupiah") for one in known] if known else []
    page.row(
        term, term_name(term), Formula(exact[0], "exact"), Formula(exact[1], "exact"),
        Formula(even(f"C{r}"), "rupiah", beside[0].value if beside else 0),
        Formula(even(f"D{r}"), "rupiah", beside[1].value if beside else 0), Formula(f"=E{r}-F{r}", "rupiah"),
        *beside, *([Formula(f"=ABS(E{r}-H{r})+ABS(F{r}-I{r})", "rupiah")] if beside else []),
    )  # fmt: skip


def _guide(page: Page, raw: Raw, about: Sequence[tuple[str, str]]) -> None:
    page.row()
    if raw.get("synthetic"):
        page.row(
            Cell("data contoh", "head"), "Sebagian masukan dibuat-buat supaya perhitungan dapat dicoba. Jangan dikutip."
        )
    for what, which in (("Kasus", str(raw.get("name", ""))), *about):
        page.row(what, which)
    page.row()
    for rule in RULES:
        page.row("", Cell(rule, "wrap"))
