"""Citizens' data as their keeper answers for it: what is processed and why, what was erased, who looked and why."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from satuatap.features.journal import queries as journal
from satuatap.features.malls import queries as malls
from satuatap.features.people import queries as people
from satuatap.features.people.states import Role
from satuatap.web.guards import role_required
from satuatap.web.office.history import who, words
from satuatap.web.office.shared import Office, english, office_of, page
from satuatap.web.office.system import installation

ERASED = ("contact_erased", "account_forgotten")
NIGHT = timedelta(hours=24)
MOST_ERASED, MOST_LOOKS = 5000, 100


@dataclass(frozen=True, slots=True)
class Look:
    """Somebody saw a personal field: when, who, and which field for what reason."""

    at: datetime
    who: str
    text: str


@dataclass(frozen=True, slots=True)
class Activity:
    """One activity of the register in the reader's language: its purpose, then label and text."""

    purpose: str
    rows: tuple[tuple[str, str], ...]


@role_required(Role.KEEPER)
@never_cache
@require_safe
def citizens_page(request: HttpRequest) -> HttpResponse:
    """The register to read and print, the last night's erasures, the last looks at contacts."""
    office = office_of(request)
    now = malls.real_now()
    gone = [line for line in journal.latest(ERASED, limit=MOST_ERASED) if now - line.real_at <= NIGHT]
    names = people.display_names(int(line.fact["account"]) for line in gone if line.kind == "account_forgotten")
    erased = Counter(
        words(line, names, office) if line.kind == "account_forgotten" else _why(line.fact) for line in gone
    )
    values = {
        "activities": _activities(), "law": installation().ARTICLE, "erased": sorted(erased.items()),
        "gone": len(gone), "looks": _looks(office), "at": now.astimezone(ZoneInfo(office.mall.zone_name)),
    }  # fmt: skip
    return page(request, "citizens", office, values)


def _why(fact: dict[str, object]) -> str:
    ends = {
        "withdrawn": _("kontak yang ditarik pengunjung"),
        "end_date": _("kontak yang sampai batas waktunya"),
        "request": _("kontak yang diminta dihapus oleh orangnya"),
        "restored": _("kontak yang kembali bersama cadangan"),
    }
    return ends.get(str(fact.get("why")), _("kontak"))


def _looks(office: Office) -> list[Look]:
    found = journal.latest(("contact_read",), limit=MOST_LOOKS)
    numbers = {int(line.who.partition(":")[2]) for line in found if line.who.startswith("account:")}
    names = people.display_names(numbers)
    return [Look(line.real_at, who(line.who, names), words(line, names, office)) for line in found]


def _activities() -> list[Activity]:
    labels = {
        "subjek": _("Tentang siapa"),
        "data": _("Data"),
        "dasar": _("Dasar hukum"),
        "sumber_dasar": _("Sumber dasar hukum"),
        "dibaca_oleh": _("Dibaca oleh"),
        "kept_until" if english() else "disimpan_sampai": _("Disimpan sampai"),
        "terenkripsi": _("Terenkripsi"),
        "bentuk_tersamar": _("Yang tampil di layar"),
        "penerima_lain": _("Penerima lain"),
        "ke_luar_negeri": _("Ke luar negeri"),
        "diminta": _("Diminta oleh layar"),
    }
    return [
        Activity(row["purpose" if english() else "kegiatan"], tuple((label, row[key]) for key, label in labels.items()))
        for row in installation().register()
    ]


@role_required(Role.KEEPER)
@require_safe
def download(request: HttpRequest) -> HttpResponse:
    """The register as a sheet, as the command writes it."""
    answer = HttpResponse(installation().register_csv(), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="catatan-pemrosesan.csv"'
    return answer
