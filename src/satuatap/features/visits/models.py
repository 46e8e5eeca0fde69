"""Tables of visits. What a call reads or writes about a desk stands here, keyed by the desk and mall of ``malls``.

Fill factors, the partial indexes of the hot statements and their checks stand in the migration with their reasons.
"""

from __future__ import annotations

from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Policy(models.Model):
    """Weights of one calling policy. A row never changes; every change, also going back, is a new id.

    Weights in thousandths, times in milliseconds. Minutes since arrival, less ``weight_remaining`` x the expected
    minutes of the remaining errands (at most ``cap``), plus the head start of the class.
    """

    id = models.IntegerField(primary_key=True)
    weight_remaining = models.BigIntegerField()  # thousandths of a minute per expected minute left
    cap = models.BigIntegerField()  # thousandths x ms: the most that remaining errands may cost
    numbers = models.JSONField(default=dict)  # recall gap, undo window ...: minutes, as data
    source = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"policy {self.pk}"


class Line(models.Model):
    """Errands of equal slope under one policy: their order among themselves never changes with time."""

    id = models.IntegerField(primary_key=True)
    policy = models.ForeignKey(Policy, on_delete=models.PROTECT)
    slope = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["policy", "slope"], name="visits_one_line_a_slope")]

    def __str__(self) -> str:
        return f"line {self.pk}"


class PolicyClass(models.Model):
    """What one class of citizens gets under a policy: head start (``base``) and slopes per ms since arrival, ready."""

    pk = models.CompositePrimaryKey("policy_id", "priority_class")
    policy = models.ForeignKey(Policy, on_delete=models.PROTECT)
    priority_class = models.SmallIntegerField(db_column="class")
    base = models.BigIntegerField(default=0)
    a = models.BigIntegerField(default=1000)
    b = models.BigIntegerField(default=0)
    line = models.ForeignKey(Line, on_delete=models.PROTECT, db_column="line")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(a__gte=0, b__gte=0), name="visits_slopes_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.policy_id}/{self.priority_class}"


class Floor(models.Model):
    """One row a mall, read by every call: which policy holds, when numbers are given today, which day is closed."""

    mall = models.SmallIntegerField(primary_key=True)
    zone = models.CharField(max_length=40)  # the mall's time zone: the business day is a date in it
    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, db_column="policy")
    lines = ArrayField(models.IntegerField())
    slopes = ArrayField(models.BigIntegerField())
    sweep = models.BooleanField(default=False)  # a policy change is being stamped (comes later; stands now)
    open_from = models.DateTimeField(null=True)
    open_until = models.DateTimeField(null=True)
    closed_day = models.DateField(null=True)

    def __str__(self) -> str:
        return f"floor of mall {self.mall}"


class Counter(models.Model):
    """The last number given on a day; apart from the floor because every issue writes it."""

    pk = models.CompositePrimaryKey("mall", "day")
    mall = models.SmallIntegerField()
    day = models.DateField()
    last = models.IntegerField()

    def __str__(self) -> str:
        return f"{self.day}: {self.last}"


class StepTime(models.Model):
    """A step that desks of this mall can do, with its expected minutes (in ms) for keys."""

    pk = models.CompositePrimaryKey("mall", "step")
    mall = models.SmallIntegerField()
    step = models.SmallIntegerField()
    service = models.SmallIntegerField()
    expected_ms = models.IntegerField()
    active = models.BooleanField(default=True)
    # The moment from which on no number is given for it today: set where every booth that serves it closes before the
    # mall does. The issue statement reads this row anyway, so the check costs no look of its own.
    open_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(expected_ms__gt=0), name="visits_expected_positive")]

    def __str__(self) -> str:
        return f"step {self.step} at mall {self.mall}"


class Desk(models.Model):
    """A desk (loket) as calls see it. One visit a desk by shape, one desk a visit by constraint."""

    id = models.SmallIntegerField(primary_key=True)  # the desk's id in malls
    mall = models.SmallIntegerField()
    open = models.BooleanField(default=False)
    pause = models.CharField(max_length=10, null=True)
    pause_next = models.BooleanField(default=False)  # "break after this one"; ``pause`` says which
    skills = ArrayField(models.SmallIntegerField(), default=list)
    officer = models.IntegerField(null=True)  # the account at the desk now
    # No foreign key in the database: the call itself holds the visit row, and a key check would cost every call.
    visit = models.ForeignKey(
        "Visit", null=True, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    seq = models.SmallIntegerField(null=True)
    since = models.DateTimeField(null=True)  # mall time of the last change of state
    # The desk's own last step, for undo: what, whose, at which revision, when.
    last_kind = models.CharField(max_length=20, null=True)
    last_visit = models.BigIntegerField(null=True)
    last_seq = models.SmallIntegerField(null=True)
    last_rev = models.IntegerField(null=True)
    last_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["visit"], name="visits_one_desk")]

    def __str__(self) -> str:
        return f"desk {self.pk}"


