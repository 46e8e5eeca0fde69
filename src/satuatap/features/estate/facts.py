"""What can happen to the estate. Sheets, counts and codes; never a person."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from satuatap.basics.facts import Fact


@dataclass(frozen=True)
class EstatePut(Fact):
    """The inventory was made equal to its sheets: how many rows of each came, changed, went."""

    kind: ClassVar[str] = "estate_put"
    sheets: dict[str, dict[str, int]]


@dataclass(frozen=True)
class ColumnsSaved(Fact):
    """How a sheet of the city's own is read was kept, or changed: its number and the sheet that it fills."""

    kind: ClassVar[str] = "columns_saved"
    columns: int
    sheet: str


@dataclass(frozen=True)
class ColumnsDropped(Fact):
    """How a sheet of the city's own is read was forgotten."""

    kind: ClassVar[str] = "columns_dropped"
    columns: int


@dataclass(frozen=True)
class UnitSeated(Fact):
    """A unit sits in another building from this day on; codes of the inventory."""

    kind: ClassVar[str] = "unit_seated"
    unit: str
    origin: str
    target: str
    on: str


@dataclass(frozen=True)
class StudyAsked(Fact):
    """Somebody asked for a study of the inventory as it stands when its job begins."""

    kind: ClassVar[str] = "study_asked"
    study: str
    seconds: float
    draws: int
    prices: dict[str, float] = field(default_factory=dict)  # those that were asked to differ from the norms


@dataclass(frozen=True)
class StudyStopped(Fact):
    """Somebody asked a study to end; what it found so far stays."""

    kind: ClassVar[str] = "study_stopped"
    study: str


@dataclass(frozen=True)
class StudyEnded(Fact):
    """A study ended: Rupiah a year of today and of its plan, the bound that is proved; ``None`` where there is none.

    ``input_hash`` is the SHA-256 of the problem.
    """

    kind: ClassVar[str] = "study_ended"
    study: str
    input_hash: str
    present: int | None
    best: int | None
    bound: int | None
    proved: bool


@dataclass(frozen=True)
class QuestionAsked(Fact):
    """Somebody asked something of a study that is over; ``about`` is the kind of question."""

    kind: ClassVar[str] = "question_asked"
    study: str
    question: str
    about: str


@dataclass(frozen=True)
class QuestionAnswered(Fact):
    """A question of a study was answered, or could not be."""

    kind: ClassVar[str] = "question_answered"
    study: str
    question: str
    about: str
    answered: bool
