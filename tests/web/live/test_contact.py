"""Contacts at a server that really runs: given, read, exported, erased, keys changed; its log names nobody."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from tests.project.server import Served, environment
from tests.web.live.caller import TOKEN, Caller

pytestmark = pytest.mark.database

People = Callable[[str], Caller]
NAME, PHONE, TYPED = "Zulkarnain Planted", "081277712345", "0812 7771 2345"
PIECES = ("Zulkarnain", "Planted", "7771 2345", "77712345")


def form(caller: Caller, page: str, address: str, **values: Any) -> Any:
    """A plain form with the page's token, as a browser without script sends it."""
    token = TOKEN.search(caller.http.get(page).text)
    assert token
    sent = {"csrfmiddlewaretoken": token[1], "key": str(uuid4()), **values}
    return caller.http.post(address, data=sent, headers={"origin": caller.url, "referer": caller.url + page})


def command(served: Served, *words: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    """A command beside the running server."""
    return subprocess.run(
        [sys.executable, "-m", "satuatap.project.cli.main", *words], input=typed, capture_output=True, text=True,
        env=environment(served.home, int(served.url.rsplit(":", 1)[1])), timeout=240, check=False,
    )  # fmt: skip


@pytest.fixture
def ticket(signed_in: People, anonymous: Caller) -> dict[str, Any]:
    ticket = signed_in("informasi").take("kk-baru")
    page = f"/kunjungan/{ticket['token']}/kontak"
    answer = form(anonymous, page, page, name=NAME, phone=TYPED, consent="1")
    assert answer.status_code == 303, answer.text[:2000]
    return ticket


def test_given_read_told_and_erased_and_the_log_names_nobody(
    served: Served, signed_in: People, anonymous: Caller, ticket: dict[str, Any], database: psycopg.Connection[Any]
) -> None:
    desk, page = signed_in("informasi"), f"/kunjungan/{ticket['token']}/kontak"
    bad = form(anonymous, page, page, name=NAME, phone="7771 2345 PLANTED", consent="1")
    assert bad.status_code == 422
    seen = form(desk, f"/bantuan?nomor={ticket['number']}", "/bantuan/kontak", visit=ticket["visit"],
                field="phone", reason="document_ready")  # fmt: skip
    assert PHONE in seen.text and "Zulkarnain" not in seen.text
    told = form(anonymous, page, f"{page}/salinan", code=ticket["code"])
    assert told.json()["contact"]["name"] == NAME

    out = command(served, "person", "export", "--number", str(ticket["number"]), "--code", ticket["code"])
    held = json.loads(out.stdout)["visits"][0]
    assert held["contact"]["phone"] == "+62" + PHONE[1:], out.stderr
    assert {line["what"] for line in held["journal"]} >= {"ticket_issued", "contact_given", "contact_read"}

    gone = command(served, "erase", "--phone", "-", typed=TYPED + "\n")
    assert gone.returncode == 0, gone.stderr
    again = command(served, "erase", "--phone", PHONE)
    assert again.returncode == 1 and "sudah dihapus" in again.stderr and PHONE not in again.stderr
    assert database.execute("select count(*) from visits_contact").fetchone() == (0,)
    listed = served.home / "erasures.csv"
    until = time.monotonic() + 30
    while not (listed.exists() and ",contact," in listed.read_text()):
        assert time.monotonic() < until, "what was erased is not listed"
        time.sleep(0.05)

    log = served.log.read_text()
    assert not [piece for piece in PIECES if piece.lower() in log.lower()]
    facts = database.execute("select string_agg(fact::text, ' ') from journal_entry").fetchone()
    assert facts and not [piece for piece in PIECES if piece in facts[0]]


def test_without_its_key_a_contact_is_locked_and_numbers_are_still_given(
    served: Served, signed_in: People, anonymous: Caller, ticket: dict[str, Any]
) -> None:
    keys = served.home / "keys.json"
    kept = keys.read_text()
    try:
        keys.write_text("{}")
        desk, page = signed_in("informasi"), f"/kunjungan/{ticket['token']}/kontak"
        shown = desk.http.get(f"/bantuan?nomor={ticket['number']}")
        assert shown.status_code == 200 and "kuncinya tidak cocok" in shown.text
        assert anonymous.http.get(page).status_code == 200
        assert desk.take("kk-baru")["number"] > ticket["number"]
        said = command(served, "keys", "rotate", "fields")
        assert said.returncode == 1 and "lembar kunci" in said.stderr and "Traceback" not in said.stderr
    finally:
        keys.write_text(kept)
    assert "Traceback" not in served.log.read_text()


@pytest.mark.parametrize("kind", ["fields", "index"])
def test_a_rotation_that_is_killed_goes_on_when_it_is_run_again(
    served: Served, anonymous: Caller, ticket: dict[str, Any], database: psycopg.Connection[Any], kind: str
) -> None:
    page = f"/kunjungan/{ticket['token']}/kontak"
    words = [sys.executable, "-m", "satuatap.project.cli.main", "keys", "rotate", kind]
    for pause in (0.6, 1.0, 1.4):
        process = subprocess.Popen(words, env=environment(served.home, 1), stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL, start_new_session=True)  # fmt: skip
        time.sleep(pause)
        if process.poll() is None:
            os.kill(process.pid, signal.SIGKILL)
        process.wait(60)
        told = form(anonymous, page, f"{page}/salinan", code=ticket["code"])
        assert told.json()["contact"]["name"] == NAME
    done = command(served, "keys", "rotate", kind)
    assert done.returncode == 0, done.stderr
    ring = json.loads((served.home / "keys.json").read_text())["keys"]
    (current,) = [key["id"] for key in ring if key["purpose"] == kind]
    column = "name" if kind == "fields" else "phone_index"
    used = database.execute(f"select distinct split_part({column}, ':', 1) from visits_contact").fetchall()
    assert used == [(current,)]
    assert form(anonymous, page, f"{page}/salinan", code=ticket["code"]).json()["contact"]["name"] == NAME
