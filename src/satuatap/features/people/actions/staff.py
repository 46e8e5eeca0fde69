"""The city's staff sheet: accounts and their roles as the city's own file says."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.db.models.functions import Now

from satuatap.basics.actor import Actor
from satuatap.features.journal.actions import announce
from satuatap.features.people.actions.accounts import open_account
from satuatap.features.people.actions.grants import grant_role
from satuatap.features.people.facts import GrantEnded, StaffPut
from satuatap.features.people.models import Account, RoleGrant
from satuatap.features.people.states import AccountLife, Limits, Role
from satuatap.plumbing.locking import lock

Key = tuple[str, str | None, int | None, int | None]


@dataclass(frozen=True, slots=True)
class StaffRow:
    """One row of the sheet ``staff`` (one role; an account with two roles has two rows).

    ``password`` is used only if the account is new. ``own_password`` says that its holder keeps it (the demo's
    printed accounts); otherwise it is replaced at the first sign-in.
    """

    username: str
    role: Role
    display_name: str = ""
    agency: str | None = None
    mall: int | None = None
    booth: int | None = None
    password: str | None = None
    own_password: bool = False

    @property
    def key(self) -> Key:
        return (self.role.value, self.agency, self.mall, self.booth)


@dataclass(frozen=True, slots=True)
class StaffChange:
    """What a reading of the sheet changed, by username. Only for the screen of who reads it, never for the journal."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)


def put_staff(*, by: Actor, rows: Sequence[StaffRow], on: date) -> StaffChange:
    """Make the accounts and roles that the sheet gave equal to its rows; roles given by people stay as they are."""
    by_name: dict[str, list[StaffRow]] = defaultdict(list)
    for row in rows:
        by_name[row.username.strip().lower()].append(row)
    change, ids = StaffChange(), StaffPut([], [], [])
    with transaction.atomic():
        held: list[Account] = lock(Account.objects.filter(username__in=list(by_name)))
        known = {account.username: account for account in held}
        for username, own_rows in by_name.items():
            _put(by, username, own_rows, known.get(username), on, change, ids)
        _end_missing(by, set(by_name), change, ids)
        if change:
            announce(ids, by=by)
    return change


def _put(
    by: Actor,
    username: str,
    rows: list[StaffRow],
    account: Account | None,
    on: date,
    change: StaffChange,
    ids: StaffPut,
) -> None:
    first = rows[0]
    is_new = account is None
    if account is None:
        account = open_account(by=by, username=username, display_name=first.display_name, password=first.password)
        if first.own_password:
            Account.objects.filter(pk=account.pk).update(life=AccountLife.ACTIVE)
        change.added.append(username)
        ids.added.append(account.pk)
    changed = account.display_name != first.display_name
    if changed:
        Account.objects.filter(pk=account.pk).update(display_name=first.display_name)
    if account.is_active:
        changed = _put_grants(by, account, rows, on) or changed
    if changed and not is_new:
        change.changed.append(username)
        ids.changed.append(account.pk)


def _put_grants(by: Actor, account: Account, rows: list[StaffRow], on: date) -> bool:
    held: dict[Key, RoleGrant] = {}
    for grant in RoleGrant.objects.filter(account=account, ended_at__isnull=True, given_by=by.code).select_related(
        "agency"
    ):
        held[(grant.role, grant.agency.code if grant.agency else None, grant.mall_id, grant.booth_id)] = grant
    wanted = {row.key: row for row in rows}
    for key, row in wanted.items():
        if key not in held:
            limits = Limits(agency=row.agency, mall=row.mall, booth=row.booth, valid_from=on)
            grant_role(by=by, account=account.pk, role=row.role, limits=limits)
    gone = [grant for key, grant in held.items() if key not in wanted]
    _end(by, gone)
    return bool(gone) or any(key not in held for key in wanted)


def _end_missing(by: Actor, names: set[str], change: StaffChange, ids: StaffPut) -> None:
    """Who is no longer in the sheet loses what the sheet gave."""
    stale = RoleGrant.objects.filter(given_by=by.code, ended_at__isnull=True).exclude(account__username__in=names)
    grants = list(stale.select_related("account").order_by("account__username"))
    for account in {grant.account_id: grant.account for grant in grants}.values():
        change.removed.append(account.username)
        ids.removed.append(account.pk)
    _end(by, grants)


def _end(by: Actor, grants: Sequence[RoleGrant]) -> None:
    RoleGrant.objects.filter(pk__in=[grant.pk for grant in grants]).update(ended_at=Now())
    for grant in grants:
        announce(GrantEnded(grant.pk, grant.account_id, grant.role), by=by, mall=grant.mall_id)
