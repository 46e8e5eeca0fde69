"""A cheap phone on a poor line: how soon can a citizen read a page, and what does an hour of waiting cost her?

    .venv/bin/python benchmarks/slow_phone.py [--minutes 10] [--rounds 3] [--json]

Chromium, throttled over its DevTools protocol to 400 kbit/s each way, 400 ms a request and a sixth of this machine's
processor; every page with nothing cached. *Readable* is the later of first and largest contentful paint: the text of
the page is there. Then the live page stays open, without throttling, for so many real minutes while six citizens a
minute are called in the mall, four of them at desks of her own lines, and as many come; counted are the bytes of bodies
as Chromium counts them (Network.loadingFinished less the head; of the event stream Network.dataReceived), scaled to an
hour.
"""

from __future__ import annotations

import sys
from pathlib import Path

_HERE = Path(__file__).resolve().parent
# as a script this folder comes first, and its queue.py would hide the standard library's
sys.path[:] = [str(_HERE.parent), *(p for p in sys.path if Path(p or ".").resolve() != _HERE)]

import argparse  # noqa: E402
import asyncio  # noqa: E402
import json  # noqa: E402
import os  # noqa: E402
import shutil  # noqa: E402
import statistics  # noqa: E402
import tempfile  # noqa: E402
from collections import defaultdict  # noqa: E402
from dataclasses import dataclass, field  # noqa: E402
from typing import Any  # noqa: E402

from playwright.async_api import Browser, CDPSession, Page, async_playwright  # noqa: E402
from tests.project import server  # noqa: E402

from satuatap.project.day import client  # noqa: E402

BITS, LATENCY_MS, SLOWER = 400_000, 400, 6
READABLE_WITHIN_S, HOURLY_LIMIT = 5.0, 20_000
CALLS_A_MINUTE = 6
HERS = ("kk-baru", "ktp-el-ganti")
DESKS = (5, 6, 1, 10, 7, 29)  # of the demo, in the order of the calls: family cards, identity cards, NIB, SKCK
SETTLES_S = 8.0  # what a page still fetches right after it was opened belongs to opening it
PAINTS = """() => new Promise(done => {
  const paint = performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? null;
  new PerformanceObserver(list => done([paint, list.getEntries().at(-1).startTime]))
    .observe({type: "largest-contentful-paint", buffered: true});
})"""


@dataclass
class Wire:
    """What a page received, by request: bytes of bodies as they crossed the line, and of whole answers that ended."""

    names: dict[str, str] = field(default_factory=dict)
    heads: dict[str, int] = field(default_factory=dict)
    bodies: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    whole: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    answers: int = 0

    def listen(self, wire: CDPSession) -> None:
        wire.on("Network.requestWillBeSent", lambda e: self.names.__setitem__(e["requestId"], e["request"]["url"]))
        wire.on("Network.responseReceived", self._began)
        wire.on("Network.dataReceived", self._data)
        wire.on("Network.loadingFinished", self._finished)

    def _began(self, event: dict[str, Any]) -> None:
        self.heads[event["requestId"]] = int(event["response"]["encodedDataLength"])

    def _data(self, event: dict[str, Any]) -> None:
        # a stream never ends, and Chromium may count no encoded bytes of its pieces: then the bytes themselves
        self.bodies[event["requestId"]] += int(event["encodedDataLength"]) or int(event["dataLength"])

    def _finished(self, event: dict[str, Any]) -> None:
        key, whole = event["requestId"], int(event["encodedDataLength"])
        self.answers += 1
        self.whole[key] += whole
        self.bodies[key] = max(0, whole - self.heads.get(key, 0))

    def forget(self) -> None:
        """From here on."""
        self.bodies.clear()
        self.whole.clear()
        self.answers = 0

    def by_kind(self) -> dict[str, int]:
        """Bytes of bodies: of the stream, and of everything fetched."""
        stream = sum(size for key, size in self.bodies.items() if "/langsung/" in self.names.get(key, ""))
        return {"stream_bytes": stream, "fetched_bytes": sum(self.bodies.values()) - stream}


@dataclass
class Mall:
    """The running demo: its officers and its kiosk."""

    base: str
    kiosk: client.Browser
    officers: dict[int, client.Browser]
    at_desk: dict[int, dict[str, Any]] = field(default_factory=dict)

    async def take(self, *services: str) -> dict[str, Any]:
        ticket: dict[str, Any] = await self.kiosk.write("/langsung/ambil", services=list(services))
        return ticket

    async def call(self, desk: int) -> int | None:
        """The desk's citizen is finished and the next one called; returns whom."""
        held = self.at_desk.pop(desk, None)
        if held:
            await self.officers[desk].write(
                f"/langsung/loket/{desk}/selesai", result="done", visit=held["visit"], seq=held["seq"]
            )
        called = (await self.officers[desk].write(f"/langsung/loket/{desk}/panggil"))["called"]
        if called:
            self.at_desk[desk] = called
        return called and int(called["visit"])


async def opened(served: server.Served) -> Mall:
    """Everybody signed in, desks open."""
    log = client.Log()
    rows = {row["username"]: row for row in client.accounts(str(served.home / "accounts.json"))}
    kiosk, officers = client.Browser(served.url, log), {}
    await kiosk.activate(rows["anjungan"]["link"])
    for desk in DESKS:
        officer = officers[desk] = client.Browser(served.url, log)
        await officer.sign_in(f"loket{desk}", rows[f"loket{desk}"]["password"])
        await officer.write(f"/loket/{desk}/buka")
    return Mall(served.url, kiosk, officers)


