"""A real PostgreSQL for every test that asks for one: DATABASE_URL when set, else a server of this session."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connections
from hypothesis import settings
from psycopg.conninfo import conninfo_to_dict
from whitenoise.middleware import WhiteNoiseMiddleware

from satuatap.plumbing.passwords import SmallArgon2
from satuatap.plumbing.postgres import roles
from satuatap.plumbing.postgres.cluster import ADMIN, Cluster
from tests.project.server import serving

# The same examples on every machine, and none judged by how long it took: machines are shared.
settings.register_profile("house", max_examples=50, derandomize=True, deadline=None)
settings.load_profile("house")


def _cluster(durable: bool) -> Iterator[Cluster]:
    home = Path(tempfile.mkdtemp(prefix="satuatap-test-"))
    home.chmod(0o711)  # as root without user namespaces, "nobody" has to reach its data in here
    cluster = Cluster(home / "pg", durable=durable)
    cluster.start()
    try:
        with psycopg.connect(cluster.url(ADMIN, "postgres"), autocommit=True) as admin:
            roles.make_roles(admin, cluster.password(roles.OWNER), cluster.password(roles.APP), createdb=True)
            admin.execute("create database satuatap_owner owner satuatap_owner")
        yield cluster
    finally:
        cluster.stop()
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """An embedded server of this session (fsync off)."""
    yield from _cluster(durable=False)


@pytest.fixture(scope="session")
def owner_url(request: pytest.FixtureRequest) -> str:
    """Where tests may make databases."""
    given = os.environ.get("DATABASE_URL")
    return given or request.getfixturevalue("cluster").url(roles.OWNER, "postgres")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(owner_url: str) -> None:
    """pytest-django makes its test database on that server, as the owner."""
    words: dict[str, Any] = conninfo_to_dict(owner_url)
    values = {
        "NAME": "satuatap",
        "USER": words.get("user", ""),
        "PASSWORD": words.get("password", ""),
        "HOST": words.get("host", ""),
        "PORT": str(words.get("port", "")),
    }
    connections.settings["default"].update(values)
    connections["default"].settings_dict.update(values)


@pytest.fixture(scope="session")
def first_morning(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo after its first start, stopped; never changed: who serves it serves a copy, which starts far sooner."""
    home = tmp_path_factory.mktemp("first") / "home"
    with serving(home):
        pass
    return home


@pytest.fixture(scope="session", autouse=True)
def _static_files_are_listed_once() -> Iterator[None]:
    """Each browser of a test makes the middleware anew, and listing every static file took half of a request's time."""
    listing, listed = WhiteNoiseMiddleware.add_files_from_finders, {}

    def once(self: Any) -> None:
        if not listed:
            listing(self)
            listed.update(self.files)
        self.files.update(listed)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WhiteNoiseMiddleware, "add_files_from_finders", once)
        yield


STRENGTH = {"time_cost": SmallArgon2.time_cost, "memory_cost": SmallArgon2.memory_cost}


@pytest.fixture(scope="session", autouse=True)
def _passwords_cost_little() -> Iterator[None]:
    """Every account of a test has a password, and hardly any test is about how dear its hash is."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SmallArgon2, "time_cost", 1)
        patch.setattr(SmallArgon2, "memory_cost", 64)
        yield


@pytest.fixture
def full_strength(monkeypatch: pytest.MonkeyPatch) -> None:
    """The hash as the house makes it; a server that a test starts has it anyway."""
    for name, cost in STRENGTH.items():
        monkeypatch.setattr(SmallArgon2, name, cost)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test that asks for the database belongs to the layer of that name, without having to say so."""
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if item.get_closest_marker("django_db") or fixtures & {"db", "transactional_db", "cluster", "owner_url"}:
            item.add_marker(pytest.mark.database)
