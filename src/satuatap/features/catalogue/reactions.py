"""What the catalogue does when the journal says that something happened."""

from __future__ import annotations

from datetime import UTC, datetime

from satuatap.features.catalogue.actions import drop_plans
from satuatap.features.journal.queries import Line


def drop_old_plans(line: Line) -> None:
    """A new day: plans that have expired are forgotten."""
    drop_plans(before=max(line.at, datetime.now(UTC)))
