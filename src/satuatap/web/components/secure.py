"""What a browser gives only to a page under HTTPS, or of this machine itself; and what a screen says without."""

from __future__ import annotations

import ipaddress

from django.http import HttpRequest
from django.utils.translation import gettext as _


def is_secure_context(request: HttpRequest) -> bool:
    """Whether browsers trust this address: HTTPS, or loopback (W3C Secure Contexts, 3.1)."""
    host = request.get_host().rsplit(":", 1)[0] if not request.get_host().endswith("]") else request.get_host()
    host = host.strip("[]").lower()
    if request.is_secure() or host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def off_without_https(place: str) -> str:
    """The line of a screen: its functions that are off; ``place``: office, kiosk, board or phone."""
    awake = _("layar tetap menyala")  # pushed messages and a kiosk without a network are in no screen yet
    off = {
        "office": [_("kunci sandi"), awake, _("anjungan luring dan pemberitahuan ke ponsel (belum ada di versi ini)")],
        "kiosk": [awake],
        "board": [awake],
        "phone": [awake],
    }[place]
    return _("Tanpa HTTPS, yang mati di sini: %(functions)s.") % {"functions": ", ".join(off)}
