"""What plans do when the journal says that something happened."""

from __future__ import annotations

from django.conf import settings

from satuatap.basics.actor import Actor
from satuatap.features.catalogue.actions import move_places
from satuatap.features.journal.queries import Line
from satuatap.features.plans import queries

BY = Actor.system("plans")


def change_places(line: Line) -> None:
    """A unit has moved: the catalogue names the new place of each of its services. Twice is once."""
    move = queries.move(int(line.fact["move"]))
    move_places(
        by=BY,
        services=list(move.services),
        old=(move.origin_name, move.origin_address),
        new=(move.target_name, move.target_address),
        on=move.moved_on or move.on,
        source=f"{settings.PUBLIC_URL}/penataan/{move.plan}",
    )
