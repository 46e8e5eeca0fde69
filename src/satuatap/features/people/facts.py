"""What can happen to agencies, accounts and roles. Numbers and codes only: an account is its id, never a name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from satuatap.basics.facts import Fact


@dataclass(frozen=True)
class AgenciesPut(Fact):
    """The city's list of agencies was read: these codes are new, changed, or no longer in it."""

    kind: ClassVar[str] = "agencies_put"
    added: list[str]
    changed: list[str]
    removed: list[str]


@dataclass(frozen=True)
class StaffPut(Fact):
    """The city's staff sheet was read: these accounts are new, changed, or no longer in it."""

    kind: ClassVar[str] = "staff_put"
    added: list[int]
    changed: list[int]
    removed: list[int]


@dataclass(frozen=True)
class AccountOpened(Fact):
    kind: ClassVar[str] = "account_opened"
    account: int


@dataclass(frozen=True)
class RoleGranted(Fact):
    """An account was given a role, for a place and a time."""

    kind: ClassVar[str] = "role_granted"
    grant: int
    account: int
    role: str
    agency: str | None
    booth: int | None
    valid_from: str
    valid_until: str | None


@dataclass(frozen=True)
class GrantEnded(Fact):
    kind: ClassVar[str] = "grant_ended"
    grant: int
    account: int
    role: str


@dataclass(frozen=True)
class AccountBlocked(Fact):
    """The account may not sign in any more and its sessions have ended."""

    kind: ClassVar[str] = "account_blocked"
    account: int


@dataclass(frozen=True)
class AccountUnblocked(Fact):
    kind: ClassVar[str] = "account_unblocked"
    account: int


@dataclass(frozen=True)
class AccountForgotten(Fact):
    """The personal fields of a blocked account were erased."""

    kind: ClassVar[str] = "account_forgotten"
    account: int


@dataclass(frozen=True)
class AccountCopied(Fact):
    """Everything that is held about a member of staff was written out, because she asked for it."""

    kind: ClassVar[str] = "account_copied"
    account: int


@dataclass(frozen=True)
class PasswordSet(Fact):
    """A password was replaced; ``own`` says whether its holder chose it. Other sessions have ended."""

    kind: ClassVar[str] = "password_set"
    account: int
    own: bool


@dataclass(frozen=True)
class LanguageChosen(Fact):
    kind: ClassVar[str] = "language_chosen"
    account: int
    language: str


@dataclass(frozen=True)
class DeviceSecretGiven(Fact):
    """A device got a new activation link; the earlier one no longer works."""

    kind: ClassVar[str] = "device_secret_given"
    account: int


@dataclass(frozen=True)
class SignedIn(Fact):
    """A session was opened: how (``How``), and the second factor that was shown, if any."""

    kind: ClassVar[str] = "signed_in"
    account: int
    how: str
    factor: str | None


@dataclass(frozen=True)
class SessionEnded(Fact):
    """One session ended (``WhyEnded``)."""

    kind: ClassVar[str] = "session_ended"
    account: int
    why: str


@dataclass(frozen=True)
class SessionsEnded(Fact):
    """So many sessions of an account ended with something that was done to it (``WhyEnded``)."""

    kind: ClassVar[str] = "sessions_ended"
    account: int
    why: str
    sessions: int


@dataclass(frozen=True)
class OtherSessionsEnded(Fact):
    """Every session of an account but the one that asked for it."""

    kind: ClassVar[str] = "other_sessions_ended"
    account: int


@dataclass(frozen=True)
class FactorAdded(Fact):
    kind: ClassVar[str] = "factor_added"
    account: int
    factor: str


@dataclass(frozen=True)
class FactorRemoved(Fact):
    kind: ClassVar[str] = "factor_removed"
    account: int
    factor: str


@dataclass(frozen=True)
class FactorsReset(Fact):
    """Someone else took away every second factor of an account, and its sessions ended."""

    kind: ClassVar[str] = "factors_reset"
    account: int


@dataclass(frozen=True)
class RecoveryCodesMade(Fact):
    kind: ClassVar[str] = "recovery_codes_made"
    account: int


@dataclass(frozen=True)
class RecoveryCodeUsed(Fact):
    kind: ClassVar[str] = "recovery_code_used"
    account: int
    left: int


@dataclass(frozen=True)
class PinSet(Fact):
    kind: ClassVar[str] = "pin_set"
    account: int
    booth: int


@dataclass(frozen=True)
class PinDropped(Fact):
    kind: ClassVar[str] = "pin_dropped"
    account: int
    booth: int


@dataclass(frozen=True)
class PinLocked(Fact):
    """Too many wrong tries: the PIN rests until its holder signs in with her password on that PC.

    ``account`` is whose PIN it is; who typed is not known. ``desk``: on whose page it was typed, if that is known.
    """

    kind: ClassVar[str] = "pin_locked"
    account: int
    booth: int
    desk: int | None


@dataclass(frozen=True)
class OfficerChanged(Fact):
    """On a shared PC one officer took over from another."""

    kind: ClassVar[str] = "officer_changed"
    before: int
    account: int
    booth: int


@dataclass(frozen=True)
class SignInLocked(Fact):
    """Too many failed tries; ``account`` where its name is known; ``scope``: what rests (here, name, address, code)."""

    kind: ClassVar[str] = "sign_in_locked"
    account: int | None
    scope: str


@dataclass(frozen=True)
class LockLifted(Fact):
    """A keeper or manager ended a lock before its time."""

    kind: ClassVar[str] = "lock_lifted"
    account: int | None


@dataclass(frozen=True)
class CityLoginPut(Fact):
    """A keeper said how the city's single sign-on names this account, or that it does not; an earlier link is gone."""

    kind: ClassVar[str] = "city_login_put"
    account: int
    allowed: bool


@dataclass(frozen=True)
class CityLinked(Fact):
    """The first sign-in through the city: from now on its number there counts, not its name."""

    kind: ClassVar[str] = "city_linked"
    account: int
