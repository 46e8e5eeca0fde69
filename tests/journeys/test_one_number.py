"""A citizen walks from the portal to the last desk in a real browser: KK, NIB, and KIS with its hand-over.

Everything goes through the screens: she types everyday words, keeps a plan, types its code at the kiosk, follows her
number on her phone; the board calls her; each officer works with keys.
"""

from __future__ import annotations

import json
import re
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.project.server import Served, copy, serving

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""
pytestmark = [
    pytest.mark.journey,
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium: apt-get install chromium"),
]
PHONE, STAFF, KIOSK, BOARD = (390, 844), (1366, 768), (1080, 1920), (1920, 1080)
SOON = 30_000  # as long as a machine may be busy
SHARED = {"loket5": "480271", "loket7": "915306"}  # two officers of one booth, and their PINs


@dataclass
class Mall:
    """The running demo, a browser, and who may sign in."""

    served: Served
    browser: Browser
    accounts: dict[str, dict[str, Any]]
    errors: list[str]

    def page(self, size: tuple[int, int], path: str = "/", **more: Any) -> Page:
        """A browser of its own at an address; what its console says goes wrong is kept."""
        context = self.browser.new_context(viewport={"width": size[0], "height": size[1]}, **more)
        page = context.new_page()
        page.on("pageerror", lambda error: self.errors.append(f"{page.url}: {error}"))
        page.on("console", lambda m: self.errors.append(f"{page.url}: {m.text}") if m.type == "error" else None)
        page.goto(self.served.url + path)
        return page

    def officer(self, username: str, desk: int) -> Page:
        """Signed in, at her desk, which she opens."""
        page = self.page(STAFF, "/masuk")
        page.fill("input[name=login]", username)
        page.fill("input[name=password]", self.accounts[username]["password"])
        page.press("input[name=password]", "Enter")
        page.wait_for_url(re.compile(r"/loket"))
        page.goto(f"{self.served.url}/loket/{desk}")
        expect(page.locator("#k-main")).to_be_visible()
        if page.get_by_text("Buka loket").count():  # at one that is open the same key calls
            page.keyboard.press("F2")
        expect(page.get_by_text("Panggil berikutnya")).to_be_visible()
        return page


@pytest.fixture(scope="module")
def mall(first_morning: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mall]:
    home = copy(first_morning, tmp_path_factory.mktemp("journey") / "home")
    with serving(home) as served, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        rows = json.loads((home / "accounts.json").read_text())["accounts"]
        found = Mall(served, browser, {row["username"]: row for row in rows}, [])
        kiosk = found.page(KIOSK)
        kiosk.close()
        yield found
        browser.close()
        assert found.errors == []


@pytest.fixture(scope="module")
def kiosk(mall: Mall) -> Page:
    """The device, signed in by its link."""
    return mall.page(KIOSK, mall.accounts["anjungan"]["link"])


@pytest.fixture(scope="module")
def board(mall: Mall) -> Page:
    return mall.page(BOARD, "/papan")


def plan_of(phone: Page, words: str, service: str) -> str:
    """From everyday words to the short code of a plan."""
    phone.fill("input[name=q]", words)
    phone.get_by_role("button", name="Cari").first.click()
    phone.locator(f'a[href^="/layanan/{service}"]').first.click()
    expect(phone.get_by_text("Yang dibawa").first).to_be_visible()
    phone.get_by_role("button", name="Masukkan ke rencana saya").click()
    phone.get_by_role("button", name="Simpan rencana").click()
    code = phone.locator("#plan-code").inner_text().strip()
    assert re.fullmatch(r"[2-9A-HJ-NP-Z]{6}", code)
    return code


def number_by(kiosk: Page, code: str) -> tuple[str, str]:
    """The code typed at the kiosk; returns the number and the secret part of the live page's address."""
    kiosk.goto(kiosk.url.split("/anjungan")[0] + "/anjungan")
    kiosk.get_by_role("button", name="Sudah punya rencana?").click()
    for letter in code:
        kiosk.get_by_role("button", name=letter, exact=True).click()
    kiosk.get_by_role("button", name="Ambil nomor").click()
    kiosk.wait_for_url(re.compile(r"/anjungan/struk/"))
    token = re.search(r"/struk/([\w-]+)", kiosk.url)
    number = re.search(r"semua urusan\s+(\d+)", kiosk.inner_text("body"))
    assert token
    assert number
    return number[1], token[1]


