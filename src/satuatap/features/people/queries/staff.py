"""Accounts and their roles."""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from satuatap.features.people import rules
from satuatap.features.people.devices import digest_of
from satuatap.features.people.models import Account, RoleGrant
from satuatap.features.people.personal import PERSONAL_FIELDS
from satuatap.features.people.queries.access import factors_of, sessions_of
from satuatap.features.people.rules import Grant
from satuatap.features.people.states import SIGNS_IN, AccountLife, Role

ROLE_NAMES: Mapping[Role, Any] = {
    Role.OFFICER: _("Petugas loket"),
    Role.COORDINATOR: _("Koordinator gerai"),
    Role.HELP_DESK: _("Petugas informasi"),
    Role.MANAGER: _("Manajer MPP"),
    Role.KEEPER: _("Pengelola sistem"),
    Role.KIOSK: _("Anjungan mandiri"),
    Role.PLANNER: _("Perencana (Bappeda)"),
    Role.ASSET: _("Pengelola aset dan anggaran (BPKAD)"),
    Role.ORGANISATION: _("Bagian Organisasi"),
    Role.INSPECTORATE: _("Inspektorat"),
    Role.SECRETARY: _("Sekretaris Daerah"),
    Role.MAYOR: _("Wali Kota"),
}

LIFE_NAMES: Mapping[AccountLife, Any] = {
    AccountLife.INVITED: _("Belum mengganti kata sandi"),
    AccountLife.ACTIVE: _("Aktif"),
    AccountLife.BLOCKED: _("Diblokir"),
    AccountLife.FORGOTTEN: _("Data pribadi dihapus"),
}


@dataclass(frozen=True, slots=True)
class AccountLine:
    """One account as the office lists it, with its grants in force."""

    id: int
    username: str
    display_name: str
    life: AccountLife
    grants: tuple[Grant, ...]

    @property
    def life_name(self) -> str:
        return str(LIFE_NAMES[self.life])

    @property
    def role_names(self) -> list[str]:
        return [str(ROLE_NAMES[grant.role]) for grant in self.grants]


def _id(account: Account | int) -> int:
    return account if isinstance(account, int) else int(account.pk or 0)


def grants_of(account: Account | int, on: date) -> tuple[Grant, ...]:
    """The grants of an account that count on that day; none while it is blocked."""
    active = RoleGrant.objects.filter(account_id=_id(account), account__life__in=SIGNS_IN)
    return active.in_force(on).as_grants()


def grants_of_days(account: Account | int, days: Mapping[int, date], *, otherwise: date) -> tuple[Grant, ...]:
    """The grants that count, each on the day that it is now in its mall (``days``: mall -> day)."""
    held: dict[int | None, Grant] = {}
    for day in {*days.values(), otherwise}:
        for grant in grants_of(account, day):
            if day == (otherwise if grant.mall_id is None else days.get(grant.mall_id, otherwise)):
                held[grant.id] = grant
    return tuple(held.values())


def may(account: Account | int, role: Role, *, mall: int | None = None, booth: int | None = None, on: date) -> bool:
    """Whether the account has this role at this place on that day."""
    return rules.may(grants_of(account, on), role, mall, booth)


def may_grant(account: Account | int, role: Role, *, mall: int | None, on: date) -> bool:
    """Whether the account may give this role in this mall."""
    return rules.may_grant(grants_of(account, on), role, mall)


@dataclass(frozen=True, slots=True)
class GrantLine:
    """One role of an account as the office shows it, in force, to come, or over."""

    id: int
    role: Role
    agency_id: int | None
    mall_id: int | None
    booth_id: int | None
    valid_from: date
    valid_until: date | None
    ended: bool
    in_force: bool

    @property
    def role_name(self) -> str:
        return str(ROLE_NAMES[self.role])


def grant_lines(account_id: int, on: date) -> list[GrantLine]:
    """Every role that an account has or had, newest first."""
    rows = RoleGrant.objects.filter(account_id=account_id).order_by("-pk")
    return [
        GrantLine(
            row.pk, Role(row.role), row.agency_id, row.mall_id, row.booth_id, row.valid_from, row.valid_until,
            row.ended_at is not None, rules.in_force(row.valid_from, row.valid_until, row.ended_at is not None, on),
        )
        for row in rows
    ]  # fmt: skip


def may_keep(giver: Iterable[Grant], account_id: int) -> bool:
    """Whether someone with these grants may block this account or reset its password."""
    return rules.may_keep(giver, RoleGrant.objects.filter(account_id=account_id, ended_at__isnull=True).as_grants())


