"""A client's own webhooks: make, list, end, look at deliveries, send the dead again."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from satuatap.basics.actor import Actor
from satuatap.features.commons import actions, queries
from satuatap.features.commons.states import ApiScope
from satuatap.web.api import asks, schemas
from satuatap.web.api.auth import client_of, needs
from satuatap.web.api.paging import A_PAGE, Cursor, Limit, cursor_of, position_of

router = Router(tags=["webhooks"])


@router.get("/webhooks", response=schemas.Webhooks, **needs(ApiScope.WEBHOOKS))
def webhooks(request: HttpRequest) -> dict[str, Any]:
    return {"items": queries.webhooks(client=client_of(request).id)}


@router.post("/webhooks", response={201: schemas.MadeWebhook}, **needs(ApiScope.WEBHOOKS))
def make_webhook(request: HttpRequest, key: asks.Key, body: asks.NewWebhook) -> tuple[int, dict[str, Any]]:
    client = client_of(request)
    made = actions.make_webhook(
        by=Actor.client(client.id), client=client.id, target=body.target, events=[e.value for e in body.events],
        request=key,
    )  # fmt: skip
    view = queries.webhook(made.pk, client=client.id)
    secret = queries.secret_of_webhook(made.pk, client=client.id)
    return 201, {**{name: getattr(view, name) for name in schemas.Webhook.model_fields}, "secret": secret}


@router.delete("/webhooks/{uuid:hook}", response=schemas.Done, **needs(ApiScope.WEBHOOKS))
def end_webhook(request: HttpRequest, hook: UUID) -> dict[str, Any]:
    client = client_of(request)
    actions.end_webhook(by=Actor.client(client.id), hook=hook, client=client.id)
    return {"ok": True}


@router.get("/webhooks/{uuid:hook}/deliveries", response=schemas.Deliveries, **needs(ApiScope.WEBHOOKS))
def deliveries(request: HttpRequest, hook: UUID, cursor: Cursor = None, limit: Limit = A_PAGE) -> dict[str, Any]:
    view = queries.webhook(hook, client=client_of(request).id)
    rows = queries.deliveries(view.id, after=min(position_of(cursor), 2**62), limit=limit + 1)
    following = cursor_of(rows[limit - 1].position) if len(rows) > limit else None
    return {"items": rows[:limit], "next": following}


@router.post(
    "/webhooks/{uuid:hook}/deliveries/{uuid:delivery}/resend", response=schemas.Done, **needs(ApiScope.WEBHOOKS)
)
def resend(request: HttpRequest, hook: UUID, delivery: UUID) -> dict[str, Any]:
    client = client_of(request)
    view = queries.webhook(hook, client=client.id)
    actions.send_again(by=Actor.client(client.id), delivery=delivery, now=datetime.now(UTC), hook=view.id)
    return {"ok": True}
