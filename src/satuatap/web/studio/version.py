"""The form of a version: which unit goes where, on which day, with which of its services."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from satuatap.basics.refusal import Refusal
from satuatap.features.catalogue import queries as catalogue
from satuatap.features.estate import queries as estate
from satuatap.features.plans import actions, drafting, inventory, queries
from satuatap.features.plans.queries import Content, Inventory, PlannedMove, PlanView
from satuatap.features.plans.states import WHO, Act
from satuatap.web.guards import actor_of, role_required
from satuatap.web.inputs import day_of, flag_of, key_of, text_of, uuid
from satuatap.web.studio.shared import attempt, page, today
from satuatap.web.studio.study_handover import handed_on
from satuatap.web.studio.waits import waits_of


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One unit of the form; ``services``: code, name, goes along. ``open``: something of its own was chosen."""

    unit: str
    name: str
    place: str
    called: str
    wanted: str
    day: str
    services: tuple[tuple[str, str, bool], ...]
    open: bool


@role_required(*sorted(WHO[Act.WRITE]))
@require_http_methods(["GET", "HEAD", "POST"])
def version_page(request: HttpRequest, code: str) -> HttpResponseBase:
    """The form of a version: each unit stays or goes to a building; by hand or from a study's plan."""
    now = inventory.now()
    if request.method != "POST":
        return _form(request, code, now)

    def act() -> None:
        said = _content(request.POST, now)
        if flag_of(request.POST, "measures", default=False):
            before = queries.regrouping(code).version
            said = said.with_measures(before.content.measures if before else ())
        actions.freeze_version(by=actor_of(request), plan=code, content=said, inventory=now, request=key_of(request))

    return attempt(
        request, act, _("Versi sudah disimpan dan tidak berubah lagi."), f"/studio/rencana/{code}",
        lambda no: _form(request, code, now, no),
    )  # fmt: skip


def _form(request: HttpRequest, code: str, now: Inventory, problem: Refusal | None = None) -> HttpResponse:
    view = queries.regrouping(code)
    done = [one for one in estate.studies() if one.best_plan]
    asked = request.POST.get("study") or request.GET.get("kajian") or ""
    study = next((one for one in done if str(one.id) == asked), None)
    wanted, broken = handed_on(request.GET, study.id, study.best_plan or {}) if study else ({}, [])
    before = _before(view) if study is None and request.method != "POST" else {}
    values = {
        "view": view, "rows": _rows(request.POST, now, wanted, before), "buildings": now.buildings, "studies": done,
        "study": study, "today": today(), "broken": broken, "on": request.POST.get("on") or _usual_day(before),
        "kept": view.version.content.measures if view.version else (), **waits_of(view),
    }  # fmt: skip
    return page(request, "studio/version.html", values, problem)


def _before(view: PlanView) -> dict[str, PlannedMove]:
    """What the newest version says, to go on from; a form that was sent says for itself."""
    return {one.unit: one for one in view.version.content.moves} if view.version else {}


def _usual_day(before: Mapping[str, PlannedMove]) -> str:
    days = [one.on for one in before.values()]
    return max(set(days), key=days.count).isoformat() if days else ""


def _rows(
    typed: Mapping[str, Any], now: Inventory, wanted: Mapping[str, str], before: Mapping[str, PlannedMove]
) -> list[UnitRow]:  # fmt: skip
    own, usual = drafting.services_of_units(), _usual_day(before)
    names = {card.code: card.name for card in catalogue.services()}
    rows = []
    for unit, (name, _people) in now.units.items():
        move = before.get(unit)
        target = typed.get(f"ke-{unit}") or wanted.get(unit, move.target if move else "")
        day = typed.get(f"on-{unit}") or (move.on.isoformat() if move and move.on.isoformat() != usual else "")
        chosen = _chosen(typed, unit)
        along = set(own.get(unit, ())) if chosen is None else set(chosen)
        along = set(move.services) if move and chosen is None else along
        services = tuple((code, names.get(code, code), code in along) for code in own.get(unit, ()))
        is_open = bool(day) or not all(there for _code, _name, there in services)
        rows.append(
            UnitRow(unit, name, now.places.get(unit, ""), _place(now, unit), target, day, services, is_open)
        )  # fmt: skip
    return rows


def _chosen(typed: Mapping[str, Any], unit: str) -> list[str] | None:
    """The services that were ticked; ``None`` where the form did not ask."""
    if f"layanan-{unit}-ada" not in typed:
        return None
    found: list[str] = typed.getlist(f"layanan-{unit}")  # type: ignore[attr-defined]
    return found


def _place(now: Inventory, unit: str) -> str:
    code = now.places.get(unit, "")
    return now.buildings[code][0] if code in now.buildings else code


def _content(typed: Mapping[str, Any], now: Inventory) -> Content:
    """The version that was chosen in the form."""
    on, raw = day_of(typed, "on"), text_of(typed, "study", longest=40, default="")
    chosen = {unit: text_of(typed, f"ke-{unit}", longest=60, default="") for unit in now.units}
    targets = {unit: target for unit, target in chosen.items() if target}
    days: dict[str, date] = {unit: day_of(typed, f"on-{unit}") for unit in targets if typed.get(f"on-{unit}")}
    services = {unit: some for unit in targets if (some := _chosen(typed, unit)) is not None}
    wishes = drafting.Wishes(days, services)
    return drafting.drafted(targets, on, now, estate.study(uuid(raw)) if raw else None, wishes)
