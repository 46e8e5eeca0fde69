"""What is wrong with a problem file."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: its path in the file, what is wrong, and what to do."""

    path: str
    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.path or 'file'}: {self.what}. {self.remedy[:1].upper()}{self.remedy[1:]}."
