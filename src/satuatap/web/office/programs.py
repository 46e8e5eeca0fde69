"""Programs that may ask the HTTP API: made with a key that is shown once, renewed, ended; whom they want told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from satuatap.basics.refusal import Refusal
from satuatap.features.commons import actions
from satuatap.features.commons import queries as commons
from satuatap.features.commons.actions.clients import Issued, Limits
from satuatap.features.commons.queries import ClientLine, DeliveryView, WebhookView
from satuatap.features.commons.states import DeliveryState
from satuatap.features.malls import queries as malls
from satuatap.features.people import queries as people
from satuatap.features.people.states import Role
from satuatap.web.guards import actor_of, role_required
from satuatap.web.inputs import codes_of, key_of, text_of, whole_of
from satuatap.web.office.program_words import event_names, problem_of, scope_names
from satuatap.web.office.shared import Office, attempt, office_of, page

HOME = "/pengelolaan/program"
SHOWN = 20  # deliveries of a webhook
OVERLAP_HOURS = 24  # the old key goes on for a day, so that the program can be changed over
MOST_AGAIN = 1000


@dataclass(frozen=True, slots=True)
class Row:
    """A program in the list."""

    line: ClientLine
    state: str  # ok, warn, alert
    word: str
    hooks: int
    dead: int


@dataclass(frozen=True, slots=True)
class Sent:
    """A delivery in words."""

    view: DeliveryView
    event: str
    state: str
    word: str
    why: str


@dataclass(frozen=True, slots=True)
class Hook:
    """A webhook with its last deliveries and those that failed for good."""

    view: WebhookView
    events: tuple[str, ...]
    last: tuple[Sent, ...]
    dead: tuple[Sent, ...]


def now() -> datetime:
    """The world's time: keys know no mall's clock."""
    return datetime.now(UTC)


def life_of(line: ClientLine, at: datetime) -> tuple[str, str]:
    """How a program stands, as a state of the kit and a word."""
    if line.blocked_at is not None:
        return "alert", _("diakhiri")
    ends = max((end for _prefix, end in line.keys), default=at)
    if ends <= at:
        return "warn", _("kuncinya berakhir")
    return ("warn", _("kuncinya segera berakhir")) if (ends - at).days < 30 else ("ok", _("berlaku"))


@role_required(Role.KEEPER)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def programs_page(request: HttpRequest) -> HttpResponseBase:
    """Every program with its limits; a new one by the form beside them."""
    office = office_of(request)
    if request.method != "POST":
        return _list(request, office)
    try:
        limits = Limits(
            scopes=codes_of(request.POST.getlist("scope")),
            mall=text_of(request.POST, "mall", longest=60, default="") or None,
            agency=text_of(request.POST, "agency", longest=60, default="") or None,
            per_minute=whole_of(request.POST, "per_minute"),
            days=whole_of(request.POST, "days"),
        )
        name = text_of(request.POST, "name", longest=80)
        made = actions.make_client(by=actor_of(request), name=name, limits=limits, now=now(), request=key_of(request))
    except Refusal as refusal:
        return _list(request, office, refusal)
    return _once(request, office, made, _("Program %(name)s sudah dibuat.") % {"name": name})


def _list(request: HttpRequest, office: Office, problem: Refusal | None = None) -> HttpResponse:
    at, hooks = now(), commons.webhooks()
    rows = []
    for line in commons.clients():
        own = [hook for hook in hooks if hook.client == line.id]
        rows.append(Row(line, *life_of(line, at), len(own), sum(hook.dead for hook in own)))
    typed = {name: str(request.POST.get(name, ""))[:80] for name in ("name", "mall", "agency", "per_minute", "days")}
    values = {
        "rows": sorted(rows, key=lambda row: (row.line.blocked_at is not None, row.line.name)),
        "dead": sum(row.dead for row in rows), "scopes": scope_names(), "chosen": request.POST.getlist("scope"),
        "malls": malls.malls(), "agencies": people.agencies(), "typed": typed,
    }  # fmt: skip
    return page(request, "programs", office, values, problem)


def _once(request: HttpRequest, office: Office, issued: Issued, done: str) -> HttpResponse:
    """The only page that shows a key; asked for again with the same form it says so instead."""
    values = {"done": done, "issued": issued, "line": commons.client(issued.client)}
    return page(request, "program_key", office, values)


@role_required(Role.KEEPER)
@never_cache
@require_http_methods(["GET", "HEAD"])
def program_page(request: HttpRequest, client: int) -> HttpResponseBase:
    """One program: what it may do, its keys, its webhooks with what became of their messages."""
    return _show(request, office_of(request), client)


def _show(request: HttpRequest, office: Office, client: int, problem: Refusal | None = None) -> HttpResponse:
    line, at = commons.client(client), now()
    known, state = scope_names(), life_of(line, at)
    hooks = commons.webhooks(client=client)
    agency = people.agency(line.agency) if line.agency else None
    values = {
        "line": line, "life": state, "at": at, "scopes": [(one, known.get(one, one)) for one in line.scopes],
        "where": malls.mall(line.mall).name if line.mall else "", "agency": agency.name if agency else "",
        "hooks": [_hook(hook) for hook in hooks], "events": event_names(),
        "ended": [one for one in commons.webhooks(client=client, ended=True) if one.ended_at is not None],
        "typed": {"target": str(request.POST.get("target", ""))[:500], "events": request.POST.getlist("event")},
    }  # fmt: skip
    return page(request, "program", office, values, problem)


def _hook(view: WebhookView) -> Hook:
    words = event_names()
    last = commons.deliveries(view.id, newest=True, limit=SHOWN)
    dead = commons.deliveries(view.id, state=DeliveryState.DEAD, newest=True, limit=SHOWN) if view.dead else []
    return Hook(
        view, tuple(words.get(event, event) for event in view.events),
        tuple(_sent(one) for one in last), tuple(_sent(one) for one in dead),
    )  # fmt: skip


def _sent(view: DeliveryView) -> Sent:
    states = {"delivered": ("ok", _("sampai")), "waiting": ("info", _("menunggu")), "dead": ("alert", _("gagal"))}
    return Sent(view, event_names().get(view.event, view.event), *states[view.state], problem_of(view))


@role_required(Role.KEEPER)
@never_cache
@require_POST
def renew(request: HttpRequest, client: int) -> HttpResponseBase:
    """A new key; the old ones go on for a day."""
    office = office_of(request)
    try:
        issued = actions.renew_client(
            by=actor_of(request), client=client, days=whole_of(request.POST, "days"), overlap_hours=OVERLAP_HOURS,
            now=now(), request=key_of(request),
        )  # fmt: skip
    except Refusal as refusal:
        return _show(request, office, client, refusal)
    return _once(request, office, issued, _("Kunci baru sudah dibuat; yang lama berakhir dalam sehari."))


@role_required(Role.KEEPER)
@require_POST
def block(request: HttpRequest, client: int) -> HttpResponseBase:
    """Its keys open nothing any more, and nobody is told for it."""
    commons.client(client)
    return _change(
        request, client, lambda: actions.block_client(by=actor_of(request), client=client),
        _("Program diakhiri. Server menolak kuncinya dalam dua detik."),
    )  # fmt: skip


@role_required(Role.KEEPER)
@never_cache
@require_POST
def make_hook(request: HttpRequest, client: int) -> HttpResponseBase:
    """An address that is told; the secret for its receiver is shown."""
    office = office_of(request)
    commons.client(client)
    try:
        row = actions.make_webhook(
            by=actor_of(request), client=client, target=text_of(request.POST, "target", longest=500),
            events=codes_of(request.POST.getlist("event")), request=key_of(request),
        )  # fmt: skip
    except Refusal as refusal:
        return _show(request, office, client, refusal)
    values: dict[str, Any] = {
        "done": _("Webhook sudah dibuat."), "line": commons.client(client), "target": row.target,
        "secret": commons.secret_of_webhook(row.pk),
    }  # fmt: skip
    return page(request, "program_key", office, values)


@role_required(Role.KEEPER)
@require_POST
def end_hook(request: HttpRequest, hook: UUID) -> HttpResponseBase:
    """It is told no more; what waited is not sent."""
    client = commons.webhook(hook).client
    return _change(
        request, client, lambda: actions.end_webhook(by=actor_of(request), hook=hook), _("Webhook sudah diakhiri.")
    )


@role_required(Role.KEEPER)
@require_POST
def send_again(request: HttpRequest, delivery: UUID) -> HttpResponseBase:
    """One message that failed for good is tried again, within a minute."""
    client = commons.webhook(commons.delivery(delivery)).client
    return _change(request, client, lambda: _again([delivery], request), _("Kiriman dicoba lagi dalam satu menit."))


@role_required(Role.KEEPER)
@require_POST
def send_all_again(request: HttpRequest, hook: UUID) -> HttpResponseBase:
    """Every message of a webhook that failed for good."""
    client = commons.webhook(hook).client
    dead = [one.id for one in commons.deliveries(hook, state=DeliveryState.DEAD, limit=MOST_AGAIN)]
    done = _("%(n)s kiriman dicoba lagi dalam satu menit.") % {"n": len(dead)}
    return _change(request, client, lambda: _again(dead, request), done)


def _change(request: HttpRequest, client: int, act: Callable[[], Any], done: str) -> HttpResponseBase:
    """Change a program's affairs by a form with a key; then its page, with one sentence or with why not."""
    office = office_of(request)
    key_of(request)
    return attempt(request, act, done, f"{HOME}/{client}", lambda problem: _show(request, office, client, problem))


def _again(deliveries: list[UUID], request: HttpRequest) -> None:
    for one in deliveries:
        actions.send_again(by=actor_of(request), delivery=one, now=now())
