"""Fetch, cut, and put what browsers get into one folder; nothing to do when nothing changed."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from satuatap.plumbing.assets.fetch import fetch
from satuatap.plumbing.assets.font import cut
from satuatap.plumbing.assets.icons import names_in, sprite

FONT = "@fontsource-variable/plus-jakarta-sans/files/plus-jakarta-sans-latin-wght-normal.woff2"
ICONS = "bootstrap-icons/icons"
AXE = "axe-core/axe.min.js"


@dataclass(frozen=True)
class Plan:
    """Where from, where to, and which icons."""

    checkout: Path
    icons: Path
    target: Path
    with_tests: bool = False

    @property
    def vendor(self) -> Path:
        return self.target / "vendor"

    def fingerprint(self) -> str:
        """Changes when the lock, the list of icons or the way of cutting changes."""
        parts = [self.checkout / "package-lock.json", *sorted(Path(__file__).parent.glob("*.py"))]
        digest = hashlib.sha256("\n".join(names_in(self.icons)).encode())
        for part in parts:
            digest.update(part.read_bytes())
        return digest.hexdigest()

    def lock(self) -> str:
        return hashlib.sha256((self.checkout / "package-lock.json").read_bytes()).hexdigest() + f" {self.with_tests}"


def is_built(plan: Plan) -> bool:
    stamp = plan.target / "stamp"
    built = stamp.exists() and stamp.read_text() == plan.fingerprint()
    return built and (not plan.with_tests or (plan.checkout / "node_modules" / AXE).exists())


def build(plan: Plan, say: Callable[[str], None]) -> bool:
    """Bring the target up to date; returns whether anything had to be done."""
    if is_built(plan):
        return False
    modules = plan.checkout / "node_modules"
    fetched = modules / ".satuatap-lock"
    wanted = (plan.lock(), plan.lock().replace("False", "True"))
    if not fetched.exists() or fetched.read_text() not in wanted:
        say("mengambil huruf dan ikon (npm) ...")
        fetch(plan.checkout, with_tests=plan.with_tests)
        fetched.write_text(plan.lock())
    say("memotong huruf dan ikon sesuai kebutuhan ...")
    plan.vendor.mkdir(parents=True, exist_ok=True)
    (plan.vendor / "icons.svg").write_text(sprite(modules / ICONS, names_in(plan.icons)))
    cut(modules / FONT, plan.vendor / "font.woff2")
    licences = plan.vendor / "licences"
    licences.mkdir(exist_ok=True)
    shutil.copy(modules / "bootstrap-icons" / "LICENSE", licences / "bootstrap-icons.txt")
    shutil.copy(modules / "@fontsource-variable" / "plus-jakarta-sans" / "LICENSE", licences / "plus-jakarta-sans.txt")
    (plan.target / "stamp").write_text(plan.fingerprint())
    return True
