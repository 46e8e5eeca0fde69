"""Tables of malls. The clock's functions and its guards stand in the migration."""

from __future__ import annotations

from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from satuatap.features.malls.states import DayKind, Level
from satuatap.plumbing.sourced import Sourced


class Mall(Sourced):
    """A Mal Pelayanan Publik (Perpres 89/2021). Only a mall marked ``demo`` may run on other than real time."""

    id = models.SmallAutoField(primary_key=True)
    code = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120, blank=True, default="")
    address = models.TextField(blank=True, default="")
    zone_name = models.CharField(max_length=40)
    demo = models.BooleanField(default=False)
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    area_m2 = models.IntegerField(null=True)
    kiosk_note = models.TextField(blank=True, default="")
    building = models.CharField(max_length=60, blank=True, default="")  # code in the estate: the hall stands there
    active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.name


class Zone(Sourced):
    """A part of the hall where people wait, named by one letter."""

    mall = models.ForeignKey(Mall, on_delete=models.PROTECT, related_name="zones")
    code = models.CharField(max_length=2)
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80, blank=True, default="")
    wayfinding = models.CharField(max_length=200, blank=True, default="")
    wayfinding_en = models.CharField(max_length=200, blank=True, default="")
    x = models.FloatField(default=0)
    y = models.FloatField(default=0)
    w = models.FloatField(default=0)
    h = models.FloatField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["mall", "code"], name="malls_one_zone_code")]

    def __str__(self) -> str:
        return f"Zona {self.code}"


class Booth(Sourced):
    """An agency's place in a mall (gerai), with the level at which it takes part."""

    mall = models.ForeignKey(Mall, on_delete=models.PROTECT, related_name="booths")
    code = models.SlugField(max_length=60)
    agency = models.ForeignKey("people.Agency", on_delete=models.PROTECT, related_name="+")
    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, null=True, related_name="booths")
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120, blank=True, default="")
    level = models.CharField(max_length=12, default=Level.FULL)
    x = models.FloatField(default=0)
    y = models.FloatField(default=0)
    w = models.FloatField(default=0)
    h = models.FloatField(default=0)
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["mall", "code"], name="malls_one_booth_code"),
            models.CheckConstraint(condition=Q(level__in=[v.value for v in Level]), name="malls_booth_level"),
        ]

    def __str__(self) -> str:
        return self.name


class Desk(Sourced):
    """A desk (loket). Its ``code`` is the number on its sign, unique in the mall."""

    id = models.SmallAutoField(primary_key=True)
    booth = models.ForeignKey(Booth, on_delete=models.PROTECT, related_name="desks")
    mall = models.ForeignKey(Mall, on_delete=models.PROTECT, related_name="desks")
    code = models.CharField(max_length=8)
    name = models.CharField(max_length=80, blank=True, default="")
    x = models.FloatField(default=0)
    y = models.FloatField(default=0)
    w = models.FloatField(default=0)
    h = models.FloatField(default=0)
    opens = models.BooleanField(default=False)  # opened at the start of a demo day
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["mall", "code"], name="malls_one_desk_code")]

    def __str__(self) -> str:
        return f"Loket {self.code}"


class Hours(Sourced):
    """Hours of a weekday between two dates, for a mall or one booth; a booth's row is stronger than the mall's."""

    mall = models.ForeignKey(Mall, on_delete=models.PROTECT, related_name="hours")
    booth = models.ForeignKey(Booth, on_delete=models.PROTECT, null=True, related_name="hours")
    weekday = models.SmallIntegerField()  # 1 = Monday
    opens = models.TimeField()
    closes = models.TimeField()
    break_from = models.TimeField(null=True)
    break_until = models.TimeField(null=True)
    valid_from = models.DateField(null=True)
    valid_until = models.DateField(null=True)
    label = models.CharField(max_length=60, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["mall", "booth", "weekday", "valid_from", "label"],
                name="malls_hours_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(condition=Q(weekday__gte=1, weekday__lte=7), name="malls_hours_weekday"),
            models.CheckConstraint(condition=Q(opens__lt=F("closes")), name="malls_hours_forward"),
            models.CheckConstraint(
                condition=Q(break_from__isnull=True, break_until__isnull=True)
                | Q(break_from__gte=F("opens"), break_until__lte=F("closes"), break_from__lt=F("break_until")),
                name="malls_break_inside",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.weekday} {self.opens}-{self.closes}"


class CalendarDay(Sourced):
    """A date with a rule of its own: holiday, joint leave, closure, special hours; for all, a mall, or one booth."""

    date = models.DateField()
    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=160)
    name_en = models.CharField(max_length=160, blank=True, default="")
    mall = models.ForeignKey(Mall, on_delete=models.PROTECT, null=True, related_name="days")
    booth = models.ForeignKey(Booth, on_delete=models.PROTECT, null=True, related_name="days")
    opens = models.TimeField(null=True)
    closes = models.TimeField(null=True)
    by_hand = models.BooleanField(default=False)  # entered in the office, not read from the city's file

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["date", "kind", "name", "mall", "booth"], name="malls_day_once", nulls_distinct=False
            ),
            models.CheckConstraint(condition=Q(kind__in=[v.value for v in DayKind]), name="malls_day_kind"),
            models.CheckConstraint(
                condition=~Q(kind=DayKind.SPECIAL_HOURS.value) | Q(opens__lt=F("closes")),
                name="malls_special_has_hours",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.date} {self.name}"


