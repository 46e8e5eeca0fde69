"""The ground of a city's map: degrees onto a sheet of the screen, and the kecamatan as paths that weigh little."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import cos, radians
from typing import Any

Point = tuple[float, float]
WIDTH, HEIGHT = 684.0, 466.0  # of the drawing; the screen scales it
MARGIN = 52.0
LEAST_DEGREES = 0.02  # about 2 km: a single building must not fill the sheet
BEYOND = 6.0  # px outside the sheet where a border may run
FINE = 0.6  # px by which a border may be simplified


@dataclass(frozen=True, slots=True)
class Sheet:
    """Degrees -> px. One scale in both directions, narrowed by the latitude; fine for a city."""

    west: float
    north: float
    scale: float  # px for a degree of latitude
    narrow: float  # a degree of longitude in degrees of latitude

    def at(self, lat: float, lon: float) -> Point:
        return (lon - self.west) * self.scale * self.narrow, (self.north - lat) * self.scale


def sheet_for(places: Sequence[Point]) -> Sheet:
    """The sheet on which all these (lat, lon) stand, with a margin."""
    lats, lons = [p[0] for p in places] or [0.0], [p[1] for p in places] or [0.0]
    middle_lat, middle_lon = (min(lats) + max(lats)) / 2, (min(lons) + max(lons)) / 2
    narrow = max(0.2, cos(radians(middle_lat)))
    tall = max(max(lats) - min(lats), LEAST_DEGREES)
    wide = max((max(lons) - min(lons)) * narrow, LEAST_DEGREES)
    scale = min((WIDTH - 2 * MARGIN) / wide, (HEIGHT - 2 * MARGIN) / tall)
    return Sheet(
        west=middle_lon - WIDTH / 2 / scale / narrow, north=middle_lat + HEIGHT / 2 / scale, scale=scale, narrow=narrow
    )


@dataclass(frozen=True, slots=True)
class District:
    """One kecamatan on the sheet: its path, and where its name would stand."""

    name: str
    path: str
    at: Point


def districts_on(sheet: Sheet, rows: Iterable[Any]) -> list[District]:
    """Those kecamatan (rows with name, boundary) of which something lies on the sheet."""
    found = []
    for row in rows:
        rings = [_on_sheet(sheet, ring) for ring in _rings(row.boundary)]
        rings = [ring for ring in rings if len(ring) >= 3]
        if rings:
            widest = max(rings, key=lambda ring: abs(_area(ring)))
            found.append(District(row.name, "".join(map(_path, rings)), _middle(widest)))
    return found


def _rings(boundary: Any) -> list[list[Sequence[float]]]:
    """The rings of a GeoJSON Polygon or MultiPolygon; of anything else none."""
    if not isinstance(boundary, dict):
        return []
    parts = boundary.get("coordinates") or []
    polygons = {"Polygon": [parts], "MultiPolygon": parts}.get(str(boundary.get("type")), [])
    return [ring for polygon in polygons for ring in polygon]


def _on_sheet(sheet: Sheet, ring: Sequence[Sequence[float]]) -> list[Point]:
    points = [sheet.at(float(p[1]), float(p[0])) for p in ring]
    if len(points) > 1 and points[0] == points[-1]:
        points.pop()
    for axis, limit, keeps_more in (
        (0, -BEYOND, True), (0, WIDTH + BEYOND, False), (1, -BEYOND, True), (1, HEIGHT + BEYOND, False),
    ):  # fmt: skip
        points = _cut(points, axis, limit, keeps_more)
    return simplified(points)


def _cut(points: list[Point], axis: int, limit: float, keeps_more: bool) -> list[Point]:
    """What of a ring lies on one side of a line (Sutherland and Hodgman)."""

    def inside(p: Point) -> bool:
        return p[axis] >= limit if keeps_more else p[axis] <= limit

    found: list[Point] = []
    for n, here in enumerate(points):
        before = points[n - 1]
        if inside(here) != inside(before):
            share = (limit - before[axis]) / (here[axis] - before[axis])
            crossing = [before[k] + share * (here[k] - before[k]) for k in (0, 1)]
            crossing[axis] = limit
            found.append((crossing[0], crossing[1]))
        if inside(here):
            found.append(here)
    return found


def simplified(points: list[Point]) -> list[Point]:
    """A ring with fewer points, none of the others farther than ``FINE`` from it (Douglas and Peucker)."""
    if len(points) < 4:
        return points
    far = max(range(len(points)), key=lambda n: _squared(points[0], points[n]))
    return _thinned(points[: far + 1])[:-1] + _thinned([*points[far:], points[0]])[:-1]


def _thinned(line: list[Point]) -> list[Point]:
    keep = {0, len(line) - 1}
    spans = [(0, len(line) - 1)]
    while spans:
        a, b = spans.pop()
        if b - a < 2:
            continue
        worst = max(range(a + 1, b), key=lambda n: _off(line[n], line[a], line[b]))
        if _off(line[worst], line[a], line[b]) > FINE:
            keep.add(worst)
            spans += [(a, worst), (worst, b)]
    return [line[n] for n in sorted(keep)]


def _squared(a: Point, b: Point) -> float:
    return (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2


def _off(p: Point, a: Point, b: Point) -> float:
    """How far a point is from the stretch between two: beyond an end that is farther than from their line."""
    (x, y), long = (b[0] - a[0], b[1] - a[1]), _squared(a, b)
    share = 0.0 if long == 0 else min(1.0, max(0.0, ((p[0] - a[0]) * x + (p[1] - a[1]) * y) / long))
    return _squared(p, (a[0] + share * x, a[1] + share * y)) ** 0.5


def _area(ring: Sequence[Point]) -> float:
    return sum(ring[n - 1][0] * p[1] - p[0] * ring[n - 1][1] for n, p in enumerate(ring)) / 2


def _middle(ring: Sequence[Point]) -> Point:
    area = _area(ring)
    if abs(area) < 1e-9:
        return ring[0]
    cross = [(ring[n - 1], p, ring[n - 1][0] * p[1] - p[0] * ring[n - 1][1]) for n, p in enumerate(ring)]
    return (
        sum((a[0] + b[0]) * c for a, b, c in cross) / 6 / area,
        sum((a[1] + b[1]) * c for a, b, c in cross) / 6 / area,
    )


def _path(ring: Sequence[Point]) -> str:
    """As an SVG path in whole px steps from point to point: half the bytes of places written out."""
    x, y = round(ring[0][0]), round(ring[0][1])
    found = [f"M{x} {y}l"]
    for p in ring[1:]:
        dx, dy = round(p[0]) - x, round(p[1]) - y
        if dx or dy:
            found.append(f"{dx} {dy} ")
            x, y = x + dx, y + dy
    return "".join(found).rstrip() + "z"
