"""Accounts, agencies and roles for tests, through the real actions."""

from __future__ import annotations

import time
from datetime import date, timedelta
from itertools import count

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

from satuatap.basics.actor import Actor
from satuatap.features.people import actions
from satuatap.features.people.models import Account, Agency, RoleGrant
from satuatap.features.people.states import PLACE_OF_ROLE, AccountLife, Limits, Place, Role

BY = Actor.system("test")
PASSWORD = "musi-sungai-panjang-7"
LONG_AGO = date(2020, 1, 1)
_numbers = count(1)


def make_agency(code: str = "dukcapil", *, kind: str = "opd") -> Agency:
    """An agency with that code; the same one if it exists."""
    return Agency.objects.get_or_create(code=code, defaults={"name": code.title(), "kind": kind})[0]


def make_account(
    username: str | None = None,
    role: Role | None = None,
    *,
    mall: int | None = 1,
    booth: int | None = 1,
    agency: str = "dukcapil",
    valid_from: date = LONG_AGO,
    valid_until: date | None = None,
) -> Account:
    """An account whose holder has chosen ``PASSWORD``, with one role at that place."""
    name = username or f"akun{next(_numbers)}"
    account = actions.open_account(by=BY, username=name, display_name=name.title(), password=PASSWORD)
    Account.objects.filter(pk=account.pk).update(life=AccountLife.ACTIVE)
    account.refresh_from_db()
    if role is not None:
        give(account, role, mall=mall, booth=booth, agency=agency, valid_from=valid_from, valid_until=valid_until)
    return account


def give(
    account: Account,
    role: Role,
    *,
    mall: int | None = 1,
    booth: int | None = 1,
    agency: str = "dukcapil",
    valid_from: date = LONG_AGO,
    valid_until: date | None = None,
) -> RoleGrant:
    """One more role, with exactly the limits that it needs."""
    place = PLACE_OF_ROLE[role]
    at_booth = place is Place.BOOTH
    return actions.grant_role(
        by=BY,
        account=account.pk,
        role=role,
        limits=Limits(
            agency=make_agency(agency).code if at_booth else None,
            mall=None if place is Place.CITY else mall,
            booth=booth if at_booth else None,
            valid_from=valid_from,
            valid_until=valid_until,
        ),
    )


SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def code_at(moment: float, secret: str = SECRET) -> str:
    """What a code app with this secret shows then."""
    return format_hotp_value(hotp_value(secret, int(moment) // 30))


def with_app(account: Account, *, before_s: float = 60) -> list[str]:
    """The account gets a code app that was set up a while ago; its recovery codes."""
    then = time.time() - before_s
    return actions.add_totp(by=BY, account=account.pk, secret=SECRET, code=code_at(then), now=then)


def yesterday() -> date:
    return date.today() - timedelta(days=1)
