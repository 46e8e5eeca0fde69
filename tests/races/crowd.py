"""A crowd at the desks: real connections in threads that issue, call and finish as fast as they can.

The SQL is an argument, so that a test can first show the race with the lock removed.
"""

from __future__ import annotations

import json
import random
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import psycopg
from django.db import connection

from satuatap.features.visits import rules, statements
from satuatap.features.visits.checker import Record, Setting
from satuatap.features.visits.models import Desk, Policy, PolicyClass, StepTime


def conninfo() -> dict[str, Any]:
    """How a second client reaches the test's database."""
    s = connection.settings_dict
    found = {"dbname": s["NAME"], "user": s["USER"], "password": s["PASSWORD"], "host": s["HOST"], "port": s["PORT"]}
    return {key: value for key, value in found.items() if value}


@dataclass
class Sql:
    """The statements of a run; a test may swap one."""

    call: str = statements.CALL
    call_long: str = statements.CALL_LONG
    finish: str = statements.FINISH
    drop_constraint: bool = False


@dataclass
class Crowd:
    """What a run left behind: empty answers (desk, snapshot) and errors by name."""

    empty: list[tuple[int, str]] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    calls: int = 0
    issued: int = 0


def _run_call(conn: psycopg.Connection[Any], desk: int, request: UUID, sql: Sql) -> Any:
    conversation = statements.calling(desk, f"desk:{desk}", request)
    ask = next(conversation)
    try:
        while True:
            text, params, _wait = ask
            text = sql.call if text == statements.CALL else sql.call_long
            ask = conversation.send(conn.execute(text, params).fetchone())  # type: ignore[arg-type]
    except StopIteration as done:
        return done.value


def press(
    desks: Sequence[int], calls: int, seed: int, *, sql: Sql | None = None, repeats: bool = True,
    between: Callable[[psycopg.Connection[Any], random.Random], None] | None = None,
) -> Crowd:  # fmt: skip
    """Every desk in its own thread: call, sometimes again with the same key, finish; until ``calls`` were made."""
    crowd, lock, sql = Crowd(), threading.Lock(), sql or Sql()
    idle = threading.Event()

    def work(desk: int) -> None:
        rng = random.Random(seed * 1000 + desk)
        empty_in_a_row = 0
        with psycopg.connect(**conninfo(), autocommit=True) as conn:
            while crowd.calls < calls and empty_in_a_row < 20:
                key = UUID(int=rng.getrandbits(128), version=4)
                try:
                    answer = _run_call(conn, desk, key, sql)
                    if answer.outcome != statements.CALLED:
                        empty_in_a_row += 1
                        idle.wait(0.001)
                        continue
                    empty_in_a_row = 0
                    with lock:
                        crowd.calls += 1
                    if repeats and rng.random() < 0.1:
                        again = _run_call(conn, desk, key, sql)
                        assert again.row is not None and again.row.id == answer.row.id
                    result = "done" if rng.random() < 0.9 else "documents_missing"
                    _finish(conn, desk, result, rng, sql)
                    if between:
                        between(conn, rng)
                except psycopg.Error as problem:
                    with lock:
                        crowd.errors.append(type(problem).__name__)

    threads = [threading.Thread(target=work, args=(desk,)) for desk in desks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(300)
    return crowd


def _finish(conn: psycopg.Connection[Any], desk: int, result: str, rng: random.Random, sql: Sql) -> None:
    params = {
        "desk": desk, "who": f"desk:{desk}", "request": UUID(int=rng.getrandbits(128), version=4), "result": result,
        "success": result == "done", "estimated": False, "visit": None, "seq": None,
    }  # fmt: skip
    for _ in range(50):
        if conn.execute(sql.finish, params).fetchone() is not None:  # type: ignore[arg-type]
            return


def records() -> list[Record]:
    """The journal as the checker reads it."""
    with connection.cursor() as cursor:
        cursor.execute("select id, xid::text::bigint, at, kind, visit_id, fact from journal_entry order by id")
        return [Record(i, x, at, kind, v, json.loads(f)) for i, x, at, kind, v, f in cursor.fetchall()]


def setting(mall: int = 1) -> Setting:
    """What does not change in a run, read from the tables."""
    weights = {}
    for policy in Policy.objects.all():
        classes = {
            c.priority_class: rules.ClassWeights(c.base, c.a, c.b, c.line_id)
            for c in PolicyClass.objects.filter(policy=policy)
        }
        weights[policy.pk] = rules.Weights(policy.pk, policy.weight_remaining, policy.cap, classes)
    expected = dict(StepTime.objects.filter(mall=mall).values_list("step", "expected_ms"))
    skills = {d.pk: frozenset(d.skills) for d in Desk.objects.filter(mall=mall)}
    return Setting(weights, expected, skills)
