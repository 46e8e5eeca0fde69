"""What was done to the inventory and to plans, in words; buildings and units by their code, which the papers carry."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from satuatap.features.plans.states import PlanLife
from satuatap.features.plans.wording import CHECK_NAMES, LIFE_NAMES
from satuatap.web.components.formats import long_date

KINDS = (
    "estate_put", "columns_saved", "columns_dropped", "unit_seated", "study_asked", "study_stopped", "study_ended",
    "plan_opened", "plan_version_frozen", "plan_stepped", "plan_reviewer_chosen", "plan_reviewed",
    "plan_claim_noted", "plan_decided", "plan_comment_hidden", "move_paper_noted", "unit_moved", "plans_published",
    "plan_minutes_asked", "plan_minutes_judged", "question_asked", "question_answered",
)  # fmt: skip


def of_estate(kind: str, fact: Mapping[str, Any]) -> str:
    """A fact of the inventory or of a plan as one sentence."""
    values = {
        **{key: fact.get(key, "") for key in ("unit", "origin", "target", "plan", "number", "decree", "moves", "move")},
        "rows": ", ".join(f"{sheet} {sum(some.values())}" for sheet, some in (fact.get("sheets") or {}).items()),
        "on": _day(fact.get("on")),
        "life": LIFE_NAMES[life] if (life := _life(fact)) else "",
        "paper": next((str(name) for check, name in CHECK_NAMES.items() if check == fact.get("check")), ""),
    }
    sentence = _sentences(fact).get(kind)
    return sentence % values if sentence else ""


def _sentences(fact: Mapping[str, Any]) -> dict[str, str]:
    return {
        "estate_put": _("Inventaris diubah: %(rows)s."),
        "columns_saved": _("Cara baca lembar kota disimpan."),
        "columns_dropped": _("Cara baca lembar kota dihapus."),
        "unit_seated": _("Unit %(unit)s pindah dari %(origin)s ke %(target)s mulai %(on)s."),
        "study_asked": _("Kajian penataan dimulai."),
        "study_stopped": _("Kajian penataan dihentikan."),
        "study_ended": _("Kajian penataan selesai."),
        "question_asked": _("Satu pertanyaan tentang kajian diajukan."),
        "question_answered": _("Satu pertanyaan tentang kajian dijawab.")
        if fact.get("answered", True)
        else _("Satu pertanyaan tentang kajian belum dapat dijawab."),
        "plan_opened": _("Rencana %(plan)s dibuka."),
        "plan_version_frozen": _("Rencana %(plan)s: versi %(number)s disimpan."),
        "plans_published": _("Rencana yang diumumkan di luar sistem dibaca dari lembar kota."),
        "plan_minutes_asked": _("Rencana %(plan)s: menit menunggu versi %(number)s diminta dihitung."),
        "plan_minutes_judged": _("Rencana %(plan)s: menurut hitungan, versi %(number)s menepati janji menunggu.")
        if fact.get("holds")
        else _("Rencana %(plan)s: menurut hitungan, versi %(number)s melanggar janji menunggu."),
        "plan_stepped": _("Rencana %(plan)s: %(life)s."),
        "plan_reviewer_chosen": _("Rencana %(plan)s: peninjau dipilih."),
        "plan_reviewed": _("Rencana %(plan)s: versi %(number)s disetujui peninjau.")
        if fact.get("verdict") == "agrees"
        else _("Rencana %(plan)s: versi %(number)s ditolak peninjau."),
        "plan_claim_noted": _("Rencana %(plan)s: angka yang diumumkan pada %(on)s dicatat."),
        "plan_decided": _("Rencana %(plan)s diputuskan dengan Keputusan nomor %(decree)s, %(moves)s perpindahan."),
        "plan_comment_hidden": _("Rencana %(plan)s: satu tanggapan disembunyikan."),
        "move_paper_noted": _("Perpindahan %(move)s: %(paper)s dicatat.")
        if fact.get("needed")
        else _("Perpindahan %(move)s: %(paper)s tidak diperlukan."),
        "unit_moved": _("Rencana %(plan)s: unit %(unit)s pindah ke %(target)s pada %(on)s."),
    }


def _life(fact: Mapping[str, Any]) -> PlanLife | None:
    try:
        return PlanLife(str(fact.get("life")))
    except ValueError:
        return None


def _day(raw: object) -> str:
    try:
        return long_date(date.fromisoformat(str(raw)), "en" if (get_language() or "").startswith("en") else "id")
    except ValueError:
        return str(raw or "")
