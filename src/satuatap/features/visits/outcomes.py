"""What a hot statement's row, or its absence, means in words. Pure: actions and ``web.live`` read it alike."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from satuatap.basics.refusal import Refusal
from satuatap.features.visits import refusals, statements
from satuatap.features.visits.statements import Answer, Row
from satuatap.features.visits.states import OFFICER_RESULTS, SUCCESSES, Result

DeskNow = tuple[Any, ...] | None  # open, visit_id, seq


def called(answer: Answer, now: DeskNow) -> Row | None:
    """The row of a call, ``None`` when nobody is eligible; raises the refusal that fits otherwise."""
    if answer.outcome in (statements.CALLED, statements.REPEATED):
        return answer.row
    if answer.outcome == statements.NOBODY:
        return None
    if now is None:
        raise refusals.NoSuchDesk()
    raise refusals.DeskIsBusy() if now[1] is not None else refusals.DeskIsClosed()


def problem(repeated: tuple[Any, ...] | None, now: DeskNow, visit: int | None, seq: int | None) -> Row | Refusal | None:
    """Why start or finish wrote nothing: the earlier answer, a refusal, or ``None`` (try once more)."""
    if repeated is not None:
        return Row.of(repeated)
    if now is None:
        return refusals.NoSuchDesk()
    if now[1] is None:
        return refusals.NobodyAtDesk()
    if seq is not None and (now[1], now[2]) != (visit, seq):
        return refusals.DeskHasMovedOn()
    return None


def already_started() -> Refusal:
    """A second press of start."""
    return refusals.AlreadyStarted()


def try_again() -> Refusal:
    """Five looks in a row met a change; nothing was written."""
    return Refusal(_("Kunjungan ini sedang diubah di tempat lain. Belum ada yang tersimpan; coba lagi."), code="busy")


def finish_params(
    who: str, desk: int, result: Result, visit: int | None, seq: int | None, request: UUID | None
) -> dict[str, Any]:
    """Parameters of the finish statement."""
    return {
        "desk": desk,
        "who": who,
        "request": request,
        "result": result.value,
        "success": result in SUCCESSES,
        "estimated": result == Result.NOT_RECORDED,
        "visit": visit,
        "seq": seq,
    }


def officer_result(code: str) -> Result:
    """The result an officer chose, or a refusal for anything else."""
    try:
        result = Result(code)
    except ValueError:
        raise refusals.UnknownResult() from None
    if result not in OFFICER_RESULTS and result != Result.NOT_RECORDED:
        raise refusals.UnknownResult()
    return result
