"""What is asked of each address that takes an object: with which words, and what has to stand before.

An address without a line here fails the test: whoever adds one says which object it takes, or that it takes none.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import F

from satuatap.features.malls import queries as malls
from satuatap.features.people import actions as people
from satuatap.features.people.models import RoleGrant
from satuatap.features.people.states import Role
from satuatap.features.visits import actions as visits
from satuatap.features.visits.models import Errand
from satuatap.features.visits.states import ErrandState, Result
from tests.factories.people import BY
from tests.web.borders.world import SIDES, Thing, World

Words = dict[str, str]
Fill = Callable[[World, Thing], Words]
Before = Callable[[World, Thing], None]
THE_CITYS = (
    "change of the city", "entry of the journal", "life event", "link of a device", "plan from home",
    "program of the city", "regrouping plan", "row of the city", "service",
    "sheet of the city", "upload", "zone",
)  # fmt: skip
NIL = "00000000-0000-0000-0000-000000000000"
LONG = timedelta(minutes=5)  # by then a number may be called again


def _nothing(_world: World, _it: Thing) -> Words:
    return {}


def _as_it_is(_world: World, _it: Thing) -> None:
    """Nothing has to be put up."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One address and method: which object it is asked for, and with what."""

    route: str
    method: str
    object: str
    holes: Fill = _nothing
    words: Fill = _nothing  # of the form, or of the query of a GET
    before: Before = _as_it_is

    @property
    def sides(self) -> tuple[str, ...]:
        """Whose objects are tried; what no agency and no mall has is asked for once."""
        return ("city",) if self.object in THE_CITYS else SIDES


# ------------------------------------------------------------------ what stands before
def _closed(_world: World, it: Thing) -> None:
    visits.close_desk(by=BY, desk=it.desk)


def _called(_world: World, it: Thing) -> None:
    visits.call_next(by=BY, desk=it.desk)


def _called_long_ago(world: World, it: Thing) -> None:
    _called(world, it)
    for errand in Errand.objects.filter(desk=it.desk, state=ErrandState.CALLED):
        Errand.objects.filter(pk=errand.pk).update(called_at=F("called_at") - LONG, recalls=2)


def _served(world: World, it: Thing) -> None:
    _called(world, it)
    visits.start_serving(by=BY, desk=it.desk)


def _missed(_world: World, it: Thing) -> None:
    Errand.objects.filter(visit=it.visit).update(
        state=ErrandState.MISSED, result=Result.MISSED.value, done_at=malls.now(it.mall)
    )


def _blocked(_world: World, it: Thing) -> None:
    people.block_account(by=BY, account=it.account, on=date.today())


def _device(_world: World, it: Thing) -> None:
    RoleGrant.objects.filter(pk=it.grant).update(role=Role.KIOSK, agency=None, booth_id=None)


def left_contact(_world: World, it: Thing) -> None:
    visits.give_contact(by=BY, visit=it.visit, name="Siti Aminah", phone="081277719345", consent=True)


# ------------------------------------------------------------------ what the address and the form say
def _desk(_world: World, it: Thing) -> Words:
    return {"desk": str(it.desk)}


def _token(_world: World, it: Thing) -> Words:
    return {"token": it.token}


def _account(_world: World, it: Thing) -> Words:
    return {"account": str(it.account)}


def _grant(_world: World, it: Thing) -> Words:
    return {"account": str(it.account), "grant": str(it.grant)}


def _session(_world: World, it: Thing) -> Words:
    return {"account": str(it.account), "session": it.session}


def _session_alone(_world: World, it: Thing) -> Words:
    return {"session": it.session}


def _own_account(world: World, it: Thing) -> Words:
    """Another's role or session under the address of an account that she may keep."""
    return {"account": str(world.sides["own"].account), "grant": str(it.grant), "session": it.session}


def _day(_world: World, it: Thing) -> Words:
    return {"day": str(it.day)}


