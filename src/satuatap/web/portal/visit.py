"""Follow my visit: by the slip's number and code, or by the address behind its QR; readable without script."""

from __future__ import annotations

import re
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.html import format_html
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from satuatap.basics.refusal import Refusal
from satuatap.features.malls import queries as malls
from satuatap.features.plans import queries as regroupings
from satuatap.features.visits import queries
from satuatap.features.visits.refusals import NoSuchVisit
from satuatap.features.visits.views import Service, Stop, VisitView
from satuatap.features.visits.waits import MinutesRange
from satuatap.plumbing.limits import Limiter, Limits, Rate, client_address
from satuatap.web.answers import SeeOther, wants_fragment, wants_json
from satuatap.web.guards import public
from satuatap.web.inputs import text_of
from satuatap.web.live.places import here_of, name_of_next, number_before, shape_of, until_done
from satuatap.web.portal import words
from satuatap.web.portal.place import opening_of, the_mall
from satuatap.web.portal.plan_of_hall import small_plan
from satuatap.web.portal.refusals import SlipUnreadable, TooManyLookups

MINUTE = 60.0
# Only wrong tries count: a whole mall may share one address, and a slip's code has four signs.
LOOKUPS = Limits(Limiter(Rate(10, MINUTE), Rate(60, 15 * MINUTE)), Limiter(Rate(8, 15 * MINUTE)))
CODE_SIGNS = 4
GOING = ("waiting", "called", "now")  # states of a stop that something happens to without the help desk
WELL = (None, "done", "done_pickup", "not_recorded", "transferred")  # results that leave nothing to do


def slip_of(text: str) -> tuple[int, str]:
    """Number and code as somebody types them from the slip: 147 7KQ2, 147-7kq2, 1477KQ2."""
    signs = re.sub(r"[^A-Z0-9]", "", text.upper())
    number, code = signs[:-CODE_SIGNS], signs[-CODE_SIGNS:]
    if not number.isdecimal() or not number.isascii() or len(number) > 4 or not int(number):
        raise SlipUnreadable()
    return int(number), code


@require_http_methods(["GET", "POST"])
@never_cache
@public
def follow(request: HttpRequest) -> HttpResponse:
    """Number and code lead to the live page; a wrong pair is answered the same way whichever is wrong."""
    if request.method == "GET":
        return render(request, "portal/follow.html", {"place": the_mall()})
    typed = text_of(request.POST, "slip", longest=20, default="")
    try:
        visit = _look_up(request, typed)
    except (NoSuchVisit, SlipUnreadable, TooManyLookups) as refusal:
        if wants_json(request):
            raise
        return _again(request, typed, refusal)
    return SeeOther(f"/kunjungan/{visit.token}")


def _look_up(request: HttpRequest, typed: str) -> Any:
    mall = the_mall()
    number, code = slip_of(typed)
    keys = (client_address(request), f"{mall.id}:{number}")
    wait = LOOKUPS.take(keys)
    if wait > 0:
        raise TooManyLookups()
    visit = queries.visit_by_number(mall.id, number, code)
    LOOKUPS.give_back(keys)
    return visit


def _again(request: HttpRequest, typed: str, refusal: Refusal) -> HttpResponse:
    values = {"place": the_mall(), "typed": typed, "error": str(refusal)}
    return render(request, "portal/follow.html", values, status=refusal.status)


@require_safe
@never_cache
@public
def live(request: HttpRequest, token: str) -> HttpResponse:
    """The ticket that unrolls. Scripts ask for JSON."""
    view = _view(token)
    if wants_json(request):
        return JsonResponse(as_json(view))
    page = "portal/_visit.html" if wants_fragment(request) else "portal/visit.html"
    return render(request, page, _values(view))


@require_safe
@never_cache
@public
def panel(request: HttpRequest, token: str) -> HttpResponse:
    """The changing part of the live page, rendered alone."""
    return render(request, "portal/_visit.html", _values(_view(token)))


def _view(token: str) -> VisitView:
    visit = queries.visit_by_token(token)
    if visit is None:
        raise NoSuchVisit()
    return queries.holder_view(visit)


def as_json(view: VisitView) -> dict[str, Any]:
    """The visit for scripts: state, number, and each errand with its range until called."""
    return {
        "state": view.state,
        "number": view.number,
        "zone": view.wait_zone,
        "errands": [
            {
                "seq": stop.seq,
                "state": stop.state,
                "low": stop.range.low if stop.range else None,
                "high": stop.range.high if stop.range else None,
                "basis": stop.range.basis if stop.range else None,
                "zone": stop.zone,
                "sign": stop.sign,
            }
            for service in view.services
            for stop in service.stops
        ],
    }


