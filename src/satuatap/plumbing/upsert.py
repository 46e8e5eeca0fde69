"""Make a table equal to a list of rows, by natural key, and say what changed: the way a city's file is read twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

BATCH = 2000  # rows of one statement


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of one row: what it was and what it is now."""

    key: str
    field: str
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class Change:
    """What a reading of a sheet changed: keys added and removed, fields changed."""

    added: list[str] = field(default_factory=list)
    changed: list[FieldChange] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)

    def __add__(self, other: Change) -> Change:
        return Change(self.added + other.added, self.changed + other.changed, self.removed + other.removed)

    def counts(self) -> dict[str, int]:
        """How many of each, for a fact."""
        keys = {change.key for change in self.changed}
        return {"added": len(self.added), "changed": len(keys), "removed": len(self.removed)}


def put_rows(
    scope: Any,
    key: Sequence[str],
    rows: Sequence[Mapping[str, Any]],
    *,
    fixed: Mapping[str, Any] | None = None,
    retire: Mapping[str, Any] | None = None,
) -> Change:
    """Upsert ``rows`` (field -> value) into the QuerySet ``scope`` by the fields ``key``.

    ``fixed`` is set on every new row. Rows of the scope that are not named any more get the values of ``retire``
    (history may point to them), or are deleted where ``retire`` is ``None``. Call it inside a transaction.
    """
    known = {tuple(getattr(row, name) for name in key): row for row in scope.select_for_update(of=("self",))}
    change = Change()
    fresh: list[Any] = []  # written together: a sheet of thousands of rows is one statement, not thousands
    for values in rows:
        place = tuple(values[name] for name in key)
        shown = _shown(place)
        row = known.pop(place, None)
        if row is None:
            fresh.append(scope.model(**{**(fixed or {}), **values}))
            change.added.append(shown)
            continue
        dirty = []
        for name, value in values.items():
            old = getattr(row, name)
            if old != value:
                change.changed.append(FieldChange(shown, name, old, value))
                setattr(row, name, value)
                dirty.append(name)
        if dirty:
            row.save(update_fields=dirty)
    if retire is None and known:
        scope.model.objects.filter(pk__in=[row.pk for row in known.values()]).delete()
    for place, row in known.items():
        shown = _shown(place)
        if retire is None:
            change.removed.append(shown)
        elif any(getattr(row, name) != value for name, value in retire.items()):
            for name, value in retire.items():
                setattr(row, name, value)
            row.save(update_fields=list(retire))
            change.removed.append(shown)
    scope.model.objects.bulk_create(fresh, batch_size=BATCH)
    return change


def _shown(place: tuple[Any, ...]) -> str:
    """A key as a person reads it: codes, without what is empty."""
    return "/".join(str(getattr(part, "code", part)) for part in place if part is not None)
