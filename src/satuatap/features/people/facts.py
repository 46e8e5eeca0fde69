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
