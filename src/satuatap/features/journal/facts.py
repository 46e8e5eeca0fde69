"""What can happen to the journal itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from satuatap.basics.facts import Fact


@dataclass(frozen=True)
class JournalSealed(Fact):
    """The first ``size`` positions got the Merkle root ``root`` (hex).

    The fact is an entry as any other, so the next seal's root includes this one: each root holds the one before.
    """

    kind: ClassVar[str] = "journal_sealed"
    size: int
    root: str


@dataclass(frozen=True)
class JournalChecked(Fact):
    """Every entry was checked against the seals and ``outside`` roots; ``wrong`` is a code of ``verify.Wrong``, or "".

    ``first`` and ``last`` are the positions of the first fault; ``root_size`` and ``root_made`` name the root from
    outside that says so, if one does. ``unread`` counts folders of roots that can't be read as such.
    """

    kind: ClassVar[str] = "journal_checked"
    entries: int
    sealed: int
    outside: int
    wrong: str
    first: int
    last: int
    root_size: int
    root_made: str
    unread: int
