"""The calendar as a city's files give it: a Friday, a Ramadan week, holidays and closures, in WITA and in WIB."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from satuatap.features.malls import queries
from satuatap.project.city.opening import open_city
from tests.factories.cities import PALEMBANG, TANJUNG, change, copy_of

pytestmark = [pytest.mark.django_db, pytest.mark.database15]
Shown = tuple[str, str, str]


def opened(folder: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setenv("SATUATAP_HOME", str(home))
    assert open_city(folder).problems == []
    return queries.malls()[0].id


@pytest.fixture
def wita(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    return opened(TANJUNG, tmp_path, monkeypatch)


@pytest.fixture
def wib(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    return opened(PALEMBANG, tmp_path, monkeypatch)


def week(mall: int, monday: date, booth: int | None = None) -> list[Shown | str]:
    """Seven days: (opens-closes, break, label), or why it is closed."""
    found: list[Shown | str] = []
    for n in range(7):
        day = queries.open_hours(mall, monday + timedelta(days=n), booth)
        if day.opens is None or day.closes is None:
            found.append(day.label or "-")
        else:
            pause = " ".join(f"{a:%H.%M}-{b:%H.%M}" for a, b in day.breaks)
            found.append((f"{day.opens:%H.%M}-{day.closes:%H.%M}", pause, day.label))
    return found


def booth(mall: int, code: str) -> int:
    return next(b.id for b in queries.hall_plan(mall).booths if b.code == code)


def test_an_ordinary_week_with_its_friday_in_wita(wita: int) -> None:
    plain = ("08.00-15.00", "12.00-13.00", "biasa")
    friday = ("08.00-15.00", "11.30-13.30", "jumat")
    assert week(wita, date(2026, 11, 23)) == [plain, plain, plain, plain, friday, "-", "-"]


def test_a_ramadan_week_that_ends_in_nyepi_in_wita(wita: int) -> None:
    short = ("08.00-14.00", "12.00-12.30", "ramadan")
    assert week(wita, date(2026, 3, 9)) == [short] * 4 + [("08.00-14.30", "11.30-12.30", "ramadan"), "-", "-"]
    assert week(wita, date(2026, 3, 16))[1:5] == [
        short, "Cuti bersama Hari Suci Nyepi", "Hari Suci Nyepi", ("08.00-15.00", "11.30-13.30", "jumat"),
    ]  # fmt: skip


def test_friday_ramadan_and_the_days_of_eid_in_wib(wib: int) -> None:
    short = ("08.00-15.00", "12.00-12.30", "ramadan")
    assert week(wib, date(2026, 3, 2))[:5] == [short] * 4 + [("08.00-15.30", "11.30-12.30", "ramadan jumat")]
    eid = week(wib, date(2026, 3, 16))
    assert eid[:2] == [short] * 2
    assert eid[2:] == [
        "Cuti bersama Nyepi", "Hari Suci Nyepi", "Cuti bersama Idul Fitri", "Idul Fitri", "Idul Fitri, hari kedua",
    ]  # fmt: skip
    after = queries.next_open_day(wib, date(2026, 3, 17))
    assert after is not None and after.day == date(2026, 3, 25)
    assert queries.open_hours(wib, date(2026, 11, 27)).breaks == ((time(11, 30), time(13)),)


def test_the_same_clock_on_the_wall_is_an_hour_apart_in_the_world(wita: int) -> None:
    day = queries.open_hours(wita, date(2026, 11, 24))
    opens, closes = queries.opening_moments(day, "Asia/Makassar")
    assert (opens, closes) == (datetime(2026, 11, 24, 0, tzinfo=UTC), datetime(2026, 11, 24, 7, tzinfo=UTC))
    assert queries.opening_moments(day, "Asia/Jakarta")[0] == datetime(2026, 11, 24, 1, tzinfo=UTC)
    half_past_midnight = datetime(2026, 11, 24, 0, 30, tzinfo=UTC)
    assert queries.is_open(day, half_past_midnight, "Asia/Makassar")
    assert not queries.is_open(day, half_past_midnight, "Asia/Jakarta")
    late = datetime(2026, 11, 23, 16, 30, tzinfo=UTC)  # already Tuesday in WITA, still Monday in WIB
    assert queries.local(late, "Asia/Makassar").date() == date(2026, 11, 24)
    assert queries.local(late, "Asia/Jakarta").date() == date(2026, 11, 23)


def test_closures_and_special_hours_for_one_booth_or_all(wita: int) -> None:
    monday, ceremony = date(2026, 11, 30), date(2026, 12, 1)
    polres, dukcapil = booth(wita, "polres"), booth(wita, "dukcapil")
    assert week(wita, monday, polres)[:2] == ["Listrik padam di gerai Polres", "Upacara"]
    assert queries.open_hours(wita, monday).is_open
    assert not queries.open_hours(wita, ceremony).is_open
    special = queries.open_hours(wita, ceremony, dukcapil)
    assert (special.opens, special.closes, special.label) == (time(8), time(11), "Tetap buka")
    assert queries.open_hours(wita, monday - timedelta(days=7), polres).closes == time(12)  # its own Monday
    assert queries.open_hours(wita, date(2026, 3, 9), polres).closes == time(14)  # Ramadan's letter is for all


def test_a_day_in_a_year_without_a_sourced_row_is_tagged(wita: int) -> None:
    assert queries.open_hours(wita, date(2026, 11, 24)).sourced
    assert not queries.open_hours(wita, date(2027, 1, 4)).sourced
    assert queries.open_hours(wita, date(2026, 11, 24)).synthetic  # these hours are nobody's word


def test_rows_without_a_source_do_not_make_a_year_sourced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    city = copy_of(tmp_path)

    def no_sources(rows: list[list[str]]) -> None:
        at = rows[0].index("source")
        for row in rows[1:]:
            row[at] = ""

    change(city, "calendar", no_sources)
    mall = opened(city, tmp_path / "home", monkeypatch)
    assert not queries.open_hours(mall, date(2026, 11, 24)).sourced


def test_every_day_of_the_demo_citys_year_is_open_or_says_why_not(wib: int) -> None:
    for n in range(365):
        day = queries.open_hours(wib, date(2026, 1, 1) + timedelta(days=n))
        assert day.sourced
        if not day.is_open:
            assert day.label or day.day.isoweekday() > 5, day
        elif day.opens and day.closes:
            assert all(day.opens <= a < b <= day.closes for a, b in day.breaks)
