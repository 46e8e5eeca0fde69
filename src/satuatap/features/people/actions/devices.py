"""Devices sign in by a link instead of a password."""

from __future__ import annotations

from django.db import transaction

from satuatap.basics.actor import Actor
from satuatap.features.journal.actions import announce
from satuatap.features.people.actions.accounts import locked, move_on
from satuatap.features.people.devices import digest_of, new_secret
from satuatap.features.people.facts import DeviceSecretGiven
from satuatap.features.people.models import RoleGrant
from satuatap.features.people.refusals import NotADevice
from satuatap.features.people.states import AccountMove, Role


def give_device_secret(*, by: Actor, account: int) -> str:
    """A new activation secret for a kiosk, shown this once; the earlier one stops, and so do its sessions."""
    with transaction.atomic():
        row = locked(account)
        roles = set(RoleGrant.objects.filter(account=row, ended_at__isnull=True).values_list("role", flat=True))
        if roles != {Role.KIOSK.value}:
            raise NotADevice()
        move_on(row, AccountMove.LINK_DEVICE)
        secret = new_secret()
        row.device_digest = digest_of(secret)
        row.session_epoch += 1
        row.save()
        announce(DeviceSecretGiven(account), by=by)
    return secret
