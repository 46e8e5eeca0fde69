"""Locks after too many failed tries, and the city's single sign-on: what a keeper decides about signing in."""

from __future__ import annotations

from allauth.socialaccount.models import SocialAccount
from django.db import IntegrityError, transaction

from satuatap.basics.actor import Actor
from satuatap.features.journal.actions import announce
from satuatap.features.people.actions.accounts import locked
from satuatap.features.people.facts import CityLinked, CityLoginPut, LockLifted, SignInLocked
from satuatap.features.people.models import Account, Pin
from satuatap.features.people.refusals import CityLoginTaken


def note_lock(*, username: str, scope: str) -> None:
    """Too many failed tries: the journal has it, with the account's number where the name is one of ours."""
    with transaction.atomic():
        account = Account.objects.filter(username=username).values_list("pk", flat=True).first()
        announce(SignInLocked(account, scope), by=Actor.system("signin"))


def lift_locks(*, by: Actor, account: int | None) -> None:
    """Somebody responsible ends a lock before its time; PINs of the account count again too."""
    with transaction.atomic():
        if account is not None:
            Pin.objects.filter(account=account).update(wrong=0)
        announce(LockLifted(account), by=by)


def put_city_login(*, by: Actor, account: int, name: str) -> None:
    """How the city's single sign-on names this account; empty: not at all. An earlier link ends with it."""
    name = name.strip()
    try:
        with transaction.atomic():
            row = locked(account)
            if row.city_login == name:
                return
            row.city_login = name
            row.save(update_fields=["city_login"])
            SocialAccount.objects.filter(user=account).delete()
            announce(CityLoginPut(account, bool(name)), by=by)
    except IntegrityError:
        raise CityLoginTaken() from None


def link_city(*, provider: str, name: str, number: str) -> Account | None:
    """The first sign-in of whom a keeper has allowed: her number at the city is kept. ``None``: nobody's name."""
    with transaction.atomic():
        found = Account.objects.filter(city_login=name).first() if name else None
        if found is None or SocialAccount.objects.filter(user=found).exists():
            return None
        row = locked(found.pk)
        SocialAccount.objects.create(user=row, provider=provider, uid=number, extra_data={})
        announce(CityLinked(row.pk), by=Actor.account(row.pk))
    return row
