"""One statement, one transaction: how hot SQL is run from Django."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, connection
from psycopg.errors import UniqueViolation

REQUEST_KEY = "journal_request"  # the unique index on idempotency keys


def run_alone(sql: str, params: Mapping[str, Any]) -> tuple[Any, ...] | None:
    """Run a statement in its own transaction and return its first row; refuses to run inside a longer one.

    Inside a longer transaction its locks would be held on, and a row that was locked and rejected would stay locked.
    Two presses with one key at the same instant: the second one meets the first one's unique key and writes nothing;
    it is answered like a statement that found nothing to do (``None``), and its caller looks up the first answer.
    """
    if connection.in_atomic_block:
        raise RuntimeError("a hot statement runs alone, never inside a transaction")
    try:
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            row = cursor.fetchone() if cursor.description else None
    except IntegrityError as problem:
        if not is_repeated_key(problem.__cause__):
            raise
        row = None
    return None if row is None else tuple(row)


def is_repeated_key(problem: BaseException | None) -> bool:
    """Whether a write failed only because its idempotency key had just been used."""
    return isinstance(problem, UniqueViolation) and problem.diag.constraint_name == REQUEST_KEY
