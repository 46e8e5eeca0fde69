"""Rows that say where they come from."""

from __future__ import annotations

from typing import Any

from django.db import models

SOURCED = ("source", "source_year", "confidence", "synthetic", "note")


def cells_of(row: Any, *names: str) -> dict[str, Any]:
    """The named fields of a row and where it comes from, as a sheet of the city's files holds them."""
    return {name: getattr(row, name) for name in (*names, *SOURCED)}


class Sourced(models.Model):
    """Where a row comes from; ``synthetic`` rows are tagged on every screen."""

    source = models.TextField(blank=True, default="")
    source_year = models.SmallIntegerField(null=True)
    confidence = models.CharField(max_length=1, blank=True, default="")
    synthetic = models.BooleanField(default=False)
    note = models.TextField(blank=True, default="")

    class Meta:
        abstract = True
