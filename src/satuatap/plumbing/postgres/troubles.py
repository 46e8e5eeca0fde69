"""What may go wrong with a database on a real machine, said once, in both languages."""

from __future__ import annotations


class DatabaseTrouble(Exception):
    """The database can't be used: what happened and what to do, in Indonesian and in English."""

    def __init__(self, indonesian: str, english: str) -> None:
        super().__init__(f"{indonesian}\n{english}")
        self.indonesian = indonesian
        self.english = english
