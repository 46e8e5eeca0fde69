"""What is odd is a sentence that says what to check; what is in order is no sentence."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from satuatap.features.estate.quality import remarks, standings
from satuatap.features.estate.states import Standing
from tests.features.estate.test_study import three_lists


def city(kwh: float = 12_000, price: float = 1700, people: int = 20) -> dict[str, list[dict[str, Any]]]:
    """Building a: 900 m2, cooled, one bill of January."""
    rows = three_lists()
    rows["units"][0]["headcount"] = people
    rows["meters"].append({"building": "a", "code": "m", "supply": "electricity", "kva": 66, "tariff": "tariff.p1"})
    rows["bills"].append({"meter": "m", "first_day": date(2025, 1, 1), "last_day": date(2025, 1, 31), "quantity": kwh,
                          "amount": round(kwh * price), "budget_code": "", "source": "PLN"})  # fmt: skip
    for row in rows["placements"]:
        row["until"] = None
    return rows


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (city(), ""),
        (city(kwh=150_000), "8.8 kali batas boros (Permen ESDM 13/2012)"),
        (city(kwh=1_000), "13% dari yang sangat efisien"),
        (city(price=17), "Rp17 per kWh"),
        (city(people=400), "2.2 m2 setiap pegawai"),
    ],
)
def test_a_sentence_for_what_is_odd(rows: dict[str, list[dict[str, Any]]], words: str) -> None:
    found = [one.text for one in remarks(rows)]
    assert len(found) == bool(words)
    assert not words or words in found[0]


def test_who_sits_nowhere_and_what_is_idle_with_people_in_it() -> None:
    rows = city()
    rows["placements"].pop()
    rows["buildings"][1]["use"] = "idle"
    assert [(one.sheet, one.code) for one in remarks(rows)] == [("units", "u3"), ("buildings", "b")]


def test_a_cost_without_budget_code_is_unsourced() -> None:
    rows = city()
    before = standings(rows)
    rows["bills"][0]["budget_code"] = "5.1.02"
    after = standings(rows)
    assert after[Standing.SOURCED] - before[Standing.SOURCED] == 1
    assert before[Standing.UNSOURCED] - after[Standing.UNSOURCED] == 1
