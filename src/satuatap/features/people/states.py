"""Kinds, roles and the life of an account, as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

LANGUAGES = ("id", "en")


class AgencyKind(StrEnum):
    """What a body is by law; the MPP's organiser commands the city's own and asks the others (PermenPANRB 92/2021)."""

    OPD = "opd"  # perangkat daerah: the city's own
    UPTD = "uptd"  # its technical unit
    DISTRICT_OFFICE = "district_office"  # kecamatan or kelurahan
    VERTICAL = "vertical"  # a ministry's own office in the city
    PROVINCE = "province"
    BUMN = "bumn"
    BUMD = "bumd"
    PRIVATE = "private"


class Confidence(StrEnum):
    """How sure the source makes us."""

    HIGH = "H"
    MEDIUM = "M"
    LOW = "L"


class Role(StrEnum):
    """What an account may do; each has its place (``PLACE_OF_ROLE``)."""

    OFFICER = "officer"  # petugas loket
    COORDINATOR = "coordinator"  # koordinator gerai
    HELP_DESK = "help_desk"  # petugas informasi
    MANAGER = "manager"  # Manajer MPP
    KEEPER = "keeper"  # pengelola sistem
    KIOSK = "kiosk"  # a device: anjungan mandiri
    PLANNER = "planner"  # Bappeda: makes regrouping plans
    ASSET = "asset"  # BPKAD: prices them, keeps the papers of goods
    ORGANISATION = "organisation"  # Bagian Organisasi: comments, standards
    INSPECTORATE = "inspectorate"  # Inspektorat: reviews what its own unit did not study
    SECRETARY = "secretary"  # Sekda, Pengelola Barang: coordinates
    MAYOR = "mayor"  # Wali Kota: decides


class Place(StrEnum):
    """How narrow a role's limit in place is."""

    CITY = "city"
    MALL = "mall"
    BOOTH = "booth"


PLACE_OF_ROLE: Mapping[Role, Place] = {
    Role.OFFICER: Place.BOOTH,
    Role.COORDINATOR: Place.BOOTH,
    Role.HELP_DESK: Place.MALL,
    Role.MANAGER: Place.MALL,
    Role.KEEPER: Place.CITY,
    Role.KIOSK: Place.MALL,
    Role.PLANNER: Place.CITY,
    Role.ASSET: Place.CITY,
    Role.ORGANISATION: Place.CITY,
    Role.INSPECTORATE: Place.CITY,
    Role.SECRETARY: Place.CITY,
    Role.MAYOR: Place.CITY,
}


class AccountLife(StrEnum):
    """Where an account stands in its life."""

    INVITED = "invited"  # someone else chose the password: it must be replaced at sign-in
    ACTIVE = "active"
    BLOCKED = "blocked"  # may not sign in; sessions have ended
    FORGOTTEN = "forgotten"  # personal fields are erased; only the number is left


class AccountMove(StrEnum):
    """What can happen to an account."""

    CHOOSE_PASSWORD = "choose_password"  # noqa: S105
    RESET_PASSWORD = "reset_password"  # noqa: S105
    BLOCK = "block"
    UNBLOCK = "unblock"
    FORGET = "forget"
    LINK_DEVICE = "link_device"  # a device signs in by its link, so no password waits to be replaced


MOVES: Mapping[tuple[AccountLife, AccountMove], AccountLife] = {
    (AccountLife.INVITED, AccountMove.CHOOSE_PASSWORD): AccountLife.ACTIVE,
    (AccountLife.ACTIVE, AccountMove.CHOOSE_PASSWORD): AccountLife.ACTIVE,
    (AccountLife.INVITED, AccountMove.RESET_PASSWORD): AccountLife.INVITED,
    (AccountLife.ACTIVE, AccountMove.RESET_PASSWORD): AccountLife.INVITED,
    (AccountLife.INVITED, AccountMove.BLOCK): AccountLife.BLOCKED,
    (AccountLife.ACTIVE, AccountMove.BLOCK): AccountLife.BLOCKED,
    (AccountLife.BLOCKED, AccountMove.UNBLOCK): AccountLife.INVITED,
    (AccountLife.INVITED, AccountMove.LINK_DEVICE): AccountLife.ACTIVE,
    (AccountLife.ACTIVE, AccountMove.LINK_DEVICE): AccountLife.ACTIVE,
    (AccountLife.BLOCKED, AccountMove.FORGET): AccountLife.FORGOTTEN,
}

