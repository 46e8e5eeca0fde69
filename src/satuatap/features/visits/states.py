"""The lives of an errand, a visit and a desk, each as one table of legal moves."""

from __future__ import annotations

from enum import IntEnum, StrEnum


class ErrandState(IntEnum):
    """Where an errand (urusan) stands. Only READY errands are in line."""

    BLOCKED = 0  # waits for an errand before it
    READY = 1
    CALLED = 2
    SERVING = 3
    DONE = 4  # ended with a result at a desk
    MISSED = 5  # terlewat: called, did not come; may be put back
    DROPPED = 6  # ended without a desk: closing, prerequisite failed, missed for too long


class VisitState(IntEnum):
    """Where the citizen is. The numbers are those of the hot statements."""

    FREE = 0
    AT_DESK = 1
    GONE = 2
    HELD = 3


class PriorityClass(IntEnum):
    """Regular, or the class for the elderly, pregnant, disabled and those with infants (UU 25/2009 art. 4 letter j)."""

    REGULAR = 0
    PRIORITY = 1


class Result(StrEnum):
    """What came of an errand. This one definition serves every later statistic."""

    DONE = "done"
    DONE_PICKUP = "done_pickup"
    DOCUMENTS_MISSING = "documents_missing"
    OTHER_AUTHORITY = "other_authority"
    CENTRAL_OUTAGE = "central_outage"
    SIGNER_ABSENT = "signer_absent"
    NOT_ELIGIBLE = "not_eligible"
    TRANSFERRED = "transferred"
    NOT_RECORDED = "not_recorded"  # estimated; kept out of averages
    UNSERVED = "unserved"
    MISSED = "missed"
    PREREQUISITE = "prerequisite"


# What an officer may choose when she finishes; the rest the house itself writes.
OFFICER_RESULTS = (
    Result.DONE,
    Result.DONE_PICKUP,
    Result.DOCUMENTS_MISSING,
    Result.OTHER_AUTHORITY,
    Result.CENTRAL_OUTAGE,
    Result.SIGNER_ABSENT,
    Result.NOT_ELIGIBLE,
)
# Results after which the errands that were waiting for this one may go on.
SUCCESSES = frozenset({Result.DONE, Result.DONE_PICKUP, Result.NOT_RECORDED})


class TransferReason(StrEnum):
    """Why a desk hands an errand over: a choice from a list, never free text."""

    WRONG_SERVICE = "wrong_service"
    NEEDS_OTHER_FIRST = "needs_other_first"
    SPECIAL_CASE = "special_case"
    EQUIPMENT = "equipment"


# Steps of a desk after which it is free.
LEAVING = ("finished", "missed", "transferred")


class Pause(StrEnum):
    """Why a desk that is staffed does not call."""

    BREAK = "break"
    TROUBLE = "trouble"


S = ErrandState
# (state, verb) -> state. What is not here is refused.
MOVES: dict[tuple[ErrandState, str], ErrandState] = {
    (S.BLOCKED, "unblock"): S.READY,
    (S.BLOCKED, "drop"): S.DROPPED,
    (S.READY, "call"): S.CALLED,
    (S.READY, "drop"): S.DROPPED,
    (S.CALLED, "recall"): S.CALLED,
    (S.CALLED, "start"): S.SERVING,
    (S.CALLED, "miss"): S.MISSED,
    (S.CALLED, "undo_call"): S.READY,
    (S.CALLED, "finish"): S.DONE,
    (S.SERVING, "finish"): S.DONE,
    (S.SERVING, "undo_start"): S.CALLED,
    (S.DONE, "undo_finish"): S.SERVING,
    (S.MISSED, "undo_miss"): S.CALLED,
    (S.MISSED, "put_back"): S.READY,
    (S.MISSED, "drop"): S.DROPPED,
}
OPEN = frozenset({S.BLOCKED, S.READY, S.CALLED, S.SERVING, S.MISSED})


def move(state: ErrandState, verb: str) -> ErrandState:
    """The next state; ``KeyError`` where the move is not legal (callers refuse in words before)."""
    return MOVES[(state, verb)]


class WhyErased(StrEnum):
    """Why a contact is gone."""

    WITHDRAWN = "withdrawn"  # by herself, on her page
    END_DATE = "end_date"
    REQUEST = "request"  # she asked the mall, which ran the command
    RESTORED = "restored"  # a backup brought it back, and it was erased again


class WhyRead(StrEnum):
    """Why staff looked at a contact: one of these, said before anything is shown."""

    LEFT_BEHIND = "left_behind"  # something of hers lies at a desk
    DOCUMENT_READY = "document_ready"
    CALL_AWAY = "call_away"  # her number is called and she is not in the hall
    OWN_REQUEST = "own_request"  # she asks what is held about her


CONTACT_FIELDS = ("name", "phone")
