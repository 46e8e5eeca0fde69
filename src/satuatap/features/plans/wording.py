"""Sentences about what changed under a plan, and the names of papers and stages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from satuatap.features.plans.rules import Changed, Inventory
from satuatap.features.plans.states import Check, PlanLife

CHECK_NAMES: Mapping[Check, Any] = {
    Check.DECREE: gettext_lazy("Keputusan Wali Kota"),
    Check.UTILITIES: gettext_lazy("Listrik dan air gedung lama diubah"),
    Check.ANNOUNCED: gettext_lazy("Layanan diumumkan di tempat baru"),
    Check.HANDOVER: gettext_lazy("Berita acara serah terima (BAST)"),
    Check.USE: gettext_lazy("Status penggunaan dialihkan"),
    Check.IDLE: gettext_lazy("Gedung kosong diserahkan ke Pengelola Barang"),
}
LIFE_NAMES: Mapping[PlanLife, Any] = {
    PlanLife.DRAFT: gettext_lazy("Draf"),
    PlanLife.COMPARED: gettext_lazy("Dibandingkan"),
    PlanLife.CONSULTED: gettext_lazy("Dikonsultasikan"),
    PlanLife.DECIDED: gettext_lazy("Diputuskan"),
    PlanLife.CARRIED_OUT: gettext_lazy("Dilaksanakan"),
    PlanLife.WITHDRAWN: gettext_lazy("Ditarik"),
    PlanLife.ANNOUNCED: gettext_lazy("Diumumkan"),
}


def _building(code: str, *inventories: Inventory) -> str:
    return next((one.buildings[code][0] for one in inventories if code in one.buildings), code or _("tanpa gedung"))


def _unit(code: str, *inventories: Inventory) -> str:
    return next((one.units[code][0] for one in inventories if code in one.units), code)


def sentence_of(one: Changed, before: Inventory, now: Inventory) -> str:
    """What changed, in one sentence."""
    if one.what == "unit":
        name = one.now or one.before
        return (_("Unit %(name)s baru ada.") if one.now else _("Unit %(name)s tidak ada lagi.")) % {"name": name}
    if one.what == "building":
        name = one.now or one.before
        return (_("Gedung %(name)s baru ada.") if one.now else _("Gedung %(name)s tidak ada lagi.")) % {"name": name}
    values = {"before": one.before, "now": one.now}
    if one.what == "place":
        values = {"name": _unit(one.code, now, before), "before": _building(one.before, before, now),
                  "now": _building(one.now, now, before)}  # fmt: skip
        return _("%(name)s pindah dari %(before)s ke %(now)s.") % values
    if one.what == "headcount":
        return _("%(name)s: %(before)s menjadi %(now)s orang.") % {"name": _unit(one.code, now, before), **values}
    if one.what == "area":
        return _("%(name)s: %(before)s menjadi %(now)s m2.") % {"name": _building(one.code, now, before), **values}
    return _("%(name)s: status penggunaan berubah.") % {"name": _building(one.code, now, before)}


SENTENCES = {  # marked here, said in the reader's language when needed
    "none": gettext_noop("Pilih paling sedikit satu unit yang pindah."),
    "many": gettext_noop("Paling banyak %(code)s pindah dalam satu rencana."),
    "twice": gettext_noop("Unit %(code)s disebut dua kali."),
    "unit": gettext_noop("Unit %(code)s tidak ada dalam inventaris."),
    "origin": gettext_noop("Unit %(code)s menurut inventaris duduk di gedung lain."),
    "building": gettext_noop("Gedung %(code)s tidak ada dalam inventaris."),
    "stays": gettext_noop("Unit %(code)s sudah di gedung tujuan itu."),
}


def fault_sentences(faults: Sequence[tuple[str, str]]) -> list[str]:
    """Why a version doesn't hold together."""
    return [_(SENTENCES[kind]) % {"code": code} for kind, code in faults]
