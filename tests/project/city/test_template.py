"""The templates explain themselves and open as they stand; the sheets promise no more than the tables hold."""

from __future__ import annotations

import argparse
import re
import zipfile
from pathlib import Path

import openpyxl
import pytest
from django.apps import apps
from django.db import models

from satuatap.plumbing.sheets.schema import Kind
from satuatap.plumbing.sheets.template import HOW_TO
from satuatap.project.city import cli
from satuatap.project.city.format import BOOK
from satuatap.project.city.opening import open_city, read_city
from satuatap.project.cli.sentences import Trouble
from tests.factories.cities import rows_of

MODELS = {
    "agencies": "people.Agency", "districts": "malls.District", "malls": "malls.Mall", "zones": "malls.Zone",
    "booths": "malls.Booth", "desks": "malls.Desk", "hours": "malls.Hours", "calendar": "malls.CalendarDay",
    "services": "catalogue.Service", "steps": "catalogue.Step", "standards": "catalogue.Standard",
    "documents": "catalogue.Document", "requirements": "catalogue.Requirement", "places": "catalogue.Place",
    "life_events": "catalogue.LifeEvent", "life_event_services": "catalogue.LifeEventService",
    "sequences": "catalogue.Sequence", "synonyms": "catalogue.Synonym", "staff": "people.Account",
}  # fmt: skip


def write(folder: Path, csv: bool) -> Path:
    assert cli.run_template(argparse.Namespace(folder=folder, csv=csv)) == 0
    return folder


@pytest.mark.django_db(transaction=True)
def test_the_templates_open_as_they_stand_and_both_are_the_same_city(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SATUATAP_HOME", str(tmp_path / "home"))
    first = open_city(write(tmp_path / "xlsx", csv=False))
    assert first.problems == []
    assert all(count for count in first.rows.values()), "a sheet without an example"
    second = open_city(write(tmp_path / "csv", csv=True))
    assert second.problems == [] and not second.changed


def test_every_sheet_explains_its_columns_and_marks_what_must_be_filled_in(tmp_path: Path) -> None:
    folder = write(tmp_path / "csv", csv=True)
    for sheet in BOOK.sheets:
        header, explained, *examples = rows_of(folder / f"{sheet.key}.csv")
        assert header == [column.key for column in sheet.columns]
        assert explained[0].startswith("# ")
        assert [("[wajib]" in text) for text in explained] == [column.required for column in sheet.columns]
        assert examples and all(row[header.index("synthetic")] == "yes" for row in examples)


def test_the_workbook_has_a_guide_and_drop_downs_for_choices_and_codes(tmp_path: Path) -> None:
    path = write(tmp_path, csv=False) / "kota.xlsx"
    book = openpyxl.load_workbook(path)
    assert book.worksheets[0].title == "petunjuk" and book.worksheets[0]["B1"].value == HOW_TO
    lists = {}
    for sheet in BOOK.sheets:
        page = book[sheet.key]
        assert [cell.value for cell in page[1]] == [column.label for column in sheet.columns]
        for rule in page.data_validations.dataValidation:
            first = next(iter(rule.sqref.ranges))
            lists[sheet.key, sheet.columns[first.min_col - 1].key] = rule.formula1
    assert lists["booths", "level"] == '"listed,counted,own_numbers,full"'
    assert lists["malls", "demo"] == '"yes,no"'
    assert lists["services", "agency"] == "agencies!$A$3:$A$2000"
    for sheet in BOOK.sheets:
        for column in sheet.columns:
            if column.kind in (Kind.BOOL, Kind.CHOICE):
                assert (sheet.key, column.key) in lists, (sheet.key, column.key)
        for reference in sheet.references:
            if sheet.column(reference.columns[-1]).kind is not Kind.LIST:
                assert (sheet.key, reference.columns[-1]) in lists
    with zipfile.ZipFile(path) as archive:
        assert not re.search(rb"<f>", b"".join(archive.read(n) for n in archive.namelist() if "worksheets" in n))


def test_files_that_exist_are_never_overwritten(tmp_path: Path) -> None:
    write(tmp_path, csv=False)
    before = (tmp_path / "kota.xlsx").read_bytes()
    with pytest.raises(Trouble, match="tidak ditimpa"):
        cli.run_template(argparse.Namespace(folder=tmp_path, csv=False))
    (tmp_path / "steps.csv").write_text("mine")
    with pytest.raises(Trouble, match="tidak ditimpa"):
        cli.run_template(argparse.Namespace(folder=tmp_path, csv=True))
    assert (tmp_path / "kota.xlsx").read_bytes() == before
    assert [path.name for path in tmp_path.glob("*.csv")] == ["steps.csv"]


@pytest.mark.parametrize("sheet", sorted(MODELS))
def test_no_cell_may_be_longer_than_its_column_in_the_database(sheet: str) -> None:
    fields = {field.name: field for field in apps.get_model(MODELS[sheet])._meta.get_fields()}
    for column in BOOK.sheet(sheet).columns:
        field = fields.get(column.key)
        if isinstance(field, models.CharField) and column.kind in (Kind.TEXT, Kind.CODE):
            assert field.max_length is not None and column.longest <= field.max_length, column.key
        if isinstance(field, models.IntegerField):
            assert column.kind is Kind.INT, column.key
        if isinstance(field, models.CharField) and column.kind is Kind.CHOICE:
            assert max(map(len, column.choices)) <= (field.max_length or 0), column.key


def test_the_demo_city_itself_has_no_problem() -> None:
    assert read_city(Path(__file__).parents[3] / "data" / "palembang").problems == []
