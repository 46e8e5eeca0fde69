"""What the figures of a study are called and what they say in a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil
from typing import Any

from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from satuatap.features.estate.pricing import CITIZENS, Breach, Case, Move
from satuatap.features.estate.states import StudyLife
from satuatap.web.components import formats

TERMS: Mapping[str, Any] = {
    "service_desks": gettext_lazy("Petugas loket tambahan di aula"),
    "electricity": gettext_lazy("Listrik"),
    "water": gettext_lazy("Air"),
    "upkeep": gettext_lazy("Pemeliharaan"),
    "guards": gettext_lazy("Penjagaan"),
    "support": gettext_lazy("Tenaga pendukung"),
    "posts_cleaner": gettext_lazy("Kebersihan"),
    "posts_cleaner_own": gettext_lazy("Kebersihan, pegawai sendiri"),
    "lease": gettext_lazy("Sewa"),
    "trips": gettext_lazy("Perjalanan koordinasi"),
    "trip_hours": gettext_lazy("Jam perjalanan koordinasi"),
    "empty_upkeep": gettext_lazy("Jaga gedung kosong"),
    "freed_income": gettext_lazy("Pendapatan gedung kosong"),
    "one_off_spread": gettext_lazy("Biaya pindah, dibagi tahun"),
}
SPACES: Mapping[str, Any] = {"office": gettext_lazy("ruang kerja"), "counter": gettext_lazy("ruang loket")}
RULES: Mapping[str, Any] = {
    "must_share": gettext_lazy("%(units)s harus di satu gedung (%(name)s)."),
    "must_not_share": gettext_lazy("%(units)s tidak boleh di satu gedung (%(name)s)."),
    "keep": gettext_lazy("%(units)s harus tetap di gedungnya (%(name)s)."),
    "fixed": gettext_lazy("%(units)s harus di %(buildings)s (%(name)s)."),
    "forbidden_pair": gettext_lazy("%(units)s tidak boleh di %(buildings)s (%(name)s)."),
    "budget": gettext_lazy("Biaya pindah sekali melampaui batas (%(name)s)."),
    "max_moves": gettext_lazy("Yang pindah lebih banyak dari batas (%(name)s)."),
    "longest_travel": gettext_lazy("Ada layanan yang terlalu jauh dari warganya (%(name)s)."),
}
LIVES: Mapping[StudyLife, tuple[str, Any]] = {
    StudyLife.QUEUED: ("idle", gettext_lazy("menunggu giliran")),
    StudyLife.RUNNING: ("info", gettext_lazy("sedang dihitung")),
    StudyLife.STOPPING: ("info", gettext_lazy("sedang dihentikan")),
    StudyLife.DONE: ("ok", gettext_lazy("selesai")),
    StudyLife.FAILED: ("alert", gettext_lazy("berhenti karena kendala")),
}
PRICE_NAMES: Mapping[str, tuple[Any, Any]] = {
    "hour": (gettext_lazy("Satu jam kerja pegawai"), gettext_lazy("rupiah")),
    "capacity_weight": (gettext_lazy("Bobot kapasitas dalam pilihan"), gettext_lazy("0: tidak dihitung")),
    "citizen_km": (gettext_lazy("Bobot satu km perjalanan warga"), gettext_lazy("rupiah")),
    "trip_per_km": (gettext_lazy("Kendaraan dinas setiap km"), gettext_lazy("rupiah")),
    "speed_kmh": (gettext_lazy("Laju perjalanan dinas"), gettext_lazy("km/jam")),
    "amortise_years": (gettext_lazy("Biaya sekali dibagi"), gettext_lazy("tahun")),
    "move_per_person": (gettext_lazy("Pindah, setiap orang, sekali"), gettext_lazy("rupiah")),
    "move_per_m2": (gettext_lazy("Pindah, setiap m², sekali"), gettext_lazy("rupiah")),
}
ONES = ("nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan", "sepuluh", "sebelas")
ENGLISH = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def language() -> str:
    """The language of this screen."""
    return "en" if (get_language() or "id").startswith("en") else "id"


def spelled(number: int) -> str:
    """A number in words while words are short; else its digits."""
    if language() == "en":
        return ENGLISH[number] if number < len(ENGLISH) else str(number)
    if number < 12:
        return ONES[number]
    if number < 20:
        return f"{ONES[number - 10]} belas"
    if number < 100:
        return f"{ONES[number // 10]} puluh" + (f" {ONES[number % 10]}" if number % 10 else "")
    return str(number)


def finding(moved: int, freed: int) -> str:
    """What a plan comes to, as the page's title."""
    if not moved:
        return _("Tidak ada unit yang perlu pindah.")
    first = ngettext("%(n)s unit pindah", "%(n)s unit pindah", moved) % {"n": spelled(moved)}
    if not freed:
        return _("%(moves)s, tidak ada gedung yang kosong.") % {"moves": first.capitalize()}
    second = ngettext("%(n)s gedung kosong", "%(n)s gedung kosong", freed) % {"n": spelled(freed)}
    return _("%(moves)s, %(houses)s.") % {"moves": first.capitalize(), "houses": second}


