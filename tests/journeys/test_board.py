"""The display in a real browser: two calls at once are two voices, one after the other."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, sync_playwright

from satuatap.features.visits.actions import lay_out
from satuatap.features.visits.actions.layout import DeskRow, PolicyRow, StepRow
from tests.factories.people import BY
from tests.web.world import make_world

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""
pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium: apt-get install chromium"),
]

WATCH = """() => {
  window.spans = [];
  document.addEventListener("voice:begin", (e) => spans.push({ number: e.detail.number, begin: e.detail.at }));
  document.addEventListener("voice:end", (e) => { spans.at(-1).end = e.detail.at; });
}"""
CALL = """(calls) => {
  for (const call of calls) document.dispatchEvent(new CustomEvent("live:call", { detail: call }));
}"""


@pytest.fixture
def page(live_server: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Page]:
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    world = make_world()
    lay_out(
        by=BY, mall=int(world.names["mall"]), zone="Asia/Jakarta", steps=[StepRow(1, 1, 5.0)],
        desks=[DeskRow(int(world.names["desk"]), [1])], policy=PolicyRow(),
    )  # fmt: skip
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        shown = browser.new_page(viewport={"width": 1920, "height": 1080})
        shown.goto(f"{live_server.url}/papan")
        yield shown
        browser.close()


def call(number: int, desk: int, at: str, **more: Any) -> dict[str, Any]:
    return {"number": number, "desk": desk, "sign": str(desk), "zone": "A", "agency": "Dukcapil", "at": at} | more


def test_two_calls_at_once_never_overlap(page: Page) -> None:
    page.evaluate(WATCH)
    at = page.get_attribute("#clock", "data-now")
    assert at
    page.evaluate(CALL, [call(140, 1, at)])
    page.wait_for_timeout(300)
    assert page.evaluate("spans") == [], "without the one gesture nothing is spoken, and nothing waits to be"

    page.click("#sound")
    page.wait_for_selector('#sound[aria-pressed="true"]')
    page.evaluate(CALL, [call(147, 7, at), call(152, 12, at), call(147, 7, at)])
    for _ in range(150):
        page.wait_for_timeout(200)
        spans = page.evaluate("spans")
        if len(spans) == 2 and "end" in spans[1]:
            break
    first, second = spans
    assert (first["number"], second["number"]) == (147, 152)
    assert first["end"] <= second["begin"]
    assert min(first["end"] - first["begin"], second["end"] - second["begin"]) > 3000, "the clips were really played"


def test_nothing_overflows_and_the_clock_follows_the_mall(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")
    assert len(page.inner_text("#hour")) == 5
