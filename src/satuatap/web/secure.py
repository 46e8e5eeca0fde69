"""Where passkeys work: browsers give them to a name under HTTPS, and to localhost. Elsewhere the page says so."""

from __future__ import annotations

import ipaddress

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

NO_HTTPS = _("Kunci sandi tidak tersedia di sini: alamat ini tanpa HTTPS. Minta pengelola sistem memasangnya.")
NO_NAME = _("Kunci sandi tidak tersedia di sini: alamat ini berupa angka IP, bukan nama. Buka lewat namanya.")


def passkeys_off(request: HttpRequest) -> Promise | None:
    """Why passkeys are off at this address; ``None``: they work."""
    host = request.get_host().rsplit(":", 1)[0].strip("[]")
    if host == "localhost" or host.endswith(".localhost"):
        return None
    if not request.is_secure():
        return NO_HTTPS
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return None
    return NO_NAME
