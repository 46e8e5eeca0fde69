"""What was changed, by whom and when: the journal's codes in words, names looked up at the moment of reading."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from satuatap.features.commons import queries as commons
from satuatap.features.journal import queries as journal
from satuatap.features.journal.queries import Line
from satuatap.features.people import queries as people
from satuatap.features.people.states import Role
from satuatap.web.components.formats import long_date
from satuatap.web.guards import role_required
from satuatap.web.inputs import whole_of
from satuatap.web.office.access_words import SIGNING_IN, WAYS_IN, of_access, sign_of
from satuatap.web.office.estate_words import KINDS as ESTATE
from satuatap.web.office.estate_words import of_estate
from satuatap.web.office.hours import KINDS
from satuatap.web.office.program_words import KINDS as PROGRAMS
from satuatap.web.office.program_words import of_programs
from satuatap.web.office.shared import Office, office_of, page

AREAS: Mapping[str, tuple[str, ...]] = {
    "people": (
        "account_opened", "role_granted", "grant_ended", "account_blocked", "account_unblocked", "account_forgotten",
        "account_copied", "password_set", "device_secret_given", "staff_put", *WAYS_IN,
    ),
    "access": SIGNING_IN,
    "desks": ("desk_opened", "desk_closed", "skills_changed"),
    "hours": ("calendar_day_added", "calendar_day_withdrawn", "day_opened", "day_closed", "steps_bounded"),
    "contacts": ("contact_read", "contact_erased"),
    "city": ("agencies_put", "layout_put", "floor_laid_out", "policy_published", "clock_changed", "city_changed"),
    "estate": ESTATE,
    "programs": PROGRAMS,
    "system": ("journal_sealed", "journal_checked", "clock_jumped", "clock_settled"),
}  # fmt: skip


# What comes by hundreds stands in the history, not among the newest few changes of the overview.
OFTEN = ("contact_erased", "journal_checked", "journal_sealed", *SIGNING_IN)
NEWS = tuple(kind for some in AREAS.values() for kind in some if kind not in OFTEN)
READINGS = ("agencies_put", "layout_put", "floor_laid_out", "policy_published", "estate_put")
MANY = 3  # desks switched one after the other, or seals of a day, that are told in one line
ENTRIES = 150  # of the journal on one page of the history


@dataclass(frozen=True, slots=True)
class Change:
    """One change in words; ``day`` is the real day in the mall's zone."""

    at: datetime
    day: date
    who: str
    text: str


def lines_of(office: Office, limit: int) -> list[Change]:
    """The newest changes, without what comes by hundreds; a manager's are those of her own mall."""
    return changes_of(office, entries_of(office, NEWS, limit * 5))[:limit]


def entries_of(office: Office, kinds: Iterable[str], limit: int, before: int | None = None) -> list[Line]:
    """The newest entries of these kinds, ``before`` a position: a keeper's all, a manager's those of her own mall."""
    if office.keeper:
        return journal.latest(kinds, limit=limit, before=before)
    own = [line.id for line in people.accounts(office.today, mall=office.mall.id)]
    return journal.latest(kinds, mall=office.mall.id, about=own, limit=limit, before=before)


def changes_of(office: Office, found: list[Line]) -> list[Change]:
    """Entries in words, newest first. Thirty desks that open in one morning are one line."""
    numbers = {int(line.who.partition(":")[2]) for line in found if line.who.startswith("account:")}
    named = ("account", "before")
    numbers |= {int(line.fact[key]) for line in found for key in named if isinstance(line.fact.get(key), int)}
    # a row changed in the office is told by itself; what each sheet said of it is not told again
    found = [line for line in found if line.kind not in READINGS or not line.who.startswith("account:")]
    # what the mall did to its desks by itself at the end of a day is no change by anybody
    found = [line for line in found if line.kind not in AREAS["desks"] or line.who.startswith("account:")]
    names: dict[Any, str] = {**people.display_names(numbers)}
    names |= {f"client:{pk}": name for pk, name in commons.client_names().items()}
    zone = ZoneInfo(office.mall.zone_name)
    changes: list[tuple[str, Change]] = []
    for _key, group in groupby(_seals_at_once(found, zone), key=lambda line: _together(line, zone)):
        some = list(group)
        told = _told_together(some, names, zone) if len(some) >= MANY else None
        each = [told] if told else [_one(line, names, zone, office) for line in some]
        changes += [(some[0].kind, change) for change in each]
    return [
        one for (kind, one), before in zip(changes, [None, *changes], strict=False)
        if before is None or kind in SIGNING_IN or not _again(one, before[1])  # two sign-ins of one day are two
    ]  # fmt: skip


