"""A citizen's phone: her place moves and no page is fetched; the contact she may leave, with script and without."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.journeys.test_weight import CHROMIUM
from tests.project.server import Served, copy, serving
from tests.web.live.caller import Stream, signing_in

pytestmark = [
    pytest.mark.journey,
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium: apt-get install chromium"),
]
DESK, SERVICE = 13, "bphtb"
SOON = 30_000  # a look at the line every five seconds, and a busy machine
NAME, PHONE = "Sulastri Handayani", "0812 7991 2345"
AWAKE = """Object.defineProperty(navigator, 'wakeLock', {value: {request: async (what) => {
  window.awake = what;
  return Object.assign(new EventTarget(), {release: () => { window.awake = null; }});
}}})"""


@pytest.fixture(scope="module")
def served(first_morning: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    home = copy(first_morning, tmp_path_factory.mktemp("phone") / "home")
    with serving(home) as found:
        yield found


@pytest.fixture(scope="module")
def people(served: Served) -> Any:
    return signing_in(served.url, served.home)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as play:
        found = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield found
        found.close()


def phone(browser: Browser, *, script: bool = True) -> Page:
    return browser.new_context(viewport={"width": 360, "height": 740}, java_script_enabled=script).new_page()


def said(page: Page, detail: str) -> None:
    """A message about her place, as the stream brings it."""
    page.evaluate("(d) => document.dispatchEvent(new CustomEvent('live:place', {detail: JSON.parse(d)}))", detail)


def test_her_place_moves_and_nothing_is_fetched_for_it(served: Served, browser: Browser, people: Any) -> None:
    """Two before her; one is called: her page says one, by a few bytes of the stream and not one request."""
    officer, kiosk = people("loket13"), people("anjungan")
    kiosk.take(SERVICE), kiosk.take(SERVICE)
    mine = kiosk.take(SERVICE)
    with Stream(kiosk, f"/langsung/kunjungan/{mine['token']}?after=0") as told:
        told.until("change")  # that her number was given is no news any more when her page opens
    page = phone(browser)
    page.context.add_init_script(AWAKE)
    page.goto(f"{served.url}/kunjungan/{mine['token']}")
    line = page.locator("[data-people]")
    expect(line).to_have_text("Dua orang lagi")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    officer.press(DESK, "panggil")
    expect(line).to_have_text("Satu orang lagi", timeout=SOON)
    expect(page.locator(".people .icon")).to_have_count(1)

    said(page, '{"n": 12, "b": 77, "t": {"0": [605, 1442]}}')
    expect(line).to_have_text("12 orang lagi")
    expect(page.locator(".people .icon")).to_have_count(5)
    expect(page.get_by_text("Kenapa nomor 77 lebih dulu?")).to_be_visible()
    assert [page.locator(f'[data-at="0{end}"]').first.inner_text() for end in (0, 1)] == ["10.05", "00.02"]
    assert asked == []
    said(page, '{"s": "another"}')  # the page is made of something else now: it is fetched, and says the truth again
    expect(line).to_have_text("Satu orang lagi", timeout=SOON)
    assert [one.rsplit("/", 1)[-1] for one in asked] == ["isi"]

    page.get_by_role("button", name="Bunyikan").click()  # a phone that sleeps rings no bell
    page.wait_for_function("window.awake === 'screen'")
    page.get_by_role("button", name="Bunyi menyala").click()
    page.wait_for_function("window.awake === null")
    page.context.close()


@pytest.mark.parametrize("script", [True, False])
def test_a_contact_is_typed_masked_changed_and_removed(
    served: Served, browser: Browser, people: Any, script: bool
) -> None:
    mine = people("anjungan").take("kk-baru")
    page = phone(browser, script=script)
    page.goto(f"{served.url}/kunjungan/{mine['token']}")
    page.get_by_role("link", name="Titip kontak").click()
    expect(page.get_by_text("Tidak wajib. Anda dilayani sama saja")).to_be_visible()
    held = page.get_by_role("region", name="Yang tersimpan")
    expect(held).to_have_count(0)

    page.get_by_role("textbox", name="Nama").fill(NAME)
    page.get_by_role("textbox", name="Nomor telepon").fill("12")
    page.get_by_role("button", name="Simpan").click()
    expect(page.locator("#c-error")).to_contain_text("tidak terbaca")
    expect(page.get_by_role("textbox", name="Nama")).to_have_value(NAME)  # what was right is not typed again
    page.get_by_role("textbox", name="Nomor telepon").fill(PHONE)
    page.get_by_role("checkbox", name="Saya setuju").check()
    page.get_by_role("button", name="Simpan").click()
    expect(page.get_by_role("status")).to_contain_text("tersimpan")
    expect(held).to_contain_text("S••• H•••")
    expect(held).to_contain_text("0812•••••345")
    assert NAME not in page.content() and "79912345" not in page.content()

    page.get_by_role("textbox", name="Nomor telepon").fill("0813 0000 1111")
    page.get_by_role("checkbox", name="Saya setuju").check()
    page.get_by_role("button", name="Simpan").click()
    expect(held).to_contain_text("0813•••••111")
    expect(held).to_contain_text("S••• H•••")  # what was left empty stays as it was

    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("main")).not_to_contain_text(re.compile(r"\b(Tidak wajib|tersimpan|Hapus|Nama)\b"))
    page.locator("form[action$=tarik] button").click()
    expect(page.get_by_role("status")).to_be_visible()
    expect(page.locator("form[action$=tarik]")).to_have_count(0)
    assert "0813" not in page.get_by_role("main").inner_text()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth") if script else True
    page.context.close()