class CityLine(Sourced):
    """A line about the city itself, and what the files say about a number of the calling policy: unit, reason, source.

    Nothing is decided by it: it is kept so that the files can be written again as they were read.
    """

    sheet = models.CharField(max_length=12)  # city, policy
    key = models.CharField(max_length=200)
    value = models.TextField(blank=True, default="")
    unit = models.TextField(blank=True, default="")
    reason = models.TextField(blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sheet", "key"], name="malls_city_line_once")]

    def __str__(self) -> str:
        return f"{self.sheet}/{self.key}"


class CityChange(models.Model):
    """Rows of the city's sheets that the office changed together, or a draft: an import that is looked at.

    The journal holds its digest; what stood in the cells before and after stands in ``CityChangeRow``.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    way = models.CharField(max_length=8)  # edit, import, undo
    who = models.CharField(max_length=60)
    made_at = models.DateTimeField(db_default=Now())
    ends_at = models.DateTimeField(null=True)  # of a draft: until then it can be applied
    applied_at = models.DateTimeField(null=True)
    digest = models.CharField(max_length=64)  # SHA-256 of the rows
    undoes = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="undone_by")
    problems = models.JSONField(default=list)
    notes = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(applied_at__isnull=False) | Q(ends_at__isnull=False), name="malls_draft_ends"
            )
        ]

    def __str__(self) -> str:
        return f"{self.way} {self.id}"


class CityChangeRow(models.Model):
    """One row of one sheet, as its cells stand in the files: before and after; ``None`` where there is no row."""

    change = models.ForeignKey(CityChange, on_delete=models.CASCADE, related_name="rows")
    place = models.IntegerField()
    sheet = models.CharField(max_length=40)
    key = models.CharField(max_length=16)  # see project/city/state.py
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["change", "sheet", "key"], name="malls_change_row_once")]
        indexes = [models.Index(fields=["sheet", "key"], name="malls_change_of_row")]

    def __str__(self) -> str:
        return f"{self.sheet}/{self.key}"


class District(Sourced):
    """A kecamatan with its boundary (GeoJSON)."""

    code = models.CharField(max_length=12, unique=True)
    name = models.CharField(max_length=80)
    centroid_lat = models.FloatField(null=True)
    centroid_lon = models.FloatField(null=True)
    boundary = models.JSONField(null=True)

    def __str__(self) -> str:
        return self.name


class Clock(models.Model):
    """A demo's clock: at ``anchor_real`` the mall's time was ``anchor_mall``; since then it runs at ``speed``."""

    mall = models.OneToOneField(Mall, on_delete=models.PROTECT, primary_key=True, related_name="clock")
    anchor_real = models.DateTimeField()
    anchor_mall = models.DateTimeField()
    speed = models.FloatField(default=1.0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(speed__gt=0, speed__lte=5000), name="malls_clock_speed"),
        ]

    def __str__(self) -> str:
        return f"clock of mall {self.mall_id}"


class Heartbeat(models.Model):
    """Where the mall's clock stood last, so that a later start goes on from there."""

    mall = models.OneToOneField(Mall, on_delete=models.PROTECT, primary_key=True, related_name="heartbeat")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.at}"
