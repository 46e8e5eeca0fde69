"""Roles: given for a place and a time, and ended."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from satuatap.features.malls import queries as malls
from satuatap.features.people import actions
from satuatap.features.people import queries as people
from satuatap.features.people.refusals import NoSuchGrant, PlaceDoesNotFit
from satuatap.features.people.states import PLACE_OF_ROLE, Limits, Place, Role
from satuatap.web.guards import actor_of, role_required
from satuatap.web.identity import forget_all_sessions
from satuatap.web.inputs import day_of, key_of, text_of, whole_of
from satuatap.web.office.refusals import NoSuchRole, NotInYourMall
from satuatap.web.office.shared import Office
from satuatap.web.office.staff import change, visible


@role_required(Role.MANAGER, Role.KEEPER)
@require_POST
def give(request: HttpRequest, account: int) -> HttpResponseBase:
    """Give a role at this mall: an officer's and a coordinator's for one booth."""

    def act(office: Office, row: Any) -> str:
        role = _role(request)
        if not people.grants_may_grant(office.grants, role, office.mall.id):
            raise NotInYourMall()
        booth = _booth(request, office, role)
        until = day_of(request.POST, "until") if request.POST.get("until") else None
        given = actions.grant_role(
            by=actor_of(request),
            account=account,
            role=role,
            limits=Limits(
                agency=None if booth is None else booth.agency_code,
                mall=None if PLACE_OF_ROLE[role] is Place.CITY else office.mall.id,
                booth=None if booth is None else booth.id,
                valid_from=_from(request, office),
                valid_until=until,
            ),
            request=key_of(request),
        )
        forget_all_sessions()
        return f"/pengelolaan/orang/{account}/peran/{given.pk}/akhiri"

    return change(request, account, act, _("Peran sudah diberikan."), check=visible)


@role_required(Role.MANAGER, Role.KEEPER)
@require_POST
def end(request: HttpRequest, account: int, grant: int) -> HttpResponseBase:
    """End a role now; it stays in the list as what was."""

    def act(office: Office, row: Any) -> None:
        line = next((one for one in people.grant_lines(account, office.today) if one.id == grant), None)
        if line is None:
            raise NoSuchGrant()
        if not people.grants_may_grant(office.grants, line.role, line.mall_id):
            raise NotInYourMall()
        actions.end_grant(by=actor_of(request), grant=grant, on=office.today, request=key_of(request))
        forget_all_sessions()

    return change(request, account, act, _("Peran sudah diakhiri."), check=visible)


def _role(request: HttpRequest) -> Role:
    try:
        return Role(text_of(request.POST, "role", longest=20))
    except ValueError:
        raise NoSuchRole() from None


def _booth(request: HttpRequest, office: Office, role: Role) -> malls.BoothPlan | None:
    if PLACE_OF_ROLE[role] is not Place.BOOTH:
        return None
    if not request.POST.get("booth"):
        raise PlaceDoesNotFit()
    number = whole_of(request.POST, "booth")
    booth = next((one for one in malls.hall_plan(office.mall.id).booths if one.id == number), None)
    if booth is None:
        raise PlaceDoesNotFit()
    return booth


def _from(request: HttpRequest, office: Office) -> date:
    return day_of(request.POST, "from") if request.POST.get("from") else office.today
