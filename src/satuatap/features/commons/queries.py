"""What others may ask of commons: who holds a key, and what a client and its webhooks look like."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Max, Q
from django.utils.crypto import constant_time_compare

from satuatap.features.catalogue import queries as catalogue
from satuatap.features.commons import refusals
from satuatap.features.commons.events import Places, StepPlace
from satuatap.features.commons.models import Client, Delivery, Key, Webhook
from satuatap.features.commons.secrets_of import digest_of, prefix_of, webhook_secret
from satuatap.features.commons.states import ApiScope, DeliveryState
from satuatap.features.malls import queries as malls


@dataclass(frozen=True, slots=True)
class ApiClient:
    """A client as a request is judged by it; ``mall`` and ``agency`` are its limits, ``None`` where it has none."""

    id: int
    name: str
    mall: int | None
    agency: int | None
    agency_code: str | None
    scopes: frozenset[str]
    per_minute: int
    prefix: str
    ends_at: datetime

    def may(self, scope: ApiScope) -> bool:
        """Whether its key opens this."""
        return scope.value in self.scopes


@dataclass(frozen=True, slots=True)
class ClientLine:
    """A client in the list for the keeper: never a key."""

    id: int
    name: str
    mall: str | None
    agency: str | None
    scopes: tuple[str, ...]
    per_minute: int
    keys: tuple[tuple[str, datetime], ...]  # prefix and end, newest first
    blocked_at: datetime | None


@dataclass(frozen=True, slots=True)
class WebhookView:
    """A webhook, with what came of its deliveries."""

    id: UUID
    client: int
    target: str
    events: tuple[str, ...]
    made_at: datetime
    ended_at: datetime | None
    waiting: int
    dead: int


@dataclass(frozen=True, slots=True)
class DeliveryView:
    """One delivery; ``state`` is waiting, delivered or dead."""

    id: UUID
    webhook: UUID
    event: str
    position: int
    state: str
    tries: int
    status: int | None
    problem: str
    made_at: datetime
    due_at: datetime
    done_at: datetime | None


def client_of_key(key: str, now: datetime) -> ApiClient | None:
    """Who holds this key; ``None`` when nobody does, when it has ended, or when its client is blocked."""
    prefix = prefix_of(key)
    if prefix is None:
        return None
    row = Key.objects.select_related("client__agency").filter(prefix=prefix).first()
    if row is None or not constant_time_compare(row.digest, digest_of(key)):
        return None
    client = row.client
    if row.ends_at <= now or client.blocked_at is not None:
        return None
    agency = client.agency
    return ApiClient(
        client.pk, client.name, client.mall_id, client.agency_id, agency.code if agency else None,
        frozenset(client.scopes), client.per_minute, row.prefix, row.ends_at,
    )  # fmt: skip


def clients() -> list[ClientLine]:
    """All clients by name."""
    rows = Client.objects.select_related("mall", "agency").prefetch_related("keys").order_by("name")
    return [
        ClientLine(
            row.pk, row.name, row.mall.code if row.mall else None, row.agency.code if row.agency else None,
            tuple(row.scopes), row.per_minute,
            tuple((k.prefix, k.ends_at) for k in sorted(row.keys.all(), key=lambda k: k.made_at, reverse=True)),
            row.blocked_at,
        )
        for row in rows
    ]  # fmt: skip


def client(number: int) -> ClientLine:
    """One client as the keeper sees it."""
    found = next((one for one in clients() if one.id == number), None)
    if found is None:
        raise refusals.NoSuchClient()
    return found


def client_names() -> dict[int, str]:
    """What each client is called."""
    return dict(Client.objects.values_list("pk", "name"))


def client_named(name: str) -> int:
    """The number of a client; refuses a name that nobody has."""
    found = Client.objects.filter(name=name).values_list("pk", flat=True).first()
    if found is None:
        raise refusals.NoSuchClient()
    return int(found)


def webhooks(*, client: int | None = None, ended: bool = False) -> list[WebhookView]:
    """Webhooks in the order in which they were made: of one client, or all; those that ended only if asked for."""
    rows = Webhook.objects.order_by("made_at", "id")
    if client is not None:
        rows = rows.filter(client=client)
    if not ended:
        rows = rows.filter(ended_at=None)
    found = list(rows)
    states = Delivery.objects.filter(webhook__in=found).exclude(state=DeliveryState.DELIVERED)
    pairs = list(states.values_list("webhook", "state"))
    return [
        WebhookView(
            row.pk, row.client_id, row.target, tuple(row.events), row.made_at, row.ended_at,
            pairs.count((row.pk, DeliveryState.WAITING)), pairs.count((row.pk, DeliveryState.DEAD)),
        )
        for row in found
    ]  # fmt: skip


def webhook(hook: UUID, *, client: int | None = None) -> WebhookView:
    """One webhook, if it is this client's."""
    found = next((one for one in webhooks(client=client, ended=True) if one.id == hook), None)
    if found is None:
        raise refusals.NoSuchWebhook()
    return found


def secret_of_webhook(hook: UUID, *, client: int | None = None) -> str:
    """The secret that its receiver checks signatures with."""
    return webhook_secret(webhook(hook, client=client).id)


def deliveries(
    hook: UUID | None = None,
    *,
    state: DeliveryState | None = None,
    after: int = 0,
    limit: int = 100,
    newest: bool = False,
) -> list[DeliveryView]:
    """Deliveries by position, of one webhook or all, in one state or any; the newest first if asked."""
    rows = Delivery.objects.filter(position__gt=after).order_by("position", "id")
    if newest:
        rows = rows.reverse()
    if hook is not None:
        rows = rows.filter(webhook=hook)
    if state is not None:
        rows = rows.filter(state=state)
    return [
        DeliveryView(
            row.pk, row.webhook_id, row.event, row.position, DeliveryState(row.state).name.lower(), row.tries,
            row.status, row.problem, row.made_at, row.due_at, row.done_at,
        )
        for row in rows[:limit]
    ]  # fmt: skip


def delivery(number: UUID) -> UUID:
    """The webhook that a delivery is for."""
    hook = Delivery.objects.filter(pk=number).values_list("webhook", flat=True).first()
    if hook is None:
        raise refusals.NoSuchDelivery()
    return hook


def webhooks_with_due(now: datetime) -> Sequence[UUID]:
    """Webhooks that have something to send now."""
    due = Delivery.objects.filter(state=DeliveryState.WAITING, due_at__lte=now, webhook__ended_at=None)
    return [row["webhook"] for row in due.values("webhook").annotate(Max("due_at"))]


def anybody_listens() -> bool:
    """Whether any webhook stands."""
    return Webhook.objects.filter(Q(ended_at=None)).exists()


def places() -> Places:
    """The names that events carry; from what malls and catalogue keep in memory."""
    rows = malls.malls()
    desks = {d.desk: (d.sign, d.agency_id) for row in rows for d in malls.hall_plan(row.id).desks}

    def step(number: int) -> StepPlace | None:
        return next((StepPlace(s.service_code, s.agency_id) for s in catalogue.steps([number])), None)

    return Places({row.id: row.code for row in rows}, desks, step)
