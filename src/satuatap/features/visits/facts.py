"""What can happen to a visit. Numbers and codes only; the hot ones are written by the SQL of ``statements``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from satuatap.basics.facts import Fact


@dataclass(frozen=True)
class TicketIssued(Fact):
    """A number was given for all errands of one citizen."""

    kind: ClassVar[str] = "ticket_issued"
    number: int
    day: str
    priority_class: int
    steps: list[int]
    after: list[int]
    policy: int
    channel: str
    rev: int
    snap: str


@dataclass(frozen=True)
class Called(Fact):
    """A desk took the best errand whose citizen was free."""

    kind: ClassVar[str] = "called"
    number: int
    desk: int
    seq: int
    step: int
    policy: int
    score: int
    rev: int
    snap: str


@dataclass(frozen=True)
class TryFailed(Fact):
    """A try saw an eligible citizen and took none: its locks explain what others could not take."""

    kind: ClassVar[str] = "try_failed"
    desk: int
    snap: str


@dataclass(frozen=True)
class VisitStep(Fact):
    """Something a desk did with the citizen before it: recalled, started, undone ..."""

    kind: ClassVar[str] = "visit_step"
    desk: int
    seq: int
    rev: int
    snap: str


@dataclass(frozen=True)
class ServiceStarted(VisitStep):
    kind: ClassVar[str] = "started"


@dataclass(frozen=True)
class Recalled(VisitStep):
    kind: ClassVar[str] = "recalled"
    times: int = 0
    number: int = 0


@dataclass(frozen=True)
class Missed(VisitStep):
    """Two recalls and nobody came: the errand is set aside, the others go on."""

    kind: ClassVar[str] = "missed"


@dataclass(frozen=True)
class Finished(Fact):
    """An errand ended at a desk with one result."""

    kind: ClassVar[str] = "finished"
    desk: int
    seq: int
    step: int
    result: str
    estimated: bool
    ready: list[int]
    dropped: list[int]
    left: int
    rev: int
    snap: str


@dataclass(frozen=True)
class Returned(Fact):
    """The help desk put a missed errand back with its first arrival time."""

    kind: ClassVar[str] = "put_back"
    seq: int
    rev: int
    snap: str


@dataclass(frozen=True)
class Transferred(Fact):
    """The errand went on as another step, at another desk, for a reason from the list."""

    kind: ClassVar[str] = "transferred"
    desk: int
    seq: int
    new_seq: int
    step: int
    reason: str
    rev: int
    snap: str


@dataclass(frozen=True)
class StepUndone(Fact):
    """A desk took back its own last step."""

    kind: ClassVar[str] = "undone"
    desk: int
    undone: str
    seq: int
    rev: int
    snap: str


@dataclass(frozen=True)
class Reclassed(Fact):
    """The help desk changed the class of a visit."""

    kind: ClassVar[str] = "reclassed"
    priority_class: int
    rev: int
    snap: str


@dataclass(frozen=True)
class ErrandsDropped(Fact):
    """Errands ended without a desk: the mall closed, or a missed one was not put back in time."""

    kind: ClassVar[str] = "dropped"
    seqs: list[int]
    result: str
    rev: int
    snap: str


@dataclass(frozen=True)
class DeskOpened(Fact):
    kind: ClassVar[str] = "desk_opened"
    desk: int
    skills: list[int]
    officer: int | None = None


@dataclass(frozen=True)
class DeskClosed(Fact):
    """A desk stopped calling; ``pause`` says whether it is a break, a fault, or the end."""

    kind: ClassVar[str] = "desk_closed"
    desk: int
    pause: str | None = None


@dataclass(frozen=True)
class SkillsChanged(Fact):
    kind: ClassVar[str] = "skills_changed"
    desk: int
    skills: list[int]


@dataclass(frozen=True)
class PolicyPublished(Fact):
    """A calling policy with all its weights: from the next call on it decides."""

    kind: ClassVar[str] = "policy_published"
    policy: int
    weights: dict[str, Any]


@dataclass(frozen=True)
class FloorLaidOut(Fact):
    """The mall's desks and steps as calls see them, with the expected minutes."""

    kind: ClassVar[str] = "floor_laid_out"
    steps: list[dict[str, int]]
    desks: list[dict[str, Any]]


@dataclass(frozen=True)
class DayOpened(Fact):
    kind: ClassVar[str] = "day_opened"
    day: str
    open_from: str | None
    open_until: str | None


@dataclass(frozen=True)
class StepsBounded(Fact):
    """For these steps numbers end before the mall does today: [step, moment]; a step left out ends with the mall."""

    kind: ClassVar[str] = "steps_bounded"
    day: str
    until: list[list[int | str]]


@dataclass(frozen=True)
class DayClosed(Fact):
    """No more calls today; what was still waiting is listed by ``dropped`` facts."""

    kind: ClassVar[str] = "day_closed"
    day: str


@dataclass(frozen=True)
class ContactGiven(Fact):
    """A citizen left a name or a phone, or changed it: which of them stands now, never what it is."""

    kind: ClassVar[str] = "contact_given"
    contact: str
    given: list[str]
    consent_text: str
    ends_on: str


@dataclass(frozen=True)
class ContactErased(Fact):
    """A contact is gone: withdrawn by herself, at its end, on request, or again after a restore (``why``)."""

    kind: ClassVar[str] = "contact_erased"
    contact: str
    why: str


@dataclass(frozen=True)
class ContactRead(Fact):
    """A personal field was shown to staff or written to a file: which one, and why, never what it says."""

    kind: ClassVar[str] = "contact_read"
    contact: str
    field: str
    reason: str
