"""Minutes until called: the 10th to 90th percentile of real cases, else a tagged guess; never invented certainty."""

from __future__ import annotations

import time as clock
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.db.models import F
from hypothesis import given
from hypothesis import strategies as st

from satuatap.features.catalogue import queries as catalogue
from satuatap.features.malls import queries as malls
from satuatap.features.visits import actions, queries, snapshot, waits
from satuatap.features.visits.models import Desk, Errand, Floor, Visit
from satuatap.features.visits.states import Result
from satuatap.features.visits.waits import LAST_HOUR, PAST_DAYS, SYNTHETIC, MinutesRange
from satuatap.project.city.opening import open_city
from tests.factories.cities import TANJUNG, change, copy_of
from tests.factories.people import BY

GUESS = MinutesRange(3, 9, SYNTHETIC, 0)
minutes = st.floats(0, 300, allow_nan=False)


def test_ten_cases_by_hand() -> None:
    """1 to 10 minutes: the 10th percentile is 1.9, the 90th 9.1; shown as whole minutes that hold both."""
    found = waits.from_cases([float(n) for n in range(10, 0, -1)], LAST_HOUR)
    assert found == MinutesRange(1, 10, LAST_HOUR, 10)
    assert waits.from_cases([5.0] * 10, LAST_HOUR) == MinutesRange(5, 6, LAST_HOUR, 10)  # never "5 to 5"


def test_under_ten_cases_is_not_enough_and_the_next_basis_is_asked() -> None:
    nine, ten = [4.0] * 9, [8.0] * 10
    assert waits.from_cases(nine, LAST_HOUR) is None
    assert waits.pick_range(ten, [1.0] * 50, GUESS).basis == LAST_HOUR
    assert waits.pick_range(nine, ten, GUESS).basis == PAST_DAYS
    last = waits.pick_range(nine, nine, GUESS)
    assert last == GUESS and not last.enough  # "belum cukup data"


def test_the_guess_by_hand() -> None:
    """4 people with 20 minutes of work, 2 desks: mean 10; spread 2 x 0.7 x 5 / 2 + 2.5 = 6; 10 -+ 1.2816 x 6."""
    assert waits.from_load(20, 4, 2, 3) == MinutesRange(2, 18, SYNTHETIC, 3)
    assert waits.from_load(0, 0, 0, 0) == MinutesRange(0, 2, SYNTHETIC, 0)


def test_who_has_waited_sees_what_is_left_and_never_a_minus() -> None:
    assert MinutesRange(5, 20, LAST_HOUR, 12).after(7.5) == MinutesRange(0, 13, LAST_HOUR, 12)
    assert MinutesRange(5, 20, LAST_HOUR, 12).after(90) == MinutesRange(0, 1, LAST_HOUR, 12)


@given(st.lists(minutes, min_size=10, max_size=60))
def test_about_eight_of_ten_cases_lie_inside_their_own_range(cases: list[float]) -> None:
    found = waits.from_cases(cases, LAST_HOUR)
    assert found is not None and 0 <= found.low < found.high
    outside = sum(not found.low <= case <= found.high for case in cases)
    assert outside <= 2 * (0.1 * (len(cases) - 1) + 1)


# Through the tables


