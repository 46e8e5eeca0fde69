"""The city's own PostgreSQL: backed up and restored by the same two commands, also when it is older than ours."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from satuatap.plumbing.postgres import roles
from satuatap.plumbing.postgres.cluster import ADMIN, Cluster
from tests.project.operate.conftest import CITY
from tests.project.operate.installations import backup_of, command, refused, well

pytestmark = [pytest.mark.fault, pytest.mark.database15]
NAMES = ("mpp_old", "mpp_new")


@pytest.fixture
def server(cluster: Cluster) -> Iterator[list[dict[str, str]]]:
    """The environment for each of two empty databases on one server."""
    with psycopg.connect(cluster.url(ADMIN, "postgres"), autocommit=True) as admin:
        for name in NAMES:
            admin.execute(sql.SQL("create database {} owner {}").format(*map(sql.Identifier, (name, roles.OWNER))))
    yield [
        {"DATABASE_URL": cluster.url(roles.APP, name), "DATABASE_OWNER_URL": cluster.url(roles.OWNER, name)}
        for name in NAMES
    ]
    with psycopg.connect(cluster.url(ADMIN, "postgres"), autocommit=True) as admin:
        for name in NAMES:
            admin.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


def rows(url: str) -> dict[str, str]:
    with psycopg.connect(url) as connection:
        names = connection.execute("select tablename from pg_tables where schemaname = 'public' order by 1").fetchall()
        found = {}
        for (name,) in names:
            row = connection.execute(
                f"select md5(coalesce(string_agg(t::text, '|' order by t::text), '')) from {name} t"
            )
            found[name] = row.fetchone()[0]  # type: ignore[index]
    return found


def test_there_and_back(server: list[dict[str, str]], tmp_path: Path):
    old, new = server
    home, other = tmp_path / "home", tmp_path / "other"
    well(command(home, "city", "open", CITY, "--yes", **old))
    well(command(home, "backup", **old))
    key, backup = home / "keys.json", backup_of(home)
    refused(command(other, "restore", backup, "--key", key, **old), "is not empty")
    broken = tmp_path / backup.name
    broken.write_bytes(backup.read_bytes()[:-9])
    refused(command(other, "restore", broken, "--key", key, **new), "damaged or cut off")
    assert rows(new["DATABASE_OWNER_URL"]) == {}
    well(command(other, "restore", backup, "--key", key, **new))
    assert rows(new["DATABASE_OWNER_URL"]) == rows(old["DATABASE_OWNER_URL"])
    assert (other / "accounts.json").read_bytes() == (home / "accounts.json").read_bytes()
    assert "fits its own seals" in well(command(other, "journal", "verify", **new))
    assert "nothing to do" in well(command(other, "upgrade", **new))
    with psycopg.connect(new["DATABASE_URL"]) as application:
        assert application.execute("select count(*) from malls_mall").fetchone() == (1,), "it has its rights"


def test_a_load_that_fails_leaves_the_database_empty(server: list[dict[str, str]], tmp_path: Path):
    old, new = server
    home, other = tmp_path / "home", tmp_path / "other"
    well(command(home, "city", "open", CITY, "--yes", **old))
    well(command(home, "backup", "--check=never", **old))
    with psycopg.connect(new["DATABASE_OWNER_URL"], autocommit=True) as owner:
        owner.execute("create function visits_in_the_way() returns int language sql as 'select 1'")
        owner.execute("create view visits_visit as select 1 as n")  # no table, but of the name of one
    refused(command(other, "restore", backup_of(home), "--key", home / "keys.json", **new), "psql failed")
    assert rows(new["DATABASE_OWNER_URL"]) == {}
    assert not (other / "keys.json").exists()