def _code(_world: World, it: Thing) -> Words:
    return {"code": it.service}


def _row(world: World, it: Thing) -> Words:
    return {**world.names, "sheet": "booths", "row": it.row}


def _name(name: str) -> Fill:
    """Something that belongs to no agency and no mall: the city's own, or whoever has its address."""
    return lambda world, _it: {name: world.names[name], "code": world.names.get(name, "")}


def _of_city(world: World, _it: Thing) -> Words:
    return world.names


def _of_plan(_world: World, _it: Thing) -> Words:
    return {"code": "tidak-ada", "secret": "x" * 43, "move": "1"}


def _of_estate(world: World, _it: Thing) -> Words:
    nobodys = {"study": NIL, "upload": NIL, "columns": "1", "term": "electricity", "which": "semua"}
    return {**world.names, **nobodys, "code": "tidak-ada", "sheet": "buildings"}


def _of_study(_world: World, _it: Thing) -> Words:
    return {"study": "6f1c0d7e-8b7e-4a3e-9a53-0c8d5f7f3f14"}


def _visit(_world: World, it: Thing) -> Words:
    return {"visit": str(it.visit), "seq": "0", "class": "1", "field": "phone", "reason": "left_behind"}


def _ends(_world: World, it: Thing) -> Words:
    return {"visit": str(it.visit), "seq": "0", "result": "done"}


def _transfers(_world: World, it: Thing) -> Words:
    return {"service": "kk-baru", "reason": "wrong_service"}


def _skills(_world: World, it: Thing) -> Words:
    return {"skill": str(it.step)}


def _closes(_world: World, it: Thing) -> Words:
    return {"day": "2031-02-03", "name": "Rapat", "kind": "closure", "booth": str(it.booth)}


def _gives(_world: World, it: Thing) -> Words:
    return {"role": "officer", "booth": str(it.booth)}


def _services(_world: World, it: Thing) -> Words:
    return {"services": it.service}


def _takes_over(_world: World, it: Thing) -> Words:
    return {"account": str(it.account), "pin": "274918"}


def _contact(_world: World, _it: Thing) -> Words:
    return {"name": "Siti", "phone": "081234567890", "consent": "1"}


def _slip_code(_world: World, it: Thing) -> Words:
    return {"code": it.code}


