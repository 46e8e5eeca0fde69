"""Lists in pages: a cursor names the last row that was seen, so pages neither repeat nor skip when rows come."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterable
from typing import Annotated, Any, TypeVar

from django.utils.translation import gettext_lazy as _
from ninja import Query

from satuatap.basics.refusal import Refusal

T = TypeVar("T")
Limit = Annotated[int, Query(ge=1, le=200)]
Cursor = Annotated[str | None, Query(max_length=40)]
A_PAGE = 50


class BadCursor(Refusal):
    code = "bad_cursor"
    status = 400
    text = _("Cursor ini bukan dari jawaban API ini. Mulai lagi tanpa cursor.")


def page_of(rows: Iterable[T], key: Callable[[T], int], cursor: str | None, limit: int) -> dict[str, Any]:
    """The rows after the cursor, by growing key, and the cursor of the next page (``None`` at the end)."""
    after = position_of(cursor)
    found = sorted((row for row in rows if key(row) > after), key=key)[: limit + 1]
    return {"items": found[:limit], "next": cursor_of(key(found[limit - 1])) if len(found) > limit else None}


def cursor_of(key: int) -> str:
    """A key as a cursor: opaque, so that nobody counts with it."""
    return base64.urlsafe_b64encode(f"k{key}".encode()).decode().rstrip("=")


def position_of(cursor: str | None) -> int:
    """The key behind a cursor; -1 without one."""
    if cursor is None:
        return -1
    try:
        text = base64.urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4)).decode("ascii")
    except (binascii.Error, ValueError):
        raise BadCursor() from None
    if not text.startswith("k") or not text[1:].isdecimal() or cursor_of(int(text[1:])) != cursor:
        raise BadCursor()
    return int(text[1:])
