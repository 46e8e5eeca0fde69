"""Exact solvers for the linear part of a core: HiGHS and CP-SAT, warm-started, stoppable, each on one thread.

They are complementary: CP-SAT proves small integer cases sooner, HiGHS has the better bound (measured; see
docs/engines/regroup.md). What they say a plan costs is never believed: the core's own functions judge it.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import highspy
import numpy as np
from ortools.sat.python import cp_model
from scipy import sparse

from satuatap.engines.regroup.core import TOLERANCE, Core, Floats, Ints
from satuatap.engines.regroup.linear_model import Linear
from satuatap.engines.regroup.stopping import Stop, never, seconds_left
from satuatap.engines.regroup.stopping_cpsat import stopped_by

_SHARES = 100_000  # whole steps of a bill's scale inside CP-SAT, whose word on such a core is no proof


@dataclass(frozen=True, slots=True)
class Exact:
    """``plan`` (n,) or None; ``bound``: no plan of the linear part costs less (-inf if none); whether it is proved."""

    plan: Ints | None
    bound: float
    proved: bool
    infeasible: bool = False


class _Quiet(highspy.Highs):
    """HiGHS that says nothing, not even its name: what a program prints may be read by another."""

    def enableCallbacks(self) -> None:  # noqa: N802 - HiGHS's own name; the constructor calls it, and then it speaks
        self.setOptionValue("output_flag", False)
        super().enableCallbacks()


def new_highs(model: Linear, strong: bool) -> highspy.Highs:
    """A quiet one-thread HiGHS holding the linear part; ``strong`` adds every link x <= y as a row."""
    h = _Quiet()
    for name, value in (("output_flag", False), ("threads", 1), ("random_seed", 7)):
        h.setOptionValue(name, value)
    inf = h.inf
    h.addVars(model.columns, model.low, model.high)
    every = np.arange(model.columns, dtype=np.int32)
    h.changeColsCost(model.columns, every, model.cost)
    rows = model.rows
    h.addRows(
        rows.shape[0],
        np.maximum(model.row_low, -inf),
        np.minimum(model.row_high, inf),
        rows.nnz,
        rows.indptr[:-1].astype(np.int32),
        rows.indices.astype(np.int32),
        rows.data,
    )
    if strong and len(model.links):
        count = len(model.links)
        h.addRows(
            count,
            np.full(count, -inf),
            np.zeros(count),
            2 * count,
            np.arange(0, 2 * count, 2, dtype=np.int32),
            model.links.ravel().astype(np.int32),
            np.tile([1.0, -1.0], count),
        )
    return h


@dataclass(frozen=True, slots=True)
class Cuts:
    """Rows low <= rows v <= high over the columns of the linear part."""

    rows: sparse.csr_matrix
    low: Floats
    high: Floats


def add_rows(h: highspy.Highs, cuts: Cuts) -> None:
    """Adds rows to a programme of the linear part."""
    rows = cuts.rows
    if rows.shape[0]:
        starts, columns = rows.indptr[:-1].astype(np.int32), rows.indices.astype(np.int32)
        h.addRows(rows.shape[0], cuts.low, cuts.high, rows.nnz, starts, columns, rows.data)


def solve_highs(
    core: Core,
    model: Linear,
    *,
    stop: Stop = never,
    start: Ints | None = None,
    nodes: int | None = None,
    cuts: Cuts | None = None,
    told: Callable[[Floats | None, float], None] | None = None,
) -> Exact:
    """HiGHS on the strong form, or on the plain one with the ``cuts`` of the master's root, which are stronger.

    ``told(values or None, bound)`` hears of solutions and of bounds on the way.
    """
    h = new_highs(model, strong=cuts is None)
    if cuts is not None:
        add_rows(h, cuts)
    whole = np.arange(model.w, dtype=np.int32)
    h.changeColsIntegrality(len(whole), whole, np.full(len(whole), highspy.HighsVarType.kInteger))
    h.setOptionValue("mip_rel_gap", 1e-7)
    h.setOptionValue("mip_abs_gap", max(1e-7, 0.999 * model.grain))
    h.setOptionValue("time_limit", min(1e7, seconds_left(stop)))
    if nodes is not None:
        h.setOptionValue("mip_max_nodes", nodes)
    if start is not None:
        known = highspy.HighsSolution()
        known.col_value = model.point(core, start).tolist()
        h.setSolution(known)

    def interrupt(event: highspy.HighsCallbackEvent) -> None:
        if told is not None:
            told(None, event.data_out.mip_dual_bound + model.offset)
        if stop():
            event.interrupt(True)

    def improved(event: highspy.HighsCallbackEvent) -> None:
        if told is not None and len(event.data_out.mip_solution):
            told(np.array(event.data_out.mip_solution), -np.inf)

    h.cbMipInterrupt.subscribe(interrupt)
    h.cbMipImprovingSolution.subscribe(improved)
    h.run()
    status = h.getModelStatus()
    info = h.getInfo()
    if status == highspy.HighsModelStatus.kInfeasible:
        return Exact(None, np.inf, True, True)
    has = info.primal_solution_status == 2
    values = np.array(h.getSolution().col_value) if has else None
    bound = info.mip_dual_bound + model.offset if np.isfinite(info.mip_dual_bound) else -np.inf
    return Exact(
        None if values is None else model.plan(values, core.n),
        bound,
        status == highspy.HighsModelStatus.kOptimal,
    )


def _whole_numbers(values: Floats, limit: float) -> tuple[Ints, float, bool]:
    """Values times a power of ten as whole numbers, that factor, and whether nothing was lost."""
    top = float(np.abs(values).max(initial=0.0))
    for digits in range(7):
        scaled = values * 10.0**digits
        if top * 10.0**digits > limit:
            break
        if np.abs(scaled - np.round(scaled)).max(initial=0.0) < 1e-6:
            return np.round(scaled).astype(np.int64), 10.0**digits, True
    factor = limit / max(top, 1e-12)
    return np.floor(values * factor).astype(np.int64), factor, False


@dataclass(frozen=True, slots=True)
class _Whole:
    """A CP-SAT model, its literals, the factor of its costs and whether its bound holds for the core."""

    cp: cp_model.CpModel
    x: list[cp_model.IntVar]
    z: list[cp_model.IntVar]
    y: list[cp_model.IntVar]
    factor: float
    slack: float  # what rounding down the costs may hide
    exact: bool


def _whole_model(core: Core, model: Linear, fixed: Ints | None, free: Ints | None) -> _Whole:
    """The linear part in whole numbers; with ``fixed`` every group but the ``free`` ones keeps its place."""
    cp = cp_model.CpModel()
    x = [cp.new_bool_var("") for _ in model.group]
    y = [cp.new_bool_var("") for _ in range(core.m)]
    unit = np.ones(model.columns)
    unit[model.w :] = _SHARES
    top = [int(min(h, 1.0) * u) if u > 1 else int(h) for h, u in zip(model.high, unit, strict=True)]
    z = [cp.new_int_var(0, top[c], "") for c in range(model.z, model.columns)]
    every = x + y + z
    cost, factor, lost_nothing = _whole_numbers(model.cost / unit, 1e9)
    for k in np.flatnonzero(core.kept_open):
        cp.add(y[k] == 1)
    for i in range(core.n):
        cp.add_exactly_one(x[c] for c in model.index[i] if c >= 0)
    for first, second in model.links:
        if second < model.z:
            cp.add_implication(every[first], every[second])
        else:
            cp.add(every[second] >= 1).only_enforce_if(every[first])
    exact = model.w == model.columns
    for r in range(core.n, model.rows.shape[0]):
        piece = slice(model.rows.indptr[r], model.rows.indptr[r + 1])
        where, data = model.rows.indices[piece], model.rows.data[piece]
        terms = [every[c] for c in where]
        if where.max(initial=0) >= model.w - model.bills.choices:
            _add_loosely(cp, terms, data / unit[where], np.array([top[c] for c in where]))
        else:
            exact &= _add_row(cp, terms, data, model.row_high[r], core, r)
    if fixed is not None and free is not None:
        held = np.ones(core.n, bool)
        held[free] = False
        for i in np.flatnonzero(held).tolist():
            cp.add(x[int(model.index[i, fixed[i]])] == 1)
    cp.minimize(cp_model.LinearExpr.weighted_sum(every, cost.tolist()))
    slack = 0.0 if lost_nothing else (core.n + core.m + sum(top[model.z :])) / factor
    return _Whole(cp, x, z, y, factor, float(slack), exact)


def _add_row(cp: cp_model.CpModel, terms: list, data: Floats, limit: float, core: Core, row: int) -> bool:
    """One <= row in whole numbers; rounded to the strict side, and False, where that loses something."""
    resource, place = divmod(row - core.n, core.m)
    if resource < core.size.shape[0]:  # back to the file's own units: the matrix holds them divided by the room
        room = core.room[resource, place] * (1 + TOLERANCE) + TOLERANCE
        sizes = data[:-1] * max(room, 1e-9)  # the last column is the place's y
        whole, factor, lost_nothing = _whole_numbers(sizes, 1e8)
        if not lost_nothing:
            whole = np.ceil(sizes * factor - 1e-9).astype(np.int64)
        whole, limit = np.append(whole, -math.floor(room * factor)), 0.0
    else:
        whole, factor, lost_nothing = _whole_numbers(data, 1e8)
        if not lost_nothing:
            whole = np.ceil(data * factor - 1e-9).astype(np.int64)
    cp.add(cp_model.LinearExpr.weighted_sum(terms, whole.tolist()) <= math.floor(limit * factor + 1e-9))
    return lost_nothing


def _add_loosely(cp: cp_model.CpModel, terms: list, data: Floats, top: Floats) -> None:
    """A row of a bill, at most 0, let out by what rounding may take: with bills CP-SAT proves nothing anyway."""
    factor = 1e8 / max(float(np.abs(data).max(initial=0.0)), 1e-12)
    whole = np.round(data * factor)
    lost = math.ceil(float(np.abs(whole - data * factor) @ top)) + 1
    cp.add(cp_model.LinearExpr.weighted_sum(terms, whole.astype(np.int64).tolist()) <= lost)


class _Listener(cp_model.CpSolverSolutionCallback):
    """Hands each solution on."""

    def __init__(self, whole: _Whole, told: Callable[[Floats | None, float], None]) -> None:
        super().__init__()
        self.whole, self.told = whole, told

    def on_solution_callback(self) -> None:
        every = self.whole.x + self.whole.y + self.whole.z
        self.told(np.array([self.value(v) for v in every], dtype=np.float64), -np.inf)


def solve_cpsat(
    core: Core,
    model: Linear,
    *,
    stop: Stop = never,
    start: Ints | None = None,
    free: Ints | None = None,
    seed: int = 0,
    work: float | None = None,
    told: Callable[[Floats | None, float], None] | None = None,
) -> Exact:
    """CP-SAT on one thread. With ``free`` only those groups may leave ``start``; ``work`` is a deterministic limit."""
    whole = _whole_model(core, model, start if free is not None else None, free)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = seed % 2**31
    solver.parameters.max_time_in_seconds = min(1e7, seconds_left(stop))
    if work is not None:
        solver.parameters.max_deterministic_time = work
    if start is not None:
        values = model.point(core, start)
        values[model.w :] = np.ceil(np.minimum(values[model.w :], 1.0) * _SHARES)
        for variable, value in zip(whole.x + whole.y + whole.z, values, strict=True):
            whole.cp.add_hint(variable, int(value))
    listener = _Listener(whole, told) if told is not None else None
    if told is not None and free is None and whole.exact:
        solver.best_bound_callback = lambda b: told(None, b / whole.factor + model.offset)
    with stopped_by(solver, stop):
        status = solver.solve(whole.cp, listener)
    if status == cp_model.INFEASIBLE:
        return Exact(None, np.inf if whole.exact and free is None else -np.inf, whole.exact, whole.exact)
    has = status in (cp_model.OPTIMAL, cp_model.FEASIBLE)
    plan = model.plan(np.array([solver.value(v) for v in whole.x], np.float64), core.n) if has else None
    bound = solver.best_objective_bound / whole.factor + model.offset if whole.exact and free is None else -np.inf
    return Exact(plan, bound, status == cp_model.OPTIMAL and whole.exact and whole.slack == 0.0)