# ------------------------------------------------------------------ every address that takes an object
_AT_DESK: tuple[tuple[str, Fill, Before], ...] = (
    ("loket/<int:desk>/alihkan", _transfers, _served),
    ("loket/<int:desk>/batal", _nothing, _called),
    ("loket/<int:desk>/buka", _nothing, _closed),
    ("loket/<int:desk>/ganti", _takes_over, _as_it_is),
    ("loket/<int:desk>/istirahat", _nothing, _as_it_is),
    ("loket/<int:desk>/terlewat", _nothing, _called_long_ago),
    ("loket/<int:desk>/tutup", _nothing, _as_it_is),
    ("loket/<int:desk>/ulang", _nothing, _called_long_ago),
    ("langsung/loket/<int:desk>/panggil", _nothing, _as_it_is),
    ("langsung/loket/<int:desk>/mulai", _nothing, _called),
    ("langsung/loket/<int:desk>/selesai", _ends, _served),
)
BEFORE_AT_DESK: dict[str, Before] = {  # the same, by the API's word for it
    "undo": _called, "open": _closed, "miss": _called_long_ago, "recall": _called_long_ago, "start": _called,
    "transfer": _served, "finish": _served,
}  # fmt: skip
_OF_ACCOUNT: tuple[tuple[str, Fill, Fill, Before], ...] = (
    ("sandi", _account, _nothing, _as_it_is),
    ("tautan", _account, _nothing, _device),
    ("blokir", _account, _nothing, _as_it_is),
    ("buka-blokir", _account, _nothing, _blocked),
    ("faktor/hapus", _account, _nothing, _as_it_is),
    ("kunci/buka", _account, _nothing, _as_it_is),
    ("masuk-kota", _account, lambda _w, _it: {"name": "nama.kota"}, _as_it_is),
    ("peran", _account, lambda _w, it: {"role": "help_desk"}, _as_it_is),
)
_ORANG, _DATA, _IMPOR, _KUNJUNGAN = (
    "pengelolaan/orang/<int:account>", "pengelolaan/data", "pengelolaan/impor", "kunjungan/<slug:token>",
)  # fmt: skip
_PROGRAMS = (
    ("pengelolaan/program/<int:client>", "GET"),
    ("pengelolaan/program/<int:client>/akhiri", "POST"),
    ("pengelolaan/program/<int:client>/kunci", "POST"),
    ("pengelolaan/program/<int:client>/webhook", "POST"),
    ("pengelolaan/webhook/<uuid:hook>/akhiri", "POST"),
    ("pengelolaan/webhook/<uuid:hook>/kirim-lagi", "POST"),
    ("pengelolaan/kiriman/<uuid:delivery>/kirim-lagi", "POST"),
)
# Plans belong to the city and to roles of their own (tests/web/studio); here nobody has drawn one up, so what is asked
# is who may ask at all.
_PLANS = (
    ("jam-kerja/<str:secret>", "GET"),
    ("jam-kerja/<str:secret>", "POST"),
    ("penataan/<slug:code>", "GET"),
    ("penataan/<slug:code>", "POST"),
    ("penataan/<slug:code>/unduh", "GET"),
    ("penataan/<slug:code>/ringkasan.pdf", "GET"),
    ("penataan/<slug:code>/instansi/<str:secret>", "GET"),
    ("penataan/<slug:code>/instansi/<str:secret>", "POST"),
    ("studio/pindah/<int:move>", "GET"),
    ("studio/pindah/<int:move>/pemberitahuan", "GET"),
    ("studio/rencana/<slug:code>", "GET"),
    *((f"studio/rencana/<slug:code>/{end}", "POST")
      for end in ("bandingkan", "klaim", "menit", "obat", "peninjau", "tarik", "tinjau", "ubah", "versi")),
    *((f"studio/rencana/<slug:code>/{end}", "GET")
      for end in ("versi", "telaahan.pdf", "lampiran.xlsx", "kertas-kerja.xlsx")),
)  # fmt: skip
# The inventory is kept by roles of its own (tests/web/estate), too.
_ESTATE = (
    ("studio/gedung/<slug:code>", "GET"),
    ("studio/daftar/<slug:sheet>", "GET"),
    ("studio/daftar/<slug:sheet>/baru", "GET"),
    ("studio/daftar/<slug:sheet>/baru", "POST"),
    ("studio/daftar/<slug:sheet>/<slug:row>", "GET"),
    ("studio/daftar/<slug:sheet>/<slug:row>", "POST"),
    ("studio/daftar/<slug:sheet>/<slug:row>/hapus", "POST"),
    ("studio/perubahan/<uuid:change>/batalkan", "POST"),
    ("studio/impor/templat/<slug:which>", "GET"),
    ("studio/impor/isi/<slug:which>", "GET"),
    ("studio/impor/<uuid:draft>", "GET"),
    ("studio/impor/<uuid:draft>", "POST"),
    ("studio/impor/<uuid:draft>/masalah", "GET"),
    ("studio/kajian/<uuid:study>/unsur/<slug:term>", "GET"),
    ("studio/kolom/<uuid:upload>", "GET"),
    ("studio/kolom/<uuid:upload>", "POST"),
    ("studio/kolom/<int:columns>/hapus", "POST"),
    *((f"studio/impor/<uuid:draft>/{end}", "POST") for end in ("bandingkan", "betulkan", "buang")),
)
_QUESTIONS = (
    *((f"studio/kajian/<uuid:study>/{end}", "GET")
      for end in ("gedung", "kenapa", "keraguan", "kertas-kerja.xlsx", "sekarang")),
    ("studio/kajian/<uuid:study>", "GET"), ("studio/kajian/<uuid:study>/hentikan", "POST"),
    *((f"studio/kajian/<uuid:study>/{end}", "POST")
      for end in ("gedung/hitung", "kenapa", "kenapa/longgarkan", "kenapa/tetapkan", "keraguan", "keraguan/catat")),
)  # fmt: skip
ASKS: tuple[Ask, ...] = (
    Ask("loket/<int:desk>", "GET", "desk", _desk),
    Ask("loket/<int:desk>/papan-kerja", "GET", "desk", _desk),
    Ask("loket/<int:desk>/ganti", "GET", "desk", _desk),
    *(Ask(route, "POST", "desk", _desk, words, before) for route, words, before in _AT_DESK),
    Ask("pengelolaan/loket/<int:desk>", "GET", "desk", _desk),
    Ask("pengelolaan/loket/<int:desk>", "POST", "desk", _desk, _skills),
    Ask("pengelolaan/loket/<int:desk>/buka", "POST", "desk", _desk, _nothing, _closed),
    Ask("pengelolaan/loket/<int:desk>/tutup", "POST", "desk", _desk),
    Ask("pengelolaan/jam/<int:day>/tarik", "POST", "calendar day", _day),
    Ask("pengelolaan/jam", "POST", "booth in the form", _nothing, _closes),
    Ask(_ORANG, "GET", "account", _account),
    *(Ask(f"{_ORANG}/{end}", "POST", "account", h, w, before) for end, h, w, before in _OF_ACCOUNT),
    Ask(f"{_ORANG}/peran", "POST", "booth in the form", _own_account, _gives),
    Ask(f"{_ORANG}/peran/<int:grant>/akhiri", "POST", "role", _grant),
    Ask(f"{_ORANG}/peran/<int:grant>/akhiri", "POST", "role under her own account", _own_account),
    Ask(f"{_ORANG}/sesi/<uuid:session>/akhiri", "POST", "session", _session),
    Ask(f"{_ORANG}/sesi/<uuid:session>/akhiri", "POST", "session under her own account", _own_account),
    Ask("masuk/akun/sesi/<uuid:session>/akhiri", "POST", "somebody else's session", _session_alone),
    Ask(f"{_DATA}/<slug:sheet>", "GET", "sheet of the city", _row),
    Ask(f"{_DATA}/<slug:sheet>/baru", "GET", "sheet of the city", _row),
    Ask(f"{_DATA}/<slug:sheet>/baru", "POST", "sheet of the city", _row),
    Ask(f"{_DATA}/<slug:sheet>/<slug:row>", "GET", "row of the city", _row),
    Ask(f"{_DATA}/<slug:sheet>/<slug:row>", "POST", "row of the city", _row, lambda _w, _it: {"then": "{}"}),
    Ask(f"{_DATA}/<slug:sheet>/<slug:row>/hapus", "POST", "row of the city", _row, lambda _w, _it: {"version": "x"}),
    Ask(f"{_DATA}/perubahan/<uuid:change>/batalkan", "POST", "change of the city", _row),
    Ask(f"{_IMPOR}/<uuid:draft>", "GET", "upload", _row),
    Ask(f"{_IMPOR}/<uuid:draft>", "POST", "upload", _row),
    Ask(f"{_IMPOR}/<uuid:draft>/bandingkan", "POST", "upload", _row),
    Ask(f"{_IMPOR}/<uuid:draft>/buang", "POST", "upload", _row),
    Ask(f"{_IMPOR}/<uuid:draft>/betulkan", "POST", "upload", _row),
    Ask("bantuan", "GET", "number in the address", _nothing, lambda _w, it: {"nomor": str(it.number)}),
    Ask("bantuan/ambil", "POST", "service in the form", _nothing, _services),
    Ask("bantuan/kembalikan", "POST", "visit in the form", _nothing, _visit, _missed),
    Ask("bantuan/kelas", "POST", "visit in the form", _nothing, _visit),
    Ask("bantuan/kontak", "POST", "visit in the form", _nothing, _visit, left_contact),
    Ask("langsung/ambil", "POST", "service in the form", _nothing, _services),
    Ask("anjungan/struk/<str:token>", "GET", "visit", _token),
    Ask("anjungan/di-mana/<slug:code>", "GET", "service", _code),
    Ask("anjungan/aktifkan/<str:secret>", "GET", "link of a device", _name("secret")),
    Ask("terbuka/lembar-harian", "GET", "mall in the address", _nothing, lambda _w, it: {"mal": str(it.mall)}),
    Ask("terbuka/jurnal/daun/<int:position>", "GET", "entry of the journal", _name("position")),
    Ask(_KUNJUNGAN, "GET", "visit", _token),
    Ask(f"{_KUNJUNGAN}/isi", "GET", "visit", _token),
    Ask(f"{_KUNJUNGAN}/kontak", "GET", "visit", _token),
    Ask(f"{_KUNJUNGAN}/kontak", "POST", "visit", _token, _contact),
    Ask(f"{_KUNJUNGAN}/kontak/tarik", "POST", "visit", _token, _nothing, left_contact),
    Ask(f"{_KUNJUNGAN}/kontak/salinan", "POST", "visit", _token, _slip_code, left_contact),
    Ask("kunjungan", "POST", "number in the form", _nothing, lambda _w, it: {"slip": f"{it.number}{it.code}"}),
    Ask("layanan/<slug:code>", "GET", "service", _code),
    Ask("layanan/<slug:code>/standar.pdf", "GET", "service", _code),
    Ask("peristiwa/<slug:code>", "GET", "life event", _name("event")),
    Ask("rencana/<slug:code>", "GET", "plan from home", _name("plan")),
    Ask("papan/<str:zone>", "GET", "zone", _name("zone")),
    *(Ask(route, method, "program of the city", _of_city) for route, method in _PROGRAMS),
    *(Ask(route, method, "regrouping plan", _of_plan) for route, method in _PLANS),
    *(Ask(route, method, "regrouping plan", _of_estate) for route, method in _ESTATE),
    *(Ask(route, method, "regrouping plan", _of_study) for route, method in _QUESTIONS),
)

