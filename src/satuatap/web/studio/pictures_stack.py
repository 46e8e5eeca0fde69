"""Buildings as stacks of floors: blocks by the m² of who comes, who stays, counters, and what is left.

The engine gives each unit a building, not a floor; the floors here are filled from the ground up, counters first where
citizens may be served, and the page says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from satuatap.features.estate.questions.queries import City
from satuatap.web.components import formats
from satuatap.web.studio.questions_words import m2
from satuatap.web.studio.study_words import language

LEFT, RIGHT, TOP, HIGH, GAP = 56.0, 12.0, 41.0, 64.0, 2.0  # px
LETTER = 7.7  # px of one sign of a block's name
LEAST = 1.0  # m² that are a block
FEW, SOME = 3, 8  # units in a building whose floors are not listed: then it is drawn in two rows, in three
READ = 58.0  # px of a block that can be read; narrower ones of a kind become one
FULL = 0.97  # of the m²: then the building is said to be nearly full


@dataclass(frozen=True, slots=True)
class Block:
    """One block of a floor: ``kind`` is come, stay, counter or empty."""

    name: str
    amount: str
    kind: str
    x: float
    y: float
    width: float
    lines: tuple[str, ...]  # of its name as they fit; none where nothing fits

    @property
    def text(self) -> float:
        return self.x + 8


@dataclass(frozen=True, slots=True)
class FloorRow:
    """A floor's name and where it stands."""

    name: str
    y: float


@dataclass(frozen=True, slots=True)
class Stack:
    """One building on a sheet of ``width`` x ``height`` px."""

    code: str
    name: str
    width: float
    height: float
    blocks: tuple[Block, ...]
    floors: tuple[FloorRow, ...]
    coming: int
    coming_m2: str
    share: int
    left: str
    is_full: bool
    has_floors: bool

    @property
    def right(self) -> float:
        return self.width - RIGHT

    @property
    def ground(self) -> float:
        return self.height - 5


def _likely(number: Any) -> float:
    return float(number["likely"]) if isinstance(number, Mapping) else float(number)


def loads(city: City, plan: Mapping[str, str]) -> dict[str, tuple[float, float, int]]:
    """Of each building: m² of who comes, m² in use, how many come."""
    found = dict.fromkeys(city.buildings, (0.0, 0.0, 0))
    for code, unit in city.units.items():
        need, place = sum(map(_likely, unit["area_m2"].values())), plan[code]
        coming, used, count = found[place]
        moves = unit["present"] != place
        found[place] = (coming + need * moves, used + need, count + moves)
    return found


def room_of(building: Mapping[str, Any]) -> float:
    """m² of a building, all kinds of space together."""
    floors = sum(_likely(n) for floor in building.get("floors", ()) for n in floor["area_m2"].values())
    return floors + sum(map(_likely, building.get("area_m2", {}).values()))


def stack_of(city: City, plan: Mapping[str, str], code: str, width: float) -> Stack:
    """One building under a plan."""
    building = city.buildings[code]
    inside = [unit for key, unit in city.units.items() if plan[key] == code]
    floors = _floors(building, len(inside))
    scale = (width - LEFT - RIGHT) / max(max(f.room for f in floors), 1.0)
    for name, amount, kind in _wanted(inside, code, READ / scale):
        _put(floors, name, amount, kind)
    room, used = sum(f.room for f in floors), sum(amount for f in floors for _n, amount, _k in f.parts)
    count = len(floors)
    blocks: list[Block] = []
    rows = []
    for n, floor in enumerate(floors):
        y = TOP + (count - 1 - n) * (HIGH + GAP)
        rows.append(FloorRow(_label(floor.name), y + HIGH / 2 + 5))
        blocks += _blocks(floor, y, scale)
    coming, _used, arriving = loads(city, plan)[code]
    left = room - used
    return Stack(
        code, city.name(code), width, TOP + count * (HIGH + GAP) + 5, tuple(blocks), tuple(rows), arriving, m2(coming),
        round(100 * used / room) if room else 0, m2(max(0.0, left)), used >= FULL * room, any(f.name for f in floors),
    )  # fmt: skip


