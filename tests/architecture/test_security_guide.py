"""The table of OWASP ASVS in the guide: every number of levels 1 and 2 once, each with a verdict, each file there."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from tests.architecture.source import ROOT

GUIDE = ROOT / "docs" / "guides" / "security.md"
# How many requirements of levels 1 and 2 each section of ASVS 5.0.0 has, by its published CSV: they are numbered from
# one on, those of level 3 come last.
SECTIONS = {
    "1.1": 2, "1.2": 9, "1.3": 11, "1.4": 3, "1.5": 2, "2.1": 3, "2.2": 3, "2.3": 4, "2.4": 1, "3.2": 2, "3.3": 4,
    "3.4": 6, "3.5": 5, "3.7": 2, "4.1": 3, "4.2": 1, "4.3": 2, "4.4": 4, "5.1": 1, "5.2": 3, "5.3": 2, "5.4": 3,
    "6.1": 3, "6.2": 12, "6.3": 4, "6.4": 4, "6.5": 5, "6.6": 3, "6.8": 4, "7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5,
    "7.5": 2, "7.6": 2, "8.1": 2, "8.2": 3, "8.3": 1, "8.4": 1, "9.1": 3, "9.2": 4, "10.1": 2, "10.2": 2, "10.3": 4,
    "10.4": 11, "10.5": 5, "10.6": 2, "10.7": 3, "11.1": 2, "11.2": 3, "11.3": 3, "11.4": 4, "11.5": 1, "11.6": 1,
    "12.1": 3, "12.2": 2, "12.3": 4, "13.1": 1, "13.2": 5, "13.3": 2, "13.4": 5, "14.1": 2, "14.2": 4, "14.3": 3,
    "15.1": 3, "15.2": 3, "15.3": 7, "16.1": 1, "16.2": 5, "16.3": 4, "16.4": 3, "16.5": 3, "17.1": 1, "17.2": 4,
    "17.3": 2,
}  # fmt: skip
ROW = re.compile(r"^\| (\d[\d., -]*) \| ([^|]+) \| (met|n/a|open) \| (.+) \|$", re.MULTILINE)
PATH = re.compile(r"`((?:src|tests|docs|deploy|data)/[\w./-]+|[\w-]+\.(?:txt|json))`")


def numbers_of(cell: str) -> list[str]:
    """``1.3.8-1.3.9, 2.1.1`` as single numbers."""
    found = []
    for part in cell.split(", "):
        first, _dash, last = part.partition("-")
        section, number = first.rsplit(".", 1)
        assert not last or last.rsplit(".", 1)[0] == section, part
        found += [f"{section}.{n}" for n in range(int(number), int((last or first).rsplit(".", 1)[1]) + 1)]
    return found


@pytest.fixture(scope="module")
def rows() -> list[tuple[list[str], str, str]]:
    return [(numbers_of(n), verdict, why) for n, _asks, verdict, why in ROW.findall(GUIDE.read_text())]


def test_every_number_stands_once(rows: list[tuple[list[str], str, str]]) -> None:
    wanted = [f"{section}.{n}" for section, count in SECTIONS.items() for n in range(1, count + 1)]
    assert len(wanted) == 253
    assert Counter(number for numbers, _verdict, _why in rows for number in numbers) == Counter(wanted)


def test_the_count_is_the_tables(rows: list[tuple[list[str], str, str]]) -> None:
    count = Counter({"met": 0, "n/a": 0, "open": 0})
    for numbers, verdict, _why in rows:
        count[verdict] += len(numbers)
    said = f"Of 253: {count['met']} met, {count['n/a']} not applicable, {count['open']} open."
    assert said in GUIDE.read_text()


def test_every_file_that_shows_something_is_there(rows: list[tuple[list[str], str, str]]) -> None:
    named = {path for _numbers, _verdict, why in rows for path in PATH.findall(why)}
    assert len(named) > 60
    assert [path for path in sorted(named) if not (ROOT / path).exists()] == []
