"""Tables of people: agencies, accounts, grants. The only personal fields of staff stand in ``Account``."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import uuid4

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import make_password
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.crypto import salted_hmac

from satuatap.features.people.rules import Grant
from satuatap.features.people.states import (
    LANGUAGES,
    PLACE_OF_ROLE,
    SIGNS_IN,
    AccountLife,
    AgencyKind,
    Confidence,
    Factor,
    How,
    Place,
    Role,
)


class Agency(models.Model):
    """A body that serves citizens (instansi), of any kind. ``listed`` is off when the city's file no longer has it."""

    id = models.AutoField(primary_key=True)
    code = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    short_name = models.CharField(max_length=60, blank=True)
    kind = models.CharField(max_length=20)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="units")
    phone = models.CharField(max_length=60, blank=True)
    url = models.CharField(max_length=300, blank=True)
    source = models.CharField(max_length=600, blank=True)
    source_year = models.SmallIntegerField(null=True)
    confidence = models.CharField(max_length=1, blank=True)
    synthetic = models.BooleanField(default=False)
    note = models.CharField(max_length=600, blank=True)
    listed = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=[k.value for k in AgencyKind]), name="people_agency_kind"),
            models.CheckConstraint(
                condition=Q(confidence__in=["", *(c.value for c in Confidence)]), name="people_agency_confidence"
            ),
            models.CheckConstraint(condition=~Q(parent=F("id")), name="people_agency_not_its_own_parent"),
        ]

    def __str__(self) -> str:
        return self.short_name or self.name


class AccountManager(BaseUserManager["Account"]):
    def create_user(self, username: str, password: str | None = None, **fields: Any) -> Account:
        """A new account; without a password nobody can sign in to it."""
        account = self.model(username=username.lower(), password=make_password(password), **fields)
        account.save(using=self._db)
        return account


class Account(AbstractBaseUser):
    """One member of staff, or one device. ``session_epoch`` goes up to end every session at once.

    ``city_login`` is how the city's single sign-on names her, written by a keeper: without it she can't use it.
    Personal fields, their purposes and their end stand in ``personal.py``; ``forget_account`` erases them.
    """

    username = models.CharField(max_length=60, unique=True)
    display_name = models.CharField(max_length=120, blank=True)
    language = models.CharField(max_length=2, default="id")
    life = models.CharField(max_length=12, default=AccountLife.INVITED.value)
    session_epoch = models.IntegerField(default=0)
    device_digest = models.CharField(max_length=64, null=True, unique=True)
    blocked_on = models.DateField(null=True)
    city_login = models.CharField(max_length=120, blank=True)
    opened_at = models.DateTimeField(db_default=Now())

    USERNAME_FIELD = "username"

    objects = AccountManager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(life__in=[s.value for s in AccountLife]), name="people_account_life"),
            models.CheckConstraint(condition=Q(language__in=LANGUAGES), name="people_account_language"),
            models.CheckConstraint(
                condition=Q(username__regex=r"^[a-z0-9][a-z0-9._-]{2,59}$"), name="people_account_username"
            ),
            models.CheckConstraint(
                condition=Q(life__in=[s.value for s in AccountLife if s in SIGNS_IN], blocked_on__isnull=True)
                | Q(life__in=[s.value for s in AccountLife if s not in SIGNS_IN], blocked_on__isnull=False),
                name="people_account_blocked_on",
            ),
            models.UniqueConstraint(
                fields=["city_login"], condition=~Q(city_login=""), name="people_account_city_login"
            ),
        ]

    def __str__(self) -> str:
        return f"account {self.pk}"

    @property
    def is_active(self) -> bool:  # type: ignore[override]
        """Whether the account may sign in (Django's word for it)."""
        return self.life in SIGNS_IN

    @property
    def must_change_password(self) -> bool:
        """Someone else chose the password: it is replaced before anything else."""
        return self.life == AccountLife.INVITED

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """A session holds as long as the password and the epoch it was opened with."""
        key = "satuatap.people.session"
        value = f"{self.password}:{self.session_epoch}"
        return salted_hmac(key, value, secret=secret, algorithm="sha256").hexdigest()


