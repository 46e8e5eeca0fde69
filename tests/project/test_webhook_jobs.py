"""From the journal to a receiver through the table of jobs."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from satuatap.features.commons import actions, queries
from satuatap.features.commons.actions.clients import Limits
from satuatap.features.commons.models import Delivery
from satuatap.features.journal.actions import number_entries
from satuatap.features.visits import actions as visits
from satuatap.plumbing import outbound
from satuatap.project import webhooks
from tests.factories.floors import BY, make_floor
from tests.features.commons.receiver import receiving
from tests.project.test_tasks import work

pytestmark = pytest.mark.django_db(transaction=True)


def jobs() -> list[tuple[str, str]]:
    rows = ProcrastinateJob.objects.filter(task_name="send_webhook").order_by("id")
    return list(rows.values_list("task_name", "status"))


def test_an_event_becomes_a_job_and_a_failed_try_a_later_one(settings) -> None:
    settings.WEBHOOK_NETWORKS = outbound.networks_of("127.0.0.1")
    with receiving() as receiver:
        made = actions.make_client(by=BY, name="k", limits=Limits(["webhooks:write"]), now=datetime.now(UTC))
        hook = actions.make_webhook(by=BY, client=made.client, target=receiver.url, events=["ticket.issued"]).pk
        make_floor({1: 8.0}, {1: [1]})
        visits.issue_ticket(by=BY, mall=1, steps=[1], after=[[]], request=uuid4())
        number_entries()
        receiver.answers = [500]
        assert webhooks.fan_out_and_send() > 0
        webhooks.webhooks_round(0)
        assert jobs() == [("send_webhook", "todo")], "one job, however often it is asked for"
        work()
        assert jobs() == [("send_webhook", "succeeded"), ("send_webhook", "todo")]
        assert [d.tries for d in queries.deliveries(hook)] == [1]
        Delivery.objects.update(due_at=datetime.now(UTC))
        webhooks.webhooks_round(0)
        work()
        assert [json.loads(body)["type"] for _headers, body in receiver.got] == ["ticket.issued"] * 2
        assert [d.state for d in queries.deliveries(hook)] == ["delivered"]
