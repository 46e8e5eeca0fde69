"""From the services a citizen named to the errands of her ticket, with what must come first; kept in memory a while."""

from __future__ import annotations

import time
from collections.abc import Sequence
from threading import Lock

from satuatap.features.catalogue import queries as catalogue
from satuatap.features.visits import refusals
from satuatap.web.live.threads import in_a_thread

KEEPS_S = 10.0
MOST_KEPT = 2000

Errands = tuple[list[int], list[list[int]]]  # steps, and for each the earlier positions it waits for

_lock = Lock()
_kept: dict[tuple[str, ...], tuple[float, Errands]] = {}


def kept(codes: Sequence[str]) -> Errands | None:
    """What was found for these services a moment ago; no thread, no database."""
    with _lock:
        found = _kept.get(tuple(codes))
    return found[1] if found and time.monotonic() - found[0] < KEEPS_S else None


def errands_of(codes: Sequence[str]) -> Errands:
    """Steps and precedence of the services; refuses a code that nobody knows."""
    if (known := kept(codes)) is not None:
        return known
    plan = catalogue.plan(codes)
    if not plan.errands:
        raise refusals.NotServedHere()
    errands = ([e.step_id for e in plan.errands], [list(e.after) for e in plan.errands])
    with _lock:
        if len(_kept) > MOST_KEPT:
            _kept.clear()
        _kept[tuple(codes)] = (time.monotonic(), errands)
    return errands


_in_a_thread = in_a_thread(errands_of)


async def errands_of_async(codes: Sequence[str]) -> Errands:
    """The same for the front; a thread only when nothing is kept."""
    return kept(codes) or await _in_a_thread(codes)
