"""What the desk says: results, reasons and states in words."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from satuatap.features.visits.states import Result, TransferReason

RESULTS: dict[str, Promise] = {
    Result.DONE: _("Selesai"),
    Result.DONE_PICKUP: _("Selesai, diambil nanti"),
    Result.DOCUMENTS_MISSING: _("Berkas kurang"),
    Result.OTHER_AUTHORITY: _("Kewenangan instansi lain"),
    Result.CENTRAL_OUTAGE: _("Gangguan sistem pusat"),
    Result.SIGNER_ABSENT: _("Pejabat penanda tangan tidak di tempat"),
    Result.NOT_ELIGIBLE: _("Tidak memenuhi syarat"),
    Result.TRANSFERRED: _("Dialihkan"),
    Result.NOT_RECORDED: _("Hasil tidak dicatat"),
    Result.UNSERVED: _("Tidak terlayani"),
    Result.MISSED: _("Terlewat"),
    Result.PREREQUISITE: _("Batal karena urusan sebelumnya"),
}
REASONS: dict[str, Promise] = {
    TransferReason.WRONG_SERVICE: _("Salah pilih layanan"),
    TransferReason.NEEDS_OTHER_FIRST: _("Perlu urusan lain lebih dulu"),
    TransferReason.SPECIAL_CASE: _("Kasus khusus"),
    TransferReason.EQUIPMENT: _("Alat di loket ini terganggu"),
}
STATES: dict[str, tuple[str, Promise]] = {
    "serving": ("now", _("Melayani")),
    "called": ("now", _("Memanggil")),
    "ready": ("ok", _("Siap memanggil")),
    "break": ("info", _("Istirahat")),
    "trouble": ("alert", _("Terganggu")),
    "closed": ("idle", _("Tutup")),
}
STEPS: dict[str, Promise] = {
    "called": _("panggilan"),
    "started": _("mulai melayani"),
    "finished": _("selesai"),
    "missed": _("terlewat"),
    "transferred": _("dialihkan"),
}


def results(codes: Iterable[str]) -> list[tuple[str, Promise, int]]:
    """Results as keys: code, word, number of its key (0: Enter)."""
    return [(code, RESULTS[code], number) for number, code in enumerate(codes)]


def reasons(codes: Iterable[str]) -> list[tuple[str, Promise]]:
    """Reasons for a hand-over."""
    return [(code, REASONS[code]) for code in codes]


def desk_state(state: str) -> tuple[str, Promise]:
    """The pill of a desk's state: colour and word."""
    return STATES.get(state, STATES["closed"])