def _floors(building: Mapping[str, Any], units: int) -> list[_Floor]:
    """The floors that are listed; else rows of one size, so that many units can be read."""
    found = [
        _Floor(str(f.get("name", "")), sum(map(_likely, f["area_m2"].values())), bool(f["public_counter"]))
        for f in building.get("floors", ())
    ]
    if len(found) > 1 or (found and found[0].name):
        return found
    rows = 1 + (units > FEW) + (units > SOME)
    return [_Floor("", room_of(building) / rows, True) for _n in range(rows)]


class _Floor:
    """A floor that is being filled."""

    def __init__(self, name: str, room: float, public: bool) -> None:
        self.name, self.room, self.public = name, room, public
        self.parts: list[tuple[str, float, str]] = []

    @property
    def left(self) -> float:
        return self.room - sum(amount for _name, amount, _kind in self.parts)


def _wanted(inside: list[dict[str, Any]], code: str, least: float) -> list[tuple[str, float, str]]:
    """Counters first and as one block, then who stays, then who comes; what is smaller than ``least`` m² together."""
    found = _each(inside, code)
    kept = [one for one in found if one[2] != "counter" and one[1] >= least]
    for kind in ("counter", "stay", "come"):
        small = [one for one in found if one[2] == kind and one not in kept]
        if not small:
            continue
        name = small[0][0] if len(small) == 1 else ngettext("%(n)s unit", "%(n)s unit", len(small)) % {"n": len(small)}
        if kind == "counter" and len(small) > 1:
            name = _("Loket warga, %(n)d unit") % {"n": len(small)}
        kept.append((name, sum(one[1] for one in small), kind))
    order = {"counter": 0, "stay": 1, "come": 2}
    return sorted(kept, key=lambda one: (order[one[2]], -one[1]))


def _each(inside: list[dict[str, Any]], code: str) -> list[tuple[str, float, str]]:
    """Every unit's parts in a building."""
    found = []
    for unit in inside:
        name, kind = str(unit.get("name") or unit["id"]), "stay" if unit["present"] == code else "come"
        for space, amount in unit["area_m2"].items():
            if _likely(amount) >= LEAST:
                counter = space == "counter"
                title = _("Loket %(name)s") % {"name": name} if counter else name
                found.append((title, _likely(amount), "counter" if counter else kind))
    return found


def _put(floors: list[_Floor], name: str, amount: float, kind: str) -> None:
    """On the lowest floors with room; counters only where citizens are served, if there is room for them."""
    first = [f for f in floors if f.public] if kind == "counter" else floors
    for floor in [*first, *(f for f in floors if f not in first)]:
        part = min(amount, floor.left)
        if part >= LEAST or (part > 0 and part == amount):
            floor.parts.append((name, part, kind))
            amount -= part
        if amount < LEAST:
            return
    floors[-1].parts.append((name, amount, kind))  # more than there is room for: seen, and told as over 100%


def _label(name: str) -> str:
    if not name:
        return ""
    return _("Lt %(name)s") % {"name": name} if len(name) < 4 else name


def _blocks(floor: _Floor, y: float, scale: float) -> list[Block]:
    x, found = LEFT, []
    parts = [*floor.parts, *([(_("Kosong"), floor.left, "empty")] if floor.left >= LEAST else [])]
    for name, amount, kind in parts:
        width = amount * scale
        found.append(Block(name, m2(amount), kind, round(x, 1), y, round(max(width - 2, 1.0), 1), _fit(name, width)))
        x += width
    return found


def _fit(name: str, width: float) -> tuple[str, ...]:
    """The name in one or two lines, cut where it must be; nothing where the block is too narrow to be read."""
    signs = int((width - 14) / LETTER)
    if signs < 6:
        return ()
    if len(name) <= signs:
        return (name,)
    cut = name.rfind(" ", 0, signs + 1)
    if cut < 1:
        return (name[: signs - 1] + "…",)
    rest = name[cut + 1 :]
    return (name[:cut], rest if len(rest) <= signs else rest[: signs - 1] + "…")


def legend() -> list[tuple[str, str]]:
    """What the blocks' looks mean."""
    return [("come", _("unit masuk")), ("stay", _("tetap")), ("counter", _("loket warga")), ("empty", _("kosong"))]


def percent(number: int) -> str:
    """82%."""
    return f"{formats.whole(number, language())}%"
