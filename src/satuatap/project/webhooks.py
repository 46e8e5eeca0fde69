"""Webhooks as jobs: new entries of the journal become deliveries, each webhook's are sent by a job of its own.

The pauses between tries stand in the table of deliveries, not in the job: a job that dies is replaced by the round of
every minute, and nothing is sent twice for it.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from uuid import UUID

from django.db import connections, transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from satuatap.features.commons import actions, queries

log = logging.getLogger(__name__)
QUEUE = "webhooks"


def now() -> datetime:
    """The world's time: receivers know no mall's clock."""
    return datetime.now(UTC)


def defer_sending(hook: UUID, at: datetime | None = None) -> None:
    """A job for one webhook, unless one that waits already comes soon enough."""
    job = send_webhook.configure(queueing_lock=f"{hook} {'now' if at is None else 'later'}", schedule_at=at)
    try:
        with transaction.atomic():
            job.defer(hook=str(hook))
    except AlreadyEnqueued:
        pass


def fan_out_and_send() -> int:
    """Read the journal on, and see to it that what became due is sent; returns how many entries were read."""
    read = actions.fan_out()
    if read:
        for hook in queries.webhooks_with_due(now()):
            defer_sending(hook)
    return read


@app.task(name="send_webhook", queue=QUEUE)
def send_webhook(*, hook: str) -> None:
    """Send what is due to one webhook, and come back when the next try is."""
    try:
        again = actions.send_due(hook=UUID(hook), clock=now)
        if again is not None:
            defer_sending(UUID(hook), again)
    finally:
        connections.close_all()


@app.periodic(cron="* * * * *")
@app.task(name="webhooks_round", queue=QUEUE, queueing_lock="webhooks round")
def webhooks_round(timestamp: int) -> None:
    """Nothing that is due is forgotten, whatever became of its job."""
    try:
        for hook in queries.webhooks_with_due(now()):
            defer_sending(hook)
    finally:
        connections.close_all()


@app.periodic(cron="50 19 * * *")
@app.task(name="forget_deliveries", queue=QUEUE)
def forget_deliveries(timestamp: int) -> None:
    """Old deliveries leave the table at night."""
    try:
        actions.forget_deliveries(now())
    finally:
        connections.close_all()