SIGNS_IN: frozenset[AccountLife] = frozenset({AccountLife.INVITED, AccountLife.ACTIVE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Where and when a role holds; ``PLACE_OF_ROLE`` says which of the places it needs."""

    valid_from: date
    valid_until: date | None = None
    agency: str | None = None
    mall: int | None = None
    booth: int | None = None


class How(StrEnum):
    """How a session was opened."""

    PASSWORD = "password"  # noqa: S105
    PASSKEY = "passkey"
    CITY = "city"  # the city's single sign-on
    PIN = "pin"  # an officer took the desk over from a colleague, on a PC where both had signed in
    LINK = "link"  # a device, by its activation link


# These show who somebody is by themselves; a PIN and a device's link lean on one of them.
SIGNS_IN_ALONE: frozenset[How] = frozenset({How.PASSWORD, How.PASSKEY, How.CITY})


class Factor(StrEnum):
    """What an account may show besides its password."""

    TOTP = "totp"
    PASSKEY = "webauthn"
    RECOVERY = "recovery_codes"


# Who reaches everybody's data and every setting needs more than a password where real citizens come.
NEEDS_FACTOR: frozenset[Role] = frozenset({Role.KEEPER, Role.MANAGER, Role.SECRETARY, Role.MAYOR})


class WhyEnded(StrEnum):
    """Why a session ended."""

    SIGNED_OUT = "signed_out"
    IDLE = "idle"
    ABSOLUTE = "absolute"
    ENDED = "ended"  # from the list of sessions
    CHANGED = "changed"  # another officer took the desk over
    BLOCKED = "blocked"  # with the account
    PASSWORD = "password_set"  # noqa: S105  (a new password, whoever chose it)
    FACTORS = "factors_reset"  # somebody responsible took the second factors away
    LINK = "new_link"  # a device got another link


@dataclass(frozen=True, slots=True)
class SessionLimits:
    """A session ends when nothing was done by hand for ``idle`` (``None``: a device), and always after ``absolute``."""

    idle: timedelta | None
    absolute: timedelta


WORKING_DAY = timedelta(hours=8)
WITHOUT_ROLE = SessionLimits(timedelta(minutes=30), WORKING_DAY)
# The strictest of an account's roles counts. Long cases at a desk take more than an hour without a key pressed.
SESSION_LIMITS: Mapping[Role, SessionLimits] = {
    Role.OFFICER: SessionLimits(timedelta(hours=2), WORKING_DAY),
    Role.COORDINATOR: SessionLimits(timedelta(hours=2), WORKING_DAY),
    Role.HELP_DESK: SessionLimits(timedelta(hours=2), WORKING_DAY),
    Role.MANAGER: SessionLimits(timedelta(hours=2), WORKING_DAY),
    Role.KEEPER: SessionLimits(timedelta(minutes=30), WORKING_DAY),
    Role.KIOSK: SessionLimits(None, timedelta(days=90)),
    Role.PLANNER: SessionLimits(timedelta(hours=2), WORKING_DAY),
    Role.ASSET: SessionLimits(timedelta(hours=2), WORKING_DAY),
    Role.ORGANISATION: SessionLimits(timedelta(hours=2), WORKING_DAY),
    Role.INSPECTORATE: SessionLimits(timedelta(hours=2), WORKING_DAY),
    Role.SECRETARY: SessionLimits(timedelta(minutes=30), WORKING_DAY),
    Role.MAYOR: SessionLimits(timedelta(minutes=30), WORKING_DAY),
}
