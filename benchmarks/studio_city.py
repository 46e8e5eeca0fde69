"""A made-up city of so many units and buildings, as the three lists a planner has, and a server that opened it."""

from __future__ import annotations

import contextlib
import csv
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks import queue_city

ROOT = Path(__file__).resolve().parents[1]
DEMO = ROOT / "data" / "palembang"
EMPTY = ("meters", "bills", "support_staff", "trips", "visits", "announced", "published", "claims", "loads", "promises")
GROSS_M2 = 14.0  # for one of the staff: room and shared room by the norms, from net to gross; made up, like the rest
SLACK = (1.2, 2.0)


@dataclass
class Served:
    """Where it serves, and the passwords of its accounts."""

    url: str
    passwords: dict[str, str]


def _head(name: str) -> list[str]:
    with (DEMO / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return next(csv.reader(file))


def _rows(folder: Path, name: str, rows: list[dict[str, object]]) -> None:
    with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, _head(name))
        writer.writeheader()
        writer.writerows({**row, "synthetic": "yes", "note": "Rekaan untuk pengukuran."} for row in rows)


def three_lists(folder: Path, units: int, buildings: int, seed: int) -> None:
    """The demo city with another inventory: nothing but buildings, units and who sits where."""
    shutil.copytree(DEMO, folder)
    draw = random.Random(seed)
    with (DEMO / "districts.csv").open(encoding="utf-8", newline="") as file:
        spots = [(row["code"], float(row["centroid_lat"]), float(row["centroid_lon"])) for row in csv.DictReader(file)]
    people = [draw.randint(15, 110) for _ in range(units)]
    at = [n if n < buildings else draw.randrange(buildings) for n in range(units)]
    houses: list[dict[str, object]] = []
    for n in range(buildings):
        district, lat, lon = draw.choice(spots)
        staff = sum(p for p, b in zip(people, at, strict=True) if b == n) or draw.randint(30, 200)
        houses.append({
            "code": "mpp" if n == 0 else f"g{n}", "name": f"Gedung {n}", "district": district,
            "lat": round(lat + draw.uniform(-0.02, 0.02), 5), "lon": round(lon + draw.uniform(-0.02, 0.02), 5),
            "area_m2": round(staff * GROSS_M2 * draw.uniform(*SLACK)) + 150, "ownership": "city",
            "use": "used" if n in at else "idle", "cooling": "cooled",
        })  # fmt: skip
    _rows(folder, "buildings", houses)
    _rows(folder, "units", [
        {"code": f"u{n}", "name": f"Kantor {n}", "headcount": people[n], "public_facing": draw.choice(("yes", "no"))}
        for n in range(units)
    ])  # fmt: skip
    _rows(folder, "placements", [{"unit": f"u{n}", "building": houses[at[n]]["code"]} for n in range(units)])
    for name in EMPTY:
        _rows(folder, name, [])


@contextlib.contextmanager
def serving(units: int, buildings: int, seed: int = 1) -> Iterator[Served]:
    """``satuatap serve`` on a free port, in a new folder, with that city open; ended and removed at the end."""
    with tempfile.TemporaryDirectory(prefix="satuatap-studio-", ignore_cleanup_errors=True) as name:
        home, folder = Path(name) / "home", Path(name) / "city"
        three_lists(folder, units, buildings, seed)
        home.mkdir()
        port = queue_city.free_port()
        words = {"SATUATAP_HOME": str(home), "SATUATAP_CITY": str(folder), "HOST": "127.0.0.1", "PORT": str(port)}
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("DATABASE", "SATUATAP", "PUBLIC_URL"))}
        with (Path(name) / "log").open("wb") as log:
            command = [sys.executable, "-m", "satuatap.project.cli.main", "serve"]
            process = subprocess.Popen(command, env=kept | words, stdout=log, stderr=log, cwd=ROOT)
        try:
            queue_city.wait(port, process, Path(name) / "log")
            accounts = json.loads((home / "accounts.json").read_text())["accounts"]
            yield Served(f"http://127.0.0.1:{port}", {row["username"]: row["password"] for row in accounts})
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(30)
