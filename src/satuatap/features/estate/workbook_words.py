"""Names of a cost's terms as people read them."""

from __future__ import annotations

from collections.abc import Mapping

TERMS: Mapping[str, str] = {
    "electricity": "Listrik",
    "water": "Air",
    "internet": "Internet",
    "upkeep": "Pemeliharaan",
    "supplies": "Keperluan kantor",
    "guards": "Satpam",
    "support": "Tenaga pendukung lain",
    "lease": "Sewa gedung",
    "empty_upkeep": "Menjaga gedung kosong",
    "freed_income": "Pendapatan gedung yang dilepas",
    "one_off_spread": "Biaya sekali, dibagi per tahun",
    "trips": "Perjalanan dinas, kendaraan",
    "trip_hours": "Perjalanan dinas, jam kerja",
    "posts_cleaner": "Petugas kebersihan kontrak",
    "posts_cleaner_own": "Petugas kebersihan pegawai sendiri",
}


def term_name(code: str) -> str:
    """The name of a term; the city's own word where it is none of ours."""
    return TERMS.get(code) or code.removeprefix("posts_").replace("_", " ")
