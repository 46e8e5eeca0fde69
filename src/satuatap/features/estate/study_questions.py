"""Answers to what is asked of a study: from its problem and plan to JSON. Loads the solvers, as ``study`` does.

Nobody but the process that answers imports this file.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from satuatap.engines.regroup import doubt as doubts
from satuatap.engines.regroup import reading, verify
from satuatap.engines.regroup.answer import Answer
from satuatap.engines.regroup.cost import Cost, cost
from satuatap.engines.regroup.doubt_figures import figures, with_values
from satuatap.engines.regroup.front import Front, Point, front
from satuatap.engines.regroup.generate import city
from satuatap.engines.regroup.phases import phases
from satuatap.engines.regroup.phases_reading import read_terms
from satuatap.engines.regroup.problem import EITHER, Building, Problem, Unit
from satuatap.engines.regroup.relax import relaxed
from satuatap.engines.regroup.solve import hash_of, present, regroup
from satuatap.engines.regroup.stopping import Deadline, Either, Stop
from satuatap.engines.regroup.why import ASKED, Why, why_not
from satuatap.features.estate.questions.queries import QuestionTask
from satuatap.features.estate.states import Ask

WHY_SECONDS = 1.5  # of the second solving, so that the answer is on the screen within three
SECONDS: Mapping[Ask, float] = {Ask.FRONT: 60.0, Ask.PHASES: 30.0, Ask.RELAX: 30.0, Ask.DOUBT: 100.0}
POINTS = 8
Told = dict[str, Any]
Part = Callable[[Told], None]


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question with its problem read once."""

    task: QuestionTask
    problem: Problem
    best: Answer
    stop: Stop
    part: Part


def answered(task: QuestionTask, *, stop: Stop, part: Part, seconds: float | None = None) -> Told:
    """The answer as JSON. ``part`` hears what there is so far; ``stop`` ends it early; ``seconds``: not as usual.

    Raises ValueError for a problem with faults.
    """
    problem = reading.read(task.problem).problem
    if problem is None:
        raise ValueError("the problem has faults; ask() names them")
    there = cost(problem, task.plan)
    bound = -math.inf if task.bound is None else task.bound
    best = Answer(task.plan, there, present(problem), bound, task.proved, False, 0.0, task.seed, "")
    limit = seconds if seconds is not None else SECONDS.get(task.kind, WHY_SECONDS)
    asked = _Asked(task, problem, best, Either(Deadline(limit), stop), part)
    verbs = {Ask.WHY: _why, Ask.FRONT: _front, Ask.PHASES: _phases, Ask.RELAX: _relax, Ask.DOUBT: _doubt}
    return verbs[task.kind](asked)


def warm_up() -> None:
    """Load the solvers and their compiled kernels on a small made-up city, so that the first question is quick."""
    problem = reading.read(city(6, 4, 1)).problem
    if problem is not None:
        best = regroup(problem, 2000, 1)
        if best.plan is not None:
            why_not(problem, problem.units[0].id, problem.buildings[-1].id, best, stop=lambda: 500)


# ------------------------------------------------------------------ why not there
def _why(asked: _Asked) -> Told:
    task, problem = asked.task, asked.problem
    unit = next(one for one in problem.units if one.id == task.asked["unit"])
    building = next(one for one in problem.buildings if one.id == task.asked["building"])
    wish = {"name": f"{unit.id} di {building.id}", "kind": "fixed", "units": [unit.id], "buildings": [building.id]}
    told: Told = {"room": _room(problem, task.plan, unit, building), "wish": wish}
    if task.plan[unit.id] == building.id:
        return {**told, "already": True, "hard": False}
    found = why_not(problem, unit.id, building.id, asked.best, stop=lambda: asked.stop, seed=task.seed)
    if found.is_hard:
        return {**told, "hard": True, "clash": [_named(problem, name) for name in found.clash if name != ASKED]}
    if found.forced is None or found.forced.plan is None or found.forced.cost is None:
        return {**told, "hard": False, "plan": None, "low": _finite(found.low)}
    forced_raw = {**task.problem, "rules": [*task.problem.get("rules", ()), wish]}
    verdict = verify.verify(forced_raw, found.forced.plan)
    return {
        **told, **_priced(asked, found, found.forced.cost), "hard": False, "plan": dict(found.forced.plan),
        "forced_hash": hash_of(forced_raw), "verified": verdict.feasible,
    }  # fmt: skip


def _priced(asked: _Asked, found: Why, after: Cost) -> Told:
    """What forcing it costs a year, and what else then sits elsewhere."""
    before, forced = asked.best.cost, found.forced
    assert before is not None and forced is not None and forced.plan is not None
    plan, rows = asked.task.plan, []
    for unit in asked.problem.units:
        then = forced.plan[unit.id]
        if then != plan[unit.id]:
            rows.append({"unit": unit.id, "planned": plan[unit.id], "forced": then, "present": unit.present})
    differences = {
        kind: {
            term: getattr(after, kind).get(term, 0.0) - getattr(before, kind).get(term, 0.0)
            for term in sorted({*getattr(before, kind), *getattr(after, kind)})
        }
        for kind in ("cash", "capacity")
    }
    return {
        "low": _finite(found.low), "high": _finite(max(found.low, found.high)), "score": after.score,
        "bound": _finite(forced.lower_bound), "proved": forced.proved,
        "cash_yearly": after.cash_yearly - before.cash_yearly,
        "capacity_yearly": after.capacity_yearly - before.capacity_yearly,
        "citizen_km": after.citizen_km - before.citizen_km, "one_off": _once(after) - _once(before), **differences,
        "changed": rows, "emptied": sorted(set(before.open) - set(after.open)),
        "opened": sorted(set(after.open) - set(before.open)),
    }  # fmt: skip


