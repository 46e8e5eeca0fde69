"""A city is opened from its own files: all or nothing, and a second run says only what is new."""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.db import connection
from psycopg import sql

from satuatap.basics.actor import Actor
from satuatap.features.catalogue import queries as catalogue
from satuatap.features.catalogue.models import Service, Standard, Step
from satuatap.features.journal.models import Entry
from satuatap.features.malls import actions as malls_actions
from satuatap.features.malls.models import Booth, CalendarDay, Desk, Mall, Zone
from satuatap.features.people.models import Account, Agency
from satuatap.features.visits.models import Desk as CallDesk
from satuatap.plumbing.postgres import roles
from satuatap.plumbing.postgres.cluster import ADMIN, Cluster
from satuatap.project.city import cli, opening
from satuatap.project.city.accounts import accounts_file
from satuatap.project.city.opening import Outcome, open_city
from tests.factories.cities import TANJUNG, as_workbook, change, copy_of, put

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database15]
SHEETS = ("people", "malls", "catalogue")
OUR_OWN = {"id", "pk", "password", "device_digest", "salt", "xid"}


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SATUATAP_HOME", str(tmp_path / "home"))
    catalogue.forget()
    return tmp_path / "home"


def opened(folder: Path) -> Outcome:
    outcome = open_city(folder)
    assert outcome.problems == []
    return outcome


def content() -> dict[str, list[dict[str, Any]]]:
    """Every row of every table that a city's files fill, without the numbers that the database gives."""
    found = {}
    for label in SHEETS:
        for model in apps.get_app_config(label).get_models():
            fields = [f.name for f in model._meta.concrete_fields if f.name not in OUR_OWN and not f.is_relation]
            fields = [name for name in fields if not name.endswith("_at") and "joined" not in name]
            rows = [{name: str(getattr(row, name)) for name in fields} for row in model._default_manager.all()]
            found[model._meta.label] = sorted(rows, key=json.dumps)
    return found


def empty() -> bool:
    return not any(table.objects.exists() for table in (Mall, Agency, Account, Service, Entry))


def test_csv_and_xlsx_give_the_same_city(tmp_path: Path) -> None:
    opened(TANJUNG)
    from_csv = content()
    assert len(from_csv["catalogue.Service"]) == 5 and len(from_csv["malls.Hours"]) == 11
    outcome = opened(as_workbook(TANJUNG, tmp_path / "kota.xlsx"))
    assert not outcome.changed
    assert content() == from_csv


