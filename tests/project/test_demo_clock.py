"""Where a demo's clock stands at a start: the first morning, where it stood, or the next working day at 09.10."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from satuatap.basics.actor import Actor
from satuatap.features.malls import actions, queries
from satuatap.features.malls.models import CalendarDay, Hours, Mall
from satuatap.project import demo

pytestmark = pytest.mark.django_db(transaction=True)
BY = Actor.system("test")


@pytest.fixture
def mall() -> Mall:
    row = Mall.objects.create(code="demo", name="Demo", zone_name="Asia/Jakarta", demo=True)
    for weekday in range(1, 6):
        Hours.objects.create(mall=row, weekday=weekday, opens=time(8), closes=time(16))
    queries.forget()
    return row


def at(day: int, hour: int, minute: int) -> datetime:
    """November 2026 on Jakarta's wall clock."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC) - timedelta(hours=7)


def test_an_empty_demo_opens_on_its_first_morning(mall: Mall) -> None:
    demo.prepare_clocks()
    assert 0 <= (queries.now(mall.pk) - at(24, 9, 10)).total_seconds() < 5


def test_a_later_start_goes_on_where_it_stood(mall: Mall) -> None:
    demo.prepare_clocks()
    actions.set_clock(by=BY, mall=mall.pk, speed=400, jump_to=at(24, 11, 0))
    actions.beat(mall=mall.pk, at=at(24, 11, 20))
    demo.prepare_clocks()
    assert 0 <= (queries.now(mall.pk) - at(24, 11, 20)).total_seconds() < 5
    assert queries.speed(mall.pk) == 1.0


@pytest.mark.parametrize(("stood", "opens"), [(at(24, 16, 29), at(24, 16, 29)), (at(24, 16, 31), at(25, 9, 10))])
def test_after_the_day_it_opens_the_next_working_day(mall: Mall, stood: datetime, opens: datetime) -> None:
    demo.prepare_clocks()
    actions.set_clock(by=BY, mall=mall.pk, jump_to=stood - timedelta(minutes=1))
    actions.beat(mall=mall.pk, at=stood)
    demo.prepare_clocks()
    assert 0 <= (queries.now(mall.pk) - opens).total_seconds() < 5


def test_it_leaps_over_weekend_and_holiday(mall: Mall) -> None:
    CalendarDay.objects.create(date=date(2026, 11, 30), kind="national_holiday", name="Libur uji")
    demo.prepare_clocks()
    actions.beat(mall=mall.pk, at=at(27, 17, 0))
    demo.prepare_clocks()
    assert 0 <= (queries.now(mall.pk) - datetime(2026, 12, 1, 2, 10, tzinfo=UTC)).total_seconds() < 5


def test_a_real_mall_is_left_alone() -> None:
    row = Mall.objects.create(code="real", name="Real", zone_name="Asia/Makassar")
    queries.forget()
    assert demo.prepare_clocks() == []
    assert abs((queries.now(row.pk) - datetime.now(UTC)).total_seconds()) < 5
