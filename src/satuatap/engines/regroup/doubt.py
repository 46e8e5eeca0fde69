"""How far the answer holds when figures without a source are only ranges, and which of them are worth finding first.

Each draw is a city of its own, solved by the search from the plans of the draws before it: found, not proved. Savings
are against today's places under the same figures.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from satuatap.engines.regroup import cost as costs
from satuatap.engines.regroup import reading
from satuatap.engines.regroup.compile import Compiled, compiled
from satuatap.engines.regroup.core import Core, Ints, broken, cost_of
from satuatap.engines.regroup.doubt_draws import Draws, Summary, summary
from satuatap.engines.regroup.doubt_figures import Doubted, Figure, Floats, doubted, drawn
from satuatap.engines.regroup.problem import Problem
from satuatap.engines.regroup.search import search
from satuatap.engines.regroup.solve import hash_of
from satuatap.engines.regroup.stopping import Stop, never

USUAL_DRAWS = 200
_MOVES, _A_GROUP = 5_000, 4_000  # of the search in one draw: at least, and for each group
_POOL = 80  # plans that are remembered: a draw begins from the best of them and ends with it
_CANDIDATES = 6  # figures by each of two measures that are solved at both ends
_EACH_ALONE = 150  # with more figures than this, the plan's own swing is counted only for the likeliest
_BINS = 5


@dataclass(frozen=True, slots=True)
class Worth:
    """A figure worth finding: how far the saving (score, a year) moves between its ends, all else likely."""

    figure: Figure
    low: float  # saving with the figure at its low end
    high: float  # at its high end
    changes: tuple[str, ...]  # buildings that are set free at one end and not at the other

    @property
    def moves(self) -> float:
        """How much the figure moves the answer."""
        return abs(self.high - self.low)


@dataclass(frozen=True, slots=True)
class Doubt:
    """The stored draws, what they say, and the figures by how much each moves the answer, most first."""

    draws: Draws
    summary: Summary
    worth: tuple[Worth, ...]
    sourced: int  # ranges with a source, kept at their likely value
    asked: int  # draws that were asked for; fewer were made when it was stopped
    seconds: float
    seconds_a_draw: float

    @property
    def first(self) -> tuple[str, ...]:
        """The three figures to find first."""
        return tuple(one.figure.path for one in self.worth[:3] if one.moves > 0)

    def as_json(self) -> dict[str, Any]:
        """As a JSON object, the draws with it."""
        worth = [{"figure": w.figure.path, "low": w.figure.low, "high": w.figure.high, "saving_low": w.low,
                  "saving_high": w.high, "moves": w.moves, "changes": list(w.changes)} for w in self.worth]  # fmt: skip
        return {
            "summary": self.summary.as_json(), "find_first": list(self.first), "worth": worth, "sourced": self.sourced,
            "asked": self.asked, "seconds": round(self.seconds, 3), "seconds_a_draw": round(self.seconds_a_draw, 4),
            "draws": self.draws.as_json(),
        }  # fmt: skip


@dataclass(slots=True)
class _Draw:
    """One solved draw."""

    score: float = np.nan
    cash: float = np.nan
    capacity: float = np.nan
    regret: float = np.nan
    open: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _City:
    """One drawn city; None where the reader finds no room."""

    problem: Problem | None = None
    made: Compiled | None = None
    own: Ints | None = None  # the plan of its own search


@dataclass(slots=True)
class _Run:
    """What the draws share: the file, the likely plan, and plans met on the way."""

    file: Doubted
    figures: tuple[Figure, ...]
    plan: Mapping[str, str] | None
    seed: int
    stop: Stop
    pool: dict[bytes, Ints] = field(default_factory=dict)

    def drawn(self, row: Floats) -> _City:
        """The city of one draw."""
        return self.city({one.path: float(value) for one, value in zip(self.figures, row, strict=True)})

    def city(self, values: Mapping[str, float]) -> _City:
        """A city with these figures, the others likely, searched from the best plan of those met so far."""
        problem = reading.read(self.file.certainly(values)).problem
        if problem is None:
            return _City()  # no room for a unit, or no room for all: the reader says so
        made = compiled(problem)
        return _City(problem, made, self._search(made))

    def known(self, core: Core, own: Ints | None = None) -> Ints | None:
        """The best of all plans met so far and its own."""
        fits = [p for p in (*self.pool.values(), *(() if own is None else (own,))) if not broken(core, p)]
        return min(fits, key=lambda p: cost_of(core, p), default=None)

    def _search(self, made: Compiled) -> Ints | None:
        core = made.core
        start = self.known(core)
        moves = _MOVES + _A_GROUP * core.n
        found = search(core, seed=self.seed, moves=moves, stop=self.stop, start=start).plan
        if found is None and start is None:  # hard to fit: once more, and longer
            found = search(core, seed=self.seed + 1, moves=4 * moves, stop=self.stop).plan
        if found is not None and len(self.pool) < _POOL:
            self.pool.setdefault(found.tobytes(), found)
        return found

    def judged(self, city: _City) -> _Draw:
        """What a city says with the best of all plans met, also those of later draws."""
        problem, made = city.problem, city.made
        best = None if made is None else self.known(made.core, city.own)
        if problem is None or made is None or best is None:
            return _Draw()
        plan = made.plan(best)
        before = costs.cost(problem, {u.id: u.present for u in problem.units})
        after = costs.cost(problem, plan)
        one = _Draw(before.score - after.score, before.cash_yearly - after.cash_yearly,
                    before.capacity_yearly - after.capacity_yearly, np.nan, frozenset(after.open))  # fmt: skip
        if self.plan is not None and not broken(made.core, made.back(self.plan)):
            one.regret = max(0.0, costs.cost(problem, self.plan).score - after.score)
        return one

    def swing(self, j: int) -> float:
        """How far the likely plan's own saving moves between the ends of a figure; no solver."""
        assert self.plan is not None
        found, one = [], self.figures[j]
        for value in (one.low, one.high):
            problem = reading.read(self.file.certainly({one.path: value})).problem
            if problem is not None:
                before = costs.cost(problem, {u.id: u.present for u in problem.units})
                found.append(before.score - costs.cost(problem, self.plan).score)
        return abs(found[-1] - found[0]) if found else 0.0


