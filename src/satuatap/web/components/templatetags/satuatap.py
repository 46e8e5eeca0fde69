"""Template tags of the house: ``{% load satuatap %}``."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import uuid4

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from satuatap.web.components import formats
from satuatap.web.components.icons import icon_svg
from satuatap.web.components.secure import is_secure_context, off_without_https

register = template.Library()

STATES = frozenset({"idle", "ok", "now", "info", "warn", "alert"})


def _language() -> str:
    return "en" if (get_language() or "id").startswith("en") else "id"


@register.simple_tag
def icon(name: str, css: str = "icon") -> SafeString:
    """``{% icon "search" %}``: as drawn, always beside a word."""
    return icon_svg(name, css)


@register.simple_tag
def synthetic_tag(reason: str = "", kind: str = "contoh", css: str = "") -> SafeString:
    """The striped tag with its reason one tap away; ``kind``: contoh (made up) or sumber (no source)."""
    word = gettext("belum bersumber") if kind == "sumber" else gettext("data contoh")
    if not reason:
        return format_html('<span class="tag">{}</span>', word)
    return format_html(
        '<details class="why {}"><summary class="tag">{}</summary><p class="pop">{}</p></details>', css, word, reason
    )


@register.simple_tag
def state_pill(state: str, word: Any, css: str = "") -> SafeString:
    """``{% state_pill "ok" "Siap" %}``: colour, shape and word; idle, ok, now, info, warn, alert."""
    state = state if state in STATES else "idle"
    return format_html('<span class="state state--{} {}">{}</span>', state, css, word)


@register.simple_tag
def minutes_range(low: float | None, high: float | None) -> str:
    """``{% minutes_range wait.low wait.high %}``: 12 sampai 20 menit."""
    return formats.minutes_range(low, high, _language())


@register.filter
def clock_time(moment: datetime | None, zone: str = "") -> str:
    """``{{ moment|clock_time:mall.zone_name }}``: 08.30."""
    return formats.clock_time(moment, zone, _language()) if moment else ""


@register.filter
def long_date(day: date | None, zone: str = "") -> str:
    """``{{ day|long_date }}``: Selasa, 24 November 2026."""
    return formats.long_date(day, _language(), zone) if day else ""


@register.filter
def rupiah(value: int | None) -> str:
    """``{{ fee|rupiah }}``: Rp10.250.000."""
    return "" if value is None else formats.rupiah(value, _language())


@register.filter
def whole(value: float | None) -> str:
    """``{{ count|whole }}``: 1.240."""
    return "" if value is None else formats.whole(value, _language())


@register.filter
def spoken(number: int | None) -> str:
    """``{{ 147|spoken }}``: 1 4 7, for ``aria-label``."""
    return "" if number is None else formats.spoken(number)


@register.filter
def local(row: Any, field: str = "name") -> str:
    """``{{ service|local:"name" }}``: the English field when the screen is English and the row has it."""
    english = getattr(row, f"{field}_en", "") if _language() == "en" else ""
    return str(english or getattr(row, field, ""))


@register.simple_tag
def key_field() -> SafeString:
    """The hidden idempotency key of a form: a double press is one action."""
    return format_html('<input type="hidden" name="key" value="{}">', uuid4())


@register.simple_tag(takes_context=True)
def without_https(context: dict[str, Any], place: str) -> SafeString:
    """``{% without_https "board" %}``: one calm line on what is off at this address; nothing under HTTPS."""
    if is_secure_context(context["request"]):
        return SafeString("")
    return format_html('<p class="plain-http">{}<span>{}</span></p>', icon_svg("unlock"), off_without_https(place))


@register.inclusion_tag("components/mark.html")
def mark(place: str = "", css: str = "", href: str = "/") -> dict[str, str]:
    """The stepped roof over one open door, with the name and the place under it."""
    return {"place": place, "css": css, "href": href}


@register.inclusion_tag("components/roof.html")
def roof() -> dict[str, str]:
    """The roof as a line, for empty states."""
    return {}


@register.inclusion_tag("components/language.html", takes_context=True)
def language_switch(context: dict[str, Any]) -> dict[str, Any]:
    """One button to the other language; comes back to this page."""
    request = context.get("request")
    other = "id" if _language() == "en" else "en"
    here = request.get_full_path() if request is not None and request.method == "GET" else "/"
    return {"request": request, "other": other, "here": here, "csrf_token": context.get("csrf_token")}
