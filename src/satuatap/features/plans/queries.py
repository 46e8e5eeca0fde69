"""Questions about plans."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core import signing
from django.db.models import Count, Q

from satuatap.features.plans.models import Claim, Comment, Decision, Hours, Move, Paper, Plan, Review, Stage, Version
from satuatap.features.plans.refusals import InvitationOver, NoSuchMove, NoSuchRegrouping
from satuatap.features.plans.rules import (
    Changed,
    Content,
    Inventory,
    PlannedMove,
    Term,
    changes,
    may_act,
    papers_missing,
    waits_for_handover,
)
from satuatap.features.plans.states import Check, MoveLife, PlanLife, Verdict, Voice

__all__ = ["Changed", "Content", "Inventory", "PlannedMove", "Term", "changes", "may_act"]

UNIT_SALT, AGENCY_SALT = "plans.hours", "plans.voice"
INVITED_DAYS = 60


@dataclass(frozen=True, slots=True)
class VersionView:
    """One frozen version."""

    number: int
    content: Content
    inventory: Inventory
    content_hash: str
    input_hash: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class DecisionView:
    """A decision; a withdrawn one says why."""

    version: int
    decree: str
    on: date
    at: datetime
    withdrawn_at: datetime | None
    withdrawn_why: str


@dataclass(frozen=True, slots=True)
class ClaimView:
    """A published figure beside ours, Rupiah."""

    low: int
    high: int | None
    more_than: bool
    yearly: bool
    on: date
    source: str
    note: str


@dataclass(frozen=True, slots=True)
class CommentView:
    """What was said; a hidden one has its reason instead of its text."""

    id: int
    version: int
    agency: str
    text: str
    at: datetime
    hidden_why: str


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A plan in the list."""

    code: str
    title: str
    life: PlanLife
    public: bool
    versions: int
    comments: int


@dataclass(frozen=True, slots=True)
class PlanView:
    """A plan with everything about it but its moves' papers."""

    id: int
    code: str
    title: str
    life: PlanLife
    public: bool
    author: int  # 0: others published it
    reviewer: int | None
    stages: Mapping[PlanLife, datetime]  # the newest time at each
    versions: tuple[VersionView, ...]
    review: tuple[Verdict, str, datetime] | None  # of the newest version
    claims: tuple[ClaimView, ...]
    comments: tuple[CommentView, ...]
    decisions: tuple[DecisionView, ...]

    @property
    def version(self) -> VersionView | None:
        """The newest version."""
        return self.versions[-1] if self.versions else None

    @property
    def decision(self) -> DecisionView | None:
        """The decision that stands."""
        return next((one for one in self.decisions if one.withdrawn_at is None), None)

    @property
    def shown(self) -> VersionView | None:
        """The version that counts: the decided one, else the newest."""
        number = self.decision.version if self.decision else None
        return next((one for one in self.versions if one.number == number), self.version)


@dataclass(frozen=True, slots=True)
class PaperView:
    """One line of a checklist. ``waits``: it can't be noted before the BAST."""

    check: Check
    there: bool
    waits: bool
    number: str
    on: date | None
    file_hash: str
    owner: str
    not_needed_why: str


@dataclass(frozen=True, slots=True)
class MoveView:
    """One decided move with its checklist."""

    id: int
    plan: str
    unit: str
    unit_name: str
    origin: str
    origin_name: str
    origin_address: str
    target: str
    target_name: str
    target_address: str
    on: date
    services: tuple[str, ...]
    life: MoveLife
    moved_on: date | None
    decree: str
    papers: tuple[PaperView, ...]

    @property
    def missing(self) -> list[Check]:
        """Papers that are not there yet."""
        return [one.check for one in self.papers if not one.there]


@dataclass(frozen=True, slots=True)
class MovedService:
    """A service that moved: from where to where, since when."""

    service: str
    plan: str
    move: int
    on: date
    old_name: str
    old_address: str
    new_name: str
    new_address: str


@dataclass(frozen=True, slots=True)
class HoursView:
    """One answer of a unit."""

    unit: str
    month: date
    upkeep: int
    errands: int
    coordination: int

    @property
    def total(self) -> int:
        return self.upkeep + self.errands + self.coordination


def plans(*, public: bool = False) -> list[PlanLine]:
    """All plans, newest first; those with a public page only, if asked."""
    rows = Plan.objects.filter(**({"public": True} if public else {})).order_by("-made_at", "-pk")
    rows = rows.annotate(
        n=Count("versions", distinct=True), said=Count("comments", distinct=True, filter=Q(comments__hidden_why=""))
    )
    return [PlanLine(row.code, row.title, PlanLife(row.life), row.public, row.n, row.said) for row in rows]


def regrouping(code: str, *, public: bool = False) -> PlanView:
    """One plan; ``public``: only one that was opened for comments."""
    row = Plan.objects.filter(code=code).first()
    if row is None or (public and not row.public):
        raise NoSuchRegrouping()
    versions = tuple(_version(one) for one in row.versions.order_by("number"))
    last = versions[-1].number if versions else 0
    review = Review.objects.filter(plan=row, version=last).order_by("-at", "-pk").first()
    claims = Claim.objects.filter(plan=row).order_by("on", "pk")
    comments = Comment.objects.filter(plan=row).select_related("agency").order_by("-at", "-pk")
    decisions = Decision.objects.filter(plan=row).order_by("at", "pk")
    return PlanView(
        row.pk, row.code, row.title, PlanLife(row.life), row.public, row.author_id or 0, row.reviewer_id,
        {PlanLife(one.life): one.at for one in Stage.objects.filter(plan=row).order_by("at", "pk")}, versions,
        None if review is None else (Verdict(review.verdict), review.text, review.at),
        tuple(_claim(one) for one in claims),
        tuple(
            CommentView(c.pk, c.version, c.agency.name if c.agency else "", c.text, c.at, c.hidden_why)
            for c in comments
        ),
        tuple(DecisionView(d.version, d.decree, d.on, d.at, d.withdrawn_at, d.withdrawn_why) for d in decisions),
    )  # fmt: skip


