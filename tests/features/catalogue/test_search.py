"""Everyday words find the right service; whatever is typed, the search answers."""

from __future__ import annotations

import csv
import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from satuatap.features.catalogue import queries
from satuatap.features.catalogue.models import Synonym
from satuatap.features.catalogue.search import Entry, Index, Phrase
from satuatap.project.city.opening import open_city
from tests.factories.cities import PALEMBANG, TANJUNG

pytestmark = pytest.mark.django_db
QUERIES = PALEMBANG.parent / "words" / "queries.csv"
RIGHT = 0.90  # of the 120 everyday queries, in the first three (issue 3)
_kept: dict[str, Index] = {}


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Index:
    """The demo city's search, read once from its files through the tables."""
    if not _kept:
        monkeypatch.setenv("SATUATAP_HOME", str(tmp_path))
        assert open_city(PALEMBANG).problems == []
        _kept["with"] = queries._all().index
        Synonym.objects.all().delete()
        queries.forget()
        _kept["without"] = queries._all().index
        queries.forget()
    return _kept["with"]


def everyday() -> list[tuple[str, set[str], str]]:
    with QUERIES.open(encoding="utf-8", newline="") as file:
        return [(row["query"], set(row["services"].split(";")), row["part"]) for row in csv.DictReader(file)]


def right(index: Index, asked: list[tuple[str, set[str], str]]) -> list[str]:
    """The queries whose first three hits hold none of the right services."""
    return [query for query, wanted, _part in asked if not wanted & {hit.code for hit in index.search(query, 3)}]


def test_90_percent_of_120_everyday_queries_have_the_right_service_in_the_first_three(index: Index) -> None:
    asked = everyday()
    assert len(asked) == 120
    wrong = right(index, asked)
    alone = right(_kept["without"], asked)
    shares = {part: 1 - len(right(index, [a for a in asked if a[2] == part])) / 60 for part in "ab"}
    print(f"\nsearch: {120 - len(wrong)} of 120 right ({shares}), without synonyms {120 - len(alone)}; wrong: {wrong}")
    assert len(wrong) <= (1 - RIGHT) * 120, wrong
    assert all(share >= RIGHT for share in shares.values()), shares
    assert len(alone) > len(wrong), "the synonyms do nothing"


def test_one_slip_of_the_finger_in_a_long_word_still_finds_it(index: Index) -> None:
    """A letter swapped, lost, doubled or wrong in the longest word of every query: seeded, so always the same."""
    rng = random.Random(3)
    asked = []
    for query, wanted, part in everyday():
        word = max(query.split(), key=len)
        if len(word) >= 5:
            at = rng.randrange(1, len(word) - 1)
            slip = rng.choice([
                word[:at] + word[at + 1] + word[at] + word[at + 2 :], word[:at] + word[at + 1 :],
                word[:at] + word[at] + word[at:], word[:at] + rng.choice("aeiou") + word[at + 1 :],
            ])  # fmt: skip
            asked.append((query.replace(word, slip, 1), wanted, part))
    wrong = right(index, asked)
    print(f"\nsearch with one slip: {len(asked) - len(wrong)} of {len(asked)}; wrong: {wrong}")
    assert len(asked) > 80
    assert len(wrong) <= 0.2 * len(asked), wrong


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("KTP", "ktp-el-baru"), ("ktp-el hilang", "ktp-el-ganti"), ("E-KTP rusak", "ktp-el-ganti"),
        ("paspot", "paspor-baru"), ("akte lahir anak", "akta-lahir"),
        ("kartu keluargaa baru", "kk-baru"), ("AKTA  LAHIR", "akta-lahir"), ("skkc", "skck"),
        ("birth certificate", "akta-lahir"), ("passport", "paspor-baru"), ("nib", "nib"),
    ],
)  # fmt: skip
def test_words_slips_capitals_and_english(index: Index, typed: str, code: str) -> None:
    assert code in [hit.code for hit in index.search(typed, 3)]


@pytest.mark.parametrize(
    "typed",
    [
        "", " ", "\n\t", "?!", "\U0001f600\U0001f600", "\U0001f468\u200d\U0001f469\u200d\U0001f467", "\u202eabc", "%%%",
        "' or 1=1; drop table catalogue_service; --", "<script>alert(1)</script>", "\\", "\x00", "%(limit)s {0} {}",
        "((((", "[a-z", "a" * 10_000, "ktp " * 2_500, "\U0001f600ktp\U0001f600", "\u00e9" * 500,
    ],
    ids=repr,
)  # fmt: skip
def test_whatever_is_typed_gets_an_answer(index: Index, typed: str) -> None:
    """Of a long text only the beginning is looked at, so that nobody can make the search slow."""
    found = index.search(typed, 8)
    assert found == index.search(typed[:200], 8)
    assert len(found) <= 8 and len({hit.code for hit in found}) == len(found)
    assert all(0 < hit.score <= 1 for hit in found)
    if "ktp" in typed:
        assert found


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=st.text(max_size=60), limit=st.integers(1, 10))
def test_hits_are_sorted_known_and_no_more_than_asked(index: Index, typed: str, limit: int) -> None:
    found = index.search(typed, limit)
    assert [hit.score for hit in found] == sorted((hit.score for hit in found), reverse=True)
    assert len(found) <= limit and len({hit.code for hit in found}) == len(found)


def test_the_same_query_always_gets_the_same_answer_in_any_order_of_entries() -> None:
    entries = [Entry(f"s{n}", (Phrase(f"Kartu nomor {n % 4}", 1.0),)) for n in range(12)]
    first = Index(entries).search("kartu nomor 2")
    assert first and first == Index(list(reversed(entries))).search("kartu nomor 2")


def test_an_empty_catalogue_finds_nothing() -> None:
    assert Index([]).search("ktp") == []


def test_the_doors_answer_carries_the_phrase_that_matched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SATUATAP_HOME", str(tmp_path))
    open_city(TANJUNG)
    found = queries.search("kartu sehat")
    assert (found[0].code, found[0].matched, found[0].agency) == ("kis", "kartu sehat", "BPJS")
    assert queries.search("") == () and queries.search("xyzzy qwrt") == ()
