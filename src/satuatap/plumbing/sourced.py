"""Rows that say where they come from."""

from __future__ import annotations

from django.db import models


class Sourced(models.Model):
    """Where a row comes from; ``synthetic`` rows are tagged on every screen."""

    source = models.TextField(blank=True, default="")
    source_year = models.SmallIntegerField(null=True)
    confidence = models.CharField(max_length=1, blank=True, default="")
    synthetic = models.BooleanField(default=False)
    note = models.TextField(blank=True, default="")

    class Meta:
        abstract = True
