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
