"""The estate of the demo city is what its script writes; every norm says whose it is, or that nobody sourced it."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
CITY, NORMS = ROOT / "data" / "palembang", ROOT / "data" / "norms" / "norms.csv"


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_sheets_are_what_the_script_writes() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "tools" / "make_estate.py", "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_norm_has_a_source_with_its_year_or_says_that_it_has_none() -> None:
    for row in rows(NORMS):
        assert row["low"] and float(row["low"]) <= float(row["likely"]) <= float(row["high"]), row["key"]
        if row["source"]:
            assert row["source_year"] and row["confidence"] and row["regulation"], row["key"]
        else:
            assert row["note"] and not row["regulation"], row["key"]


def test_every_figure_that_is_not_public_says_so() -> None:
    for row in rows(CITY / "buildings.csv"):
        made_up = set(row["made_up"].split(";"))
        assert row["synthetic"] == "yes" or (row["source"] and {"lat", "lon"} <= made_up), row["code"]
        assert row["code"] == "mpp" or row["synthetic"] == "yes" or "area_m2" in made_up, row["code"]
    for row in rows(CITY / "units.csv"):
        assert "headcount" in row["made_up"].split(";"), row["code"]
    for name in ("bills", "support_staff", "trips", "visits", "meters"):
        assert all(row["synthetic"] == "yes" for row in rows(CITY / f"{name}.csv")), name


def test_the_announced_plan_is_whole_and_apart_from_who_sits_where() -> None:
    plans = rows(CITY / "announced.csv")
    groups = {row["group"] for row in plans if row["plan"] == "palembang-2025-11"}
    assert groups == {"A", "B", "C", "D", "E"} and all(row["source"] for row in plans)
    reported = {row["unit"] for row in plans if row["said"] == "reported" and row["unit"]}
    assert reported == {"dispora", "pariwisata", "bpbd", "dinsos"}
    seats = {row["unit"]: row["building"] for row in rows(CITY / "placements.csv")}
    assert {seats[unit] for unit in reported} == {"mpp"} and seats["kesbangpol"] != "mpp"
