"""The manager's screen: the hall drawn as it is, who waits how long, and the end of the day."""

from __future__ import annotations

from collections import Counter

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from satuatap.features.malls import queries as malls
from satuatap.features.people.states import Role
from satuatap.features.visits import actions, queries
from satuatap.features.visits.views import Hall
from satuatap.web.answers import SeeOther, wants_fragment, wants_json
from satuatap.web.components.templatetags.satuatap import clock_time, local
from satuatap.web.floor.drawing import bars, draw, shape_state
from satuatap.web.guards import NotAllowed, actor_of, places_of, require_place, role_required
from satuatap.web.inputs import key_of

STATES = (
    ("serving", gettext_lazy("melayani")),
    ("ready", gettext_lazy("siap, tanpa antrean")),
    ("pause", gettext_lazy("istirahat")),
    ("closed", gettext_lazy("tutup")),
    ("fault", gettext_lazy("terganggu")),
)
READERS = (Role.MANAGER, Role.HELP_DESK, Role.KEEPER, Role.COORDINATOR)


def _mall(request: HttpRequest, *roles: Role) -> malls.MallView:
    """Her mall; a keeper of the whole city sees the first one."""
    for grant in places_of(request, *roles):
        known = malls.malls()
        if grant.mall_id is not None:
            return malls.mall(grant.mall_id)
        if known:
            return known[0]
    raise NotAllowed(roles)


@require_safe
@role_required(*READERS)
def show(request: HttpRequest) -> HttpResponse:
    """The hall now."""
    mall = _mall(request, *READERS)
    hall = queries.hall(mall.id)
    if wants_json(request):
        return JsonResponse(_numbers(hall))
    return render(request, "floor/floor.html", _context(request, mall, hall))


@require_safe
@role_required(*READERS)
def panel(request: HttpRequest) -> HttpResponse:
    """The moving part alone."""
    mall = _mall(request, *READERS)
    template = "floor/panel.html" if wants_fragment(request) else "floor/floor.html"
    return render(request, template, _context(request, mall, queries.hall(mall.id)))


def _numbers(hall: Hall) -> dict[str, object]:
    desks = [{"id": d.id, "sign": d.sign, "state": d.state, "number": d.number} for d in hall.desks]
    return {
        "waiting": hall.waiting, "in_mall": hall.in_mall, "visits": hall.visits, "finished": hall.finished,
        "unserved": hall.unserved, "closed": hall.closed, "now": hall.now.isoformat(), "desks": desks,
    }  # fmt: skip


def _context(request: HttpRequest, mall: malls.MallView, hall: Hall) -> dict[str, object]:
    plan = malls.hall_plan(mall.id)
    counted = Counter(shape_state(d) for d in hall.desks)
    waiting = [p for p in hall.people if p.state == "waiting"]
    span, waits = bars(hall)
    return {
        "mall": mall, "hall": hall, "drawing": draw(hall, plan), "bars": waits,
        "finding": finding(hall, mall.zone_name),
        "states": [(code, counted[code], word) for code, word in STATES],
        "ticks": [span * step // 5 for step in range(5)],
        "longest": sorted(waiting, key=lambda p: -p.minutes)[:6],
        "steps": sorted(hall.steps.values(), key=lambda s: (-s.waiting, s.name)),
        "may_close": any(g.role == Role.MANAGER for g in places_of(request, Role.MANAGER)) and not hall.closed,
        "may_keep": bool(places_of(request, Role.MANAGER, Role.KEEPER)),
        "synthetic": plan.synthetic,
    }  # fmt: skip


def finding(hall: Hall, zone_name: str = "") -> str:
    """The sentence at the top: what the numbers say, the most urgent first."""
    if hall.closed:
        return _("Layanan hari ini sudah ditutup. %(n)d urusan tidak terlayani.") % {"n": hall.unserved}
    if not hall.waiting:
        return f"{_hours(hall, zone_name)} {_('Tidak ada yang menunggu sekarang.')}".strip()
    count = ngettext("%(n)d orang menunggu.", "%(n)d orang menunggu.", hall.waiting) % {"n": hall.waiting}
    stuck = [s for s in hall.steps.values() if s.waiting and not s.desks_open and not s.serving]
    if stuck:
        worst = max(stuck, key=lambda s: s.waiting)
        return f"{count} " + _("Tidak ada loket terbuka untuk %(name)s.") % {"name": local(worst)}
    zone = max(hall.zones, key=lambda z: z.longest_minutes, default=None)
    if zone is None or not zone.waiting:
        return count
    return f"{count} " + _("Terlama %(m)d menit, di Zona %(zone)s.") % {"m": zone.longest_minutes, "zone": zone.code}


def _hours(hall: Hall, zone_name: str) -> str:
    """Why nobody waits, where the hours say it."""
    if hall.open_from is None or hall.open_until is None:
        return _("Hari ini tutup.")
    if hall.now < hall.open_from:
        return _("Nomor diambil mulai %(t)s.") % {"t": clock_time(hall.open_from, zone_name)}
    if hall.now >= hall.open_until:
        return _("Jam layanan selesai %(t)s.") % {"t": clock_time(hall.open_until, zone_name)}
    return ""


@require_http_methods(["GET", "POST"])
@role_required(Role.MANAGER)
def close(request: HttpRequest) -> HttpResponse:
    """End the day: asks first (nothing can take it back), then no call, no number; who waits is listed."""
    mall = _mall(request, Role.MANAGER)
    require_place(request, Role.MANAGER, mall=mall.id)
    if request.method == "GET":
        return render(request, "floor/close.html", {"mall": mall, "hall": queries.hall(mall.id)})
    by, key = actor_of(request), key_of(request)
    actions.close_day(by=by, mall=mall.id, request=key)
    dropped = actions.drop_waiting(by=by, mall=mall.id)
    return JsonResponse({"ok": True, "dropped": dropped}) if wants_json(request) else SeeOther("/pantauan")
