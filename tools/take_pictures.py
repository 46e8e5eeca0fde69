"""Take the pictures of docs/pictures from a running demo with a living hall.

    .venv/bin/satuatap day --visits 1300 --speed 40 &       # people in the hall; wait two minutes
    .venv/bin/python tools/take_pictures.py [--url http://127.0.0.1:8000] [--home var]

Needs the system's Chromium and the test dependencies (make install-test).
"""

from __future__ import annotations

import argparse
import contextlib
import json
import shutil
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, TimeoutError, sync_playwright

OUT = Path(__file__).parents[1] / "docs" / "pictures"
PHONE, STAFF, FLOOR, BOARD, KIOSK = (390, 844), (1366, 768), (1440, 900), (1920, 1080), (1080, 1920)


def page_of(browser: Browser, size: tuple[int, int]) -> Page:
    return browser.new_context(viewport={"width": size[0], "height": size[1]}, locale="id-ID").new_page()


def keep(page: Page, name: str) -> None:
    page.wait_for_timeout(1200)
    page.screenshot(path=OUT / f"{name}.jpg", type="jpeg", quality=72)


def sign_in(page: Page, url: str, account: dict[str, Any]) -> None:
    page.goto(f"{url}/masuk")
    page.fill("input[name=login]", account["username"])
    page.fill("input[name=password]", account["password"])
    page.press("input[name=password]", "Enter")
    page.wait_for_load_state("load")


def citizen(browser: Browser, url: str) -> None:
    page = page_of(browser, PHONE)
    for name, path in (
        ("portal", "/"),
        ("service", "/layanan/kis-apbd"),
        ("plan", "/rencana?u=kis-apbd&u=kk-baru"),
    ):
        page.goto(url + path)
        keep(page, name)


def kiosk(browser: Browser, url: str, account: dict[str, Any]) -> None:
    page = page_of(browser, KIOSK)
    page.goto(url + account["link"])
    page.goto(f"{url}/anjungan/pilih?layanan=kk-baru&layanan=kis-apbd")
    keep(page, "kiosk")
    page.get_by_role("button", name="Ambil nomor").first.click()
    page.wait_for_load_state("load")
    keep(page, "ticket")
    shown = page.url.split("/struk/")[-1].split("?")[0]
    phone = page_of(browser, PHONE)
    phone.goto(f"{url}/kunjungan/{shown}")
    keep(phone, "live")


def staff(browser: Browser, url: str, accounts: dict[str, dict[str, Any]]) -> None:
    for name, who, path in (
        ("desk", "loket7", "/loket/7"),
        ("floor", "manajer", "/pantauan"),
        ("office", "manajer", "/pengelolaan/jam"),
        ("helpdesk", "informasi", "/bantuan"),
    ):
        page = page_of(browser, FLOOR if name == "floor" else STAFF)
        sign_in(page, url, accounts[who])
        page.goto(url + path)
        if name == "desk":  # a desk says most while it serves
            with contextlib.suppress(TimeoutError):
                page.wait_for_selector("[data-key=Enter]", timeout=40_000)
                page.screenshot(path=OUT / "desk.jpg", type="jpeg", quality=72)
                continue
        keep(page, name)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", default="http://127.0.0.1:8000")
    parser.add_argument("--home", type=Path, default=Path("var"))
    args = parser.parse_args()
    rows = json.loads((args.home / "accounts.json").read_text())["accounts"]
    accounts = {row["username"]: row for row in rows}
    OUT.mkdir(exist_ok=True)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"])
        citizen(browser, args.url)
        kiosk(browser, args.url, accounts["anjungan"])
        staff(browser, args.url, accounts)
        board = page_of(browser, BOARD)
        board.goto(f"{args.url}/papan")
        board.wait_for_timeout(1200)
        with contextlib.suppress(TimeoutError):  # a board says most while somebody is being called
            board.wait_for_selector(".now--called", timeout=40_000)
        board.screenshot(path=OUT / "board.jpg", type="jpeg", quality=72)
        browser.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
