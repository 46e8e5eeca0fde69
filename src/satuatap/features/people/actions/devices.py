"""Devices sign in by a link instead of a password."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from satuatap.basics.actor import Actor
from satuatap.features.journal.actions import announce
from satuatap.features.journal.queries import entry_of_request
from satuatap.features.people.actions.accounts import is_device, locked, move_on
from satuatap.features.people.actions.ends import end_sessions
from satuatap.features.people.devices import digest_of, new_secret
from satuatap.features.people.facts import AccountUnblocked, DeviceSecretGiven
from satuatap.features.people.models import Account
from satuatap.features.people.refusals import NotADevice
from satuatap.features.people.states import AccountMove, WhyEnded


def give_device_secret(*, by: Actor, account: int, request: UUID | None = None) -> str:
    """A new activation secret for a kiosk, shown this once; the earlier one stops, and so do its sessions.

    Empty: this very request was carried out before, and nobody kept the secret of that time.
    """
    with transaction.atomic():
        row = locked(account)
        if entry_of_request(request, DeviceSecretGiven.kind, account=account):
            return ""
        if not is_device(account):
            raise NotADevice()
        return _link(row, by, request)


def unblock_device(*, by: Actor, account: int, request: UUID | None = None) -> str:
    """A blocked device may sign in again, by a new secret shown this once. Empty: done before by this request."""
    with transaction.atomic():
        row = locked(account)
        if entry_of_request(request, AccountUnblocked.kind, account=account):
            return ""
        if not is_device(account):
            raise NotADevice()
        move_on(row, AccountMove.UNBLOCK)
        row.blocked_on = None
        announce(AccountUnblocked(account), by=by, request=request)
        return _link(row, by, None)


def _link(row: Account, by: Actor, request: UUID | None) -> str:
    move_on(row, AccountMove.LINK_DEVICE)
    secret = new_secret()
    row.device_digest = digest_of(secret)
    row.set_unusable_password()  # a device has a link; a password that somebody noted down opens it no more
    row.session_epoch += 1
    row.save()
    announce(DeviceSecretGiven(row.pk), by=by, request=request)
    end_sessions(by=by, account=row.pk, why=WhyEnded.LINK)
    return secret
