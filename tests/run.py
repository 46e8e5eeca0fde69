"""The checks of this project in layers, each timed: `make test` (all), `make check` (the static ones), `make soak`.

Usage: python tests/run.py all|check|unit|database|web|operate|race|fault|journey|database15|soak [pytest words]
A layer is a word on the command line, a marker of pytest (see pyproject.toml) or the tests of one room. What a machine
lacks is skipped, and said loudly at the end with the way to get it. Layers that have a database of their own run two at
once, each line with its layer's name before it; what kills processes or watches a browser has the machine for itself.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
POSTGRES_15 = Path("/usr/lib/postgresql/15/bin")
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
OFFICES = ("soffice", "libreoffice")
COUNTS = re.compile(r"(\d+) (passed|failed|skipped|errors?|deselected|xfailed)")
NO_TEST_RAN = 5  # pytest's exit code
LANES = 2  # layers at once: the cores that the budget of minutes is for
MOST_TOLD = 30  # lines of a failure that are said again at the end
_saying = threading.Lock()


@dataclass
class Layer:
    """One layer: the commands that it runs, in order; all must end with 0."""

    name: str
    commands: list[list[str]]
    environment: dict[str, str] = field(default_factory=dict)
    missing: str = ""  # what this machine lacks for it, and how to get it
    alone: bool = False  # never beside another layer
    lacking: str = ""  # what this machine lacks for a few of its tests, which are skipped one by one


@dataclass
class Result:
    name: str
    seconds: float
    code: int
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    note: str = ""
    lacking: str = ""
    broken: list[str] = field(default_factory=list)  # of each command that failed: its words and the end of its report


def tool(name: str, *words: str) -> list[str]:
    return [str(BIN / name), *words]


def pytest(marks: str, *words: str, covered: bool = False) -> list[str]:
    """pytest on the tests with these marks; ``covered``: noting which lines of the house they run."""
    watched = ["-m", "coverage", "run", "--parallel-mode"] if covered else []
    return [sys.executable, *watched, "-m", "pytest", "-m", marks, "--durations=5", "--durations-min=2", *words]


def checks() -> Layer:
    """Everything that can be said without running the house."""
    return Layer(
        "check",
        [
            tool("ruff", "check", "--quiet", "src", "tests", *existing("benchmarks")),
            tool("mypy"),
            tool("lint-imports", "--cache-dir", ".cache/imports"),
            tool("satuatap", "django", "check"),
            tool("satuatap", "django", "makemigrations", "--check", "--dry-run"),
            [sys.executable, "-m", "pytest", "tests/architecture"],
        ],
    )


def existing(*names: str) -> list[str]:
    return [name for name in names if (ROOT / name).is_dir()]


def layers(which: str, words: list[str]) -> list[Layer]:
    """The layers asked for, in the order in which they tell most soonest."""
    elsewhere, web, operate = "--ignore=tests/architecture", "tests/web", "tests/project/operate"
    browser = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    no_browser = "" if browser else "Chromium tidak ada: apt-get install chromium (lalu ulangi make test)"
    no_15 = (
        "" if POSTGRES_15.is_dir() else "PostgreSQL 15 tidak ada: apt-get install postgresql-15 (lalu ulangi make test)"
    )
    no_office = (
        ""
        if any(map(shutil.which, OFFICES))
        else "LibreOffice tidak ada: apt-get install libreoffice-calc-nogui (kertas kerja tidak dihitung ulang)"
    )
    apart = "not race and not fault and not journey and not soak"
    known = {
        "check": checks(),
        "unit": Layer(
            "unit", [pytest(f"not database and {apart}", elsewhere, *words, covered=True)], lacking=no_office
        ),
        "database": Layer("database", [pytest(f"database and {apart}", f"--ignore={web}", *words, covered=True)]),
        "web": Layer("web", [pytest(f"database and {apart}", web, *words)]),  # watching lines would cost it minutes
        # backups, restores and upgrades kill only what they started, and wait more than they compute
        "operate": Layer("operate", [pytest("fault and not soak", operate, *words)]),
        "race": Layer("race", [pytest("race and not soak", *words)]),
        "fault": Layer("fault", [pytest("fault and not soak", f"--ignore={operate}", *words)], alone=True),
        "journey": Layer(
            "journey", [pytest("journey and not soak", *words)], {"CHROMIUM": browser or ""}, no_browser, alone=True
        ),
        "database15": Layer(
            "database15",
            [pytest("(database15 or race) and not fault and not journey and not soak", *words)],
            {"SATUATAP_POSTGRES_BINARIES": str(POSTGRES_15)},
            no_15,
        ),
        "soak": Layer("soak", [pytest("soak", *words)], alone=True),
    }
    if which == "all":
        names = ("check", "web", "database", "operate", "unit", "database15", "race", "fault", "journey")
        return [known[name] for name in names]
    return [known[which]]


def run_all(chosen: list[Layer]) -> list[Result]:
    """Every layer to its end: two at once, then those that run alone; results in the order asked for."""
    lanes = 1 if len(chosen) == 1 or os.environ.get("DATABASE_URL") else LANES
    with ThreadPoolExecutor(lanes) as pool:
        done = {layer.name: pool.submit(run, layer, lanes > 1) for layer in chosen if not layer.alone}
        results = {name: future.result() for name, future in done.items()}
    results |= {layer.name: run(layer, False) for layer in chosen if layer.alone}
    return [results[layer.name] for layer in chosen]


def run(layer: Layer, beside: bool) -> Result:
    """Run one layer to its end, showing what it says; every command of it runs, so that one report tells all."""
    before = f"{layer.name:>10} | " if beside else ""
    say(f"\n=== {layer.name} " + "=" * (70 - len(layer.name)) + "\n")
    result = Result(layer.name, 0.0, 0, note=layer.missing, lacking=layer.lacking)
    if layer.missing:
        say(f"dilewati / skipped: {layer.missing}\n")
        return result
    began = time.monotonic()
    for command in layer.commands:
        code, lines = follow(command, layer.environment, before)
        said = "".join(lines[-2:])
        counts = {word.rstrip("s") if word.startswith("error") else word: int(n) for n, word in COUNTS.findall(said)}
        result.passed += counts.get("passed", 0)
        result.failed += counts.get("failed", 0) + counts.get("error", 0)
        result.skipped += counts.get("skipped", 0)
        if code == NO_TEST_RAN and "pytest" in command:
            code = 0
        if "pytest" not in command:
            result.passed, result.failed = result.passed + (code == 0), result.failed + (code != 0)
            say(f"{before}{'ok  ' if code == 0 else 'FAIL'} {Path(command[0]).name} {' '.join(command[1:4])}\n")
        elif code and not counts.get("failed") and not counts.get("error"):
            result.failed += 1
        if code:
            result.broken.append(f"{layer.name}: {' '.join(command[:6])}\n" + "".join(told(lines)))
        result.code = result.code or code
    result.seconds = time.monotonic() - began
    return result


def say(text: str) -> None:
    """One line, whole, whatever another lane says."""
    with _saying:
        print(text, end="", flush=True)


def told(lines: list[str]) -> list[str]:
    """What a reader of the end needs: pytest's own list of what failed with why, else the last words."""
    named = [line for line in lines if line.startswith(("FAILED ", "ERROR ", "E   "))]
    return named[-MOST_TOLD:] or lines[-MOST_TOLD:]


