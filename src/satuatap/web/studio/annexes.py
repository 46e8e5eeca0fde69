"""A plan's annexes as one workbook: moves, buildings, units, terms, sources, norms. Nothing in it computes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from satuatap.features.estate import queries as estate
from satuatap.features.estate.queries import Standing
from satuatap.features.estate.workbook_pages import Book, Cell, Page
from satuatap.features.estate.workbook_words import term_name
from satuatap.features.plans import papers
from satuatap.features.plans.queries import PlanView

STANDINGS: Mapping[Standing, str] = {
    Standing.SOURCED: "bersumber", Standing.SYNTHETIC: "data contoh", Standing.NORM: "kosong: diisi dari norma",
    Standing.UNSOURCED: "belum bersumber",
}  # fmt: skip
# Columns whose figures decide, of each list: their standing is told one by one.
FIGURES: Mapping[str, Sequence[str]] = {
    "buildings": ("area_m2",), "units": ("headcount", "area_m2", "counter_m2"), "spaces": ("area_m2",),
    "bills": ("quantity", "amount"), "support_staff": ("people", "monthly"), "upkeep": ("amount",),
    "leases": ("yearly",), "trips": ("monthly",), "visits": ("yearly",),
}  # fmt: skip
NAMED = ("code", "building", "unit", "meter", "floor", "post", "contract", "one", "other", "district", "first_day",
         "year", "work", "starts")  # fmt: skip


def annexes(view: PlanView) -> bytes:
    """The XLSX of the version that counts, beside today's inventory."""
    said = papers.report(view)
    book = Book()
    guide = book.page("Baca dulu", f"Lampiran: {view.title}", (), (26, 110))
    _guide(guide, view, said)
    _moves(book, said)
    _houses(book, said)
    _units(book, said)
    _terms(book, said)
    rows = estate.sheet_rows()
    _sources(book, rows)
    _norms(book, rows["norms"])
    return book.bytes()


def _guide(page: Page, view: PlanView, said: papers.Report) -> None:
    page.row()
    if said.version.content.made_up:
        page.row(Cell("data contoh", "head"), "Sebagian angka dibuat-buat sebagai contoh. Jangan dikutip.")
    for what, which in (
        ("Rencana", f"{view.title} ({view.code})"), ("Versi", str(said.version.number)),
        ("Sidik isi", said.version.content_hash), ("Sidik masukan", said.version.input_hash),
        ("Pindah, Gedung, Unit", "seperti yang beku dalam versi ini"),
        ("Sumber, Norma", "inventaris hari berkas ini diunduh"),
        ("Kas dan kapasitas", "dua hitungan yang tidak pernah dijumlahkan"),
    ):  # fmt: skip
        page.row(what, which)


def _moves(book: Book, said: papers.Report) -> None:
    page = book.page("Pindah", "Unit yang pindah menurut versi ini.",
                     ("No.", "Unit", "Orang", "Dari", "Ke", "Alamat baru", "Tanggal", "Layanan ikut"),
                     (6, 44, 9, 34, 34, 44, 14, 12))  # fmt: skip
    for number, one in enumerate(said.moves, start=1):
        page.row(number, one.unit, one.people, one.origin, one.target, one.address, one.on.isoformat(), one.services)


def _houses(book: Book, said: papers.Report) -> None:
    page = book.page("Gedung", "Gedung yang isinya berubah.",
                     ("Gedung", "Alamat", "m2 kotor", "Unit, hari ini", "Unit, rencana", "Orang, hari ini",
                      "Orang, rencana", "Menjadi kosong"), (34, 44, 12, *(12,) * 5))  # fmt: skip
    for one in said.houses:
        page.row(one.name, one.address, one.area_m2, *one.units, *one.people, "ya" if one.is_freed else "")


def _units(book: Book, said: papers.Report) -> None:
    page = book.page("Unit", "Semua unit: di mana hari ini dan menurut rencana.",
                     ("Kode", "Unit", "Orang", "Gedung hari ini", "Gedung rencana", "Pindah"),
                     (26, 48, 9, 34, 34, 8))  # fmt: skip
    known = said.version.inventory
    targets = {one.unit: one.target for one in said.version.content.moves}
    for code, (name, people) in known.units.items():
        here = known.places.get(code, "")
        then = targets.get(code, here)
        houses = [known.buildings[place][0] if place in known.buildings else place for place in (here, then)]
        page.row(code, name, people, *houses, "ya" if code in targets else "")


def _terms(book: Book, said: papers.Report) -> None:
    page = book.page("Suku", "Biaya setahun tiap suku, Rupiah. Kas dan kapasitas berdiri sendiri.",
                     ("Jenis", "Suku", "Nama", "Hari ini", "Rencana", "Hemat"), (12, 26, 40, 20, 20, 20))  # fmt: skip
    for kind, terms in (("kas", said.cash), ("kapasitas", said.capacity)):
        for one in terms:
            amounts = (Cell(amount, "rupiah") for amount in (one.today, one.planned, one.saved))
            page.row(kind, one.code, term_name(one.code), *amounts)
        sums = [sum(getattr(one, side) for one in terms) for side in ("today", "planned", "saved")]
        page.row(Cell(f"jumlah {kind}", "bold"), "", "", *(Cell(amount, "total") for amount in sums))


def _sources(book: Book, rows: Mapping[str, Iterable[Mapping[str, Any]]]) -> None:
    page = book.page("Sumber", "Setiap angka daftar: dari mana, dan seberapa dikenal.",
                     ("Daftar", "Baris", "Kolom", "Nilai", "Keadaan", "Kode rekening", "Sumber", "Tahun", "Catatan"),
                     (16, 44, 14, 16, 24, 20, 60, 8, 60))  # fmt: skip
    for sheet, columns in FIGURES.items():
        for row in rows[sheet]:
            owner = " / ".join(str(row[name]) for name in NAMED if row.get(name) not in (None, ""))
            for column in columns:
                how = estate.standing(row, column)
                given = row.get(column)
                page.row(
                    sheet, owner, column, "" if given in (None, "") else float(given), STANDINGS[how],
                    str(row.get("budget_code") or ""), str(row.get("source") or ""), row.get("source_year"),
                    str(row.get("note") or ""),
                )  # fmt: skip


def _norms(book: Book, norms: Iterable[Mapping[str, Any]]) -> None:
    page = book.page("Norma", "Angka yang mengisi celah daftar.",
                     ("Kunci", "Rendah", "Tengah", "Tinggi", "Satuan", "Arti", "Peraturan", "Pasal", "Sumber", "Tahun",
                      "Catatan"), (24, 14, 14, 14, 18, 60, 40, 20, 60, 8, 60))  # fmt: skip
    for row in norms:
        words = [str(row.get(name) or "") for name in ("unit", "meaning", "regulation", "article", "source")]
        numbers = [float(row[name]) for name in ("low", "likely", "high")]
        page.row(str(row["key"]), *numbers, *words, row.get("source_year"), str(row.get("note") or ""))
