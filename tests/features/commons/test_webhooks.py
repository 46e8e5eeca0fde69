"""Webhooks: signed as Standard Webhooks says, tried again with growing pauses, dead at last, never to a wrong place."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.conf import LazySettings
from standardwebhooks.webhooks import Webhook as Standard
from standardwebhooks.webhooks import WebhookVerificationError

from satuatap.basics.actor import Actor
from satuatap.basics.facts import Fact
from satuatap.features.commons import actions, queries, refusals
from satuatap.features.commons.actions.clients import Limits
from satuatap.features.commons.actions.deliveries import READER
from satuatap.features.commons.events import KINDS, TOLD, Places, StepPlace, body_of, concerns
from satuatap.features.commons.models import Delivery, Webhook
from satuatap.features.commons.states import PAUSES_S, DeliveryState, Event
from satuatap.features.journal.actions import number_entries
from satuatap.features.journal.models import Entry
from satuatap.features.journal.queries import Line, last_position, position_of_reader
from satuatap.features.visits import actions as visits
from satuatap.features.visits import facts
from satuatap.plumbing import outbound
from tests.factories.floors import make_floor
from tests.factories.people import BY
from tests.features.commons.receiver import Receiver, receiving

pytestmark = pytest.mark.django_db(transaction=True)
ALL = [event.value for event in Event]


class Clock:
    """The world's time, which tests move on."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def receiver(settings: LazySettings) -> Iterator[Receiver]:
    settings.WEBHOOK_NETWORKS = outbound.networks_of("127.0.0.0/8")
    with receiving() as found:
        yield found


def client(**limits: str) -> int:
    name = f"klien {uuid4()}"
    made = actions.make_client(by=BY, name=name, limits=Limits(["webhooks:write"], **limits), now=datetime.now(UTC))
    return made.client


def hook_to(url: str, events: list[str] | None = None) -> UUID:
    number_entries()
    return actions.make_webhook(by=BY, client=client(), target=url, events=events or ALL).pk


def something_happens() -> None:
    make_floor({1: 8.0}, {1: [1]})
    visits.issue_ticket(by=BY, mall=1, steps=[1], after=[[]], request=uuid4())
    visits.call_next(by=BY, desk=1, request=uuid4())
    number_entries()


def events_of(receiver: Receiver) -> list[str]:
    return [json.loads(body)["type"] for _headers, body in receiver.got]


def test_what_happens_is_told_once_signed_and_in_order(receiver: Receiver) -> None:
    hook, another = hook_to(receiver.url), client()
    other = actions.make_webhook(by=BY, client=another, target=receiver.url, events=["day.closed"]).pk
    something_happens()
    while actions.fan_out():
        pass
    assert actions.send_due(hook=hook, clock=Clock()) is None
    assert events_of(receiver) == ["ticket.issued", "errand.called"]
    check = Standard(queries.secret_of_webhook(hook))
    for headers, body in receiver.got:
        check.verify(body, headers)
        with pytest.raises(WebhookVerificationError):
            check.verify(body.replace(b"1", b"2", 1), headers)
        with pytest.raises(WebhookVerificationError):
            check.verify(body, {**headers, "webhook-id": "msg_other"})
        with pytest.raises(WebhookVerificationError):
            Standard(queries.secret_of_webhook(other)).verify(body, headers)
    assert actions.fan_out() == 0
    assert actions.send_due(hook=hook, clock=Clock()) is None
    assert len(receiver.got) == 2


def test_the_reader_may_read_twice_and_what_was_before_the_webhook_is_not_told(receiver: Receiver) -> None:
    something_happens()
    hook = hook_to(receiver.url)
    while actions.fan_out():
        pass
    assert not Delivery.objects.exists()
    visits.start_serving(by=BY, desk=1, request=uuid4())
    number_entries()
    actions.fan_out()
    from_the_start = Webhook.objects.filter(pk=hook).update(after=0)
    assert from_the_start == 1
    assert [d.event for d in queries.deliveries(hook)] == ["errand.started"]


