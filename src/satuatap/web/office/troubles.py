"""What the keeper must see first: the journal is not what was sealed, or the machine's clock jumped."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from satuatap.features.journal import queries as journal
from satuatap.features.malls import queries as malls

LATE = timedelta(hours=50)  # a check every night, and one that may fail to run


@dataclass(frozen=True, slots=True)
class Trouble:
    """A heading, a sentence with what to do, and how bad it is (``alert`` or ``warn``)."""

    heading: str
    text: str
    kind: str


@dataclass(frozen=True, slots=True)
class Checked:
    """When the whole journal was checked last, and over how many entries."""

    at: str  # where the mall stands
    entries: int


def troubles() -> list[Trouble]:
    """The worst first."""
    return [one for one in (_of_journal(), _of_clock()) if one is not None]


def last_check(zone: str) -> Checked | None:
    """The last night's check, if it ran lately and found nothing."""
    line = journal.last_of("journal_checked")
    if line is None or line.fact["wrong"] or line.fact["unread"]:
        return None
    return Checked(f"{malls.local(line.real_at, zone):%d-%m-%Y %H.%M}", int(line.fact["entries"]))


def _of_journal() -> Trouble | None:
    line = journal.last_of("journal_checked")
    if line is None:
        return None
    if line.fact["wrong"] or line.fact["unread"]:
        what_to_do = _(
            "Jangan hapus apa pun. Minta petugas TI menjalankan satuatap journal verify dengan akar dari luar mesin "
            "ini, menyimpan hasilnya, dan melapor kepada pengawas."
        )
        return Trouble(_("Pemeriksaan jurnal gagal"), f"{_found(line.fact)} {what_to_do}", "alert")
    if malls.real_now() - line.real_at > LATE:
        text = _("Jurnal tidak diperiksa sejak dua malam. Minta petugas TI melihat satuatap doctor.")
        return Trouble(_("Pemeriksaan jurnal terlambat"), text, "warn")
    return None


def _found(fact: Mapping[str, Any]) -> str:
    """The fault of a check as one sentence."""
    first, last = fact["first"], fact["last"]
    place = {
        "place": _("posisi %(first)s") % {"first": first}
        if first == last
        else _("posisi %(first)s sampai %(last)s") % {"first": first, "last": last}
    }
    sentences = {
        "altered": _("Catatan di %(place)s bukan lagi yang disegel."),
        "missing": _("Catatan yang disegel di %(place)s tidak ada lagi."),
        "inserted": _("Catatan di %(place)s tidak pernah disegel di sana."),
        "seal": _("Segel untuk %(place)s bukan yang dibuat dahulu."),
        "node": _("Hash yang disimpan untuk %(place)s salah."),
        "outside": _("Catatan di %(place)s bukan yang sudah diumumkan."),
        "older": _("Basis data lebih tua dari akar yang sudah diumumkan: %(place)s hilang."),
    }
    return sentences.get(fact["wrong"], _("Berkas akar yang disimpan tidak terbaca.")) % place


def _of_clock() -> Trouble | None:
    doubt = malls.clock_doubt()
    if doubt is None:
        return None
    values = {"jump": _span(abs(doubt.seconds))}
    jumped = _("Jam server melompat maju %(jump)s.") if doubt.seconds > 0 else _("Jam server mundur %(jump)s.")
    if doubt.believed:
        after = _("Jam baru sudah dipakai. Penghapusan data malam hari ditunda dua hari; bila jam itu keliru, minta "
                  "petugas TI membetulkannya sekarang.")  # fmt: skip
        return Trouble(_("Jam server berubah"), f"{jumped % values} {after}", "warn")
    after = _("Selama sepuluh menit tidak ada hari yang ditutup dan tidak ada nomor yang diakhiri; nomor dan panggilan "
              "tetap berjalan. Minta petugas TI memeriksa jam server sekarang (timedatectl).")  # fmt: skip
    return Trouble(_("Jam server meragukan"), f"{jumped % values} {after}", "alert")


def _span(seconds: int) -> str:
    """A length of time in its largest unit."""
    minutes = round(seconds / 60)
    if minutes < 120:
        return ngettext("%(n)d menit", "%(n)d menit", minutes) % {"n": minutes}
    hours = round(minutes / 60)
    if hours < 48:
        return ngettext("%(n)d jam", "%(n)d jam", hours) % {"n": hours}
    days = round(hours / 24)
    return ngettext("%(n)d hari", "%(n)d hari", days) % {"n": days}
