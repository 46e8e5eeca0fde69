"""What a planner waits for on screen: press to picture in Chromium, on a made-up city of three lists.

    .venv/bin/python benchmarks/studio.py [--units 60 --buildings 40] [--seconds 12] [--draws 50] [--times 7] [--json]

One line a figure: the median and the worst of so many presses, in seconds from the press until the answer is on the
page. The first line is cold: nobody had opened the list of studies before.
"""

from __future__ import annotations

import sys
from pathlib import Path

_HERE = Path(__file__).resolve().parent
# as a script this folder comes first, and its queue.py would hide the standard library's
sys.path[:] = [str(_HERE.parent), *(p for p in sys.path if Path(p or ".").resolve() != _HERE)]

import argparse  # noqa: E402
import json  # noqa: E402
import os  # noqa: E402
import re  # noqa: E402
import shutil  # noqa: E402
import statistics  # noqa: E402
import time  # noqa: E402
from collections.abc import Callable  # noqa: E402

from playwright.sync_api import Page, sync_playwright  # noqa: E402

from benchmarks.studio_city import Served, serving  # noqa: E402

STUDY = re.compile(r"/studio/kajian/[0-9a-f-]{36}")
ANSWERED = """() => { const e = document.querySelector('#jawaban');
    return e && !e.querySelector('[data-waits]') && e.querySelector('h2') }"""
READS = 8.0  # seconds that somebody reads the list before she presses


def tell(figure: str, seconds: list[float], as_json: bool) -> None:
    """A line for the figure; the load says how much the rest of the machine was in its way."""
    found = {
        "figure": figure, "median": round(statistics.median(seconds), 2), "worst": round(max(seconds), 2),
        "times": len(seconds), "load": round(os.getloadavg()[0], 1),
    }  # fmt: skip
    words = "{figure:<64} median {median:>7.2f}  worst {worst:>7.2f} s  of {times}, load {load}"
    print(json.dumps(found) if as_json else words.format(**found), flush=True)


def sign_in(page: Page, served: Served, who: str = "perencana") -> None:
    page.goto(f"{served.url}/masuk")
    page.fill("input[name=login]", who)
    page.fill("input[name=password]", served.passwords[who])
    page.press("input[name=password]", "Enter")
    page.wait_for_url(re.compile(r"^(?!.*/masuk)"))


def study(page: Page, served: Served, args: argparse.Namespace, *, reads: float, draws: str = "0") -> float:
    """Seconds from the press until a first plan is seen; the page stays on the study, ended."""
    page.goto(f"{served.url}/studio/kajian")
    time.sleep(reads)
    page.fill("#seconds", str(args.seconds))
    page.select_option("#draws", draws)
    began = time.perf_counter()
    page.get_by_role("button", name="Mulai kajian").click()
    page.wait_for_url(STUDY)
    page.wait_for_function("() => / unit pindah/.test(document.querySelector('h1').textContent)", timeout=180_000)
    seen = time.perf_counter() - began
    page.wait_for_function("() => !document.body.innerText.includes('Hentikan')", timeout=600_000)
    return seen


def presses(count: int, prepare: Callable[[int], None], press: Callable[[], None]) -> list[float]:
    found = []
    for n in range(count):
        prepare(n)
        began = time.perf_counter()
        press()
        found.append(time.perf_counter() - began)
    return found


def forced(page: Page, here: str, times: int) -> list[float]:
    """Another unit and another building each time; the process that answers has begun."""
    page.goto(f"{here}/kenapa")
    time.sleep(READS)

    def prepare(n: int) -> None:
        page.goto(f"{here}/kenapa")
        page.select_option("#unit", index=1 + n)
        page.select_option("#gedung", index=4 + n)

    def press() -> None:
        page.get_by_role("button", name="Tanyakan").click()
        page.wait_for_function(ANSWERED, timeout=120_000)

    return presses(times, prepare, press)


def weighed(page: Page, here: str, times: int) -> list[float]:
    """One of the figures worth finding first is typed as the range's own middle."""

    def prepare(n: int) -> None:
        page.goto(f"{here}/keraguan")
        one = page.locator(".q-fields .field").nth(n)
        likely = re.search(r"dikira ([\d.,]+)", one.locator(".hint").inner_text())
        assert likely
        one.locator("input").fill(likely[1].rstrip("."))

    def press() -> None:
        page.get_by_role("button", name="Pakai angka ini").click()
        page.wait_for_url(re.compile(r"keraguan\?"))
        page.wait_for_load_state()

    return presses(times, prepare, press)


def moved(page: Page, here: str, times: int) -> list[float]:
    """A unit sent to a building by the buttons: the whole page with its price and bound."""

    def prepare(n: int) -> None:
        page.goto(here)
        page.locator("#move select[name=unit]").select_option(index=1 + n)
        page.locator("#move select[name=ke]").select_option(index=2 + n)

    def press() -> None:
        with page.expect_navigation():
            page.get_by_role("button", name="Hitung harganya").click()

    return presses(times, prepare, press)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--units", type=int, default=60)
    parser.add_argument("--buildings", type=int, default=40)
    parser.add_argument("--seconds", type=int, default=12)
    parser.add_argument("--draws", default="50", help="of the doubt: 0 leaves it out")
    parser.add_argument("--times", type=int, default=7)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        raise SystemExit("no Chromium: apt-get install chromium")
    with serving(args.units, args.buildings) as served, sync_playwright() as play:
        page = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"]).new_page()
        page.set_viewport_size({"width": 1440, "height": 900})
        sign_in(page, served)

        def row(figure: str, seconds: list[float]) -> None:
            tell(f"{args.units}x{args.buildings}: {figure}", seconds, args.json)

        row("first plan seen, cold: pressed at once", [study(page, served, args, reads=0)])
        row("first plan seen", [study(page, served, args, reads=READS) for _ in range(max(1, args.times // 2))])
        if args.draws != "0":
            study(page, served, args, reads=READS, draws=args.draws)
        here = page.url.split("?")[0]
        row("a unit moved by hand, its whole page", moved(page, here, args.times))
        row("the study's page", presses(args.times, lambda n: None, lambda: page.goto(here) and None))
        row("why not, or forced", forced(page, here, args.times))
        if args.draws != "0":
            row(f"a figure typed, re-weighted ({args.draws} draws)", weighed(page, here, 3))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