def _one(line: Line, names: Mapping[Any, str], zone: ZoneInfo, office: Office) -> Change:
    return Change(line.real_at, _day(line, zone), _by(line, names), words(line, names, office))


def _by(line: Line, names: Mapping[Any, str]) -> str:
    """Who did it. Who types a wrong PIN is not known: earlier entries named its holder."""
    return _("sistem") if line.kind == "pin_locked" else who(line.who, names)


def _seals_at_once(found: list[Line], zone: ZoneInfo) -> list[Line]:
    """The seals of a day beside its newest one: the journal is sealed every ten minutes, whatever else happens."""
    by_day: dict[date, list[Line]] = {}
    for line in found:
        if line.kind == SEALED:
            by_day.setdefault(_day(line, zone), []).append(line)
    return [one for line in found for one in (by_day.pop(_day(line, zone), []) if line.kind == SEALED else [line])]


def _told_together(some: list[Line], names: Mapping[Any, str], zone: ZoneInfo) -> Change | None:
    """Several entries in one line, where there is a sentence for many."""
    if some[0].kind in SWITCHES:
        return _many(some, names, zone)
    values = {"n": len(some), "size": some[0].fact.get("size"), "why": why_erased(some[0].fact)}
    if some[0].kind == SEALED:
        text = _("Jurnal disegel %(n)s kali, terakhir sampai catatan ke-%(size)s.") % values
    elif some[0].kind == ERASED:
        text = _("%(n)s kontak dihapus: %(why)s.") % values
    else:
        return None
    return Change(some[0].real_at, _day(some[0], zone), who(some[0].who, names), text)


def _again(one: Change, before: Change) -> bool:
    return (one.text, one.who, one.day) == (before.text, before.who, before.day)


SWITCHES = ("desk_opened", "desk_closed")
SEALED, ERASED = "journal_sealed", "contact_erased"


def _day(line: Line, zone: ZoneInfo) -> date:
    return line.real_at.astimezone(zone).date()


def _together(line: Line, zone: ZoneInfo) -> object:
    """What may stand in one line: desks that were switched the same way on one day, its seals, contacts that ended."""
    if line.kind in (*SWITCHES, SEALED, ERASED):
        return line.kind, line.fact.get("pause"), line.fact.get("why"), _day(line, zone)
    return line.position


def _many(some: list[Line], names: Mapping[Any, str], zone: ZoneInfo) -> Change:
    """Desks switched one after the other, newest first, by however many people."""
    signs = dict.fromkeys(sign_of(line.fact.get("desk")) for line in reversed(some))
    actors = dict.fromkeys(who(line.who, names) for line in some)
    values = {"desks": ", ".join(signs), "n": len(actors), "who": next(iter(actors))}
    text = _switched(some[0].kind, some[0].fact) % {"desk": values["desks"]}
    by = _("%(n)s orang") if len(actors) > 1 else "%(who)s"
    return Change(some[0].real_at, _day(some[0], zone), by % values, text)


def who(code: str, names: Mapping[Any, str]) -> str:
    """An actor's code as a colleague's name; a part of the system as what it is."""
    kind, _colon, number = code.partition(":")
    if kind == "account" and number.isdecimal():
        return names.get(int(number)) or _("akun %(number)s") % {"number": number}
    if kind == "client":
        return _("program %(number)s") % {"number": names.get(code) or number}
    return _("sistem")


