"""A city that is written and opened again is the same city, table by table, and is written with the same bytes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import time, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import models

from satuatap.basics.actor import Actor
from satuatap.features.catalogue import queries as catalogue
from satuatap.features.malls import actions as malls_actions
from satuatap.features.malls import queries as malls
from satuatap.features.people.models import Account, RoleGrant
from satuatap.features.visits import queries as visits
from satuatap.features.visits.actions import set_skills
from satuatap.plumbing.sheets.files import read_raw
from satuatap.project.city import export
from satuatap.project.city.export import FolderInUse, city_files, export_city
from satuatap.project.city.format import BOOK
from satuatap.project.city.opening import Outcome, open_city
from tests.factories.cities import PALEMBANG, TANJUNG, copy_of, put

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database15]
BY = Actor.system("test")
CITY = ("people.Agency", "malls", "catalogue", "visits.Desk", "visits.StepTime", "visits.Policy", "visits.PolicyClass")
NOT_THE_CITY = {"malls.Clock", "malls.Heartbeat", "catalogue.Plan"}
OF_THE_DAY = {"by_hand"}  # that the office entered a closure is no longer known to the files that carry it


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SATUATAP_HOME", str(tmp_path / "home"))
    malls.forget()
    catalogue.forget()


def opened(folder: Path) -> Outcome:
    outcome = open_city(folder)
    assert outcome.problems == []
    return outcome


def _models() -> Iterator[Any]:
    for label in CITY:
        yield from [apps.get_model(label)] if "." in label else apps.get_app_config(label).get_models()


def _names(row: models.Model) -> dict[str, Any]:
    """A row without the database's own numbers: what it points to by its code or name."""
    found = {}
    for field in row._meta.concrete_fields:
        value = getattr(row, field.name)
        if isinstance(value, models.Model):
            value = [getattr(value, "code", value.pk), str(value), getattr(getattr(value, "mall", None), "code", "")]
        if not field.primary_key and field.name not in OF_THE_DAY:
            found[field.name] = str(value)
    return found


def content() -> dict[str, list[str]]:
    """Every table that makes the city, steps named by service and order wherever a number of one stands."""
    steps = {step.id: f"{step.service_code}/{step.order}" for step in catalogue.all_steps()}
    services = {step.service_id: step.service_code for step in catalogue.all_steps()}
    signs = {place.desk: place.sign for view in malls.malls() for place in malls.hall_plan(view.id).desks}
    found = {}
    for model in _models():
        if model._meta.label in NOT_THE_CITY:
            continue
        rows = model._default_manager.all()
        for name in ("active", "listed"):
            if name in {field.name for field in model._meta.concrete_fields}:
                rows = rows.filter(**{name: True})
        told = [_names(row) for row in rows]
        for row, values in zip(rows, told, strict=True):
            if model._meta.label in ("visits.Desk", "visits.StepTime"):
                values["mall"] = malls.mall(row.mall).code
            if model._meta.label == "visits.StepTime":
                values |= {"step": steps.get(row.step), "service": services.get(row.service)}
            if model._meta.label == "visits.Desk":
                values |= {"desk": signs.get(row.pk), "skills": sorted(steps[step] for step in row.skills)}
        found[model._meta.label] = sorted(json.dumps(values, sort_keys=True) for values in told)
    return found


def empty() -> None:
    call_command("flush", interactive=False, verbosity=0)
    malls.forget()
    catalogue.forget()


def again(folder: Path) -> None:
    """Write the city, open it where nothing is, and compare: tables, then bytes."""
    export_city(folder)
    before, files = content(), city_files()
    assert any("Service" in name and rows for name, rows in before.items())
    empty()
    assert not any(content().values())
    opened(folder)
    after = content()
    for table, rows in before.items():
        assert after[table] == rows, table
    assert city_files() == files
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == files
    assert not opened(folder).changed


@pytest.mark.parametrize("city", [PALEMBANG, TANJUNG], ids=["palembang", "tanjung"])
def test_written_and_opened_again_it_is_the_same_city(city: Path, tmp_path: Path) -> None:
    opened(city)
    again(tmp_path / "out")


def test_what_the_office_changed_is_written_too(tmp_path: Path) -> None:
    """A closure, special hours, a desk's skills, a formula-like name, a policy: all of it is there after the way."""
    city = copy_of(tmp_path)
    put(city, "policy", 2, "value", "3,1250")
    put(city, "agencies", 2, "phone", "+62 711 350878")
    put(city, "services", 3, "summary", '\'-besar\nkecil, "juga"')
    opened(city)
    mall = malls.malls()[0].id
    soon = malls.today(mall) + timedelta(days=20)
    malls_actions.add_closure(by=BY, mall=mall, day=soon, name="=Pemadaman")
    late = soon + timedelta(days=1)
    malls_actions.add_special_hours(by=BY, mall=mall, day=late, name="Rapat", hours=(time(9), time(11)))
    desk = malls.hall_plan(mall).desks[0].desk
    skills = visits.skills_of(desk)
    set_skills(by=BY, desk=desk, skills=skills[:1])
    again(tmp_path / "out")
    texts = {name: data.decode() for name, data in city_files().items()}
    assert f"{soon.isoformat()},closure,'=Pemadaman," in texts["calendar.csv"]
    assert "3.1250" in texts["policy.csv"] and "'+62 711 350878" in texts["agencies.csv"]
    assert "''-besar" not in texts["services.csv"] and '"\'-besar\nkecil, ""juga"""' in texts["services.csv"]


def test_a_workbook_is_the_same_city(tmp_path: Path) -> None:
    opened(TANJUNG)
    before = content()
    written = export_city(tmp_path / "book", xlsx=True)
    assert [path.suffix for path in written if path.suffix != ".geojson"] == [".xlsx"]
    assert not opened(tmp_path / "book").changed or content() == before
    export_city(tmp_path / "twice", xlsx=True)
    assert (tmp_path / "book" / "kota.xlsx").read_bytes() == (tmp_path / "twice" / "kota.xlsx").read_bytes()


def test_no_person_is_written_and_roles_stay_when_it_is_opened_here(tmp_path: Path) -> None:
    opened(TANJUNG)
    accounts = list(Account.objects.order_by("pk").values("username", "display_name", "life"))
    grants = list(RoleGrant.objects.order_by("pk").values("account", "role", "ended_at"))
    assert accounts and grants
    export_city(tmp_path / "out")
    written = b"".join(path.read_bytes() for path in (tmp_path / "out").iterdir()).decode()
    assert not [a for a in accounts if a["username"] in written.split(",") or f",{a['display_name']}," in written]
    assert read_raw(tmp_path / "out", BOOK).tables["staff"].rows == []
    opened(tmp_path / "out")
    assert list(RoleGrant.objects.order_by("pk").values("account", "role", "ended_at")) == grants


def test_nothing_is_left_of_an_export_that_stops(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened(TANJUNG)
    write = export._write

    def full(path: Path, data: bytes) -> None:
        if path.name == "places.csv":
            raise OSError(28, "No space left on device")
        write(path, data)

    monkeypatch.setattr(export, "_write", full)
    before = sorted(tmp_path.iterdir())
    with pytest.raises(OSError, match="No space"):
        export_city(tmp_path / "out")
    assert sorted(tmp_path.iterdir()) == before


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    opened(TANJUNG)
    (tmp_path / "out").mkdir()
    export_city(tmp_path / "out")  # an empty one is taken
    with pytest.raises(FolderInUse):
        export_city(tmp_path / "out")
    (tmp_path / "file").write_text("a")
    with pytest.raises(FolderInUse):
        export_city(tmp_path / "file")
