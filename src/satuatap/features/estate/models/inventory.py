"""Tables of the inventory. Codes are the city's own; amounts of money are whole Rupiah."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from django.db import models
from django.db.models import F, Q

from satuatap.features.estate import states
from satuatap.plumbing.sourced import Sourced


def one_of(field: str, kind: Iterable[StrEnum], name: str, *, blank: bool = False) -> models.CheckConstraint:
    values = [*([""] if blank else []), *(one.value for one in kind)]
    return models.CheckConstraint(condition=Q(**{f"{field}__in": values}), name=name)


def _word(**more: Any) -> models.CharField[str, str]:
    return models.CharField(max_length=20, blank=True, default="", **more)


class Figured(Sourced):
    """A row some of whose columns may be made up though the rest has a source."""

    made_up = models.JSONField(default=list)  # keys of those columns

    class Meta:
        abstract = True


class Costed(Sourced):
    """A cost: under which kode rekening it is booked (Permendagri 90/2019); a blank one counts as unsourced."""

    budget_code = models.CharField(max_length=40, blank=True, default="")

    class Meta:
        abstract = True


class Building(Figured):
    """A building that units sit in, or could; with what the register of goods (KIB C) says of it."""

    code = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=160)
    address = models.CharField(max_length=300, blank=True, default="")
    district = models.CharField(max_length=12, blank=True, default="")
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    area_m2 = models.FloatField()  # gross
    ownership = models.CharField(max_length=20, default=states.Ownership.CITY)
    use = models.CharField(max_length=20, default=states.Use.USED)
    use_ends = models.DateField(null=True)  # of a loan or a lease to others
    condition = _word()
    cooling = _word()
    heritage = models.BooleanField(default=False)
    keep_open = models.BooleanField(default=False)
    nibar = models.CharField(max_length=60, blank=True, default="")
    kib = models.CharField(max_length=2, blank=True, default="")
    holder = models.ForeignKey(
        "people.Agency", on_delete=models.PROTECT, null=True, related_name="+"
    )  # Pengguna Barang
    title = _word()
    certificate = models.CharField(max_length=80, blank=True, default="")
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(area_m2__gt=0), name="estate_building_area"),
            one_of("ownership", states.Ownership, "estate_building_ownership"),
            one_of("use", states.Use, "estate_building_use"),
            one_of("condition", states.Condition, "estate_building_condition", blank=True),
            one_of("cooling", states.Cooling, "estate_building_cooling", blank=True),
            one_of("title", states.Title, "estate_building_title", blank=True),
            models.UniqueConstraint(fields=["nibar"], condition=~Q(nibar=""), name="estate_one_nibar"),
        ]

    def __str__(self) -> str:
        return self.name


class Floor(Sourced):
    """One floor of a building, and whether citizens may be served there."""

    building = models.ForeignKey(Building, on_delete=models.CASCADE, related_name="floors")
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=80, blank=True, default="")
    public = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["building", "code"], name="estate_one_floor")]

    def __str__(self) -> str:
        return f"{self.building_id}/{self.code}"


class Space(Sourced):
    """m2 of one kind on a floor (net)."""

    floor = models.ForeignKey(Floor, on_delete=models.CASCADE, related_name="spaces")
    code = models.CharField(max_length=40)
    kind = models.CharField(max_length=20)
    area_m2 = models.FloatField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["floor", "code"], name="estate_one_space"),
            models.CheckConstraint(condition=Q(area_m2__gt=0), name="estate_space_area"),
            one_of("kind", states.SpaceKind, "estate_space_kind"),
        ]

    def __str__(self) -> str:
        return self.code


class Unit(Figured):
    """An office, or a part of one, that moves as a whole."""

    code = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=200)
    agency = models.ForeignKey("people.Agency", on_delete=models.PROTECT, null=True, related_name="+")
    headcount = models.IntegerField()
    public_facing = models.BooleanField(default=False)
    area_m2 = models.FloatField(null=True)  # net need, where the city has fixed one; else from grades and norms
    counter_m2 = models.FloatField(null=True)
    stays = models.BooleanField(default=False)
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(headcount__gte=0), name="estate_unit_headcount"),
            models.CheckConstraint(condition=Q(area_m2__isnull=True) | Q(area_m2__gt=0), name="estate_unit_area"),
        ]

    def __str__(self) -> str:
        return self.name


class UnitStaff(Sourced):
    """How many of a unit have a grade by which rooms are measured."""

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="staff")
    grade = models.CharField(max_length=20)
    people = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "grade"], name="estate_one_grade"),
            models.CheckConstraint(condition=Q(people__gte=0), name="estate_grade_people"),
            one_of("grade", states.Grade, "estate_grade"),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id}/{self.grade}"


class Placement(Sourced):
    """Who sits where since when; a unit sits in one place at a time."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="placements")
    building = models.ForeignKey(Building, on_delete=models.PROTECT, related_name="placements")
    floor = models.CharField(max_length=20, blank=True, default="")
    since = models.DateField(null=True)
    until = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "since"], name="estate_placement_once", nulls_distinct=False),
            models.UniqueConstraint(fields=["unit"], condition=Q(until=None), name="estate_one_place_now"),
            models.CheckConstraint(
                condition=Q(until=None) | Q(since=None) | Q(until__gte=F("since")), name="estate_placement_forward"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} in {self.building_id}"


