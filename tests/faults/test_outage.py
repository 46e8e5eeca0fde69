"""The database is gone for a while, then its disk is full: a sentence for everybody, and afterwards nothing is missing.

One real server with its embedded PostgreSQL, where root may mount one in a small disk of its own.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

import httpx
import psycopg
import pytest

from satuatap.plumbing.postgres.cluster import ADMIN, Cluster
from tests.faults.board import Board
from tests.faults.test_kill import ask
from tests.project.server import Served, copy, start
from tests.web.live.caller import Caller

pytestmark = pytest.mark.fault

DISK_MB = 420
SERVICE = "ktp-el-ganti"
BACK_WITHIN_S = 15.0
TOLD_AT_ONCE_S = 5.0


@pytest.fixture(scope="module")
def small_disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path | None]:
    """A disk of 420 MB, or ``None`` where this process may not mount one."""
    place = tmp_path_factory.mktemp("disk")
    words = ["mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m,mode=0711", "satuatap-test", str(place)]
    if os.geteuid() != 0 or subprocess.run(words, capture_output=True).returncode != 0:
        yield None
        return
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


@pytest.fixture(scope="module")
def served(first_morning: Path, small_disk: Path | None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    running = start(copy(first_morning, (small_disk or tmp_path_factory.mktemp("outage")) / "home"))
    try:
        running.wait(180)
        yield running
    finally:
        running.process.send_signal(signal.SIGINT)
        running.process.wait(60)


@pytest.fixture(scope="module")
def kiosk(served: Served) -> Caller:
    rows = json.loads((served.home / "accounts.json").read_text())["accounts"]
    found = Caller(served.url)
    found.http.get(next(row["link"] for row in rows if row.get("link")))
    return found


@pytest.fixture(scope="module")
def officer(served: Served) -> tuple[Caller, int]:
    rows = json.loads((served.home / "accounts.json").read_text())["accounts"]
    row = next(row for row in rows if row["booth"] == "dukcapil-ktp" and row["desk"] and row.get("password"))
    found = Caller(served.url).sign_in(row["username"], row["password"])
    words = {"idempotency_key": str(uuid4()), "x_csrftoken": found.csrf()}
    assert found.post(f"/loket/{row['desk']}/buka", {}, **words).status_code == 200
    return found, int(row["desk"])


@contextmanager
def no_database(served: Served) -> Iterator[None]:
    """PostgreSQL dies and can't start again: its settings are not where they were."""
    settings = served.home / "postgres" / "data" / "postgresql.conf"
    away = settings.with_name("away.conf")
    settings.rename(away)
    try:
        os.kill(served.postmaster(), signal.SIGKILL)
        while served.health() == 200:  # what it was serving goes on for a moment
            time.sleep(0.02)
        yield
    finally:
        away.rename(settings)


def until_it_serves(served: Served) -> float:
    """Seconds until it is ready again."""
    began = time.monotonic()
    while served.health() != 200:
        assert time.monotonic() - began < BACK_WITHIN_S, served.log.read_text()[-2000:]
        time.sleep(0.1)
    return time.monotonic() - began


def take(kiosk: Caller, key: str) -> httpx.Response:
    return kiosk.post("/langsung/ambil", {"key": key, "services": [SERVICE]})


def plainly(kiosk: Caller, key: str) -> httpx.Response:
    """As a kiosk without script sends it."""
    form = {"key": key, "services": SERVICE, "csrfmiddlewaretoken": kiosk.csrf()}
    headers = {"origin": kiosk.url, "referer": f"{kiosk.url}/anjungan/pilih"}
    return kiosk.http.post("/langsung/ambil", data=form, headers=headers)


def sentence_for_people(answer: httpx.Response, code: str) -> str:
    """A page that names the trouble, and nothing else that is wrong."""
    assert answer.status_code == 503, answer.text[:300]
    assert f'data-code="{code}"' in answer.text
    assert 'rel="stylesheet"' in answer.text, "the plain page of last resort"
    assert int(answer.headers["retry-after"]) > 0 and answer.headers["cache-control"] == "no-store"
    return answer.text


def hold(served: Served, keys: list[str]) -> None:
    """Each key is one entry, numbers are dense, nothing stands half."""
    rows = dict(
        ask(served.home, "select request::text, count(*) from journal_entry where request is not null group by 1")
    )
    assert [rows.get(key) for key in keys] == [1] * len(keys)
    tickets, newest, visits = ask(
        served.home,
        "select count(*), max((fact::jsonb->>'number')::int), (select count(*) from visits_visit) "
        "from journal_entry where kind = 'ticket_issued'",
    )[0]
    assert tickets == newest == visits