class RoleGrantQuerySet(models.QuerySet["RoleGrant"]):
    def in_force(self, on: date) -> RoleGrantQuerySet:
        """The grants that count on that day (the SQL twin of ``rules.in_force``)."""
        return self.filter(
            Q(valid_until__isnull=True) | Q(valid_until__gte=on), ended_at__isnull=True, valid_from__lte=on
        )

    def as_grants(self) -> tuple[Grant, ...]:
        """As rules read them."""
        rows: Iterable[tuple[str, int | None, int | None, int | None, int]] = self.order_by("pk").values_list(
            "role", "agency_id", "mall_id", "booth_id", "pk"
        )
        return tuple(Grant(Role(role), agency, mall, booth, pk) for role, agency, mall, booth, pk in rows)


def _at(place: Place) -> list[str]:
    return [role.value for role, where in PLACE_OF_ROLE.items() if where is place]


class RoleGrant(models.Model):
    """One role of one account, for a place and a time. Mall and booth are plain numbers: people stands below malls."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="grants")
    role = models.CharField(max_length=20)
    agency = models.ForeignKey(Agency, null=True, on_delete=models.PROTECT, related_name="+")
    mall_id = models.SmallIntegerField(null=True)
    booth_id = models.IntegerField(null=True)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    ended_at = models.DateTimeField(null=True)
    given_by = models.CharField(max_length=60)

    objects = RoleGrantQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    role__in=_at(Place.BOOTH), mall_id__isnull=False, booth_id__isnull=False, agency__isnull=False
                )
                | Q(role__in=_at(Place.MALL), mall_id__isnull=False, booth_id__isnull=True)
                | Q(role__in=_at(Place.CITY), mall_id__isnull=True, booth_id__isnull=True),
                name="people_grant_place",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")), name="people_grant_times"
            ),
        ]
        indexes = [models.Index(fields=["mall_id", "role"], name="people_grant_mall")]

    def __str__(self) -> str:
        return f"{self.role} of account {self.account_id}"


class SignIn(models.Model):
    """One session that holds: whose, how it was opened, when something was last done in it. Gone when it ends.

    ``factor`` is the second factor that was shown, if any; empty also for sessions from before it was kept.
    """

    id = models.UUIDField(primary_key=True, default=uuid4)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="sign_ins")
    session_key = models.CharField(max_length=40, unique=True)
    how = models.CharField(max_length=12)
    factor = models.CharField(max_length=20, blank=True, db_default="")
    pc = models.UUIDField(null=True)
    browser = models.CharField(max_length=60, blank=True)
    opened_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(how__in=[h.value for h in How]), name="people_signin_how"),
            models.CheckConstraint(
                condition=Q(factor__in=["", *(f.value for f in Factor)]), name="people_signin_factor"
            ),
        ]

    def __str__(self) -> str:
        return f"session of account {self.account_id}"


class Pin(models.Model):
    """An officer's PIN on one shared PC, for one booth. It counts on the day of ``signed_in_on`` only."""

    pc = models.UUIDField()
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="pins")
    booth_id = models.IntegerField()
    digest = models.CharField(max_length=128)
    wrong = models.SmallIntegerField(default=0)
    signed_in_on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["pc", "account", "booth_id"], name="people_pin_once")]

    def __str__(self) -> str:
        return f"PIN of account {self.account_id}"


class Try(models.Model):
    """One try to sign in or to show a code, not a right one; after an hour it goes with the next tries, or that night.

    What was tried is kept as a keyed digest, as a name may be a password in the wrong field, and an address is
    somebody's. ``owner`` is the account's name or number in the same way, so that a lock can be lifted.
    """

    scope = models.CharField(max_length=8)
    key = models.CharField(max_length=64)
    owner = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [
            models.Index(fields=["key", "at"], name="people_try_key"),
            models.Index(fields=["owner"], condition=~Q(owner=""), name="people_try_owner"),
            models.Index(fields=["at"], name="people_try_at"),
        ]

    def __str__(self) -> str:
        return f"a failed try ({self.scope})"
