"""The journal: appended to, never rewritten, in a dense order, salted, and without a person in it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, get_type_hints
from uuid import uuid4

import psycopg
import pytest
from django.db import IntegrityError, connection, transaction
from psycopg import errors, sql

from satuatap.basics.actor import Actor
from satuatap.basics.facts import Fact
from satuatap.features.catalogue import queries as catalogue
from satuatap.features.journal.actions import announce, number_entries
from satuatap.features.journal.models import Entry, Position
from satuatap.features.journal.queries import entries_after, entry_of_request, last_position, latest
from satuatap.features.journal.refusals import KeyUsedOtherwise
from satuatap.features.malls import actions as malls_actions
from satuatap.features.malls.models import Clock, Mall
from satuatap.features.visits import actions
from satuatap.features.visits.facts import DayClosed, DayOpened
from satuatap.features.visits.states import Result
from satuatap.plumbing.postgres import roles
from satuatap.plumbing.postgres.cluster import ADMIN, Cluster
from satuatap.project import grants
from satuatap.project.city.opening import open_city
from tests.factories.cities import change, copy_of
from tests.factories.floors import make_floor
from tests.factories.people import PASSWORD, make_account

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database15]
BY = Actor.system("test")
Connection = psycopg.Connection[Any]


@pytest.fixture
def application(cluster: Cluster) -> Iterator[Connection]:
    """The application's own role on this test's database, with the rights that an installation gives it."""
    name = str(connection.settings_dict["NAME"])
    with psycopg.connect(cluster.url(ADMIN, name), autocommit=True) as admin:
        admin.execute(
            sql.SQL("grant connect, temporary on database {} to {}").format(
                sql.Identifier(name), sql.Identifier(roles.APP)
            )
        )
    with psycopg.connect(cluster.url(roles.OWNER, name)) as owner:
        grants.give(owner, roles.APP)
    with psycopg.connect(cluster.url(roles.APP, name), autocommit=True) as found:
        yield found


def tell(count: int = 1) -> list[int]:
    with transaction.atomic():
        return [announce(DayOpened("2026-11-24", None, None), by=BY).id for _ in range(count)]


WAYS_AROUND = [
    "insert into journal_entry (id, kind, who, fact) values ({id}, 'x', 'x', '{{}}')"
    " on conflict (id) do update set kind = 'x'",
    "merge into journal_entry e using (select 1) s on e.id = {id} when matched then update set kind = 'x'",
    "merge into journal_entry e using (select 1) s on e.id = {id} when matched then delete",
    "with gone as (delete from journal_entry returning id) select count(*) from gone",
    "select * from journal_entry for update",
    "select * from journal_position for share",
    "lock table journal_entry in access exclusive mode",
    "truncate journal_entry, journal_position cascade",
    "truncate only journal_entry restart identity",
    "alter table journal_entry disable trigger all",
    "alter table journal_entry rename to old_entry",
    "alter table journal_entry alter column kind type text",
    "alter table journal_entry owner to satuatap_app",
    "create rule quiet as on insert to journal_entry do instead nothing",
    "create trigger quiet before insert on journal_entry execute function suppress_redundant_updates_trigger()",
    "alter sequence journal_entry_id_seq restart",
    "create index on journal_entry (who)",
    "create view public.journal as select * from journal_entry",
    "set role satuatap_owner",
    "set session authorization satuatap_owner",
    "reassign owned by satuatap_owner to satuatap_app",
    "drop owned by satuatap_owner",
    "set session_replication_role = replica",
]


def test_no_way_around_lets_the_application_rewrite_what_happened(application: Connection) -> None:
    """Beside the plain update, delete and truncate (tests/project/test_grants.py): what a clever statement could do."""
    (entry,) = tell()
    number_entries()
    before = list(Entry.objects.values_list())
    for attempt in WAYS_AROUND:
        with pytest.raises(psycopg.Error) as refused, application.transaction():
            application.execute(attempt.format(id=entry))  # type: ignore[arg-type]
        assert isinstance(refused.value, errors.InsufficientPrivilege), (attempt, refused.value)
    application.execute("grant update, delete, truncate on journal_entry to satuatap_app")  # only a warning
    grants.refuse_too_many_rights(application)
    assert list(Entry.objects.values_list()) == before


def test_the_application_appends_and_reads(application: Connection) -> None:
    application.execute("insert into journal_entry (kind, who, fact) values ('called', 'desk:1', '{\"n\": 1}')")
    row = application.execute("select kind, salt, real_at, xid from journal_entry").fetchone()
    assert row is not None and row[0] == "called" and all(row[1:])
    with pytest.raises(errors.InsufficientPrivilege):
        application.execute("update journal_entry set kind = 'missed'")


def test_positions_are_dense_from_1_in_the_order_of_writing() -> None:
    ids = tell(30)
    with transaction.atomic():
        announce(DayClosed("2026-11-24"), by=BY)
        transaction.set_rollback(True)  # what did not happen leaves no gap
    ids += tell(20)
    assert number_entries() == (50, 50) and number_entries() == (0, 50)
    assert list(Position.objects.order_by("position").values_list("position", "entry_id")) == [
        (n, entry) for n, entry in enumerate(ids, start=1)
    ]
    lines = entries_after(45, limit=3)
    assert [line.position for line in lines] == [46, 47, 48] and last_position() == 50
    assert [line.position for line in latest(["day_opened"], limit=2)] == [50, 49]


def test_equal_facts_have_different_salts() -> None:
    tell(40)
    rows = Entry.objects.all()
    assert len({json.dumps(row.fact, sort_keys=True) for row in rows}) == 1
    assert len({row.salt for row in rows}) == 40
    assert all(row.salt.version == 4 for row in rows)


def test_an_entry_holds_the_malls_time_and_the_worlds() -> None:
    mall = Mall.objects.create(code="demo", name="Demo", zone_name="Asia/Makassar", demo=True)
    far = datetime(2026, 12, 24, 3, tzinfo=UTC)
    malls_actions.resume_clock(by=BY, mall=mall.pk, at=far)
    with transaction.atomic():
        announce(DayOpened("2026-12-24", None, None), by=BY, mall=mall.pk)
        announce(DayOpened("2026-12-24", None, None), by=BY)
    here, city = Entry.objects.filter(kind="day_opened").order_by("id")
    assert timedelta() <= here.at - far < timedelta(minutes=1)
    assert abs(here.real_at - city.real_at) < timedelta(seconds=1) and abs(city.at - city.real_at) < timedelta(
        seconds=1
    )
    assert Clock.objects.get(pk=mall.pk).speed == 1


def test_one_request_is_one_entry() -> None:
    key = uuid4()
    with transaction.atomic():
        announce(DayOpened("2026-11-24", None, None), by=BY, request=key)
    with pytest.raises(IntegrityError), transaction.atomic():
        announce(DayClosed("2026-11-24"), by=BY, request=key)
    entry = entry_of_request(key, DayOpened.kind, day="2026-11-24")
    assert entry is not None and entry.kind == "day_opened"
    assert entry_of_request(None, DayOpened.kind) is None and entry_of_request(uuid4(), DayOpened.kind) is None
    for kind, said in ((DayClosed.kind, {}), (DayOpened.kind, {"day": "2026-11-25"}), (DayOpened.kind, {"visit": 1})):
        with pytest.raises(KeyUsedOtherwise):
            entry_of_request(key, kind, **said)


def _kinds(base: type[Fact]) -> list[type[Fact]]:
    return [cls for sub in base.__subclasses__() for cls in (sub, *_kinds(sub))]


PERSONAL = re.compile(r"name|nama|phone|telp|nik|address|alamat|email|birth|lahir|username|password|secret|token|code$")


def test_no_fact_has_a_field_for_a_person_and_each_kind_is_one_fact() -> None:
    facts = [cls for cls in _kinds(Fact) if cls.__module__.startswith("satuatap.")]
    assert len(facts) > 25
    kinds = [cls.kind for cls in facts]
    assert len(kinds) == len(set(kinds))
    for cls in facts:
        assert re.fullmatch(r"[a-z]+(_[a-z]+)*", cls.kind) and len(cls.kind) <= 40
        for field in fields(cls):
            assert not PERSONAL.search(field.name), (cls, field.name)
            assert "Any" not in str(get_type_hints(cls)[field.name]) or field.name in {"weights", "desks", "values"}


def test_after_a_days_work_no_name_account_or_password_stands_in_the_journal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SATUATAP_HOME", str(tmp_path / "home"))
    city = copy_of(tmp_path)
    row = ["siti.rahmawati", "officer", "mpp-tanjung", "dukcapil", "2", "Siti Rahmawati", "", "", "", "yes", ""]
    change(city, "staff", lambda rows: rows.append(row))
    assert open_city(city).problems == []
    change(city, "staff", lambda rows: rows.pop())
    assert open_city(city).problems == []
    make_account("budi.santoso")
    make_floor({1: 5.0, 2: 5.0}, {901: [1, 2]}, mall=9)
    visit = actions.issue_ticket(by=BY, mall=9, steps=[1, 2], after=[[], []])
    for _ in range(2):
        actions.call_next(by=Actor.device(1), desk=901)
        actions.start_serving(by=Actor.device(1), desk=901)
        actions.finish_errand(by=Actor.device(1), desk=901, result=Result.DONE)
    kept = json.loads((tmp_path / "home" / "accounts.json").read_text())["accounts"]
    secrets = [visit.token, visit.code, PASSWORD, *(a["password"] for a in kept), *(a.get("link") or "" for a in kept)]
    people = ["siti", "rahmawati", "budi", "santoso", "Manajer MPP", "loket1", "anjungan1"]
    text = "\n".join(f"{e.who} {e.kind} {json.dumps(e.fact)}" for e in Entry.objects.all()).lower()
    assert Entry.objects.filter(kind="finished").count() == 2 and '"account_opened"' not in text
    for word in filter(None, secrets + people):
        assert not re.search(rf"\b{re.escape(word.lower())}\b", text), word
    assert all(re.fullmatch(r"(account|device|system|desk):[a-z0-9_-]+", e.who) for e in Entry.objects.all())
    catalogue.forget()