@pytest.fixture
def mall(transactional_db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    """The WITA city, open all day, desks 1 to 4 calling."""
    monkeypatch.setenv("SATUATAP_HOME", str(tmp_path / "home"))
    assert open_city(TANJUNG).problems == []
    now = datetime.now(UTC)
    Floor.objects.update(open_from=now - timedelta(days=400), open_until=now + timedelta(days=400))
    Desk.objects.filter(skills__len__gt=0).update(open=True)
    return malls.malls()[0].id


def called(mall: int, service: str, waited: list[float], ago: float = 1, days: int = 0) -> int:
    """Visits that waited so long and were called ``ago`` minutes (and days) ago; returns the step."""
    (step,) = catalogue.steps_of([service])
    for wait in waited:
        visit = actions.issue_ticket(by=BY, mall=mall, steps=[step.id], after=[[]])
        desk = Desk.objects.filter(skills__contains=[step.id], open=True, visit=None).first()
        assert desk is not None and actions.call_next(by=BY, desk=desk.pk) is not None
        actions.finish_errand(by=BY, desk=desk.pk, result=Result.DONE)
        shift = timedelta(minutes=ago, days=days)
        with connection.cursor() as cursor:
            cursor.execute(
                "update visits_visit set arrived_at = arrived_at - %s, day = day - %s where id = %s",
                [shift + timedelta(minutes=wait), days, visit.pk],
            )
            cursor.execute("update visits_errand set called_at = called_at - %s where visit_id = %s", [shift, visit.pk])
    return step.id


@pytest.mark.database15
def test_the_last_hour_is_the_basis_from_ten_calls_on(mall: int) -> None:
    step = called(mall, "nib", [float(n) for n in range(1, 10)])
    before = queries.hall(mall, fresh=True).steps[step].range
    assert (before.basis, before.cases, before.enough) == (SYNTHETIC, 9, False)
    called(mall, "nib", [10.0])
    assert queries.hall(mall, fresh=True).steps[step].range == MinutesRange(1, 10, LAST_HOUR, 10)


@pytest.mark.database15
def test_calls_of_more_than_an_hour_ago_do_not_count(mall: int) -> None:
    step = called(mall, "nib", [3.0] * 12, ago=61)
    assert not queries.hall(mall, fresh=True).steps[step].range.enough


@pytest.mark.database15
def test_the_same_half_hour_of_past_days_is_the_second_basis(mall: int) -> None:
    """Moved by whole days, so that who arrived in this half hour did so then; a year-old day no longer counts."""
    while (left := 1800 - clock.time() % 1800) < 30:  # a half hour that ends meanwhile would be another one
        clock.sleep(left)
    step = called(mall, "nib", [0.0] * 11, ago=0, days=3)
    assert queries.hall(mall, fresh=True).steps[step].range == MinutesRange(0, 1, PAST_DAYS, 11)


@pytest.mark.database15
def test_what_nobody_recorded_counts_on_no_basis(mall: int) -> None:
    while (left := 1800 - clock.time() % 1800) < 30:
        clock.sleep(left)
    step = called(mall, "nib", [0.0] * 11, ago=0, days=3)
    Errand.objects.filter(step=step).update(result=Result.NOT_RECORDED.value, estimated=True)
    assert not queries.hall(mall, fresh=True).steps[step].range.enough


@pytest.mark.database15
@pytest.mark.parametrize("half_hour", ["00:00", "08:30", "23:30"])
def test_every_half_hour_of_the_day_has_an_end(mall: int, half_hour: str) -> None:
    """The last one ends at midnight, which as a time of day comes before its start."""
    step = called(mall, "nib", [0.0] * 11, ago=0, days=3)
    zone = Floor.objects.get(pk=mall).zone
    today = malls.local(malls.now(mall), zone).date()
    hour, minute = (int(part) for part in half_hour.split(":"))
    day = today - timedelta(days=3)
    then = datetime.combine(day, time(hour, minute), ZoneInfo(zone))
    for minutes_on, cases in ((0, 11), (29, 11), (30, 0), (-1, 0)):
        Visit.objects.filter(mall=mall).update(
            arrived_at=then + timedelta(minutes=minutes_on), day=today - timedelta(days=3)
        )
        assert len(snapshot.past_waits(mall, today, zone, half_hour).get(step, [])) == cases


def step_of(code: str, order: int = 1) -> int:
    return next(step.id for step in catalogue.steps_of([code]) if step.order == order)


def waiting_zone(visit: Visit) -> str | None:
    queries.hall(visit.mall, fresh=True)  # tests close desks without a fact that would tell the screens
    return queries.holder_view(visit).wait_zone


@pytest.mark.database15
def test_she_waits_where_the_least_is_before_her_own_errand(mall: int) -> None:
    """Health card 6 minutes in zone B with one person before her; business number 12 in zone A with nobody."""
    card, number = step_of("kis"), step_of("nib")
    actions.issue_ticket(by=BY, mall=mall, steps=[card], after=[[]])
    visit = actions.issue_ticket(by=BY, mall=mall, steps=[card, number], after=[[], []])
    assert waiting_zone(visit) == "A"


@pytest.mark.database15
def test_people_before_her_are_all_whom_her_desks_call_first_and_each_once(mall: int) -> None:
    """Two ask for an identity card, one of them for a family card too: the same two desks serve both."""
    identity, family, number = step_of("ktp-el"), step_of("kk-baru"), step_of("nib")
    first = actions.issue_ticket(by=BY, mall=mall, steps=[identity], after=[[]])
    second = actions.issue_ticket(by=BY, mall=mall, steps=[identity, family], after=[[], []])
    actions.issue_ticket(by=BY, mall=mall, steps=[number], after=[[]])
    mine = actions.issue_ticket(by=BY, mall=mall, steps=[family], after=[[]])
    Visit.objects.filter(pk__in=[first.pk, second.pk]).update(arrived_at=mine.arrived_at - timedelta(hours=2))
    Errand.objects.filter(visit__in=[first.pk, second.pk]).update(key=F("key") - 2 * 3600 * 1000 * 1000)

    def before() -> tuple[int | None, list[int]]:
        queries.hall(mall, fresh=True)
        view = queries.holder_view(Visit.objects.get(pk=mine.pk))
        return view.next_stop and view.next_stop.ahead, [one.number for one in view.ahead]

    assert before() == (2, [first.number, second.number, mine.number])
    Desk.objects.filter(skills__contains=[identity]).update(open=False)
    assert before() == (1, [second.number, mine.number])  # no desk is open: those of her own line


@pytest.mark.database15
def test_nobody_is_sent_to_wait_where_no_desk_is_open(mall: int) -> None:
    card, number = step_of("kis"), step_of("nib")
    actions.issue_ticket(by=BY, mall=mall, steps=[number], after=[[]])
    visit = actions.issue_ticket(by=BY, mall=mall, steps=[card, number], after=[[], []])
    assert waiting_zone(visit) == "B"
    Desk.objects.filter(skills__contains=[card]).update(open=False)
    assert waiting_zone(visit) == "A"
    Desk.objects.filter(mall=mall).update(open=False)
    assert waiting_zone(visit) == "B"  # all are closed: the shorter one, at its desk


@pytest.mark.database15
def test_a_service_that_leaves_the_file_while_somebody_waits_does_not_take_the_hall_with_it(
    mall: int, tmp_path: Path
) -> None:
    steps = [step.id for step in catalogue.steps_of(["nib", "kk-baru"])]
    visit = actions.issue_ticket(by=BY, mall=mall, steps=steps, after=[[], []])
    city = copy_of(tmp_path)
    change(city, "services", lambda rows: rows.pop(3))
    assert open_city(city).problems == []
    hall = queries.hall(mall, fresh=True)
    assert hall.in_mall == 1 and visit.number in {person.number for person in hall.people}
    desk = Desk.objects.filter(open=True, skills__len__gt=0).first()
    assert desk is not None
    assert queries.desk_view(desk.pk) is not None


@pytest.mark.database15
def test_a_desk_does_not_vanish_under_the_citizen_who_sits_at_it(mall: int, tmp_path: Path) -> None:
    (step,) = catalogue.steps_of(["nib"])
    actions.issue_ticket(by=BY, mall=mall, steps=[step.id], after=[[]])
    desk = next(place.desk for place in malls.hall_plan(mall).desks if place.sign == "3")
    assert actions.call_next(by=BY, desk=desk) is not None
    city = copy_of(tmp_path)
    change(city, "desks", lambda rows: rows.pop(3))
    (problem,) = open_city(city).problems
    assert (problem.sheet, problem.value, problem.wrong) == ("desks", "mpp-tanjung / 3", "sedang melayani warga.")
    actions.finish_errand(by=BY, desk=desk, result=Result.DONE)
    assert open_city(city).changed and not open_city(city).changed
