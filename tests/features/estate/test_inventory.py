"""The inventory: read as the rest of the city, every problem beside its row, nothing half-written."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from satuatap.basics.actor import Actor
from satuatap.features.estate import queries
from satuatap.features.estate.actions import put_estate
from satuatap.features.estate.models import Building, Placement, Unit
from satuatap.features.estate.refusals import BrokenInventory
from satuatap.features.estate.states import MOVES, OVER, Standing, StudyLife, StudyMove
from satuatap.features.estate.tables import TABLES
from satuatap.features.journal.models import Entry
from satuatap.plumbing.sheets.schema import Contents, Problem, Row
from satuatap.project.city.estate_checks import check_estate
from satuatap.project.city.format import BOOK
from satuatap.project.city.opening import open_city
from satuatap.project.city.state import State, contents_of, keyed
from tests.factories.cities import copy_of

BY = Actor.system("test")
HALL = {"code": "balai", "name": "Balai", "area_m2": 900.0, "ownership": "city", "use": "used"}
UNIT = {"code": "dinas", "name": "Dinas", "headcount": 30}
FIRST, SECOND = date(2020, 1, 1), date(2025, 1, 1)


def inventory(**more: Any) -> dict[str, Any]:
    seat = {"unit": "dinas", "building": "balai", "since": FIRST}
    return {"buildings": [HALL], "units": [UNIT], "placements": [seat], **more}


def problems(sheet: str, *rows: dict[str, str], **others: list[dict[str, str]]) -> list[Problem]:
    """What is wrong with rows of one sheet, beside others."""
    state: State = {name: keyed(BOOK.sheet(name), found) for name, found in {**others, sheet: list(rows)}.items()}
    return [one for one in contents_of(state).problems if one.sheet == sheet]


def sheet(folder: Path, name: str, *rows: dict[str, str]) -> None:
    with (folder / f"{name}.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, [column.key for column in BOOK.sheet(name).columns])
        writer.writeheader()
        writer.writerows(rows)


def test_sheets_and_tables_name_the_same_columns() -> None:
    for table in TABLES:
        columns = {column.key for column in BOOK.sheet(table.sheet).columns}
        common = {"source", "source_year", "confidence", "synthetic", "note"}
        extra = {"building"} if table.sheet == "spaces" else set()
        assert {*table.plain, *table.links, *common, *extra} == columns, table.sheet


@pytest.mark.django_db(transaction=True)
def test_a_city_with_three_lists_opens_and_opens_again_unchanged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SATUATAP_HOME", str(tmp_path / "home"))
    city = copy_of(tmp_path)
    sheet(city, "buildings", {"code": "balai", "name": "Balai", "area_m2": "900,5", "ownership": "city", "use": "used"})
    sheet(city, "units", {"code": "dinas", "name": "Dinas", "headcount": "30", "public_facing": "ya"})
    sheet(city, "placements", {"unit": "dinas", "building": "balai"})
    assert open_city(city).problems == []
    assert not open_city(city).changed
    rows = queries.sheet_rows()
    assert rows["buildings"][0]["area_m2"] == 900.5 and rows["units"][0]["public_facing"] is True
    assert len(rows["norms"]) > 20  # a country's norms come with the city
    told = Entry.objects.filter(kind="estate_put").get().fact["sheets"]
    assert told["buildings"] == {"added": 1, "changed": 0, "removed": 0}
    (city / "buildings.csv").write_text("code,name,area_m2,ownership,use\nbalai,Balai,,city,used\n")
    outcome = open_city(city)
    assert [(p.sheet, p.row, p.column) for p in outcome.problems] == [("buildings", 2, "area_m2")]
    assert Building.objects.get().area_m2 == 900.5


@pytest.mark.django_db
def test_what_left_the_lists_stays_for_the_past_and_is_in_no_question() -> None:
    put_estate(by=BY, rows=inventory())
    put_estate(by=BY, rows={})
    assert not Unit.objects.get().active and queries.sheet_rows()["units"] == []
    put_estate(by=BY, rows=inventory())
    assert Unit.objects.get().active


@pytest.mark.django_db
def test_a_row_that_points_nowhere_writes_nothing() -> None:
    with pytest.raises(BrokenInventory), transaction.atomic():
        put_estate(by=BY, rows={"placements": [{"unit": "dinas", "building": "balai"}]})
    assert not Placement.objects.exists()


@pytest.mark.django_db
def test_the_tables_themselves_keep_a_unit_in_one_place() -> None:
    put_estate(by=BY, rows=inventory())
    with pytest.raises(IntegrityError), transaction.atomic():
        Placement.objects.create(unit=Unit.objects.get(), building=Building.objects.get(), since=SECOND)
    with pytest.raises(IntegrityError), transaction.atomic():
        Building.objects.update(area_m2=0)


def bill(first: str, last: str, meter: str = "m1") -> dict[str, str]:
    return {"meter": meter, "first_day": first, "last_day": last, "quantity": "1", "amount": "1"}


METERS = [{"code": "m1", "building": "balai", "supply": "electricity"}]
HALLS = [{"code": "balai", "name": "Balai", "area_m2": "90", "ownership": "city", "use": "used"}]
UNITS = [{"code": "dinas", "name": "Dinas", "headcount": "3"}]


@pytest.mark.parametrize(
    ("rows", "wrong"),
    [
        ([bill("2025-01-01", "2025-01-31"), bill("2025-01-31", "2025-02-27")], ["bertumpuk"]),
        ([bill("2025-01-01", "2025-01-31"), bill("2025-02-01", "2025-02-28")], []),
        ([bill("2025-02-01", "2025-01-31")], ["lebih awal"]),
        ([bill("2025-01-01", "2025-12-31")], ["terlalu panjang"]),
        ([bill("2025-01-01", "2025-01-31", "m9")], ["tidak ada di lembar meters"]),
        ([{**bill("2025-01-01", "2025-01-31"), "amount": "Rp1.500.000"}], ["uang sebagai teks"]),
    ],
)
def test_bills(rows: list[dict[str, str]], wrong: list[str]) -> None:
    found = problems("bills", *rows, meters=METERS, buildings=HALLS)
    assert len(found) == len(wrong)
    for one, words in zip(found, wrong, strict=True):
        assert words in one.wrong


def test_more_than_two_years_of_bills_are_told() -> None:
    starts = [date(2022 + n // 12, n % 12 + 1, 1) for n in range(26)]
    rows = [bill(day.isoformat(), (day + timedelta(days=27)).isoformat()) for day in starts]
    assert len(problems("bills", *rows, meters=METERS, buildings=HALLS)) == 2


def test_a_unit_sits_in_one_place_at_a_time() -> None:
    seat = {"unit": "dinas", "building": "balai"}
    both = [{**seat, "since": "2020-01-01"}, {**seat, "since": "2025-01-01"}]
    assert len(problems("placements", *both, units=UNITS, buildings=HALLS)) == 1
    both[0]["until"] = "2024-12-31"
    assert problems("placements", *both, units=UNITS, buildings=HALLS) == []


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 40)), max_size=6))
def test_bills_overlap_exactly_when_a_day_is_billed_twice(spans: list[tuple[int, int]]) -> None:
    spans = [span for n, span in enumerate(spans) if span[0] not in [one[0] for one in spans[:n]]]
    contents = Contents({one.key: [] for one in BOOK.sheets})
    for number, (start, length) in enumerate(spans, start=2):
        first = date(2025, 1, 1) + timedelta(days=start)
        values = {"meter": "m1", "first_day": first, "last_day": first + timedelta(days=length)}
        contents.rows["bills"].append(Row("bills", number, values))
    days = [start + n for start, length in spans for n in range(length + 1)]
    assert bool(check_estate(contents)) == (len(days) != len(set(days)))


def test_how_well_a_figure_is_known() -> None:
    row = {"area_m2": 90.0, "lat": -2.9, "lon": None, "source": "A list", "made_up": ["lat"], "synthetic": False}
    assert queries.standing(row, "area_m2") is Standing.SOURCED
    assert queries.standing(row, "lat") is Standing.SYNTHETIC
    assert queries.standing(row, "lon") is Standing.NORM
    assert queries.standing({**row, "synthetic": True}, "area_m2") is Standing.SYNTHETIC
    cost = {"amount": 5, "source": "A list", "budget_code": ""}
    assert queries.standing(cost, "amount") is Standing.UNSOURCED
    assert queries.standing({**cost, "budget_code": "5.1.02"}, "amount") is Standing.SOURCED


@given(st.lists(st.sampled_from(StudyMove), max_size=12))
def test_a_study_that_is_over_stays_over(moves: list[StudyMove]) -> None:
    life = StudyLife.QUEUED
    for move in moves:
        after = MOVES.get((life, move))
        assert life not in OVER or after is None
        life = after or life
