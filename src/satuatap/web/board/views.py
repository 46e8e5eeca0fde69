"""The public displays: all zones, or one."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from satuatap.basics.refusal import Refusal
from satuatap.features.malls import queries as malls
from satuatap.features.malls.refusals import NoSuchMall
from satuatap.features.visits import queries as visits
from satuatap.web.answers import wants_fragment
from satuatap.web.board.picture import ROWS_A_PAGE, board_of, way_of
from satuatap.web.guards import public


class NoSuchZone(Refusal):
    code = "no_such_zone"
    status = 404
    next = "/papan"
    text = gettext_lazy("Zona itu tidak ada di mal ini. Buka layar semua zona, lalu pilih zonanya.")


@public
@never_cache
@require_safe
def board(request: HttpRequest, zone: str | None = None) -> HttpResponse:
    """Who goes where now, the last calls, and the waits; the same part alone when a script asks for it."""
    found = malls.malls()
    if not found:
        raise NoSuchMall()
    mall = found[0]
    plan = malls.hall_plan(mall.id)
    only = None if zone is None else zone.upper()
    if only is not None and only not in {one.code for one in plan.zones}:
        raise NoSuchZone()
    hall, speed = visits.hall(mall.id), malls.speed(mall.id)
    english = (get_language() or "").startswith("en")
    shown = board_of(hall, plan.zones, speed, english, only)
    following = malls.next_open_day(mall.id, hall.day) if shown.over else None
    values = {
        "mall": mall,
        "hall": hall,
        "speed": speed,
        "zones": plan.zones,
        "zone": next((one for one in plan.zones if one.code == only), None),
        "board": shown,
        "following": following,
        "opens_again": malls.opening_moments(following, mall.zone_name)[0] if following else None,
        "ways": [way_of(one, english) for one in plan.zones],
        "rows_a_page": ROWS_A_PAGE,
    }
    name = "board/hall.html" if wants_fragment(request) else "board/board.html"
    response = render(request, name, values)
    patch_vary_headers(response, ["HX-Request"])
    return response
