"""What is asked of a study afterwards, and what was answered."""

from __future__ import annotations

from uuid import uuid4

from django.db import models
from django.db.models.functions import Now

from satuatap.features.estate import states
from satuatap.features.estate.models.inventory import one_of
from satuatap.features.estate.models.studies import Study


class StudyQuestion(models.Model):
    """One question about a study that is over. The same question is one row, whoever asks it and how often."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="questions")
    kind = models.CharField(max_length=20)
    asked = models.JSONField()  # by kind: unit and building; years and budget; figures that were found
    asked_hash = models.CharField(max_length=64)
    who = models.CharField(max_length=60)
    made_at = models.DateTimeField(db_default=Now())
    life = models.CharField(max_length=20, default=states.QuestionLife.ASKED)
    ended_at = models.DateTimeField(null=True)
    answer = models.JSONField(null=True)  # while it is worked on: what is there so far
    trouble = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            one_of("kind", states.Ask, "estate_question_kind"),
            one_of("life", states.QuestionLife, "estate_question_life"),
            models.UniqueConstraint(fields=["study", "kind", "asked_hash"], name="estate_question_once"),
        ]

    def __str__(self) -> str:
        return f"{self.study_id} {self.kind}"
