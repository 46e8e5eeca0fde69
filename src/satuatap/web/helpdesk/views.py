"""The help desk: plain forms: numbers, services, minutes. A contact that somebody left stands masked (``contact``)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from satuatap.basics.refusal import Refusal
from satuatap.features.catalogue import queries as catalogue
from satuatap.features.catalogue.views import ServiceCard
from satuatap.features.malls import queries as malls
from satuatap.features.people.states import Role
from satuatap.features.visits import actions as visits
from satuatap.features.visits.queries import (
    as_dialled,
    closed_steps,
    contact_of,
    hall,
    holder_view,
    visit_here,
    visit_of_today,
)
from satuatap.features.visits.refusals import NothingChosen
from satuatap.features.visits.states import PriorityClass
from satuatap.features.visits.views import Hall, IntakeEnd, VisitView, ends_of
from satuatap.web.answers import SeeOther, wants_fragment, wants_json
from satuatap.web.guards import actor_of, places_of, role_required
from satuatap.web.helpdesk.reasons import REASONS
from satuatap.web.inputs import codes_of, flag_of, json_of, key_of, text_of, uuid, whole_of

READERS = (Role.HELP_DESK, Role.MANAGER)
FOUND = 8
MOST_CHOSEN = 15
LARGEST_NUMBER = 9_999
BIGINT = 9_223_372_036_854_775_807


def _mall(request: HttpRequest) -> int:
    return next(int(grant.mall_id) for grant in places_of(request, *READERS) if grant.mall_id is not None)


def _here(mall: int, cards: tuple[ServiceCard, ...]) -> list[tuple[ServiceCard, str, IntakeEnd]]:
    """Services, each with where its steps stand, and until when numbers are given for it.

    All ``here``, one at a booth that is ``closed`` today or gives no number any more (``ended``), or ``away``.
    """
    lines, closed = hall(mall).steps, closed_steps(mall)
    steps = catalogue.all_steps()
    missing = {step.service_code for step in steps if step.id not in lines}
    shut = {step.service_code for step in steps if step.id in closed}
    ends = {card.code: ends_of(line for line in lines.values() if line.service_code == card.code) for card in cards}

    def where(code: str) -> str:
        if code in missing:
            return "away"
        return "closed" if code in shut else "ended" if ends[code].over else "here"

    return [(card, where(card.code), ends[card.code]) for card in cards]


@require_safe
@role_required(*READERS)
def show(request: HttpRequest) -> HttpResponse:
    """Everything on one screen: a number by hand, who was missed, where a number stands."""
    return page(request, request.GET.getlist("layanan"), priority=request.GET.get("kelas") == "1")


def page(
    request: HttpRequest,
    codes: list[str],
    *,
    priority: bool,
    problem: Refusal | None = None,
    visit: VisitView | None = None,
    shown: Mapping[str, str] | None = None,
) -> HttpResponse:
    """The screen; ``visit`` instead of the one that the address asks for, ``shown`` its clear contact fields."""
    mall = _mall(request)
    asked = text_of(request.GET, "q", longest=80, default="")
    codes = _toggled(codes, request.GET.get("ubah", ""))
    chosen = [card for card in catalogue.services(codes) if card.code in codes]
    visit, trouble = (visit, "") if visit else _found(mall, request)
    now = hall(mall)
    kept = [("layanan", card.code) for card in chosen] + [("kelas", "1")] * priority
    context = {
        "mall": malls.mall(mall),
        "hall": now,
        "q": asked,
        "found": _here(mall, catalogue.search(asked, FOUND)) if asked else [],
        "chosen": chosen,
        "picked": [(card, end) for card, _where, end in _here(mall, tuple(chosen))],
        "priority": priority,
        "visit": visit,
        "contact": contact_of(visit.id) if visit else None,
        "shown": {field: as_dialled(value) for field, value in (shown or {}).items()},
        "reasons": REASONS,
        "fresh": request.GET.get("baru") == "1",
        "trouble": trouble,
        "problem": problem,
        "shut": _shut(now),
        "may_write": _may_write(request),
        "keep": urlencode([*kept, ("q", asked)] if asked else kept),
    }
    return render(request, "helpdesk/show.html", context, status=problem.status if problem else 200)


def _may_write(request: HttpRequest) -> bool:
    return bool(places_of(request, Role.HELP_DESK))


def _shut(now: Hall) -> bool:
    """Whether no numbers are given at this moment."""
    if now.closed or now.open_from is None or now.open_until is None:
        return True
    return not now.open_from <= now.now < now.open_until


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


@require_safe
@role_required(*READERS)
def missed(request: HttpRequest) -> HttpResponse:
    """The moving part: who was missed and may be put back."""
    if not wants_fragment(request):
        return show(request)
    mall = _mall(request)
    context = {"hall": hall(mall), "mall": malls.mall(mall), "may_write": _may_write(request)}
    return render(request, "helpdesk/missed.html", context)


def _attempt(request: HttpRequest, do: Callable[[], Any], status: int = 200, more: str = "") -> HttpResponseBase:
    """Do it and show the number; a form that is refused is shown again with why, and what was chosen."""
    try:
        visit = do()
    except Refusal as refusal:
        if wants_json(request):
            raise
        values = request.POST
        return page(request, values.getlist("services"), priority=values.get("class") == "1", problem=refusal)
    if wants_json(request):
        told = {"visit": visit.pk, "number": visit.number, "token": visit.token, "code": visit.code}
        return JsonResponse(told, status=status)
    return SeeOther(f"/bantuan?nomor={visit.number}{more}")


@require_POST
@role_required(Role.HELP_DESK)
def issue(request: HttpRequest) -> HttpResponseBase:
    """A number by hand, for who can't use the kiosk."""

    def do() -> Any:
        values = _values(request)
        raw = values.getlist("services") if isinstance(values, QueryDict) else values.get("services")
        codes = codes_of(raw)
        if not codes:
            raise NothingChosen()
        plan = catalogue.plan(codes[: MOST_CHOSEN + 1])
        return visits.issue_ticket(
            by=actor_of(request),
            mall=own_mall(request),
            steps=[errand.step_id for errand in plan.errands],
            after=[errand.after for errand in plan.errands],
            priority_class=PriorityClass(int(flag_of(values, "class", default=False))),
            channel="help_desk",
            request=_key(request),
        )

    return _attempt(request, do, status=201, more="&baru=1")


