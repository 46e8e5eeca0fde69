"""Signing in as the history tells it: how, with what, and why it ended; accounts by their names of today."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from satuatap.features.malls import queries as malls
from satuatap.features.people import queries as people
from satuatap.features.people.states import How

# Every day brings hundreds of these: the newest few changes on the overview leave them out.
SIGNING_IN = (
    "signed_in", "session_ended", "sessions_ended", "other_sessions_ended", "officer_changed", "sign_in_locked",
    "pin_locked", "recovery_code_used",
)  # fmt: skip
# These change who may sign in, and how: they stand with the other changes of people.
WAYS_IN = (
    "factor_added", "factor_removed", "factors_reset", "recovery_codes_made", "pin_set", "pin_dropped", "lock_lifted",
    "city_login_put", "city_linked",
)  # fmt: skip


def of_access(kind: str, fact: Mapping[str, Any], account: str, before: str = "") -> str:
    """The sentence of such a fact; empty for any other."""
    if kind not in SIGNING_IN + WAYS_IN:
        return ""
    values = {
        "account": account, "before": before, "how": _how(fact), "factor": _factor(fact), "why": _why(fact),
        "booth": _booth(fact), "left": fact.get("left"), "sessions": fact.get("sessions"),
        "desk": sign_of(fact.get("desk")),
    }  # fmt: skip
    return str(_sentence(kind, fact)) % values


def _sentence(kind: str, fact: Mapping[str, Any]) -> str:
    sentences = {
        "signed_in": _("%(account)s masuk: %(how)s, dengan %(factor)s.")
        if fact.get("factor")
        else _("%(account)s masuk: %(how)s."),
        "session_ended": _("Satu sesi %(account)s berakhir: %(why)s."),
        "sessions_ended": _("Sesi %(account)s berakhir (%(sessions)s): %(why)s."),
        "other_sessions_ended": _("Semua sesi lain %(account)s diakhiri."),
        "officer_changed": _("%(account)s mengambil alih komputer dari %(before)s di %(booth)s."),
        "pin_locked": _(
            "PIN %(account)s dikunci: lima kali salah diketik di loket %(desk)s, %(booth)s. Siapa yang "
            "mengetik tidak diketahui."
        )
        if fact.get("desk")
        else _(
            "PIN %(account)s dikunci: lima kali salah diketik di satu komputer %(booth)s. Siapa yang mengetik tidak "
            "diketahui."
        ),
        "recovery_code_used": _("%(account)s memakai kode cadangan; sisa %(left)s."),
        "factor_added": _("%(account)s memasang faktor kedua: %(factor)s."),
        "factor_removed": _("%(account)s menghapus faktor kedua: %(factor)s."),
        "factors_reset": _("Faktor kedua %(account)s dihapus dan semua sesinya diakhiri."),
        "recovery_codes_made": _("%(account)s membuat kode cadangan baru."),
        "pin_set": _("%(account)s memasang PIN di satu komputer %(booth)s."),
        "pin_dropped": _("%(account)s menghapus PIN di satu komputer %(booth)s."),
        "lock_lifted": _("Kunci masuk %(account)s dibuka."),
        "city_login_put": _("%(account)s boleh masuk lewat masuk tunggal kota.")
        if fact.get("allowed")
        else _("%(account)s tidak lagi masuk lewat masuk tunggal kota."),
        "city_linked": _("%(account)s masuk lewat masuk tunggal kota untuk pertama kali."),
    }
    return _locked(fact) if kind == "sign_in_locked" else sentences[kind]


def _locked(fact: Mapping[str, Any]) -> str:
    """What rests after too many failed tries."""
    if fact.get("scope") == "address":
        return _("Satu alamat jaringan ditahan: terlalu banyak percobaan masuk yang gagal.")
    if fact.get("account") is None:
        return _("Nama pengguna yang tidak ada ditahan: terlalu banyak percobaan masuk yang gagal.")
    if fact.get("scope") == "code":
        return _("%(account)s ditahan: terlalu banyak kode yang salah.")
    return _("%(account)s ditahan: terlalu banyak percobaan masuk yang gagal.")


def _how(fact: Mapping[str, Any]) -> str:
    known = {how.value: str(name) for how, name in people.HOW_NAMES.items()}
    return known.get(str(fact.get("how")), "").lower() if fact.get("how") != How.PIN else known[How.PIN]


def _factor(fact: Mapping[str, Any]) -> str:
    names = {factor.value: str(name) for factor, name in people.FACTOR_NAMES.items()}
    return names.get(str(fact.get("factor")), "")


def _why(fact: Mapping[str, Any]) -> str:
    reasons = {
        "signed_out": _("keluar sendiri"),
        "idle": _("lama tidak dipakai"),
        "absolute": _("batas waktu sesi"),
        "ended": _("diakhiri dari daftar sesi"),
        "changed": _("ganti petugas"),
        "blocked": _("akunnya diblokir"),
        "password_set": _("kata sandinya diganti"),
        "factors_reset": _("faktor keduanya dihapus"),
        "new_link": _("perangkatnya diberi tautan baru"),
    }
    return reasons.get(str(fact.get("why")), "")


def sign_of(desk: object) -> str:
    """A desk as its sign says, or by its number where it is gone."""
    place = malls.desk_place(desk) if isinstance(desk, int) else None
    return place.sign if place else str(desk or "")


def _booth(fact: Mapping[str, Any]) -> str:
    number = fact.get("booth")
    plans = (malls.hall_plan(mall.id) for mall in malls.malls())
    found = next((one for plan in plans for one in plan.booths if one.id == number), None)
    return _("gerai %(booth)s") % {"booth": found.name or found.agency if found else number}
