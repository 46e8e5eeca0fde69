"""A move: its checklist, the step that carries it out, and the notice for the old building's door."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from satuatap.basics.refusal import Refusal
from satuatap.features.catalogue import queries as catalogue
from satuatap.features.estate import queries as estate
from satuatap.features.estate.refusals import NoSuchStudy
from satuatap.features.plans import actions, queries
from satuatap.features.plans.actions.moves import PaperSaid
from satuatap.features.plans.states import WHO, Act, Check, MoveLife
from satuatap.features.plans.wording import CHECK_NAMES
from satuatap.web.components import formats
from satuatap.web.guards import actor_of, role_required
from satuatap.web.inputs import BadInput, day_of, key_of, text_of
from satuatap.web.printing import printed, qr
from satuatap.web.studio.shared import attempt, may, page, today

SOURCE = Path(__file__).with_name("notice.typ")
READERS, KEEPERS = tuple(sorted(WHO[Act.READ])), tuple(sorted(WHO[Act.PAPERS]))


@role_required(*READERS)
@require_safe
def move_page(request: HttpRequest, move: int) -> HttpResponse:
    """The checklist with what is there, what is missing, and what waits for the BAST."""
    return _show(request, move)


def _show(request: HttpRequest, move: int, problem: Refusal | None = None) -> HttpResponse:
    view, day = queries.move(move), today()
    asked = day.replace(day=1) - timedelta(days=1)  # the month that is over
    planned = view.life is MoveLife.PLANNED
    plan = queries.regrouping(view.plan)
    values = {
        "move": view,
        "plan_title": plan.title,
        "papers": [(one, CHECK_NAMES[one.check]) for one in view.papers],
        "there": sum(one.there for one in view.papers),
        "may_note": planned and may(request, Act.PAPERS),
        "late": (day - view.on).days if planned and view.missing and view.on < day else 0,
        "blocks": _blocks(view, day) if planned else [],
        "daily": _a_day(plan, view.unit) if planned else None,
        **_hours(view),
        "link": "/jam-kerja/" + queries.invitation("hours", {"unit": view.unit, "month": f"{asked:%Y-%m}"}),
        "today": day,
        "services": catalogue.services(view.services) if view.services else (),
    }
    return page(request, "studio/move.html", values, problem)


def _blocks(view: queries.MoveView, day: date) -> list[str]:
    """Why the move can't be declared done yet, each in a few words."""
    first = [str(CHECK_NAMES[one.check]) for one in view.papers if not one.there and not one.waits]
    found = first or [str(CHECK_NAMES[check]) for check in view.missing]  # the others open after these
    words = [_("belum ada %(papers)s") % {"papers": ", ".join(found)}] if found else []
    if not any(one.month < view.on.replace(day=1) for one in queries.hours(view.unit)):
        words.append(_("unit belum menjawab dua menit sebulan"))
    if view.on > day:
        words.append(_("harinya belum tiba"))
    return words


def _a_day(plan: queries.PlanView, unit: str) -> int | None:
    """What one day without this move is worth, Rupiah: by the study that priced the version; ``None``: not known."""
    version = plan.shown
    if version is None or not version.content.study:
        return None
    try:
        answer = estate.study(UUID(version.content.study)).answer or {}
    except (NoSuchStudy, ValueError):
        return None
    worth = next((float(one["worth"]) for one in answer.get("moves", ()) if one["unit"] == unit), 0.0)
    return round(worth / 365) if worth > 0 else None


def _hours(view: queries.MoveView) -> dict[str, Any]:
    """The unit's hours a month before and after, by kind and together."""
    means = queries.before_after(view.unit, view.moved_on)
    said = queries.hours(view.unit)
    first, then = queries.sides(said, view.moved_on)
    names = (("upkeep", _("merawat gedung")), ("errands", _("mengantar berkas")), ("coordination", _("koordinasi")))
    kinds = [(word, _mean(first, name), _mean(then, name)) for name, word in names]
    return {"hours": means, "said": said, "kinds": kinds}


def _mean(said: Sequence[queries.HoursView], name: str) -> float | None:
    return sum(getattr(one, name) for one in said) / len(said) if said else None


@role_required(*KEEPERS)
@require_POST
def paper(request: HttpRequest, move: int) -> HttpResponseBase:
    """One paper: its file is read for its SHA-256 and not kept."""

    def act() -> None:
        try:
            check = Check(text_of(request.POST, "check", longest=12))
        except ValueError:
            raise BadInput() from None
        file = request.FILES.get("file")
        said = PaperSaid(
            text_of(request.POST, "number", longest=80, default=""),
            day_of(request.POST, "on") if request.POST.get("on") else None,
            hashlib.sha256(file.read()).hexdigest() if file else "",
            text_of(request.POST, "owner", longest=80, default=""),
            text_of(request.POST, "why", longest=300, default=""),
        )
        actions.note_paper(
            by=actor_of(request), move=move, check=check, said=said, today=today(), request=key_of(request)
        )

    return attempt(
        request, act, _("Berkas sudah dicatat."), f"/studio/pindah/{move}", lambda no: _show(request, move, no)
    )


@role_required(*sorted(WHO[Act.CARRY_OUT]))
@require_POST
def carry_out(request: HttpRequest, move: int) -> HttpResponseBase:
    """Declare the move done."""

    def act() -> None:
        actions.carry_out_move(by=actor_of(request), move=move, today=today(), request=key_of(request))

    return attempt(
        request, act, _("Pindah sudah dinyatakan selesai. Alamat layanannya diperbarui di mana-mana."),
        f"/studio/pindah/{move}", lambda no: _show(request, move, no),
    )  # fmt: skip


@role_required(*READERS)
@require_safe
def notice(request: HttpRequest, move: int) -> HttpResponse:
    """The notice for the old building's door, as PDF with a QR to the plan's page."""
    return printed(SOURCE, notice_values(queries.move(move)), f"pemberitahuan-pindah-{move}")


def notice_values(move: queries.MoveView) -> dict[str, Any]:
    """Everything that stands on the notice, as text."""
    language = "en" if (get_language() or "id").startswith("en") else "id"
    address = f"{settings.PUBLIC_URL}/penataan/{move.plan}"
    done = move.moved_on is not None
    return {
        "language": language,
        "title": _("Kantor ini sudah pindah") if done else _("Kantor ini akan pindah"),
        "unit": move.unit_name,
        "since": _("Sejak %(day)s layanan ada di:") % {"day": formats.long_date(move.moved_on or move.on, language)},
        "place": move.target_name,
        "address": move.target_address,
        "old": _("Tempat lama: %(name)s, %(address)s") % {"name": move.origin_name, "address": move.origin_address},
        "services_title": _("Layanan yang ikut pindah"),
        "services": [card.name for card in catalogue.services(move.services)] if move.services else [],
        "decree": _("Dasar: Keputusan Wali Kota nomor %(decree)s") % {"decree": move.decree},
        "scan": _("Pindai untuk alamat dan penjelasannya:"),
        "link": address,
        "qr": qr(address),
    }
