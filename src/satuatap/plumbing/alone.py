"""One statement, one transaction: how hot SQL is run from Django."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import connection


def run_alone(sql: str, params: Mapping[str, Any]) -> tuple[Any, ...] | None:
    """Run a statement in its own transaction and return its first row; refuses to run inside a longer one.

    Inside a longer transaction its locks would be held on, and a row that was locked and rejected would stay locked.
    """
    if connection.in_atomic_block:
        raise RuntimeError("a hot statement runs alone, never inside a transaction")
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        row = cursor.fetchone() if cursor.description else None
    return None if row is None else tuple(row)