# Addresses without an object in them: whose they are follows from who asks, or they are everybody's.
OF_WHO_ASKS = frozenset({
    "keluar", "loket", "bantuan/terlewat", "pantauan", "pantauan/sekarang", "pantauan/tutup", "pengelolaan",
    "pengelolaan/data", "pengelolaan/data/unduh", "pengelolaan/impor", "pengelolaan/layanan", "pengelolaan/loket",
    "pengelolaan/orang", "pengelolaan/riwayat", "pengelolaan/data-warga", "pengelolaan/data-warga/unduh",
    "pengelolaan/maklumat", "pengelolaan/maklumat/cetak",
    "pengelolaan/jam", "pengelolaan/program", "pengelolaan/sistem", "studio", "studio/bandingkan", "studio/daftar",
    "studio/gedung", "studio/harga", "studio/kajian", "studio/impor", "studio/kolom", "studio/mutu",
    "studio/unit", "anjungan", "anjungan/layar", "anjungan/pilih",
})  # fmt: skip
SIGNING_IN = "masuk"  # and everything below it: the own account, but for the session above
EVERYBODYS = frozenset({
    "", "anjungan/rencana", "aturan-urutan", "bahasa", "cari", "komponen", "kunjungan", "layanan",
    "manifest.webmanifest", "papan", "penataan",
    "rencana", "tentang", "terbuka/jurnal", "terbuka/jurnal/akar", "terbuka/jurnal/bukti", "terbuka/jurnal/sambungan",
})  # fmt: skip
PROGRAMS = "api/"  # asked by clients, not by roles: clients.csv