async def readable(browser: Browser, address: str) -> tuple[float, float, int]:
    """First and largest contentful paint in seconds, and bytes on the wire, on the slow phone with nothing cached."""
    context = await browser.new_context(viewport={"width": 390, "height": 844}, locale="id-ID")
    page = await context.new_page()
    wire, got = await context.new_cdp_session(page), Wire()
    got.listen(wire)
    await wire.send("Network.enable")
    rate = BITS / 8
    await wire.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": LATENCY_MS, "downloadThroughput": rate, "uploadThroughput": rate},
    )
    await wire.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    await page.goto(address, wait_until="load", timeout=60_000)
    await page.wait_for_timeout(1500)
    first, largest = await page.evaluate(PAINTS)
    await context.close()
    return first / 1000, largest / 1000, sum(got.whole.values())


async def waiting(browser: Browser, mall: Mall, minutes: float) -> dict[str, Any]:
    """The bytes of an open live page while the mall goes on; its visit is far back in the line."""
    for number in range(int(minutes * CALLS_A_MINUTE) + 30):
        await mall.take(HERS[number % 2], *(["kis-apbd"] if number % 5 == 0 else []))
        if number % 3 == 0:
            await mall.take("nib")
            await mall.take("skck")
    mine = await mall.take(*HERS)
    context = await browser.new_context(viewport={"width": 390, "height": 844}, locale="id-ID")
    page: Page = await context.new_page()
    wire, got = await context.new_cdp_session(page), Wire()
    got.listen(wire)
    await wire.send("Network.enable")
    await page.goto(f"{mall.base}/kunjungan/{mine['token']}")
    await page.wait_for_timeout(SETTLES_S * 1000)
    opening = sum(got.bodies.values())
    got.forget()
    started = await page.inner_text("#visit .next b")
    called, calls, turn = None, 0, 0
    loop = asyncio.get_running_loop()
    began = loop.time()
    while (passed := loop.time() - began) < minutes * 60 and called != mine["visit"]:
        called = await mall.call(DESKS[turn % len(DESKS)])
        calls, turn = calls + (called is not None), turn + 1
        await mall.take(*(HERS if turn % 4 == 0 else HERS[:1]))
        await asyncio.sleep(max(0.0, turn * 60 / CALLS_A_MINUTE - (loop.time() - began)))
    ended = await page.inner_text("#visit .next b")
    await context.close()
    kinds = got.by_kind()
    return {
        "minutes": round(passed / 60, 1), "calls": calls, "opening_bytes": opening, **kinds, "answers": got.answers,
        "bytes_an_hour": round(sum(kinds.values()) * 3600 / passed), "line_at_first": started,
        "line_at_last": ended, "was_called": called == mine["visit"],
    }  # fmt: skip


async def measure(args: argparse.Namespace, served: server.Served) -> dict[str, Any]:
    """Both parts against one running demo."""
    mall = await opened(served)
    token = (await mall.take("kis-apbd", *HERS))["token"]
    pages = ["/", "/layanan/kis-apbd", f"/rencana?u=kis-apbd&u={HERS[0]}&u={HERS[1]}", f"/kunjungan/{token}"]
    async with async_playwright() as play:
        browser = await play.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        rows = []
        for path in pages:
            seen = [await readable(browser, served.url + path) for _ in range(args.rounds)]
            first, largest, size = (statistics.median(column) for column in zip(*seen, strict=True))
            worst = max(max(one[:2]) for one in seen)
            rows.append({"page": path.replace(token, "..."), "first_paint_s": round(first, 2),
                         "readable_s": round(max(first, largest), 2), "worst_s": round(worst, 2),
                         "kb": round(size / 1000, 1)})  # fmt: skip
        hour = await waiting(browser, mall, args.minutes) if args.minutes else {}
        await browser.close()
    for one in (mall.kiosk, *mall.officers.values()):
        await one.close()
    return {"pages": rows, "waiting": hour, "load": round(os.getloadavg()[0], 1)}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10.0, help="how long the live page stays open; 0: not at all")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    home = Path(tempfile.mkdtemp(prefix="satuatap-slow-"))
    # the day's client asks the settings for the name of a cookie
    os.environ |= {"DJANGO_SETTINGS_MODULE": "satuatap.project.settings", "SATUATAP_HOME": str(home / "home")}
    try:
        with server.serving(home / "home") as served:
            found = asyncio.run(measure(args, served))
    finally:
        shutil.rmtree(home, ignore_errors=True)
    if args.json:
        print(json.dumps(found, ensure_ascii=False))
    else:
        for row in found["pages"]:
            print(f"{row['page']:<55}{row['first_paint_s']:6.2f} s first{row['readable_s']:6.2f} s readable"
                  f"{row['worst_s']:6.2f} s worst{row['kb']:7.1f} KB")  # fmt: skip
        print("\n".join(f"{name:<20}{value}" for name, value in found["waiting"].items()), f"\nload {found['load']}")
    slow = [row["page"] for row in found["pages"] if row["worst_s"] > READABLE_WITHIN_S]
    heavy = found["waiting"] and found["waiting"]["bytes_an_hour"] > HOURLY_LIMIT
    return 1 if slow or heavy or found["waiting"].get("was_called") else 0


if __name__ == "__main__":
    sys.exit(main())
