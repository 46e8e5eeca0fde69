"""Words that only the portal's templates need."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import template
from django.utils.translation import gettext

from satuatap.web.portal import words

register = template.Library()


@register.filter
def dictkey(values: Mapping[Any, Any], key: Any) -> Any:
    """``{{ parts|dictkey:1 }}``."""
    return values.get(key)


@register.filter
def signs(numbers: Sequence[str]) -> str:
    """``{{ lane.signs|signs }}``: Loket 5 sampai 9."""
    return words.signs(numbers)


@register.filter
def component(number: int) -> str:
    """The name of a component of the service standard (PermenPANRB 15/2014)."""
    return {
        1: gettext("Persyaratan"),
        2: gettext("Prosedur"),
        3: gettext("Waktu"),
        4: gettext("Biaya"),
        5: gettext("Produk"),
        6: gettext("Pengaduan"),
        7: gettext("Dasar hukum"),
        8: gettext("Sarana"),
        9: gettext("Kemampuan petugas"),
        10: gettext("Pengawasan"),
        11: gettext("Jumlah petugas"),
        12: gettext("Jaminan pelayanan"),
        13: gettext("Jaminan keamanan"),
        14: gettext("Penilaian kinerja"),
    }.get(number, "")


@register.filter
def in_language(both: Sequence[str]) -> str:
    """``{{ when|in_language }}``: of a text in Indonesian and English, the one for this screen."""
    return both[1] if words.language() == "en" else both[0]