def words(line: Line, names: Mapping[Any, str], office: Office) -> str:
    """A fact as one sentence."""
    fact = line.fact
    number = fact.get("account")
    account = names.get(number, "") if isinstance(number, int) else ""
    return (
        _of_people(line.kind, fact, account or str(number or ""))
        or of_access(line.kind, fact, account or str(number or ""), names.get(fact.get("before", 0), ""))
        or _of_desks(line.kind, fact)
        or _of_contacts(line.kind, fact)
        or of_programs(line.kind, fact, names)
        or of_estate(line.kind, fact)
        or _of_system(line.kind, fact)
        or _of_days(line.kind, fact)
    )


def _role(fact: Mapping[str, Any]) -> str:
    try:
        return str(people.ROLE_NAMES[Role(fact["role"])])
    except (KeyError, ValueError):
        return str(fact.get("role", ""))


def _of_people(kind: str, fact: Mapping[str, Any], account: str) -> str:
    values = {"account": account, "role": _role(fact)}
    sentences = {
        "account_opened": _("Akun %(account)s dibuat."),
        "role_granted": _("%(account)s diberi peran %(role)s."),
        "grant_ended": _("Peran %(role)s untuk %(account)s diakhiri."),
        "account_blocked": _("Akun %(account)s diblokir."),
        "account_unblocked": _("Akun %(account)s dibuka kembali."),
        "account_forgotten": _("Data pribadi akun %(account)s dihapus."),
        "account_copied": _("Salinan data tentang %(account)s dibuat."),
        "password_set": _("Kata sandi %(account)s diganti sendiri.") if fact.get("own")
        else _("Kata sandi %(account)s diatur ulang."),
        "device_secret_given": _("%(account)s diberi tautan pengaktifan baru."),
        "staff_put": _("Daftar petugas dibaca dari berkas kota."),
    }  # fmt: skip
    return sentences[kind] % values if kind in sentences else ""


def _of_desks(kind: str, fact: Mapping[str, Any]) -> str:
    values = {"desk": sign_of(fact.get("desk")), "count": len(fact.get("skills", ()))}
    if kind in SWITCHES:
        return _switched(kind, fact) % values
    return _("Loket %(desk)s kini melayani %(count)s langkah layanan.") % values if kind == "skills_changed" else ""


def _switched(kind: str, fact: Mapping[str, Any]) -> str:
    if kind == "desk_opened":
        return _("Loket %(desk)s dibuka.")
    closings = {"break": _("Loket %(desk)s beristirahat."), "trouble": _("Loket %(desk)s terganggu.")}
    return closings.get(str(fact.get("pause")), _("Loket %(desk)s ditutup."))


def _of_contacts(kind: str, fact: Mapping[str, Any]) -> str:
    """Who looked at what a visitor left, and why; the contact by the start of its random id, never by what it says."""
    fields = {"name": _("Nama"), "phone": _("Nomor telepon")}
    reasons = {
        "left_behind": _("barang atau berkas tertinggal"),
        "document_ready": _("dokumen siap diambil"),
        "call_away": _("dipanggil, tetapi tidak ada di ruang tunggu"),
        "own_request": _("diminta orangnya sendiri"),
    }
    values = {
        "contact": str(fact.get("contact", ""))[:8],
        "field": fields.get(str(fact.get("field")), ""),
        "reason": reasons.get(str(fact.get("reason")), ""),
        "why": why_erased(fact),
    }
    sentences = {
        "contact_read": _("%(field)s pada kontak %(contact)s dilihat: %(reason)s."),
        "contact_erased": _("Kontak %(contact)s dihapus: %(why)s."),
    }
    return sentences[kind] % values if kind in sentences else ""


