"""What a citizen reads before she comes: one question, the answer, what to bring, where it can be finished."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from satuatap.features.catalogue import queries as catalogue
from satuatap.features.catalogue.states import Component
from satuatap.features.catalogue.views import PlaceView, RequirementView, ServiceCard, TextView
from satuatap.features.malls import queries as malls
from satuatap.features.plans import queries as regroupings
from satuatap.features.visits.views import StepNow
from satuatap.web.answers import wants_fragment, wants_json
from satuatap.web.guards import public
from satuatap.web.inputs import text_of
from satuatap.web.portal.place import Here, here
from satuatap.web.portal.plan_of_hall import small_plan
from satuatap.web.portal.wording import codes_of

CHIPS = 6
EVENTS_FIRST = 8
OF_WHOM = {"palembang": 0, "national": 1, "unknown": 2, "other_office": 3}


@require_safe
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


@require_safe
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


@require_safe
@public
def everything(request: HttpRequest) -> HttpResponse:
    """Every service by agency."""
    groups: dict[str, list[ServiceCard]] = defaultdict(list)
    for card in catalogue.services():
        groups[card.agency].append(card)
    return render(
        request, "portal/everything.html", {"groups": groups.items(), "plan": codes_of(request), "place": here()}
    )


@require_safe
@public
def event(request: HttpRequest, code: str) -> HttpResponse:
    """The services that one change in life brings, chosen together."""
    found = catalogue.life_event(code)
    cards = {card.code: card for card in catalogue.services()}
    rows = [(cards[c], detail) for c, detail in found.members if c in cards]
    return render(request, "portal/event.html", {"event": found, "rows": rows, "place": here()})


@dataclass(frozen=True, slots=True)
class Lane:
    """A step of the service at this mall: where, at which desks, how long until called."""

    step: StepNow
    signs: list[str]


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper to bring, where in this mall it is issued, and whether its source is the one above the list."""

    need: RequirementView
    issued_here: tuple[tuple[ServiceCard, str], ...]  # service, zone
    usual: bool


@dataclass(frozen=True, slots=True)
class Part:
    """A component with its texts; several where sources disagree."""

    number: int
    texts: list[TextView]


@require_safe
@public
def service(request: HttpRequest, code: str) -> HttpResponse:
    """Can I finish it here, online or elsewhere; what to bring; time, cost and the rest with whose word it is."""
    page = catalogue.service(code)
    place = here()
    lanes = lanes_of(place, code)
    zone = lanes[0].step.zone if lanes else ""
    whose = whose_of(page.requirements)
    papers = [
        Paper(need, issued_here(place, need), whose == (need.basis, need.office, need.source))
        for need in page.requirements
    ]
    parts = {n: Part(n, page.components.get(n, [])) for n in range(1, 15)}
    marked = [sign for lane in lanes for sign in lane.signs]
    return render(
        request,
        "portal/service.html",
        {
            "page": page,
            "place": place,
            "lanes": lanes,
            "end": place.end_of(code),
            "papers": papers,
            "parts": parts,
            "whose": {"basis": whose[0], "office": whose[1], "source": whose[2]} if whose else None,
            "main": [ranked(parts[n]) for n in (Component.COST, Component.TIME, Component.PRODUCT)],
            "folded": [parts[n] for n in range(7, 15) if parts[n].texts],
            "missing": [n for n in range(7, 15) if not parts[n].texts],
            "homeward": [p for p in page.places if stays_home(p)],
            "elsewhere": [p for p in page.places if p.kind != "mall" and not stays_home(p)],
            "at_mall": next((p for p in page.places if p.kind == "mall"), None),
            "zone": malls.hall_plan(place.mall.id).zone(zone),
            "map": small_plan(malls.hall_plan(place.mall.id), zone, marked) if lanes else None,
            "plan": codes_of(request),
            "moved": regroupings.moved_services([code]).get(code),
        },
    )


def stays_home(place: PlaceView) -> bool:
    """A place that spares the trip, at least in part; what is unsure comes after the answer of this mall."""
    return place.kind in ("online", "app", "home") and place.can_finish in ("yes", "partly")


def ranked(part: Part) -> Part:
    """This city's word first, then the nation's, then that it is unknown, then other offices'."""
    return Part(part.number, sorted(part.texts, key=lambda text: OF_WHOM.get(text.basis, len(OF_WHOM))))


def whose_of(needs: Sequence[RequirementView]) -> tuple[str, str, str] | None:
    """(basis, office, source) that most of several papers share: said once above the list, not under each."""
    counted = Counter((n.basis, n.office, n.source) for n in needs if n.source)
    most, times = counted.most_common(1)[0] if counted else (None, 0)
    return most if times > 1 else None


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
