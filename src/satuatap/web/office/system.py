"""How the installation is, for the one IT person without a shell: what needs a hand stands first. Only reads."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from satuatap.features.people.states import Role
from satuatap.web.guards import role_required
from satuatap.web.office.shared import english, office_of, page


def installation() -> Any:
    """The door to the installation itself (``settings.INSTALLATION``)."""
    return import_module(settings.INSTALLATION)


@dataclass(frozen=True, slots=True)
class Found:
    """A finding: what was looked at, how it is, and a sentence with what to do."""

    name: str
    state: str
    word: str
    text: str


def _names() -> dict[str, str]:
    return {
        "disk": _("Disk"),
        "disk_second": _("Disk cadangan"),
        "memory": _("Memori"),
        "clock": _("Jam mesin"),
        "time": _("Jam basis data"),
        "certificate": _("Sertifikat"),
        "printers": _("Printer"),
        "files": _("Berkas rahasia"),
        "backup": _("Cadangan"),
        "backup_check": _("Uji cadangan"),
        "second_place": _("Tempat kedua"),
        "retention": _("Batas simpan"),
        "database": _("Basis data"),
        "seal": _("Segel jurnal"),
        "journal_check": _("Pemeriksaan jurnal"),
        "roles": _("Hak basis data"),
        "jobs": _("Pekerjaan latar"),
    }


def _words() -> dict[str, tuple[str, str]]:
    return {
        "bad": ("alert", _("perlu hari ini")),
        "soon": ("warn", _("perlu segera")),
        "note": ("info", _("untuk diketahui")),
        "ok": ("ok", _("baik")),
    }


@role_required(Role.KEEPER)
@never_cache
@require_safe
def system_page(request: HttpRequest) -> HttpResponse:
    """The doctor's findings, the version, the newest backup."""
    office, seen = office_of(request), installation().health()
    names, words = _names(), _words()
    found = [
        Found(names.get(one.name, one.name), *words[str(one.level)], one.english if english() else one.indonesian)
        for one in seen.findings
    ]
    values = {"found": found, "seen": seen, "bad": seen.count("bad"), "soon": seen.count("soon")}
    return page(request, "system", office, values)
