"""The estate's sheets: three lists that a study starts from (buildings, units, who sits where), and what adds to it."""

from __future__ import annotations

from satuatap.features.estate import states
from satuatap.plumbing.sheets.schema import Column, Kind, Reference, Sheet
from satuatap.project.city.columns import choice, code, day, number, text, whole, words, yes_no

AREA = (0.1, 1_000_000)
PEOPLE = (0, 20_000)
BUILDING = Reference(("building",), "buildings", ("code",))
UNIT = Reference(("unit",), "units", ("code",))
DISTRICT = Reference(("district",), "districts", ("code",))
MADE_UP = words("made_up", "Kolom rekaan", "Kolom di baris ini yang rekaan meski sisanya bersumber.", "lat;lon")


def rupiah(key: str, label: str, why: str = "", *, need: bool = True) -> Column:
    return Column(key, label, Kind.RUPIAH, need, explanation=why or "Rupiah bulat.", least=0, most=10**13)


BUDGET = text("budget_code", "Kode rekening", "Kosong: dihitung tanpa sumber.", "5.1.02.02.01.0061", longest=40)

BUILDINGS = Sheet(
    "buildings",
    "Gedung",
    (
        code("code", "Kode gedung", example="balai-kota"),
        text("name", "Nama", need=True, longest=160),
        text("address", "Alamat", longest=300),
        text("district", "Kecamatan", "Kode wilayah.", longest=12),
        number("lat", "Lintang", (-12, 7), need=False),
        number("lon", "Bujur", (94, 142), need=False),
        number("area_m2", "Luas lantai (m2)", AREA, "Luas kotor semua lantai."),
        choice("ownership", "Milik", [v.value for v in states.Ownership], "rented: disewa; lent: dipinjam."),
        choice("use", "Status penggunaan", [v.value for v in states.Use]),
        day("use_ends", "Berakhir", "Akhir sewa atau pinjam pakai kepada pihak lain."),
        choice("condition", "Kondisi", [v.value for v in states.Condition], need=False),
        choice("cooling", "Pendinginan", [v.value for v in states.Cooling], need=False),
        yes_no("heritage", "Cagar budaya"),
        yes_no("keep_open", "Tidak boleh dikosongkan"),
        text("nibar", "NIBAR", "Nomor induk barang; kosong bila belum ada.", longest=60),
        choice("kib", "KIB", ("A", "C"), "A tanah, C gedung dan bangunan.", need=False),
        code("holder", "Pengguna Barang", "Kode instansi.", need=False),
        choice("title", "Sertipikat atas nama", [v.value for v in states.Title], need=False),
        text("certificate", "Nomor sertipikat", longest=80),
        MADE_UP,
    ),
    ("code",),
    (DISTRICT, Reference(("holder",), "agencies", ("code",))),
    explanation="Daftar pertama: semua gedung kantor kota dan luasnya.",
)
UNITS = Sheet(
    "units",
    "Unit kerja",
    (
        code("code", "Kode unit", example="dinas-sosial"),
        text("name", "Nama", need=True, longest=200),
        code("agency", "Instansi", "Kode instansi; kosong bila tidak melayani di mal.", need=False),
        whole("headcount", "Pegawai", PEOPLE, "Semua yang berkantor di sana."),
        yes_no("public_facing", "Melayani warga"),
        number("area_m2", "Luas perlu (m2)", AREA, "Bersih; kosong: dari norma.", need=False),
        number("counter_m2", "Luas loket (m2)", (0, 100_000), "Bagian yang harus loket.", need=False),
        yes_no("stays", "Tidak boleh pindah"),
        MADE_UP,
    ),
    ("code",),
    (Reference(("agency",), "agencies", ("code",)),),
    explanation="Daftar kedua: unit kerja dan jumlah pegawainya.",
)
PLACEMENTS = Sheet(
    "placements",
    "Siapa di mana",
    (
        code("unit", "Unit kerja"),
        code("building", "Gedung"),
        text("floor", "Lantai", longest=20),
        day("since", "Sejak"),
        day("until", "Sampai", "Kosong: sekarang."),
    ),
    ("unit", "since"),
    (UNIT, BUILDING),
    explanation="Daftar ketiga: unit mana duduk di gedung mana, sejak kapan.",
)
FLOORS = Sheet(
    "floors",
    "Lantai",
    (
        code("building", "Gedung"),
        text("code", "Lantai", need=True, example="1", longest=20),
        text("name", "Nama", longest=80),
        yes_no("public", "Boleh melayani warga"),
    ),
    ("building", "code"),
    (BUILDING,),
)
SPACES = Sheet(
    "spaces",
    "Ruang",
    (
        code("building", "Gedung"),
        text("floor", "Lantai", need=True, longest=20),
        text("code", "Ruang", need=True, longest=40),
        choice("kind", "Jenis", [v.value for v in states.SpaceKind]),
        number("area_m2", "Luas (m2)", AREA, "Bersih."),
    ),
    ("building", "floor", "code"),
    (BUILDING, Reference(("building", "floor"), "floors", ("building", "code"))),
)
UNIT_STAFF = Sheet(
    "unit_staff",
    "Jenjang pegawai",
    (
        code("unit", "Unit kerja"),
        choice("grade", "Jenjang", [v.value for v in states.Grade], "head, secretary, section (kasi/kasubag), staff."),
        whole("people", "Orang", PEOPLE),
    ),
    ("unit", "grade"),
    (UNIT,),
)
METERS = Sheet(
    "meters",
    "Meter",
    (
        code("building", "Gedung"),
        text("code", "Nomor meter", need=True, example="PLN-001", longest=40),
        choice("supply", "Jenis", [v.value for v in states.Supply]),
        number("kva", "Daya (kVA)", (0, 100_000), need=False),
        text("tariff", "Golongan", "Kunci norma, misalnya tariff.p1.", longest=60),
    ),
    ("code",),
    (BUILDING,),
)
BILLS = Sheet(
    "bills",
    "Tagihan",
    (
        text("meter", "Nomor meter", need=True, longest=40),
        day("first_day", "Dari", need=True),
        day("last_day", "Sampai", need=True),
        number("quantity", "Pemakaian", (0, 100_000_000), "kWh atau m3."),
        rupiah("amount", "Tagihan (Rp)"),
        BUDGET,
    ),
    ("meter", "first_day"),
    (Reference(("meter",), "meters", ("code",)),),
    explanation="Paling banyak 24 bulan setiap meter.",
)
SUPPORT_STAFF = Sheet(
    "support_staff",
    "Tenaga pendukung",
    (
        code("building", "Gedung"),
        choice("post", "Tugas", [v.value for v in states.Post], "guard: satpam; cleaner: kebersihan."),
        choice("contract", "Ikatan", [v.value for v in states.Contract], "Hanya outsourced yang menghemat kas."),
        whole("people", "Orang", PEOPLE),
        rupiah("monthly", "Biaya sebulan (Rp)", "Untuk satu orang; kosong: dari norma.", need=False),
        day("ends", "Kontrak berakhir"),
        BUDGET,
    ),
    ("building", "post", "contract", "ends"),
    (BUILDING,),
)
UPKEEP = Sheet(
    "upkeep",
    "Pemeliharaan",
    (
        code("building", "Gedung"),
        text("work", "Pekerjaan", need=True, longest=80),
        whole("year", "Tahun", (2000, 2100)),
        rupiah("amount", "Biaya (Rp)"),
        BUDGET,
    ),
    ("building", "work", "year"),
    (BUILDING,),
)
LEASES = Sheet(
    "leases",
    "Sewa gedung",
    (
        code("building", "Gedung"),
        day("starts", "Mulai", need=True),
        day("ends", "Berakhir", need=True),
        rupiah("yearly", "Sewa setahun (Rp)"),
        BUDGET,
    ),
    ("building", "starts"),
    (BUILDING,),
    explanation="Gedung yang disewa kota. Nama pemilik tidak dicatat di sini.",
)
TRIPS = Sheet(
    "trips",
    "Perjalanan antarunit",
    (
        code("one", "Unit"),
        code("other", "Unit lain"),
        number("monthly", "Perjalanan sebulan", (0, 100_000), "Kedua arah bersama."),
        choice("counted", "Cara", [v.value for v in states.Counted]),
    ),
    ("one", "other"),
    (Reference(("one",), "units", ("code",)), Reference(("other",), "units", ("code",))),
)
VISITS = Sheet(
    "visits",
    "Kunjungan warga",
    (
        code("unit", "Unit kerja"),
        text("district", "Kecamatan", need=True, longest=12),
        number("yearly", "Kunjungan setahun", (0, 10_000_000)),
    ),
    ("unit", "district"),
    (UNIT, DISTRICT),
)
NORMS = Sheet(
    "norms",
    "Norma",
    (
        text("key", "Kunci", need=True, longest=60),
        number("low", "Paling kecil", (0, 10**12)),
        number("likely", "Dipakai", (0, 10**12)),
        number("high", "Paling besar", (0, 10**12)),
        text("unit", "Satuan", longest=40),
        text("meaning", "Arti", longest=300),
        text("meaning_en", "Arti, Inggris", longest=300),
        text("regulation", "Peraturan", longest=120),
        text("article", "Pasal", longest=120),
    ),
    ("key",),
    explanation="Angka resmi yang mengisi apa yang tidak ada di daftar; tanpa sumber: ditandai.",
)
ANNOUNCED = Sheet(
    "announced",
    "Yang diumumkan",
    (
        code("plan", "Rencana"),
        text("group", "Kelompok", longest=8),
        code("unit", "Unit kerja", "Kosong: sumbernya menyebut jenis unit saja; isi kolom Siapa.", need=False),
        text("who", "Siapa", "Sebutan menurut sumbernya.", "Dispora", longest=80),
        code("building", "Gedung", "Kosong: belum disebut.", need=False),
        text("place", "Tempat", "Sebutan tempat menurut sumbernya, bila bukan satu gedung.", longest=120),
        choice("said", "Dikatakan", [v.value for v in states.Said], "planned: rencana; reported: sudah terjadi."),
        day("on", "Tanggal"),
    ),
    ("plan", "unit", "who"),
    (UNIT, BUILDING),
    explanation="Rencana yang dimuat media; tidak pernah dicampur dengan siapa di mana.",
)
ESTATE = (
    NORMS, BUILDINGS, FLOORS, SPACES, UNITS, UNIT_STAFF, PLACEMENTS, METERS, BILLS, SUPPORT_STAFF, UPKEEP, LEASES,
    TRIPS, VISITS, ANNOUNCED,
)  # fmt: skip
