"""Steps that nobody can do today, because the booths of all their desks are closed by a dated rule, or close early."""

from __future__ import annotations

import time
from datetime import date, datetime

from satuatap.features.malls import queries as malls
from satuatap.features.visits.models import Desk

KEEPS_S = 2.0  # a rule of the office holds within seconds; every number that is given asks
STALE_S = 10.0  # and until then the answer from before serves while a new one is found

_kept: dict[int, tuple[float, frozenset[int]]] = {}


def closed_booths(mall: int) -> frozenset[int]:
    """Booths without hours today, while the mall has some."""
    if all(known.id != mall for known in malls.malls()):
        return frozenset()  # a floor without a plan has no booths
    day = malls.today(mall)
    if not malls.open_hours(mall, day).is_open:
        return frozenset()
    booths = malls.booth_numbers(mall)
    return frozenset(booth for booth in booths if not malls.open_hours(mall, day, booth).is_open)


def closed_steps(mall: int) -> frozenset[int]:
    """Steps whose desks all stand at closed booths; at most two seconds old."""
    kept = kept_closed_steps(mall)
    if kept is not None:
        return kept
    booths = closed_booths(mall)
    found: frozenset[int] = frozenset()
    if booths:
        places = malls.desk_places(mall)
        able: set[int] = set()
        shut: set[int] = set()
        for desk in Desk.objects.filter(mall=mall):
            place = places.get(desk.pk)
            (shut if place is not None and place.booth in booths else able).update(desk.skills)
        found = frozenset(shut - able)
    _kept[mall] = (time.monotonic(), found)
    return found


def early_ends(mall: int, day: date) -> dict[int, datetime]:
    """Steps whose booths all close before the mall does on ``day``, each with the moment when the last of them does.

    A booth that keeps the mall's hours sets no end of its own: what the mall's floor says holds for it.
    """
    zone = malls.mall(mall).zone_name
    _opens, closes = malls.opening_moments(malls.open_hours(mall, day), zone)
    if closes is None:
        return {}
    own = {
        booth: malls.opening_moments(malls.open_hours(mall, day, booth), zone)[1]
        for booth in malls.booth_numbers(mall)
    }
    if all(end is None or end >= closes for end in own.values()):
        return {}
    places = malls.desk_places(mall)
    last: dict[int, datetime] = {}
    for desk in Desk.objects.filter(mall=mall):
        end = own.get(places[desk.pk].booth, closes) if desk.pk in places else closes
        if end is not None:
            last.update({step: max(last.get(step, end), end) for step in desk.skills})
    return {step: end for step, end in last.items() if end < closes}


def kept_closed_steps(mall: int, keeps: float = KEEPS_S) -> frozenset[int] | None:
    """What was found at most ``keeps`` seconds ago; no thread, no database."""
    kept = _kept.get(mall)
    return kept[1] if kept and time.monotonic() - kept[0] < keeps else None


def forget_closures() -> None:
    """A rule was entered or withdrawn."""
    _kept.clear()
