"""Tables of commons: clients of the API, their keys, webhooks, deliveries."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from satuatap.features.commons.states import DeliveryState


class Client(models.Model):
    """A program that may ask the API: within a mall, within an agency, or without limits where both are empty."""

    id = models.AutoField(primary_key=True)
    name = models.CharField(max_length=80, unique=True)
    mall = models.ForeignKey("malls.Mall", null=True, on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey("people.Agency", null=True, on_delete=models.PROTECT, related_name="+")
    scopes = ArrayField(models.CharField(max_length=30))
    per_minute = models.IntegerField(default=600)
    made_at = models.DateTimeField(db_default=Now())
    blocked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(per_minute__gte=1, per_minute__lte=100_000), name="commons_client_rate")
        ]

    def __str__(self) -> str:
        return self.name


class Key(models.Model):
    """One key of a client: the prefix that may be shown, and a digest of the whole. Renewing leaves two for a day."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="keys")
    prefix = models.CharField(max_length=16, unique=True)
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField(db_default=Now())
    ends_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.prefix


class Webhook(models.Model):
    """An address that is told of events after the position ``after``. Its secret is derived, never stored."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="webhooks")
    target = models.CharField(max_length=500)
    events = ArrayField(models.CharField(max_length=30))
    after = models.BigIntegerField()
    made_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.pk)


class Delivery(models.Model):
    """One event for one webhook. Its body is made from the journal at each try, so no copy of it is kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    webhook = models.ForeignKey(Webhook, on_delete=models.PROTECT, related_name="deliveries")
    position = models.BigIntegerField()
    event = models.CharField(max_length=30)
    state = models.SmallIntegerField(default=DeliveryState.WAITING.value)
    tries = models.SmallIntegerField(default=0)
    status = models.SmallIntegerField(null=True)
    problem = models.CharField(max_length=40, default="", blank=True)
    made_at = models.DateTimeField(db_default=Now())
    due_at = models.DateTimeField(db_default=Now())
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["webhook", "position"], name="commons_delivery_once"),
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in DeliveryState]), name="commons_delivery_state"
            ),
        ]
        indexes = [
            models.Index(fields=["webhook", "due_at"], name="commons_due", condition=Q(state=0)),
        ]

    def __str__(self) -> str:
        return str(self.pk)
