"""What the office changed in the city's sheets, and drafts that wait: the questions that others may ask."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models.functions import Now

from satuatap.features.malls.models import CityChange
from satuatap.features.malls.refusals import NoSuchChange
from satuatap.features.malls.rules import RowChange, digest_of

__all__ = ["ChangeView", "NoSuchChange", "RowChange", "change", "changes", "changes_of", "digest_of", "drafts"]


@dataclass(frozen=True, slots=True)
class ChangeView:
    """A change, or a draft of one (``applied_at`` is ``None``)."""

    id: UUID
    way: str
    who: str
    made_at: datetime
    ends_at: datetime | None
    applied_at: datetime | None
    digest: str
    undoes: UUID | None
    undone: bool
    problems: list[Any]
    notes: list[str]
    rows: tuple[RowChange, ...]


def _view(row: CityChange, rows: tuple[RowChange, ...]) -> ChangeView:
    undone = CityChange.objects.filter(undoes=row.pk).exists()
    return ChangeView(
        row.pk, row.way, row.who, row.made_at, row.ends_at, row.applied_at, row.digest, row.undoes_id, undone,
        row.problems, row.notes, rows,
    )  # fmt: skip


def _rows(found: Any) -> tuple[RowChange, ...]:
    return tuple(RowChange(row.sheet, row.key, row.before, row.after) for row in found.order_by("place"))


def change(number: UUID) -> ChangeView:
    """One change, or one draft whose days are not over."""
    row = CityChange.objects.filter(pk=number).exclude(applied_at__isnull=True, ends_at__lt=Now()).first()
    if row is None:
        raise NoSuchChange()
    return _view(row, _rows(row.rows.all()))


def changes_of(sheet: str, key: str) -> list[ChangeView]:
    """The changes of one row, newest first, each with what it did to that row alone and the digest of all it did."""
    found = CityChange.objects.filter(rows__sheet=sheet, rows__key=key, applied_at__isnull=False)
    views = [_view(row, _rows(row.rows.all())) for row in found.order_by("-applied_at", "-made_at")]
    return [
        replace(v, digest=digest_of(v.rows), rows=tuple(r for r in v.rows if (r.sheet, r.key) == (sheet, key)))
        for v in views
    ]


def changes(limit: int = 20) -> list[ChangeView]:
    """The newest changes, without their rows."""
    found = CityChange.objects.filter(applied_at__isnull=False).order_by("-applied_at", "-made_at")[:limit]
    return [_view(row, ()) for row in found]


def drafts() -> list[ChangeView]:
    """The imports that were looked at and not applied, newest first, without their rows."""
    found = CityChange.objects.filter(applied_at__isnull=True, ends_at__gte=Now()).order_by("-made_at")
    return [_view(row, ()) for row in found]
