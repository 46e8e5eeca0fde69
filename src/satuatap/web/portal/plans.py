"""Plan my visit: several services, one list of papers, what comes first, a fair range of time, a short code."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from io import BytesIO

import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_http_methods, require_safe

from satuatap.basics.actor import Actor
from satuatap.features.catalogue import actions
from satuatap.features.catalogue import queries as catalogue
from satuatap.features.catalogue.views import PaperView, PlaceView, PlanView, ServiceCard
from satuatap.features.malls import queries as malls
from satuatap.features.visits.views import IntakeEnd
from satuatap.web.answers import SeeOther, wants_json
from satuatap.web.guards import public
from satuatap.web.inputs import key_of
from satuatap.web.portal.place import Here, here
from satuatap.web.portal.views import Lane, lanes_of
from satuatap.web.portal.wording import address_of, codes_of

BY = Actor.system("portal")


@dataclass(frozen=True, slots=True)
class Planned:
    """A service on the plan: its steps here, minutes until called counted from coming, and why it waits."""

    card: ServiceCard
    lanes: list[Lane]
    low: int
    high: int
    basis: str
    reasons: list[tuple[ServiceCard, str, str]]
    without: str  # this page without it
    end: IntakeEnd


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A service on the plan that this mall does not serve, with where it can be finished."""

    card: ServiceCard
    places: list[PlaceView]
    without: str


@dataclass(frozen=True, slots=True)
class Bring:
    """A paper of the plan, and the cases in which it is wanted (in both languages) where it is not always."""

    paper: PaperView
    whens: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Whole:
    """The plan as the page shows it: papers for everybody, papers for some, papers that an earlier errand issues."""

    stops: list[Planned]
    elsewhere: list[Elsewhere]
    always: list[Bring]
    perhaps: list[Bring]
    issued: list[Bring]
    answers: list[PaperView]
    low: int
    high: int
    tagged: bool


@require_http_methods(["GET", "POST"])
@public
def plan(request: HttpRequest) -> HttpResponse:
    """GET: the plan in the address. POST: keep it behind a short code."""
    codes = codes_of(request)
    if request.method == "POST":
        key_of(request)
        if not codes:
            return SeeOther("/rencana")
        kept_as = actions.keep_plan(by=BY, services=codes, now=malls.now(here().mall.id))
        if wants_json(request):
            return JsonResponse({"code": kept_as})
        return SeeOther(f"/rencana/{kept_as}")
    place = here()
    known = [card.code for card in catalogue.services(codes)]
    view = catalogue.plan(known) if known else None
    whole = whole_of(place, view, known) if view else None
    return render(request, "portal/plan.html", {"place": place, "whole": whole, "plan": known})


@require_safe
@public
def kept(request: HttpRequest, code: str) -> HttpResponse:
    """The plan behind a code, with the QR that the kiosk takes; prints on one page."""
    place = here()
    view = catalogue.kept_plan(code, place.now)
    known = list(view.services)
    if wants_json(request):
        return JsonResponse({"code": code.upper(), "services": known})
    values = {
        "place": place,
        "whole": whole_of(place, view, known),
        "plan": known,
        "code": code.upper(),
        "qr": qr_of(f"{settings.PUBLIC_URL}/rencana/{code.upper()}"),
    }
    return render(request, "portal/kept.html", values)


def qr_of(text: str) -> SafeString:
    """A QR as inline SVG, drawn here: no picture service, no style attributes."""
    out = BytesIO()
    drawing = segno.make(text, error="m")
    drawing.save(out, kind="svg", border=2, xmldecl=False, svgns=True, omitsize=True, dark="#12232B")
    return mark_safe(out.getvalue().decode())  # noqa: S308  our own drawing, no text of anybody in it


