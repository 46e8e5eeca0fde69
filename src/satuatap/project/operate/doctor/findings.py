"""One thing that was looked at."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How it is: ``bad`` needs a hand today, ``soon`` this week, ``note`` is only told."""

    OK = "ok"
    NOTE = "note"
    SOON = "soon"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found, in both languages; a level that is not ``ok`` says what to do."""

    name: str
    level: Level
    indonesian: str
    english: str


def fine(name: str, indonesian: str, english: str) -> Finding:
    return Finding(name, Level.OK, indonesian, english)
