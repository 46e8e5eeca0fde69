"""One real server for the tests of the front: they leave it as they found it, or with people who were served."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.project.server import Served, copy, serving
from tests.web.live.caller import Caller, Stream, signing_in


@pytest.fixture(scope="package")
def served(first_morning: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The demo city on its first morning at ten past nine."""
    with serving(copy(first_morning, tmp_path_factory.mktemp("front") / "home")) as running:
        yield running


@pytest.fixture(scope="package")
def signed_in(served: Served) -> Callable[[str], Caller]:
    """Everybody signs in once."""
    return signing_in(served.url, served.home)


@pytest.fixture(scope="package")
def anonymous(served: Served) -> Caller:
    """Anybody on the street."""
    return Caller(served.url)


@pytest.fixture(scope="package")
def database(served: Served) -> Iterator[psycopg.Connection[Any]]:
    """The database behind it, as the application sees it."""
    password = (served.home / "postgres/passwords/satuatap_app").read_text()
    where = served.home / "postgres/run"
    address = f"host={where} port=5432 dbname=satuatap user=satuatap_app password={password}"
    with psycopg.connect(address, autocommit=True) as connection:
        yield connection


@pytest.fixture(scope="package")
def facts(database: psycopg.Connection[Any]) -> Callable[[], int]:
    """How many facts about visits stand in the journal."""

    def count() -> int:
        row = database.execute("select count(*) from journal_entry where visit_id is not null").fetchone()
        assert row is not None
        return int(row[0])

    return count


@pytest.fixture
def settled(anonymous: Caller, database: psycopg.Connection[Any]) -> Callable[[], int]:
    """Wait until every fact has its position and was told; returns the last."""

    def last_told() -> int:
        with Stream(anonymous, "/langsung/papan") as board:
            return board.until("hello")[0]

    def wait() -> int:
        until = time.monotonic() + 60
        while time.monotonic() < until:
            row = database.execute(
                "select (select count(*) from journal_entry), count(*), max(position) from journal_position"
            ).fetchone()
            assert row is not None
            if row[0] == row[1] and last_told() >= row[2]:
                return int(row[2])
            time.sleep(0.05)
        raise AssertionError("facts without a position, or not told")

    return wait