def whole_of(place: Here, view: PlanView, codes: list[str]) -> Whole:
    """Everything that the page says of a plan."""
    forms = forms_of(view.services)
    waits = waits_of(place, view)
    stops, elsewhere = [], []
    for card in view.cards:
        lanes = lanes_of(place, card.code)
        without = address_of("/rencana", [c for c in codes if c != card.code])
        if not lanes:
            elsewhere.append(Elsewhere(card, places_of(card.code), without))
            continue
        low, high = waits.get(card.code, (0, 0))
        reasons = [(first, *why) for first, then, why, _doc in view.before if then.code == card.code and any(why)]
        end = place.end_of(card.code)
        stops.append(Planned(card, lanes, low, high, lanes[0].step.range.basis, reasons, without, end))
    if place.opening.is_open:  # what is called first stands first; what waits for another is called after it anyway
        stops.sort(key=lambda stop: (stop.high, stop.low))
    whens = whens_of(view.services)
    papers = [Bring(p, whens.get(p.document.code, [])) for p in view.papers if forms.get(p.document.code) != {"data"}]
    answers = [p for p in view.papers if forms.get(p.document.code) == {"data"}]
    low, high = time_of(view, waits, stops)
    tagged = any(lane.step.range.basis == "synthetic" for stop in stops for lane in stop.lanes)
    carried = [one for one in papers if not one.paper.comes_from]
    return Whole(
        stops, elsewhere,
        [one for one in carried if one.paper.always], [one for one in carried if not one.paper.always],
        [one for one in papers if one.paper.comes_from], answers, low, high, tagged,
    )  # fmt: skip


def forms_of(codes: Iterable[str]) -> Mapping[str, set[str]]:
    """Document -> the forms in which these services want it (original, copy, photo, data)."""
    found: dict[str, set[str]] = {}
    for code in codes:
        for need in catalogue.service(code).requirements:
            found.setdefault(need.document.code, set()).add(need.form)
    return found


def whens_of(codes: Iterable[str]) -> Mapping[str, list[tuple[str, str]]]:
    """Document -> the cases in which it is wanted, each once, in Indonesian and English."""
    found: dict[str, list[tuple[str, str]]] = {}
    for code in codes:
        for need in catalogue.service(code).requirements:
            case = (need.condition, need.condition_en or need.condition)
            if need.condition and case not in found.setdefault(need.document.code, []):
                found[need.document.code].append(case)
    return found


def places_of(code: str) -> list[PlaceView]:
    """Where else a service can be finished; the best trip is none, so those come first."""
    return [p for p in catalogue.service(code).places if p.kind != "mall" and p.can_finish != "no"][:3]


def waits_of(place: Here, view: PlanView) -> dict[str, tuple[int, int]]:
    """Minutes until each service is first called, counted from coming; what waits for another comes after it."""
    steps = {s.id: s for s in catalogue.all_steps()}
    lines = place.hall.steps if place.hall else {}
    called: dict[int, tuple[float, float]] = {}
    first: dict[str, tuple[int, int]] = {}
    for position, errand in enumerate(view.errands):
        line = lines.get(errand.step_id)
        low, high = (float(line.range.low), float(line.range.high)) if line else (0.0, 0.0)
        for before in errand.after:
            minutes = steps[view.errands[before].step_id].expected_minutes
            low = max(low, called[before][0] + 0.5 * minutes)
            high = max(high, called[before][1] + 1.5 * minutes + 1)
        called[position] = (low, high)
        if line is not None:
            first.setdefault(steps[errand.step_id].service_code, (int(low), int(high)))
    return first


def time_of(view: PlanView, waits: Mapping[str, tuple[int, int]], stops: list[Planned]) -> tuple[int, int]:
    """Minutes in the mall in all: waiting overlaps with being served elsewhere, so it is not added up."""
    minutes = {s.card.code: sum(lane.step.expected_minutes for lane in s.lanes) for s in stops}
    at_desks = sum(minutes.values())
    last_low = max((waits[c][0] + 0.5 * m for c, m in minutes.items() if c in waits), default=0.0)
    last_high = max((waits[c][1] + 1.5 * m for c, m in minutes.items() if c in waits), default=0.0)
    longest = max((waits[c][1] for c in minutes if c in waits), default=0)
    share = at_desks / view.time.mean if view.time.mean else 0.0
    low, high = max(last_low, view.time.low * share), max(last_high, view.time.high * share + longest)
    return int(low // 5 * 5), int(-(-high // 5) * 5)
