"""What a day is drawn from, read from the city's files (arrivals, demand, bundles)."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

from satuatap.project.day.script import Bundle, Demand, HalfHour, Material


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def read_material(folder: Path, served: Iterable[str]) -> Material:
    """Arrivals per half hour, demand by service and bundles, cut to the services this mall serves."""
    here = set(served)
    arrivals = [HalfHour(_minute(row["from"]), float(row["share"])) for row in _rows(folder / "arrivals.csv")]
    demand = [
        Demand(row["service"], float(row["weight"])) for row in _rows(folder / "demand.csv") if row["service"] in here
    ]
    bundles = []
    for row in _rows(folder / "bundles.csv"):
        services = tuple(s.strip() for s in row["services"].split(";") if s.strip() in here)
        if len(services) >= 2:
            bundles.append(Bundle(services, float(row["weight"])))
    return Material(arrivals, demand, bundles)


def _minute(text: str) -> float:
    hours, minutes = text.replace(".", ":").split(":")[:2]
    return int(hours) * 60 + int(minutes)
