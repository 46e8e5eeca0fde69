"""What can happen to plans. Codes, numbers, dates and hashes; never a person and never a comment's text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from satuatap.basics.facts import Fact


@dataclass(frozen=True)
class PlanOpened(Fact):
    """A plan was opened."""

    kind: ClassVar[str] = "plan_opened"
    plan: str


@dataclass(frozen=True)
class PlansPublished(Fact):
    """Plans that others published, or figures claimed of them, were read from the city's sheets."""

    kind: ClassVar[str] = "plans_published"
    rows: dict[str, dict[str, int]]


@dataclass(frozen=True)
class VersionFrozen(Fact):
    """A version was frozen; ``content_hash`` is the SHA-256 of what it says, ``input_hash`` of its inventory."""

    kind: ClassVar[str] = "plan_version_frozen"
    plan: str
    number: int
    content_hash: str
    input_hash: str


@dataclass(frozen=True)
class MinutesAsked(Fact):
    """The waits in the hall under a version are to be computed (again)."""

    kind: ClassVar[str] = "plan_minutes_asked"
    plan: str
    number: int


@dataclass(frozen=True)
class MinutesJudged(Fact):
    """The waits under a version were computed; ``holds``: no promise of the mall is broken."""

    kind: ClassVar[str] = "plan_minutes_judged"
    plan: str
    number: int
    holds: bool


@dataclass(frozen=True)
class PlanStepped(Fact):
    """A plan went on: compared, revised, consulted, withdrawn, carried out."""

    kind: ClassVar[str] = "plan_stepped"
    plan: str
    step: str
    life: str
    number: int


@dataclass(frozen=True)
class PlanReviewed(Fact):
    """The reviewer said what she thinks of a version."""

    kind: ClassVar[str] = "plan_reviewed"
    plan: str
    number: int
    verdict: str


@dataclass(frozen=True)
class ReviewerChosen(Fact):
    """Who reviews was chosen; never who wrote it."""

    kind: ClassVar[str] = "plan_reviewer_chosen"
    plan: str
    reviewer: int


@dataclass(frozen=True)
class ClaimNoted(Fact):
    """A published figure was put beside the plan's own: Rupiah, from when."""

    kind: ClassVar[str] = "plan_claim_noted"
    plan: str
    low: int
    high: int | None
    on: str


@dataclass(frozen=True)
class CommentSaid(Fact):
    """Somebody commented; what was said stands beside, not here."""

    kind: ClassVar[str] = "plan_comment_said"
    plan: str
    comment: int
    voice: str
    agency: str | None


@dataclass(frozen=True)
class CommentHidden(Fact):
    """A comment was taken off the public page and its text erased."""

    kind: ClassVar[str] = "plan_comment_hidden"
    plan: str
    comment: int


@dataclass(frozen=True)
class PlanDecided(Fact):
    """The mayor decided on a version, by a decree with number and date."""

    kind: ClassVar[str] = "plan_decided"
    plan: str
    number: int
    decree: str
    on: str
    moves: int


@dataclass(frozen=True)
class PaperNoted(Fact):
    """A paper of a move: its number, date and file's SHA-256, or that it is not needed."""

    kind: ClassVar[str] = "move_paper_noted"
    move: int
    check: str
    number: str
    on: str | None
    file_hash: str
    needed: bool


@dataclass(frozen=True)
class UnitMoved(Fact):
    """A unit sits elsewhere from a day on; these services' place changes with it."""

    kind: ClassVar[str] = "unit_moved"
    plan: str
    move: int
    unit: str
    origin: str
    target: str
    on: str
    services: list[str]


@dataclass(frozen=True)
class HoursSaid(Fact):
    """A unit said how many hours of a month went into what is no service."""

    kind: ClassVar[str] = "unit_hours_said"
    unit: str
    month: str
    upkeep: int
    errands: int
    coordination: int
