"""Decisions about roles and accounts: values in, an answer out; today is an argument."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from satuatap.features.people.states import MOVES, PLACE_OF_ROLE, AccountLife, AccountMove, Place, Role

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