def test_the_workbook_alone_opens_the_city(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    as_workbook(TANJUNG, tmp_path / "folder" / "kota.xlsx")
    (tmp_path / "folder" / "~$kota.xlsx").write_bytes(b"open in Excel")
    assert opened(tmp_path / "folder").changed
    assert Mall.objects.get().zone_name == "Asia/Makassar"
    assert not opened(TANJUNG).changed


def test_a_second_run_has_nothing_to_change_and_writes_no_fact() -> None:
    opened(TANJUNG)
    facts = Entry.objects.count()
    again = opened(TANJUNG)
    assert not again.changed
    assert Entry.objects.count() == facts


def test_a_changed_row_is_shown_then_applied(tmp_path: Path) -> None:
    city = copy_of(tmp_path)
    opened(city)
    put(city, "services", 4, "name", "NIB perseorangan")
    looked = open_city(city, look_only=True)
    (item,) = looked.changes["services"].changed
    assert (item.key, item.field, item.old, item.new) == ("nib", "name", "Nomor Induk Berusaha", "NIB perseorangan")
    assert Service.objects.get(code="nib").name == "Nomor Induk Berusaha"
    opened(city)
    assert Service.objects.get(code="nib").name == "NIB perseorangan"
    assert catalogue.service("nib").steps[0].name == "NIB perseorangan"
    assert not opened(city).changed


CELLS = [
    ("malls", 2, "lat", ""), ("malls", 2, "area_m2", ""), ("districts", 2, "centroid_lat", ""), ("booths", 2, "x", ""),
    ("standards", 3, "source_year", ""), ("services", 3, "summary", "Baru."), ("hours", 2, "break_from", "11:45"),
    ("desks", 3, "skills", "ktp-el/1"), ("policy", 2, "value", "3,5"), ("staff", 2, "display_name", "Petugas"),
    ("agencies", 3, "parent", ""), ("calendar", 2, "source_year", ""), ("requirements", 2, "need", "if"),
    ("places", 2, "can_finish", "no"), ("synonyms", 2, "services", "kis;skck"), ("steps", 3, "after", "1"),
]  # fmt: skip


def test_each_cell_that_changes_is_applied_once(tmp_path: Path) -> None:
    """Also a cell that was emptied; only "after 1" says what stood there already."""
    city = copy_of(tmp_path)
    opened(city)
    for sheet, row, column, value in CELLS:
        put(city, sheet, row, column, value)
        assert opened(city).changed == (sheet != "steps"), (sheet, column)
        assert not opened(city).changed, (sheet, column)


def test_rows_go_move_and_come_back(tmp_path: Path) -> None:
    """The polres and its zone leave, BPJS moves over; next year all of it stands again."""
    city = copy_of(tmp_path)
    opened(city)
    number = Booth.objects.get(code="polres").pk
    change(city, "zones", lambda rows: rows.pop(2))
    for row in (4, 5):
        put(city, "booths", row, "zone", "A")
    for sheet in ("booths", "services"):
        change(city, sheet, lambda rows: rows.pop(-1))
    change(city, "hours", lambda rows: rows.pop(-1))
    change(city, "places", lambda rows: rows.pop(-1))
    change(city, "calendar", lambda rows: rows.pop(3))
    change(city, "desks", lambda rows: rows.pop(-1))
    assert opened(city).changed
    assert [z.code for z in Zone.objects.all()] == ["A"]
    assert not Booth.objects.get(code="polres").active
    assert "skck" not in {card.code for card in catalogue.services()}
    assert CallDesk.objects.get(pk=Desk.objects.get(code="5").pk).skills == []
    assert not opened(city).changed
    assert opened(TANJUNG).changed
    assert Booth.objects.get(code="polres", active=True).pk == number
    assert Booth.objects.get(code="bpjs").zone.code == "B"  # type: ignore[union-attr]
    assert not opened(TANJUNG).changed


def test_a_step_without_after_follows_the_one_before_whatever_its_number(tmp_path: Path) -> None:
    city = copy_of(tmp_path)
    put(city, "steps", 3, "order", "5")
    opened(city)
    assert list(Step.objects.get(service__code="kis", order=5).after) == [1]
    assert [errand.after for errand in catalogue.plan(["kis"]).errands] == [(), (0,)]


def test_a_closure_that_the_office_had_entered_first_is_not_in_the_way(tmp_path: Path) -> None:
    city = copy_of(tmp_path)
    opened(city)
    mall = Mall.objects.get().pk
    malls_actions.add_closure(by=Actor.system("test"), mall=mall, day=date(2026, 12, 10), name="Perbaikan atap")
    day = [
        "2026-12-10",
        "closure",
        "Perbaikan atap",
        "",
        "mpp-tanjung",
        "",
        "",
        "",
        "Surat edaran",
        "2026",
        "",
        "no",
        "",
    ]
    change(city, "calendar", lambda rows: rows.append(day))
    opened(city)
    assert CalendarDay.objects.filter(date=date(2026, 12, 10)).count() == 1
    assert not opened(city).changed


def test_demo_and_city_are_never_in_one_database(tmp_path: Path) -> None:
    opened(TANJUNG)
    city = copy_of(tmp_path)
    put(city, "malls", 2, "demo", "yes")
    assert [(p.sheet, p.column) for p in open_city(city).problems] == [("malls", "demo")]


@pytest.mark.parametrize(
    "text", ["{", '{"features": [{}]}', "[]", '{"features": [{"properties": {"code": 1}, "geometry": 5}]}']
)
def test_boundaries_that_are_no_geojson_are_told(tmp_path: Path, text: str) -> None:
    city = copy_of(tmp_path)
    (city / "districts.geojson").write_text(text)
    assert [p.sheet for p in open_city(city).problems] == ["districts.geojson"]
    assert empty()


@pytest.mark.parametrize("at", ["put_accounts", "_floors"])
def test_raised_in_the_middle_it_leaves_nothing(monkeypatch: pytest.MonkeyPatch, home: Path, at: str) -> None:
    def fail(*_words: Any, **_named: Any) -> None:
        raise RuntimeError("the power went")

    with monkeypatch.context() as patch:
        patch.setattr(opening, at, fail)
        with pytest.raises(RuntimeError):
            open_city(TANJUNG)
    assert empty() and not accounts_file().exists()
    opened(TANJUNG)


def test_the_passwords_are_for_the_owner_of_the_file_only_and_stay(tmp_path: Path) -> None:
    opened(TANJUNG)
    assert accounts_file().stat().st_mode & 0o777 == 0o600
    before = accounts_file().read_text()
    city = copy_of(tmp_path)
    change(
        city,
        "staff",
        lambda rows: rows.append(["loket2", "officer", "mpp-tanjung", "dukcapil", "2", "", "", "", "", "yes", ""]),
    )
    opened(city)
    kept = {row["username"]: row for row in json.loads(accounts_file().read_text())["accounts"]}
    for row in json.loads(before)["accounts"]:
        assert kept[row["username"]] == row
    assert Account.objects.get(username="loket2").check_password(kept["loket2"]["password"])
    assert Account.objects.get(username="loket1").must_change_password


@pytest.fixture
def command(cluster: Cluster, home: Path) -> dict[str, str]:
    """The environment in which `satuatap city` works on this test's database."""
    name = str(connection.settings_dict["NAME"])
    with psycopg.connect(cluster.url(ADMIN, name), autocommit=True) as admin:
        admin.execute(
            sql.SQL("grant connect on database {} to {}").format(sql.Identifier(name), sql.Identifier(roles.APP))
        )
    return {
        **os.environ,
        "DATABASE_URL": cluster.url(roles.APP, name),
        "DATABASE_OWNER_URL": cluster.url(roles.OWNER, name),
        "SATUATAP_HOME": str(home),
    }


def satuatap(*words: str) -> list[str]:
    return [str(Path(sys.executable).parent / "satuatap"), *words]


def test_killed_in_the_middle_it_leaves_nothing_and_the_next_run_does_all(command: dict[str, str]) -> None:
    with psycopg.connect(command["DATABASE_OWNER_URL"]) as held:
        held.execute("lock table catalogue_synonym in access exclusive mode")  # late in the transaction
        held_by = held.info.backend_pid
        process = subprocess.Popen(satuatap("city", "open", str(TANJUNG)), env=command, stdout=subprocess.DEVNULL)
        with connection.cursor() as cursor:
            until = time.monotonic() + 240
            while time.monotonic() < until:
                cursor.execute("select count(*) from pg_stat_activity where %s = any(pg_blocking_pids(pid))", [held_by])
                if cursor.fetchone()[0]:
                    break
                time.sleep(0.05)
            else:
                pytest.fail("the command never came to the lock")
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert empty()
    assert subprocess.run(satuatap("city", "open", str(TANJUNG)), env=command, capture_output=True).returncode == 0
    assert Service.objects.count() == 5 and Standard.objects.count() == 2


def test_the_command_says_what_is_wrong_and_ends_with_1(command: dict[str, str], tmp_path: Path) -> None:
    city = copy_of(tmp_path)
    put(city, "hours", 2, "opens", "25:00")
    done = subprocess.run(satuatap("city", "open", str(city)), env=command, capture_output=True, text=True)
    assert done.returncode == 1
    assert 'hours baris 2, opens: "25:00" bukan jam. Jam seperti 08:00.' in done.stderr
    assert "Traceback" not in done.stderr and empty()


def test_look_first_then_the_answer_decides(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    opened(TANJUNG)
    city = copy_of(tmp_path)
    put(city, "services", 4, "name", "NIB perseorangan")
    arguments = argparse.Namespace(folder=city, yes=False, check=False)
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    for answer, name in (("tidak", "Nomor Induk Berusaha"), ("ya", "NIB perseorangan")):
        monkeypatch.setattr("builtins.input", lambda _question, answer=answer: answer)
        assert cli._open(arguments) == 0
        assert "nib.name: Nomor Induk Berusaha -> NIB perseorangan" in capsys.readouterr().out
        assert Service.objects.get(code="nib").name == name
