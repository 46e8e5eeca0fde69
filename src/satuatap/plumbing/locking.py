"""Row locks as the house takes them: once an action, in key order, weak enough for foreign keys."""

from __future__ import annotations

from typing import Any


def lock(rows: Any) -> list[Any]:
    """Lock the rows of a QuerySet in key order (``for no key update of self``) and return them as they are now."""
    return list(rows.order_by("pk").select_for_update(no_key=True, of=("self",)))
