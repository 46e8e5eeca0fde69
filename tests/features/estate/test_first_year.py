"""A study says in which year its plan begins."""

from datetime import date

import pytest

from satuatap.features.estate.study import first_year


@pytest.mark.parametrize(
    ("day", "year"), [(date(2027, 1, 1), 2027), (date(2027, 6, 30), 2027), (date(2027, 7, 1), 2028),
                      (date(2027, 12, 31), 2028)],
)  # fmt: skip
def test_a_plan_of_the_second_half_begins_next_year(day: date, year: int) -> None:
    assert first_year(day) == year