def _values(view: VisitView) -> dict[str, Any]:
    mall = malls.mall(view.mall)
    plan = malls.hall_plan(view.mall)
    found = words.current(view)
    stop = found[1] if found else None
    waiting = [s for service in view.services for s in service.stops if s.range is not None]
    rows = [_row(view, service, mall.zone_name) for service in view.services]
    for index, row in enumerate(rows):
        row["when"] = _times(str(index), row["when"])
    missed = [row for row in rows if row["service"].state == "missed"]
    stuck = bool(missed) and not any(one.state in GOING for service in view.services for one in service.stops)
    before, end = number_before(view), None if stuck else until_done(view)
    called = stop.sign if stop is not None and stop.sign and stop.state in ("called", "now") else ""
    where = (stop.zone if called and stop is not None else view.wait_zone) or ""
    zone = plan.zone(where) if where else None
    way, arrow = words.way_to(zone) if zone else ("", "")
    return {
        "view": view,
        "mall": mall,
        "opening": opening_of(mall, view.now),
        "today": malls.local(view.now, mall.zone_name).date(),
        "current": stop,
        "current_service": found[0] if found else None,
        "headline": words.people_before(stop.ahead) if stop and stop.ahead is not None else "",
        "people_words": words.people_words(),
        "when": _times(name_of_next(view), _clock(view, stop.range if stop else None, mall.zone_name)),
        "people": range(min(stop.ahead, 5)) if stop and stop.ahead else range(0),
        "rows": rows,
        "all_done": _times("e", _clock(view, end, mall.zone_name)),
        "left": [row for row in rows if row["ended"] and not row["well"]],
        "missed": missed,
        "moved": regroupings.moved_services([service.code for service in view.services]).values(),
        "state": "missed" if stuck else view.state,
        "tagged": any(s.range and s.range.basis == "synthetic" for s in waiting),
        "zone": zone,
        "way": way,
        "arrow": arrow,
        "map": small_plan(plan, where, stop.desks if stop else (), called) if where else None,
        "earlier": [(one, words.why_earlier(one, mall.zone_name)) for one in view.ahead],
        "first_before": format_html("<span data-before>{}</span>", before) if before is not None else None,
        "shape": shape_of(view),
        "happened": happened(view),
        "numbers": queries.weights_of(view.mall).numbers,
    }


def _clock(view: VisitView, wait: MinutesRange | None, zone: str) -> tuple[str, str] | None:
    return words.clock_range(view.now, wait, zone) if wait else None


def _times(name: str, pair: tuple[str, str] | None) -> tuple[str, str] | None:
    """Two times that the page's script changes when the line moves (web/live/places.py names them)."""
    if pair is None:
        return None
    first, last = (format_html('<span data-at="{}">{}</span>', f"{name}{n}", text) for n, text in enumerate(pair))
    return first, last


def _row(view: VisitView, service: Service, zone: str) -> dict[str, Any]:
    """A service as one stop, its steps under it when it has several."""
    here = here_of(service)
    kind, word = words.state_word(service.state)
    return {
        "service": service,
        "stop": here,
        "kind": kind,
        "word": word,
        "result": words.result_word(service.stops[-1].result),
        "ended": service.state in ("done", "dropped"),
        "well": service.state == "done" and all(one.result in WELL for one in service.stops),
        "signs": words.signs([here.sign] if here.sign else here.desks),
        "when": _clock(view, here.range, zone),
        "steps": [
            (stop, words.signs([stop.sign] if stop.sign else stop.desks), _step_word(stop)) for stop in service.stops
        ]
        if len(service.stops) > 1
        else [],
    }


def _step_word(stop: Stop) -> str:
    """What stands behind a step of several; one that simply comes after the one above it says nothing."""
    if stop.state == "later":
        return ""
    return words.result_word(stop.result) or words.state_word(stop.state)[1]


def happened(view: VisitView) -> list[tuple[Stop, Service, str]]:
    """What has come of the errands so far, oldest first."""
    ended = [
        (stop, service, words.result_word(stop.result))
        for service in view.services
        for stop in service.stops
        if stop.state in ("done", "missed", "dropped") and stop.at is not None
    ]
    return sorted(ended, key=lambda row: row[0].at or view.now)