def follow(command: list[str], environment: dict[str, str], before: str) -> tuple[int, list[str]]:
    """Run a command, show its output as it comes, and return its lines."""
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    lines: list[str] = []
    for line in process.stdout:
        say(before + line)
        lines.append(line)
    return process.wait(), lines


def coverage() -> str:
    """Lines of the house that the unit and database layers ran in this process; printed, never a gate."""
    words = [sys.executable, "-m", "coverage"]
    subprocess.run([*words, "combine", "--quiet"], cwd=ROOT, check=False, capture_output=True)
    said = subprocess.run([*words, "report", "--format=total"], cwd=ROOT, check=False, capture_output=True, text=True)
    return said.stdout.strip() if said.returncode == 0 else ""


def report(results: list[Result], wall_s: float) -> int:
    """Minutes per layer, what was skipped and how to get it, and one closing line."""
    print("\n" + "=" * 76)
    for one in results:
        state = "dilewati" if one.note else "gagal" if one.code else "baik"
        counts = f"{one.passed:5d} passed {one.failed:3d} failed {one.skipped:3d} skipped"
        print(f"  {one.name:<12} {one.seconds / 60:6.1f} min  {state:<9} {counts}")
    spent = sum(one.seconds for one in results) / 60
    print(f"  {'jumlah':<12} {spent:6.1f} min, selesai dalam / done in {wall_s / 60:.1f} min")
    if {"unit", "database"} & {one.name for one in results} and (percent := coverage()):
        print(f"  baris yang dijalankan uji unit dan database / lines run by unit and database tests: {percent} %")
    for one in results:
        for why in filter(None, (one.note, one.lacking)):
            print(f"\n!!! DILEWATI / SKIPPED: {one.name}: {why}")
    for text in (text for one in results for text in one.broken):
        print(f"\n!!! GAGAL / FAILED: {text}", end="")
    passed, failed = sum(one.passed for one in results), sum(one.failed for one in results)
    skipped = sum(one.skipped for one in results)
    bad = any(one.code for one in results)
    print(f"\n{passed} passed, {max(failed, int(bad))} failed, {skipped} skipped", flush=True)
    return 1 if bad else 0


def main() -> int:
    names = ["all", "check", "unit", "database", "web", "operate", "race", "fault", "journey", "database15", "soak"]
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("layer", choices=names)
    arguments, words = parser.parse_known_args()
    subprocess.run([sys.executable, "-m", "coverage", "erase"], cwd=ROOT, check=False)
    began = time.monotonic()
    results = run_all(layers(arguments.layer, words))
    return report(results, time.monotonic() - began)


if __name__ == "__main__":
    sys.exit(main())
