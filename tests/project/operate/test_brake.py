"""A nearly full disk stops imports before tickets."""

from __future__ import annotations

import json
import shutil
import signal
from pathlib import Path
from typing import Any

import httpx
import pytest

from satuatap.basics.actor import Actor
from satuatap.plumbing.space import DiskNearlyFull
from satuatap.project.city.uploads import Upload, look_at
from tests.project.operate.conftest import CITY
from tests.project.operate.installations import begin, command, refused, wait_until
from tests.project.server import free_port
from tests.web.live.caller import Caller

FULL = {"SATUATAP_DISK_STOP_MB": "999999999"}


@pytest.mark.fault
def test_the_command_line_says_it_and_numbers_are_still_given(home: Path, tmp_path: Path):
    other = tmp_path / "palembang"
    shutil.copytree(CITY, other)
    zones = (CITY / "zones.csv").read_text()
    (other / "zones.csv").write_text(zones.replace("Zona A", "Zona Anggrek"))
    assert (other / "zones.csv").read_text() != zones
    refused(command(home, "city", "open", other, "--yes", **FULL), "nearly full")
    port = free_port()
    served = begin(home, "serve", PORT=str(port), **FULL)
    try:
        url = f"http://127.0.0.1:{port}"
        wait_until(lambda: answers(url))
        accounts = json.loads((home / "accounts.json").read_text())["accounts"]
        kiosk = Caller(url)
        kiosk.http.get(next(row["link"] for row in accounts if row.get("link")))
        assert kiosk.take("ktp-el-ganti")["number"] >= 1
    finally:
        served.send_signal(signal.SIGINT)
        served.communicate(timeout=240)


def answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/readyz", trust_env=False).status_code == 200
    except httpx.HTTPError:
        return False


@pytest.mark.django_db
def test_an_upload_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings: Any):
    settings.HOME = tmp_path
    for name, value in FULL.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(DiskNearlyFull) as refusal:
        look_at(by=Actor.system("test"), uploads=[Upload("zones.csv", b"mall,code,name\n")])
    assert "Nomor antrean tetap berjalan" in str(refusal.value)
