"""The years of a way to a plan as one CP-SAT model: for each unit that moves, by which year it has moved.

With d[u,t] = 1 when u has moved by the end of year t (d never falls; d[u,-1] = 0), b[u,t] = d[u,t-1]:

    room        sum of size of those in a building after year t <= its room           each kind of space, each year
    used[k,t]   = or of (not d[u,t]) for u that leave k, d[u,t] for u that come to k   (1 where somebody stays)
    paid[k,t]   = used[k,t-1] or used[k,t]            so a building saves when it is empty from first to last day
    emptied     >= used[k,t-1] - used[k,t]            and then its closing is paid
    once        sum of moving (d - b) + closing emptied <= budget of the year
    moves       sum of (d - b) <= most moves of the year
    cost        fixed, rent, empty upkeep by paid; what goes by m2, person, post, trip by the state the year begins with
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ortools.sat.python import cp_model

from satuatap.engines.regroup import cost as costs
from satuatap.engines.regroup.core import TOLERANCE
from satuatap.engines.regroup.phases_reading import Terms
from satuatap.engines.regroup.problem import Problem

FINE = 1_000_000  # areas are whole millionths of a m2 inside CP-SAT

Literal = Any  # an IntVar of CP-SAT, or 0 or 1


@dataclass(slots=True)
class Sum:
    """A linear expression with float coefficients, turned into whole numbers at the end."""

    constant: float = 0.0
    terms: dict[int, tuple[Any, float]] = field(default_factory=dict)

    def add(self, literal: Literal, amount: float) -> None:
        """``amount`` times a literal, which may be a plain 0 or 1."""
        if isinstance(literal, int):
            self.constant += amount * literal
        elif amount:
            before = self.terms.get(literal.index, (literal, 0.0))[1]
            self.terms[literal.index] = (literal, before + amount)

    def add_not(self, literal: Literal, amount: float) -> None:
        """``amount`` times (1 - literal)."""
        self.constant += amount
        self.add(literal, -amount)

    def take(self, other: Sum) -> None:
        """Adds another sum."""
        self.constant += other.constant
        for literal, amount in other.terms.values():
            self.add(literal, amount)

    def whole(self, factor: float, toward: Callable[[float], int]) -> Any:
        """The terms (without the constant) as whole numbers."""
        parts = [(literal, toward(amount * factor)) for literal, amount in self.terms.values()]
        return cp_model.LinearExpr.weighted_sum([p[0] for p in parts], [p[1] for p in parts])


@dataclass(frozen=True, slots=True)
class Road:
    """Where everybody sits, who goes where, and the years: the data of one model."""

    problem: Problem
    terms: Terms
    present: tuple[int, ...]  # (units,) index of building
    target: tuple[int, ...]
    movers: tuple[int, ...]  # units that move
    paid_years: int  # years that are paid for: those of the terms and what comes after

    @property
    def first(self) -> int:
        """The first calendar year."""
        return self.problem.year


def road(problem: Problem, plan: costs.Plan, terms: Terms) -> Road:
    """The data of the model. One year after the last is paid for; without ``finish`` as many as one-off costs bear."""
    at = {b.id: k for k, b in enumerate(problem.buildings)}
    present = tuple(at[u.present] for u in problem.units)
    target = tuple(at[plan[u.id]] for u in problem.units)
    movers = tuple(i for i, (a, b) in enumerate(zip(present, target, strict=True)) if a != b)
    after = 1 if terms.finish else max(1, round(problem.prices.amortise_years) - terms.years)
    return Road(problem, terms, present, target, movers, terms.years + min(after, 100))


class Limits:
    """Variables and limits of one road; ``phases_costs.Model`` adds what it costs.

    To explain, every limit gets a literal by its name (``guards``) and those outside ``only`` are left out. ``strict``
    rounds areas and money to the side that keeps the limits; else to the side that keeps the bound true.
    """

    def __init__(
        self, data: Road, *, strict: bool = False, explain: bool = False, only: frozenset[str] | None = None
    ) -> None:
        self.data, self.strict, self.explain, self.only = data, strict, explain, only
        self.guards: dict[str, Any] = {}
        self.cp = cp_model.CpModel()
        years = data.terms.years
        self.done: dict[int, list[Literal]] = {}
        for u in data.movers:
            self.done[u] = [self.cp.new_bool_var("") for _ in range(years)]
            for before, after in zip(self.done[u], self.done[u][1:], strict=False):
                self.cp.add_implication(before, after)
            if data.terms.finish:
                self.cp.add(self.done[u][-1] == 1)
        self.products: dict[tuple[int, int], Any] = {}
        self.used = self._used()
        self.once = Sum()  # one-off cost of all years
        self._rooms()
        self._rules()
        self._limits()

    def after(self, u: int, t: int) -> Literal:
        """Whether ``u`` sits in its new place at the end of year ``t`` (-1: before everything)."""
        if t < 0:
            return 0
        last = self.data.terms.years - 1
        if t >= last and self.data.terms.finish:
            return 1
        return self.done[u][min(t, last)]

    def _guarded(self, name: str, row: Any) -> None:
        if not self.explain:
            self.cp.add(row)
        elif self.only is None or name in self.only:
            if name not in self.guards:
                self.guards[name] = self.cp.new_bool_var(name)
            self.cp.add(row).only_enforce_if(self.guards[name])

    def sides(self, k: int) -> tuple[list[int], list[int], list[int]]:
        """Units that stay in building ``k``, leave it, come to it."""
        d = self.data
        stay = [i for i, place in enumerate(d.present) if place == k and d.target[i] == k]
        return stay, [i for i in d.movers if d.present[i] == k], [i for i in d.movers if d.target[i] == k]

    def either(self, literals: list[Any]) -> Literal:
        """A literal that is true when any of them is; plain 0 or 1 where that is known."""
        if any(isinstance(one, int) and one == 1 for one in literals):
            return 1
        open_ = [one for one in literals if not isinstance(one, int)]
        if len(open_) < 2:
            return open_[0] if open_ else 0
        found = self.cp.new_bool_var("")
        self.cp.add_max_equality(found, open_)
        return found

    def negated(self, literal: Literal) -> Literal:
        return 1 - literal if isinstance(literal, int) else _flipped(self.cp, literal, self.products)

    def _used(self) -> list[list[Literal]]:
        """(buildings, years + 2) from before the first year on: whether anybody sits there at the year's end."""
        found = []
        for k in range(len(self.data.problem.buildings)):
            stay, leave, come = self.sides(k)
            row: list[Literal] = []
            for t in range(-1, self.data.paid_years):
                if t >= self.data.terms.years:
                    row.append(row[-1])
                    continue
                parts: list[Any] = [1] if stay else []
                parts += [self.negated(self.after(u, t)) for u in leave] + [self.after(u, t) for u in come]
                row.append(self.either(parts))
            found.append(row)
        return found

    def _rooms(self) -> None:
        """Every building, every kind of space, every year. Where today is too full, it gets no fuller until the end."""
        data = self.data
        toward = math.ceil if self.strict else math.floor
        for k, b in enumerate(data.problem.buildings):
            stay, leave, come = self.sides(k)
            if not come and not leave:
                continue
            for kind in data.problem.kinds:
                need = [data.problem.need(u, kind) for u in data.problem.units]
                now, rest = sum(need[u] for u in (*stay, *leave)), sum(need[u] for u in stay)
                room = data.problem.room(b, kind)
                room += 0.0 if self.strict else TOLERANCE * (1 + room)
                for t in range(data.terms.years):
                    last = t == data.terms.years - 1
                    terms = [(self.after(u, t), need[u]) for u in come]
                    gone = [(self.after(u, t - 1 if data.terms.side_by_side else t), need[u]) for u in leave]
                    total = Sum(rest + sum(m2 for _d, m2 in gone))
                    for literal, m2 in terms:
                        total.add(literal, m2)
                    for literal, m2 in gone:
                        total.add(literal, -m2)
                    limit = room if last or now <= room else now
                    row = total.whole(FINE, lambda m2: toward(m2 + 1e-6 * (-1 if self.strict else 1)))
                    self._guarded(f"room of {b.id}", row <= math.floor((limit - total.constant) * FINE + 1e-3))

    def _rules(self) -> None:
        """Rules about two units hold from the first year on where they hold today, else from the last."""
        names = {u.id: n for n, u in enumerate(self.data.problem.units)}
        for rule in self.data.problem.rules:
            who = [names[u] for u in dict.fromkeys(rule.units)]
            if rule.kind == "must_share":
                self._pairs_of(rule.name, [(who[0], other) for other in who[1:]], together=True)
            elif rule.kind == "must_not_share":
                self._pairs_of(rule.name, [(a, b) for n, a in enumerate(who) for b in who[n + 1 :]], together=False)

    def _pairs_of(self, name: str, pairs: list[tuple[int, int]], together: bool) -> None:
        data = self.data
        for u, v in pairs:
            here = [(data.present[x], data.target[x]) if x in self.done else (data.present[x],) for x in (u, v)]
            good = {(a, b): (p == q) == together for a, p in enumerate(here[0]) for b, q in enumerate(here[1])}
            for t in range(data.terms.years):
                if t < data.terms.years - 1 and not good[0, 0]:
                    continue
                for (a, b), fine in good.items():
                    if not fine:
                        lits = [(x, e) for x, e in ((u, a), (v, b)) if x in self.done]
                        sum_ = [self.done[x][t] if e else 1 - self.done[x][t] for x, e in lits]
                        self._guarded(name, sum(sum_) <= len(lits) - 1)

    def _limits(self) -> None:
        """Money and moves of each year; each one-off amount is paid in its year."""
        data = self.data
        problem = data.problem
        for t in range(data.terms.years):
            once, count = Sum(), Sum()
            for u in data.movers:
                price = costs.moving_once(problem, problem.units[u], problem.buildings[data.target[u]])
                for amounts, each in ((once, price), (count, 1.0)):
                    amounts.add(self.after(u, t), each)
                    amounts.add(self.after(u, t - 1), -each)
            for k, b in enumerate(problem.buildings):
                if b.closing_once and not year_kept(problem, b.id):
                    once.add(self._emptied(k, t), b.closing_once)
            if data.terms.budget_once is not None:
                limit = data.terms.budget_once[t]
                limit += TOLERANCE * (1 + limit) - once.constant
                scale = 1e12 / max(1.0, abs(limit), *(abs(a) for _l, a in once.terms.values())) if once.terms else 1.0
                toward = math.ceil if self.strict else math.floor
                self._guarded(f"budget {data.first + t}", once.whole(scale, toward) <= math.floor(limit * scale))
            if data.terms.most_moves is not None:
                row = count.whole(1.0, round) <= data.terms.most_moves[t] - round(count.constant)
                self._guarded(f"moves {data.first + t}", row)
            self.once.take(once)

    def _emptied(self, k: int, t: int) -> Literal:
        before, after = self.used[k][t], self.used[k][t + 1]
        if isinstance(before, int) and before == 0:
            return 0
        if isinstance(after, int) and after == 1:
            return 0
        if isinstance(before, int):
            return self.negated(after)
        if isinstance(after, int):
            return before
        found = self.cp.new_bool_var("")
        self.cp.add(found >= before - after)
        return found


def year_kept(problem: Problem, building: str) -> bool:
    """Whether a rule keeps the building open, so that it is never closed."""
    return any(rule.kind == "do_not_close" and building in rule.buildings for rule in problem.rules)


def _flipped(cp: cp_model.CpModel, literal: Any, made: dict[tuple[int, int], Any]) -> Any:
    """1 - literal as a variable of its own, so that sums can hold it by its index."""
    key = (-1, literal.index)
    if key not in made:
        made[key] = cp.new_bool_var("")
        cp.add(made[key] + literal == 1)
    return made[key]
