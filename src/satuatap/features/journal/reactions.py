"""What the journal does by itself: it is sealed every so often and at the closing of a day, and checked every night."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings

from satuatap.basics.actor import Actor
from satuatap.basics.refusal import Refusal
from satuatap.features.journal import roots, verify
from satuatap.features.journal.actions import seal, tell_check
from satuatap.features.journal.facts import JournalChecked
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


def check_and_tell(folders: Sequence[Path]) -> JournalChecked:
    """Check every entry against the seals and against the roots in these folders, and write down what came out.

    Each list of roots that holds more than another one is held against the journal by itself: two that differ are not
    mixed. What is wrong inside is told before what is wrong against the outside.
    """
    kept, unread = outside_of(folders)
    reports = [verify.check_journal(outside) for outside in kept or [[]]]
    faults = sorted((fault for one in reports for fault in one.faults), key=lambda fault: fault.root is not None)
    first = faults[0] if faults else None
    check = JournalChecked(
        entries=max(one.entries for one in reports),
        sealed=max(one.sealed for one in reports),
        outside=len({root.root for outside in kept for root in outside}),
        wrong=str(first.wrong) if first else "",
        first=first.first if first else 0,
        last=first.last if first else 0,
        root_size=first.root.size if first and first.root else 0,
        root_made=first.root.made if first and first.root else "",
        unread=unread,
    )
    if check.wrong or unread:
        log.error("the journal is not what was sealed or published: %s; run `satuatap journal verify`", check)
    tell_check(by=BY, check=check)
    return check


def outside_of(folders: Sequence[Path]) -> tuple[list[list[roots.Root]], int]:
    """The lists of roots that say something of their own, and how many folders hold what is no such list."""
    found: list[list[roots.Root]] = []
    unread = 0
    for folder in folders:
        files = roots.files(folder)
        if not files:
            continue
        try:
            found.append(roots.read("\n".join(file.read_text(encoding="utf-8") for file in files)))
        except (OSError, UnicodeDecodeError, roots.RootsUnreadable):
            log.exception("the roots in %s can't be read", folder)
            unread += 1
    kept: list[list[roots.Root]] = []
    for one in sorted(found, key=len, reverse=True):
        if not any(set(one) <= set(other) for other in kept):
            kept.append(one)
    return kept, unread
