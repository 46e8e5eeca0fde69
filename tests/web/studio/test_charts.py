"""The pictures of a study as numbers, and its sentences: bars add up, intervals stand where they belong."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from satuatap.features.estate.pricing import Price, Term
from satuatap.web.studio.pictures_front import LINE, Said, choices_of
from satuatap.web.studio.study_charts import MOST_BARS, Claimed, progress, waterfall
from satuatap.web.studio.study_words import finding, gap_words, money, span_words, spelled

TERMS = (
    Term("electricity", 9e9, 4e9, False), Term("upkeep", 2e9, 1e9, False), Term("empty_upkeep", 0.0, 1.5e9, False),
    Term("posts_cleaner_own", 3e9, 1e9, True),
)  # fmt: skip
PRICE = Price({}, TERMS, (), 7e9, 14e9, (0.0, 0.0), {}, (), ())
SPANS: dict[str, Any] = {
    "terms": {"electricity": {"low": 4e9, "middle": 5e9, "high": 6e9}},
    "cash": {"low": 3e9, "middle": 4.5e9, "high": 6e9},
}


def test_bars_are_cash_alone_and_each_begins_where_the_last_ended() -> None:
    found = waterfall(PRICE, None)
    assert [bar.kind for bar in found.bars] == ["save", "save", "cost", "net"]
    assert [bar.amount for bar in found.bars] == ["+5,00", "+1,00", "-1,50", "4,50"]
    for one, then in pairwise(found.bars[:-1]):
        assert one.link in (pytest.approx(then.y, abs=0.2), pytest.approx(then.y + then.h, abs=0.2))
    assert found.bars[-2].link == pytest.approx(found.bars[-1].y, abs=0.2)  # the last one ends at the net
    assert [row.code for row in found.rows] == ["electricity", "upkeep", "empty_upkeep"]
    assert [row.code for row in found.apart] == ["posts_cleaner_own"] and not found.has_spans


def test_an_interval_stands_around_its_bar_and_a_claim_at_its_height() -> None:
    found = waterfall(PRICE, SPANS, Claimed(6e9, "Klaim"))
    bar, net = found.bars[0], found.bars[-1]
    assert bar.whisker and bar.whisker[0] < bar.y < bar.whisker[1]
    assert net.whisker and net.whisker[0] < net.y < net.whisker[1] and net.names[1] == "3,00 sampai 6,00"
    assert found.claim and found.claim.y == pytest.approx(net.whisker[0], abs=0.2)  # 6 miliar, both
    assert waterfall(PRICE, SPANS, Claimed(5e10, "Klaim")).claim is None  # beyond the sheet: told under it


@given(st.lists(st.floats(-5e9, 5e9), min_size=1, max_size=14))
def test_whatever_the_terms_all_bars_are_on_the_sheet(saved: list[float]) -> None:
    terms = tuple(Term(f"t{n}", amount, 0.0, False) for n, amount in enumerate(saved))
    found = waterfall(replace(PRICE, terms=terms), None)
    assert len(found.bars) <= MOST_BARS + 2
    for bar in found.bars:
        assert 40 <= bar.y <= bar.y + bar.h <= 240 and 0 <= bar.x <= bar.x + bar.w <= 684


@given(st.lists(st.tuples(st.floats(0, 600), st.none() | st.floats(1e6, 1e11), st.none() | st.floats(0, 1e11))))
def test_the_picture_of_a_search_stays_on_its_sheet(points: list[tuple[float, float | None, float | None]]) -> None:
    found = progress(sorted(points, key=lambda one: one[0]), 640, 220)
    has_best = any(best is not None for _t, best, _low in found.rows)
    assert bool(found.best) is has_best
    for pair in found.best.removeprefix("M").split("L") if found.best else ():
        x, y = map(float, pair.split())
        assert 0 <= x <= 640 and 0 <= y <= 220


@pytest.mark.parametrize(
    ("number", "words"),
    [(0, "nol"), (1, "satu"), (11, "sebelas"), (17, "tujuh belas"), (20, "dua puluh"), (99, "sembilan puluh sembilan"),
     (120, "120")],
)  # fmt: skip
def test_numbers_in_words(number: int, words: str) -> None:
    assert spelled(number) == words


def test_findings_and_distances_in_words() -> None:
    assert finding(9, 7) == "Sembilan unit pindah, tujuh gedung kosong."
    assert finding(2, 0) == "Dua unit pindah, tidak ada gedung yang kosong."
    assert finding(0, 0) == "Tidak ada unit yang perlu pindah."
    assert gap_words(0.008, proved=False) == "Terbukti paling banyak 0,8% di atas biaya termurah"
    assert (
        gap_words(0.0001, proved=False) == "Terbukti paling banyak 0,1% di atas biaya termurah"
    )  # never less than it is
    assert gap_words(0.0081, proved=False) == "Terbukti paling banyak 0,9% di atas biaya termurah"
    assert gap_words(0.5, proved=True).startswith("Terbukti: tidak ada")
    assert gap_words(None, proved=False) == "Belum ada batas bawah"
    with override("en"):
        assert finding(9, 1) == "Nine units move, one building is emptied."
        assert gap_words(0.25, proved=False) == "Proved to be at most 25% above the cheapest cost"


@pytest.mark.parametrize(
    ("amount", "words"),
    [(8.7e9, "Rp8,7 miliar"), (1e10, "Rp10 miliar"), (-412e6, "-Rp412 juta"), (950_000, "Rp950.000"), (-0.2, "Rp0")],
)
def test_money_in_words(amount: float, words: str) -> None:
    assert money(amount) == words


def test_a_range_has_one_unit() -> None:
    assert span_words(7.6e9, 9.8e9) == "7,6 sampai 9,8 miliar"
    assert span_words(-137e6, 2.1e9) == "-0,14 sampai 2,1 miliar"
    assert money(5.0, sign=True) == "+Rp5"


def test_names_of_plans_that_lie_close_do_not_lie_on_each_other() -> None:
    point = {"against": 6e9, "yearly": 20e9, "lower_bound": 20e9, "proved": True, "freed": [], "moved": [],
             "cash_yearly": 5e9}  # fmt: skip
    answer = {"today": 26e9, "points": [point], "beaten": []}
    close = [Said(f"Rencana {n}", "plan", 6e9 + n * 1e7, 20e9 + n * 1e7) for n in range(3)]
    far = Said("Jauh", "said", 1e9, 25e9)
    marks = choices_of(answer, [*close, far], 480.0, 330.0).marks
    heights = sorted(mark.words_y for mark in marks[:3])
    assert all(b - a >= LINE for a, b in pairwise(heights))
    assert marks[3].words_y == marks[3].y - 10
