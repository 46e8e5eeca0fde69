"""A desk at work. Calling, starting and finishing are answered by the front; the rest by the same actions as the desk's
own screen."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Path, Router

from satuatap.basics.actor import Actor
from satuatap.features.catalogue import queries as catalogue
from satuatap.features.commons.states import ApiScope
from satuatap.features.malls import queries as malls
from satuatap.features.visits import actions, queries, refusals, states
from satuatap.web.api import asks, schemas
from satuatap.web.api.auth import client_of, needs
from satuatap.web.api.described import CalledStep, FinishedStep, FrontAnswers, StartedStep
from satuatap.web.clients import within_agency, within_mall

router = Router(tags=["desks"])
DeskId = Annotated[int, Path(ge=0, le=32767)]
OK = {"ok": True}


def _desk(request: HttpRequest, desk: int) -> Actor:
    """Who acts there; refused outside the client's mall and agency."""
    client, place = client_of(request), malls.desk_place(desk)
    if place is None:
        raise refusals.NoSuchDesk()
    within_mall(client, place.mall)
    within_agency(client, place.agency_id)
    return Actor.client(client.id)


@router.get("/desks/{int:desk}", response=schemas.DeskState, **needs(ApiScope.DESKS))
def desk(request: HttpRequest, desk: DeskId) -> dict[str, Any]:
    _desk(request, desk)
    view = queries.desk_view(desk)
    return {
        "desk": desk, "sign": view.desk.sign, "state": view.desk.state, "since": view.desk.since,
        "number": view.desk.number, "visit": view.visit, "seq": view.seq, "waiting": len(view.people),
        "can_miss": view.can_miss, "can_recall_in_s": view.can_recall_in_s, "undo": view.undo,
    }  # fmt: skip


@router.post("/desks/{int:desk}/call", response=CalledStep, **needs(ApiScope.DESKS))
def call(request: HttpRequest, desk: DeskId, key: asks.Key) -> None:
    raise FrontAnswers()


@router.post("/desks/{int:desk}/start", response=StartedStep, **needs(ApiScope.DESKS))
def start(request: HttpRequest, desk: DeskId, key: asks.Key) -> None:
    raise FrontAnswers()


@router.post("/desks/{int:desk}/finish", response=FinishedStep, **needs(ApiScope.DESKS))
def finish(request: HttpRequest, desk: DeskId, key: asks.Key, body: asks.Finish) -> None:
    raise FrontAnswers()


@router.post("/desks/{int:desk}/open", response=schemas.Done, **needs(ApiScope.DESKS))
def open_desk(request: HttpRequest, desk: DeskId, key: asks.Key) -> dict[str, Any]:
    actions.open_desk(by=_desk(request, desk), desk=desk, request=key)
    return OK


@router.post("/desks/{int:desk}/close", response=schemas.Done, **needs(ApiScope.DESKS))
def close_desk(request: HttpRequest, desk: DeskId, key: asks.Key) -> dict[str, Any]:
    actions.close_desk(by=_desk(request, desk), desk=desk, request=key)
    return OK


@router.post("/desks/{int:desk}/pause", response=schemas.Done, **needs(ApiScope.DESKS))
def pause(request: HttpRequest, desk: DeskId, key: asks.Key, body: asks.Pause) -> dict[str, Any]:
    actions.pause_desk(by=_desk(request, desk), desk=desk, pause=states.Pause(body.reason), request=key)
    return OK


@router.post("/desks/{int:desk}/recall", response=schemas.Done, **needs(ApiScope.DESKS))
def recall(request: HttpRequest, desk: DeskId, key: asks.Key) -> dict[str, Any]:
    actions.recall(by=_desk(request, desk), desk=desk, request=key)
    return OK


@router.post("/desks/{int:desk}/miss", response=schemas.Done, **needs(ApiScope.DESKS))
def miss(request: HttpRequest, desk: DeskId, key: asks.Key) -> dict[str, Any]:
    actions.mark_missed(by=_desk(request, desk), desk=desk, request=key)
    return OK


@router.post("/desks/{int:desk}/transfer", response=schemas.Done, **needs(ApiScope.DESKS))
def transfer(request: HttpRequest, desk: DeskId, key: asks.Key, body: asks.Transfer) -> dict[str, Any]:
    by, steps = _desk(request, desk), catalogue.steps_of([body.service])
    if not steps:
        raise refusals.CannotTransfer()
    reason = states.TransferReason(body.reason)
    actions.transfer_errand(by=by, desk=desk, step=steps[0].id, reason=reason, request=key)
    return OK


@router.post("/desks/{int:desk}/undo", response=schemas.Done, **needs(ApiScope.DESKS))
def undo(request: HttpRequest, desk: DeskId, key: asks.Key) -> dict[str, Any]:
    actions.undo_step(by=_desk(request, desk), desk=desk, request=key)
    return OK