def why_erased(fact: Mapping[str, Any]) -> str:
    """Why a contact came to its end."""
    ends = {
        "withdrawn": _("ditarik pengunjung"),
        "end_date": _("sampai batas waktunya"),
        "request": _("diminta orangnya sendiri"),
        "restored": _("kembali bersama cadangan"),
    }
    return ends.get(str(fact.get("why")), "")


def _of_system(kind: str, fact: Mapping[str, Any]) -> str:
    """What the house saw of itself."""
    values = {"seconds": fact.get("seconds"), "entries": fact.get("entries"), "size": fact.get("size")}
    sentences = {
        "journal_sealed": _("Jurnal disegel sampai catatan ke-%(size)s."),
        "journal_checked": _("Jurnal diperiksa: TIDAK cocok (%(entries)s catatan).")
        if fact.get("wrong") or fact.get("unread")
        else _("Jurnal diperiksa: %(entries)s catatan utuh."),
        "clock_jumped": _("Jam server melompat %(seconds)s detik."),
        "clock_settled": _("Lompatan jam %(seconds)s detik diterima.")
        if fact.get("believed")
        else _("Jam server benar lagi setelah melompat %(seconds)s detik."),
    }
    return sentences[kind] % values if kind in sentences else ""


def _of_days(kind: str, fact: Mapping[str, Any]) -> str:
    inner = fact.get("values", fact)
    raw = str(inner.get("date") or inner.get("day") or "") if isinstance(inner, Mapping) else ""
    try:
        day = long_date(date.fromisoformat(raw), "en" if (get_language() or "").startswith("en") else "id")
    except ValueError:
        day = raw
    values = {"day": day, "rule": str(KINDS.get(inner.get("rule", ""), "")), "sheet": str(fact.get("sheet", ""))}
    values["rows"] = ", ".join(f"{sheet} {sum(some.values())}" for sheet, some in fact.get("counts", {}).items())
    sentences = {
        "city_changed": _("Perubahan data kota dibatalkan: %(rows)s.")
        if fact.get("undoes")
        else _("Data kota diubah: %(rows)s."),
        "calendar_day_added": _("%(day)s: %(rule)s ditambahkan."),
        "calendar_day_withdrawn": _("%(day)s: %(rule)s ditarik kembali."),
        "day_opened": _("Hari layanan %(day)s dimulai."),
        "steps_bounded": _("Gerai yang tutup lebih awal pada %(day)s diperhitungkan."),
        "day_closed": _("Hari layanan %(day)s ditutup."),
        "layout_put": _("Berkas kota dibaca: %(sheet)s."),
        "clock_changed": _("Jam mal contoh diatur."),
    }
    return sentences.get(kind, _("Berkas kota atau aturan panggilan diperbarui.")) % values


@role_required(Role.MANAGER, Role.KEEPER)
@require_safe
def history_page(request: HttpRequest) -> HttpResponse:
    """The list, by area if asked; all is all of them. What is older stands on the next page."""
    office = office_of(request)
    asked = str(request.GET.get("bagian", ""))
    area = asked if asked in AREAS else ""
    areas = [
        ("", _("Semua")), ("people", _("Orang")), ("access", _("Masuk")), ("desks", _("Loket")),
        ("hours", _("Jam layanan")), ("contacts", _("Kontak warga")), ("city", _("Berkas kota")),
        ("estate", _("Gedung dan rencana")), ("programs", _("Program")), ("system", _("Sistem")),
    ]  # fmt: skip
    before = whole_of(request.GET, "sebelum") if request.GET.get("sebelum") else None
    kinds = AREAS.get(area) or tuple(kind for some in AREAS.values() for kind in some)
    found = entries_of(office, kinds, ENTRIES + 1, before)
    shown = found[:ENTRIES]
    values = {
        "lines": changes_of(office, shown), "area": area, "areas": areas, "newest": before is None,
        "older": shown[-1].position if len(found) > ENTRIES else None,
    }  # fmt: skip
    return page(request, "history", office, values)
