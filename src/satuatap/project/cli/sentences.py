"""What the command line says when it can't go on: one sentence and what to do, in both languages."""

from __future__ import annotations

import sys
from typing import Protocol


class Bilingual(Protocol):
    indonesian: str
    english: str


class Trouble(Exception):
    """A start that can't succeed, in Indonesian and in English."""

    def __init__(self, indonesian: str, english: str) -> None:
        super().__init__(f"{indonesian}\n{english}")
        self.indonesian = indonesian
        self.english = english


def say_trouble(trouble: Bilingual) -> None:
    """To the person who typed the command, not to a log."""
    print(f"\nsatuatap: {trouble.indonesian}\n          {trouble.english}", file=sys.stderr, flush=True)


def say(line: str) -> None:
    """A line of progress."""
    print(f"  {line}", flush=True)
