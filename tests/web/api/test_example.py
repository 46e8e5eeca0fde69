"""The example of docs/api.md runs as it stands, and docs/api.md names every scope, event and operation."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from satuatap.features.commons.states import PAUSES_S, ApiScope, Event
from tests.architecture.source import ROOT
from tests.web.api.conftest import Program
from tests.web.api.test_scopes import TABLE

pytestmark = pytest.mark.database
EXAMPLE = ROOT / "docs/examples/client.py"
DESK = 9  # of dukcapil; no other test works there


def run(program: Program, *words: str) -> subprocess.Popen[str]:
    own = {"SATUATAP_URL": program.url, "SATUATAP_KEY": program.key or "", "SATUATAP_PAUSE": "0.1", "NO_PROXY": "*"}
    return subprocess.Popen(
        [sys.executable, str(EXAMPLE), *words], env={**os.environ, **own}, text=True, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )  # fmt: skip


def test_the_example_finds_takes_and_follows_until_it_is_called(program: Program) -> None:
    assert len(EXAMPLE.read_text().splitlines()) <= 40
    program.post(f"/desks/{DESK}/open")
    with run(program, "akta kelahiran") as client:
        assert client.stdout is not None
        first = client.stdout.readline()
        assert "number" in first
        assert "wait in zone" in client.stdout.readline()
        for _try in range(30):
            called = program.post(f"/desks/{DESK}/call").json()["called"]
            assert called, "somebody waits for this desk"
            if f"number {called['number']}," in first:
                break
            ended = {"result": "done", "visit": called["visit"], "seq": called["seq"]}
            program.post(f"/desks/{DESK}/finish", ended)
        rest, problems = client.communicate(timeout=240)
    assert (client.returncode, problems) == (0, "")
    assert rest.splitlines()[-1].startswith("called at")


def test_the_example_says_what_is_wrong(served, program: Program) -> None:
    with run(Program(served.url, "sat_nobody"), "ktp") as client:
        _told, problems = client.communicate(timeout=240)
    assert client.returncode == 1
    assert problems.startswith("key_needed: ")


def test_the_guide_names_everything() -> None:
    text = (ROOT / "docs/api.md").read_text()
    words = [*ApiScope, *Event, *(path for _method, path in TABLE), "docs/examples/client.py", *map(str, PAUSES_S)]
    assert [word for word in words if f"{word}" not in text] == []
