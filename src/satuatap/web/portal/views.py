"""What a citizen reads before she comes: one question, the answer, what to bring, where it can be finished."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from satuatap.features.catalogue import queries as catalogue
from satuatap.features.catalogue.states import Component
from satuatap.features.catalogue.views import RequirementView, ServiceCard, TextView
from satuatap.features.malls import queries as malls
from satuatap.features.visits.views import StepNow
from satuatap.web.answers import wants_fragment, wants_json
from satuatap.web.guards import public
from satuatap.web.inputs import text_of
from satuatap.web.portal.place import Here, here
from satuatap.web.portal.plan_of_hall import small_plan
from satuatap.web.portal.wording import codes_of

CHIPS = 6
EVENTS_FIRST = 8


@require_GET
@public
def home(request: HttpRequest) -> HttpResponse:
    """One question; what changed in your life; whether the mall is open, and how full it is."""
    place = here()
    events = catalogue.life_events()
    often = Counter(code for event in events for code, _detail in event.members)
    chips = catalogue.services([code for code, _n in often.most_common(CHIPS)])
    names = {card.code: card for card in catalogue.services()}
    rows = [(event, [names[code] for code, _d in event.members if code in names][:3]) for event in events]
    values = {"place": place, "chips": chips, "events": rows[:EVENTS_FIRST], "more_events": rows[EVENTS_FIRST:]}
    return render(request, "portal/home.html", values)


@require_GET
@public
def find(request: HttpRequest) -> HttpResponse:
    """Results with the words that matched; without any, what to do."""
    wanted = text_of(request.GET, "q", longest=200, default="")
    hits = catalogue.search(wanted, limit=10) if wanted else ()
    if wants_json(request):
        return JsonResponse({"results": [{"code": c.code, "name": c.name, "matched": c.matched} for c in hits]})
    values = {"wanted": wanted, "hits": hits, "place": here(), "plan": codes_of(request)}
    page = "portal/_hits.html" if wants_fragment(request) else "portal/find.html"
    return render(request, page, values)


@require_GET
@public
def everything(request: HttpRequest) -> HttpResponse:
    """Every service by agency."""
    groups: dict[str, list[ServiceCard]] = defaultdict(list)
    for card in catalogue.services():
        groups[card.agency].append(card)
    return render(request, "portal/everything.html", {"groups": groups.items(), "plan": codes_of(request)})


@require_GET
@public
def event(request: HttpRequest, code: str) -> HttpResponse:
    """The services that one change in life brings, chosen together."""
    found = catalogue.life_event(code)
    cards = {card.code: card for card in catalogue.services()}
    rows = [(cards[c], detail) for c, detail in found.members if c in cards]
    return render(request, "portal/event.html", {"event": found, "rows": rows})


@dataclass(frozen=True, slots=True)
class Lane:
    """A step of the service at this mall: where, at which desks, how long until called."""

    step: StepNow
    signs: list[str]


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper to bring, and where in this mall it is issued."""

    need: RequirementView
    issued_here: tuple[tuple[ServiceCard, str], ...]  # service, zone


@dataclass(frozen=True, slots=True)
class Part:
    """A component with its texts; several where sources disagree."""

    number: int
    texts: list[TextView]


@require_GET
@public
def service(request: HttpRequest, code: str) -> HttpResponse:
    """Can I finish it here, online or elsewhere; what to bring; time, cost and the rest with whose word it is."""
    page = catalogue.service(code)
    place = here()
    lanes = lanes_of(place, code)
    zone = lanes[0].step.zone if lanes else ""
    papers = [Paper(need, issued_here(place, need)) for need in page.requirements]
    parts = {n: Part(n, page.components.get(n, [])) for n in range(1, 15)}
    marked = [sign for lane in lanes for sign in lane.signs]
    return render(
        request,
        "portal/service.html",
        {
            "page": page,
            "place": place,
            "lanes": lanes,
            "papers": papers,
            "parts": parts,
            "main": [parts[n] for n in (Component.COST, Component.TIME, Component.PRODUCT)],
            "folded": [parts[n] for n in range(7, 15) if parts[n].texts],
            "missing": [n for n in range(7, 15) if not parts[n].texts],
            "homeward": [p for p in page.places if p.kind in ("online", "app", "home")],
            "elsewhere": [p for p in page.places if p.kind not in ("online", "app", "home", "mall")],
            "at_mall": next((p for p in page.places if p.kind == "mall"), None),
            "zone": malls.hall_plan(place.mall.id).zone(zone),
            "map": small_plan(malls.hall_plan(place.mall.id), zone, marked) if lanes else None,
            "plan": codes_of(request),
        },
    )


def lanes_of(place: Here, code: str) -> list[Lane]:
    """The steps of a service in this mall, in their order."""
    now = {step.id: step for step in place.steps_of(code)}
    return [Lane(now[s.id], place.signs_of(s.id)) for s in catalogue.steps_of([code]) if s.id in now]


def issued_here(place: Here, need: RequirementView) -> tuple[tuple[ServiceCard, str], ...]:
    """The services of this mall that issue a paper, each with its zone."""
    found = []
    for card in need.issuers:
        steps = place.steps_of(card.code)
        if steps:
            found.append((card, steps[0].zone))
    return tuple(found)