def test_failed_tries_come_after_growing_pauses_then_it_is_dead_and_can_be_sent_again(receiver: Receiver) -> None:
    hook = hook_to(receiver.url, ["errand.called"])
    something_happens()
    actions.fan_out()
    clock = Clock()
    receiver.answers = [500, 302, 404] + [503] * len(PAUSES_S)
    pauses = []
    for _ in range(len(PAUSES_S) + 1):
        before = clock.now
        again = actions.send_due(hook=hook, clock=clock)
        assert actions.send_due(hook=hook, clock=clock) == again, "not before its time"
        if again is not None:
            pauses.append((again - before).total_seconds())
            clock.now = again
    assert pauses == list(PAUSES_S)
    assert pauses == sorted(pauses)
    assert len(receiver.got) == len(PAUSES_S) + 1
    assert len({headers["webhook-id"] for headers, _ in receiver.got}) == 1
    assert len({body for _, body in receiver.got}) == 1
    dead = queries.deliveries(hook, state=DeliveryState.DEAD)
    assert [(d.event, d.tries, d.status) for d in dead] == [("errand.called", len(PAUSES_S) + 1, 503)]
    assert queries.webhooks()[0].dead == 1

    receiver.answers.clear()
    assert actions.send_again(by=BY, delivery=dead[0].id, now=clock.now) == hook
    assert actions.send_due(hook=hook, clock=clock) is None
    assert queries.deliveries(hook)[0].state == "delivered"
    with pytest.raises(refusals.NoSuchDelivery):
        actions.send_again(by=BY, delivery=dead[0].id, now=clock.now)


def test_old_deliveries_leave_the_table_and_those_that_wait_stay(receiver: Receiver) -> None:
    hook, clock = hook_to(receiver.url), Clock()
    something_happens()
    actions.fan_out()
    clock.now += timedelta(seconds=5)
    first = queries.deliveries(hook)[0]
    Delivery.objects.filter(pk=first.id).update(state=DeliveryState.DEAD, done_at=clock.now)
    actions.send_due(hook=hook, clock=clock)
    assert [d.state for d in queries.deliveries(hook)] == ["dead", "delivered"]
    Delivery.objects.create(webhook_id=hook, position=10**9, event="day.closed")
    left = [len(queries.deliveries(hook)) for days in (29, 31, 89, 91)
            if actions.forget_deliveries(clock.now + timedelta(days=days)) >= 0]  # fmt: skip
    assert left == [3, 2, 2, 1]