def _once(one: Cost) -> float:
    return sum(one.one_off.values())


def _room(problem: Problem, plan: Mapping[str, str], unit: Unit, building: Building) -> list[Told]:
    """m2 by kind: what the building has, what the plan's others take, what the unit needs."""
    others = [one for one in problem.units if plan[one.id] == building.id and one.id != unit.id]
    rows = []
    for kind in problem.kinds:
        need, room = problem.need(unit, kind), problem.room(building, kind)
        used = sum(problem.need(one, kind) for one in others)
        if need and kind != EITHER:
            rows.append({"kind": kind, "room": room, "used": used, "left": room - used, "need": need})
    return rows


def _named(problem: Problem, name: str) -> Told:
    """A rule or a room that clashes, as data for words."""
    if name.startswith("room of "):
        return {"kind": "room", "building": name.removeprefix("room of ")}
    rule = next(rule for rule in problem.rules if rule.name == name)
    return {
        "kind": rule.kind, "name": rule.name, "units": list(rule.units), "buildings": list(rule.buildings),
        "limit": rule.limit, "district": rule.district,
    }  # fmt: skip


def _finite(number: float) -> float | None:
    return number if math.isfinite(number) else None


# ------------------------------------------------------------------ which rule weighs most
def _relax(asked: _Asked) -> Told:
    found = relaxed(asked.problem, asked.best, stop=asked.stop, seed=asked.task.seed)
    rows = [
        {
            "rule": _named(asked.problem, one.rule), "gain": _finite(one.gain), "low": one.low,
            "high": _finite(one.high), "moved": list(one.moved), "freed": list(one.freed), "kept": list(one.kept),
        }
        for one in found
    ]  # fmt: skip
    return {"rules": rows, "asked": len(asked.problem.rules)}


# ------------------------------------------------------------------ what a year saves against what it costs once
def _front(asked: _Asked) -> Told:
    task = asked.task
    against = str(task.asked["against"])
    seen: dict[tuple[float, float], Point] = {}
    told: Told = {}
    walk = front(asked.problem, against, points=POINTS, stop=asked.stop, seed=task.seed, start=task.plan)
    for found in walk:
        seen |= {(point.yearly, point.against): point for point in found.points}
        told = _walked(asked, found, seen)
        asked.part(told)
    return told


def _walked(asked: _Asked, found: Front, seen: Mapping[tuple[float, float], Point]) -> Told:
    """The front so far; what was a point once and then was beaten stands apart."""
    problem, told = asked.problem, found.as_json()
    for point in told["points"]:
        point["verified"] = verify.verify(asked.task.problem, point["plan"]).feasible
    kept = {(point.yearly, point.against) for point in found.points}
    here = [_paid(problem, asked.best.cost, "plan")] if asked.best.cost else []
    return {
        **told, "today": present(problem).score, "marks": here,
        "beaten": [{"yearly": y, "against": a} for y, a in seen if (y, a) not in kept],
    }  # fmt: skip


def _paid(problem: Problem, one: Cost, what: str) -> Told:
    """A plan's place in the picture of money: the score of a year without its spread, and money once."""
    return {
        "what": what, "yearly": one.score - one.cash.get("one_off_spread", 0.0), "against": _once(one),
        "saved": present(problem).cash_yearly - one.cash_yearly,
    }  # fmt: skip


# ------------------------------------------------------------------ which unit in which year
def _phases(asked: _Asked) -> Told:
    task = asked.task
    raw = {key: value for key, value in task.asked.items() if value is not None}
    terms, faults = read_terms(raw)
    if terms is None:
        raise ValueError("; ".join(str(one) for one in faults))
    found = phases(asked.problem, task.plan, terms, stop=asked.stop, seed=task.seed).as_json()
    return {**found, "first": asked.problem.year, "asked_years": terms.years}


# ------------------------------------------------------------------ how sure, with figures that were found
def _doubt(asked: _Asked) -> Told:
    """The draws made anew with these figures known; the plan of the likely figures is looked for again first."""
    task = asked.task
    values: Mapping[str, float] = task.asked["values"]
    chosen = tuple(one for one in figures(task.problem) if one.path in values)
    raw = with_values(task.problem, chosen, [values[one.path] for one in chosen])
    problem = reading.read(raw).problem
    if problem is None:
        return {"impossible": True}
    quick = regroup(problem, Either(Deadline(_A_PLAN), asked.stop), task.seed, start=task.plan)
    plan = quick.plan if quick.plan is not None else task.plan
    found = doubts.doubt(raw, plan, draws=task.draws or doubts.USUAL_DRAWS, stop=asked.stop, seed=task.seed)
    told = found.as_json()
    there = cost(problem, plan)
    return {
        **told, "impossible": False, "plan": dict(plan), "moved": [u for u in plan if plan[u] != task.plan[u]],
        "score": there.score, "bound": _finite(quick.lower_bound),
    }  # fmt: skip


_A_PLAN = 10.0
