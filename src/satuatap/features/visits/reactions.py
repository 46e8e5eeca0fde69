"""What visits does when the journal says that something happened."""

from __future__ import annotations

from satuatap.basics.actor import Actor
from satuatap.features.journal.queries import Line
from satuatap.features.visits.actions import drop_waiting


def end_waiting(line: Line) -> None:
    """The day was closed: each errand that still waits ends as "tidak terlayani" and is listed."""
    if line.mall is not None:
        drop_waiting(by=Actor.system("reaction"), mall=line.mall)
