"""The bytes of one entry that are sealed, written down for others in docs/journal-seals.md.

One canonical JSON array: no white space, keys of objects in the order of their code points, strings in UTF-8 with
only the escapes that JSON demands, numbers as PostgreSQL's jsonb writes them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from satuatap.basics.merkle import leaf_hash

VERSION = "satuatap-1"


class _NotWhole(Exception):
    """The fact holds a number with a fraction: those keep the digits that they were written with."""


class _Digits(str):
    """A number as it was written."""


def _refuse(_digits: str) -> Any:
    raise _NotWhole


_QUICK = json.JSONDecoder(parse_float=_refuse)
_EXACT = json.JSONDecoder(parse_float=_Digits, parse_int=_Digits)
_WRITE = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


def canonical(text: str) -> str:
    """Canonical JSON of what PostgreSQL wrote as jsonb text."""
    try:
        return _WRITE(_QUICK.decode(text))
    except _NotWhole:
        return _exact(_EXACT.decode(text))


def _exact(value: Any) -> str:
    if isinstance(value, _Digits):
        return str(value)
    if isinstance(value, dict):
        return "{" + ",".join(f"{_WRITE(key)}:{_exact(value[key])}" for key in sorted(value)) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_exact, value)) + "]"
    return _WRITE(value)


@dataclass(frozen=True, slots=True)
class Row:
    """One numbered entry as ``statements.LEAVES`` reads it; times in microseconds since 1970 in UTC.

    ``entry`` stands in the table of positions; ``found`` is None when the entry itself is gone.
    """

    position: int
    entry: int
    found: int | None
    at: int
    real_at: int
    kind: str
    who: str
    mall: int | None
    visit: int | None
    request: str | None
    fact: str
    salt: str

    @property
    def moment(self) -> datetime:
        """The world's time of the entry."""
        return datetime.fromtimestamp(0, UTC) + timedelta(microseconds=self.real_at)

    def leaf(self, position: int | None = None) -> bytes:
        """The bytes that are sealed; at another ``position``: what would have been sealed there."""
        head = _WRITE(
            [
                VERSION, self.position if position is None else position, self.entry, self.at, self.real_at,
                self.kind, self.who, self.mall, self.visit, self.request,
            ]
        )  # fmt: skip
        return f"{head[:-1]},{canonical(self.fact)},{_WRITE(self.salt)}]".encode()

    def hash(self, position: int | None = None) -> bytes:
        """The hash of the leaf; of an entry that is gone there is none, so nothing equals it."""
        return b"" if self.found is None else leaf_hash(self.leaf(position))
