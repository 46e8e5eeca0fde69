"""Tables of plans. Units, buildings and services are codes, so that what was decided stays readable for ever."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from satuatap.features.plans import states
from satuatap.plumbing.sourced import Sourced


def one_of(name: str, kind: Iterable[StrEnum], title: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(**{f"{name}__in": [one.value for one in kind]}), name=title)


class Plan(models.Model):
    """A regrouping plan. ``code`` is its public address, for ever."""

    id = models.AutoField(primary_key=True)
    code = models.SlugField(max_length=40, unique=True)
    title = models.CharField(max_length=120)
    # nobody's account wrote what others published
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    life = models.CharField(max_length=12, default=states.PlanLife.DRAFT)
    public = models.BooleanField(default=False)  # was consulted once: its page never goes away
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            one_of("life", states.PlanLife, "plans_life"),
            models.CheckConstraint(
                condition=Q(reviewer__isnull=True) | ~Q(reviewer=F("author")), name="plans_reviewer_is_another"
            ),
            models.CheckConstraint(
                condition=Q(author__isnull=False) | Q(life__in=["announced", "withdrawn"]), name="plans_has_author"
            ),
            models.CheckConstraint(
                condition=~Q(life__in=["consulted", "decided", "carried_out"]) | Q(public=True), name="plans_public"
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Version(models.Model):
    """What a plan said once. The application may write it and never change it (``project/grants.py``)."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="versions")
    number = models.IntegerField()
    content = models.JSONField()
    content_hash = models.CharField(max_length=64)
    inventory = models.JSONField()
    input_hash = models.CharField(max_length=64)
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="plans_version_once")]

    def __str__(self) -> str:
        return f"{self.plan_id}/{self.number}"


class Stage(models.Model):
    """When a plan came to a stage."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="stages")
    life = models.CharField(max_length=12)
    version = models.IntegerField(null=True)
    at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"{self.plan_id}: {self.life}"


class Review(models.Model):
    """What the reviewer said of a version; the newest counts."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="reviews")
    version = models.IntegerField()
    verdict = models.CharField(max_length=10)
    text = models.TextField(blank=True, default="")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [one_of("verdict", states.Verdict, "plans_verdict")]

    def __str__(self) -> str:
        return f"{self.plan_id}/{self.version}: {self.verdict}"


class Published(Sourced):
    """A plan that others published (sheet ``published``); ``reports``: which rows of ``announced`` tell the news of it.

    ``digest`` is the SHA-256 of its rows when its version was frozen: only other rows make another version.
    """

    plan = models.OneToOneField(Plan, on_delete=models.CASCADE, related_name="published")
    reports = models.SlugField(max_length=60, blank=True, default="")
    digest = models.CharField(max_length=64, blank=True, default="")

    def __str__(self) -> str:
        return str(self.plan_id)


class Minutes(models.Model):
    """What theory says of the waits in a hall under a version; computed by a job. The newest of a version counts."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="minutes")
    life = models.CharField(max_length=12, default=states.MinutesLife.QUEUED)
    asked_at = models.DateTimeField(db_default=Now())
    beat_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    found = models.JSONField(null=True)  # rules.Waits
    holds = models.BooleanField(null=True)
    trouble = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            one_of("life", states.MinutesLife, "plans_minutes_life"),
            models.CheckConstraint(
                condition=~Q(life="done") | Q(found__isnull=False, holds__isnull=False), name="plans_minutes_found"
            ),
            models.UniqueConstraint(
                fields=["version"], condition=Q(life__in=["queued", "running"]), name="plans_minutes_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version_id}: {self.life}"


class Claim(Sourced):
    """A figure that somebody published, Rupiah; beside the plan's own, never in it."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="claims")
    low = models.BigIntegerField()
    high = models.BigIntegerField(null=True)
    more_than = models.BooleanField(default=False)  # "lebih dari"
    yearly = models.BooleanField(default=True)
    on = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(low__gt=0), name="plans_claim_low"),
            models.CheckConstraint(condition=Q(high__isnull=True) | Q(high__gte=F("low")), name="plans_claim_high"),
            models.UniqueConstraint(fields=["plan", "low", "on", "source"], name="plans_claim_once"),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id}: {self.low}"