def away_for(served: Served, kiosk: Caller, officer: tuple[Caller, int], seconds: float) -> None:
    caller, desk = officer
    board = Board(served.url)
    board.start()
    keys = [str(uuid4()) for _ in range(4)]
    assert take(kiosk, keys[0]).status_code == 201
    kiosk.http.get("/anjungan")
    with no_database(served):
        gone = time.monotonic()
        answer = take(kiosk, keys[1])  # at once: it waits, as for a short restart, and is told
        assert answer.status_code == 503 and answer.json()["code"] == "database_away"
        assert "nomor antrean tetap berlaku" in answer.json()["sentence"]
        assert served.health() == 503
        assert httpx.get(f"{served.url}/livez", trust_env=False).status_code == 200
        for screen in ("/", "/papan", "/anjungan"):
            answer = kiosk.http.get(screen)
            assert "mencoba lagi sendiri" in sentence_for_people(answer, "database_away")
            assert 4 <= int(answer.headers["refresh"]) <= 8, "it comes back by itself"
        assert "database cannot be reached" in kiosk.http.get("/", headers={"cookie": "satuatap_bahasa=en"}).text
        page = sentence_for_people(plainly(kiosk, keys[2]), "database_away")
        assert f'value="{keys[2]}"' in page and f'value="{SERVICE}"' in page, "the same step, once more"
        time.sleep(max(0.0, TOLD_AT_ONCE_S - (time.monotonic() - gone)))
        began = time.monotonic()
        assert take(kiosk, keys[1]).status_code == 503
        assert time.monotonic() - began < 2, "nobody is left waiting"
        with kiosk.http.stream("GET", "/langsung/papan") as answer:
            assert answer.status_code == 503, "a screen that connects anew is told to come back"
        answer = caller.post(f"/langsung/loket/{desk}/panggil", {"key": keys[3]})
        assert answer.status_code == 503
        assert served.process.poll() is None
        time.sleep(max(0.0, seconds - (time.monotonic() - gone)))
    print(f"\n{seconds:.0f} s without a database; ready {until_it_serves(served):.1f} s after it could start again")
    assert take(kiosk, keys[1]).status_code in (200, 201)
    assert plainly(kiosk, keys[2]).status_code == 303
    assert take(kiosk, keys[1]).status_code == 200
    called = caller.post(f"/langsung/loket/{desk}/panggil", {"key": keys[3]}).json()["called"]
    caller.press(desk, "selesai", result="done", visit=called["visit"], seq=called["seq"])
    until = time.monotonic() + 60
    while not board.calls and time.monotonic() < until:
        time.sleep(0.1)
    board.stop()
    assert sum(board.calls.values()) == 1 and board.joined == 1, "the open board goes on by itself, told once"
    hold(served, keys)


def test_some_seconds_without_a_database(served: Served, kiosk: Caller, officer: tuple[Caller, int]) -> None:
    away_for(served, kiosk, officer, 8)


@pytest.mark.soak
def test_a_minute_without_a_database(served: Served, kiosk: Caller, officer: tuple[Caller, int]) -> None:
    away_for(served, kiosk, officer, 60)


def until_refused_plainly(kiosk: Caller, keys: list[str]) -> httpx.Response:
    """The answer without script. A number that still fits into a page that was begun is given, and counts."""
    for _ in range(100):
        key = str(uuid4())
        answer = plainly(kiosk, key)
        if answer.status_code != 303:
            break
        keys.append(key)
    return answer


@contextmanager
def full(disk: Path) -> Iterator[None]:
    """The disk is filled to its last byte, and emptied again."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(1 << 16))
    assert shutil.disk_usage(disk).free == 0
    try:
        yield
    finally:
        ballast.unlink()


def until_the_disk_is_said(kiosk: Caller, keys: list[str]) -> None:
    """Numbers are given from the room that PostgreSQL had; then the sentence."""
    for _ in range(400):
        keys.append(str(uuid4()))
        answer = take(kiosk, keys[-1])
        if answer.status_code != 201:
            break
    assert answer.status_code == 503 and answer.json()["code"] == "disk_full", answer.text
    assert "Disk server penuh" in answer.json()["sentence"]


def test_a_disk_that_fills_in_the_middle_of_a_write(served: Served, kiosk: Caller, small_disk: Path | None) -> None:
    if small_disk is None:
        pytest.skip("DILEWATI: di sini tmpfs tidak boleh dipasang (perlu root dengan CAP_SYS_ADMIN)")
    keys: list[str] = []
    with full(small_disk):
        until_the_disk_is_said(kiosk, keys)
        refused = keys[-1]
        assert "Disk server penuh" in sentence_for_people(until_refused_plainly(kiosk, keys), "disk_full")
        assert kiosk.http.get("/").status_code == 200, "what is only read goes on"
        die_of_it(served)
        assert "Disk server penuh" in sentence_for_people(kiosk.http.get("/papan"), "disk_full")
    until_it_serves(served)
    assert take(kiosk, refused).status_code == 201
    hold(served, keys)


def die_of_it(served: Served) -> None:
    """No room for the log of what is written: PostgreSQL itself ends, and can't start again until there is some."""
    before = served.postmaster()
    with suppress(psycopg.Error), psycopg.connect(Cluster(served.home / "postgres").url(ADMIN, "postgres")) as admin:
        admin.autocommit = True
        for number in range(400):
            admin.execute("select pg_logical_emit_message(false, 'test', repeat('x', 1000000)), %s", [number])
    until = time.monotonic() + 60
    while served.health() == 200 and time.monotonic() < until:
        time.sleep(0.1)
    assert served.health() == 503, f"PostgreSQL {before} lives"
    assert re.search("No space left on device", (served.home / "postgres" / "postgres.log").read_text())
