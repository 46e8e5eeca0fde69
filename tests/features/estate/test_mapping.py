"""The city's own columns: what was chosen is done to each cell, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from satuatap.features.estate.mapping import (
    FIXED,
    Numbers,
    Rule,
    code_of,
    converted,
    heading_row,
    headings_of,
    recognised,
    rule_of,
    taken,
)

ROWS: list[tuple[int, list[object]]] = [
    (1, ["KARTU GEDUNG"]),
    (3, ["No", "Nama barang", "Ukuran", None, "Nilai"]),
    (4, [None, None, "Lantai", "Tanah", None]),
    (6, [1, "Kantor A", "1.240,50", "0,2", "Rp 1.234.567,00"]),
    (7, [None, None, None]),
    (8, [2, "Kantor B", 900, None, "-"]),
]


def test_headings_over_two_rows_carry_their_group() -> None:
    assert headings_of(ROWS, 3, 2) == ["No", "Nama barang", "Ukuran / Lantai", "Ukuran / Tanah", "Nilai"]
    assert headings_of([(1, ["a", "a", None])], 1) == ["a (A)", "a (B)", "(C)"]
    assert heading_row(ROWS) == 3
    assert heading_row([(1, ["dinas-a", 3]), (2, ["dinas-b", 4])]) is None  # figures stand there: nobody's headings


@pytest.mark.parametrize(
    ("numbers", "cell", "said"),
    [
        (Numbers.INDONESIAN, "1.240,50", "1240.5"),
        (Numbers.INDONESIAN, "Rp 1.234.567,00", "1234567"),
        (Numbers.ENGLISH, "1,234,567.25", "1234567.25"),
        (Numbers.INDONESIAN, "1,234.5", "1,234.5"),  # not written so: left for the check to name
        (Numbers.INDONESIAN, "seribu", "seribu"),
        (Numbers.AS_WRITTEN, "1.240", "1.240"),  # thousands or a fraction: the check asks
        (Numbers.INDONESIAN, 900, "900"),
        (Numbers.INDONESIAN, "-", "-"),
    ],
)
def test_numbers_are_read_as_chosen_or_left_alone(numbers: Numbers, cell: object, said: str) -> None:
    assert converted(Rule("area_m2", "x", numbers=numbers, makes_code=False), cell) == (said if said else "")


def test_units_codes_and_fixed_words() -> None:
    assert converted(Rule("area_m2", "x", numbers=Numbers.INDONESIAN, times=10_000), "0,2") == "2000"
    assert converted(Rule("condition", "x", codes={"B": "good"}), " b ") == "good"
    assert converted(Rule("condition", "x", codes={"B": "good"}), "RB") == "RB"
    assert converted(Rule("code", "x", makes_code=True), "Kantor Dinas Sosial (lama)") == "kantor-dinas-sosial-lama"
    rules = [
        Rule("name", "Nama barang"), Rule("area_m2", "ukuran / LANTAI", numbers=Numbers.INDONESIAN),
        Rule("use", FIXED, fixed="used"), Rule("nibar", ""),
    ]  # fmt: skip
    found = taken(rules, headings_of(ROWS, 3, 2), ROWS[3:])
    assert [(row.number, row.texts) for row in found] == [
        (6, {"name": "Kantor A", "area_m2": "1240.5", "use": "used"}),
        (8, {"name": "Kantor B", "area_m2": "900", "use": "used"}),
    ]
    assert [rule_of(rule.as_json()) for rule in rules] == rules


def test_a_reading_is_known_again_by_what_it_takes() -> None:
    assert recognised(["Nama  barang", "LUAS"], ["No", "nama barang", "Luas", "Baru"])
    assert not recognised(["Nama barang", "Luas"], ["Nama barang"]) and not recognised([], ["a"])


@given(st.text(max_size=200))
def test_a_code_is_one_or_nothing(text: str) -> None:
    code = code_of(text)
    assert len(code) <= 60 and code == code.strip("-") and set(code) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")


@given(st.floats(0, 1e11, allow_nan=False), st.sampled_from([0.5, 1.0, 10_000.0]))
def test_what_a_number_becomes_reads_as_that_number(number: float, times: float) -> None:
    text = converted(Rule("x", "y", numbers=Numbers.INDONESIAN, times=times), number)
    assert float(text) == pytest.approx(number * times, abs=1e-6)
