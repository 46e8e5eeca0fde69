"""The application's role: enough to work, not enough to rewrite what happened."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import connection
from psycopg import errors, sql

from satuatap.plumbing.postgres import roles
from satuatap.plumbing.postgres.cluster import ADMIN, Cluster
from satuatap.plumbing.postgres.troubles import DatabaseTrouble
from satuatap.project import grants

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database15]
Connection = psycopg.Connection[Any]


@pytest.fixture
def owner(cluster: Cluster) -> Iterator[Connection]:
    name = str(connection.settings_dict["NAME"])
    with psycopg.connect(cluster.url(ADMIN, name), autocommit=True) as admin:
        admin.execute(
            sql.SQL("grant connect on database {} to {}").format(sql.Identifier(name), sql.Identifier(roles.APP))
        )
    with psycopg.connect(cluster.url(roles.OWNER, name)) as found:
        grants.give(found, roles.APP)
        yield found


@pytest.fixture
def application(owner: Connection, cluster: Cluster) -> Iterator[Connection]:
    with psycopg.connect(cluster.url(roles.APP, str(connection.settings_dict["NAME"])), autocommit=True) as found:
        yield found


@pytest.mark.parametrize("table", grants.APPEND_ONLY)
@pytest.mark.parametrize("attempt", ["update {} set {} = {}", "delete from {}", "truncate {}", "drop table {}"])
def test_the_application_cannot_rewrite_the_journal(application: Connection, table: str, attempt: str) -> None:
    column = application.execute(
        "select column_name from information_schema.columns where table_name = %s order by ordinal_position", [table]
    ).fetchone()
    assert column is not None
    words = [sql.Identifier(table), sql.Identifier(column[0]), sql.Identifier(column[0])]
    with pytest.raises(errors.InsufficientPrivilege):
        application.execute(sql.SQL(attempt).format(*words[: attempt.count("{}")]))


def test_the_application_reads_the_journal_and_sets_no_clock(application: Connection) -> None:
    assert application.execute("select count(*) from journal_entry").fetchone() == (0,)
    for attempt in (
        "update malls_clock set speed = 2",
        "delete from malls_clock",
        "insert into malls_clock select * from malls_clock",
    ):
        with pytest.raises(errors.InsufficientPrivilege):
            application.execute(attempt)


def test_the_application_makes_no_tables_and_no_roles(application: Connection) -> None:
    for attempt in ("create table mine (n int)", "create role friend", "create database mine", "create schema mine"):
        with pytest.raises(errors.InsufficientPrivilege):
            application.execute(attempt)


def test_every_other_table_can_be_worked_with(application: Connection) -> None:
    tables = application.execute("select tablename from pg_tables where schemaname = 'public'").fetchall()
    open_tables = [name for (name,) in tables if name not in grants.PROTECTED]
    assert len(open_tables) > 10
    for name in open_tables:
        for right in grants.EVERYTHING:
            assert application.execute("select has_table_privilege(%s, %s)", [name, right]).fetchone() == (True,)


def test_the_start_is_allowed_with_these_rights(application: Connection) -> None:
    grants.refuse_too_many_rights(application)


@pytest.mark.parametrize(
    ("too_much", "back"),
    [
        ("grant update on journal_entry to {}", "revoke update on journal_entry from {}"),
        ("grant update (kind) on journal_entry to {}", "revoke update (kind) on journal_entry from {}"),
        ("grant delete on journal_position to {}", "revoke delete on journal_position from {}"),
        ("grant truncate on journal_entry to {}", "revoke truncate on journal_entry from {}"),
        ("grant satuatap_owner to {}", "revoke satuatap_owner from {}"),
        ("alter role {} superuser", "alter role {} nosuperuser"),
    ],
)
def test_the_start_is_refused_with_any_more(
    owner: Connection, application: Connection, cluster: Cluster, too_much: str, back: str
) -> None:
    name = str(connection.settings_dict["NAME"])
    with psycopg.connect(cluster.url(ADMIN, name), autocommit=True) as admin:
        admin.execute(sql.SQL(too_much).format(sql.Identifier(roles.APP)))
        try:
            with pytest.raises(DatabaseTrouble, match="rewrite the journal"):
                grants.refuse_too_many_rights(application)
        finally:
            admin.execute(sql.SQL(back).format(sql.Identifier(roles.APP)))
    grants.refuse_too_many_rights(application)


@pytest.mark.parametrize(
    "right",
    [
        "alter role friend superuser",
        "grant update on journal_entry to friend",
        "grant delete on journal_position to friend",
        "grant pg_write_all_data to friend",
        "grant pg_execute_server_program to friend",
        "alter schema public owner to friend",
    ],
)
def test_what_it_may_become_counts_too(
    owner: Connection, application: Connection, cluster: Cluster, right: str
) -> None:
    """A member without inheritance has none of these rights until it says SET ROLE; the schema's owner drops tables."""
    name = str(connection.settings_dict["NAME"])
    app = sql.Identifier(roles.APP)
    with psycopg.connect(cluster.url(ADMIN, name), autocommit=True) as admin:
        schema = admin.execute("select nspowner::regrole::text from pg_namespace where nspname = 'public'").fetchone()
        assert schema is not None
        admin.execute("create role friend")
        admin.execute(sql.SQL("alter role {} noinherit").format(app))
        try:
            admin.execute(sql.SQL("grant friend to {}").format(app))
            admin.execute(right)
            with pytest.raises(DatabaseTrouble, match="rewrite the journal"):
                grants.refuse_too_many_rights(application)
        finally:
            admin.execute(sql.SQL("alter schema public owner to {}").format(sql.Identifier(schema[0])))
            admin.execute("revoke all on journal_entry, journal_position from friend")
            admin.execute("drop role friend")
            admin.execute(sql.SQL("alter role {} inherit").format(app))
    grants.refuse_too_many_rights(application)


def test_the_owner_itself_is_refused_as_the_application(owner: Connection) -> None:
    with pytest.raises(DatabaseTrouble, match="rewrite the journal"):
        grants.refuse_too_many_rights(owner)


def test_rights_that_crept_in_are_taken_back_at_the_next_start(owner: Connection, application: Connection) -> None:
    owner.execute(sql.SQL("grant update, delete on journal_entry to {}").format(sql.Identifier(roles.APP)))
    owner.commit()
    grants.give(owner, roles.APP)
    grants.refuse_too_many_rights(application)
