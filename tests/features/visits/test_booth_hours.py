"""A booth that closes before the mall gives no numbers from then on: by the mall's own clock, never the machine's."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from satuatap.features.journal.models import Entry
from satuatap.features.malls import actions as malls_actions
from satuatap.features.malls import queries as malls
from satuatap.features.malls.models import Booth, CalendarDay, Desk, Hours
from satuatap.features.visits import actions, queries, refusals
from satuatap.features.visits.models import StepTime, Visit
from satuatap.project import heart
from tests.factories.floors import BY, make_floor
from tests.web.world import make_world

pytestmark = pytest.mark.django_db(transaction=True)

ZONE = "Asia/Jakarta"
MONDAY = date(2031, 3, 3)
EARLY, BOTH, LATE = 1, 2, 3  # served by the early booth alone, by both, by the other alone


def at(hour: int, minute: int, day: date = MONDAY) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZoneInfo(ZONE))


@pytest.fixture
def mall() -> int:
    """Hours 8 to 16; the booth of the health office closes at 15. Monday morning at nine."""
    known = int(make_world().names["mall"])
    early, other = Booth.objects.get(code="dinkes"), Booth.objects.get(code="dukcapil")
    for weekday in range(1, 8):
        Hours.objects.create(mall_id=known, weekday=weekday, opens="08:00", closes="16:00")
        Hours.objects.create(mall_id=known, booth=early, weekday=weekday, opens="08:00", closes="15:00")
    desks = {early.desks.get().pk: [EARLY, BOTH], other.desks.get().pk: [BOTH, LATE]}
    make_floor({EARLY: 5.0, BOTH: 5.0, LATE: 5.0}, desks, mall=known)
    clock(known, at(9, 0))
    return known


def clock(mall: int, moment: datetime) -> None:
    malls_actions.set_clock(by=BY, mall=mall, jump_to=moment)
    malls.forget()
    heart.beat(mall)


def take(mall: int, *steps: int) -> Visit:
    return actions.issue_ticket(by=BY, mall=mall, steps=steps, after=[[] for _ in steps], request=uuid4())


def test_numbers_end_with_the_booth_and_begin_again_the_next_day(mall: int) -> None:
    waits = take(mall, EARLY)
    clock(mall, at(14, 59))
    take(mall, EARLY, LATE)
    clock(mall, at(15, 0))
    for steps in ([EARLY], [LATE, EARLY]):
        with pytest.raises(refusals.BoothHasEnded, match=r"sampai 15\.00 hari ini"):
            take(mall, *steps)
    take(mall, BOTH), take(mall, LATE)  # another booth goes on
    called = actions.call_next(by=BY, desk=Desk.objects.get(booth__code="dinkes").pk, request=uuid4())
    assert called is not None and called.visit_id == waits.pk, "who has a number is served"
    clock(mall, at(16, 0))
    with pytest.raises(refusals.MallIsClosed):
        take(mall, EARLY)
    clock(mall, at(8, 1, MONDAY + timedelta(days=1)))
    take(mall, EARLY)


def test_a_dated_exception_holds_with_the_next_beat_and_ends_when_it_is_withdrawn(mall: int) -> None:
    clock(mall, at(10, 30))
    row = CalendarDay.objects.create(
        date=MONDAY, kind="special_hours", name="Rapat", mall_id=mall, booth=Booth.objects.get(code="dukcapil"),
        opens="08:00", closes="10:00",
    )  # fmt: skip
    malls.forget()
    heart.beat(mall)
    with pytest.raises(refusals.BoothHasEnded, match=r"10\.00"):
        take(mall, LATE)
    take(mall, BOTH)
    ends = queries.early_ends(mall, MONDAY)
    assert ends == {EARLY: at(15, 0), BOTH: at(15, 0), LATE: at(10, 0)}, "the last of a step's booths counts"
    row.delete()
    malls.forget()
    heart.beat(mall)
    take(mall, LATE)


def test_a_longer_hour_of_a_booth_never_outlives_the_mall_and_a_beat_that_changes_nothing_says_nothing(
    mall: int,
) -> None:
    Hours.objects.filter(booth__code="dinkes").update(closes="17:00")
    clock(mall, at(9, 1))
    assert not StepTime.objects.filter(mall=mall, open_until__isnull=False).exists()
    said = Entry.objects.filter(kind="steps_bounded").count()
    heart.beat(mall)
    assert Entry.objects.filter(kind="steps_bounded").count() == said
    clock(mall, at(16, 1))
    with pytest.raises(refusals.MallIsClosed):
        take(mall, EARLY)


def test_what_was_asked_with_one_key_before_the_end_is_answered_after_it(mall: int) -> None:
    key = uuid4()
    first = actions.issue_ticket(by=BY, mall=mall, steps=[EARLY], after=[[]], request=key)
    clock(mall, at(15, 30))
    assert actions.issue_ticket(by=BY, mall=mall, steps=[EARLY], after=[[]], request=key).pk == first.pk


def test_the_check_stands_in_the_issue_itself_and_costs_no_look(mall: int) -> None:
    clock(mall, at(9, 2))
    queries.closed_steps(mall)  # kept for two seconds, for every number
    with CaptureQueriesContext(connection) as asked:
        take(mall, EARLY)
    assert len(asked) == 2, "the issue, and the visit it made"
    # Whatever a screen believes: the moment is looked at where the number is written.
    StepTime.objects.filter(mall=mall, step=EARLY).update(open_until=malls.now(mall))
    with pytest.raises(refusals.BoothHasEnded):
        take(mall, EARLY)
