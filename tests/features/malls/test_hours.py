"""Which hours hold on a date: weeks, Fridays, Ramadan, holidays, closures, in WIB and WITA."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from satuatap.features.malls.rules import DayRow, HoursRow, hours_on, is_open, moment, next_open_day

WEEK = [
    *(HoursRow(d, time(8), time(15), time(12), time(13), source="s") for d in range(1, 5)),
    HoursRow(5, time(8), time(15), time(11, 30), time(13), label="Jumat"),
]
RAMADAN = [
    *(
        HoursRow(d, time(8), time(14), time(12), time(12, 30), date(2026, 2, 18), date(2026, 3, 19), None, "Ramadan")
        for d in range(1, 5)
    ),
    HoursRow(
        5, time(8), time(14, 30), time(11, 30), time(12, 30), date(2026, 2, 18), date(2026, 3, 19), None, "Ramadan"
    ),
]
HOLIDAYS = [
    DayRow(date(2026, 3, 19), "national_holiday", "Nyepi", source="SKB"),
    DayRow(date(2026, 3, 18), "joint_leave", "Cuti bersama", source="SKB"),
]
FRIDAY = date(2026, 11, 27)


def test_a_friday_has_the_longer_break() -> None:
    found = hours_on(FRIDAY, WEEK, HOLIDAYS)
    assert (found.opens, found.closes, found.breaks) == (time(8), time(15), ((time(11, 30), time(13)),))
    assert found.sourced


@pytest.mark.parametrize("zone", ["Asia/Jakarta", "Asia/Makassar"])
def test_the_same_wall_clock_in_each_zone(zone: str) -> None:
    found = hours_on(FRIDAY, WEEK, HOLIDAYS)
    opens = moment(FRIDAY, time(8), zone)
    assert is_open(found, opens, zone)
    assert not is_open(found, opens - timedelta(seconds=1), zone)
    assert not is_open(found, moment(FRIDAY, time(11, 30), zone), zone)
    assert is_open(found, moment(FRIDAY, time(13), zone), zone)
    assert not is_open(found, moment(FRIDAY, time(15), zone), zone)
    assert opens.astimezone(UTC).hour == (1 if zone == "Asia/Jakarta" else 0)


def test_midnight_in_one_zone_is_another_day_in_utc() -> None:
    found = hours_on(FRIDAY, [HoursRow(5, time(0), time(6))], HOLIDAYS)
    assert is_open(found, datetime(2026, 11, 26, 17, 30, tzinfo=UTC), "Asia/Jakarta")
    assert not is_open(found, datetime(2026, 11, 26, 16, 59, tzinfo=UTC), "Asia/Jakarta")
    assert is_open(found, datetime(2026, 11, 26, 16, 30, tzinfo=UTC), "Asia/Makassar")


def test_a_ramadan_week_is_shorter_and_ends_with_the_holidays() -> None:
    week = [hours_on(date(2026, 3, 9) + timedelta(days=n), WEEK + RAMADAN, HOLIDAYS) for n in range(7)]
    assert [d.closes for d in week] == [time(14)] * 4 + [time(14, 30), None, None]
    assert {d.label for d in week[:5]} == {"Ramadan"}
    assert hours_on(date(2026, 3, 18), WEEK + RAMADAN, HOLIDAYS).label == "Cuti bersama"
    assert not hours_on(date(2026, 3, 19), WEEK + RAMADAN, HOLIDAYS).is_open
    assert hours_on(date(2026, 3, 26), WEEK + RAMADAN, HOLIDAYS).closes == time(15)


def test_a_booths_own_rows_and_exceptions() -> None:
    own = HoursRow(1, time(9), time(12), booth=7)
    monday = date(2026, 11, 30)
    assert hours_on(monday, [*WEEK, own], []).opens == time(8)
    assert hours_on(monday, [*WEEK, own], [], booth=7).closes == time(12)
    closed = DayRow(monday, "national_holiday", "Libur")
    opened = DayRow(monday, "special_hours", "Tetap buka", booth=7, opens=time(8), closes=time(11))
    assert not hours_on(monday, WEEK, [closed, opened]).is_open
    assert hours_on(monday, WEEK, [closed, opened], booth=7).closes == time(11)


def test_a_year_without_a_sourced_row_is_tagged() -> None:
    assert hours_on(date(2026, 11, 24), WEEK, HOLIDAYS).sourced
    assert not hours_on(date(2027, 1, 4), WEEK, HOLIDAYS).sourced


def test_the_next_open_day_leaps_over_weekend_and_holidays() -> None:
    def of(day: date) -> object:
        return hours_on(day, WEEK + RAMADAN, HOLIDAYS)

    assert next_open_day(date(2026, 3, 17), of).day == date(2026, 3, 20)  # type: ignore[arg-type, union-attr]
    assert next_open_day(date(2026, 3, 20), of).day == date(2026, 3, 23)  # type: ignore[arg-type, union-attr]
    assert next_open_day(date(2026, 3, 20), lambda day: hours_on(day, [], [])) is None


@given(st.dates(date(2026, 1, 1), date(2026, 12, 31)), st.integers(0, 1439))
def test_open_means_inside_the_hours_and_outside_the_break(day: date, minute: int) -> None:
    found = hours_on(day, WEEK + RAMADAN, HOLIDAYS)
    at = time(minute // 60, minute % 60)
    inside = found.is_open and found.opens <= at < found.closes and all(not a <= at < b for a, b in found.breaks)  # type: ignore[operator]
    assert is_open(found, moment(day, at, "Asia/Makassar"), "Asia/Makassar") == inside
