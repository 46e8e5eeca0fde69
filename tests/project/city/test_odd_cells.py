"""Any odd text in any cell is either a problem with its place or a value that the second run finds unchanged."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from satuatap.project.city.opening import open_city
from tests.factories.cities import change, copy_of

ODD = [
    "", "=1+1", "-", "0", "-1", "1e309", "nan", "25:00", "08:00", "2026-02-30", "ya", "x" * 6000, "\u00e9", "' or 1=1",
    "<b>", "a;b;;c", "9" * 20, "1.5", "\u00b2", "\u0663", "kk-baru", "mpp-tanjung", "A", "#N/A", "yes", "2026-11-24",
    "\t", "None", "national_holiday", "1/2", "kk-baru/9", "1e3", "7",
]  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_forty_spoiled_cities_never_raise(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SATUATAP_HOME", str(tmp_path / "home"))
    rng, opened = random.Random(40), 0
    for n in range(40):
        city = copy_of(tmp_path / str(n))
        done: list[tuple[str, int, int, str]] = []

        def spoil(rows: list[list[str]], sheet: str, done: list[tuple[str, int, int, str]] = done) -> None:
            row, column, odd = rng.randrange(1, len(rows)), rng.randrange(len(rows[0])), rng.choice(ODD)
            rows[row][column] = odd
            done.append((sheet, row, column, odd[:20]))

        for file in rng.sample(sorted(city.glob("*.csv")), rng.choice([1, 1, 2, 4])):
            change(city, file.stem, lambda rows, sheet=file.stem: spoil(rows, sheet))  # type: ignore[misc]
        outcome = open_city(city)
        assert all(p.sheet and p.wrong for p in outcome.problems), done
        if not outcome.problems:
            opened += 1
            assert not open_city(city).changed, done
    assert 2 < opened < 38