class Visit(models.Model):
    """One citizen's visit, one number for all her errands. It holds nothing that says who she is.

    ``token`` is the unguessable address of her live page, ``code`` the four characters printed beside the number.
    ``rev`` rises by one with everything that changes the visit. No index on anything a call changes.
    """

    id = models.BigAutoField(primary_key=True)
    mall = models.SmallIntegerField()
    day = models.DateField()
    number = models.IntegerField()
    priority_class = models.SmallIntegerField(db_column="class")
    arrived_at = models.DateTimeField()
    state = models.SmallIntegerField(default=0)
    desk = models.SmallIntegerField(null=True)
    rev = models.IntegerField(default=0)
    done = models.SmallIntegerField(default=0)  # bit per seq
    left_n = models.SmallIntegerField()
    token = models.CharField(max_length=32, unique=True)
    code = models.CharField(max_length=4)
    channel = models.CharField(max_length=12)
    gone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["mall", "day", "number"], name="visits_one_number"),
            models.CheckConstraint(
                condition=models.Q(state=1, desk__isnull=False) | (~models.Q(state=1) & models.Q(desk__isnull=True)),
                name="visits_at_desk_has_desk",
            ),
            models.CheckConstraint(condition=models.Q(state__in=(0, 1, 2, 3)), name="visits_visit_state"),
        ]

    def __str__(self) -> str:
        return f"visit {self.number} of {self.day}"


class Errand(models.Model):
    """One step wanted in a visit. It carries its own features, so that a re-check under a lock sees all inputs."""

    pk = models.CompositePrimaryKey("visit_id", "seq")
    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, db_index=False)
    seq = models.SmallIntegerField()
    step = models.SmallIntegerField()
    service = models.SmallIntegerField()
    state = models.SmallIntegerField()
    after = models.SmallIntegerField(default=0)  # bits of all predecessors, transitively
    priority_class = models.SmallIntegerField(db_column="class")
    arrived_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True)
    n_rem = models.SmallIntegerField()
    m_rem = models.IntegerField()  # ms expected of all errands not done, this one included
    line = models.IntegerField(null=True)
    key = models.BigIntegerField(null=True)
    due = models.DateTimeField(null=True)
    desk = models.SmallIntegerField(null=True)
    called_at = models.DateTimeField(null=True)
    recalls = models.SmallIntegerField(default=0)
    recalled_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    result = models.CharField(max_length=20, null=True)
    estimated = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state=1) | models.Q(key__isnull=False, line__isnull=False, ready_at__isnull=False),
                name="visits_ready_has_key",
            ),
            models.CheckConstraint(condition=models.Q(state__in=range(7)), name="visits_errand_state"),
            models.CheckConstraint(condition=models.Q(seq__gte=0, seq__lte=14), name="visits_seq_fits_bits"),
        ]

    def __str__(self) -> str:
        return f"errand {self.visit_id}/{self.seq}"


class Contact(models.Model):
    """What a citizen left so that she can be reached about this visit; declared in ``personal.py``, erased at its end.

    Name and phone are sealed to this row (``plumbing.fields``), ``phone_index`` finds a phone. The id is random: it is
    all that the journal and the list of erasures say.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    visit = models.OneToOneField(Visit, on_delete=models.CASCADE, related_name="contact")
    name = models.TextField(blank=True)
    phone = models.TextField(blank=True)
    phone_index = models.CharField(max_length=120, blank=True, db_index=True)
    consent_text = models.CharField(max_length=20)  # the version she agreed to
    given_at = models.DateTimeField()
    ends_on = models.DateField(db_index=True)  # the last day on which it is kept

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~models.Q(name="", phone=""), name="visits_contact_says_something"),
            models.CheckConstraint(
                condition=models.Q(phone="", phone_index="") | ~(models.Q(phone="") | models.Q(phone_index="")),
                name="visits_contact_phone_is_found",
            ),
        ]

    def __str__(self) -> str:
        return f"contact {self.pk}"
