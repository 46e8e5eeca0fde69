"""Tables of what is done with the inventory: uploads that are being mended, studies."""

from __future__ import annotations

from uuid import uuid4

from django.db import models
from django.db.models.functions import Now

from satuatap.features.estate import states
from satuatap.features.estate.models.inventory import one_of


class KeptTables(models.Model):
    """The cells of an upload that has problems, so that they can be mended one by one; gone with the draft's days."""

    draft = models.UUIDField(primary_key=True)
    tables = models.JSONField()
    notes = models.JSONField(default=list)
    ends_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.draft)


class Study(models.Model):
    """A search for a better placement: the problem as it was asked, and the best that was found."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    who = models.CharField(max_length=60)
    made_at = models.DateTimeField(db_default=Now())
    life = models.CharField(max_length=20, default=states.StudyLife.QUEUED)
    problem = models.JSONField(null=True)  # made from the inventory when the job begins
    input_hash = models.CharField(max_length=64, blank=True, default="")
    filled = models.JSONField(default=dict)  # norm -> gaps that it filled; standing -> figures of the lists
    prices = models.JSONField(default=dict)  # prices that were asked to differ from the inventory's
    seconds = models.FloatField()
    seed = models.IntegerField(default=1)
    draws = models.IntegerField(default=0)  # of the doubt; 0: not asked for
    beat_at = models.DateTimeField(null=True)  # its process lived then
    ended_at = models.DateTimeField(null=True)
    best_plan = models.JSONField(null=True)  # unit code -> building code
    present = models.FloatField(null=True)  # score of today's placement, Rupiah a year
    best = models.FloatField(null=True)
    bound = models.FloatField(null=True)
    answer = models.JSONField(null=True)
    doubt = models.JSONField(null=True)
    trouble = models.TextField(blank=True, default="")
    # a study that was made from another one by a choice that was forced: rules of the engine's file
    origin = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="forced")
    wishes = models.JSONField(default=list)

    class Meta:
        constraints = [
            one_of("life", states.StudyLife, "estate_study_life"),
            models.CheckConstraint(
                condition=models.Q(life__in=sorted(states.OVER)) | models.Q(ended_at=None),
                name="estate_study_ends_once",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class StudyPoint(models.Model):
    """Where a study stood: seconds since its beginning, best and bound (Rupiah a year)."""

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="points")
    seconds = models.FloatField()
    best = models.FloatField(null=True)
    bound = models.FloatField(null=True)

    def __str__(self) -> str:
        return f"{self.study_id} {self.seconds}"
