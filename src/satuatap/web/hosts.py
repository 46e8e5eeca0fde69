"""Asked under a name that is not this server's: a sentence for who asks, and a line in the log for the IT person."""

from __future__ import annotations

import logging
import re
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from satuatap.basics.refusal import Refusal
from satuatap.plumbing.limits import Limiter, Limits, Rate

log = logging.getLogger(__name__)

NAME = re.compile(r"[A-Za-z0-9._:\[\]-]{1,100}")
HERE = ("127.0.0.1", "localhost", "::1")  # an address that only this machine can open is no advice to anybody
# Whoever tries names fills no log: each name once in five minutes, and not more than twenty in an hour.
_noted = Limits(Limiter(Rate(1, 300)), Limiter(Rate(20, 3600)))


class UnknownAddress(Refusal):
    """The visitor is told the address that stands on every slip and poster, and never another name of this server."""

    code = "unknown_address"
    status = 400

    def __init__(self) -> None:
        public = str(settings.PUBLIC_URL)
        self.next = "" if urlsplit(public).hostname in HERE else public
        super().__init__(_with_address(public) if self.next else _without_address())


def _with_address(public: str) -> str:
    return _(
        "Alamat yang Anda pakai tidak dikenal di sini. Buka %(address)s. Untuk petugas TI: nama di peramban harus sama "
        "dengan PUBLIC_URL; log layanan menyebut nama yang diminta."
    ) % {"address": public}


def _without_address() -> str:
    return _(
        "Alamat yang Anda pakai tidak dikenal di sini. Tanyakan alamat yang benar kepada pengelola. Untuk petugas TI: "
        "periksa PUBLIC_URL; log layanan menyebut nama yang diminta."
    )


def note_unknown(request: HttpRequest) -> None:
    """The log tells what was asked for and what is known; what a browser sends as a name is told only if it is one."""
    asked = str(request.META.get("HTTP_HOST", ""))
    if not NAME.fullmatch(asked):
        asked = "(no name)"
    if _noted.take((asked.lower(), "")) <= 0:
        known = ", ".join(str(name) for name in settings.ALLOWED_HOSTS if name != "testserver")
        log.warning("asked as %s, which is no name of this server (%s): see PUBLIC_URL and HOST", asked, known)


def forget_noted() -> None:
    """Tell every name again (tests)."""
    _noted.clear()
