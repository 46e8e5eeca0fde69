"""The hall as a small drawing for a phone: shapes only, from the mall's own plan."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from satuatap.features.malls.queries import HallPlan, ZonePlan

DOOR_X, TURN_Y = 500.0, 520.0
AWAY = 16.0  # from a desk's edge
HEAD = 15.0  # of the way's arrow
SEAT, SEAT_ROWS, SEAT_STEP, SEATS_FROM = 20.0, 4, 40.0, 60.0
LEFT_WALL, RIGHT_WALL, TOP_WALL = 100.0, 900.0, 100.0
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Box:
    """A desk on the small plan; ``on`` marks those meant."""

    x: float
    y: float
    w: float
    h: float
    sign: str
    on: bool

    @property
    def mid_x(self) -> float:
        return self.x + self.w / 2

    @property
    def mid_y(self) -> float:
        return self.y + self.h / 2


@dataclass(frozen=True, slots=True)
class ZoneMark:
    """A zone's letter and seats on the small plan."""

    code: str
    x: float
    y: float
    on: bool
    seats: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class SmallPlan:
    """Desks, zones and the way from the door, in the plan's own units (1000 x 560).

    The way ends at the seats of the zone, or at the desk that has called.
    """

    boxes: tuple[Box, ...]
    zones: tuple[ZoneMark, ...]
    way: str
    head: str  # the arrow at the way's end
    zone: str
    at: str  # the sign of the desk to go to
    synthetic: bool


def small_plan(plan: HallPlan, zone: str, signs: Iterable[str] = (), at: str = "") -> SmallPlan | None:
    """The plan with one zone and its desks marked, ``at`` the desk to go to; nothing where the mall has no drawing."""
    drawn = [d for d in plan.desks if d.w > 0 and d.h > 0]
    if not drawn:
        return None
    wanted = {at} if at else set(signs)
    boxes = tuple(
        Box(d.x, d.y, d.w, d.h, d.sign, (d.sign in wanted) if wanted else bool(zone) and d.zone == zone) for d in drawn
    )
    marks = tuple(
        ZoneMark(z.code, z.x + 8, z.y + 34, z.code == zone, _seats(z.x, z.y + SEATS_FROM, z.w, z.h - SEATS_FROM))
        for z in plan.zones
    )
    target = next((z for z in plan.zones if z.code == zone), None)
    called = next((box for box in boxes if at and box.sign == at), None)
    if called:
        points = _to_desk(called, boxes, plan.zones)
    else:
        points = _to_seats(target, boxes) if target else ()
    return SmallPlan(boxes, marks, _line(points), _head(points), zone, called.sign if called else "", plan.synthetic)


def _to_seats(zone: ZonePlan, boxes: Iterable[Box]) -> tuple[Point, ...]:
    """From the door, past the desks that stand along the door's wall, up to a zone's last row of seats."""
    x = zone.x + zone.w / 2
    rows = min(int((zone.h - SEATS_FROM) // SEAT_STEP), SEAT_ROWS)
    end = zone.y + SEATS_FROM + max(rows - 1, 0) * SEAT_STEP + SEAT + AWAY
    turn = _turn(x, boxes)
    return (DOOR_X, 548), (DOOR_X, turn), (x, turn), (x, min(end, turn))


def _to_desk(desk: Box, boxes: Iterable[Box], zones: Sequence[ZonePlan]) -> tuple[Point, ...]:
    """From the door to the front of one desk, along the walls and between the zones' seats."""
    x, y = desk.mid_x, desk.mid_y
    if x < LEFT_WALL or x > RIGHT_WALL:
        inner = AWAY + HEAD
        front = desk.x + desk.w + inner if x < LEFT_WALL else desk.x - inner
        end = desk.x + desk.w + AWAY if x < LEFT_WALL else desk.x - AWAY
        turn = _turn(front, boxes)
        return (DOOR_X, 548), (DOOR_X, turn), (front, turn), (front, min(y, turn)), (end, min(y, turn))
    if desk.y < TOP_WALL:
        aisle = min(_aisles(zones), key=lambda one: abs(one - x), default=x)
        front = desk.y + desk.h + AWAY + HEAD
        turn = _turn(aisle, boxes)
        return (DOOR_X, 548), (DOOR_X, turn), (aisle, turn), (aisle, front), (x, front), (x, desk.y + desk.h + AWAY)
    turn = min(_turn(x, boxes), desk.y - AWAY - HEAD)
    return (DOOR_X, 548), (DOOR_X, turn), (x, turn), (x, desk.y - AWAY)


def _aisles(zones: Sequence[ZonePlan]) -> list[float]:
    """Where nobody sits: left of the first zone, between two, right of the last."""
    rows = sorted((z.x, z.x + z.w) for z in zones)
    if not rows:
        return []
    between = [(end + start) / 2 for (_x, end), (start, _end) in pairwise(rows)]
    return [rows[0][0] - AWAY, *between, rows[-1][1] + AWAY]


def _turn(x: float, boxes: Iterable[Box]) -> float:
    """How far to walk in before turning towards ``x``: over the desks along the door's wall on that side."""
    left, right = min(x, DOOR_X), max(x, DOOR_X)
    between = [box.y for box in boxes if box.y > TURN_Y - box.h and left < box.x + box.w and box.x < right]
    return min([TURN_Y, *(top - AWAY for top in between)])


def _line(points: Sequence[Point]) -> str:
    return "M" + "L".join(f"{x:.0f} {y:.0f}" for x, y in points) if points else ""


def _head(points: Sequence[Point]) -> str:
    """An arrow's head along the last stretch that has a length."""
    if not points:
        return ""
    x, y = points[-1]
    before = next(((a, b) for a, b in reversed(points) if abs(a - x) + abs(b - y) >= 1), (x, y + 1))
    if abs(before[0] - x) > abs(before[1] - y):
        back = HEAD if before[0] > x else -HEAD
        return f"M{x + back:.0f} {y - HEAD:.0f}L{x:.0f} {y:.0f}L{x + back:.0f} {y + HEAD:.0f}"
    back = HEAD if before[1] > y else -HEAD
    return f"M{x - HEAD:.0f} {y + back:.0f}L{x:.0f} {y:.0f}L{x + HEAD:.0f} {y + back:.0f}"


def _seats(x: float, y: float, w: float, h: float) -> tuple[Point, ...]:
    columns, rows = int(w // 34), min(int(h // SEAT_STEP), SEAT_ROWS)
    return tuple((x + 34 * c, y + SEAT_STEP * r) for r in range(rows) for c in range(columns))
