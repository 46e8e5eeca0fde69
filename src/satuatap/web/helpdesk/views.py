"""The help desk: plain forms, nothing personal: numbers, services, minutes."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from satuatap.basics.refusal import Refusal
from satuatap.features.catalogue import queries as catalogue
from satuatap.features.catalogue.views import ServiceCard
from satuatap.features.malls import queries as malls
from satuatap.features.people.states import Role
from satuatap.features.visits import actions as visits
from satuatap.features.visits.queries import hall, holder_view, visit_here, visit_of_today
from satuatap.features.visits.refusals import NothingChosen
from satuatap.features.visits.states import PriorityClass
from satuatap.features.visits.views import VisitView
from satuatap.web.answers import SeeOther, wants_fragment, wants_json
from satuatap.web.guards import actor_of, places_of, role_required
from satuatap.web.inputs import json_of, key_of, text_of, uuid, whole_of

READERS = (Role.HELP_DESK, Role.MANAGER)
FOUND = 8
MOST_CHOSEN = 15
LARGEST_NUMBER = 9_999
BIGINT = 9_223_372_036_854_775_807


def _mall(request: HttpRequest) -> int:
    return next(int(grant.mall_id) for grant in places_of(request, *READERS) if grant.mall_id is not None)


def _here(mall: int, cards: tuple[ServiceCard, ...]) -> list[tuple[ServiceCard, bool]]:
    """Services, and whether every step of each has its line in this mall."""
    lines = hall(mall).steps
    missing = {step.service_code for step in catalogue.all_steps() if step.id not in lines}
    return [(card, card.code not in missing) for card in cards]


@require_GET
@role_required(*READERS)
def show(request: HttpRequest) -> HttpResponse:
    """Everything on one screen: a number by hand, who was missed, where a number stands."""
    mall = _mall(request)
    asked = text_of(request.GET, "q", longest=80, default="")
    codes = _toggled(request.GET.getlist("layanan"), request.GET.get("ubah", ""))
    chosen = [card for card in catalogue.services(codes) if card.code in codes]
    visit, trouble = _found(mall, request)
    context = {
        "mall": malls.mall(mall),
        "hall": hall(mall),
        "q": asked,
        "found": _here(mall, catalogue.search(asked, FOUND)) if asked else [],
        "chosen": chosen,
        "priority": request.GET.get("kelas") == "1",
        "visit": visit,
        "trouble": trouble,
        "may_write": any(grant.role == Role.HELP_DESK for grant in places_of(request, Role.HELP_DESK)),
        "keep": urlencode([("layanan", card.code) for card in chosen]),
    }
    return render(request, "helpdesk/show.html", context)


def _toggled(codes: list[str], code: str) -> list[str]:
    known = list(dict.fromkeys(codes))[:MOST_CHOSEN]
    if not code:
        return known
    return [one for one in known if one != code] if code in known else [*known, code]


def _found(mall: int, request: HttpRequest) -> tuple[VisitView | None, str]:
    """The visit that was asked for by its number, or why there is none; said beside the field."""
    if not request.GET.get("nomor"):
        return None, ""
    try:
        number = whole_of(request.GET, "nomor", smallest=1, largest=LARGEST_NUMBER)
        return holder_view(visit_of_today(mall, number)), ""
    except Refusal as refusal:
        return None, str(refusal)


@require_GET
@role_required(*READERS)
def missed(request: HttpRequest) -> HttpResponse:
    """The moving part: who was missed and may be put back."""
    if not wants_fragment(request):
        return show(request)
    mall = _mall(request)
    context = {"hall": hall(mall), "mall": malls.mall(mall), "may_write": bool(places_of(request, Role.HELP_DESK))}
    return render(request, "helpdesk/missed.html", context)


@require_POST
@role_required(Role.HELP_DESK)
def issue(request: HttpRequest) -> HttpResponseBase:
    """A number by hand, for who can't use the kiosk."""
    values = _values(request)
    raw = values.getlist("services") if isinstance(values, QueryDict) else values.get("services")
    codes = list(dict.fromkeys(str(code) for code in raw or ()))
    if not codes:
        raise NothingChosen()
    plan = catalogue.plan(codes[: MOST_CHOSEN + 1])
    visit = visits.issue_ticket(
        by=actor_of(request),
        mall=_own_mall(request),
        steps=[errand.step_id for errand in plan.errands],
        after=[errand.after for errand in plan.errands],
        priority_class=_class(values),
        channel="help_desk",
        request=_key(request),
    )
    return _answer(request, visit, status=201)


@require_POST
@role_required(Role.HELP_DESK)
def put_back(request: HttpRequest) -> HttpResponseBase:
    """Within half an hour a missed errand goes back to its line, with its first arrival time."""
    values = _values(request)
    seq, wanted = whole_of(values, "seq", largest=14), _visit_here(request, values)
    return _answer(request, visits.put_back(by=actor_of(request), visit=wanted, seq=seq, request=_key(request)))


@require_POST
@role_required(Role.HELP_DESK)
def reclass(request: HttpRequest) -> HttpResponseBase:
    """Priority for the elderly, pregnant, disabled and those with a baby (UU 25/2009), or not any more."""
    values = _values(request)
    wanted, chosen = _visit_here(request, values), _class(values)
    visit = visits.reclass_visit(by=actor_of(request), visit=wanted, priority_class=chosen, request=_key(request))
    return _answer(request, visit)


def _values(request: HttpRequest) -> Any:
    """What was sent: a form, or a script's JSON."""
    return json_of(request) if request.content_type == "application/json" else request.POST


def _key(request: HttpRequest) -> UUID:
    if request.content_type == "application/json" and not request.headers.get("Idempotency-Key"):
        return uuid(json_of(request).get("key"))
    return key_of(request)


def _own_mall(request: HttpRequest) -> int:
    return next(int(grant.mall_id) for grant in places_of(request, Role.HELP_DESK) if grant.mall_id is not None)


def _class(values: Any) -> PriorityClass:
    return PriorityClass(int(str(values.get("class")) == "1"))


def _visit_here(request: HttpRequest, values: Any) -> int:
    """A visit of her own mall; another mall's does not exist for her."""
    wanted = whole_of(values, "visit", smallest=1, largest=BIGINT)
    return int(visit_here(_own_mall(request), wanted).pk)


def _answer(request: HttpRequest, visit: Any, status: int = 200) -> HttpResponseBase:
    if wants_json(request):
        told = {"visit": visit.pk, "number": visit.number, "token": visit.token, "code": visit.code}
        return JsonResponse(told, status=status)
    return SeeOther(f"/bantuan?nomor={visit.number}")
