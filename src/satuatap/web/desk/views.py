"""The officer's screen: choose a desk, call, serve, hand over. Works without script; scripts make it live."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid5

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from satuatap.basics.actor import Actor
from satuatap.basics.refusal import Refusal
from satuatap.features.catalogue import queries as catalogue
from satuatap.features.malls import queries as malls
from satuatap.features.people.states import Role
from satuatap.features.visits import actions, queries, refusals
from satuatap.features.visits.outcomes import officer_result
from satuatap.features.visits.states import OFFICER_RESULTS, Pause, Result, TransferReason
from satuatap.features.visits.views import DeskView
from satuatap.web.answers import SeeOther, wants_fragment, wants_json
from satuatap.web.desk import words
from satuatap.web.desk.screen import screen_of
from satuatap.web.guards import actor_of, places_of, require_place, role_required
from satuatap.web.inputs import json_of, key_of, text_of, whole_of

STAFF = (Role.OFFICER, Role.COORDINATOR)
at_desk = role_required(*STAFF)


def place_of(request: HttpRequest, desk: int) -> malls.DeskPlace:
    """The desk, if it is one of hers."""
    place = malls.desk_place(desk)
    if place is None:
        raise refusals.NoSuchDesk()
    require_place(request, STAFF, mall=place.mall, booth=place.booth)
    return place


def _transfer_services(place: malls.DeskPlace) -> list[Any]:
    """Services of this mall that another agency's booth serves, for a hand-over."""
    names = queries.step_names(place.mall)
    codes = dict.fromkeys(n.service_code for n in names.values())
    return [card for card in catalogue.services(codes) if card.agency_id != place.agency_id]


@require_safe
@at_desk
def choose(request: HttpRequest) -> HttpResponse:
    """The desks of her booths, with their state."""
    mine = []
    for grant in places_of(request, *STAFF):
        if grant.mall_id is None:
            continue
        hall = queries.hall(grant.mall_id)
        mine += [(d, malls.desk_places(grant.mall_id)[d.id]) for d in hall.desks if d.booth == grant.booth_id]
    if wants_json(request):
        shown = [
            {
                "id": desk.id, "sign": desk.sign, "booth": place.booth_code, "agency": desk.agency, "zone": desk.zone,
                "state": desk.state, "transfer_services": [c.code for c in _transfer_services(place)][:20],
            }
            for desk, place in mine
        ]  # fmt: skip
        return JsonResponse({"desks": shown})
    if len(mine) == 1:
        return SeeOther(f"/loket/{mine[0][0].id}")
    rows = [(desk, place, words.desk_state(desk.state)) for desk, place in mine]
    return render(request, "desk/choose.html", {"rows": rows})


@require_safe
@at_desk
def show(request: HttpRequest, desk: int) -> HttpResponse:
    """The desk at work."""
    return _page(request, desk, "desk/desk.html")


@require_safe
@at_desk
def panel(request: HttpRequest, desk: int) -> HttpResponse:
    """The working part alone, for the live screen."""
    return _page(request, desk, "desk/panel.html" if wants_fragment(request) else "desk/desk.html")


def _targets(place: malls.DeskPlace, view: DeskView) -> list[tuple[str, list[Any]]]:
    """Where the errand at the desk can be handed over: services that she has not chosen, her officer's agency first."""
    if not view.visit:
        return []
    names = queries.step_names(place.mall)
    hers = {service.code for service in view.services}
    cards = catalogue.services(dict.fromkeys(n.service_code for n in names.values() if n.service_code not in hers))
    groups: dict[str, list[Any]] = {}
    for card in sorted(cards, key=lambda card: (card.agency_id != place.agency_id, card.agency, card.name)):
        groups.setdefault(card.agency, []).append(card)
    return list(groups.items())


def _page(request: HttpRequest, desk: int, template: str, problem: Refusal | None = None) -> HttpResponse:
    place = place_of(request, desk)
    view = queries.desk_view(desk)
    hall = None if view.visit else queries.hall(place.mall)
    shut = hall is not None and place.booth in queries.closed_booths(place.mall)
    context = {
        "screen": screen_of(view, place, hall, asks=request.GET.get("tanya", "")), "place": place,
        "mall": malls.mall(place.mall), "view": view, "results": words.results(OFFICER_RESULTS),
        "targets": _targets(place, view), "reasons": words.reasons(TransferReason), "problem": problem,
        "shut": shut,
    }  # fmt: skip
    return render(request, template, context, status=problem.status if problem else 200)


def _act(request: HttpRequest, desk: int, do: Callable[[Actor, UUID], dict[str, Any]]) -> HttpResponse:
    """Run a write at her desk; JSON to a script, back to the desk for a form. A refusal stands on the desk itself."""
    place_of(request, desk)
    try:
        told = do(actor_of(request), key_of(request))
    except Refusal as refusal:
        if wants_json(request):
            raise
        return _page(request, desk, "desk/desk.html", refusal)
    if wants_json(request):
        return JsonResponse({"ok": True, **told})
    return SeeOther(told.get("next") or f"/loket/{desk}")


