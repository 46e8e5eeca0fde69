"""The first page: what stands out today, in one sentence and a few figures."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from satuatap.features.malls import queries as malls
from satuatap.features.people import queries as people
from satuatap.features.people.states import AccountLife, Role
from satuatap.features.visits import queries as visits
from satuatap.features.visits.views import Hall
from satuatap.web.guards import role_required
from satuatap.web.office.history import lines_of
from satuatap.web.office.services import quality_rows
from satuatap.web.office.shared import office_of, page
from satuatap.web.office.troubles import last_check, troubles

SHUT = ("closed", "break", "trouble")


@dataclass(frozen=True, slots=True)
class BoothRow:
    """A booth: how many of its desks are open, and how many errands wait that one of them can do."""

    name: str
    opened: int
    desks: int
    waiting: int


def booth_rows(hall: Hall) -> list[BoothRow]:
    """Every booth with a desk, in the order of its desks' signs."""
    places = malls.desk_places(hall.mall)
    rows = []
    for booth in dict.fromkeys(desk.booth for desk in hall.desks):
        own = [desk for desk in hall.desks if desk.booth == booth]
        place = places.get(own[0].id)
        steps = {step for desk in own for step in desk.skills if step in hall.steps}
        rows.append(
            BoothRow(
                name=(place.booth_name or place.agency) if place else own[0].agency,
                opened=sum(desk.state not in SHUT for desk in own),
                desks=len(own),
                waiting=sum(hall.steps[step].waiting for step in steps),
            )
        )
    return rows


@role_required(Role.MANAGER, Role.KEEPER)
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Today's hours, desks, people and sources, with the newest changes beside them."""
    office = office_of(request)
    hall = visits.hall(office.mall.id)
    accounts = people.accounts(office.today, mall=None if office.keeper else office.mall.id)
    rows = quality_rows()
    values = {
        "hours": malls.open_hours(office.mall.id, hall.day),
        "day": hall.day,
        "closed": hall.closed,
        "desks_open": sum(desk.state not in SHUT for desk in hall.desks),
        "desks": len(hall.desks),
        "accounts": len(accounts),
        "invited": sum(line.life is AccountLife.INVITED for line in accounts),
        "sourced": sum(row.known >= 5 for row in rows),
        "services": len(rows),
        "booths": booth_rows(hall),
        "lines": lines_of(office, limit=8),
        "troubles": troubles() if office.keeper else [],
        "check": last_check(office.mall.zone_name) if office.keeper else None,
    }
    return page(request, "overview", office, values)
