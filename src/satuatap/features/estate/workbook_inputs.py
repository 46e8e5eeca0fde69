"""The inputs of a working paper: one row a figure, each with its unit and its range, and the address of its cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from satuatap.features.estate.workbook_pages import Cell, Page

Raw = Mapping[str, Any]
TITLES = ("Kelompok", "Kode", "Keterangan", "Nilai", "Satuan", "Rendah", "Tinggi", "Keadaan")
WIDTHS = (14, 22, 46, 18, 16, 16, 16, 34)
PURPOSE = "Semua angka yang dipakai, satu baris satu angka. Ubah kolom Nilai (berlatar kuning): semua lembar ikut."
KNOWN = "angka daftar atau norma"
RANGED = "kisaran: dipakai nilai tengahnya"
SUPPLIED = "tidak disebut: nilai bawaan mesin"
# What the engine takes where a file is silent (engines/regroup/schema.py): (meaning, unit, value).
PRICES: Mapping[str, tuple[str, str, float]] = {
    "trip_per_km": ("Kendaraan dinas setiap km", "Rp/km", 0.0),
    "hour": ("Satu jam kerja pegawai", "Rp/jam", 0.0),
    "speed_kmh": ("Laju perjalanan dinas", "km/jam", 25.0),
    "people_per_trip": ("Pegawai dalam satu perjalanan", "orang", 1.0),
    "citizen_km": ("Bobot satu km perjalanan warga", "Rp/km", 0.0),
    "move_per_person": ("Pindah, sekali, setiap orang", "Rp/orang", 0.0),
    "move_per_m2": ("Pindah, sekali, setiap m2", "Rp/m2", 0.0),
    "amortise_years": ("Tahun untuk membagi biaya sekali", "tahun", 10.0),
    "detour": ("Km jalan untuk setiap km garis lurus", "kali", 1.3),
    "capacity_weight": ("Bobot kapasitas dalam skor", "bobot", 1.0),
}


def value(raw: Any, otherwise: float = 0.0) -> float:
    """A number of the problem; of a range its likely value."""
    if raw is None:
        return otherwise
    return float(raw["likely"]) if isinstance(raw, Mapping) else float(raw)


@dataclass(slots=True)
class Inputs:
    """The sheet of inputs while it is written. What is asked for twice has one cell."""

    page: Page
    prices: dict[str, str] = field(default_factory=dict)
    places: dict[str, tuple[str, str]] = field(default_factory=dict)  # kecamatan -> cells of latitude, longitude
    year: str = ""

    def put(self, group: str, owner: str, meaning: str, raw: Any, unit: str, state: str = "") -> str:
        """Write one figure; the name of its cell, for formulas."""
        ranged = isinstance(raw, Mapping)
        low, high = (float(raw["low"]), float(raw["high"])) if ranged else (None, None)
        said = state or (RANGED if ranged else KNOWN)
        line = self.page.row(group, owner, meaning, Cell(value(raw), "input"), unit, low, high, said)
        return f"{self.page.name}!$D${line}"

    def city(self, raw: Raw) -> None:
        """The year, the prices and the places of kecamatan."""
        self.year = self.put("Kota", "", "Tahun rencana", raw.get("year", 0), "tahun")
        for key, (meaning, unit, otherwise) in PRICES.items():
            given = raw["prices"].get(key)
            state = SUPPLIED if given is None else ""
            self.prices[key] = self.put("Harga", key, meaning, otherwise if given is None else given, unit, state)
        for one in raw.get("districts", ()):
            self.places[one["id"]] = (
                self.put("Kecamatan", one["id"], "Lintang pusat", one["latitude"], "derajat"),
                self.put("Kecamatan", one["id"], "Bujur pusat", one["longitude"], "derajat"),
            )
