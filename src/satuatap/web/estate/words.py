"""The words of the sheets as people read them; what has none is shown as it stands."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

NAMES: Mapping[str, Mapping[str, object]] = {
    "use": {
        "used": _("dipakai"), "idle": _("kosong"), "lent": _("dipinjamkan"), "leased": _("disewakan"),
        "disputed": _("sengketa"),
    },
    "ownership": {"city": _("kota"), "rented": _("disewa"), "lent": _("dipinjam")},
    "condition": {
        "good": _("baik"), "light_damage": _("rusak ringan"), "heavy_damage": _("rusak berat"),
    },
    "cooling": {"cooled": _("ber-AC"), "not_cooled": _("tanpa AC")},
    "title": {"city": _("kota"), "province": _("provinsi"), "state": _("negara"), "other": _("lainnya")},
    "kib": {"A": _("A, tanah"), "C": _("C, gedung dan bangunan")},
    "post": {
        "guard": _("satpam"), "cleaner": _("kebersihan"), "driver": _("pengemudi"), "technician": _("teknisi"),
        "helper": _("pramubakti"),
    },
    "contract": {
        "pns": _("PNS"), "pppk": _("PPPK"), "pppk_part_time": _("PPPK paruh waktu"), "outsourced": _("alih daya"),
    },
    "kind": {
        "office": _("kantor"), "counter": _("loket"), "meeting": _("rapat"), "archive": _("arsip"),
        "store": _("gudang"),
    },
}  # fmt: skip


def names_of(column: str) -> dict[str, str]:
    """What each word of a column is called; an empty mapping where the words are plain."""
    return {code: str(name) for code, name in NAMES.get(column, {}).items()}
