"""How a feature declares a field about a person, beside its model: why, by which law, until when, for whom.

Pure. A test (tests/architecture/test_personal.py) names every field of a table that may hold a person and is not
declared; the register of processing activities is written from these declarations.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

MASK = "•"


@dataclass(frozen=True, slots=True)
class Basis:
    """A ground in law. ``key`` is its row in data/law/personal-data.csv; no source: not yet checked, and said so."""

    key: str
    name: str
    name_en: str
    regulation: str
    article: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class End:
    """When the field is erased: ``days`` after what the words say. A city may set other ``days``."""

    days: int
    words: str
    words_en: str


@dataclass(frozen=True, slots=True)
class PersonalField:
    """One field about a person. ``model`` and ``field`` as Django names them; ``readers`` as roles or words.

    ``asked`` is off for what is declared so that nobody adds it thoughtlessly: no table has it, no screen asks for it.
    """

    model: str
    field: str
    subject: str  # "citizen" or "staff"
    purpose: str
    purpose_en: str
    basis: Basis
    end: End
    readers: tuple[str, ...]
    encrypted: bool
    masked: Callable[[str], str]
    asked: bool = True

    def __post_init__(self) -> None:
        if self.subject not in ("citizen", "staff"):
            raise ValueError(f"{self.model}.{self.field}: a subject is a citizen or staff")
        words = (self.purpose, self.purpose_en, self.end.words, self.end.words_en, *self.readers)
        if not self.readers or not all(words) or self.end.days < 0:
            raise ValueError(f"{self.model}.{self.field}: purpose, end and readers are said")


def shown(value: str) -> str:
    """For a field that stands on screens as it is, to those who may read it."""
    return value


def hidden(value: str) -> str:
    """For a field that no screen shows."""
    return MASK * 3 if value else ""


def mask_name(name: str) -> str:
    """The first letter of each word: ``S••• A•••``."""
    return " ".join(word[0] + MASK * 3 for word in name.split())


def mask_digits(number: str, *, head: int = 4, tail: int = 3) -> str:
    """A telephone number with its first and last signs: ``0812•••••789``; one that is too short is hidden whole."""
    inner = len(number) - head - tail
    return MASK * len(number) if inner < 3 else number[:head] + MASK * inner + number[len(number) - tail :]


def mask_nik(nik: str) -> str:
    """A NIK tells sex and date of birth in its middle: only the last four digits stay."""
    return MASK * max(len(nik) - 4, 0) + nik[-4:] if len(nik) > 4 else MASK * len(nik)