def served_at(mall: Mall, phone: Page, board: Page, number: str, username: str, sign: int) -> Page:
    """One desk calls, starts and finishes her; each step is seen on the phone and the call on the board."""
    officer = mall.officer(username, sign)
    officer.keyboard.press("F2")
    expect(phone.get_by_text(f"Ke Loket {sign} sekarang")).to_be_visible(timeout=SOON)
    expect(phone.locator(".ticket .sign")).to_have_text(str(sign))
    expect(phone.locator(".plan .sg")).to_have_text(str(sign))  # the way on her plan ends at that desk
    expect(board.locator("#now [data-slot=number]")).to_have_text(number, timeout=SOON)
    expect(board.locator("#now [data-slot=sign]")).to_have_text(str(sign), timeout=SOON)
    expect(officer.get_by_text("Mulai melayani")).to_be_visible()
    officer.keyboard.press("F2")
    expect(phone.get_by_role("main")).to_contain_text("Sedang dilayani", timeout=SOON)
    expect(officer.locator("button[data-key=Enter]")).to_be_visible()
    return officer


def finish(officer: Page) -> str:
    """Finished with Enter; returns what the officer is told to say before."""
    told = officer.inner_text("body")
    officer.keyboard.press("Enter")
    expect(officer.get_by_text("Panggil berikutnya")).to_be_visible(timeout=SOON)
    officer.context.close()
    return told


@pytest.mark.parametrize(
    ("words", "service", "username", "sign"),
    [("kk baru nikah", "kk-baru", "loket5", 5), ("izin jualan pempek", "nib", "loket10", 10)],
)
def test_one_desk(mall: Mall, kiosk: Page, board: Page, words: str, service: str, username: str, sign: int) -> None:
    phone = mall.page(PHONE)
    number, token = number_by(kiosk, plan_of(phone, words, service))
    phone.goto(f"{mall.served.url}/kunjungan/{token}")
    expect(phone.get_by_role("main")).to_contain_text("Menunggu dipanggil")
    officer = served_at(mall, phone, board, number, username, sign)
    finish(officer)
    expect(phone.get_by_text("Selesai. Terima kasih.")).to_be_visible(timeout=SOON)
    phone.context.close()


def test_kis_is_one_number_from_the_health_office_to_bpjs(mall: Mall, kiosk: Page, board: Page) -> None:
    phone = mall.page(PHONE)
    number, token = number_by(kiosk, plan_of(phone, "kartu sehat", "kis-apbd"))
    phone.goto(f"{mall.served.url}/kunjungan/{token}")
    expect(phone.get_by_role("main")).to_contain_text("lalu BPJS Kesehatan")

    early = mall.officer("loket22", 22)
    expect(early.get_by_role("main")).to_contain_text("belum ada nomor untuk loket ini")  # not before the health office

    told = finish(served_at(mall, phone, board, number, "loket19", 19))
    assert "tunggu di Zona C" in told
    expect(phone.get_by_role("main")).to_contain_text("Duduk di dekat Zona C", timeout=SOON)
    expect(early.get_by_role("main")).not_to_contain_text("belum ada nomor untuk loket ini", timeout=SOON)
    early.context.close()

    finish(served_at(mall, phone, board, number, "loket22", 22))
    expect(phone.get_by_text("Selesai. Terima kasih.")).to_be_visible(timeout=SOON)
    phone.context.close()


def test_a_phone_that_wakes_says_what_it_missed_and_one_off_line_says_so(mall: Mall, kiosk: Page) -> None:
    kiosk.goto(f"{mall.served.url}/anjungan/pilih?layanan=bphtb")
    kiosk.get_by_role("button", name="Ambil nomor").click()
    kiosk.wait_for_url(re.compile(r"/anjungan/struk/"))
    phone = mall.page(PHONE, "/kunjungan/" + kiosk.url.split("/struk/")[1].split("?")[0])
    expect(phone.get_by_role("main")).to_contain_text("Menunggu dipanggil")
    asleep = """is => {
        Object.defineProperty(document, "hidden", {configurable: true, get: () => is});
        document.dispatchEvent(new Event("visibilitychange"));
    }"""
    phone.evaluate(asleep, True)
    officer = mall.officer("loket13", 13)
    officer.keyboard.press("F2")
    expect(officer.get_by_text("Mulai melayani")).to_be_visible()
    expect(phone.get_by_text("Ke Loket 13 sekarang")).to_be_visible(timeout=SOON)
    expect(phone.locator("#missed")).to_be_hidden()
    phone.evaluate(asleep, False)
    expect(phone.locator("#missed")).to_contain_text("Anda dipanggil ke Loket 13", timeout=SOON)
    phone.get_by_role("button", name="Tutup pemberitahuan").click()
    expect(phone.locator("#missed")).to_be_hidden()

    lost = phone.locator("[data-lost]")
    phone.context.set_offline(True)
    expect(lost).to_be_visible()
    phone.context.set_offline(False)
    expect(lost).to_be_hidden(timeout=SOON)
    phone.reload()
    expect(phone.get_by_text("Ke Loket 13 sekarang")).to_be_visible()
    expect(phone.locator("#missed")).to_be_hidden()  # a page that was just opened has missed nothing
    officer.keyboard.press("F2")
    expect(officer.locator("button[data-key=Enter]")).to_be_visible()
    finish(officer)
    phone.context.close()