def gap_words(gap: float | None, proved: bool) -> str:
    """How good a plan can be said to be."""
    if proved or (gap is not None and gap < 1e-6):
        return _("Terbukti: tidak ada yang lebih murah menurut hitungan ini")
    if gap is None:
        return _("Belum ada batas bawah")
    places = 1 if gap < 0.1 else 0
    finer = 10**places
    share = ceil(gap * 100 * finer - 1e-6) / finer  # upwards: "at most" must not say less than it is
    return _("Terbukti paling banyak %(share)s%% di atas biaya termurah") % {
        "share": formats.decimal(share, places, language()),
    }  # fmt: skip


def term_name(code: str) -> str:
    """A term of the cost as people read it; an unknown one by its code."""
    return str(TERMS.get(code, code.replace("_", " ").capitalize()))


def money(amount: float, sign: bool = False) -> str:
    """Rp8,7 miliar, Rp412 juta, Rp950.000; ``sign``: with a plus too."""
    here = language()
    size, before = abs(amount), "-" if amount < 0 else "+" if sign and amount > 0 else ""
    number, unit = _sized(size, size, here)
    if number == "0":
        before = ""
    return f"{before}Rp{number}{unit}"


def span_words(low: float, high: float) -> str:
    """3,58 sampai 5,16 miliar: both ends in the unit of the larger."""
    largest = max(abs(low), abs(high))
    (a, _unit), (b, unit) = (_sized(one, largest, language()) for one in (low, high))
    return _("%(low)s sampai %(high)s") % {"low": a, "high": b} + unit


def _sized(amount: float, largest: float, here: str) -> tuple[str, str]:
    """A number and its unit, by how large the largest beside it is; no zeros after the comma."""
    for least, by, places, unit in (
        (9_995_000_000, 1e9, 1, _("miliar")), (999_500_000, 1e9, 2, _("miliar")), (999_500, 1e6, 0, _("juta")),
    ):  # fmt: skip
        if largest >= least:
            text = formats.decimal(amount / by, places, here)
            return (text.rstrip("0").rstrip(",.") if places else text), f" {unit}"
    return formats.whole(amount, here), ""


def reason_of(move: Move, case: Case, reopens: bool) -> str:
    """Why a unit moves: what weighs most of what it would cost more to leave it. ``reopens``: its old building is
    empty in the plan, so that staying alone would keep all of it open.
    """
    if not move.reason:
        return _("Tetap pun tidak lebih mahal")
    if move.reason == CITIZENS:
        return _("Warga menempuh %(km)s km lebih jauh setahun") % {"km": formats.whole(move.citizen_km, language())}
    values = {"term": term_name(move.reason), "amount": money({**move.capacity_terms, **move.terms}[move.reason])}
    if reopens:
        return _("Gedung lama batal kosong: %(term)s %(amount)s") % values
    if move.reason in ("trips", "trip_hours") and move.partner:
        name = next(unit.name for unit in case.problem.units if unit.id == move.partner)
        return _("Lebih dekat dengan %(name)s") % {"name": name}
    return _("%(term)s %(amount)s lebih mahal") % values


def breach_of(one: Breach, case: Case) -> str:
    """What a plan breaks, in a sentence with the names of things."""
    here = language()
    buildings = {b.id: b.name for b in case.problem.buildings}
    if one.kind == "room":
        return _("%(name)s: perlu %(wanted)s m² %(space)s, ada %(there)s m².") % {
            "name": buildings.get(one.what, one.what), "space": SPACES.get(one.space, one.space),
            "wanted": formats.whole(one.wanted, here), "there": formats.whole(one.there, here),
        }  # fmt: skip
    rule = next((r for r in case.problem.rules if r.name == one.what), None)
    words = RULES.get(one.kind)
    if rule is None or words is None:
        return _("Aturan dilanggar: %(name)s.") % {"name": one.what}
    units = {u.id: u.name for u in case.problem.units}
    return str(words) % {
        "name": rule.name, "units": ", ".join(units[u] for u in rule.units),
        "buildings": ", ".join(buildings[b] for b in rule.buildings),
    }  # fmt: skip
