"""The city's map as numbers: nothing hides anything, what moves has an arc, and a large city still weighs little."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import combinations
from math import hypot
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from satuatap.engines.regroup.generate import city
from satuatap.engines.regroup.reading import read
from satuatap.features.estate.pricing import Case, price
from satuatap.web.studio.map import Map, State, View, drawn
from satuatap.web.studio.map_ground import FINE, HEIGHT, WIDTH, districts_on, sheet_for, simplified
from satuatap.web.studio.map_labels import LETTER, Line

SQUARE = {
    "type": "Polygon",
    "coordinates": [[[104.6, -3.1], [104.9, -3.1], [104.9, -2.8], [104.6, -2.8], [104.6, -3.1]]],
}


def made(units: int, buildings: int, seed: int = 1) -> tuple[Case, dict[str, str]]:
    raw = city(units, buildings, seed, rules=False)
    problem = read(raw).problem
    assert problem is not None
    rng, places = random.Random(seed), [b["id"] for b in raw["buildings"]]
    plan = {u["id"]: rng.choice(places[: buildings // 3]) if rng.random() < 0.6 else u["present"] for u in raw["units"]}
    return Case(raw, problem), plan


@pytest.fixture(scope="module")
def large() -> tuple[Case, dict[str, str], Map]:
    case, plan = made(300, 200)
    return case, plan, drawn(case, price(case, plan), View.MOVES)


def boxes(lines: tuple[Line, ...]) -> Iterator[tuple[float, float, float, float]]:
    for one in lines:
        wide = len(one.text) * 12 * LETTER * 0.9  # what the font needs at the least
        left = {"start": one.x, "middle": one.x - wide / 2, "end": one.x - wide}[one.anchor]
        yield left, one.y - 9, left + wide, one.y + 1


def test_every_move_has_its_arc_and_every_building_its_circle(large: tuple[Case, dict[str, str], Map]) -> None:
    case, plan, found = large
    moved = {u: (case.present[u], plan[u]) for u in plan if plan[u] != case.present[u]}
    assert {unit for arc in found.arcs for unit in arc.units} == set(moved)
    assert len(found.arcs) == len(set(moved.values()))
    states = {circle.code: circle.state for circle in found.circles}
    assert set(states) == {b.id for b in case.problem.buildings}
    assert {code for code, state in states.items() if state is State.RECEIVES} == {b for _a, b in moved.values()}
    left = set(case.present.values()) - set(plan.values())
    assert {code for code, state in states.items() if state is State.EMPTIED} == left and found.emptied == len(left)


def test_words_do_not_lie_on_one_another(large: tuple[Case, dict[str, str], Map]) -> None:
    _case, _plan, found = large
    every = [box for lines in (*(lines for _c, lines in found.labels), *found.places) for box in boxes(lines)]
    assert len(every) > 10
    for a, b in combinations(every, 2):
        assert not (a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]), (a, b)
    assert all(circle.state in (State.RECEIVES, State.EMPTIED) for circle, _lines in found.labels)


def test_a_large_city_weighs_little(large: tuple[Case, dict[str, str], Map]) -> None:
    found = large[2]
    assert sum(len(arc.path) for arc in found.arcs) < 15_000
    assert all(c.r <= c.x <= WIDTH - c.r and c.r <= c.y <= HEIGHT - c.r for c in found.circles)


@pytest.mark.parametrize("view", list(View))
def test_circles_of_a_small_city_stand_apart(view: View) -> None:
    case, plan = made(20, 10)
    found = drawn(case, price(case, plan), view)
    for a, b in combinations(found.circles, 2):
        assert hypot(a.x - b.x, a.y - b.y) > a.r + b.r - 1
    assert bool(found.arcs) is (view is View.MOVES)
    if view is View.BEFORE:
        assert {c.state for c in found.circles} <= {State.STAYS, State.EMPTY}
        assert sum(len(c.units) for c in found.circles) == 20


def test_a_border_is_cut_at_the_sheet_and_a_strange_one_left_out() -> None:
    sheet = sheet_for([(-2.98, 104.75), (-2.99, 104.76)])
    rows: list[Any] = [
        SimpleNamespace(name="Ada", boundary=SQUARE),
        SimpleNamespace(name="Jauh", boundary={"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1]]]}),
        *(SimpleNamespace(name="Lain", boundary=b) for b in (None, {}, {"type": "Point", "coordinates": [1, 2]})),
    ]
    found = districts_on(sheet, rows)
    assert [one.name for one in found] == ["Ada"]
    assert found[0].path.startswith("M") and len(found[0].path) < 60


@given(st.lists(st.tuples(st.floats(-500, 500), st.floats(-500, 500)), min_size=4, max_size=40))
def test_a_simpler_border_stays_near_the_first(ring: list[tuple[float, float]]) -> None:
    thin = simplified(ring)
    assert set(thin) <= set(ring) and len(thin) <= len(ring)
    for x, y in ring:
        near = min(_from_edge((x, y), thin[n - 1], thin[n]) for n in range(len(thin)))
        assert near <= FINE + 1e-6


def _from_edge(p: tuple[float, float], a: tuple[float, float], b: tuple[float, float]) -> float:
    long = (b[0] - a[0]) ** 2 + (b[1] - a[1]) ** 2
    share = (
        0.0 if long == 0 else max(0.0, min(1.0, ((p[0] - a[0]) * (b[0] - a[0]) + (p[1] - a[1]) * (b[1] - a[1])) / long))
    )
    return hypot(p[0] - a[0] - share * (b[0] - a[0]), p[1] - a[1] - share * (b[1] - a[1]))
