"""Tariffs as bills of places: a year's amount beyond the one with nobody inside, by what is used beyond that.

With q0 the fixed use of a line, f(q) = 12 (bill(q0 + q) - bill(q0)). One straight piece is a cost of each group by m2
and by people; anything else stays a bill.
"""

from __future__ import annotations

import numpy as np

from satuatap.engines.regroup.bills import Bills, Floats, gathered
from satuatap.engines.regroup.cost import MONTHS, NEARLY_USE
from satuatap.engines.regroup.problem import Building, Connection, Problem, Tariff

_SAME = 1e-12  # relative: two pieces on one line

Piece = tuple[float, float, float]  # use at which it begins, amount there, amount for each unit beyond


def bills_of(problem: Problem) -> Bills:
    """The bills with more than one piece; measures are m2 and people."""
    place: list[int] = []
    mix: list[tuple[float, float]] = []
    parts: list[tuple[Floats, Floats, Floats]] = []
    for k, b in enumerate(problem.buildings):
        for line in b.connections:
            pieces = pieces_of(problem.tariffs[line.tariff], line)
            if len(pieces) > 1 and (line.use_per_m2 or line.use_per_person):
                place.append(k)
                mix.append((line.use_per_m2, line.use_per_person))
                start, value, slope = np.array(pieces, np.float64).T.copy()
                parts.append((start, value, slope))
    return gathered(place, np.array(mix).reshape(-1, 2), parts)


def flat_rates(problem: Problem, building: Building) -> tuple[float, float]:
    """A year's amount for each m2 and for each person by the bills of one piece."""
    by_m2 = by_person = 0.0
    for line in building.connections:
        pieces = pieces_of(problem.tariffs[line.tariff], line)
        if len(pieces) == 1:
            by_m2 += pieces[0][2] * line.use_per_m2
            by_person += pieces[0][2] * line.use_per_person
    return by_m2, by_person


def pieces_of(tariff: Tariff, line: Connection) -> list[Piece]:
    """f by its pieces, from a use of 0."""
    monthly = _at_least(_stepped(tariff, line.standing), line.minimum)
    begun = max(e for e, piece in enumerate(monthly) if piece[0] <= line.fixed_use)
    start, value, slope = monthly[begun]
    value += slope * (line.fixed_use - start)
    found = [(0.0, 0.0, MONTHS * slope)]
    for piece in monthly[begun + 1 :]:
        one = (piece[0] - line.fixed_use, MONTHS * (piece[1] - value), MONTHS * piece[2])
        if not _goes_on(found[-1], one):
            found.append(one)
    return found


def _goes_on(before: Piece, after: Piece) -> bool:
    """Whether a piece lies on the line of the one before it."""
    reached = before[1] + before[2] * (after[0] - before[0])
    near = _SAME * max(1.0, abs(before[2]))
    return abs(reached - after[1]) <= _SAME * max(1.0, abs(reached)) and abs(before[2] - after[2]) <= near


def _stepped(tariff: Tariff, standing: float) -> list[Piece]:
    """Standing charge and steps as pieces of a month's use."""
    found: list[Piece] = []
    for start, price in tariff.steps:
        at = start * (1 - NEARLY_USE) if tariff.whole_use else start
        if tariff.whole_use:
            value = standing + price * at
        else:
            value = standing if not found else found[-1][1] + found[-1][2] * (at - found[-1][0])
        found.append((at, value, price))
    return found


def _at_least(pieces: list[Piece], least: float) -> list[Piece]:
    """The larger of the pieces and a constant; a piece that crosses it is cut in two."""
    found: list[Piece] = []
    for e, (start, value, slope) in enumerate(pieces):
        end = pieces[e + 1][0] if e + 1 < len(pieces) else np.inf
        if value >= least:
            found.append((start, value, slope))
            continue
        found.append((start, least, 0.0))
        crossing = start + (least - value) / slope if slope > 0 else np.inf
        if crossing < end:
            found.append((crossing, least, slope))
    return found
