"""The machine's clock jumps, midnight comes, a leap day comes, the server stands in a zone with summer time."""

from __future__ import annotations

import itertools
import os
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from satuatap.features.journal.actions import number_entries
from satuatap.features.journal.models import Entry
from satuatap.features.malls import queries as malls
from satuatap.features.malls.models import Clock, Hours, Mall
from satuatap.features.visits import actions
from satuatap.features.visits.actions import lay_out
from satuatap.features.visits.actions.layout import DeskRow, PolicyRow, StepRow
from satuatap.features.visits.models import Desk, Errand, Floor, Visit
from satuatap.features.visits.states import ErrandState, Result
from satuatap.plumbing.clocks import HOLD_S, Watch
from satuatap.project import heart, tasks
from tests.factories.floors import BY

pytestmark = pytest.mark.django_db(transaction=True)

ZONES = ["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"]  # WIB, WITA, WIT
DAY = timedelta(days=1)


def open_mall(zone: str, at: datetime) -> int:
    """A mall that never closes, at a moment of its own clock."""
    malls.forget()
    mall = Mall.objects.create(code="demo", name="Demo", zone_name=zone, demo=True).pk
    for weekday in range(1, 8):
        Hours.objects.create(mall_id=mall, weekday=weekday, opens="00:00", closes="23:59:59")
    lay_out(by=BY, mall=mall, zone=zone, steps=[StepRow(1, 1, 5.0)], desks=[DeskRow(1, [1])], policy=PolicyRow())
    set_clock(mall, at)
    heart.beat(mall)
    Desk.objects.update(open=True)
    return mall


def set_clock(mall: int, at: datetime) -> None:
    """Where no honest way leads, too: back."""
    with connection.cursor() as cursor:
        cursor.execute("alter table malls_clock disable trigger malls_guard_clock")
        Clock.objects.update_or_create(
            mall_id=mall, defaults={"anchor_real": datetime.now(UTC), "anchor_mall": at, "speed": 1}
        )
        cursor.execute("alter table malls_clock enable trigger malls_guard_clock")


def take(mall: int) -> Visit:
    return actions.issue_ticket(by=BY, mall=mall, steps=[1], after=[[]])


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[float, float], None]:
    """Sets what the machine's two clocks say, in seconds from now."""
    now = datetime.now(UTC)
    said = {"wall": now, "steady": 1000.0}
    monkeypatch.setattr(heart, "WATCH", Watch())
    monkeypatch.setattr(malls, "real_now", lambda: said["wall"])
    monkeypatch.setattr(heart, "steady_clock", lambda: said["steady"])

    def tell(steady: float, jump: float) -> None:
        said.update(wall=now + timedelta(seconds=steady + jump), steady=1000.0 + steady)

    return tell


def test_a_jump_of_a_day_ends_nobodys_wait_and_is_told(clock: Callable[[float, float], None]) -> None:
    """First the harm: by a clock that is a day ahead everybody's day is over."""
    noon = datetime(2026, 11, 24, 5, tzinfo=UTC)
    mall = open_mall(ZONES[0], noon)
    take(mall)
    heart.round_of_malls()
    set_clock(mall, noon + DAY)
    clock(1, DAY.total_seconds())
    heart.round_of_malls()
    assert Errand.objects.get().state == ErrandState.READY, "in doubt, nothing is ended"
    assert Entry.objects.get(kind="clock_jumped").fact == {"seconds": 86400}
    number_entries()
    doubt = malls.clock_doubt()
    assert doubt is not None and not doubt.believed
    set_clock(mall, noon)
    clock(2, 0)
    heart.round_of_malls()
    assert Errand.objects.get().state == ErrandState.READY
    assert Entry.objects.get(kind="clock_settled").fact == {"seconds": 86400, "believed": False}
    number_entries()
    assert malls.clock_doubt() is None
    set_clock(mall, noon + DAY)
    heart.round_of_malls()
    assert Errand.objects.get().state == ErrandState.DROPPED, "without the watch it would have been so at once"


