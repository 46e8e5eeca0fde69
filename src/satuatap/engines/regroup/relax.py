"""Which single rule, left out, would change the plan most: every rule is dropped once, and the city solved again."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

from satuatap.engines.regroup.answer import Answer
from satuatap.engines.regroup.compile import compiled
from satuatap.engines.regroup.core import broken
from satuatap.engines.regroup.cost import cost
from satuatap.engines.regroup.problem import Problem
from satuatap.engines.regroup.stopping import Deadline, Either, Stop, never, seconds_left
from satuatap.engines.regroup.why import clash, solved_again

_MOVES = 200_000
_PROVED_RULES = 3  # of the rules, those that cost most get a proof too


@dataclass(frozen=True, slots=True)
class Relaxed:
    """One rule left out. What the rule costs a year (score) lies in [low, high]; ``gain`` is by the plans found.

    ``moved``: units that then sit elsewhere than in the best plan; ``freed`` and ``kept``: buildings that then are
    empty, or are not. For a city without any plan ``gain`` is inf where leaving the rule out gives one.
    """

    rule: str
    gain: float
    low: float
    high: float
    moved: tuple[str, ...]
    freed: tuple[str, ...]
    kept: tuple[str, ...]
    answer: Answer


def relaxed(
    problem: Problem, best: Answer, *, stop: Stop | int = never, seed: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> list[Relaxed]:  # fmt: skip
    """Each rule left out once, the dearest first. ``stop``: a callable, or a number of moves for each rule.

    The best plan keeps every rule, so each solving begins from it and can only gain. A city without a plan is asked
    about the rules that clash. The first pass searches; the dearest three are then solved with a proof.
    """
    names = [rule.name for rule in problem.rules]
    if best.plan is None:
        clashing = set(clash(problem))
        names = [name for name in names if name in clashing]
    outer: Stop = never if isinstance(stop, int) else stop
    moves = stop if isinstance(stop, int) else _MOVES
    known = best if best.plan is None else _better(best, solved_again(problem, best.plan, moves, seed, nodes=0))
    found = []
    for n, name in enumerate(names):
        if outer():
            break
        found.append(_one(problem, name, known, moves, seed, 0))
        known = _kept(problem, known, found[-1].answer)
        if progress is not None:
            progress(n + 1, len(names))
    found = _sorted([_told(one.rule, known, one.answer) for one in found])
    for n, one in enumerate(found[:_PROVED_RULES]):
        if outer() or one.gain == 0.0:
            break
        limit = stop if isinstance(stop, int) else _share(outer, min(_PROVED_RULES, len(found)) - n)
        proved = _one(problem, one.rule, known, limit, seed, None)
        found[n] = proved if proved.gain >= one.gain else replace(one, high=min(one.high, proved.high))
    return _sorted(found)


def _sorted(found: list[Relaxed]) -> list[Relaxed]:
    return sorted(found, key=lambda one: (-one.gain, -len(one.moved), one.rule))


def _better(best: Answer, other: Answer) -> Answer:
    """The cheaper of two plans of one city, with the better bound of both."""
    if other.cost is None or best.cost is None:
        return best
    bound = max(best.lower_bound, other.lower_bound)
    return replace(other if other.cost.score < best.cost.score else best, lower_bound=bound)


def _kept(problem: Problem, best: Answer, other: Answer) -> Answer:
    """A plan found without a rule that keeps all rules after all is a better plan of the city, no gain of the rule."""
    if other.plan is None or best.cost is None or other.cost is None or other.cost.score >= best.cost.score:
        return best
    made = compiled(problem)
    groups = made.back(other.plan)
    if broken(made.core, groups) or made.plan(groups) != dict(other.plan):
        return best
    return replace(best, plan=other.plan, cost=cost(problem, other.plan))


def _share(stop: Stop, left: int) -> Stop:
    seconds = seconds_left(stop)
    return stop if seconds > 1e8 else Either(Deadline(seconds / max(1, left)), stop)


def _one(problem: Problem, name: str, best: Answer, limit: Stop | int, seed: int, nodes: int | None) -> Relaxed:
    without = replace(problem, rules=tuple(rule for rule in problem.rules if rule.name != name))
    return _told(name, best, solved_again(without, best.plan, limit, seed, nodes=nodes))


def _told(name: str, best: Answer, answer: Answer) -> Relaxed:
    if best.cost is None or best.plan is None:
        gain = math.inf if answer.plan is not None else 0.0
        return Relaxed(name, gain, 0.0, math.inf, (), (), (), answer)
    if answer.cost is None or answer.plan is None:  # stopped at once: the best plan still stands
        return Relaxed(name, 0.0, 0.0, math.inf, (), (), (), answer)
    before, after = best.cost, answer.cost
    gain = max(0.0, before.score - after.score)
    moved = tuple(u for u, place in best.plan.items() if answer.plan[u] != place) if gain else ()
    return Relaxed(
        name, gain, max(0.0, best.lower_bound - after.score), before.score - answer.lower_bound, moved,
        tuple(b for b in before.open if gain and b not in after.open),
        tuple(b for b in after.open if gain and b not in before.open), answer,
    )  # fmt: skip