def _claim(row: Claim) -> ClaimView:
    return ClaimView(row.low, row.high, row.more_than, row.yearly, row.on, row.source, row.note)


def _version(row: Version) -> VersionView:
    content, inventory = Content.from_json(row.content), Inventory.from_json(row.inventory)
    return VersionView(row.number, content, inventory, row.content_hash, row.input_hash, row.made_at)


def moves(code: str) -> list[MoveView]:
    """The moves of the plan's newest decision, in the order of their days."""
    decision = Decision.objects.filter(plan__code=code).order_by("-at", "-pk").first()
    rows = Move.objects.filter(decision=decision).select_related("decision__plan").order_by("on", "pk")
    return [_move(row) for row in rows] if decision else []


def move(number: int) -> MoveView:
    """One move."""
    row = Move.objects.filter(pk=number).select_related("decision__plan").first()
    if row is None:
        raise NoSuchMove()
    return _move(row)


def _move(row: Move) -> MoveView:
    there = {Check(one.check_name): one for one in Paper.objects.filter(move=row)}
    return MoveView(
        row.pk, row.decision.plan.code, row.unit, row.unit_name, row.origin, row.origin_name, row.origin_address,
        row.target, row.target_name, row.target_address, row.on, tuple(row.services), MoveLife(row.life),
        row.moved_on, row.decision.decree, tuple(_paper(check, there) for check in Check),
    )  # fmt: skip


def _paper(check: Check, there: Mapping[Check, Paper]) -> PaperView:
    waits, row = waits_for_handover(check, there), there.get(check)
    if row is None:
        return PaperView(check, False, waits, "", None, "", "", "")
    return PaperView(check, True, waits, row.number, row.on, row.file_hash, row.owner, row.not_needed_why)


def missing_papers(there: Iterable[Check]) -> list[Check]:
    """Which papers a move still needs."""
    return papers_missing(set(there))


def moved_services(codes: Sequence[str], *, since: date | None = None) -> dict[str, MovedService]:
    """Of these services, those that moved (since a day), with the newest move of each."""
    rows = Move.objects.filter(life=MoveLife.CARRIED_OUT, services__overlap=list(codes))
    if since is not None:
        rows = rows.filter(moved_on__gte=since)
    found = {}
    for row in rows.select_related("decision__plan").order_by("moved_on", "pk"):
        for code in sorted(set(row.services) & set(codes)):
            found[code] = MovedService(
                code, row.decision.plan.code, row.pk, row.moved_on or row.on, row.origin_name, row.origin_address,
                row.target_name, row.target_address,
            )  # fmt: skip
    return found


def hours(unit: str) -> list[HoursView]:
    """What a unit said, month by month."""
    rows = Hours.objects.filter(unit=unit).order_by("month")
    return [HoursView(row.unit, row.month, row.upkeep, row.errands, row.coordination) for row in rows]


@dataclass(frozen=True, slots=True)
class BeforeAfter:
    """A unit's hours a month before and after its move: means of its answers; ``None`` without one."""

    before: float | None
    after: float | None
    months_before: int
    months_after: int


def sides(said: Sequence[HoursView], moved_on: date | None) -> tuple[list[HoursView], list[HoursView]]:
    """Answers before a move and after it; all stand before where it was not made."""
    if moved_on is None:
        return list(said), []
    month = moved_on.replace(day=1)
    return [one for one in said if one.month < month], [one for one in said if one.month > month]


def before_after(unit: str, moved_on: date | None) -> BeforeAfter:
    """Hours before and after; the month of the move counts on neither side."""
    first, then = sides(hours(unit), moved_on)
    return BeforeAfter(_mean(first), _mean(then), len(first), len(then))


def yearly_claims() -> list[tuple[str, ClaimView]]:
    """Every published figure that speaks of a year, with the title of its plan, the newest first."""
    rows = Claim.objects.filter(yearly=True).select_related("plan").order_by("-on", "-id")
    return [(c.plan.title, ClaimView(c.low, c.high, c.more_than, c.yearly, c.on, c.source, c.note)) for c in rows]


def _mean(said: Sequence[HoursView]) -> float | None:
    return sum(one.total for one in said) / len(said) if said else None


def invitation(kind: str, values: Mapping[str, Any]) -> str:
    """A link's secret part: for a unit's hours of a month, or for an agency's comment. It ends by itself."""
    return signing.dumps(dict(values), salt=UNIT_SALT if kind == "hours" else AGENCY_SALT, compress=False)


def invited(kind: str, secret: str) -> dict[str, Any]:
    """What an invitation is for, while it holds."""
    salt = UNIT_SALT if kind == "hours" else AGENCY_SALT
    try:
        found: dict[str, Any] = signing.loads(secret, salt=salt, max_age=INVITED_DAYS * 24 * 3600)
    except signing.BadSignature:
        raise InvitationOver() from None
    return found


VOICES = (Voice.CITIZEN, Voice.AGENCY)