def test_a_jump_that_stays_is_believed_and_erasing_waits(
    clock: Callable[[float, float], None], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    erased: list[date] = []
    monkeypatch.setattr(tasks, "erase_what_has_ended", lambda *, by, today: erased.append(today))
    open_mall(ZONES[0], datetime(2026, 11, 24, 5, tzinfo=UTC))
    heart.round_of_malls()
    clock(1, 400 * DAY.total_seconds())
    heart.round_of_malls()
    clock(HOLD_S + 2, 400 * DAY.total_seconds())
    heart.round_of_malls()
    number_entries()
    assert Entry.objects.get(kind="clock_settled").fact["believed"] is True
    monkeypatch.setattr(malls, "real_now", lambda: datetime.now(UTC) + DAY)
    tasks.nightly(timestamp=int(time.time()))
    assert erased == [] and "nothing was erased" in caplog.text
    monkeypatch.setattr(malls, "real_now", lambda: datetime.now(UTC) + 3 * DAY)
    tasks.nightly(timestamp=int(time.time()))
    assert len(erased) == 1


def test_a_clock_that_goes_back_an_hour_keeps_numbers_calls_and_order() -> None:
    noon = datetime(2026, 11, 24, 5, tzinfo=UTC)
    mall = open_mall(ZONES[1], noon)
    first = take(mall)
    set_clock(mall, noon - timedelta(hours=1))
    heart.beat(mall)
    second = take(mall)
    assert (second.number, second.day) == (first.number + 1, first.day)
    called = actions.call_next(by=BY, desk=1)
    assert called is not None and called.visit_id in (first.pk, second.pk)
    actions.start_serving(by=BY, desk=1)
    actions.finish_errand(by=BY, desk=1, result=Result.DONE)
    again = actions.call_next(by=BY, desk=1)
    assert again is not None and {called.visit_id, again.visit_id} == {first.pk, second.pk}
    number_entries()
    with connection.cursor() as cursor:
        cursor.execute("select count(*), max(position), count(distinct entry_id) from journal_position")
        assert len(set(cursor.fetchone())) == 1


@pytest.mark.parametrize("zone", ZONES)
def test_at_midnight_where_the_mall_stands_a_new_day_begins_at_1(zone: str) -> None:
    local = datetime(2026, 11, 24, 23, 59, 30, tzinfo=ZoneInfo(zone))
    mall = open_mall(zone, local)
    late = take(mall)
    assert (late.day, late.number) == (date(2026, 11, 24), 1)
    set_clock(mall, local + timedelta(minutes=1))
    heart.beat(mall)
    assert Errand.objects.get().result == Result.UNSERVED, "who still waited is ended and listed, not forgotten"
    early = take(mall)
    assert (early.day, early.number) == (date(2026, 11, 25), 1)
    opened = Entry.objects.filter(kind="day_opened").order_by("pk").values_list("fact__day", flat=True)
    assert list(opened) == ["2026-11-24", "2026-11-25"]


@pytest.mark.parametrize("zone", ZONES)
def test_a_leap_day_is_a_day_as_any_other(zone: str) -> None:
    mall = open_mall(zone, datetime(2028, 2, 28, 23, 59, 30, tzinfo=ZoneInfo(zone)))
    for day in (date(2028, 2, 29), date(2028, 3, 1)):
        set_clock(mall, datetime(day.year, day.month, day.day, 0, 1, tzinfo=ZoneInfo(zone)))
        heart.beat(mall)
        visit = take(mall)
        assert (visit.day, visit.number) == (day, 1)
        assert malls.open_hours(mall, day).is_open and malls.next_open_day(mall, day - DAY).day == day  # type: ignore[union-attr]
        actions.close_day(by=BY, mall=mall)
        assert Floor.objects.get().closed_day == day


@pytest.fixture(params=["America/New_York", "Australia/Lord_Howe", "Europe/Berlin"])
def summer_time(request: pytest.FixtureRequest) -> Iterator[ZoneInfo]:
    """The server's own zone has summer time."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = request.param
    time.tzset()
    yield ZoneInfo(request.param)
    if before is None:
        del os.environ["TZ"]
    else:
        os.environ["TZ"] = before
    time.tzset()


def changes_of(zone: ZoneInfo, year: int) -> list[datetime]:
    """The hours of a year in which the zone's clocks are changed."""
    start = datetime(year, 1, 1, tzinfo=UTC)
    hours = [start + timedelta(hours=n) for n in range(366 * 24)]
    return [a for a, b in itertools.pairwise(hours)
            if a.astimezone(zone).utcoffset() != b.astimezone(zone).utcoffset()]  # fmt: skip


def test_the_servers_own_summer_time_moves_nothing_in_the_mall(summer_time: ZoneInfo) -> None:
    """In the hour in which the server's wall clock is set, and after it: one mall day, dense numbers, no jump."""
    zone = ZoneInfo("Asia/Jayapura")
    mall = open_mall(zone.key, datetime(2026, 1, 2, 12, tzinfo=zone))
    for change in changes_of(summer_time, 2026):
        noon = datetime(change.year, change.month, change.day, 12, tzinfo=zone)
        numbers, days = [], set()
        for minutes in (0, 59, 61, 121):
            set_clock(mall, noon + timedelta(minutes=minutes))
            heart.beat(mall)
            visit = take(mall)
            numbers.append(visit.number)
            days.add(visit.day)
        assert numbers == [1, 2, 3, 4] and days == {noon.date()}
        hours = malls.open_hours(mall, noon.date())
        assert malls.opening_moments(hours, zone.key)[0] == noon - timedelta(hours=12)
        watch = Watch()
        for n in range(3):
            moment = change + timedelta(hours=n)  # time itself has no summer time
            assert watch.look(moment.timestamp(), n * 3600.0) == "steady"
    assert len(changes_of(summer_time, 2026)) == 2
