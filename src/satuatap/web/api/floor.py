"""Malls and what goes on in them: places, hours, lines, calls, the day in numbers. Within the client's limits."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Query, Router

from satuatap.basics.refusal import Refusal
from satuatap.features.catalogue import queries as catalogue
from satuatap.features.catalogue.refusals import NoSuchService
from satuatap.features.commons.queries import ApiClient
from satuatap.features.commons.states import ApiScope
from satuatap.features.malls import queries as malls
from satuatap.features.malls.queries import MallView
from satuatap.features.visits import queries
from satuatap.features.visits.views import Hall, StepNow
from satuatap.features.visits.waits import MinutesRange
from satuatap.web.api import schemas
from satuatap.web.api.auth import client_of, needs
from satuatap.web.api.paging import A_PAGE, Cursor, Limit, page_of
from satuatap.web.clients import OutsideLimits, within_mall

router = Router(tags=["floor"])
MOST_DAYS = 62


class DayTooFar(Refusal):
    code = "day_too_far"
    status = 422
    text = _("Tanggal ini terlalu jauh. Minta tanggal antara tahun 2000 dan 2100.")


def mall_for(client: ApiClient, code: str) -> MallView:
    """The mall of that code, if the client may see it."""
    view = malls.mall(code)
    within_mall(client, view.id)
    return view


def clock(at: time | None) -> str | None:
    return None if at is None else at.strftime("%H:%M")


def minutes(found: MinutesRange | None) -> dict[str, Any] | None:
    """A range of minutes as the API tells it."""
    if found is None:
        return None
    return {"low": found.low, "high": found.high, "basis": found.basis, "cases": found.cases}


@router.get("/malls", response=schemas.Malls, **needs(ApiScope.CATALOGUE))
def list_malls(request: HttpRequest, cursor: Cursor = None, limit: Limit = A_PAGE) -> dict[str, Any]:
    client = client_of(request)
    rows = [row for row in malls.malls() if client.mall in (None, row.id)]
    return page_of(rows, lambda row: row.id, cursor, limit)


@router.get("/malls/{slug:mall}", response=schemas.Mall, **needs(ApiScope.CATALOGUE))
def mall(request: HttpRequest, mall: str) -> MallView:
    return mall_for(client_of(request), mall)


@router.get("/malls/{slug:mall}/booths", response=schemas.Booths, **needs(ApiScope.CATALOGUE))
def booths(request: HttpRequest, mall: str, cursor: Cursor = None, limit: Limit = A_PAGE) -> dict[str, Any]:
    view = mall_for(client_of(request), mall)
    return page_of(malls.hall_plan(view.id).booths, lambda row: row.id, cursor, limit)


@router.get("/malls/{slug:mall}/desks", response=schemas.Desks, **needs(ApiScope.CATALOGUE))
def desks(request: HttpRequest, mall: str, cursor: Cursor = None, limit: Limit = A_PAGE) -> dict[str, Any]:
    view = mall_for(client_of(request), mall)
    return page_of(malls.hall_plan(view.id).desks, lambda row: row.desk, cursor, limit)


@router.get("/malls/{slug:mall}/hours", response=schemas.Hours, **needs(ApiScope.CATALOGUE))
def hours(
    request: HttpRequest,
    mall: str,
    start: Annotated[date | None, Query(description="first day; today without it")] = None,
    days: Annotated[int, Query(ge=1, le=MOST_DAYS)] = 7,
) -> dict[str, Any]:
    view = mall_for(client_of(request), mall)
    first = start or malls.today(view.id)
    if not 2000 <= first.year <= 2100:
        raise DayTooFar()
    return {"mall": view.code, "days": [_day(view.id, first + timedelta(days=n)) for n in range(days)]}


def _day(mall_id: int, day: date) -> dict[str, Any]:
    found = malls.open_hours(mall_id, day)
    return {
        "day": day, "open": found.is_open, "opens": clock(found.opens), "closes": clock(found.closes),
        "breaks": [{"start": clock(a), "end": clock(b)} for a, b in found.breaks], "label": found.label,
        "label_en": found.label_en or found.label, "source": found.source, "synthetic": found.synthetic,
    }  # fmt: skip


@router.get("/malls/{slug:mall}/queue", response=schemas.Queue, **needs(ApiScope.QUEUE))
def queue(
    request: HttpRequest, mall: str, service: Annotated[str | None, Query(max_length=60)] = None
) -> dict[str, Any]:
    client = client_of(request)
    view = mall_for(client, mall)
    if service is not None and not catalogue.services([service]):
        raise NoSuchService()
    hall = queries.hall(view.id)
    return {
        "mall": view.code, "at": hall.now, "open_from": hall.open_from, "open_until": hall.open_until,
        "closed": hall.closed,
        "lines": [
            _line(step) for step in own_steps(client, hall)
            if service in (None, step.service_code)
        ],
    }  # fmt: skip


def own_steps(client: ApiClient, hall: Hall) -> list[StepNow]:
    """The lines that the client may see: of its agency, or all."""
    agencies = {step.id: step.agency_id for step in catalogue.steps(hall.steps)}
    return [step for number, step in hall.steps.items() if client.agency in (None, agencies.get(number))]


def _line(step: StepNow) -> dict[str, Any]:
    return {
        "service": step.service_code, "step": step.name, "step_en": step.name_en or step.name, "agency": step.agency,
        "zone": step.zone, "waiting": step.waiting, "serving": step.serving, "desks_open": step.desks_open,
        "minutes": minutes(step.range),
    }  # fmt: skip


@router.get("/malls/{slug:mall}/board", response=schemas.Board, **needs(ApiScope.QUEUE))
def board(request: HttpRequest, mall: str) -> dict[str, Any]:
    client = client_of(request)
    view = mall_for(client, mall)
    hall, places = queries.hall(view.id), malls.desk_places(view.id)
    calls = [c for c in hall.calls if client.agency is None or places[c.desk].agency_id == client.agency]
    return {"mall": view.code, "at": hall.now, "calls": calls}


@router.get("/malls/{slug:mall}/report", response=schemas.Report, **needs(ApiScope.REPORTS))
def report(request: HttpRequest, mall: str) -> dict[str, Any]:
    client = client_of(request)
    view = mall_for(client, mall)
    if client.agency is not None:
        raise OutsideLimits()  # these are figures of everybody's errands
    hall = queries.hall(view.id)
    return {
        "mall": view.code, "day": hall.day, "at": hall.now, "visits": hall.visits, "finished": hall.finished,
        "unserved": hall.unserved, "waiting": hall.waiting, "in_mall": hall.in_mall, "missed": len(hall.missed),
        "longest_minutes": max((zone.longest_minutes for zone in hall.zones), default=0.0),
        "over_30_minutes": sum(zone.over_30 for zone in hall.zones),
        "desks_open": sum(1 for d in hall.desks if d.state in ("ready", "called", "serving")),
    }  # fmt: skip