@require_POST
@role_required(Role.HELP_DESK)
def put_back(request: HttpRequest) -> HttpResponseBase:
    """Within half an hour a missed errand goes back to its line, with its first arrival time."""

    def do() -> Any:
        values = _values(request)
        seq, wanted = whole_of(values, "seq", largest=14), _visit_here(request, values)
        return visits.put_back(by=actor_of(request), visit=wanted, seq=seq, request=_key(request))

    return _attempt(request, do)


@require_POST
@role_required(Role.HELP_DESK)
def reclass(request: HttpRequest) -> HttpResponseBase:
    """Priority for the elderly, pregnant, disabled and those with a baby (UU 25/2009), or not any more."""

    def do() -> Any:
        values = _values(request)
        wanted, chosen = _visit_here(request, values), PriorityClass(int(flag_of(values, "class")))
        return visits.reclass_visit(by=actor_of(request), visit=wanted, priority_class=chosen, request=_key(request))

    return _attempt(request, do)


def _values(request: HttpRequest) -> Any:
    """What was sent: a form, or a script's JSON."""
    return json_of(request) if request.content_type == "application/json" else request.POST


def _key(request: HttpRequest) -> UUID:
    if request.content_type == "application/json" and not request.headers.get("Idempotency-Key"):
        return uuid(json_of(request).get("key"))
    return key_of(request)


def own_mall(request: HttpRequest) -> int:
    return next(int(grant.mall_id) for grant in places_of(request, Role.HELP_DESK) if grant.mall_id is not None)


def _visit_here(request: HttpRequest, values: Any) -> int:
    """A visit of her own mall; another mall's does not exist for her."""
    wanted = whole_of(values, "visit", smallest=1, largest=BIGINT)
    return int(visit_here(own_mall(request), wanted).pk)
