"""A city's buildings before, during and after a plan, as a picture drawn here: no tiles from anywhere, no script."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from math import hypot, pi, sqrt
from textwrap import wrap
from typing import Any

from django.utils.translation import gettext as _

from satuatap.features.estate.pricing import Case, Price
from satuatap.web.components import formats
from satuatap.web.studio.map_ground import HEIGHT, WIDTH, District, districts_on, sheet_for
from satuatap.web.studio.map_labels import Board, Line, Words, around, placed

LARGEST, SMALLEST = 25.0, 4.5  # px, radius
SHARE = 0.07  # of the sheet that all circles may cover together
FEW = 24  # buildings, up to which also those that merely stay have their names
MOST_LABELS = 70
LONG_NAME = 19  # letters in one line
NAME_PX, ROOM_PX = 13.0, 12.8  # px of letters: on a screen of 1366 px the sheet is drawn at 0.94
ROUNDS = 14  # of moving circles apart
FARTHEST = 22.0  # px that a circle may be moved from its place
LEGEND, SIZES = (10.0, 380.0, 196.0, 456.0), (506.0, 366.0, 674.0, 456.0)  # boxes that the legends take
BUTTONS = (396.0, 8.0, 676.0, 56.0)


class View(StrEnum):
    """Which moment the map shows; the address has these words."""

    BEFORE = "sebelum"
    MOVES = "pindah"
    AFTER = "sesudah"


class State(StrEnum):
    """What becomes of a building; the style sheet has a colour and a shape for each."""

    RECEIVES = "receives"
    STAYS = "stays"
    EMPTIED = "emptied"
    EMPTY = "empty"  # nobody sits there now or then


@dataclass(frozen=True, slots=True)
class Circle:
    """One building. ``inside``: what stands in it, where it is large enough."""

    code: str
    name: str
    state: State
    x: float
    y: float
    r: float
    m2: float
    filled: float  # share of its m2 that is taken
    units: tuple[str, ...]  # who sits there in this view
    comes: int
    inside: str
    said: str  # the same in words, for the pointer and for a screen reader


@dataclass(frozen=True, slots=True)
class Arc:
    """Units from one building to another."""

    path: str
    width: float
    said: str
    units: tuple[str, ...]
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Map:
    """Everything that is drawn."""

    view: View
    districts: list[District]
    circles: list[Circle]
    arcs: list[Arc]
    labels: list[tuple[Circle, tuple[Line, ...]]]
    places: list[tuple[Line, ...]]
    emptied: int
    sizes: list[tuple[float, float, str]]  # radius, y, words
    is_rough: bool  # some buildings stand at a place that was made up


def drawn(
    case: Case, price: Price, view: View, *, districts: Iterable[Any] = (), rough: bool = False,
    chosen: Collection[str] = (),
    language: str = "id",
) -> Map:  # fmt: skip
    """The map of a priced plan."""
    places = [(b.place.latitude, b.place.longitude) for b in case.problem.buildings]
    sheet = sheet_for(places)
    ground = districts_on(sheet, districts)
    circles = _apart(_circles(case, price, view, [sheet.at(*place) for place in places], language))
    arcs = _arcs(case, price, {c.code: c for c in circles}, chosen) if view is View.MOVES else []
    labels, names = _labels(circles, ground, view, language)
    biggest = max((circle.m2 for circle in circles), default=1.0)
    return Map(
        view, ground, sorted(circles, key=lambda c: -c.r), arcs, labels, names,
        sum(circle.state is State.EMPTIED for circle in circles), _sizes(circles, biggest, language), rough,
    )  # fmt: skip


# ------------------------------------------------------------------ circles
def _scale(m2: Sequence[float]) -> float:
    """px of radius for the root of a m2: the largest is ``LARGEST``, and all together cover no more than ``SHARE``."""
    most = max(m2, default=0.0)
    if most <= 0:
        return 0.0
    room = sqrt(SHARE * WIDTH * HEIGHT / pi / sum(m2))
    return min(LARGEST / sqrt(most), room)


def _circles(
    case: Case, price: Price, view: View, at: Sequence[tuple[float, float]], language: str
) -> list[Circle]:  # fmt: skip
    plan = case.present if view is View.BEFORE else price.plan
    m2 = [sum(b.area_m2.values()) for b in case.problem.buildings]
    scale = _scale(m2)
    now, then = Counter(case.present.values()), Counter(price.plan.values())
    comes = Counter(price.plan[code] for code in price.moved)
    taken: Counter[str] = Counter()
    inside: dict[str, list[str]] = {}
    for unit in case.problem.units:
        inside.setdefault(plan[unit.id], []).append(unit.id)
        taken[plan[unit.id]] += sum(unit.area_m2.values())  # type: ignore[assignment]
    found = []
    for building, area, (x, y) in zip(case.problem.buildings, m2, at, strict=True):
        code = building.id
        state = _state(now[code], then[code], comes[code], view)
        r = max(SMALLEST, scale * sqrt(area))
        share = taken[code] / area if area else 0.0
        one = Circle(code, building.name, state, x, y, r, area, share, tuple(inside.get(code, ())), comes[code], "", "")
        found.append(replace(one, inside=_inside(one, view), said=_said(one, view, language)))
    return found


def _state(now: int, then: int, comes: int, view: View) -> State:
    if view is View.BEFORE:
        return State.STAYS if now else State.EMPTY
    if not then:
        return State.EMPTIED if now else State.EMPTY
    return State.RECEIVES if comes else State.STAYS


def _inside(one: Circle, view: View) -> str:
    count = one.comes if view is View.MOVES else len(one.units)
    words = f"+{count}" if view is View.MOVES else str(count)
    return words if count and one.r >= 2 + 3.9 * len(words) else ""


def _said(one: Circle, view: View, language: str) -> str:
    room = _("%(m2)s m², terisi %(share)s") % {
        "m2": formats.whole(one.m2, language), "share": formats.percent(one.filled, language),
    }  # fmt: skip
    if one.state is State.EMPTIED:
        return _("%(name)s: dikosongkan, %(m2)s m².") % {"name": one.name, "m2": formats.whole(one.m2, language)}
    if one.state is State.EMPTY:
        return _("%(name)s: kosong, %(m2)s m².") % {"name": one.name, "m2": formats.whole(one.m2, language)}
    if one.state is State.RECEIVES and view is View.MOVES:
        return _("%(name)s: menerima %(n)s unit; %(room)s.") % {"name": one.name, "n": one.comes, "room": room}
    return _("%(name)s: %(n)s unit; %(room)s.") % {"name": one.name, "n": len(one.units), "room": room}


def _apart(circles: list[Circle]) -> list[Circle]:
    """The same circles, moved apart a little where they would hide one another."""
    at = [[c.x, c.y] for c in circles]
    widest = max((c.r for c in circles), default=0.0)
    for _round in range(ROUNDS):
        order = sorted(range(len(circles)), key=lambda n: at[n][0])
        still = True
        for place, i in enumerate(order):
            for j in order[place + 1 :]:
                dx, dy = at[j][0] - at[i][0], at[j][1] - at[i][1]
                if dx > 2 * widest + 3:
                    break
                near = circles[i].r + circles[j].r + 3 - hypot(dx, dy)
                if near > 0.05:
                    still = False
                    _push(at[i], at[j], near / 2, dx, dy, i)
        if still:
            break
    return [_held(circle, x, y) for circle, (x, y) in zip(circles, at, strict=True)]


def _push(a: list[float], b: list[float], by: float, dx: float, dy: float, number: int) -> None:
    length = hypot(dx, dy)
    ux, uy = (dx / length, dy / length) if length > 0.01 else ((1.0, 0.3), (0.3, -1.0), (-1.0, 0.4))[number % 3]
    a[0], a[1], b[0], b[1] = a[0] - ux * by, a[1] - uy * by, b[0] + ux * by, b[1] + uy * by


def _held(circle: Circle, x: float, y: float) -> Circle:
    """Not farther than ``FARTHEST`` from where it stands, and on the sheet."""
    far = hypot(x - circle.x, y - circle.y)
    share = min(1.0, FARTHEST / far) if far else 1.0
    x, y = circle.x + (x - circle.x) * share, circle.y + (y - circle.y) * share
    r = circle.r + 2
    return replace(circle, x=round(min(max(x, r), WIDTH - r), 1), y=round(min(max(y, r), HEIGHT - r), 1))


def _sizes(circles: Sequence[Circle], biggest: float, language: str) -> list[tuple[float, float, str]]:
    """Two circles of the legend: a round number near the largest, and a quarter of it."""
    scale = _scale([circle.m2 for circle in circles])
    step = 10 ** (len(str(int(max(biggest, 10)))) - 1)
    large = max(step, int(biggest // step) * step)
    some = [(scale * sqrt(m2), m2) for m2 in (large, large / 4)]
    bottom = max(r for r, _m2 in some)
    return [(round(r, 1), round(bottom * 2 - r, 1), f"{formats.whole(m2, language)} m²") for r, m2 in some]


# ------------------------------------------------------------------ arcs and words
def _arcs(case: Case, price: Price, at: Mapping[str, Circle], chosen: Collection[str]) -> list[Arc]:
    pairs: dict[tuple[str, str], list[str]] = {}
    names = {unit.id: unit.name for unit in case.problem.units}
    for code in price.moved:
        pairs.setdefault((case.present[code], price.plan[code]), []).append(code)
    found = []
    for (a, b), units in pairs.items():
        said = _("%(units)s: dari %(a)s ke %(b)s.") % {
            "units": ", ".join(names[unit] for unit in units), "a": at[a].name, "b": at[b].name,
        }  # fmt: skip
        width = round(min(4.0, 1.2 + 0.35 * (len(units) - 1)), 2)
        found.append(Arc(_bow(at[a], at[b]), width, said, tuple(units), any(unit in chosen for unit in units)))
    return sorted(found, key=lambda arc: arc.is_chosen)


def _bow(a: Circle, b: Circle) -> str:
    """From the edge of one circle to the edge of the other, bent to one side so that two do not hide each other."""
    dx, dy = b.x - a.x, b.y - a.y
    length = hypot(dx, dy) or 1.0
    bend = min(46.0, 0.16 * length)
    cx, cy = (a.x + b.x) / 2 - dy / length * bend, (a.y + b.y) / 2 + dx / length * bend
    x1, y1 = _towards(a, cx, cy, a.r + 1)
    x2, y2 = _towards(b, cx, cy, b.r + 5)
    return f"M{x1} {y1}Q{cx:.1f} {cy:.1f} {x2} {y2}"


def _towards(circle: Circle, x: float, y: float, far: float) -> tuple[float, float]:
    length = hypot(x - circle.x, y - circle.y) or 1.0
    far = min(far, length)
    return round(circle.x + (x - circle.x) / length * far, 1), round(circle.y + (y - circle.y) / length * far, 1)


def _labels(
    circles: Sequence[Circle], ground: Sequence[District], view: View, language: str
) -> tuple[list[tuple[Circle, tuple[Line, ...]]], list[tuple[Line, ...]]]:
    """Names of what receives, then of what is emptied, then of what stays where there are few; the kecamatan last."""
    board = Board(WIDTH, HEIGHT)
    for box in (LEGEND, SIZES, BUTTONS, *(around(c.x, c.y, c.r) for c in circles)):
        board.take(box)
    order = {State.RECEIVES: 0, State.EMPTIED: 1, State.STAYS: 2, State.EMPTY: 3}
    speak = _speaking(circles, view)
    some = sorted((c for c in circles if c.state in speak), key=lambda c: (order[c.state], -c.comes, -c.m2))
    put = placed(board, [_words(c, view, language) for c in some[:MOST_LABELS]])
    names = [board.put(Words(d.name, d.at[0], d.at[1], 0.0, ((d.name, ROOM_PX),))) for d in ground]
    return [(c, put[c.code]) for c in some if c.code in put], [one for one in names if one]


def _speaking(circles: Sequence[Circle], view: View) -> Collection[State]:
    if view is View.BEFORE or len(circles) <= FEW:
        return (State.RECEIVES, State.EMPTIED, State.STAYS)
    return (State.RECEIVES, State.EMPTIED)


def _wrapped(name: str) -> list[str]:
    """A long name in two lines, so that it finds room beside its circle."""
    return wrap(name, max(LONG_NAME, len(name) // 2 + 4)) if len(name) > LONG_NAME else [name]


def _words(circle: Circle, view: View, language: str) -> Words:
    lines = [(line, NAME_PX) for line in _wrapped(circle.name)]
    if view is View.MOVES and circle.comes and not circle.inside:  # too small for a number of its own
        lines[-1] = (f"{lines[-1][0]} +{circle.comes}", NAME_PX)
    kept = len(lines)
    if circle.state is State.RECEIVES and view is not View.BEFORE:
        room = _("%(m2)s m², terisi %(share)s") % {
            "m2": formats.whole(circle.m2, language), "share": formats.percent(circle.filled, language),
        }  # fmt: skip
        lines.append((room, ROOM_PX))
    return Words(circle.code, circle.x, circle.y, circle.r, tuple(lines), kept)