def test_the_whole_way_without_script(mall: Mall) -> None:
    plain = {"java_script_enabled": False}
    phone = mall.page(PHONE, **plain)
    code = plan_of(phone, "kk baru nikah", "kk-baru")
    kiosk = mall.page(KIOSK, mall.accounts["anjungan"]["link"], **plain)
    number, token = number_by(kiosk, code)
    phone.goto(f"{mall.served.url}/kunjungan/{token}")
    expect(phone.get_by_role("main")).to_contain_text("Menunggu dipanggil")

    desk = mall.page(STAFF, "/masuk", **plain)
    desk.fill("input[name=login]", "loket6")
    desk.fill("input[name=password]", mall.accounts["loket6"]["password"])
    desk.press("input[name=password]", "Enter")
    desk.goto(f"{mall.served.url}/loket/6")
    desk.get_by_role("button", name="Buka loket").click()
    desk.get_by_role("button", name="Panggil berikutnya").click()
    desk.get_by_role("button", name="Mulai melayani").click()
    desk.locator("button[value=done]").click()
    phone.reload()
    expect(phone.get_by_role("main")).to_contain_text("Selesai. Terima kasih.")
    plain_board = mall.page(BOARD, "/papan", **plain)
    expect(plain_board.get_by_role("main")).to_contain_text(number)


def signed_in_with_a_pin(pc: Page, home: str, mall: Mall, username: str, pin: str) -> str:
    """Signs in on this PC, sets her PIN there, and goes; her name as the desk shows it."""
    pc.goto(f"{home}/masuk")
    pc.fill("input[name=login]", username)
    pc.fill("input[name=password]", mall.accounts[username]["password"])
    pc.press("input[name=password]", "Enter")
    pc.wait_for_url(re.compile(r"/loket"))
    pc.goto(f"{home}/masuk/akun/pin")
    pc.fill("#pin", pin)
    pc.fill("#again", pin)
    pc.press("#again", "Enter")
    expect(pc.get_by_text("terpasang: Anda bisa mengambil alih")).to_be_visible()
    name = pc.locator("p.lead").inner_text()
    pc.goto(f"{home}/keluar")
    pc.locator("main button[type=submit]").click()
    return name


def taken_over(pc: Page, name: str, how: Callable[[], None]) -> float:
    """Seconds from the press on "Ganti petugas" until the desk is hers and ready."""
    start = time.monotonic()
    pc.get_by_role("link", name="Ganti petugas").click()
    how()
    expect(pc.locator("header")).to_contain_text(name, timeout=SOON)
    expect(pc.locator("#k-main")).to_be_visible()
    return time.monotonic() - start


def test_officers_change_at_a_shared_pc_by_pin_and_by_passkey(mall: Mall) -> None:
    home = mall.served.url.replace("127.0.0.1", "localhost")  # where browsers let passkeys be used without HTTPS
    pc = mall.page(STAFF, "/papan")
    names = {one: signed_in_with_a_pin(pc, home, mall, one, pin) for one, pin in SHARED.items()}
    first, second = SHARED
    pc.goto(f"{home}/masuk")
    pc.fill("input[name=login]", first)
    pc.fill("input[name=password]", mall.accounts[first]["password"])
    pc.press("input[name=password]", "Enter")
    pc.wait_for_url(re.compile(r"/loket"))
    pc.goto(f"{home}/loket/7")
    pc.keyboard.press("F2")
    expect(pc.get_by_text("Panggil berikutnya")).to_be_visible()

    def by_pin(username: str) -> Callable[[], None]:
        def do() -> None:
            pc.get_by_label(names[username]).check()
            pc.fill("#pin", SHARED[username])
            pc.press("#pin", "Enter")

        return do

    took = {"PIN": taken_over(pc, names[second], by_pin(second))}
    devices = pc.context.new_cdp_session(pc)
    devices.send("WebAuthn.enable")
    chip = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": {**chip, "isUserVerified": True}})
    pc.goto(f"{home}/masuk/akun/kunci-sandi")
    pc.fill("#password", mall.accounts[second]["password"])  # a PIN shows nobody
    pc.press("#password", "Enter")
    pc.get_by_role("button", name="Pasang kunci sandi").click()
    expect(pc.locator(".codes li")).to_have_count(10)
    pc.goto(f"{home}/loket/7")
    took["PIN, back"] = taken_over(pc, names[first], by_pin(first))
    took["passkey"] = taken_over(pc, names[second], pc.get_by_role("button", name="dengan kunci sandi").click)
    print("change of officer: " + ", ".join(f"{how} {seconds:.2f} s" for how, seconds in took.items()))
    pc.context.close()
