"""What a hot statement's row, or its absence, means in words. Pure: actions and ``web.live`` read it alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from satuatap.basics.refusal import Refusal
from satuatap.features.journal.queries import same_write
from satuatap.features.visits import refusals, statements
from satuatap.features.visits.statements import Answer, Row
from satuatap.features.visits.states import OFFICER_RESULTS, SUCCESSES, Result

DeskNow = tuple[Any, ...] | None  # open, visit_id, seq


def called(answer: Answer, desk: int, now: DeskNow) -> Row | None:
    """The row of a call, ``None`` when nobody is eligible; raises the refusal that fits otherwise."""
    if answer.outcome == statements.CALLED:
        return answer.row
    if answer.outcome == statements.REPEATED and answer.row is not None:
        return _same(answer.row, "called", {"desk": desk})
    if answer.outcome == statements.NOBODY:
        return None
    if now is None:
        raise refusals.NoSuchDesk()
    raise refusals.DeskIsBusy() if now[1] is not None else refusals.DeskIsClosed()


def _same(row: Row, kind: str, said: Mapping[str, Any]) -> Row:
    same_write((row.kind, row.visit_id, row.fact), kind, said)
    return row


def not_issued(served: tuple[Any, ...] | None, steps: Sequence[int]) -> Refusal:
    """The refusal that fits when the issue statement wrote nothing, from what ``statements.SERVED`` found."""
    count, ended = served or (0, None)
    if count != len(set(steps)):
        return refusals.NotServedHere()
    return refusals.BoothHasEnded(ended) if ended else refusals.MallIsClosed()


def issued(repeated: tuple[Any, ...], params: Mapping[str, Any]) -> int | None:
    """The visit that the same wish was given before; a key that was used for another wish is refused."""
    row, mall = Row.of(repeated), repeated[5]
    said = {"steps": params["steps"], "after": params["after"], "priority_class": params["class"]}
    same_write((row.kind, row.visit_id, {**row.fact, "mall": mall}), "ticket_issued", {**said, "mall": params["mall"]})
    return row.visit_id


def problem(repeated: tuple[Any, ...] | None, now: DeskNow, kind: str, said: Mapping[str, Any]) -> Row | Refusal | None:
    """Why start or finish wrote nothing: the earlier answer, a refusal, or ``None`` (try once more).

    ``said`` is what the press meant: desk, and for a finish its result and the errand that the officer saw.
    """
    if repeated is not None:
        return _same(Row.of(repeated), kind, {name: value for name, value in said.items() if value is not None})
    visit, seq = said.get("visit"), said.get("seq")
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


def meant(params: Mapping[str, Any]) -> dict[str, Any]:
    """What a press of finish means, whoever presses: the same key for anything else is refused."""
    return {name: params[name] for name in ("desk", "result", "visit", "seq")}


def officer_result(code: str) -> Result:
    """The result an officer chose, or a refusal for anything else."""
    try:
        result = Result(code)
    except ValueError:
        raise refusals.UnknownResult() from None
    if result not in OFFICER_RESULTS and result != Result.NOT_RECORDED:
        raise refusals.UnknownResult()
    return result
