"""Tables of the catalogue: one a sheet of the city's files. Rows that vanish from the files become inactive."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from satuatap.features.catalogue.states import Basis
from satuatap.plumbing.sourced import Sourced


class Service(Sourced):
    """A public service. ``expected_minutes`` at the desk are synthetic until measured."""

    id = models.SmallAutoField(primary_key=True)
    code = models.SlugField(max_length=60, unique=True)
    agency = models.ForeignKey("people.Agency", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True, default="")
    everyday_name = models.CharField(max_length=200, blank=True, default="")
    everyday_name_en = models.CharField(max_length=200, blank=True, default="")
    summary = models.TextField(blank=True, default="")
    summary_en = models.TextField(blank=True, default="")
    category = models.CharField(max_length=60, blank=True, default="")
    expected_minutes = models.FloatField(default=6.0)
    at_mall = models.CharField(max_length=8, default="unknown")
    icon = models.CharField(max_length=60, blank=True, default="")
    active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.name


class Standard(Sourced):
    """A text of one component of a service's standard. Where sources disagree several rows stand side by side."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="standards")
    place = models.SmallIntegerField()  # order in the file
    component = models.SmallIntegerField()
    text = models.TextField(blank=True, default="")
    text_en = models.TextField(blank=True, default="")
    basis = models.CharField(max_length=16, default=Basis.UNKNOWN)
    office = models.CharField(max_length=160, blank=True, default="")
    qualifier = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["service", "component", "place"], name="catalogue_standard_once"),
            models.CheckConstraint(condition=Q(component__gte=1, component__lte=14), name="catalogue_component"),
            models.CheckConstraint(
                condition=~Q(basis=Basis.OTHER_OFFICE.value) | ~Q(office=""), name="catalogue_other_office_is_named"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service_id}/{self.component}"


class Document(Sourced):
    """A paper that services ask for; ``issued_by`` names the services that issue it."""

    code = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True, default="")
    issued_by = ArrayField(models.CharField(max_length=60), default=list)
    how_to_get = models.TextField(blank=True, default="")
    how_to_get_en = models.TextField(blank=True, default="")
    active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.name


class Requirement(Sourced):
    """A document that a service asks for, always or under a condition."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="requirements")
    order = models.SmallIntegerField()
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    detail = models.TextField(blank=True, default="")
    detail_en = models.TextField(blank=True, default="")
    need = models.CharField(max_length=8, default="always")
    condition = models.TextField(blank=True, default="")
    condition_en = models.TextField(blank=True, default="")
    form = models.CharField(max_length=12, blank=True, default="")
    basis = models.CharField(max_length=16, default=Basis.UNKNOWN)
    office = models.CharField(max_length=160, blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["service", "order"], name="catalogue_requirement_once")]

    def __str__(self) -> str:
        return f"{self.service_id}: {self.document_id}"


class Step(Sourced):
    """What one desk does of a service; the unit that desks can do and citizens wait for."""

    id = models.SmallAutoField(primary_key=True)
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="steps")
    order = models.SmallIntegerField()
    agency = models.ForeignKey("people.Agency", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True, default="")
    expected_minutes = models.FloatField(default=6.0)
    after = ArrayField(models.SmallIntegerField(), default=list)  # orders; filled with the one before where blank
    lane_note = models.TextField(blank=True, default="")
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["service", "order"], name="catalogue_step_once"),
            models.CheckConstraint(condition=Q(expected_minutes__gt=0), name="catalogue_step_minutes"),
        ]

    def __str__(self) -> str:
        return f"{self.service_id}/{self.order}"


class Place(Sourced):
    """Where a service can be finished, and where it can't."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="places")
    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True, default="")
    can_finish = models.CharField(max_length=8, default="unknown")
    detail = models.TextField(blank=True, default="")
    detail_en = models.TextField(blank=True, default="")
    address = models.TextField(blank=True, default="")
    url = models.TextField(blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["service", "kind", "name"], name="catalogue_place_once")]

    def __str__(self) -> str:
        return self.name


class LifeEvent(Sourced):
    """Something in a life that brings several services with it."""

    code = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120, blank=True, default="")
    everyday = models.TextField(blank=True, default="")
    icon = models.CharField(max_length=60, blank=True, default="")
    order = models.SmallIntegerField(default=0)

    def __str__(self) -> str:
        return self.name


class LifeEventService(Sourced):
    """A service that a life event brings."""

    event = models.ForeignKey(LifeEvent, on_delete=models.CASCADE, related_name="members")
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="+")
    order = models.SmallIntegerField(default=0)
    detail = models.TextField(blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "service"], name="catalogue_event_service_once")]

    def __str__(self) -> str:
        return f"{self.event_id}: {self.service_id}"


class Sequence(Sourced):
    """Of two services wanted together, which must come first, and why."""

    first = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="+")
    then = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="+")
    reason = models.TextField(blank=True, default="")
    reason_en = models.TextField(blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["first", "then"], name="catalogue_sequence_once")]

    def __str__(self) -> str:
        return f"{self.first_id} before {self.then_id}"


class Synonym(Sourced):
    """Everyday words for services, or words for words."""

    phrase = models.CharField(max_length=120)
    services = ArrayField(models.CharField(max_length=60), default=list)
    words = models.CharField(max_length=200, blank=True, default="")
    kind = models.CharField(max_length=12, default="service")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["phrase", "kind"], name="catalogue_synonym_once")]

    def __str__(self) -> str:
        return self.phrase


class Promise(Sourced):
    """How long nine in ten wait at most for a desk of this service in this mall: the mall's own promise.

    ``minutes`` is empty where none was set; ``decree`` is empty where no decree sets it.
    """

    mall = models.ForeignKey("malls.Mall", on_delete=models.CASCADE, related_name="+")
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="promises")
    minutes = models.FloatField(null=True)
    decree = models.CharField(max_length=160, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["mall", "service"], name="catalogue_promise_once"),
            models.CheckConstraint(condition=Q(minutes__isnull=True) | Q(minutes__gt=0), name="catalogue_promise_more"),
        ]

    def __str__(self) -> str:
        return f"{self.service_id}: {self.minutes}"


class Load(Sourced):
    """How often a year a service is asked for in a mall."""

    mall = models.ForeignKey("malls.Mall", on_delete=models.CASCADE, related_name="+")
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="loads")
    yearly = models.FloatField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["mall", "service"], name="catalogue_load_once")]

    def __str__(self) -> str:
        return f"{self.service_id}: {self.yearly}"


class HalfHour(Sourced):
    """Which share of a day's citizens come within half an hour from ``start`` on, in any mall of the city."""

    start = models.TimeField(unique=True)
    share = models.FloatField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(share__gte=0, share__lte=1), name="catalogue_share")]

    def __str__(self) -> str:
        return f"{self.start}: {self.share}"


class Plan(models.Model):
    """A visit planned at home: services behind a short code that the kiosk takes. No person in it; it expires."""

    code = models.CharField(max_length=6, unique=True)
    services = ArrayField(models.CharField(max_length=60))
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.code
