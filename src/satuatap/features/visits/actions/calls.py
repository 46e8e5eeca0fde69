"""The hot writes at a desk, run as single statements: call next, start, finish."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from satuatap.basics.actor import Actor
from satuatap.basics.refusal import Refusal
from satuatap.features.visits import outcomes, statements
from satuatap.features.visits.statements import Row
from satuatap.features.visits.states import Result
from satuatap.plumbing.alone import run_alone


def call_next(*, by: Actor, desk: int, request: UUID | None = None) -> Row | None:
    """A desk that is free takes the best errand it can serve whose citizen is free; ``None``: nobody is eligible."""
    conversation = statements.calling(desk, by.code, request)
    ask = next(conversation)
    try:
        while True:
            sql, params, wait = ask
            if wait:
                time.sleep(wait)
            ask = conversation.send(run_alone(sql, params))
    except StopIteration as done:
        answer: statements.Answer = done.value
    return outcomes.called(answer, desk, run_alone(statements.DESK_NOW, {"desk": desk}))


def start_serving(*, by: Actor, desk: int, request: UUID | None = None) -> Row:
    """The citizen who was called sits down: from here the service time counts."""
    row = run_alone(statements.START, {"desk": desk, "who": by.code, "request": request})
    if row is not None:
        return Row.of(row)
    problem = _problem("started", {"desk": desk}, request)
    if isinstance(problem, Row):
        return problem
    raise problem or outcomes.already_started()


def finish_errand(
    *,
    by: Actor,
    desk: int,
    result: Result,
    visit: int | None = None,
    seq: int | None = None,
    request: UUID | None = None,
) -> Row:
    """End the errand at the desk with one result; what waited for it becomes ready, or falls away with it.

    ``visit`` and ``seq`` say which errand the officer saw, so that a late press never ends somebody else's.
    """
    params = outcomes.finish_params(by.code, desk, result, visit, seq, request)
    for _ in range(5):
        row = run_alone(statements.FINISH, params)
        if row is not None:
            return Row.of(row)
        problem = _problem("finished", outcomes.meant(params), request)
        if isinstance(problem, Row):
            return problem
        if problem is not None:
            raise problem
        time.sleep(0.002)  # a sibling errand changed in this instant: look again
    raise outcomes.try_again()


def _problem(kind: str, said: Mapping[str, Any], request: UUID | None) -> Row | Refusal | None:
    repeated = run_alone(statements.REPEAT, {"request": request}) if request else None
    now = run_alone(statements.DESK_NOW, {"desk": said["desk"]})
    return outcomes.problem(repeated, now, kind, said)
