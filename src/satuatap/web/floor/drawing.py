"""The hall as numbers for a drawing: desks by state, booths with who waits, people as dots. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import ceil
from typing import Any

from satuatap.features.malls.queries import HallPlan
from satuatap.features.visits.views import DeskNow, Hall, Person
from satuatap.web.floor import labels

LATE_MINUTES = 30
DOT, COLUMNS = 14, 10


@dataclass(frozen=True, slots=True)
class DeskShape:
    """A desk on the plan: rectangle, sign, state class, and where its small sign of state stands."""

    id: int
    x: float
    y: float
    w: float
    h: float
    sign: str
    state: str
    number: int | None
    text_x: float
    text_y: float
    mark_x: float
    mark_y: float


@dataclass(frozen=True, slots=True)
class BoothLabel:
    """A booth's name beside its desks, and how many wait for it."""

    name: str
    waiting: int
    late: bool
    x: float
    y: float
    anchor: str

    @property
    def sub_y(self) -> float:
        """The line under the name."""
        return self.y + 17


@dataclass(frozen=True, slots=True)
class Dot:
    """One person who waits; a triangle after half an hour."""

    x: float
    y: float
    late: bool


@dataclass(frozen=True, slots=True)
class ZoneCloud:
    """A zone's letter and its people."""

    code: str
    x: float
    y: float
    anchor: str
    dots: tuple[Dot, ...]
    waiting: int
    late: int
    label_y: float
    more: int

    @property
    def late_y(self) -> float:
        """The line under the count."""
        return self.label_y + 17


@dataclass(frozen=True, slots=True)
class Drawing:
    """Everything that the plan shows."""

    desks: tuple[DeskShape, ...]
    booths: tuple[BoothLabel, ...]
    zones: tuple[ZoneCloud, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """A range of minutes as a bar."""

    name: str
    name_en: str
    waiting: int
    low: int
    high: int
    x: float
    w: float
    late: bool
    synthetic: bool


def shape_state(desk: DeskNow) -> str:
    """The fixed shapes of the house; a call counts as serving, because the desk is taken."""
    return {"called": "serving", "break": "pause", "trouble": "fault"}.get(desk.state, desk.state)


def draw(hall: Hall, plan: HallPlan) -> Drawing:
    """The plan with everybody in it."""
    plan = replace(plan, desks=_flat(plan.desks), zones=_flat(plan.zones))
    now = {desk.id: desk for desk in hall.desks}
    shapes = []
    for place in plan.desks:
        desk = now.get(place.desk)
        state = shape_state(desk) if desk else "closed"
        wide = place.w > 1.25 * place.h
        shapes.append(
            DeskShape(
                place.desk, place.x, place.y, place.w, place.h, place.sign, state, desk.number if desk else None,
                place.x + place.w * (0.4 if wide else 0.5), place.y + (place.h / 2 + 6 if wide else place.h * 0.5),
                place.x + place.w * (0.76 if wide else 0.5), place.y + (place.h / 2 if wide else place.h * 0.8),
            )
        )  # fmt: skip
    return Drawing(tuple(shapes), _labels(hall, plan), _zones(hall, plan))


def _flat(places: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(replace(place, y=place.y * labels.FLAT, h=place.h * labels.FLAT) for place in places)


def _labels(hall: Hall, plan: HallPlan) -> tuple[BoothLabel, ...]:
    waiting: dict[int, list[Person]] = defaultdict(list)
    for person in hall.people:
        where = next((d.booth for d in hall.desks if person.step in d.skills), None)
        if where is not None and person.state == "waiting":
            waiting[where].append(person)
    booths = [(booth, [d for d in plan.desks if d.booth == booth.id]) for booth in plan.booths]
    booths = [(booth, desks) for booth, desks in booths if desks]
    owns = [labels.around(desks) for _booth, desks in booths]
    places = labels.put([booth.name for booth, _desks in booths], owns, [labels.box_of(d) for d in plan.desks])
    found = []
    for (booth, _desks), place in zip(booths, places, strict=True):
        if place is None:
            continue
        people = waiting[booth.id]
        late = any(p.minutes > LATE_MINUTES for p in people)
        found.append(BoothLabel(place.name, len(people), late, place.x, place.y, place.anchor))
    return tuple(found)


def _zones(hall: Hall, plan: HallPlan) -> tuple[ZoneCloud, ...]:
    where = {
        z.code: [p for p in hall.people if p.state == "waiting" and _zone_of(hall, p) == z.code] for z in plan.zones
    }
    found = []
    for zone in plan.zones:
        people = sorted(where[zone.code], key=lambda p: -p.minutes)
        columns = max(4, min(COLUMNS, int(zone.w // DOT)))
        rows = max(1, int((zone.h - 60) // DOT))
        shown = people[: columns * rows]
        dots = tuple(
            Dot(zone.x + (n % columns + 0.5) * DOT, zone.y + 44 + (n // columns + 0.5) * DOT, p.minutes > LATE_MINUTES)
            for n, p in enumerate(shown)
        )
        depth = ceil(len(shown) / columns)
        found.append(
            ZoneCloud(
                zone.code, zone.x, zone.y + 26, "start", dots, len(people),
                sum(p.minutes > LATE_MINUTES for p in people),
                zone.y + 44 + depth * DOT + 18, len(people) - len(shown),
            )
        )  # fmt: skip
    return tuple(found)


def _zone_of(hall: Hall, person: Person) -> str:
    step = hall.steps.get(person.step)
    return step.zone if step else ""


def span_of(minutes: float) -> int:
    """How many minutes the bars' scale holds: five steps of a quarter, a half, one or more hours."""
    return next((span for span in (75, 150, 300) if minutes <= 0.95 * span), 600)


def bars(hall: Hall, most: int = 8, wide: float = 640.0) -> tuple[int, tuple[Bar, ...]]:
    """The steps with the longest waits: how many minutes ``wide`` units are, and each step's range as a bar."""
    steps = sorted(hall.steps.values(), key=lambda s: (-s.waiting, -s.range.high, s.name))
    shown = [s for s in steps if s.waiting or s.serving][:most]
    span = span_of(max((s.range.high for s in shown), default=0))
    found = []
    for step in shown:
        left, right = (min(minutes / span, 1.0) * wide for minutes in (step.range.low, step.range.high))
        w = max(8.0, right - left)
        found.append(
            Bar(
                step.name, step.name_en, step.waiting, step.range.low, step.range.high, min(left, wide - w), w,
                step.range.high > LATE_MINUTES, not step.range.enough,
            )
        )  # fmt: skip
    return span, tuple(found)
