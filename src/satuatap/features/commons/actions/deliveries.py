"""Deliveries: made from journal positions, sent with a signature, tried again with growing pauses, kept when dead."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from satuatap.basics.actor import Actor
from satuatap.features.commons import refusals
from satuatap.features.commons.actions.webhooks import end_webhook
from satuatap.features.commons.events import KINDS, body_of, concerns
from satuatap.features.commons.facts import DeliverySentAgain
from satuatap.features.commons.models import Delivery, Webhook
from satuatap.features.commons.queries import anybody_listens, places
from satuatap.features.commons.secrets_of import webhook_secret
from satuatap.features.commons.states import PAUSES_S, DeliveryState
from satuatap.features.journal.actions import announce, move_reader
from satuatap.features.journal.queries import entries_after, last_position, position_of_reader
from satuatap.plumbing.locking import lock
from satuatap.plumbing.outbound import OutboundTrouble, check_target, post

READER = "webhooks"
BATCH = 500
MOST_A_RUN = 50  # of one webhook, so that one busy receiver does not keep the others waiting
GONE = 410
KEPT_DAYS = {DeliveryState.DELIVERED: 30, DeliveryState.DEAD: 90}


def fan_out() -> int:
    """Make a delivery of each new entry for each webhook that wants it; returns how many entries were read.

    Two processes at it do no harm: a delivery is unique by webhook and position.
    """
    with transaction.atomic():
        start = position_of_reader(READER)
        if not anybody_listens():
            move_reader(READER, last_position())
            return 0
        lines = entries_after(start, BATCH)
        wanted = [line for line in lines if line.kind in KINDS]
        hooks = list(Webhook.objects.filter(ended_at=None).select_related("client")) if wanted else []
        known = places() if hooks else None
        made = [
            Delivery(webhook=hook, position=line.position, event=KINDS[line.kind].value)
            for line in wanted
            for hook in hooks
            if known is not None
            and line.position > hook.after
            and KINDS[line.kind].value in hook.events
            and concerns(line, known, mall=hook.client.mall_id, agency=hook.client.agency_id)
        ]
        Delivery.objects.bulk_create(made, ignore_conflicts=True)
        if lines:
            move_reader(READER, lines[-1].position)
    return len(lines)


def send_due(*, hook: UUID, clock: Callable[[], datetime]) -> datetime | None:
    """Send what is due to one webhook; returns when to look again, ``None`` when nothing waits.

    After a try that reached nobody the rest of what is due waits for the next run: a receiver that is away costs one
    timeout a run, not one a message.
    """
    due = Delivery.objects.filter(webhook=hook, state=DeliveryState.WAITING, webhook__ended_at=None)
    for row in list(due.filter(due_at__lte=clock()).order_by("position")[:MOST_A_RUN]):
        if not _send(row.pk, clock):
            break
    following = due.order_by("due_at").values_list("due_at", flat=True).first()
    return None if following is None else max(following, clock() + timedelta(seconds=PAUSES_S[0]))


def _send(delivery: UUID, clock: Callable[[], datetime]) -> bool:
    """One try, outside any transaction; whether somebody answered."""
    row = Delivery.objects.select_related("webhook__client").filter(pk=delivery, state=DeliveryState.WAITING).first()
    if row is None:
        return True
    status, problem = _try(row, clock())
    good = status is not None and 200 <= status < 300
    now = clock()
    with transaction.atomic():
        locked = lock(Delivery.objects.filter(pk=delivery, state=DeliveryState.WAITING))
        if not locked:
            return True
        mine: Delivery = locked[0]
        mine.tries, mine.status, mine.problem = mine.tries + 1, status, problem
        if good:
            mine.state, mine.done_at = DeliveryState.DELIVERED, now
        elif mine.tries > len(PAUSES_S) or status == GONE:
            mine.state, mine.done_at = DeliveryState.DEAD, now
        else:
            mine.due_at = now + timedelta(seconds=PAUSES_S[mine.tries - 1])
        mine.save()
    if status == GONE:
        end_webhook(by=Actor.system("webhooks"), hook=row.webhook_id, why="gone")
    return status is not None


def _try(row: Delivery, now: datetime) -> tuple[int | None, str]:
    hook = row.webhook
    lines = [line for line in entries_after(row.position - 1, 1) if line.position == row.position]
    if not lines:
        return None, "no_entry"
    body = json.dumps(body_of(lines[0], places(), agency=hook.client.agency_id), separators=(",", ":")).encode()
    try:
        target = check_target(hook.target, settings.WEBHOOK_NETWORKS)
        status = post(target, body, signed(row.pk, now, body, webhook_secret(hook.pk)))
    except OutboundTrouble as trouble:
        return None, trouble.code
    return status, "" if 200 <= status < 300 else "refused"


def signed(delivery: UUID, now: datetime, body: bytes, secret: str) -> dict[str, str]:
    """The headers of Standard Webhooks 1: the same id at every try, the time of this one, HMAC-SHA256 over all."""
    message, stamp = f"msg_{delivery.hex}", str(int(now.timestamp()))
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signature = hmac.new(key, f"{message}.{stamp}.".encode() + body, hashlib.sha256).digest()
    return {
        "Content-Type": "application/json",
        "User-Agent": "satuatap-webhooks/1",
        "webhook-id": message,
        "webhook-timestamp": stamp,
        "webhook-signature": "v1," + base64.b64encode(signature).decode(),
    }


def forget_deliveries(now: datetime) -> int:
    """What was delivered a month ago, and what is dead for three, is no longer listed; returns how many went."""
    gone = 0
    for state, days in KEPT_DAYS.items():
        gone += Delivery.objects.filter(state=state, done_at__lt=now - timedelta(days=days)).delete()[0]
    ended = Delivery.objects.filter(webhook__ended_at__lt=now - timedelta(days=KEPT_DAYS[DeliveryState.DEAD]))
    return gone + ended.delete()[0]


def send_again(*, by: Actor, delivery: UUID, now: datetime, hook: UUID | None = None) -> UUID:
    """A dead delivery is due at once, with all its tries before it; returns its webhook."""
    with transaction.atomic():
        rows = lock(Delivery.objects.filter(pk=delivery, state=DeliveryState.DEAD))
        if not rows or hook not in (None, rows[0].webhook_id) or rows[0].webhook.ended_at is not None:
            raise refusals.NoSuchDelivery()
        row: Delivery = rows[0]
        row.state, row.tries, row.due_at, row.done_at = DeliveryState.WAITING, 0, now, None
        row.save()
        announce(DeliverySentAgain(str(row.webhook_id), str(row.pk)), by=by)
    return row.webhook_id
