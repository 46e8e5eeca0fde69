"""Roles are given and ended, never changed: what was true stays readable."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now

from satuatap.basics.actor import Actor
from satuatap.features.journal.actions import announce
from satuatap.features.journal.queries import entry_of_request
from satuatap.features.people import rules
from satuatap.features.people.actions.accounts import locked, locked_with_keepers
from satuatap.features.people.facts import GrantEnded, RoleGranted
from satuatap.features.people.models import Agency, RoleGrant
from satuatap.features.people.refusals import (
    NoSuchAgency,
    NoSuchGrant,
    NotInThisState,
    OnlyADevice,
    PlaceDoesNotFit,
    TimesDoNotFit,
)
from satuatap.features.people.states import Limits, Role


def grant_role(
    *,
    by: Actor,
    account: int,
    role: Role,
    limits: Limits,
    request: UUID | None = None,
) -> RoleGrant:
    """Give an account a role for a place and a time; the same grant twice is one grant."""
    mall, booth, valid_from, valid_until = limits.mall, limits.booth, limits.valid_from, limits.valid_until
    with transaction.atomic():
        row = locked(account)
        if not row.is_active:
            raise NotInThisState()
        if row.device_digest and role is not Role.KIOSK:  # who holds the link would have a person's power
            raise OnlyADevice()
        agency_row = _agency(limits.agency)
        agency_id = None if agency_row is None else agency_row.pk
        if not rules.place_fits(role, agency_id, mall, booth):
            raise PlaceDoesNotFit()
        if not rules.times_fit(valid_from, valid_until):
            raise TimesDoNotFit()
        same = RoleGrant.objects.filter(
            account=row, role=role, agency_id=agency_id, mall_id=mall, booth_id=booth, ended_at__isnull=True,
            valid_from=valid_from, valid_until=valid_until,
        )  # fmt: skip
        if (known := same.first()) is not None:
            return known
        if earlier := entry_of_request(request, RoleGranted.kind, account=account, role=role.value):
            return RoleGrant.objects.get(pk=earlier.fact["grant"])
        grant = RoleGrant.objects.create(
            account=row, role=role, agency_id=agency_id, mall_id=mall, booth_id=booth,
            valid_from=valid_from, valid_until=valid_until, given_by=by.code,
        )  # fmt: skip
        until = None if valid_until is None else valid_until.isoformat()
        fact = RoleGranted(grant.pk, account, role.value, limits.agency, booth, valid_from.isoformat(), until)
        announce(fact, by=by, mall=mall, request=request)
    return grant


def end_grant(*, by: Actor, grant: int, on: date, request: UUID | None = None) -> None:
    """The role ends now. The last keeper's cannot be ended."""
    with transaction.atomic():
        if entry_of_request(request, GrantEnded.kind, grant=grant):
            return
        row = RoleGrant.objects.filter(pk=grant, ended_at__isnull=True).first()
        if row is None:
            raise NoSuchGrant()
        if row.role == Role.KEEPER:
            locked_with_keepers(row.account_id, on)
        else:
            locked(row.account_id)
        if not RoleGrant.objects.filter(pk=grant, ended_at__isnull=True).update(ended_at=Now()):
            raise NoSuchGrant()
        announce(GrantEnded(grant, row.account_id, row.role), by=by, mall=row.mall_id, request=request)


def _agency(code: str | None) -> Agency | None:
    if code is None:
        return None
    agency = Agency.objects.filter(code=code).first()
    if agency is None:
        raise NoSuchAgency()
    return agency
