"""The life of a plan, the papers of a move, and who may do which step: plain data."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from satuatap.features.people.states import Role


class PlanLife(StrEnum):
    """Where a plan stands."""

    DRAFT = "draft"
    COMPARED = "compared"  # beside today, ready to be reviewed
    CONSULTED = "consulted"  # has a public page; agencies and citizens comment
    DECIDED = "decided"
    CARRIED_OUT = "carried_out"
    WITHDRAWN = "withdrawn"
    ANNOUNCED = "announced"  # published by others: read and compared, never taken a step further here


class PlanStep(StrEnum):
    """What can happen to a plan."""

    COMPARE = "compare"
    REVISE = "revise"
    CONSULT = "consult"
    DECIDE = "decide"
    FINISH = "finish"  # by itself, with the last move
    WITHDRAW = "withdraw"


MOVES: Mapping[tuple[PlanLife, PlanStep], PlanLife] = {
    (PlanLife.DRAFT, PlanStep.COMPARE): PlanLife.COMPARED,
    (PlanLife.COMPARED, PlanStep.REVISE): PlanLife.DRAFT,
    (PlanLife.COMPARED, PlanStep.CONSULT): PlanLife.CONSULTED,
    (PlanLife.CONSULTED, PlanStep.REVISE): PlanLife.DRAFT,
    (PlanLife.CONSULTED, PlanStep.DECIDE): PlanLife.DECIDED,
    (PlanLife.DECIDED, PlanStep.FINISH): PlanLife.CARRIED_OUT,
    (PlanLife.DRAFT, PlanStep.WITHDRAW): PlanLife.WITHDRAWN,
    (PlanLife.COMPARED, PlanStep.WITHDRAW): PlanLife.WITHDRAWN,
    (PlanLife.CONSULTED, PlanStep.WITHDRAW): PlanLife.WITHDRAWN,
    (PlanLife.DECIDED, PlanStep.WITHDRAW): PlanLife.WITHDRAWN,
}
LINE = (PlanLife.DRAFT, PlanLife.COMPARED, PlanLife.CONSULTED, PlanLife.DECIDED, PlanLife.CARRIED_OUT)


class Verdict(StrEnum):
    """What the reviewer says of a version."""

    AGREES = "agrees"
    OBJECTS = "objects"


class Said(StrEnum):
    """What a publication says about a unit's place (the estate's words)."""

    PLANNED = "planned"
    REPORTED = "reported"


class Voice(StrEnum):
    """Who comments."""

    CITIZEN = "citizen"
    AGENCY = "agency"


class MinutesLife(StrEnum):
    """Where the computation of a version's waits stands."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Check(StrEnum):
    """The papers of a move, in the order in which they are asked."""

    DECREE = "decree"  # Keputusan Wali Kota
    UTILITIES = "utilities"  # electricity and water of the old building
    ANNOUNCED = "announced"  # services announced at the new place
    HANDOVER = "handover"  # BAST
    USE = "use"  # status penggunaan
    IDLE = "idle"  # idle building handed to the Pengelola Barang


# These speak of a building that has been handed over.
AFTER_HANDOVER = frozenset({Check.USE, Check.IDLE})


class MoveLife(StrEnum):
    """Where a move stands."""

    PLANNED = "planned"
    CARRIED_OUT = "carried_out"
    CANCELLED = "cancelled"  # with its decision


class Act(StrEnum):
    """What people do with plans; the house of each is in ``WHO``."""

    WRITE = "write"  # open a plan, its versions, its claims
    REVIEW = "review"
    CONSULT = "consult"
    DECIDE = "decide"
    WITHDRAW = "withdraw"
    MODERATE = "moderate"
    PAPERS = "papers"
    CARRY_OUT = "carry_out"
    READ = "read"


WHO: Mapping[Act, frozenset[Role]] = {
    Act.WRITE: frozenset({Role.PLANNER}),
    Act.REVIEW: frozenset({Role.PLANNER, Role.ASSET, Role.ORGANISATION, Role.INSPECTORATE}),
    Act.CONSULT: frozenset({Role.SECRETARY}),
    Act.DECIDE: frozenset({Role.MAYOR}),
    Act.WITHDRAW: frozenset({Role.PLANNER, Role.MAYOR}),
    Act.MODERATE: frozenset({Role.ORGANISATION, Role.SECRETARY}),
    Act.PAPERS: frozenset({Role.ASSET, Role.SECRETARY}),
    Act.CARRY_OUT: frozenset({Role.ASSET}),
    Act.READ: frozenset({
        Role.PLANNER, Role.ASSET, Role.ORGANISATION, Role.INSPECTORATE, Role.SECRETARY, Role.MAYOR,
    }),
}  # fmt: skip
