"""How a figure of the register is shown: its number, and in a word how well it is known."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from satuatap.features.estate.states import Standing
from satuatap.web.components import formats

register = template.Library()
WHOLE_FROM = 10_000


def _language() -> str:
    return "en" if (get_language() or "id").startswith("en") else "id"


def number(value: Any) -> str:
    """A number with as many places as it needs; a text as it is."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    if float(value).is_integer() or abs(value) >= WHOLE_FROM:
        return formats.whole(value, _language())
    return formats.decimal(value, 2, _language())


def _of_unit(value: Any, unit: str) -> str:
    """m2 from a hundred on need no fractions."""
    rough = unit == "m2" and isinstance(value, float) and abs(value) >= 100
    return f"{number(round(value) if rough else value)} {unit}".strip()


@register.filter
def figure_number(value: Any) -> str:
    """``{{ row.area_m2|figure_number }}``: 1.240 or 8,5."""
    return number(value)


@register.filter
def share(value: float) -> str:
    """``{{ house.share|share }}``: 82%."""
    return formats.percent(value, _language())


@register.simple_tag
def range_of(low: float, high: float, unit: str = "") -> str:
    """``{% range_of 300 800 "m2" %}``: 300 sampai 800 m2; one number where both are the same."""
    if low == high:
        return _of_unit(low, unit)
    values = {"low": _of_unit(low, unit).removesuffix(unit).strip(), "high": _of_unit(high, unit)}
    return _("%(low)s sampai %(high)s") % values


def _word(how: Standing) -> str:
    return {
        Standing.SOURCED: _("bersumber"),
        Standing.SYNTHETIC: _("data contoh"),
        Standing.NORM: _("dari norma"),
        Standing.UNSOURCED: _("tanpa sumber"),
    }[how]


@register.simple_tag
def standing_mark(how: Standing | str, source: str = "") -> SafeString:
    """How well a figure is known: a shape and a word; the source behind the word where there is one."""
    how = Standing(how)
    title = source if how is Standing.SOURCED else ""
    return format_html('<span class="known known--{}" title="{}">{}</span>', how.value, title, _word(how))


@register.simple_tag
def figure(one: Any, unit: str = "") -> SafeString:
    """``{% figure house.area "m2" %}``: the number, its unit, and how well it is known."""
    if one.value is None or one.value == "":
        return format_html('<span class="soft">{}</span>', _("belum diisi"))
    text = _of_unit(one.value, unit)
    return format_html('<span class="fig">{}</span> {}', text, standing_mark(one.how, one.source))