class Comment(models.Model):
    """What an agency or a citizen says of a plan. Nobody's name is asked; a hidden one has no text any more."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="comments")
    version = models.IntegerField()
    voice = models.CharField(max_length=10)
    agency = models.ForeignKey("people.Agency", null=True, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(blank=True)
    at = models.DateTimeField(db_default=Now())
    hidden_why = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints = [
            one_of("voice", states.Voice, "plans_voice"),
            models.CheckConstraint(
                condition=Q(voice="citizen", agency__isnull=True) | Q(voice="agency", agency__isnull=False),
                name="plans_whose_voice",
            ),
            models.CheckConstraint(condition=Q(hidden_why="") | Q(text=""), name="plans_hidden_is_empty"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Decision(models.Model):
    """Keputusan Wali Kota about one version. One at a time stands; a withdrawn one stays."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="decisions")
    version = models.IntegerField()
    who = models.CharField(max_length=60)  # an actor's code
    decree = models.CharField(max_length=80)
    on = models.DateField()
    at = models.DateTimeField(db_default=Now())
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_why = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan"], condition=Q(withdrawn_at=None), name="plans_one_decision")
        ]

    def __str__(self) -> str:
        return self.decree


class Move(models.Model):
    """One unit's move as it was decided; names and addresses as they were on that day."""

    id = models.AutoField(primary_key=True)
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="moves")
    unit = models.CharField(max_length=60)
    unit_name = models.CharField(max_length=200)
    origin = models.CharField(max_length=60, blank=True, default="")
    origin_name = models.CharField(max_length=160, blank=True, default="")
    origin_address = models.CharField(max_length=300, blank=True, default="")
    target = models.CharField(max_length=60)
    target_name = models.CharField(max_length=160)
    target_address = models.CharField(max_length=300, blank=True, default="")
    on = models.DateField()
    services = ArrayField(models.CharField(max_length=60), default=list)
    life = models.CharField(max_length=12, default=states.MoveLife.PLANNED)
    done_at = models.DateTimeField(null=True)
    moved_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["decision", "unit"], name="plans_move_once"),
            one_of("life", states.MoveLife, "plans_move_life"),
            models.CheckConstraint(
                condition=Q(life="carried_out", done_at__isnull=False, moved_on__isnull=False)
                | (~Q(life="carried_out") & Q(done_at__isnull=True, moved_on__isnull=True)),
                name="plans_move_done",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit}: {self.target}"


class Paper(models.Model):
    """One paper of a move: number, date, file's SHA-256 and which office has it; or why it is not needed."""

    move = models.ForeignKey(Move, on_delete=models.CASCADE, related_name="papers")
    check_name = models.CharField(max_length=12)
    number = models.CharField(max_length=80, blank=True, default="")
    on = models.DateField(null=True)
    file_hash = models.CharField(max_length=64, blank=True, default="")
    owner = models.CharField(max_length=80, blank=True, default="")
    not_needed_why = models.CharField(max_length=300, blank=True, default="")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["move", "check_name"], name="plans_paper_once"),
            one_of("check_name", states.Check, "plans_paper_check"),
            models.CheckConstraint(
                condition=~Q(not_needed_why="")
                | (~Q(number="") & Q(on__isnull=False) & Q(file_hash__regex=r"^[0-9a-f]{64}$") & ~Q(owner="")),
                name="plans_paper_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.move_id}: {self.check_name}"


class Hours(models.Model):
    """What a unit says about one month: hours of all its people in what is no service."""

    unit = models.CharField(max_length=60)
    month = models.DateField()  # its first day
    upkeep = models.IntegerField()
    errands = models.IntegerField()
    coordination = models.IntegerField()
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "month"], name="plans_hours_once"),
            models.CheckConstraint(
                condition=Q(upkeep__gte=0, errands__gte=0, coordination__gte=0), name="plans_hours_not_below_zero"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.month:%Y-%m}"
