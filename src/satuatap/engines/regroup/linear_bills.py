"""Bills in the linear part. With u the use of a place's bill, y its opening, and stretches r on which it is convex:

one stretch:   height y + slope u <= w                                       for each of its lines
several:       sum_r p_r = y;  sum_r u_r = u;  low_r p_r <= u_r <= high_r p_r;
               height p_r + slope u_r <= w_r                                 for each line of each stretch; p_r whole

which is exact for whole y and p, and whose relaxation is the lower convex envelope (the convex hull of a union; Balas,
1979). The first slope of the envelope is taken out of the bill and charged to x, which is as true and leaves w >= 0.
Uses are shares of ``most``, what the place can hold; amounts are shares of ``scale``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from satuatap.engines.regroup.bills import Run, envelope, reach, runs
from satuatap.engines.regroup.core import Core, Floats, Ints, use_of

Row = tuple[Ints, Floats]  # columns and values of a row that is at most 0


@dataclass(frozen=True, slots=True)
class Shape:
    """One bill: its columns counted from the first choice and from the first amount, one of each for a stretch."""

    slope: float  # taken out, for each unit of use
    scale: float
    most: float
    low: Floats  # (stretches,)
    choice: Ints  # (stretches,), empty for one stretch
    use: Ints  # likewise
    amount: Ints  # (stretches,)


@dataclass(frozen=True, slots=True)
class Stretched:
    """What bills add to the linear part: costs of x, whole columns for choices, then columns for uses and amounts."""

    of_x: Floats  # (nx,)
    cost: Floats  # (choices + more,)
    high: Floats  # likewise
    choices: int
    shapes: tuple[Shape, ...]


def bill_rows(core: Core, index: Ints, y: int, first: int) -> tuple[Stretched, list[Row]]:
    """The columns from ``first`` on and the rows; ``index`` (n, m) are the columns of x."""
    bills = core.bills
    may = index >= 0
    of_x = np.zeros(int(may.sum()))
    shapes: list[Shape] = []
    told: list[tuple[int, Floats, list[Run]]] = []
    choices = after = 0
    for d, k in enumerate(bills.place.tolist()):
        uses = bills.mix[d] @ core.load
        most = reach(uses, may[:, k], core.size, core.room[:, k])
        stretches = runs(bills, d, most)
        slope = float(envelope(stretches).slope[0])
        who = np.flatnonzero(may[:, k])
        of_x[index[who, k]] += slope * uses[who]
        count = len(stretches) if len(stretches) > 1 else 0
        scale = max(run.at(use) - slope * use for run in stretches for use in (run.low, run.high))
        shapes.append(Shape(
            slope, scale if scale > 0 else 1.0, most if most > 0 else 1.0, np.array([run.low for run in stretches]),
            np.arange(choices, choices + count), np.arange(after, after + count),
            np.arange(after + count, after + count + len(stretches)),
        ))  # fmt: skip
        told.append((k, uses, stretches))
        choices += count
        after += count + len(stretches)
    cost, high = np.zeros(choices + after), np.concatenate([np.ones(choices), np.full(after, np.inf)])
    rows: list[Row] = []
    for shape, (k, use, stretches) in zip(shapes, told, strict=True):
        cost[choices + shape.amount] = shape.scale
        who = np.flatnonzero(may[:, k])
        share = (index[who, k], use[who] / shape.most)
        rows += _rows(shape, stretches, share, y + k, (first, first + choices))
    return Stretched(of_x, cost, high, choices, tuple(shapes)), rows


def _rows(shape: Shape, stretches: list[Run], share: Row, y: int, first: tuple[int, int]) -> list[Row]:
    """``share``: the use as a sum of x; ``first``: the first columns of choices and of amounts."""
    unit = shape.most / shape.scale
    if not len(shape.choice):
        run, w = stretches[0], first[1] + int(shape.amount[0])
        return [
            (np.append(share[0], [y, w]), np.concatenate([(b - shape.slope) * unit * share[1], [a / shape.scale, -1]]))
            for a, b in zip(run.height, run.slope, strict=True)
            if b > shape.slope
        ]
    p, u, w_of = first[0] + shape.choice, first[1] + shape.use, first[1] + shape.amount
    ones = np.ones(len(p))
    chosen = np.append(p, y), np.append(ones, -1.0)
    used = np.concatenate([u, share[0]]), np.concatenate([ones, -share[1]])
    found = [one for columns, values in (chosen, used) for one in ((columns, values), (columns, -values))]
    for e, run in enumerate(stretches):
        pair = np.array([p[e], u[e]])
        found.append((pair, np.array([run.low / shape.most, -1.0])))
        found.append((pair, np.array([-run.high / shape.most, 1.0])))
        for a, b in zip(run.height, run.slope, strict=True):
            values = np.array([a / shape.scale, (b - shape.slope) * unit, -1.0])
            found.append((np.append(pair, w_of[e]), values))
    return found


def bill_values(core: Core, plan: Ints, bills: Stretched, choices: Floats, more: Floats) -> None:
    """Fill the columns of choices and of uses and amounts with those of a plan."""
    for d, shape in enumerate(bills.shapes):
        use = use_of(core, plan, d)
        here = max(0, int(np.searchsorted(shape.low, use, side="right")) - 1)
        more[shape.amount[here]] = max(0.0, core.bills.amount(d, use) - shape.slope * use) / shape.scale
        if len(shape.choice):
            k = int(core.bills.place[d])
            more[shape.use[here]] = use / shape.most
            choices[shape.choice[here]] = float(core.kept_open[k] or (plan == k).any())
