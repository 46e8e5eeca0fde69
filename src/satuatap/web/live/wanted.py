"""From the services a citizen named to the errands of her ticket, with what must come first; kept in memory a while."""

from __future__ import annotations

import time
from collections.abc import Sequence
from threading import Lock

from asgiref.sync import sync_to_async

from satuatap.features.catalogue import queries as catalogue
from satuatap.features.visits import refusals

KEEPS_S = 10.0
MOST_KEPT = 2000

Errands = tuple[list[int], list[list[int]]]  # steps, and for each the earlier positions it waits for

_lock = Lock()
_kept: dict[tuple[str, ...], tuple[float, Errands]] = {}


def errands_of(codes: Sequence[str]) -> Errands:
    """Steps and precedence of the services; refuses a code that nobody knows."""
    key = tuple(codes)
    now = time.monotonic()
    with _lock:
        found = _kept.get(key)
        if found and now - found[0] < KEEPS_S:
            return found[1]
    plan = catalogue.plan(codes)
    if not plan.errands:
        raise refusals.NotServedHere()
    errands = ([e.step_id for e in plan.errands], [list(e.after) for e in plan.errands])
    with _lock:
        if len(_kept) > MOST_KEPT:
            _kept.clear()
        _kept[key] = (now, errands)
    return errands


errands_of_async = sync_to_async(errands_of, thread_sensitive=False)
