"""The files of a city: every sheet, every column. The template, the reader and the messages all follow this."""

from __future__ import annotations

from satuatap.features.catalogue.states import Basis, CanFinish, PlaceKind
from satuatap.features.malls.states import DayKind, Level
from satuatap.features.people.states import AgencyKind, Role
from satuatap.plumbing.sheets.schema import Book, Column, Kind, Reference, Sheet
from satuatap.project.city.columns import (
    RECT,
    choice,
    clock,
    code,
    day,
    number,
    text,
    whole,
    with_common,
    words,
    yes_no,
)
from satuatap.project.city.estate_format import ESTATE
from satuatap.project.city.hall_format import HALL

MINUTES = (0.1, 480)
SERVICE = Reference(("service",), "services", ("code",))
AGENCY = Reference(("agency",), "agencies", ("code",))
MALL = Reference(("mall",), "malls", ("code",))
BOOTH = Reference(("mall", "booth"), "booths", ("mall", "code"))

CITY = Sheet(
    "city",
    "Kota",
    (
        text("key", "Kunci", "code, name, province, area_code ...", "name", need=True),
        text("value", "Isi", example="Kota Contoh"),
    ),
    ("key",),
    explanation="Keterangan umum kota.",
)
AGENCIES = Sheet(
    "agencies",
    "Instansi",
    (
        code("code", "Kode", "Kode pendek, tidak pernah berubah.", "dukcapil"),
        text("name", "Nama", example="Dinas Kependudukan dan Pencatatan Sipil", need=True, longest=200),
        text("name_en", "Nama Inggris", longest=200),
        text("short_name", "Nama pendek", example="Dukcapil", longest=60),
        choice(
            "kind", "Jenis", [kind.value for kind in AgencyKind], "opd: perangkat daerah; vertical: instansi pusat."
        ),
        code("parent", "Induk", "Kode instansi induk.", need=False),
        text("phone", "Telepon", longest=60),
        text("url", "Situs", longest=300),
    ),
    ("code",),
    (Reference(("parent",), "agencies", ("code",)),),
    required=True,
    explanation="Semua instansi yang melayani, termasuk yang tidak ada di mal.",
)
DISTRICTS = Sheet(
    "districts",
    "Kecamatan",
    (
        text("code", "Kode wilayah", "Kode Kemendagri.", "16.71.01", need=True, longest=12),
        text("name", "Nama", need=True, longest=80),
        number("centroid_lat", "Lintang", (-12, 7), need=False),
        number("centroid_lon", "Bujur", (94, 142), need=False),
    ),
    ("code",),
    explanation="Batas wilayahnya dalam berkas districts.geojson, bila ada.",
)
MALLS = Sheet(
    "malls",
    "Mal",
    (
        code("code", "Kode", example="mpp-contoh"),
        text("name", "Nama", need=True, example="MPP Contoh", longest=120),
        text("name_en", "Nama Inggris", longest=120),
        text("address", "Alamat"),
        choice("timezone", "Zona waktu", ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"), "WIB, WITA, WIT."),
        yes_no("demo", "Contoh", "yes: mal contoh yang jamnya boleh dipercepat. Jangan dicampur dengan mal sungguhan."),
        number("lat", "Lintang", (-12, 7), need=False),
        number("lon", "Bujur", (94, 142), need=False),
        whole("area_m2", "Luas (m2)", (1, 1_000_000), need=False),
        text("kiosk_note", "Pesan anjungan"),
        code("building", "Gedung", "Kode gedung di lembar buildings: di situ aulanya.", need=False),
    ),
    ("code",),
    (Reference(("building",), "buildings", ("code",)),),
    required=True,
    explanation="Satu baris setiap Mal Pelayanan Publik.",
)
ZONES = Sheet(
    "zones",
    "Zona",
    (
        code("mall", "Mal", example="mpp-contoh"),
        text("code", "Huruf zona", need=True, example="A", longest=2),
        text("name", "Nama", need=True, example="Zona A", longest=80),
        text("name_en", "Nama Inggris", longest=80),
        text("wayfinding", "Petunjuk jalan", example="Sisi kiri dari pintu utama.", longest=200),
        text("wayfinding_en", "Petunjuk jalan Inggris", longest=200),
        *RECT,
    ),
    ("mall", "code"),
    (MALL,),
    explanation="Tempat menunggu, satu huruf.",
)
BOOTHS = Sheet(
    "booths",
    "Gerai",
    (
        code("mall", "Mal"),
        code("code", "Kode gerai", example="dukcapil"),
        code("agency", "Instansi", example="dukcapil"),
        text("zone", "Zona", example="A", longest=2),
        text("name", "Nama gerai", need=True, longest=120),
        text("name_en", "Nama Inggris", longest=120),
        choice("level", "Tingkat", [level.value for level in Level], "listed: hanya ditampilkan; full: antre di sini."),
        *RECT,
    ),
    ("mall", "code"),
    (MALL, AGENCY, Reference(("mall", "zone"), "zones", ("mall", "code"))),
    required=True,
    explanation="Tempat satu instansi di mal.",
)
DESKS = Sheet(
    "desks",
    "Loket",
    (
        code("mall", "Mal"),
        code("booth", "Gerai"),
        text("code", "Nomor loket", "Angka di papan loket.", "1", need=True, longest=8),
        text("name", "Nama", longest=80),
        *RECT,
        words("skills", "Langkah yang dilayani", "layanan/urutan; kosong: semua langkah instansinya.", "kk-baru/1"),
        yes_no("opens", "Buka di awal hari"),
    ),
    ("mall", "code"),
    (MALL, BOOTH),
    required=True,
    explanation="Loket setiap gerai.",
)
HOURS = Sheet(
    "hours",
    "Jam layanan",
    (
        code("mall", "Mal"),
        code("booth", "Gerai", "Kosong: semua gerai.", need=False),
        whole("weekday", "Hari", (1, 7), "1 Senin ... 7 Minggu."),
        clock("opens", "Buka", need=True),
        clock("closes", "Tutup", need=True),
        clock("break_from", "Istirahat dari"),
        clock("break_until", "Istirahat sampai"),
        day("valid_from", "Berlaku dari"),
        day("valid_until", "Berlaku sampai"),
        text("label", "Sebutan", "biasa, ramadan, jumat ...", longest=60),
    ),
    ("mall", "booth", "weekday", "valid_from", "label"),
    (MALL, BOOTH),
    required=True,
    explanation="Jam layanan tiap hari.",
)
CALENDAR = Sheet(
    "calendar",
    "Kalender",
    (
        day("date", "Tanggal", need=True),
        choice("kind", "Jenis", [kind.value for kind in DayKind]),
        text("name", "Nama", need=True, longest=160),
        text("name_en", "Nama Inggris", longest=160),
        code("mall", "Mal", "Kosong: semua.", need=False),
        code("booth", "Gerai", "Kosong: semua.", need=False),
        clock("opens", "Buka"),
        clock("closes", "Tutup"),
    ),
    ("date", "kind", "name", "mall", "booth"),
    (MALL, BOOTH),
    explanation="Libur nasional, cuti bersama, penutupan, jam khusus.",
)
SERVICES = Sheet(
    "services",
    "Layanan",
    (
        code("code", "Kode", example="kk-baru"),
        code("agency", "Instansi", example="dukcapil"),
        text("name", "Nama resmi", need=True, longest=200),
        text("name_en", "Nama Inggris", longest=200),
        text("everyday_name", "Sebutan sehari-hari", longest=200),
        text("everyday_name_en", "Sebutan Inggris", longest=200),
        text("summary", "Ringkasan"),
        text("summary_en", "Ringkasan Inggris"),
        text("category", "Kelompok", longest=60),
        number("expected_minutes", "Menit di loket (rekaan)", MINUTES, "Perkiraan lamanya di loket."),
        choice("at_mall", "Ada di mal", ("yes", "no", "unknown")),
        text("icon", "Ikon", "Nama dari bootstrap-icons.", longest=60),
    ),
    ("code",),
    (AGENCY,),
    required=True,
    explanation="Layanan yang dapat diurus warga.",
)
STANDARDS = Sheet(
    "standards",
    "Standar pelayanan",
    (
        code("service", "Layanan"),
        whole(
            "component", "Komponen", (1, 14), "1 persyaratan, 2 prosedur, 3 waktu, 4 biaya, 5 produk, 6 pengaduan ..."
        ),
        text("text", "Isi"),
        text("text_en", "Isi Inggris"),
        choice("basis", "Dasar", [basis.value for basis in Basis], "other_office: kantor lain; sebutkan kantornya."),
        text("office", "Kantor", longest=160),
        text("qualifier", "Keterangan", longest=200),
    ),
    (),
    (SERVICE,),
    explanation="14 komponen standar pelayanan (UU 25/2009).",
)
DOCUMENTS = Sheet(
    "documents",
    "Dokumen",
    (
        code("code", "Kode"),
        text("name", "Nama", need=True, longest=200),
        text("name_en", "Nama Inggris", longest=200),
        words("issued_by", "Diterbitkan layanan", "Kode layanan."),
        text("how_to_get", "Cara mendapat"),
        text("how_to_get_en", "Cara mendapat, Inggris"),
    ),
    ("code",),
    (Reference(("issued_by",), "services", ("code",)),),
)
REQUIREMENTS = Sheet(
    "requirements",
    "Persyaratan",
    (
        code("service", "Layanan"),
        whole("order", "Urutan", (1, 99)),
        code("document", "Dokumen"),
        text("detail", "Rincian"),
        text("detail_en", "Rincian Inggris"),
        choice("need", "Perlu", ("always", "if")),
        text("condition", "Bila"),
        text("condition_en", "Bila, Inggris"),
        choice("form", "Bentuk", ("original", "copy", "photo", "data")),
        choice("basis", "Dasar", [basis.value for basis in Basis]),
        text("office", "Kantor", longest=160),
    ),
    ("service", "order"),
    (SERVICE, Reference(("document",), "documents", ("code",))),
)
STEPS = Sheet(
    "steps",
    "Langkah",
    (
        code("service", "Layanan"),
        whole("order", "Urutan", (1, 20)),
        code("agency", "Instansi"),
        text("name", "Nama langkah", longest=200),
        text("name_en", "Nama Inggris", longest=200),
        number("expected_minutes", "Menit di loket (rekaan)", MINUTES),
        words("after", "Sesudah urutan", "Kosong: sesudah langkah sebelumnya."),
        text("lane_note", "Catatan jalur"),
    ),
    ("service", "order"),
    (SERVICE, AGENCY),
    explanation="Layanan yang melewati beberapa loket. Tanpa baris di sini: satu langkah.",
)
PLACES = Sheet(
    "places",
    "Tempat",
    (
        code("service", "Layanan"),
        choice("kind", "Jenis", [kind.value for kind in PlaceKind]),
        text("name", "Nama", need=True, longest=200),
        text("name_en", "Nama Inggris", longest=200),
        choice("can_finish", "Selesai di sana", [answer.value for answer in CanFinish]),
        text("detail", "Rincian"),
        text("detail_en", "Rincian Inggris"),
        text("address", "Alamat"),
        text("url", "Situs"),
    ),
    ("service", "kind", "name"),
    (SERVICE,),
)
LIFE_EVENTS = Sheet(
    "life_events",
    "Peristiwa hidup",
    (
        code("code", "Kode"),
        text("name", "Nama", need=True, longest=120),
        text("name_en", "Nama Inggris", longest=120),
        text("everyday", "Kata sehari-hari"),
        text("icon", "Ikon", longest=60),
        whole("order", "Urutan", (1, 99)),
    ),
    ("code",),
)
LIFE_EVENT_SERVICES = Sheet(
    "life_event_services",
    "Layanan peristiwa",
    (
        code("event", "Peristiwa"),
        code("service", "Layanan"),
        whole("order", "Urutan", (1, 99)),
        text("detail", "Rincian"),
    ),
    ("event", "service"),
    (Reference(("event",), "life_events", ("code",)), SERVICE),
)
SEQUENCES = Sheet(
    "sequences",
    "Yang didahulukan",
    (
        code("first", "Layanan yang dulu"),
        code("then", "Layanan sesudahnya"),
        text("reason", "Alasan"),
        text("reason_en", "Alasan Inggris"),
    ),
    ("first", "then"),
    (Reference(("first",), "services", ("code",)), Reference(("then",), "services", ("code",))),
)
POLICY = Sheet(
    "policy",
    "Aturan panggilan",
    (
        Column("key", "Kunci", Kind.TEXT, required=True, example="weight_remaining"),
        number("value", "Angka", (0, 10_000)),
        text("unit", "Satuan"),
        text("reason", "Alasan"),
    ),
    ("key",),
)
STAFF = Sheet(
    "staff",
    "Petugas",
    (
        text("username", "Nama akun", "Huruf kecil tanpa spasi.", "loket1", need=True, longest=60),
        choice("role", "Peran", [role.value for role in Role]),
        code("mall", "Mal", need=False),
        code("booth", "Gerai", need=False),
        text("desk", "Loket", longest=8),
        text("display_name", "Nama yang ditampilkan", longest=120),
    ),
    ("username", "role", "mall", "booth"),
    (MALL, BOOTH, Reference(("mall", "desk"), "desks", ("mall", "code"))),
    explanation="Akun awal; kata sandi dibuat saat dibuka.",
)
SYNONYMS = Sheet(
    "synonyms",
    "Padanan kata",
    (
        text("phrase", "Ucapan", need=True, longest=120),
        words("services", "Layanan"),
        text("words", "Kata lain", longest=200),
        text("kind", "Jenis", longest=12),
    ),
    ("phrase", "kind"),
    (Reference(("services",), "services", ("code",)),),
    explanation="Kata sehari-hari untuk pencarian.",
)

ORDER = (
    CITY, AGENCIES, DISTRICTS, MALLS, ZONES, BOOTHS, DESKS, HOURS, CALENDAR, SERVICES, STEPS, STANDARDS, DOCUMENTS,
    REQUIREMENTS, PLACES, LIFE_EVENTS, LIFE_EVENT_SERVICES, SEQUENCES, POLICY, STAFF, SYNONYMS, *ESTATE,
    *HALL,
)  # fmt: skip
BOOK = Book([with_common(sheet) for sheet in ORDER])
