"""A small floor to call on: malls of numbers, steps and desks, without the city's files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from satuatap.basics.actor import Actor
from satuatap.features.visits.actions import lay_out
from satuatap.features.visits.actions.layout import DeskRow, PolicyRow, StepRow
from satuatap.features.visits.models import Desk, Floor

BY = Actor.system("test")


def make_floor(
    steps: Mapping[int, float], desks: Mapping[int, Sequence[int]], *, mall: int = 1, policy: PolicyRow | None = None
) -> None:
    """Lay out a mall with ``steps`` (id -> expected minutes) and ``desks`` (id -> skills), open all day."""
    lay_out(
        by=BY,
        mall=mall,
        zone="Asia/Jakarta",
        steps=[StepRow(step, step, minutes) for step, minutes in steps.items()],
        desks=[DeskRow(desk, skills) for desk, skills in desks.items()],
        policy=policy or PolicyRow(),
    )
    now = datetime.now(UTC)
    Floor.objects.filter(pk=mall).update(open_from=now - timedelta(days=400), open_until=now + timedelta(days=400))
    Desk.objects.filter(mall=mall).update(open=True)