def test_a_receiver_that_is_away_costs_one_try_a_run(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    hook = hook_to(receiver.url)
    something_happens()
    actions.fan_out()
    tried = []

    def away(*_words: object) -> int:
        tried.append(1)
        raise outbound.OutboundTrouble("timeout")

    monkeypatch.setattr("satuatap.features.commons.actions.deliveries.post", away)
    actions.send_due(hook=hook, clock=Clock())
    assert len(tried) == 1
    first, second = queries.deliveries(hook)
    assert (first.tries, first.problem, second.tries) == (1, "timeout", 0)


def test_a_receiver_that_says_gone_is_told_no_more(receiver: Receiver) -> None:
    hook = hook_to(receiver.url)
    something_happens()
    actions.fan_out()
    receiver.answers = [410]
    actions.send_due(hook=hook, clock=Clock())
    actions.send_due(hook=hook, clock=Clock())
    assert len(receiver.got) == 2  # the second was under way in the same run
    assert queries.webhook(hook).ended_at is not None
    assert Entry.objects.get(kind="webhook_ended").fact["why"] == "gone"


@pytest.mark.parametrize("target", [
    "https://127.0.0.1/x", "https://localhost/x", "https://[::1]/x", "https://10.1.2.3/", "https://192.168.0.9/",
    "https://169.254.169.254/latest/meta-data", "https://[fe80::1]/", "https://[::ffff:127.0.0.1]/", "https://0.0.0.0/",
    "https://[64:ff9b::7f00:1]/", "https://[2002:7f00:1::]/", "https://2130706433/", "https://0x7f000001/",
    "http://93.184.215.14/", "ftp://93.184.215.14/", "file:///etc/passwd", "https://user:word@93.184.215.14/",
    "https://93.184.215.14\\@127.0.0.1/", "https://93.184.215.14/\r\nX-Evil: 1", "https://", "nonsense",
    "https://93.184.215.14:99999/", "https://tidak-ada.invalid/", "https://224.0.0.1/",
    "https://93.184.215.14/" + "x" * 600,
])  # fmt: skip
def test_an_inner_or_strange_address_is_refused(target: str) -> None:
    with pytest.raises(refusals.AddressRefused):
        actions.make_webhook(by=BY, client=client(), target=target, events=ALL)


def test_a_name_that_points_inside_later_is_not_asked(receiver: Receiver, settings: LazySettings) -> None:
    hook = hook_to(receiver.url)
    something_happens()
    actions.fan_out()
    settings.WEBHOOK_NETWORKS = ()
    actions.send_due(hook=hook, clock=Clock())
    assert receiver.got == []
    assert queries.deliveries(hook)[0].problem == "private_address"


def test_events_are_chosen_from_the_list_and_ten_webhooks_are_enough(receiver: Receiver) -> None:
    mine = client()
    for events in ([], ["everything"], ["ticket.issued", "x"]):
        with pytest.raises(refusals.EventsUnknown):
            actions.make_webhook(by=BY, client=mine, target=receiver.url, events=events)
    for _ in range(10):
        actions.make_webhook(by=BY, client=mine, target=receiver.url, events=ALL)
    with pytest.raises(refusals.TooManyWebhooks):
        actions.make_webhook(by=BY, client=mine, target=receiver.url, events=ALL)
    with pytest.raises(refusals.NoSuchWebhook):
        actions.end_webhook(by=BY, hook=queries.webhooks()[0].id, client=client())
    actions.block_client(by=BY, client=mine)
    assert queries.webhooks() == []


# ------------------------------------------------------------------ who hears of what (no database)
PLACES = Places(
    {1: "satu"}, {1: ("1", 7), 2: ("2", 8)}, lambda step: {1: StepPlace("ktp", 7), 2: StepPlace("sip", 8)}.get(step)
)
SAMPLES: list[Fact] = [
    facts.TicketIssued(5, "2026-11-27", 0, [1, 2], [0, 0], 1, "kiosk", 0, "s"),
    facts.Called(5, 1, 0, 1, 1, 10, 1, "s"), facts.Recalled(1, 0, 1, "s", 1, 5), facts.ServiceStarted(1, 0, 1, "s"),
    facts.Finished(1, 0, 1, "done", False, [], [], 0, 1, "s"), facts.Missed(1, 0, 1, "s"),
    facts.Transferred(1, 0, 1, 2, "equipment", 1, "s"), facts.StepUndone(1, "called", 0, 1, "s"),
    facts.DeskOpened(1, [1], 4), facts.DeskClosed(1, "break"), facts.DayOpened("2026-11-27", None, None),
    facts.DayClosed("2026-11-27"),
]  # fmt: skip


def line(fact: Fact, mall: int = 1) -> Line:
    now = datetime(2026, 11, 27, 2, tzinfo=UTC)
    return Line(9, 9, now, now, fact.kind, Actor.account(3).code, mall, 77, fact.as_json())


def test_every_event_has_a_sample_and_its_fields_exist() -> None:
    assert {fact.kind for fact in SAMPLES} == set(KINDS)
    for fact in SAMPLES:
        assert set(TOLD[KINDS[fact.kind]]) <= set(fact.as_json())


@pytest.mark.parametrize("fact", SAMPLES, ids=lambda fact: str(fact.kind))
def test_a_body_says_no_more_than_is_listed(fact: Fact) -> None:
    body = body_of(line(fact), PLACES, agency=None)
    assert set(body) == {"type", "timestamp", "data"}
    allowed = {"position", "mall", "visit", "service", "services", "sign", *TOLD[KINDS[fact.kind]]}
    assert set(body["data"]) <= allowed
    assert "account" not in json.dumps(body)
    assert "officer" not in json.dumps(body)
    assert body["data"]["mall"] == "satu"


@pytest.mark.parametrize("fact", SAMPLES, ids=lambda fact: str(fact.kind))
def test_an_agency_hears_of_its_own_desks_and_services_only(fact: Fact) -> None:
    whole_mall = fact.kind.startswith("day_")
    assert concerns(line(fact), PLACES, mall=None, agency=7)
    assert concerns(line(fact), PLACES, mall=None, agency=9) is whole_mall
    assert concerns(line(fact), PLACES, mall=2, agency=None) is False
    if fact.kind == "ticket_issued":
        assert body_of(line(fact), PLACES, agency=7)["data"]["services"] == ["ktp"]
    elif not whole_mall:
        assert concerns(line(fact), PLACES, mall=1, agency=8) is False
    other = facts.Reclassed(1, 1, "s")
    assert concerns(line(other), PLACES, mall=None, agency=None) is False


def test_nobody_listens_and_the_reader_goes_on() -> None:
    something_happens()
    assert actions.fan_out() == 0
    assert position_of_reader(READER) == last_position() > 0
