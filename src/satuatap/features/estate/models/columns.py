"""How the city's own sheets are read: which of their columns is which of ours, kept by name."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now


class SavedColumns(models.Model):
    """One way to read a sheet of the city (KIB, SIPD, a list of its own); chosen by a person, used again by name."""

    name = models.CharField(max_length=80, unique=True)
    sheet = models.CharField(max_length=40)  # of the inventory, that it fills
    headings = models.JSONField()  # those that it takes something from
    rules = models.JSONField()  # one for each column of ours (mapping.Rule)
    who = models.CharField(max_length=60)
    changed_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return self.name
