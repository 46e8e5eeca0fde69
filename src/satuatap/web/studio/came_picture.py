"""Where a published plan sent each unit and where it was reported, as the places of a drawing made on the server."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Any

from django.utils.translation import gettext_lazy

from satuatap.features.plans.published import Came, Line, Picture

WIDTH = 660
NAMES, DOT, BAR, PLACES = 262, 274, 478, 492
ROW, GAP, TOP, TEXT = 26, 12, 18, 18
LETTERS = {"group": 16, "place": 27}
NO_NEWS = gettext_lazy("Belum ada kabar")
WORDS: Mapping[Came, Any] = {
    Came.AS_PLANNED: gettext_lazy("sesuai rencana"),
    Came.ELSEWHERE: gettext_lazy("pindah tempat"),
    Came.NOT_PLANNED: gettext_lazy("di luar rencana"),
    Came.NO_NEWS: gettext_lazy("belum ada kabar"),
}


@dataclass(frozen=True, slots=True)
class Name:
    """A line at the left: who, and its way to the right. ``note``: how many units it stands for, where several."""

    who: str
    units: int
    came: Came
    y: float
    path: str


@dataclass(frozen=True, slots=True)
class Group:
    """A group of the plan: its letter, and where it was to go, in pieces that fit; the rule above it."""

    letter: str
    place: tuple[tuple[str, float], ...]
    y: float
    rule: float | None


@dataclass(frozen=True, slots=True)
class Place:
    """A place at the right with who was reported there; without news: how many lines have none."""

    title: tuple[tuple[str, float], ...]
    said: tuple[tuple[str, float], ...]
    top: float
    bottom: float
    no_news: bool


@dataclass(frozen=True, slots=True)
class Drawing:
    """The whole picture; ``height`` in the units of its view box."""

    names: tuple[Name, ...]
    groups: tuple[Group, ...]
    places: tuple[Place, ...]
    height: float
    counts: tuple[tuple[str, int, Any], ...]
    rows: tuple[tuple[Line, Any], ...]


def draw(picture: Picture) -> Drawing:
    """Left the plan group by group, right the places of the reports, each in the middle of those who go there."""
    heights, groups, bottom = _left(picture.lines)
    ends: dict[str, list[int]] = {}
    for number, line in enumerate(picture.lines):
        ends.setdefault(line.reported, []).append(number)
    order = sorted(ends, key=lambda place: sum(heights[n] for n in ends[place]) / len(ends[place]))
    if order[:1] == [""]:  # those without news stand under the first place that has some
        order.insert(1, order.pop(0))
    places, stops, low = _right(order, ends, picture.lines, bottom)
    names = tuple(
        Name(line.who, line.units, line.came, heights[n], _way(heights[n], stops[n]))
        for n, line in enumerate(picture.lines)
    )
    counts = tuple((came.value, picture.count(came), WORDS[came]) for came in Came)
    rows = tuple((line, WORDS[line.came]) for line in picture.lines)
    return Drawing(names, groups, places, max(bottom, low) + 6, counts, rows)


def _left(lines: Sequence[Line]) -> tuple[list[float], tuple[Group, ...], float]:
    heights: list[float] = []
    groups: list[Group] = []
    y, before = float(TOP), None
    for line in lines:
        if line.group != before:
            start = y + (GAP if groups else 0)
            where = dict.fromkeys(one.planned for one in lines if one.group == line.group)
            pieces = wrap("; ".join(where), LETTERS["group"])[:3] if line.group else []
            rule = start - ROW / 2 - GAP / 2 + 2 if groups else None
            groups.append(
                Group(
                    line.group or "+", tuple((text, start + 4 + 13 * n) for n, text in enumerate(pieces)), start, rule
                )
            )
            y, before = start, line.group
        heights.append(y)
        y += ROW
    return heights, tuple(groups), y


def _right(
    order: Sequence[str], ends: Mapping[str, list[int]], lines: Sequence[Line], height: float
) -> tuple[tuple[Place, ...], dict[int, float], float]:
    """Blocks one under the other in the height of the left side, spread evenly."""
    blocks = [_block(place, [lines[n] for n in ends[place]]) for place in order]
    needs = [max(TEXT * (len(title) + len(said)) + 8, 14 * len(ends[place]), 40)
             for place, (title, said) in zip(order, blocks, strict=True)]  # fmt: skip
    air = max(20.0, (height - TOP - sum(needs)) / max(1, len(order)))
    places, stops, top = [], {}, float(TOP) - 6
    for place, (title, said), need in zip(order, blocks, needs, strict=True):
        bottom = top + need
        for rank, number in enumerate(ends[place]):
            stops[number] = top + (rank + 0.5) * need / len(ends[place])
        start = top + 14
        places.append(Place(
            tuple((text, start + TEXT * n) for n, text in enumerate(title)),
            tuple((text, start + TEXT * (len(title) + n)) for n, text in enumerate(said)), top, bottom, not place,
        ))  # fmt: skip
        top = bottom + air
    return tuple(places), stops, top - air


def _block(place: str, lines: Sequence[Line]) -> tuple[list[str], list[str]]:
    if not place:
        return [str(NO_NEWS)], []
    names: list[str] = []
    for line in lines:
        names += wrap(line.who, LETTERS["place"])
    return wrap(place, LETTERS["place"] - 4), names


def _way(start: float, end: float) -> str:
    middle = (DOT + BAR) / 2
    return f"M{DOT + 5} {start:.1f}C{middle:.0f} {start:.1f} {middle:.0f} {end:.1f} {BAR} {end:.1f}"
