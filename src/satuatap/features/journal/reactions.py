"""What the journal does by itself: it is sealed every so often, and at the closing of a day."""

from __future__ import annotations

import logging
from pathlib import Path

from django.conf import settings

from satuatap.basics.actor import Actor
from satuatap.basics.refusal import Refusal
from satuatap.features.journal import roots
from satuatap.features.journal.actions import seal
from satuatap.features.journal.queries import Line

log = logging.getLogger(__name__)

BY = Actor.system("seal")
MOST_IN_A_ROW = 100


def roots_folder() -> Path:
    """Where the roots lie that are meant to leave this machine."""
    return Path(settings.HOME) / "roots"


def seal_and_publish() -> int:
    """Seal what is new, then write the roots out; returns how many seals were made. Safe to run twice, and at once.

    The file is looked after even when nothing was sealed: a kill may have come between a seal and its line.
    """
    made = 0
    try:
        while made < MOST_IN_A_ROW and seal(by=BY) is not None:
            made += 1
    except Refusal as refusal:
        log.error("the journal was not sealed: %s", refusal.code)
    try:
        roots.publish(roots_folder())
    except roots.RootsAhead as ahead:
        log.error("no root was written out: %s; run `satuatap journal verify`", ahead)
    return made


def seal_the_day(line: Line) -> None:
    """A day that closed gets its seal at once: the daily sheet prints it."""
    seal_and_publish()
