"""A client says where it wants to be told of what, and when no more."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now

from satuatap.basics.actor import Actor
from satuatap.features.commons import refusals
from satuatap.features.commons.facts import WebhookEnded, WebhookMade
from satuatap.features.commons.models import Client, Webhook
from satuatap.features.commons.states import Event
from satuatap.features.journal.actions import announce
from satuatap.features.journal.queries import entry_of_request, last_position
from satuatap.features.journal.refusals import KeyUsedOtherwise
from satuatap.plumbing.locking import lock
from satuatap.plumbing.outbound import OutboundTrouble, check_target

MOST_WEBHOOKS = 10
LONGEST_TARGET = 500


def make_webhook(*, by: Actor, client: int, target: str, events: Iterable[str], request: UUID | None = None) -> Webhook:
    """From the next event on, the address is told. Refused where the city does not let messages go."""
    wanted = _events(events)
    if len(target) > LONGEST_TARGET:
        raise refusals.AddressRefused()
    try:
        check_target(target, settings.WEBHOOK_NETWORKS)
    except OutboundTrouble:
        raise refusals.AddressRefused() from None
    with transaction.atomic():
        rows = lock(Client.objects.filter(pk=client))
        if not rows:
            raise refusals.NoSuchClient()
        if rows[0].blocked_at is not None:
            raise refusals.ClientIsBlocked()
        before = entry_of_request(request, WebhookMade.kind, client=client, events=wanted)
        if before is not None:
            known = Webhook.objects.get(pk=before.fact["webhook"])
            if known.target != target:
                raise KeyUsedOtherwise()
            return known
        if Webhook.objects.filter(client=client, ended_at=None).count() >= MOST_WEBHOOKS:
            raise refusals.TooManyWebhooks()
        row = Webhook.objects.create(client=rows[0], target=target, events=wanted, after=last_position())
        row.refresh_from_db()
        announce(WebhookMade(client, str(row.pk), wanted), by=by, mall=rows[0].mall_id, request=request)
    return row


def end_webhook(*, by: Actor, hook: UUID, client: int | None = None, why: str = "asked") -> None:
    """It is told no more; what was waiting is not sent. Twice is once."""
    with transaction.atomic():
        rows = lock(Webhook.objects.filter(pk=hook, **({} if client is None else {"client": client})))
        if not rows:
            raise refusals.NoSuchWebhook()
        if rows[0].ended_at is not None:
            return
        Webhook.objects.filter(pk=hook).update(ended_at=Now())
        announce(WebhookEnded(rows[0].client_id, str(hook), why), by=by)


def _events(asked: Iterable[str]) -> list[str]:
    known = [event.value for event in Event]
    wanted = list(asked)
    if not wanted or any(event not in known for event in wanted):
        raise refusals.EventsUnknown()
    return [event for event in known if event in wanted]
