"""The life of an account: opened, its password set, blocked, forgotten."""

from __future__ import annotations

import re
from datetime import date
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from satuatap.basics.actor import Actor
from satuatap.features.journal.actions import announce
from satuatap.features.journal.queries import entry_of_request
from satuatap.features.journal.refusals import KeyUsedOtherwise
from satuatap.features.people import rules
from satuatap.features.people.actions.ends import end_sessions
from satuatap.features.people.facts import (
    AccountBlocked,
    AccountCopied,
    AccountForgotten,
    AccountOpened,
    AccountUnblocked,
    LanguageChosen,
    PasswordSet,
)
from satuatap.features.people.models import Account, Pin, RoleGrant, SignIn
from satuatap.features.people.refusals import (
    IsADevice,
    LastKeeper,
    NoSuchAccount,
    NotInThisState,
    PasswordTooWeak,
    UnknownLanguage,
    UsernameNotFit,
    UsernameTaken,
)
from satuatap.features.people.states import LANGUAGES, AccountLife, AccountMove, Role, WhyEnded
from satuatap.plumbing.locking import lock

USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{2,59}")


def open_account(
    *, by: Actor, username: str, display_name: str = "", password: str | None = None, request: UUID | None = None
) -> Account:
    """A new account; the password is someone else's choice, so it is replaced at the first sign-in."""
    username = username.strip().lower()
    earlier = entry_of_request(request, AccountOpened.kind)
    if earlier is not None:
        account = _known(int(earlier.fact["account"]))
        if account.username != username:
            raise KeyUsedOtherwise()
        return account
    if not USERNAME.fullmatch(username):
        raise UsernameNotFit()
    if password is not None:
        _check_strength(password, Account(username=username))
    try:
        with transaction.atomic():
            account = Account.objects.create_user(username, password, display_name=display_name.strip()[:120])
            announce(AccountOpened(account.pk), by=by, request=request)
    except IntegrityError:
        raise UsernameTaken() from None
    return account


def set_password(*, by: Actor, account: int, password: str, request: UUID | None = None) -> bool:
    """Someone else sets the password: every session of the account ends, and it is replaced at the next sign-in.

    ``False``: this very request was carried out before, with the password of that time.
    """
    return _put_password(by, account, password, AccountMove.RESET_PASSWORD, request)


def choose_password(*, by: Actor, account: int, password: str) -> None:
    """The holder chooses her own password; every other session of the account ends."""
    _put_password(by, account, password, AccountMove.CHOOSE_PASSWORD, None)


def block_account(*, by: Actor, account: int, on: date, request: UUID | None = None) -> None:
    """The account may not sign in any more; its sessions end at once. The last keeper cannot be blocked."""
    with transaction.atomic():
        row = locked_with_keepers(account, on)
        if entry_of_request(request, AccountBlocked.kind, account=account):
            return
        move_on(row, AccountMove.BLOCK)
        row.blocked_on = on
        row.session_epoch += 1
        row.device_digest = None
        row.save()
        announce(AccountBlocked(account), by=by, request=request)
        end_sessions(by=by, account=account, why=WhyEnded.BLOCKED)


def unblock_account(*, by: Actor, account: int, password: str, request: UUID | None = None) -> bool:
    """The account may sign in again, with a new password that its holder replaces. ``False``: done before."""
    with transaction.atomic():
        row = locked(account)
        if entry_of_request(request, AccountUnblocked.kind, account=account):
            return False
        if is_device(account):
            raise IsADevice()
        move_on(row, AccountMove.UNBLOCK)
        _check_strength(password, row)
        row.blocked_on = None
        row.set_password(password)
        row.session_epoch += 1
        row.save()
        announce(AccountUnblocked(account), by=by, request=request)
    return True


def forget_account(*, by: Actor, account: int) -> None:
    """Erase the personal fields of a blocked account; the journal goes on naming it by its number (UU 27/2022)."""
    with transaction.atomic():
        row = locked(account)
        move_on(row, AccountMove.FORGET)
        row.username = f"akun-{account}.terhapus"
        row.display_name = ""
        row.last_login = None
        row.city_login = ""
        row.set_unusable_password()
        row.save()
        for room in (Authenticator, SocialAccount):
            room.objects.filter(user=account).delete()
        for held in (SignIn, Pin):
            held.objects.filter(account=account).delete()
        announce(AccountForgotten(account), by=by)


def note_account_copy(*, by: Actor, username: str) -> None:
    """A copy of what is held about this account is about to leave; nobody of that name leaves no fact."""
    with transaction.atomic():
        for account in Account.objects.filter(username=username.strip().lower()).values_list("pk", flat=True):
            announce(AccountCopied(account), by=by)


def change_own_language(*, by: Actor, account: int, language: str) -> None:
    """The holder reads the screens in this language from now on."""
    if language not in LANGUAGES:
        raise UnknownLanguage()
    with transaction.atomic():
        row = locked(account)
        if row.language == language:
            return
        row.language = language
        row.save(update_fields=["language"])
        announce(LanguageChosen(account, language), by=by)


def _known(account: int) -> Account:
    row = Account.objects.filter(pk=account).first()
    if row is None:
        raise NoSuchAccount()
    return row


def locked(account: int) -> Account:
    """The account's row, locked; or the refusal that there is none."""
    rows: list[Account] = lock(Account.objects.filter(pk=account))
    if not rows:
        raise NoSuchAccount()
    return rows[0]


def locked_with_keepers(account: int, on: date) -> Account:
    """The account's row, locked together with all keepers, so that two keepers cannot leave at once.

    Refuses when nobody would be left who keeps the system and can sign in.
    """
    held: list[Account] = lock(Account.objects.filter(pk__in=_keepers(on) | {account}))
    rows = {row.pk: row for row in held}
    if account not in rows:
        raise NoSuchAccount()
    keepers = _keepers(on) & set(rows)  # again under the locks: another may have ended a grant meanwhile
    if account in keepers and not any(rows[pk].is_active for pk in keepers - {account}):
        raise LastKeeper()
    return rows[account]


def _keepers(on: date) -> set[int]:
    return set(RoleGrant.objects.in_force(on).filter(role=Role.KEEPER).values_list("account_id", flat=True))


def _put_password(by: Actor, account: int, password: str, move: AccountMove, request: UUID | None) -> bool:
    with transaction.atomic():
        row = locked(account)
        if entry_of_request(request, PasswordSet.kind, account=account):
            return False
        if is_device(account):
            raise IsADevice()
        move_on(row, move)
        _check_strength(password, row)
        row.set_password(password)
        row.session_epoch += 1
        row.save()
        announce(PasswordSet(account, own=move is AccountMove.CHOOSE_PASSWORD), by=by, request=request)
        if move is AccountMove.RESET_PASSWORD:
            end_sessions(by=by, account=account, why=WhyEnded.PASSWORD)
    return True


def is_device(account: int) -> bool:
    """Whether the account's roles, not ended, are a device's."""
    return rules.is_device(RoleGrant.objects.filter(account=account, ended_at__isnull=True).as_grants())


def move_on(row: Account, move: AccountMove) -> None:
    """The next stage of the account's life, or the refusal."""
    life = rules.after(AccountLife(row.life), move)
    if life is None:
        raise NotInThisState()
    row.life = life


def _check_strength(password: str, account: Account) -> None:
    try:
        validate_password(password, account)
    except ValidationError:
        raise PasswordTooWeak() from None
