"""Numbers and times read as the look says, in both languages."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from satuatap.web.components import formats


def test_as_the_look_writes_them():
    moment = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
    assert formats.rupiah(10_250_000) == "Rp10.250.000"
    assert formats.rupiah(-1500) == "-Rp1.500"
    assert formats.clock_time(moment, "Asia/Jakarta") == "08.30"
    assert formats.clock_time(moment, "Asia/Makassar", "en") == "09:30"
    assert formats.long_date(date(2026, 11, 24)) == "Selasa, 24 November 2026"
    assert formats.long_date(date(2026, 11, 24), "en") == "Tuesday, 24 November 2026"
    assert formats.percent(0.82) == "82%"
    assert formats.decimal(84.61, 2) == "84,61"
    assert formats.whole(1240) == "1.240"
    assert formats.whole(1240, "en") == "1,240"
    assert formats.spoken(147) == "1 4 7"


def test_a_day_is_the_day_of_the_mall_not_of_the_server():
    late = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)
    assert formats.long_date(late, zone="Asia/Jakarta") == "Rabu, 25 November 2026"
    assert formats.long_date(late, zone="UTC") == "Selasa, 24 November 2026"


@pytest.mark.parametrize(
    ("low", "high", "indonesian", "english"),
    [
        (12, 20, "12 sampai 20 menit", "12 to 20 minutes"),
        (20, 12, "12 sampai 20 menit", "12 to 20 minutes"),
        (4.6, 5.4, "5 menit", "5 minutes"),
        (-3, 1, "0 sampai 1 menit", "0 to 1 minutes"),
        (1, 1, "1 menit", "1 minute"),
        (None, 5, "belum cukup data", "not enough data yet"),
    ],
)
def test_ranges(low, high, indonesian, english):
    assert formats.minutes_range(low, high) == indonesian
    assert formats.minutes_range(low, high, "en") == english


@given(st.integers(-(10**15), 10**15))
def test_no_rupiah_is_lost_in_writing(value):
    digits = formats.rupiah(value).replace("Rp", "").replace(".", "")
    assert int(digits) == value