def is_device(account_id: int) -> bool:
    """Whether the account is a device: it signs in by a link, and nobody chooses a password for it."""
    return rules.is_device(RoleGrant.objects.filter(account_id=account_id, ended_at__isnull=True).as_grants())


def grants_may_grant(giver: Iterable[Grant], role: Role, mall: int | None) -> bool:
    """Whether someone with these grants may give this role in this mall."""
    return rules.may_grant(giver, role, mall)


def grants_allow(grants: Iterable[Grant], role: Role, *, mall: int | None = None, booth: int | None = None) -> bool:
    """The same decision over grants that were read already."""
    return rules.may(grants, role, mall, booth)


def account(account_id: int) -> Account | None:
    """The account with that number."""
    return Account.objects.filter(pk=account_id).first()


def account_by_username(username: str) -> Account | None:
    """The account that signs in with that name."""
    return Account.objects.filter(username=username.strip().lower()).first()


def account_by_device_secret(secret: str) -> Account | None:
    """The device that holds this activation secret; only its SHA-256 is stored, compared in constant time."""
    if not 20 <= len(secret) <= 200 or not secret.isascii():
        return None
    digest = digest_of(secret)
    device = Account.objects.filter(device_digest=digest, life__in=SIGNS_IN).first()
    if device is None or not hmac.compare_digest(str(device.device_digest), digest):
        return None
    return device


def accounts(on: date, *, mall: int | None = None) -> list[AccountLine]:
    """Accounts that are not forgotten, those of one mall if asked, with their grants of that day."""
    rows = Account.objects.exclude(life=AccountLife.FORGOTTEN).order_by("username")
    held = RoleGrant.objects.in_force(on)
    if mall is not None:
        held = held.filter(mall_id=mall)
        rows = rows.filter(pk__in=held.values("account_id"))
    by_account: dict[int, list[Grant]] = {}
    for account_id, grant in zip(
        held.order_by("pk").values_list("account_id", flat=True), held.as_grants(), strict=True
    ):
        by_account.setdefault(account_id, []).append(grant)
    return [
        AccountLine(row.pk, row.username, row.display_name, AccountLife(row.life), tuple(by_account.get(row.pk, ())))
        for row in rows
    ]


def account_of_grant(grant_id: int) -> tuple[int, Grant] | None:
    """Whose grant that is, and what it gives, if it has not been ended."""
    rows = RoleGrant.objects.filter(pk=grant_id, ended_at__isnull=True)
    owner = rows.values_list("account_id", flat=True).first()
    return None if owner is None else (owner, rows.as_grants()[0])


def display_names(account_ids: Iterable[int]) -> dict[int, str]:
    """Names as colleagues see them; never for citizens' screens."""
    rows = Account.objects.filter(pk__in=list(account_ids)).values_list("pk", "display_name", "username")
    return {pk: name or username for pk, name, username in rows}


def accounts_to_forget(on: date) -> list[int]:
    """Blocked accounts whose personal fields have come to their end."""
    kept = timedelta(days=max(field.end.days for field in PERSONAL_FIELDS))
    overdue = Account.objects.filter(life=AccountLife.BLOCKED, blocked_on__lt=on - kept)
    return list(overdue.order_by("pk").values_list("pk", flat=True))


def held_about_account(username: str) -> dict[str, Any] | None:
    """Everything that is held about one member of staff, for herself; ``None``: no such account. No secret is in it."""
    row = Account.objects.filter(username=username.strip().lower()).first()
    if row is None:
        return None
    grants = row.grants.order_by("pk").values("role", "mall_id", "booth_id", "valid_from", "valid_until", "ended_at")
    return {
        "account": {
            "number": row.pk,
            "username": row.username,
            "display_name": row.display_name,
            "language": row.language,
            "life": row.life,
            "opened_at": row.opened_at.isoformat(),
            "last_login": row.last_login.isoformat() if row.last_login else None,
            "blocked_on": row.blocked_on.isoformat() if row.blocked_on else None,
            "city_login": row.city_login,
        },
        "sessions": [
            {
                "how": s.how.value,
                "factor": s.factor.value if s.factor else None,
                "browser": s.browser,
                "opened_at": s.opened_at.isoformat(),
            }
            for s in sessions_of(row.pk)
        ],
        "factors": [
            {"factor": f.factor.value, "name": f.name, "made_at": f.made_at.isoformat()} for f in factors_of(row.pk)
        ],
        "roles": [
            {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in grant.items()}
            for grant in grants
        ],
    }
