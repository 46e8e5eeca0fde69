"""The first page: what stands out today, in one sentence and a few figures."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from satuatap.features.malls import queries as malls
from satuatap.features.people import queries as people
from satuatap.features.people.states import AccountLife, Role
from satuatap.features.visits import queries as visits
from satuatap.web.guards import role_required
from satuatap.web.office.history import lines_of
from satuatap.web.office.services import quality_rows
from satuatap.web.office.shared import office_of, page


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
        "desks_open": sum(desk.state not in ("closed", "break", "trouble") for desk in hall.desks),
        "desks": len(hall.desks),
        "accounts": len(accounts),
        "invited": sum(line.life is AccountLife.INVITED for line in accounts),
        "sourced": sum(row.known >= 5 for row in rows),
        "services": len(rows),
        "lines": lines_of(office, limit=8),
    }
    return page(request, "overview", office, values)
