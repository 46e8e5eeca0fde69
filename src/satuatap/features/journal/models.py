"""Tables of the journal. The application's role may read and append, never change or remove."""

from __future__ import annotations

from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models.functions import Now

# Kinds of which only the newest is ever asked for, on every page of the office: found without reading the journal.
RARE = ("clock_jumped", "clock_settled", "journal_checked")


class Entry(models.Model):
    """One fact. ``at`` is the mall's time, ``real_at`` the world's; ``salt`` keeps a sealed leaf from being guessed.

    ``xid`` is the writing transaction: with a snapshot it tells what another transaction could see. It has no
    Django type, so it stands in the migration only (``xid8 default pg_current_xact_id()``).
    """

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(db_default=Now())
    real_at = models.DateTimeField(db_default=Now())
    kind = models.CharField(max_length=40)
    who = models.CharField(max_length=60)
    mall = models.SmallIntegerField(null=True)
    visit_id = models.BigIntegerField(null=True)
    request = models.UUIDField(null=True)
    salt = models.UUIDField(db_default=RandomUUID())
    fact = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["request"], name="journal_request", condition=models.Q(request__isnull=False)
            )
        ]
        indexes = [
            models.Index(fields=["visit_id"], name="journal_visit", condition=models.Q(visit_id__isnull=False)),
            models.Index(fields=["kind", "id"], name="journal_rare", condition=models.Q(kind__in=RARE)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Position(models.Model):
    """The dense order of committed entries, given by one numberer outside the hot transactions."""

    position = models.BigIntegerField(primary_key=True)
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, db_constraint=False, related_name="place")

    def __str__(self) -> str:
        return str(self.position)


class Numberer(models.Model):
    """Where the numberer stands (one row): below ``floor_xid`` nothing can still commit unnumbered.

    ``foreign_until`` is the last entry that came from another cluster (a restored dump): its xid means nothing here.
    ``floor_xid`` is an ``xid8`` and stands in the migration only.
    """

    id = models.SmallIntegerField(primary_key=True, default=1)
    foreign_until = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="journal_one_numberer")]

    def __str__(self) -> str:
        return "numberer"


class Cursor(models.Model):
    """How far a reader (a reaction) has come; it starts again from here, so reactions are safe to run twice."""

    reader = models.CharField(max_length=80, primary_key=True)
    position = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.reader} at {self.position}"


class Seal(models.Model):
    """The Merkle root over the positions 1 to ``size``, made at ``made`` (the world's time). Never changed or removed.

    ``previous`` is the root of the seal before (32 zero bytes for the first). ``leaves`` holds the hashes of the
    leaves after ``after`` (the size before), 32 bytes each: a proof needs no entry to be read again, and a change is
    found at its very position.
    """

    size = models.BigIntegerField(primary_key=True)
    after = models.BigIntegerField(unique=True)
    root = models.BinaryField()
    previous = models.BinaryField()
    leaves = models.BinaryField()
    made = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(after__gte=0, size__gt=models.F("after")), name="journal_seal_grows"
            )
        ]

    def __str__(self) -> str:
        return f"seal of {self.size}"


class Node(models.Model):
    """The hash of a whole subtree of the sealed tree: 2**level leaves from index * 2**level on. Large ones only."""

    pk = models.CompositePrimaryKey("level", "index")
    level = models.SmallIntegerField()
    index = models.BigIntegerField()
    hash = models.BinaryField()

    def __str__(self) -> str:
        return f"node {self.level}/{self.index}"