@require_POST
@at_desk
def open_desk(request: HttpRequest, desk: int) -> HttpResponse:
    """Open the desk, or end the break."""

    def do(by: Actor, key: UUID) -> dict[str, Any]:
        actions.open_desk(by=by, desk=desk, officer=int(request.user.pk), request=key)
        return {}

    return _act(request, desk, do)


@require_POST
@at_desk
def close_desk(request: HttpRequest, desk: int) -> HttpResponse:
    """Close the desk for now."""

    def do(by: Actor, key: UUID) -> dict[str, Any]:
        actions.close_desk(by=by, desk=desk, request=key)
        return {}

    return _act(request, desk, do)


@require_POST
@at_desk
def pause(request: HttpRequest, desk: int) -> HttpResponse:
    """A break, or a fault; with somebody at the desk it begins afterwards."""
    chosen = Pause.TROUBLE if text_of(request.POST, "reason", default="break") == "trouble" else Pause.BREAK

    def do(by: Actor, key: UUID) -> dict[str, Any]:
        actions.pause_desk(by=by, desk=desk, pause=chosen, request=key)
        return {}

    return _act(request, desk, do)


@require_POST
@at_desk
def recall(request: HttpRequest, desk: int) -> HttpResponse:
    """Call the same number once more."""
    return _act(request, desk, lambda by, key: {"recalls": actions.recall(by=by, desk=desk, request=key).recalls})


@require_POST
@at_desk
def miss(request: HttpRequest, desk: int) -> HttpResponse:
    """Two recalls and nobody came."""

    def do(by: Actor, key: UUID) -> dict[str, Any]:
        actions.mark_missed(by=by, desk=desk, request=key)
        return {}

    return _act(request, desk, do)


def _choice(kind: Any, raw: str) -> Any:
    try:
        return kind(raw)
    except ValueError:
        raise refusals.CannotTransfer() from None


@require_POST
@at_desk
def transfer(request: HttpRequest, desk: int) -> HttpResponse:
    """Hand the errand over to another service of this mall, for a reason from the list."""

    def do(by: Actor, key: UUID) -> dict[str, Any]:
        service, reason = _wish(request)
        chosen = _choice(TransferReason, reason)
        steps = catalogue.steps_of([service])
        if not steps:
            raise refusals.CannotTransfer()
        actions.transfer_errand(by=by, desk=desk, step=steps[0].id, reason=chosen, request=key)
        return {}

    return _act(request, desk, do)


def _wish(request: HttpRequest) -> tuple[str, str]:
    """Where to and why, as a form or a script's JSON says it."""
    if wants_json(request) and request.content_type == "application/json":
        values = json_of(request)
        return str(values.get("service", "")), str(values.get("reason", ""))
    return text_of(request.POST, "service", longest=60), text_of(request.POST, "reason", longest=30)


@require_POST
@at_desk
def undo(request: HttpRequest, desk: int) -> HttpResponse:
    """Take back this desk's last step."""
    return _act(request, desk, lambda by, key: {"undone": actions.undo_step(by=by, desk=desk, request=key)})


@require_POST
@at_desk
def call(request: HttpRequest, desk: int) -> HttpResponse:
    """Call next, for a form without script. A busy desk is asked for the result first."""

    def do(by: Actor, key: UUID) -> dict[str, Any]:
        try:
            actions.call_next(by=by, desk=desk, request=key)
        except refusals.DeskIsBusy:
            if wants_json(request):
                raise
            return {"next": f"/loket/{desk}?tanya=hasil"}
        return {}

    return _act(request, desk, do)


@require_POST
@at_desk
def start(request: HttpRequest, desk: int) -> HttpResponse:
    """The citizen sat down."""

    def do(by: Actor, key: UUID) -> dict[str, Any]:
        actions.start_serving(by=by, desk=desk, request=key)
        return {}

    return _act(request, desk, do)


@require_POST
@at_desk
def finish(request: HttpRequest, desk: int) -> HttpResponse:
    """One result ends the errand that the officer saw; ``then=call`` calls the next at once."""
    place_of(request, desk)
    result: Result = officer_result(text_of(request.POST, "result", longest=30))
    visit = whole_of(request.POST, "visit", largest=2**62)
    seq = whole_of(request.POST, "seq", largest=14)

    def do(by: Actor, key: UUID) -> dict[str, Any]:
        actions.finish_errand(by=by, desk=desk, result=result, visit=visit, seq=seq, request=key)
        if request.POST.get("then") == "call":
            try:
                # A key of its own that the same press gives again: pressed twice, it still calls one person.
                actions.call_next(by=by, desk=desk, request=uuid5(key, "call"))
            except refusals.DeskIsClosed:
                return {}  # the break she asked for has begun
        return {}

    return _act(request, desk, do)