def doubt(
    raw: Mapping[str, Any], plan: Mapping[str, str] | None = None, *, draws: int = USUAL_DRAWS, stop: Stop = never,
    seed: int = 1, progress: Callable[[int, int], None] | None = None,
) -> Doubt:  # fmt: skip
    """Draw the figures without a source, solve each drawn city, and say what that does to the answer.

    In one draw a shared factor has one value, and all ranges that name it stand at the same quantile.

    ``raw`` is a file that ``reading.read`` found right; ``plan`` the plan of its likely figures (found here if not
    given). ``progress`` hears (draws made, draws asked for). The same seed gives the same draws and the same answer;
    stopped early, the draws made so far speak.
    """
    began = time.monotonic()
    file = doubted(raw)
    some = tuple(one for one in file.figures.values() if one.is_doubted)
    run = _Run(file, some, plan, seed, stop)
    problem = reading.read(raw).problem
    if problem is None:
        raise ValueError("the file has faults; reading.read names them")
    _begin(run, problem)
    values = drawn(some, draws if some else 0, seed)
    cities: list[_City] = []
    for row in values:
        if stop():
            break
        cities.append(run.drawn(row))
        if progress is not None:
            progress(len(cities), draws)
    solved = [run.judged(one) for one in cities]
    took = time.monotonic() - began
    kept = _kept(run, problem, solved, values, hash_of(raw))
    worth = _worth(run, kept) if solved and not stop() else ()
    over = time.monotonic() - began
    return Doubt(kept, summary(kept), worth, len(file.figures) - len(some), draws, over, took / max(1, len(solved)))


def _begin(run: _Run, problem: Problem) -> None:
    """Today's places and the likely plan are the first starts."""
    made = compiled(problem)
    for known in (run.plan, {u.id: u.present for u in problem.units}):
        if known is not None:
            groups = made.back(known)
            run.pool.setdefault(groups.tobytes(), groups)
    if run.plan is None:
        found = search(made.core, seed=run.seed, moves=4 * (_MOVES + _A_GROUP * made.core.n), stop=run.stop).plan
        if found is not None:
            run.plan = made.plan(found)
            run.pool.setdefault(found.tobytes(), found)


def _kept(run: _Run, problem: Problem, solved: list[_Draw], values: Floats, input_hash: str) -> Draws:
    used = {u.present for u in problem.units}
    buildings = tuple(b.id for b in problem.buildings if b.id in used)
    freed = np.array([[one.score == one.score and b not in one.open for b in buildings] for one in solved], bool)
    rows = {name: np.array([getattr(one, name) for one in solved], np.float64)
            for name in ("score", "cash", "capacity", "regret")}  # fmt: skip
    return Draws(
        run.figures, buildings, values[: len(solved)], rows["score"], rows["cash"], rows["capacity"],
        freed.reshape(len(solved), len(buildings)), rows["regret"], run.seed, input_hash,
    )  # fmt: skip


def explained(draws: Draws) -> Floats:
    """(F,) share of the saving's variance that each figure alone explains: the correlation ratio over five bins."""
    has = ~np.isnan(draws.score)
    y, x = draws.score[has], draws.values[has]
    found = np.zeros(len(draws.figures))
    spread = float(((y - y.mean()) ** 2).sum()) if len(y) else 0.0
    if spread <= 0 or len(y) < 2 * _BINS:
        return found
    for j in range(x.shape[1]):
        parts = np.array_split(np.argsort(x[:, j], kind="stable"), _BINS)
        found[j] = sum(len(part) * (y[part].mean() - y.mean()) ** 2 for part in parts) / spread
    return found


def _worth(run: _Run, draws: Draws) -> tuple[Worth, ...]:
    """The figures that move the draws most and those that move the likely plan most, each solved at both its ends."""
    count = len(run.figures)
    share = explained(draws)
    chosen = list(np.argsort(-share, kind="stable")[:_CANDIDATES])
    if run.plan is not None:
        among = list(range(count)) if count <= _EACH_ALONE else list(np.argsort(-share, kind="stable")[:_EACH_ALONE])
        swings = {int(j): run.swing(int(j)) for j in among}
        chosen += sorted(swings, key=lambda j: -swings[j])[:_CANDIDATES]
    cities: dict[int, list[_City]] = {}
    for j in sorted({int(one) for one in chosen}):
        one = run.figures[j]
        cities[j] = [run.city({one.path: value}) for value in (one.low, one.high)]
    found = []
    for j, both in cities.items():
        ends = [run.judged(one) for one in both]
        if np.isnan([one.score for one in ends]).any():
            continue  # a city without a plan has no saving; the share of such draws is told apart
        changes = tuple(sorted(b for b in draws.buildings if (b in ends[0].open) != (b in ends[1].open)))
        found.append(Worth(run.figures[j], ends[0].score, ends[1].score, changes))
    return tuple(sorted(found, key=lambda one: -one.moves))
