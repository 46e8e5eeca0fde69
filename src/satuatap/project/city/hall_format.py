"""The sheets about waiting in a hall, and about plans that others published."""

from __future__ import annotations

from satuatap.plumbing.sheets.schema import Column, Kind, Reference, Sheet
from satuatap.project.city.columns import clock, code, day, number, text, yes_no

MALL = Reference(("mall",), "malls", ("code",))
SERVICE = Reference(("service",), "services", ("code",))

PROMISES = Sheet(
    "promises",
    "Janji menunggu",
    (
        code("mall", "Mal"),
        code("service", "Layanan"),
        number("minutes", "Janji (menit)", (0.5, 600), "9 dari 10 warga menunggu paling lama sekian menit; kosong: "
               "belum ditetapkan.", need=False),
        text("decree", "Ditetapkan dengan", "Nomor keputusan atau maklumat; kosong: belum ditetapkan.", longest=160),
    ),
    ("mall", "service"),
    (MALL, SERVICE),
    explanation="Janji mal sendiri tentang lama menunggu di tiap layanan.",
)  # fmt: skip
LOADS = Sheet(
    "loads",
    "Beban layanan",
    (
        code("mall", "Mal"),
        code("service", "Layanan"),
        number("yearly", "Urusan setahun", (0, 10_000_000)),
    ),
    ("mall", "service"),
    (MALL, SERVICE),
    explanation="Berapa kali setahun tiap layanan diurus di mal.",
)
ARRIVALS = Sheet(
    "arrivals",
    "Jam datang",
    (
        clock("from", "Dari jam", "Awal setengah jam.", need=True),
        number("share", "Bagian", (0, 1), "Bagian dari warga sehari yang datang dalam setengah jam itu."),
    ),
    ("from",),
    explanation="Kapan warga datang; seluruhnya berjumlah 1.",
)
PUBLISHED = Sheet(
    "published",
    "Rencana yang diumumkan",
    (
        code("code", "Kode", "Sama dengan kolom plan di lembar announced.", "rencana-contoh"),
        text("title", "Judul", need=True, example="Rencana contoh", longest=120),
        code("reports", "Kabar", "Kode di lembar announced yang memuat kabar sesudahnya.", need=False),
    ),
    ("code",),
    explanation="Rencana yang dimuat media, dibuka sebagai rencana yang hanya dibaca.",
)
CLAIMS = Sheet(
    "claims",
    "Angka yang diumumkan",
    (
        code("plan", "Rencana"),
        Column("low", "Batas bawah (Rp)", Kind.RUPIAH, True, least=1, most=10**14),
        Column("high", "Batas atas (Rp)", Kind.RUPIAH, least=1, most=10**14),
        yes_no("more_than", "Lebih dari"),
        yes_no("yearly", "Setahun"),
        day("on", "Tanggal", need=True),
    ),
    ("plan", "low", "on", "source"),
    (Reference(("plan",), "published", ("code",)),),
    explanation="Berdiri di samping angka rencana, tidak pernah di dalamnya.",
)
HALL = (PROMISES, LOADS, ARRIVALS, PUBLISHED, CLAIMS)
