"""How a screen answers: which form the asker reads, and where a form goes on to."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme


class SeeOther(HttpResponseRedirect):
    """303: the form was taken, now read the next page."""

    status_code: int = 303


def wants_json(request: HttpRequest) -> bool:
    """Whether a script asks for JSON."""
    return "application/json" in request.headers.get("Accept", "")


def wants_fragment(request: HttpRequest) -> bool:
    """Whether htmx asks for a part of a page."""
    return request.headers.get("HX-Request") == "true" and request.headers.get("HX-Boosted") != "true"


def safe_next(request: HttpRequest, raw: str | None, otherwise: str) -> str:
    """An address of this site to go on to; anything else becomes ``otherwise``. Never leaves the site."""
    target = (raw or "").strip()
    inside = target.startswith("/") and not target.startswith(("//", "/\\")) and "\\" not in target
    if inside and url_has_allowed_host_and_scheme(target, allowed_hosts=None, require_https=request.is_secure()):
        return target
    return otherwise
