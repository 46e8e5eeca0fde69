"""Services, to be read: how much of each standard is known, and whose it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from satuatap.features.catalogue import queries as catalogue
from satuatap.features.people.states import Role
from satuatap.web.guards import role_required
from satuatap.web.office.shared import office_of, page

PUBLIC_COMPONENTS = range(1, 7)  # of the 14 of a service standard; PermenPANRB 15/2014


@dataclass(frozen=True, slots=True)
class QualityRow:
    """A service and, of its six public components, whose word each is."""

    service: catalogue.ServiceCard
    cells: tuple[str, ...]  # palembang, national, other_office or empty

    @property
    def known(self) -> int:
        return sum(bool(cell) for cell in self.cells)


def _best(bases: Sequence[str]) -> str:
    return next((base for base in ("palembang", "national", "other_office") if base in bases), "")


def quality_rows() -> list[QualityRow]:
    """Every service with what is known, least known first."""
    known = catalogue.quality()
    rows = [
        QualityRow(card, tuple(_best([str(base) for base in known.get(card.code, {}).get(number, [])])
                               for number in PUBLIC_COMPONENTS))
        for card in catalogue.services()
    ]  # fmt: skip
    return sorted(rows, key=lambda row: (row.known, row.service.agency, row.service.name))


@role_required(Role.MANAGER, Role.KEEPER)
@require_safe
def services_page(request: HttpRequest) -> HttpResponse:
    """The list; changes come by the city's own files."""
    rows = quality_rows()
    full = sum(row.known >= 5 for row in rows)
    return page(request, "services", office_of(request), {"rows": rows, "full": full})
