"""No name on the plan lies over a desk, over another name or outside the hall: the demo hall and halls by chance."""

from __future__ import annotations

import csv
import random
from collections import defaultdict
from itertools import combinations
from pathlib import Path

import pytest

from satuatap.web.floor import labels
from satuatap.web.floor.labels import Box, Place

CITY = Path(__file__).parents[3] / "data" / "palembang"


def demo_hall() -> tuple[list[str], list[Box], list[Box]]:
    """Names, where each booth's desks are, and every desk."""
    of_booth: dict[str, list[Box]] = defaultdict(list)
    with (CITY / "desks.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            x, y, w, h = (float(row[key]) for key in "xywh")
            of_booth[row["booth"]].append(Box(x, y * labels.FLAT, x + w, (y + h) * labels.FLAT))
    with (CITY / "booths.csv").open(newline="") as file:
        named = {row["code"]: row["name"] for row in csv.DictReader(file)}
    owns = [
        Box(
            min(b.left for b in some), min(b.top for b in some), max(b.right for b in some), max(b.bottom for b in some)
        )
        for some in of_booth.values()
    ]
    return [named[code] for code in of_booth], owns, [box for some in of_booth.values() for box in some]


def overlaps(places: list[Place], desks: list[Box]) -> list[str]:
    """What lies over what."""
    found = [f"{a.name} / {b.name}" for a, b in combinations(places, 2) if a.box.touches(b.box)]
    found += [f"{p.name} / desk" for p in places for desk in desks if p.box.touches(desk)]
    return found + [f"{p.name} outside" for p in places if not p.box.inside()]


def test_the_demo_hall_has_every_name_free_and_told_apart():
    names, owns, desks = demo_hall()
    places = [place for place in labels.put(names, owns, desks) if place]
    assert overlaps(places, desks) == []
    assert len({place.name for place in places}) == len(names)


def test_the_test_sees_an_overlap():
    names, owns, desks = demo_hall()
    places = [place for place in labels.put(names, owns, desks) if place]
    assert overlaps([*places, places[0]], desks)


@pytest.mark.parametrize("seed", range(20))
def test_a_hall_with_desks_along_its_walls(seed: int):
    chance = random.Random(seed)
    owns = []
    for wall in ("left", "right", "top", "bottom"):
        at = 90.0
        while at < (labels.HEIGHT - 160 if wall in ("left", "right") else 760):
            size = chance.choice((48.0, 96.0))
            if wall in ("left", "right"):
                x = 12.0 if wall == "left" else 928.0
                owns.append(Box(x, at, x + 60, at + size))
            else:
                y = 12.0 if wall == "top" else labels.HEIGHT - 60
                owns.append(Box(at + 90, y, at + 90 + size, y + 48))
            at += size + chance.choice((40.0, 60.0))
    names = [chance.choice(("Dinas Perumahan Rakyat", "PLN", "Badan Pendapatan Daerah", "Samsat Kota")) for _ in owns]
    placed = labels.put(names, owns, owns)
    kept = [place for place in placed if place]
    assert overlaps(kept, owns) == []
    assert len(kept) >= len(names) - 2
