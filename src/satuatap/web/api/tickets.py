"""Numbers: taking one (the front's own handler answers), and following a visit by the address on its slip."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router

from satuatap.features.catalogue import queries as catalogue
from satuatap.features.commons.queries import ApiClient
from satuatap.features.commons.states import ApiScope
from satuatap.features.malls import queries as malls
from satuatap.features.visits import queries
from satuatap.features.visits.refusals import NoSuchVisit
from satuatap.features.visits.views import Service, Stop
from satuatap.web.api import asks, schemas
from satuatap.web.api.auth import client_of, needs
from satuatap.web.api.described import FrontAnswers, TicketTaken
from satuatap.web.api.floor import minutes

router = Router(tags=["tickets"])


@router.post("/malls/{slug:mall}/tickets", response={201: TicketTaken, 200: TicketTaken}, **needs(ApiScope.TICKETS))
def take_ticket(request: HttpRequest, mall: str, key: asks.Key, body: asks.NewTicket) -> None:
    raise FrontAnswers()


@router.get("/visits/{slug:token}", response=schemas.Visit, **needs(ApiScope.VISITS))
def visit(request: HttpRequest, token: str) -> dict[str, Any]:
    client = client_of(request)
    row = queries.visit_by_token(token)
    if row is None or client.mall not in (None, row.mall):
        raise NoSuchVisit()
    view = queries.holder_view(row)
    pairs = [(service, stop) for service in view.services for stop in service.stops]
    mine = _own(client, pairs)
    if not mine:
        raise NoSuchVisit()  # nothing of hers is this agency's: for it there is no such visit
    near = view.next_stop
    own_zone = near is not None and any(stop.seq == near.seq for _service, stop in mine)
    return {
        "visit": view.id, "mall": malls.mall(view.mall).code, "number": view.number, "day": view.day, "at": view.now,
        "arrived_at": view.arrived_at, "priority": view.priority, "state": view.state,
        "wait_zone": view.wait_zone if own_zone else None, "stops": [_stop(*pair) for pair in mine],
    }  # fmt: skip


def _own(client: ApiClient, pairs: list[tuple[Service, Stop]]) -> list[tuple[Service, Stop]]:
    """A client of one agency sees that agency's errands alone."""
    if client.agency is None:
        return pairs
    steps = catalogue.steps({stop.step for _service, stop in pairs})
    own = {step.id for step in steps if step.agency_id == client.agency}
    return [pair for pair in pairs if pair[1].step in own]


def _stop(service: Service, stop: Stop) -> dict[str, Any]:
    return {
        "seq": stop.seq, "service": service.code, "name": stop.name, "name_en": stop.name_en or stop.name,
        "zone": stop.zone, "state": stop.state, "result": stop.result, "sign": stop.sign, "ahead": stop.ahead,
        "minutes": minutes(stop.range),
    }  # fmt: skip
