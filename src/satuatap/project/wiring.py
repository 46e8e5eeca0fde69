"""Who reacts to what: one table, fact -> reactions. Plain data, like the list of addresses.

Reactions start from journal positions (their own cursor), run as jobs outside the hot transactions, and are safe to
run twice: a crash between the reaction and the move of its cursor only repeats it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from satuatap.features.catalogue import reactions as catalogue
from satuatap.features.journal.actions import move_reader
from satuatap.features.journal.queries import Line, entries_after, position_of_reader
from satuatap.features.visits import reactions as visits

Reaction = Callable[[Line], None]

WIRING: Mapping[str, Sequence[Reaction]] = {
    "day_closed": [visits.end_waiting],
    "day_opened": [catalogue.drop_old_plans],
}

READER = "reactions"
BATCH = 500


def react() -> int:
    """Run what new entries ask for, in order; returns how many entries were read."""
    start = position_of_reader(READER)
    lines = entries_after(start, BATCH)
    for line in lines:
        for reaction in WIRING.get(line.kind, ()):
            reaction(line)
            move_reader(READER, line.position)
    if lines:
        move_reader(READER, lines[-1].position)
    return len(lines)
