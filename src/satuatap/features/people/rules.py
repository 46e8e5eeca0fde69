"""Decisions about roles and accounts: values in, an answer out; today is an argument."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from satuatap.features.people.states import (
    MOVES,
    NEEDS_FACTOR,
    PLACE_OF_ROLE,
    SESSION_LIMITS,
    WITHOUT_ROLE,
    AccountLife,
    AccountMove,
    Place,
    Role,
    SessionLimits,
    WhyEnded,
)

# A keeper gives every role; a manager gives those of her own hall.
GIVEN_BY_MANAGER = frozenset({Role.OFFICER, Role.COORDINATOR, Role.HELP_DESK})


@dataclass(frozen=True, slots=True)
class Grant:
    """One role of one account that is in force; ``None`` in a place means: not limited there."""

    role: Role
    agency_id: int | None = None
    mall_id: int | None = None
    booth_id: int | None = None
    id: int | None = None


def in_force(valid_from: date, valid_until: date | None, ended: bool, on: date) -> bool:
    """A grant counts from its first day to its last, both included, unless it was ended at once."""
    return not ended and valid_from <= on and (valid_until is None or on <= valid_until)


def covers(grant: Grant, role: Role, mall: int | None = None, booth: int | None = None) -> bool:
    """Whether the grant gives this role at this place; a question without a place asks "anywhere?"."""
    return (
        grant.role == role
        and (grant.mall_id is None or mall is None or grant.mall_id == mall)
        and (grant.booth_id is None or booth is None or grant.booth_id == booth)
    )


def may(grants: Iterable[Grant], role: Role, mall: int | None = None, booth: int | None = None) -> bool:
    """Whether one of the grants gives this role at this place."""
    return any(covers(grant, role, mall, booth) for grant in grants)


def may_grant(giver: Iterable[Grant], role: Role, mall: int | None) -> bool:
    """A keeper gives every role; a manager gives officer, coordinator and help desk in her own mall."""
    giver = tuple(giver)
    if may(giver, Role.KEEPER):
        return True
    return role in GIVEN_BY_MANAGER and mall is not None and may(giver, Role.MANAGER, mall)


def may_keep(keeper: Iterable[Grant], held: Iterable[Grant]) -> bool:
    """Whose account one may block or reset: a keeper everyone's; a manager's only that of staff of her own mall.

    ``held`` are the roles of the account that have not been ended; one without any is the keeper's.
    """
    keeper, held = tuple(keeper), tuple(held)
    if may(keeper, Role.KEEPER):
        return True
    return bool(held) and all(may_grant(keeper, grant.role, grant.mall_id) for grant in held)


def is_device(held: Iterable[Grant]) -> bool:
    """Whether an account with these roles, not ended, is a device and nothing else: it has a link, no password."""
    return {grant.role for grant in held} == {Role.KIOSK}


def place_fits(role: Role, agency: int | None, mall: int | None, booth: int | None) -> bool:
    """A role is given with exactly its limits: a booth with its mall and agency, a mall, or the whole city."""
    place = PLACE_OF_ROLE[role]
    if place is Place.BOOTH:
        return mall is not None and booth is not None and agency is not None
    return booth is None and (mall is not None) == (place is Place.MALL)


def times_fit(valid_from: date, valid_until: date | None) -> bool:
    """The last day is not before the first."""
    return valid_until is None or valid_from <= valid_until


def after(life: AccountLife, move: AccountMove) -> AccountLife | None:
    """The next stage of an account's life, or ``None`` where the move is not allowed."""
    return MOVES.get((life, move))


def needs_factor(held: Iterable[Grant], real_malls: Container[int], any_real: bool) -> bool:
    """Whether these roles ask for a second factor: a strong role over a mall that is no demo."""
    return any(
        grant.role in NEEDS_FACTOR and (any_real if grant.mall_id is None else grant.mall_id in real_malls)
        for grant in held
    )


def limits_of(roles: Iterable[Role]) -> SessionLimits:
    """The strictest limits of these roles; an account without one has those of nobody."""
    found = [SESSION_LIMITS[role] for role in roles] or [WITHOUT_ROLE]
    idle = min((one.idle for one in found if one.idle is not None), default=None)
    return SessionLimits(idle, min(one.absolute for one in found))


def why_over(opened: datetime, seen: datetime, limits: SessionLimits, now: datetime) -> WhyEnded | None:
    """Why a session has ended by itself; ``None``: it goes on. A clock that was set back ends nothing."""
    if now - opened >= limits.absolute:
        return WhyEnded.ABSOLUTE
    if limits.idle is not None and now - seen >= limits.idle:
        return WhyEnded.IDLE
    return None


PIN_LENGTH = 6
PIN_TRIES = 5  # wrong ones in a row; then the PIN rests until its holder signs in with her password on that PC
STEPS = frozenset({-1, 0, 1})


def pin_fits(pin: str) -> bool:
    """Six digits."""
    return len(pin) == PIN_LENGTH and pin.isascii() and pin.isdecimal()


def pin_is_weak(pin: str) -> bool:
    """All alike, all in a row, two digits only, or one half twice: what colleagues guess in five tries."""
    digits = [int(sign) for sign in pin]
    steps = {after - before for before, after in pairwise(digits)}
    return (len(steps) == 1 and steps <= STEPS) or len(set(digits)) < 3 or pin[:3] == pin[3:]


def pin_opens(held: Iterable[Grant], mall: int, booth: int) -> bool:
    """Whether a PIN may open this account here: it works at this booth, and nowhere with more than a desk's power."""
    held = tuple(held)
    desk = (Role.OFFICER, Role.COORDINATOR)
    return all(grant.role in desk for grant in held) and any(may(held, role, mall, booth) for role in desk)


def pin_counts(signed_in_on: date | None, wrong: int, today: date) -> bool:
    """A PIN counts on the day of a sign-in with the password on that PC, and until too many were wrong."""
    return signed_in_on == today and wrong < PIN_TRIES


def touches(seen: datetime, now: datetime, every: timedelta = timedelta(minutes=1)) -> bool:
    """Whether a sign of life is written: once a minute is enough, and the front asks many times a second."""
    return now - seen >= every
