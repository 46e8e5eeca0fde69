"""Three screens: who you are and in which language, what you need, your number. Each works without script."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from satuatap.basics.refusal import Refusal
from satuatap.features.catalogue import queries as catalogue
from satuatap.features.malls import queries as malls
from satuatap.features.people import queries as people
from satuatap.features.people.states import Role
from satuatap.features.visits import actions as visits
from satuatap.features.visits.queries import hall
from satuatap.features.visits.refusals import NoSuchVisit, NothingChosen
from satuatap.features.visits.states import PriorityClass
from satuatap.plumbing.limits import Limiter, Limits, Rate, client_address
from satuatap.web.answers import SeeOther
from satuatap.web.guards import actor_of, places_of, public, role_required, sign_in_device
from satuatap.web.inputs import flag_of, key_of, text_of
from satuatap.web.kiosk.menu import known_codes, menu
from satuatap.web.kiosk.slip import qr_svg, slip_of

ACTIVATIONS = Limits(Limiter(Rate(10, 60)))
REASONS = ("lansia", "disabilitas", "bayi")
MOST_CHOSEN = 15
LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 6
LOWERED = "satuatap_turun"
LOWERED_FOR_S = 300
LANGUAGE_FOR_S = 365 * 24 * 3600
ISSUERS = (Role.KIOSK, Role.HELP_DESK)


class UnknownLink(Refusal):
    code = "unknown_link"
    status = 404
    text = _("Tautan anjungan ini tidak berlaku lagi. Minta tautan baru kepada pengelola sistem.")


class TooManyTries(Refusal):
    code = "too_many"
    status = 429
    text = _("Terlalu banyak percobaan. Tunggu satu menit, lalu coba lagi.")


def mall_of(request: HttpRequest) -> int:
    """The mall of this device, or of the help desk that uses it."""
    return next(int(grant.mall_id) for grant in places_of(request, *ISSUERS) if grant.mall_id is not None)


def _frame(request: HttpRequest, **more: Any) -> dict[str, Any]:
    """What every screen of the kiosk shows: the mall, its time, the lowered layout."""
    view = malls.mall(mall_of(request))
    return {"mall": view, "now": malls.now(view.id), "lowered": LOWERED in request.COOKIES, **more}


def _chosen(values: Any) -> dict[str, Any]:
    """What the earlier screens chose, from the address."""
    reasons = [reason for reason in values.getlist("prioritas") if reason in REASONS]
    return {"reasons": reasons, "codes": list(dict.fromkeys(values.getlist("layanan")))[:MOST_CHOSEN]}


def _closed(request: HttpRequest) -> HttpResponse | None:
    """Outside the hours no number is given: say when it opens again."""
    mall = mall_of(request)
    now = hall(mall)
    if not now.closed and now.open_from and now.open_until and now.open_from <= now.now < now.open_until:
        return None
    view = malls.mall(mall)
    today = malls.open_hours(mall, now.day)
    opens, _closes = malls.opening_moments(today, view.zone_name)
    later = opens is not None and now.now < opens and not now.closed
    following = today if later else malls.next_open_day(mall, now.day)
    frame = _frame(request, following=following, today=today, later=later, qr=qr_svg(f"{settings.PUBLIC_URL}/"))
    return render(request, "kiosk/closed.html", frame)


@public
@require_safe
def activate(request: HttpRequest, secret: str) -> HttpResponseBase:
    """The link that signs this device in; printed once at installation."""
    if ACTIVATIONS.take((client_address(request),)) > 0:
        raise TooManyTries()
    account = people.account_by_device_secret(secret)
    if account is None:
        raise UnknownLink()
    sign_in_device(request, account)
    return SeeOther("/anjungan")


def _fresh(request: HttpRequest) -> HttpResponseBase:
    """For the next citizen: a kiosk is Indonesian and at its usual height again, whatever the one before chose."""
    answer = SeeOther("/anjungan")
    if any(grant.role == Role.KIOSK for grant in places_of(request, *ISSUERS)):
        secure = bool(settings.SESSION_COOKIE_SECURE)
        answer.set_cookie(settings.LANGUAGE_COOKIE_NAME, "id", LANGUAGE_FOR_S, secure=secure, samesite="Lax")
        answer.delete_cookie(LOWERED)
    return answer


@role_required(*ISSUERS)
@require_safe
def start(request: HttpRequest) -> HttpResponseBase:
    """Language, and whether she is to be put first (UU 25/2009 art. 4 letter j)."""
    if request.GET.get("baru") == "1":
        return _fresh(request)
    return _closed(request) or render(request, "kiosk/start.html", _frame(request, **_chosen(request.GET)))


@role_required(*ISSUERS)
@require_safe
def choose(request: HttpRequest) -> HttpResponseBase:
    """Everything she needs at once, by agency or by what happened in her life."""
    closed = _closed(request)
    if closed:
        return closed
    values = _chosen(request.GET)
    codes = known_codes(mall_of(request), _toggled(values["codes"], request.GET.get("ubah", "")))[:MOST_CHOSEN]
    by_event = request.GET.get("cara") == "peristiwa"
    opened = request.GET.get("buka", "")
    shown = menu(mall_of(request), codes, opened, by_event)
    more = request.GET.get("semua") == "1" or any(tile.code == opened for tile in shown.more)
    keep = [("prioritas", reason) for reason in values["reasons"]] + [("layanan", code) for code in codes]
    return render(
        request,
        "kiosk/choose.html",
        _frame(request, menu=shown, by_event=by_event, opened=opened, more=more, keep=keep, codes=codes,
               priority=int(bool(values["reasons"])), back=urlencode(keep),
               left_out=catalogue.services(request.GET.getlist("luar")[:MOST_CHOSEN])),
    )  # fmt: skip


def _toggled(codes: list[str], code: str) -> list[str]:
    if not code:
        return codes
    return [one for one in codes if one != code] if code in codes else [*codes, code]


@role_required(*ISSUERS)
@require_safe
def elsewhere(request: HttpRequest, code: str) -> HttpResponse:
    """A service that is not served here: where to go instead."""
    values = _chosen(request.GET)
    keep = [("prioritas", one) for one in values["reasons"]] + [("layanan", one) for one in values["codes"]]
    page = catalogue.service(code)
    unsure = next((p for p in page.places if p.kind == "mall" and p.can_finish != "no"), None)
    places = [p for p in page.places if p.kind != "mall"]
    frame = _frame(request, page=page, unsure=unsure, places=places, back=urlencode(keep))
    return render(request, "kiosk/elsewhere.html", frame)


@role_required(*ISSUERS)
@require_safe
def plan(request: HttpRequest) -> HttpResponseBase:
    """A plan made at home: its code (touched, or typed by the scanner) brings its services along."""
    closed = _closed(request)
    if closed:
        return closed
    values = _chosen(request.GET)
    raw = text_of(request.GET, "kode", longest=200, default="").rstrip("/").rsplit("/", 1)[-1]
    code = "".join(letter for letter in raw.upper() if letter in LETTERS)[:CODE_LENGTH]
    keep = [("prioritas", reason) for reason in values["reasons"]]
    trouble = ""
    if len(code) == CODE_LENGTH:
        try:
            kept = catalogue.kept_plan(code, malls.now(mall_of(request)))
        except Refusal as refusal:
            trouble, code = str(refusal), ""
        else:
            here = known_codes(mall_of(request), kept.services)
            keep += [("layanan", one) for one in here]
            keep += [("luar", one) for one in kept.services if one not in here]
            return SeeOther("/anjungan/pilih?" + urlencode(keep))
    shown = [code[place : place + 1] for place in range(CODE_LENGTH)]
    return render(
        request,
        "kiosk/code.html",
        _frame(request, code=code, shown=shown, letters=LETTERS, keep=keep, trouble=trouble, shorter=code[:-1]),
        status=422 if trouble else 200,
    )


@role_required(*ISSUERS)
@require_POST
def issue(request: HttpRequest) -> HttpResponseBase:
    """One number for everything; the twin, without script, of the front's hot endpoint."""
    codes = list(dict.fromkeys(request.POST.getlist("services")))
    if not codes:
        raise NothingChosen()
    plan_view = catalogue.plan(codes[: MOST_CHOSEN + 1])
    grant = next(grant for grant in places_of(request, *ISSUERS) if grant.mall_id is not None)
    visit = visits.issue_ticket(
        by=actor_of(request),
        mall=int(grant.mall_id or 0),
        steps=[errand.step_id for errand in plan_view.errands],
        after=[errand.after for errand in plan_view.errands],
        priority_class=PriorityClass(int(flag_of(request.POST, "class", default=False))),
        channel="kiosk" if grant.role == Role.KIOSK else "help_desk",
        request=key_of(request),
    )
    return SeeOther(f"/anjungan/struk/{visit.token}?cetak=1")


@role_required(*ISSUERS)
@require_safe
def slip(request: HttpRequest, token: str) -> HttpResponse:
    """The ticket on the screen, and its slip of 80 mm for the printer."""
    shown = slip_of(token, settings.PUBLIC_URL)
    if shown is None or shown.visit.mall != mall_of(request):
        raise NoSuchVisit()
    printing = request.GET.get("cetak") == "1"
    return render(request, "kiosk/slip.html", _frame(request, slip=shown, printing=printing))


@role_required(*ISSUERS)
@require_POST
def lower(request: HttpRequest) -> HttpResponseBase:
    """What can be touched comes down to where a wheelchair user reaches it, or goes up again."""
    answer = SeeOther(
        request.POST.get("next", "") if request.POST.get("next", "").startswith("/anjungan") else "/anjungan"
    )
    if LOWERED in request.COOKIES:
        answer.delete_cookie(LOWERED)
    else:
        answer.set_cookie(LOWERED, "1", max_age=LOWERED_FOR_S, httponly=True, samesite="Lax")
    return answer
