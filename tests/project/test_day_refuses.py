"""`satuatap day` is for a demo that runs: everything else is one sentence and no harm."""

from __future__ import annotations

import argparse
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from satuatap.features.malls import queries as malls
from satuatap.features.malls.models import Mall
from satuatap.project.day import command, run
from tests.project.server import environment, free_port


def said_by(home: Path, port: int, *words: str) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "-m", "satuatap.project.cli.main", "day", *words],
        env=environment(home, port), capture_output=True, text=True, timeout=240,
    )  # fmt: skip
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout, done.stderr


def test_where_nothing_serves_nothing_is_begun(tmp_path: Path) -> None:
    code, out, words = said_by(tmp_path / "home", free_port(), "--json")
    assert (code, out) == (2, "")
    assert "Tidak ada satuatap yang melayani" in words
    assert "make run" in words
    assert not (tmp_path / "home" / "postgres" / "data").exists()


@pytest.fixture
def other_server() -> Iterator[int]:
    """Something that serves on the port, but is not this installation."""

    class Healthy(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()

        def log_message(self, *words: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Healthy)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield int(server.server_port)
    server.shutdown()
    server.server_close()


def test_another_folder_than_the_servers_is_said(tmp_path: Path, other_server: int) -> None:
    code, _out, words = said_by(tmp_path / "home", other_server)
    assert code == 2
    assert "Akun contoh" in words
    assert "SATUATAP_HOME" in words
    assert not (tmp_path / "home" / "postgres" / "data").exists()


@pytest.mark.parametrize("words", [["--visits=0"], ["--visits=x"], ["--speed=0"], ["--speed=nan"], ["--speed=6000"]])
def test_a_wish_that_cannot_be_is_refused(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    with pytest.raises(SystemExit):
        parser.parse_args(words)
    assert words[0].split("=")[0] in capsys.readouterr().err


@pytest.mark.django_db
def test_only_a_demo_is_played() -> None:
    malls.forget()
    with pytest.raises(run.NotADemo) as none:
        run.find_mall()
    assert "make run" in str(none.value)
    Mall.objects.create(
        id=1, code="sungguh", name="Mal", name_en="Mall", address="", zone_name="Asia/Jakarta", demo=False
    )
    malls.forget()
    with pytest.raises(run.NotADemo) as real:
        run.find_mall()
    assert "hanya untuk mal contoh" in str(real.value)
    malls.forget()
