"""The hall as a small drawing for a phone: shapes only, from the mall's own plan."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from satuatap.features.malls.queries import HallPlan

DOOR_X, TURN_Y = 500.0, 520.0
AWAY = 16.0  # from a desk's edge


@dataclass(frozen=True, slots=True)
class Box:
    """A desk on the small plan; ``on`` marks those meant."""

    x: float
    y: float
    w: float
    h: float
    sign: str
    on: bool


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
    """Desks, zones and the way from the door, in the plan's own units (1000 x 560)."""

    boxes: tuple[Box, ...]
    zones: tuple[ZoneMark, ...]
    way: str
    zone: str
    synthetic: bool


def small_plan(plan: HallPlan, zone: str, signs: Iterable[str] = ()) -> SmallPlan | None:
    """The plan with one zone and its desks marked; nothing where the mall has no drawing."""
    drawn = [d for d in plan.desks if d.w > 0 and d.h > 0]
    if not drawn:
        return None
    wanted = set(signs)
    boxes = tuple(
        Box(d.x, d.y, d.w, d.h, d.sign, (d.sign in wanted) if wanted else bool(zone) and d.zone == zone) for d in drawn
    )
    marks = tuple(
        ZoneMark(z.code, z.x + 8, z.y + 34, z.code == zone, _seats(z.x, z.y + 60, z.w, z.h - 60)) for z in plan.zones
    )
    target = next((z for z in plan.zones if z.code == zone), None)
    way = _way(target.x + target.w / 2, target.y + target.h, boxes) if target else ""
    return SmallPlan(boxes, marks, way, zone, plan.synthetic)


def _way(x: float, y: float, boxes: Iterable[Box]) -> str:
    """From the door to a zone's lower edge, past the desks that stand along the door's wall."""
    left, right = min(x, DOOR_X), max(x, DOOR_X)
    between = [box.y for box in boxes if box.y > TURN_Y - box.h and left < box.x + box.w and box.x < right]
    turn = min([TURN_Y, *(top - AWAY for top in between)])
    return f"M{DOOR_X:.0f} 548V{turn:.0f}H{x:.0f}V{min(y + 8, turn):.0f}"


def _seats(x: float, y: float, w: float, h: float) -> tuple[tuple[float, float], ...]:
    columns, rows = int(w // 34), min(int(h // 40), 4)
    return tuple((x + 34 * c, y + 40 * r) for r in range(rows) for c in range(columns))
