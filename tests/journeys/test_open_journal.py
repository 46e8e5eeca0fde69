"""The browser checks the journal's proofs by itself: with WebCrypto, without it, against a lie; and without script."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, sync_playwright

from satuatap.basics import merkle
from tests.project.server import Served, copy, environment, serving

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""
pytestmark = [
    pytest.mark.journey,
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium: apt-get install chromium"),
]
NO_CRYPTO = "Object.defineProperty(globalThis.crypto, 'subtle', {value: undefined})"
LEAVES = [hashlib.sha256(bytes([number])).digest() for number in range(40)]


@pytest.fixture(scope="module")
def served(first_morning: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A mall whose journal is sealed."""
    home = copy(first_morning, tmp_path_factory.mktemp("open") / "home")
    with serving(home) as found:
        words = [str(Path(sys.executable).with_name("satuatap")), "journal", "seal"]
        subprocess.run(words, env=environment(home, 1), check=True, capture_output=True)
        yield found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as play:
        found = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield found
        found.close()


def page_of(browser: Browser, *, crypto: bool = True, script: bool = True) -> Page:
    context = browser.new_context(viewport={"width": 360, "height": 740}, java_script_enabled=script)
    if not crypto:
        context.add_init_script(NO_CRYPTO)
    return context.new_page()


def outcome(page: Page) -> str | None:
    page.wait_for_selector("[data-checked]")
    return page.get_attribute("[data-check]", "data-checked")


@pytest.mark.parametrize("crypto", [True, False])
def test_the_browser_finds_that_a_true_proof_holds(served: Served, browser: Browser, crypto: bool) -> None:
    page = page_of(browser, crypto=crypto)
    page.goto(f"{served.url}/terbuka/jurnal")
    page.fill("#posisi", "3")
    page.click(".ask-proof button")
    assert outcome(page) == "holds"
    assert page.evaluate("Boolean(globalThis.crypto.subtle)") is crypto
    assert page.locator("[data-steps] li").count() >= 5
    assert page.get_by_text("dihitung ulang oleh peramban Anda").is_visible()
    assert not page.get_by_text("dihitung oleh server").is_visible()
    page.context.close()


def test_the_browser_believes_no_server_that_lies(served: Served, browser: Browser) -> None:
    page = page_of(browser)

    def lie(route: Route) -> None:
        proof = route.fetch().json()
        proof["leaf"] = "0" * 64
        assert proof["holds"] is True
        route.fulfill(json=proof)

    page.route("**/terbuka/jurnal/bukti?*", lie)
    page.goto(f"{served.url}/terbuka/jurnal?posisi=3")
    assert outcome(page) == "fails"
    assert page.get_by_text("Bukti ini tidak menuju akar itu.").is_visible()
    assert not page.get_by_text("Catatan ini ada di bawah akar itu.").is_visible()
    page.context.close()


def test_without_script_the_servers_result_stands_and_says_so(served: Served, browser: Browser) -> None:
    page = page_of(browser, script=False)
    page.goto(f"{served.url}/terbuka/jurnal?posisi=3")
    assert page.get_by_text("dihitung oleh server").is_visible()
    assert page.get_by_text("Catatan ini ada di bawah akar itu.").is_visible()
    assert page.locator("[data-steps] li").count() >= 5
    page.context.close()


def root_of(size: int) -> bytes:
    tree = merkle.Growing()
    tree.extend(LEAVES[:size])
    return tree.root


def node(level: int, index: int) -> bytes:
    tree = merkle.Growing()
    tree.extend(LEAVES[index << level : (index + 1) << level])
    return tree.root


def ask(page: Page, what: str, proof: dict[str, Any]) -> bool:
    script = "async ([what, proof]) => (await (await import('/static/open/proof.js'))[what](proof)).holds"
    return bool(page.evaluate(script, [what, proof]))


def test_the_browsers_verdict_is_the_houses_for_every_small_tree(served: Served, browser: Browser) -> None:
    page = page_of(browser, crypto=False)
    page.goto(f"{served.url}/terbuka/jurnal")
    for size in (1, 2, 3, 5, 8, 13, 21, 32, 40):
        seal = {"size": size, "root": root_of(size).hex()}
        for index in {0, size // 2, size - 1}:
            path = [one.hex() for one in merkle.inclusion_proof(node, index, size)]
            told = {"index": index, "leaf": LEAVES[index].hex(), "proof": path, "seal": seal}
            assert ask(page, "inclusion", told)
            assert not ask(page, "inclusion", told | {"proof": [*path, "0" * 64]})
            assert not ask(page, "inclusion", told | {"leaf": "f" * 64})
            assert not ask(page, "inclusion", told | {"index": size})
        for old in {1, size // 2 or 1, size - 1 or 1, size}:
            path = [one.hex() for one in merkle.consistency_proof(node, old, size)]
            said = {"old": {"size": old, "root": root_of(old).hex()}, "new": seal, "proof": path}
            assert ask(page, "consistency", said)
            assert not ask(page, "consistency", said | {"proof": [*path, "0" * 64]})
            assert not ask(page, "consistency", json.loads(json.dumps(said)) | {"new": seal | {"root": "f" * 64}})
    page.context.close()
