"""A visit's row by what a citizen or the help desk knows of it."""

from __future__ import annotations

from satuatap.features.malls import queries as malls
from satuatap.features.visits import refusals
from satuatap.features.visits.models import Floor, Visit
from satuatap.features.visits.zones import local_day


def visit_by_token(token: str) -> Visit | None:
    """The visit behind an unguessable address."""
    return Visit.objects.filter(token=token).first()


def visit_by_number(mall: int, number: int, code: str) -> Visit:
    """Today's visit by its number together with the code on the slip; the same refusal whichever is wrong."""
    floor = Floor.objects.filter(pk=mall).first()
    if floor is None:
        raise refusals.NoSuchVisit()
    day = local_day(malls.now(mall), floor.zone)
    visit = Visit.objects.filter(mall=mall, day=day, number=number).first()
    if visit is None or visit.code != code.strip().upper():
        raise refusals.NoSuchVisit()
    return visit


def visit_of_today(mall: int, number: int) -> Visit:
    """Today's visit by its number alone: for the help desk, which sees the citizen."""
    floor = Floor.objects.filter(pk=mall).first()
    day = local_day(malls.now(mall), floor.zone) if floor else None
    visit = Visit.objects.filter(mall=mall, day=day, number=number).first() if day else None
    if visit is None:
        raise refusals.NoSuchVisit()
    return visit


def visit_here(mall: int, visit: int) -> Visit:
    """The visit, if it is one of this mall."""
    row = Visit.objects.filter(pk=visit, mall=mall).first()
    if row is None:
        raise refusals.NoSuchVisit()
    return row
