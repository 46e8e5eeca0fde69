"""PINs of officers on shared PCs: set with the password, tried five times, counting for one working day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction

from satuatap.basics.actor import Actor
from satuatap.basics.refusal import Refusal
from satuatap.features.journal.actions import announce
from satuatap.features.people import rules
from satuatap.features.people.actions.accounts import locked
from satuatap.features.people.facts import OfficerChanged, PinDropped, PinLocked, PinSet
from satuatap.features.people.models import Account, Pin, RoleGrant
from satuatap.features.people.refusals import PinIsLocked, PinNotFit, PinNotHere, PinRests, PinTooWeak, PinWrong
from satuatap.plumbing.locking import lock


@dataclass(frozen=True, slots=True)
class SharedPc:
    """One PC at one booth, on one working day."""

    pc: UUID
    mall: int
    booth: int
    today: date
    desk: int | None = None  # whose page is open there


def set_pin(*, by: Actor, account: int, pin: str, at: SharedPc) -> None:
    """The holder sets her PIN for this booth on this PC; her caller has just checked her password."""
    if not rules.pin_fits(pin):
        raise PinNotFit()
    if rules.pin_is_weak(pin):
        raise PinTooWeak()
    digest = make_password(pin)
    with transaction.atomic():
        locked(account)
        if not rules.pin_opens(_held(account, at.today), at.mall, at.booth):
            raise PinNotHere()
        Pin.objects.update_or_create(
            pc=at.pc, account_id=account, booth_id=at.booth,
            defaults={"digest": digest, "wrong": 0, "signed_in_on": at.today},
        )  # fmt: skip
        announce(PinSet(account, at.booth), by=by, mall=at.mall)


def drop_pin(*, by: Actor, account: int, at: SharedPc) -> None:
    """The holder takes her PIN away from this PC; twice is once."""
    with transaction.atomic():
        gone, _kinds = Pin.objects.filter(pc=at.pc, account=account, booth_id=at.booth).delete()
        if gone:
            announce(PinDropped(account, at.booth), by=by, mall=at.mall)


def take_over(*, before: int, account: int, pin: str, at: SharedPc) -> Account:
    """Another officer of the booth takes the PC over with her PIN. A wrong try is counted, whatever else happens."""
    with transaction.atomic():
        row, refusal = _tried(account, pin, at)
        if refusal is None:
            announce(OfficerChanged(before, account, at.booth), by=Actor.account(account), mall=at.mall)
    if refusal is not None:
        raise refusal
    return row


def _tried(account: int, pin: str, at: SharedPc) -> tuple[Account, Refusal | None]:
    holder = locked(account)  # the account before its PIN, as when one is set: two at once never wait for one another
    rows = lock(Pin.objects.filter(pc=at.pc, account=account, booth_id=at.booth))
    if not rows:
        raise PinRests()
    row = rows[0]
    if not holder.is_active or holder.must_change_password:
        raise PinRests()
    if not rules.pin_opens(_held(account, at.today), at.mall, at.booth):
        raise PinNotHere()
    if row.signed_in_on != at.today:
        raise PinRests()
    if not rules.pin_counts(row.signed_in_on, row.wrong, at.today):
        raise PinIsLocked()
    if check_password(pin, row.digest):
        if row.wrong:
            Pin.objects.filter(pk=row.pk).update(wrong=0)
        return holder, None
    row.wrong += 1
    Pin.objects.filter(pk=row.pk).update(wrong=row.wrong)
    if row.wrong < rules.PIN_TRIES:
        return holder, PinWrong()
    # Whoever sits there typed it; by whom is not known, so nobody is named as the one who did it.
    announce(PinLocked(account, at.booth, at.desk), by=Actor.system("signin"), mall=at.mall)
    return holder, PinIsLocked()


def _held(account: int, today: date) -> tuple[rules.Grant, ...]:
    return RoleGrant.objects.filter(account=account).in_force(today).as_grants()
