"""A study starts from the three lists alone, keeps its best, and goes on after its process died."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone

from satuatap.basics.actor import Actor
from satuatap.engines.regroup.verify import verify
from satuatap.features.estate import actions, queries, study
from satuatap.features.estate.models import Study
from satuatap.features.estate.refusals import NothingToStudy, StudyIsOver
from satuatap.features.estate.states import StudyLife
from satuatap.features.estate.tables import SHEETS
from satuatap.features.journal.models import Entry
from satuatap.plumbing.sheets.read import read
from satuatap.plumbing.sheets.schema import Book
from satuatap.project import studying
from satuatap.project.city.format import BOOK

ROOT = Path(__file__).parents[3]
BY = Actor.system("test")
TODAY = date(2026, 11, 27)
PLACES = {"a": (-2.98, 104.75), "b": (-2.985, 104.755), "c": (-2.99, 104.76)}
DISTRICTS = [{"code": "16.71.01", "centroid_lat": -2.98, "centroid_lon": 104.75}]


def three_lists() -> dict[str, list[dict[str, Any]]]:
    """Three buildings, four units, who sits where; norms from data/norms; every other sheet empty."""
    columns = {sheet: {column.key: None for column in BOOK.sheet(sheet).columns} for sheet in SHEETS}
    rows: dict[str, list[dict[str, Any]]] = {sheet: [] for sheet in SHEETS}
    norms = read(ROOT / "data" / "norms", Book([BOOK.sheet("norms")]), alone=True)
    rows["norms"] = [dict(values) for values in norms.values("norms")]
    for code, (lat, lon) in PLACES.items():
        more = {"code": code, "name": code, "lat": lat, "lon": lon, "area_m2": 900.0, "use": "used",
                "ownership": "city", "source": "KIB C"}  # fmt: skip
        rows["buildings"].append({**columns["buildings"], **more})
    for n, building in enumerate(["a", "b", "c", "c"]):
        unit = {"code": f"u{n}", "name": f"U{n}", "headcount": 20, "public_facing": n == 0}
        rows["units"].append({**columns["units"], **unit})
        rows["placements"].append({**columns["placements"], "unit": f"u{n}", "building": building})
    return rows


def asked(rows: dict[str, list[dict[str, Any]]] | None = None) -> study.Asked:
    return study.ask(rows or three_lists(), DISTRICTS, name="Kota", today=TODAY)


def test_three_lists_are_enough_and_the_plan_is_checked() -> None:
    found = asked()
    assert found.faults == [] and json.loads(json.dumps(found.raw)) == found.raw
    assert found.taken["room.staff"] and found.taken["guard.building"]
    solved = study.solve(found.raw, seconds=20)
    answer = solved.answer
    assert answer["proved"] and answer["verified"]["feasible"] and not verify(found.raw, answer["plan"]).broken
    assert answer["cost"]["score"] < answer["present_cost"]["score"] and len(set(answer["plan"].values())) == 1
    assert {move["unit"] for move in answer["moves"]} == set(answer["cost"]["moved"])
    assert all(move["worth"] > 0 for move in answer["moves"])


def test_a_sourced_figure_is_a_number_and_a_made_up_one_a_range() -> None:
    rows = three_lists()
    rows["leases"].append({"building": "a", "starts": date(2025, 1, 1), "ends": date(2028, 6, 30), "yearly": 50,
                           "budget_code": "5.1", "source": "Kontrak", "synthetic": False})  # fmt: skip
    raw = asked(rows).raw
    assert raw["buildings"][0]["lease_yearly"] == 50 and raw["buildings"][0]["lease_ends"] == 2028
    rows["leases"][0]["budget_code"] = ""  # a cost without kode rekening counts as unsourced
    assert asked(rows).raw["buildings"][0]["lease_yearly"] == {"low": 35, "likely": 50, "high": 65}


def test_bills_say_more_than_the_norm() -> None:
    rows = three_lists()
    rows["meters"].append({"building": "a", "code": "m", "supply": "electricity", "kva": 66, "tariff": ""})
    rows["bills"].append({"meter": "m", "first_day": date(2025, 1, 1), "last_day": date(2025, 1, 31),
                          "quantity": 3100.0, "amount": 1, "source": "PLN", "budget_code": "5.1"})  # fmt: skip
    line = asked(rows).raw["buildings"][0]["connections"][0]
    fixed, monthly = line["monthly_fixed_use"], 3100 / 31 * 365.25 / 12
    assert line["tariff"] == "tariff.p1" and fixed["likely"] == pytest.approx(0.3 * monthly)
    assert fixed["shared"] == "energy.fixed_share"  # what the bill says is certain, which part of it is fixed is not
    assert (fixed["low"], fixed["high"]) == pytest.approx((0.1 * monthly, 0.5 * monthly))


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda rows: rows["placements"].pop(), "Belum diketahui di mana"),
        (lambda rows: rows["buildings"][0].update(lat=None), "belum punya letak"),
        (lambda rows: rows["norms"].clear(), "Norma room.staff belum ada"),
    ],
)
def test_what_is_missing_is_a_sentence(spoil: Any, words: str) -> None:
    rows = three_lists()
    spoil(rows)
    assert any(words in fault for fault in asked(rows).faults)


def test_nobody_is_moved_into_a_building_that_is_lent_or_disputed() -> None:
    rows = three_lists()
    rows["buildings"].append({**rows["buildings"][0], "code": "d", "use": "disputed"})
    assert [building["id"] for building in asked(rows).raw["buildings"]] == ["a", "b", "c"]


def test_it_tells_where_it_stands_and_ends_when_it_is_told_to() -> None:
    with (ROOT / "data" / "palembang" / "units.csv").open(newline="") as file:
        names = [row["code"] for row in csv.DictReader(file)][:40]
    rows = three_lists()
    rows["units"] = [{**rows["units"][1], "code": name} for name in names]
    rows["placements"] = [{**rows["placements"][n % 3], "unit": name} for n, name in enumerate(names)]
    rows["buildings"] = [
        {**rows["buildings"][n % 3], "code": code, "area_m2": 5000.0 + n} for n, code in enumerate("abcdefghij")
    ]
    heard: list[study.Point] = []

    def tell(point: study.Point) -> bool:
        heard.append(point)
        return point.plan is None

    raw = asked(rows).raw
    solved = study.solve(raw, seconds=120, tell=tell, every=0.05)
    last = heard[-1]
    assert last.plan is not None and last.best is not None and last.bound is not None
    assert solved.answer["seconds"] < 60 and solved.answer["cost"]["score"] <= last.best + 1
    assert last.bound <= solved.answer["cost"]["score"] + 1  # both are told as score
    again = study.solve(raw, seconds=0.001, start=solved.answer["plan"])
    assert again.answer["cost"]["score"] <= solved.answer["cost"]["score"] + 1


def begun() -> UUID:
    number = actions.ask_study(by=BY, seconds=120)
    assert actions.begin_study() == number
    return number


@pytest.fixture
def inventory() -> None:
    rows = three_lists()
    actions.put_estate(by=BY, rows=rows)


@pytest.mark.django_db(transaction=True)
def test_a_study_runs_to_its_end(inventory: None) -> None:
    number = begun()
    assert actions.ask_study(by=BY, seconds=5) and actions.begin_study() is None  # one at a time
    studying.run(number)
    view = queries.study(number)
    assert view.life is StudyLife.DONE and view.best is not None and view.gap is not None and view.gap < 1e-6
    told = Entry.objects.get(kind="study_ended").fact
    assert told["input_hash"] == view.input_hash and told["best"] == round(view.best) and told["proved"]
    assert "unit" not in json.dumps(told)
    with pytest.raises(StudyIsOver):
        actions.stop_study(by=BY, study=number)


@pytest.mark.django_db(transaction=True)
def test_a_study_whose_process_died_goes_on_from_its_best(inventory: None) -> None:
    number = begun()
    best = {"u0": "a", "u1": "a", "u2": "a", "u3": "a"}
    assert actions.note_progress(study=number, seconds=1, present=9, best=5, bound=1, plan=best)
    assert actions.note_progress(study=number, seconds=2, present=9, best=7, bound=1, plan={})
    assert queries.study_task(number).plan == best  # a worse plan does not take its place
    assert actions.resume_studies() == []  # it lives
    Study.objects.update(beat_at=timezone.now() - timedelta(minutes=5))
    assert actions.resume_studies() == [number]
    assert studying.work_off() == 1
    assert queries.study(number).life is StudyLife.DONE


@pytest.mark.django_db(transaction=True)
def test_a_study_that_is_stopped_keeps_its_best(inventory: None) -> None:
    number = begun()
    actions.stop_study(by=BY, study=number)
    assert not actions.note_progress(study=number, seconds=1, present=9, best=5, bound=1, plan={"u0": "a"})
    Study.objects.update(beat_at=timezone.now() - timedelta(minutes=5))
    assert actions.resume_studies() == []
    view = queries.study(number)
    assert view.life is StudyLife.DONE and view.best_plan == {"u0": "a"}


@pytest.mark.django_db(transaction=True)
def test_what_keeps_a_study_from_beginning_is_kept_beside_it(inventory: None) -> None:
    number = begun()
    rows = queries.sheet_rows()
    rows["norms"] = [row for row in rows["norms"] if row["key"] != "room.staff"]
    actions.put_estate(by=BY, rows=rows)
    studying.run(number)
    view = queries.study(number)
    assert view.life is StudyLife.FAILED and "room.staff" in view.trouble


@pytest.mark.django_db(transaction=True)
def test_without_lists_there_is_nothing_to_study() -> None:
    with pytest.raises(NothingToStudy):
        actions.ask_study(by=BY, seconds=5)


def test_the_server_loads_no_solver() -> None:
    code = (
        "import sys, django; django.setup(); import satuatap.project.urls, satuatap.project.tasks, "
        "satuatap.project.studies, satuatap.project.wiring; print([m for m in ('highspy', 'ortools', 'numba') if m in "
        "sys.modules])"
    )
    words = {**os.environ, "DJANGO_SETTINGS_MODULE": "satuatap.project.settings"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=words)
    assert done.stdout.strip() == "[]"
