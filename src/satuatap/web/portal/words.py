"""The portal's sentences: pure, in the language of the screen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import get_language, gettext, ngettext

from satuatap.features.malls.queries import ZonePlan
from satuatap.features.visits.views import Ahead, Service, Stop, VisitView
from satuatap.features.visits.waits import MinutesRange
from satuatap.web.components import formats

_NUMBERS = {
    "id": ("", "Satu", "Dua", "Tiga", "Empat", "Lima", "Enam", "Tujuh", "Delapan", "Sembilan"),
    "en": ("", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine"),
}


MANY = 1000  # more than a line ever has


def language() -> str:
    """id or en."""
    return "en" if (get_language() or "id").startswith("en") else "id"


def signs(numbers: Sequence[str]) -> str:
    """Loket 5 sampai 9; Loket 5, 7 dan 9."""
    if not numbers:
        return ""
    whole = [int(n) for n in numbers if n.isdecimal()]
    if len(whole) == len(numbers) > 2 and sorted(whole) == list(range(min(whole), max(whole) + 1)):
        return gettext("Loket %(first)s sampai %(last)s") % {"first": min(whole), "last": max(whole)}
    if len(numbers) == 1:
        return gettext("Loket %(sign)s") % {"sign": numbers[0]}
    return gettext("Loket %(signs)s dan %(last)s") % {"signs": ", ".join(numbers[:-1]), "last": numbers[-1]}


def people_before(count: int) -> str:
    """Dua orang lagi; who is next hears that."""
    if count == 0:
        return gettext("Anda berikutnya")
    words = _NUMBERS[language()]
    shown = words[count] if count < len(words) else str(count)
    return ngettext("%(count)s orang lagi", "%(count)s orang lagi", count) % {"count": shown}


def people_words() -> str:
    """The same sentence for none to nine, and at last the pattern for more, for the page's script: one a line."""
    return "\n".join([*map(people_before, range(10)), people_before(MANY).replace(str(MANY), "{n}")])


def clock_range(now: datetime, wait: MinutesRange, zone: str) -> tuple[str, str]:
    """The wait as two times of the mall's clock."""
    from_ = datetime.fromtimestamp(now.timestamp() + wait.low * 60, now.tzinfo)
    until = datetime.fromtimestamp(now.timestamp() + wait.high * 60, now.tzinfo)
    return formats.clock_time(from_, zone, language()), formats.clock_time(until, zone, language())


def result_word(result: str | None) -> str:
    """What came of an errand, as the citizen reads it."""
    words = {
        "done": gettext("Selesai"),
        "done_pickup": gettext("Selesai, diambil nanti"),
        "documents_missing": gettext("Berkas kurang"),
        "other_authority": gettext("Kewenangan instansi lain"),
        "central_outage": gettext("Gangguan sistem pusat"),
        "signer_absent": gettext("Pejabat penanda tangan tidak di tempat"),
        "not_eligible": gettext("Tidak memenuhi syarat"),
        "transferred": gettext("Dialihkan ke loket lain"),
        "not_recorded": gettext("Selesai; hasilnya tidak dicatat"),
        "unserved": gettext("Tidak terlayani hari ini"),
        "missed": gettext("Terlewat"),
        "prerequisite": gettext("Batal, karena urusan sebelumnya tidak selesai"),
    }
    return words.get(result or "", "")


def state_word(state: str) -> tuple[str, str]:
    """(kind of pill, word) of a stop."""
    return {
        "done": ("ok", gettext("Selesai")),
        "now": ("ok", gettext("Sedang dilayani")),
        "called": ("now", gettext("Dipanggil")),
        "waiting": ("info", gettext("Menunggu dipanggil")),
        "later": ("idle", gettext("Sesudah urusan sebelumnya")),
        "missed": ("warn", gettext("Terlewat")),
        "dropped": ("idle", gettext("Tidak jadi")),
    }.get(state, ("idle", state))


def why_earlier(one: Ahead, zone: str) -> str:
    """Why a number comes where it does: when it came, and from when it counts."""
    came = formats.clock_time(one.arrived_at, zone, language())
    counts = formats.clock_time(one.counts_from, zone, language())
    if came == counts:
        return gettext("datang %(came)s") % {"came": came}
    if one.priority:
        return gettext("datang %(came)s, dihitung %(counts)s: giliran prioritas") % {"came": came, "counts": counts}
    return gettext("datang %(came)s, dihitung %(counts)s") % {"came": came, "counts": counts}


def way_to(zone: ZonePlan) -> tuple[str, str]:
    """The first sentence of a zone's wayfinding, and the arrow that it begins with, where it names a side."""
    text = (zone.wayfinding_en if language() == "en" else "") or zone.wayfinding
    sides = {"kiri": "arrow-left", "kanan": "arrow-right"}
    found = (sides[word] for word in zone.wayfinding.lower().replace(",", " ").split() if word in sides)
    return text.split(".")[0].strip(), next(found, "")


def current(view: VisitView) -> tuple[Service, Stop] | None:
    """The service and stop that the holder should look at now."""
    for service in view.services:
        for stop in service.stops:
            if view.next_stop is not None and stop.seq == view.next_stop.seq:
                return service, stop
    return None
