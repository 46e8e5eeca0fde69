"""The gallery: every shared part in its states, so that a new screen is put together from here."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from satuatap.web.guards import public

MOMENT = datetime(2026, 11, 24, 9, 48, tzinfo=ZoneInfo("Asia/Jakarta"))


@public
@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """All parts with invented values, which the page says."""
    values = {
        "moment": MOMENT,
        "zone": "Asia/Jakarta",
        "fee": 10_250_000,
        "states": [
            ("now", _("Dipanggil")),
            ("ok", _("Selesai")),
            ("info", _("Dilayani")),
            ("warn", _("Hampir lewat")),
            ("alert", _("Terganggu")),
            ("idle", _("Tutup")),
        ],
        "desks": [
            ("serving", _("melayani")),
            ("ready", _("siap")),
            ("called", _("memanggil")),
            ("pause", _("istirahat")),
            ("closed", _("tutup")),
            ("fault", _("terganggu")),
        ],
    }
    return render(request, "components/gallery.html", values)
