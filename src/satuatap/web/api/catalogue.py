"""What the city offers: services with their standards, agencies. The same for every client with the scope."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router

from satuatap.features.catalogue import queries
from satuatap.features.catalogue.states import Component
from satuatap.features.catalogue.views import RequirementView, ServicePage
from satuatap.features.commons.states import ApiScope
from satuatap.features.malls import queries as malls
from satuatap.features.people import queries as people
from satuatap.web.api import schemas
from satuatap.web.api.auth import client_of, needs
from satuatap.web.api.paging import A_PAGE, Cursor, Limit, page_of

router = Router(tags=["catalogue"])
MOST_FOUND = 20


@router.get("/me", response=schemas.Me, **needs(None))
def me(request: HttpRequest) -> dict[str, Any]:
    client = client_of(request)
    from_mall = next((m.code for m in malls.malls() if m.id == client.mall), None)
    return {
        "name": client.name, "key": client.prefix, "ends_at": client.ends_at, "scopes": sorted(client.scopes),
        "mall": from_mall, "agency": client.agency_code, "per_minute": client.per_minute,
    }  # fmt: skip


@router.get("/agencies", response=schemas.Agencies, **needs(ApiScope.CATALOGUE))
def agencies(request: HttpRequest, cursor: Cursor = None, limit: Limit = A_PAGE) -> dict[str, Any]:
    return page_of(people.agencies(), lambda row: row.pk, cursor, limit)


@router.get("/services", response=schemas.Services, **needs(ApiScope.CATALOGUE))
def services(
    request: HttpRequest,
    agency: Annotated[str | None, Query(max_length=60)] = None,
    cursor: Cursor = None,
    limit: Limit = A_PAGE,
) -> dict[str, Any]:
    rows = [card for card in queries.services() if agency in (None, card.agency_code)]
    return page_of(rows, lambda card: card.id, cursor, limit)


@router.get("/search", response=schemas.FoundServices, **needs(ApiScope.CATALOGUE))
def search(
    request: HttpRequest,
    q: Annotated[str, Query(min_length=1, max_length=100)],
    limit: Annotated[int, Query(ge=1, le=MOST_FOUND)] = 8,
) -> dict[str, Any]:
    return {"items": list(queries.search(q, limit))}


@router.get("/services/{slug:code}", response=schemas.Service, **needs(ApiScope.CATALOGUE))
def service(request: HttpRequest, code: str) -> dict[str, Any]:
    return _service(queries.service(code))


def _service(page: ServicePage) -> dict[str, Any]:
    return {
        **asdict(page.card),
        "components": [
            {"number": n, "key": Component(n).name.lower(), "texts": texts}
            for n, texts in sorted(page.components.items())
        ],
        "requirements": [_requirement(one) for one in page.requirements],
        "steps": [
            {
                "order": step.order, "name": step.name, "name_en": step.name_en, "agency": step.agency_code,
                "expected_minutes": step.expected_minutes, "after": list(step.after), "synthetic": step.synthetic,
            }
            for step in page.steps
        ],
        "first": [card.code for card, _reason, _reason_en in page.first],
        "source": page.source,
        "note": page.note,
    }  # fmt: skip


def _requirement(one: RequirementView) -> dict[str, Any]:
    return {
        "document": one.document.code, "name": one.document.name, "name_en": one.document.name_en,
        "detail": one.detail, "detail_en": one.detail_en, "always": one.always, "condition": one.condition,
        "condition_en": one.condition_en, "basis": one.basis, "office": one.office, "source": one.source,
        "source_year": one.source_year,
    }  # fmt: skip
