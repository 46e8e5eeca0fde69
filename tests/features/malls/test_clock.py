"""A mall's clock: one function, only demos may differ, never backwards, never by a request."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from satuatap.basics.actor import Actor
from satuatap.basics.refusal import Refusal
from satuatap.features.journal.models import Entry
from satuatap.features.malls import actions, queries
from satuatap.features.malls.models import Clock, Mall

pytestmark = [pytest.mark.database15, pytest.mark.django_db(transaction=True)]
BY = Actor.system("test")


@pytest.fixture
def demo() -> Mall:
    queries.forget()
    return Mall.objects.create(code="demo", name="Demo", zone_name="Asia/Jakarta", demo=True)


def test_without_a_clock_row_the_mall_has_real_time() -> None:
    mall = Mall.objects.create(code="real", name="Real", zone_name="Asia/Jakarta")
    assert abs((queries.now(mall.pk) - datetime.now(UTC)).total_seconds()) < 5
    with pytest.raises(Refusal) as refusal:
        actions.set_clock(by=BY, mall=mall.pk, speed=10)
    assert refusal.value.code == "clock_is_real"


def test_the_database_itself_keeps_a_real_mall_on_real_time() -> None:
    mall = Mall.objects.create(code="real", name="Real", zone_name="Asia/Jakarta")
    now = datetime.now(UTC)
    with pytest.raises(IntegrityError), transaction.atomic():
        Clock.objects.create(mall=mall, anchor_real=now, anchor_mall=now + timedelta(hours=1), speed=1)


def test_a_demo_runs_faster_and_a_row_holds_both_times(demo: Mall) -> None:
    target = datetime.now(UTC) + timedelta(days=3)
    actions.set_clock(by=BY, mall=demo.pk, speed=480, jump_to=target)
    assert queries.now(demo.pk) >= target
    with connection.cursor() as cursor:
        cursor.execute("select pg_sleep(0.05)")
    assert (queries.now(demo.pk) - target).total_seconds() >= 20
    entry = Entry.objects.get(kind="clock_changed")
    assert entry.at == target
    assert abs((entry.real_at - datetime.now(UTC)).total_seconds()) < 30
    assert queries.speed(demo.pk) == 480


def test_it_never_runs_backwards(demo: Mall) -> None:
    later = datetime.now(UTC) + timedelta(days=1)
    actions.set_clock(by=BY, mall=demo.pk, jump_to=later)
    with pytest.raises(Refusal) as refusal:
        actions.set_clock(by=BY, mall=demo.pk, jump_to=later - timedelta(hours=1))
    assert refusal.value.code == "clock_never_back"
    actions.beat(mall=demo.pk, at=later + timedelta(minutes=5))
    with pytest.raises(IntegrityError), transaction.atomic():
        Clock.objects.filter(pk=demo.pk).update(anchor_mall=later, anchor_real=datetime.now(UTC))


def test_a_start_goes_on_where_it_stood_although_the_world_went_on(demo: Mall) -> None:
    stood = datetime.now(UTC) + timedelta(days=1)
    actions.set_clock(by=BY, mall=demo.pk, speed=1000, jump_to=stood)
    actions.beat(mall=demo.pk, at=stood + timedelta(seconds=1))
    with connection.cursor() as cursor:
        cursor.execute("select pg_sleep(0.05)")
    resumed = actions.resume_clock(by=BY, mall=demo.pk, at=stood + timedelta(seconds=1))
    assert (queries.now(demo.pk) - resumed).total_seconds() < 5


def test_a_demo_with_a_clock_of_its_own_stays_a_demo(demo: Mall) -> None:
    actions.set_clock(by=BY, mall=demo.pk, speed=5)
    with pytest.raises(IntegrityError), transaction.atomic():
        Mall.objects.filter(pk=demo.pk).update(demo=False)
