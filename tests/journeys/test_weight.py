"""Every page of a citizen is at most 60 KB on the wire with nothing cached: page, styles, scripts, font, drawings."""

from __future__ import annotations

import json
import shutil
import urllib.request
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.project.server import Served, copy, serving

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""
pytestmark = [
    pytest.mark.journey,
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium: apt-get install chromium"),
]
LIMIT = 60 * 1000
PAGES = (
    "/",
    "/cari?q=kartu+sehat",
    "/layanan",
    "/layanan/kis-apbd",
    "/layanan/kk-baru",
    "/peristiwa/bayi-lahir",
    "/rencana?u=kis-apbd&u=kk-baru&u=ktp-el-ganti",
    "/kunjungan",
    "/aturan-urutan",
    "/tentang",
    "/terbuka/jurnal",
    "/masuk",
)


@pytest.fixture(scope="module")
def served(first_morning: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    home = copy(first_morning, tmp_path_factory.mktemp("weight") / "home")
    with serving(home) as found:
        yield found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as play:
        found = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield found
        found.close()


def weight(browser: Browser, address: str) -> dict[str, int]:
    """Bytes on the wire of each answer, headers and all, in a browser that has never been here."""
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    wire = context.new_cdp_session(page)
    names: dict[str, str] = {}
    bytes_of: dict[str, int] = {}
    wire.on("Network.requestWillBeSent", lambda e: names.__setitem__(e["requestId"], e["request"]["url"]))
    wire.on("Network.loadingFinished", lambda e: bytes_of.__setitem__(e["requestId"], int(e["encodedDataLength"])))
    wire.send("Network.enable")
    page.goto(address)
    page.evaluate("document.fonts.ready.then(() => true)")
    page.wait_for_timeout(300)  # what a script fetches once the page stands
    for _ in range(300):
        left = [names[key] for key in names.keys() - bytes_of.keys() if "/langsung/" not in names[key]]
        if not left:
            break
        page.wait_for_timeout(100)
    context.close()
    assert not left, f"never came: {left}"
    return {names.get(key, key): size for key, size in bytes_of.items()}


def live_page(served: Served, browser: Browser) -> str:
    """The address of a number with three errands, taken at the kiosk."""
    accounts = json.loads((served.home / "accounts.json").read_text())["accounts"]
    link = next(row["link"] for row in accounts if row.get("link"))
    page = browser.new_page()
    page.goto(served.url + link)
    answer = page.evaluate(
        """async ([key]) => (await fetch("/langsung/ambil", {method: "POST",
            headers: {"content-type": "application/json", accept: "application/json", "idempotency-key": key},
            body: JSON.stringify({services: ["kis-apbd", "kk-baru", "ktp-el-ganti"], class: 0})})).json()""",
        [str(uuid.uuid4())],
    )
    page.close()
    return f"/kunjungan/{answer['token']}"


def test_every_page_of_a_citizen_is_light(served: Served, browser: Browser) -> None:
    assert urllib.request.urlopen(served.url + "/healthz", timeout=30).status == 200
    table = {}
    for path in (*PAGES, live_page(served, browser)):
        parts = weight(browser, served.url + path)
        assert any(name.endswith(".woff2") for name in parts), parts
        table[path] = sum(parts.values())
    print("\n".join(f"{size / 1000:6.1f} KB  {path}" for path, size in table.items()))
    heavy = {path: size for path, size in table.items() if size > LIMIT}
    assert heavy == {}
