"""One real server, one client made by the command line that may do everything, others as a test needs them."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import psycopg
import pytest

from satuatap.features.commons.secrets_of import new_key
from satuatap.features.commons.states import ApiScope
from tests.project.server import Served, copy, environment, serving

ALL = [scope.value for scope in ApiScope]
MALL, SERVICE, OTHER_SERVICE = "mpp-palembang", "ktp-el-ganti", "sip-dokter"
DESK, OTHER_DESK = 1, 10  # of dukcapil and of dpmptsp
_numbers = count(1)


class Program:
    """A program with a key (or none) at a running server."""

    def __init__(self, url: str, key: str | None) -> None:
        self.url, self.key = url, key
        headers = {"authorization": f"Bearer {key}"} if key else {}
        self.http = httpx.Client(base_url=url + "/api/v1", headers=headers, timeout=60, trust_env=False)

    def get(self, address: str, **headers: str) -> httpx.Response:
        return self.http.get(address, headers=headers)

    def post(self, address: str, body: Any = None, *, key: str | None = None) -> httpx.Response:
        sent = {} if body is None else {"json": body}
        return self.http.post(address, headers={"idempotency-key": key or str(uuid4())}, **sent)

    def take(self, *services: str) -> dict[str, Any]:
        answer = self.post(f"/malls/{MALL}/tickets", {"services": list(services)})
        assert answer.status_code == 201, answer.text
        taken: dict[str, Any] = answer.json()
        return taken


@pytest.fixture(scope="package")
def served(first_morning: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The demo city on its first morning at ten past nine."""
    with serving(copy(first_morning, tmp_path_factory.mktemp("api") / "home")) as running:
        yield running


def command(served: Served, *words: str) -> str:
    """What ``satuatap api ...`` prints while the server runs."""
    run = [sys.executable, "-m", "satuatap.project.cli.main", "api", *words]
    port = int(served.url.rpartition(":")[2])
    done = subprocess.run(run, env=environment(served.home, port), capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="package")
def program(served: Served) -> Program:
    """May do everything."""
    told = command(served, "client", "make", "semua", "--scopes", ",".join(ALL), "--per-minute", "100000")
    found = re.search(r"sat_\S+", told)
    assert found
    return Program(served.url, found[0])


@pytest.fixture(scope="package")
def database(served: Served) -> Iterator[psycopg.Connection[Any]]:
    """The database behind it, as the application sees it."""
    password = (served.home / "postgres/passwords/satuatap_app").read_text()
    address = f"host={served.home / 'postgres/run'} port=5432 dbname=satuatap user=satuatap_app password={password}"
    with psycopg.connect(address, autocommit=True) as connection:
        yield connection


Make = Callable[..., Program]


@pytest.fixture(scope="package")
def client(served: Served, database: psycopg.Connection[Any]) -> Make:
    """A client with these scopes and limits, written straight into the tables (the action has tests of its own)."""

    def make(*scopes: str, agency: str | None = None, mall: int | None = None, per_minute: int = 100_000) -> Program:
        key, prefix = new_key()
        row = database.execute(
            "insert into commons_client (name, mall_id, agency_id, scopes, per_minute) values (%s, %s,"
            " (select id from people_agency where code = %s), %s, %s) returning id",
            [f"klien {next(_numbers)}", mall, agency, list(scopes), per_minute],
        ).fetchone()
        assert row is not None
        database.execute(
            "insert into commons_key (client_id, prefix, digest, ends_at) values (%s, %s, %s, %s)",
            [row[0], prefix, hashlib.sha256(key.encode()).hexdigest(), datetime.now(UTC) + timedelta(days=1)],
        )
        return Program(served.url, key)

    return make


def problem(answer: httpx.Response, status: int) -> dict[str, Any]:
    """A problem as RFC 9457 tells it, with a sentence and what to do."""
    assert answer.status_code == status, (answer.status_code, answer.text[:300])
    assert answer.headers["content-type"].startswith("application/problem+json")
    said: dict[str, Any] = answer.json()
    assert said["status"] == status
    assert said["type"].endswith(f"/api/v1/docs#problem-{status}")
    assert all(len(str(said[name])) > 3 for name in ("title", "detail", "code", "what_to_do")), said
    return said
