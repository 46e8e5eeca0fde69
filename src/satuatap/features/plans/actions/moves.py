"""A move's papers are noted one by one; when all are there it is carried out, and only then the estate changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now

from satuatap.basics.actor import Actor
from satuatap.features.estate.actions import seat_unit
from satuatap.features.journal.actions import announce
from satuatap.features.journal.queries import entry_of_request
from satuatap.features.plans import facts, inventory, refusals
from satuatap.features.plans.actions.shared import go, say_step
from satuatap.features.plans.models import Hours, Move, Paper, Plan
from satuatap.features.plans.rules import hash_fits, is_due, papers_missing, waits_for_handover
from satuatap.features.plans.states import Check, MoveLife, PlanStep
from satuatap.features.plans.wording import CHECK_NAMES
from satuatap.plumbing.locking import lock

LONGEST = {"number": 80, "owner": 80, "not_needed_why": 300}
BY_ITSELF = Actor.system("plans")


@dataclass(frozen=True, slots=True)
class PaperSaid:
    """A paper: all four, or why it is not needed."""

    number: str = ""
    on: date | None = None
    file_hash: str = ""
    owner: str = ""
    not_needed_why: str = ""

    def holds(self, today: date) -> bool:
        """Whether enough is said."""
        if any(len(getattr(self, name)) > most for name, most in LONGEST.items()):
            return False
        if self.not_needed_why:
            return True
        dated = self.on is not None and self.on <= today
        return bool(self.number and self.owner and dated and hash_fits(self.file_hash))


def _locked(move: int) -> tuple[Plan, Move]:
    """The plan first, as everybody who touches its moves takes them, then the move."""
    plans = lock(Plan.objects.filter(decisions__moves=move))
    if not plans:
        raise refusals.NoSuchMove()
    return plans[0], lock(Move.objects.filter(pk=move))[0]


def _there(row: Move) -> set[Check]:
    return {Check(name) for name in Paper.objects.filter(move=row).values_list("check_name", flat=True)}


@transaction.atomic(durable=True)
def note_paper(
    *, by: Actor, move: int, check: Check, said: PaperSaid, today: date, request: UUID | None = None
) -> None:  # fmt: skip
    """Note a paper of a move with number, date, file's hash and owner, or why it is not needed."""
    _plan, row = _locked(move)
    if entry_of_request(request, facts.PaperNoted.kind, move=move, check=check) is not None:
        return
    if row.life != MoveLife.PLANNED:
        raise refusals.MoveIsOver()
    if waits_for_handover(check, _there(row)):
        raise refusals.HandoverFirst()
    if not said.holds(today):
        raise refusals.PaperUnreadable()
    needed = not said.not_needed_why
    values = {
        "number": said.number if needed else "", "on": said.on if needed else None,
        "file_hash": said.file_hash if needed else "", "owner": said.owner, "not_needed_why": said.not_needed_why,
    }  # fmt: skip
    Paper.objects.update_or_create(move=row, check_name=check, defaults=values)
    on = said.on.isoformat() if needed and said.on else None
    fact = facts.PaperNoted(move, check, str(values["number"]), on, str(values["file_hash"]), needed)
    announce(fact, by=by, request=request)


@transaction.atomic(durable=True)
def carry_out_move(*, by: Actor, move: int, today: date, request: UUID | None = None) -> None:
    """Say that a unit sits in its new building. Only with all papers, on its day or after, from where it still sits.

    The estate gets the new placement, and the journal the fact by which the services' places change.
    """
    plan, row = _locked(move)
    if entry_of_request(request, facts.UnitMoved.kind, move=move) is not None:
        return
    if row.life != MoveLife.PLANNED:
        raise refusals.MoveIsOver()
    if missing := papers_missing(_there(row)):
        raise refusals.PapersMissing(_names(missing))
    if not Hours.objects.filter(unit=row.unit, month__lt=row.on.replace(day=1)).exists():
        raise refusals.HoursMissingBefore()
    if not is_due(row.on, today):
        raise refusals.TooEarly()
    standing = inventory.now()
    place = standing.places.get(row.unit, "")
    if place != row.origin:
        where = standing.buildings[place][0] if place in standing.buildings else place or "-"
        raise refusals.UnitHasMoved(row.unit_name, row.origin_name or row.origin, where)
    seat_unit(by=by, unit=row.unit, origin=place, target=row.target, on=row.on, source=row.decision.decree)
    row.life, row.moved_on = MoveLife.CARRIED_OUT, row.on
    Move.objects.filter(pk=row.pk).update(life=row.life, done_at=Now(), moved_on=row.on)
    fact = facts.UnitMoved(
        plan.code, row.pk, row.unit, row.origin, row.target, row.on.isoformat(), list(row.services)
    )  # fmt: skip
    announce(fact, by=by, request=request)
    _finish(plan, row)


def _names(checks: Sequence[Check]) -> list[str]:
    return [str(CHECK_NAMES[check]) for check in checks]


def _finish(plan: Plan, row: Move) -> None:
    """With the last move the plan is carried out."""
    if not Move.objects.filter(decision=row.decision_id, life=MoveLife.PLANNED).exists():
        version = row.decision.version
        go(plan, PlanStep.FINISH, version)
        say_step(plan, PlanStep.FINISH, version, by=BY_ITSELF)