class Meter(Sourced):
    """A building's line to a provider: its number, what it may carry, by which class it is billed."""

    building = models.ForeignKey(Building, on_delete=models.CASCADE, related_name="meters")
    code = models.CharField(max_length=40, unique=True)
    supply = models.CharField(max_length=20)
    kva = models.FloatField(null=True)
    tariff = models.CharField(max_length=60, blank=True, default="")  # key of a norm

    class Meta:
        constraints = [one_of("supply", states.Supply, "estate_meter_supply")]

    def __str__(self) -> str:
        return self.code


class Bill(Costed):
    """What a meter counted and cost between two days, both included."""

    meter = models.ForeignKey(Meter, on_delete=models.CASCADE, related_name="bills")
    first_day = models.DateField()
    last_day = models.DateField()
    quantity = models.FloatField()  # kWh or m3
    amount = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meter", "first_day"], name="estate_one_bill"),
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="estate_bill_forward"),
            models.CheckConstraint(condition=Q(quantity__gte=0, amount__gte=0), name="estate_bill_amounts"),
        ]

    def __str__(self) -> str:
        return f"{self.meter_id} {self.first_day}"


class SupportStaff(Costed):
    """Posts of support staff in a building: how many are held how, what one costs a month, until when."""

    building = models.ForeignKey(Building, on_delete=models.CASCADE, related_name="support")
    post = models.CharField(max_length=20)
    contract = models.CharField(max_length=20)
    people = models.IntegerField()
    monthly = models.BigIntegerField(null=True)  # Rupiah for one; blank: by the norm
    ends = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["building", "post", "contract", "ends"], name="estate_one_post", nulls_distinct=False
            ),
            models.CheckConstraint(condition=Q(people__gte=0), name="estate_post_people"),
            one_of("post", states.Post, "estate_post"),
            one_of("contract", states.Contract, "estate_contract"),
        ]

    def __str__(self) -> str:
        return f"{self.building_id} {self.post}"


class Upkeep(Costed):
    """What keeping a building cost in a year, by kind of work."""

    building = models.ForeignKey(Building, on_delete=models.CASCADE, related_name="upkeep")
    work = models.CharField(max_length=80)
    year = models.SmallIntegerField()
    amount = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["building", "work", "year"], name="estate_upkeep_once"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="estate_upkeep_amount"),
        ]

    def __str__(self) -> str:
        return f"{self.building_id} {self.work}"


class Lease(Costed):
    """What the city pays a year for a building that is not its own."""

    building = models.ForeignKey(Building, on_delete=models.CASCADE, related_name="leases")
    starts = models.DateField()
    ends = models.DateField()
    yearly = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["building", "starts"], name="estate_lease_once"),
            models.CheckConstraint(condition=Q(ends__gte=F("starts")), name="estate_lease_forward"),
            models.CheckConstraint(condition=Q(yearly__gte=0), name="estate_lease_amount"),
        ]

    def __str__(self) -> str:
        return f"{self.building_id} {self.starts}"


class Trips(Sourced):
    """Official trips a month between two units, both directions together."""

    one = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+")
    monthly = models.FloatField()
    counted = models.CharField(max_length=20, default=states.Counted.ESTIMATED)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="estate_trips_once"),
            models.CheckConstraint(condition=~Q(one=F("other")), name="estate_trips_between_two"),
            one_of("counted", states.Counted, "estate_trips_counted"),
        ]

    def __str__(self) -> str:
        return f"{self.one_id}-{self.other_id}"


class Demand(Sourced):
    """Citizens' visits a year to a unit from a kecamatan."""

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="demand")
    district = models.CharField(max_length=12)
    yearly = models.FloatField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "district"], name="estate_demand_once")]

    def __str__(self) -> str:
        return f"{self.unit_id}/{self.district}"


class Norm(Sourced):
    """A figure that fills in what the lists lack: an official one with article and year, or one that nobody sourced."""

    key = models.CharField(max_length=60, unique=True)
    low = models.FloatField()
    likely = models.FloatField()
    high = models.FloatField()
    unit = models.CharField(max_length=40, blank=True, default="")
    meaning = models.CharField(max_length=300, blank=True, default="")
    meaning_en = models.CharField(max_length=300, blank=True, default="")
    regulation = models.CharField(max_length=120, blank=True, default="")
    article = models.CharField(max_length=120, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(low__lte=F("likely"), likely__lte=F("high")), name="estate_norm_range")
        ]

    def __str__(self) -> str:
        return self.key


class Announced(Sourced):
    """Where a unit was said to go, or to have gone: a published plan by its groups, kept apart from the placement.

    ``who`` and ``place`` are the source's own words; ``unit`` is empty where it names a kind of unit and no single one.
    """

    plan = models.SlugField(max_length=60)
    group = models.CharField(max_length=8, blank=True, default="")
    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, null=True, related_name="announced")
    who = models.CharField(max_length=80, blank=True, default="")
    place = models.CharField(max_length=120, blank=True, default="")
    building = models.ForeignKey(Building, on_delete=models.CASCADE, null=True, related_name="announced")
    said = models.CharField(max_length=20)
    on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "unit", "who"], name="estate_announced_once", nulls_distinct=False),
            models.CheckConstraint(condition=Q(unit__isnull=False) | ~Q(who=""), name="estate_announced_who"),
            one_of("said", states.Said, "estate_announced_said"),
        ]

    def __str__(self) -> str:
        return f"{self.plan}/{self.unit_id}"
