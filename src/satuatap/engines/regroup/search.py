"""Search for a good plan: annealing runs from several seeds, each a little longer than the one before.

The same seed and the same number of moves give the same plan; a stop is looked at between blocks of moves only.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from satuatap.engines.regroup.core import Core, Ints, broken, cost_of
from satuatap.engines.regroup.search_moves import refresh
from satuatap.engines.regroup.search_tables import (
    BEST,
    COOLING,
    COST,
    EXCESS,
    HEAT,
    PRICE,
    State,
    Tables,
    new_state,
    tables,
)
from satuatap.engines.regroup.search_walk import sample, walk
from satuatap.engines.regroup.stopping import Stop, never

BLOCK = 100_000  # moves between two looks at the stop
_WARM, _COLD = 0.35, 0.0008  # heat at the start and the end of a run, in median changes of one move


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found: ``plan`` (n,) or None where no feasible one was met, its cost, the moves that were made."""

    plan: Ints | None
    cost: float
    moves: int


def first_plan(core: Core, t: Tables, places: Ints | None = None) -> Ints | None:
    """Each group, largest first, where it costs least and still fits; None if some group may sit nowhere."""
    usable = t.allowed if places is None else t.allowed & np.isin(np.arange(core.m), places)[None, :]
    usable = np.where(usable.sum(axis=1)[:, None] > 0, usable, t.allowed)
    if not usable.any(axis=1).all():
        return None
    plan = np.zeros(core.n, np.int64)
    free = t.room.copy()
    opened = core.kept_open.copy()
    for i in np.argsort(-t.size.sum(axis=1), kind="stable"):
        cost = t.assign[i] + np.where(opened, 0.0, t.open_cost)
        fits = usable[i] & (t.size[i][None, :] <= free).all(axis=1)
        roomy = np.where(usable[i], (free - t.size[i]).min(axis=1, initial=np.inf), -np.inf)
        plan[i] = int(np.argmin(np.where(fits, cost, np.inf))) if fits.any() else int(np.argmax(roomy))
        free[plan[i]] -= t.size[i]
        opened[plan[i]] = True
    return plan


def _heated(state: State, moves: int, warm: float) -> None:
    """Set heat, cooling and price of a run by the scale of the instance itself."""
    changes = sample(*state, 2000)
    scale = float(np.median(changes)) if len(changes) else 1.0
    state.value[HEAT] = warm * scale
    state.value[COOLING] = (_COLD * scale / state.value[HEAT]) ** (64.0 / max(64, moves))
    state.value[PRICE] = 2.0 * scale


def anneal(
    t: Tables, plan: Ints, *, seed: int, moves: int, stop: Stop = never, warm: float = _WARM
) -> tuple[State, int]:
    """One run from a plan; returns its state and the moves made."""
    state = new_state(t, plan, seed)
    _heated(state, moves, warm)
    done = 0
    while done < moves and not stop():
        block = min(BLOCK, moves - done)
        walk(*state, block)
        done += block
    return state, done


def late_acceptance(core: Core, *, seed: int, moves: int, stop: Stop = never, history: int = 5000) -> Found:
    """Late acceptance alone from the first plan, as general solvers for planners do: a peer to compare with."""
    t = tables(core)
    plan = first_plan(core, t)
    if plan is None:
        return Found(None, np.inf, 0)
    state = new_state(t, plan, seed, history)
    _heated(state, moves, _WARM)
    refresh(*state)
    state.f[state.at.history :] = state.value[COST] + state.value[PRICE] * state.value[EXCESS]
    done = 0
    while done < moves and not stop():
        walk(*state, min(BLOCK, moves - done))
        done += min(BLOCK, moves - done)
    return judged(core, state.best if np.isfinite(state.value[BEST]) else None, done)


def judged(core: Core, plan: Ints | None, moves: int) -> Found:
    """A plan costed and checked by the core's own functions, not by the search's running sums."""
    if plan is None or broken(core, plan):
        return Found(None, np.inf, moves)
    return Found(plan.copy(), cost_of(core, plan), moves)


def search(
    core: Core,
    *,
    seed: int,
    moves: int,
    stop: Stop = never,
    start: Ints | None = None,
    better: Callable[[Ints, float], None] | None = None,
    first: int | None = None,
) -> Found:
    """The best feasible plan of annealing runs that together make ``moves`` moves.

    The first run has ``first`` moves, each later one half as many again. Every second run starts at the best plan so
    far, half as warm; ``better`` is told each improved plan at once.
    """
    t = tables(core)
    origin = first_plan(core, t)
    if origin is None:
        return Found(None, np.inf, 0)
    best = judged(core, start, 0)
    length = first or max(200_000, 6_000 * core.n)
    made = 0
    run = 0
    while made < moves and not stop():
        length = min(length, moves - made)
        again = best.plan is not None and (run % 2 == 1 or (start is not None and run == 0))
        state, done = anneal(
            t,
            best.plan if again and best.plan is not None else origin,
            seed=seed * 1009 + run,
            moves=length,
            stop=stop,
            warm=_WARM * (0.3 if again else 1.0),
        )
        made += done
        found = judged(core, state.best if np.isfinite(state.value[BEST]) else None, made)
        if found.cost < best.cost:
            best = found
            if better is not None and found.plan is not None:
                better(found.plan, found.cost)
        run += 1
        length = length * 3 // 2 if run % 2 == 0 else length
    return Found(best.plan, best.cost, made)
