"""Every write of the catalogue: the city's files, and plans kept behind a short code."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from satuatap.basics.actor import Actor
from satuatap.features.catalogue import facts, queries, refusals
from satuatap.features.catalogue.models import (
    Document,
    LifeEvent,
    LifeEventService,
    Place,
    Plan,
    Requirement,
    Service,
    Standard,
    Step,
    Synonym,
)
from satuatap.features.catalogue.models import (
    Sequence as Before,
)
from satuatap.features.catalogue.states import CanFinish, PlaceKind
from satuatap.features.journal.actions import announce
from satuatap.features.people.queries import agency_ids
from satuatap.plumbing.locking import hold_city
from satuatap.plumbing.sourced import SOURCED
from satuatap.plumbing.upsert import Change, put_rows

Row = Mapping[str, Any]
Rows = Mapping[str, Sequence[Row]]
CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
PLAN_DAYS = 14
OFFICES = (PlaceKind.AGENCY_OFFICE, PlaceKind.OFFICE)


def _take(row: Row, *names: str) -> dict[str, Any]:
    """The named fields of a row, where it has them; a year that was taken out of the file goes, too."""
    return {n: row[n] for n in names if n in row and (row[n] is not None or n == "source_year")}


def _known(found: Mapping[str, Any], code: str) -> Any:
    if code not in found:
        raise refusals.BrokenCatalogue()
    return found[code]


@transaction.atomic
def put_catalogue(*, by: Actor, rows: Rows) -> dict[str, Change]:
    """Make the catalogue equal to the sheets; says what changed in each. Services that went stay for the past."""
    agencies = agency_ids()
    changes = {"services": _put_services(rows.get("services", ()), agencies)}
    services = {s.code: s for s in Service.objects.all()}
    changes["steps"] = _put_steps(rows.get("steps", ()), services, agencies)
    changes["standards"] = _put_standards(rows.get("standards", ()), services)
    changes["documents"] = _put_documents(rows.get("documents", ()))
    changes["requirements"] = _put_requirements(rows.get("requirements", ()), services)
    changes["places"] = _put_places(rows.get("places", ()), services)
    changes |= _put_events(rows, services)
    changes["sequences"] = _put_sequences(rows.get("sequences", ()), services)
    changes["synonyms"] = _put_synonyms(rows.get("synonyms", ()))
    if any(changes.values()):
        announce(facts.CataloguePut({name: change.counts() for name, change in changes.items() if change}), by=by)
        transaction.on_commit(queries.forget)
    return changes


def _put_services(rows: Sequence[Row], agencies: Mapping[str, int]) -> Change:
    names = ("code", "name", "name_en", "everyday_name", "everyday_name_en", "summary", "summary_en", "category",
             "expected_minutes", "at_mall", "icon", *SOURCED)  # fmt: skip
    values = [{**_take(row, *names), "agency_id": _known(agencies, row["agency"]), "active": True} for row in rows]
    return put_rows(Service.objects.all(), ["code"], values, retire={"active": False})


def _put_steps(rows: Sequence[Row], services: Mapping[str, Service], agencies: Mapping[str, int]) -> Change:
    values = []
    orders: dict[str, list[int]] = {}
    for row in rows:
        orders.setdefault(row["service"], []).append(int(row["order"]))
    for row in rows:
        order = int(row["order"])
        before = [o for o in orders[row["service"]] if o < order]
        after = [int(x) for x in row.get("after") or ()] or ([max(before)] if before else [])
        taken = _take(row, "name", "name_en", "expected_minutes", "lane_note", *SOURCED)
        service = _known(services, row["service"])
        agency = _known(agencies, row["agency"])
        values.append(
            {"service": service, "order": order, "agency_id": agency, "after": after, "active": True, **taken}
        )
    for code, service in services.items():
        if service.active and code not in orders:  # a service without step rows is one step of its own
            values.append({
                "service": service, "order": 1, "agency_id": service.agency_id, "after": [], "active": True,
                "name": service.name, "name_en": service.name_en, "expected_minutes": service.expected_minutes,
                "synthetic": True, "lane_note": "",
            })  # fmt: skip
    return put_rows(Step.objects.all(), ["service", "order"], values, retire={"active": False})


def _put_standards(rows: Sequence[Row], services: Mapping[str, Service]) -> Change:
    values: list[dict[str, Any]] = []
    seen: dict[tuple[str, int], int] = {}
    for row in rows:
        place = seen[row["service"], row["component"]] = seen.get((row["service"], row["component"]), 0) + 1
        taken = _take(row, "component", "text", "text_en", "basis", "office", "qualifier", *SOURCED)
        values.append({"service": _known(services, row["service"]), "place": place, **taken})
    return put_rows(Standard.objects.all(), ["service", "component", "place"], values)


def _put_documents(rows: Sequence[Row]) -> Change:
    names = ("code", "name", "name_en", "how_to_get", "how_to_get_en", *SOURCED)
    values = [{**_take(row, *names), "issued_by": list(row.get("issued_by") or ()), "active": True} for row in rows]
    return put_rows(Document.objects.all(), ["code"], values, retire={"active": False})


def _put_requirements(rows: Sequence[Row], services: Mapping[str, Service]) -> Change:
    documents = {d.code: d for d in Document.objects.all()}
    names = ("order", "detail", "detail_en", "need", "condition", "condition_en", "form", "basis", "office", *SOURCED)
    values = [
        {
            "service": _known(services, row["service"]),
            "document": _known(documents, row["document"]),
            **_take(row, *names),
        }
        for row in rows
    ]
    return put_rows(Requirement.objects.all(), ["service", "order"], values)


def _put_places(rows: Sequence[Row], services: Mapping[str, Service]) -> Change:
    names = ("kind", "name", "name_en", "can_finish", "detail", "detail_en", "address", "url", *SOURCED)
    values = [{"service": _known(services, row["service"]), **_take(row, *names)} for row in rows]
    return put_rows(Place.objects.all(), ["service", "kind", "name"], values)


def _put_events(rows: Rows, services: Mapping[str, Service]) -> dict[str, Change]:
    names = ("code", "name", "name_en", "everyday", "icon", "order", *SOURCED)
    events = put_rows(LifeEvent.objects.all(), ["code"], [_take(row, *names) for row in rows.get("life_events", ())])
    known = {e.code: e for e in LifeEvent.objects.all()}
    members = [
        {
            "event": _known(known, row["event"]),
            "service": _known(services, row["service"]),
            **_take(row, "order", "detail", *SOURCED),
        }
        for row in rows.get("life_event_services", ())
    ]
    return {
        "life_events": events,
        "life_event_services": put_rows(LifeEventService.objects.all(), ["event", "service"], members),
    }


def _put_sequences(rows: Sequence[Row], services: Mapping[str, Service]) -> Change:
    values = [
        {
            "first": _known(services, row["first"]),
            "then": _known(services, row["then"]),
            **_take(row, "reason", "reason_en", *SOURCED),
        }
        for row in rows
    ]
    return put_rows(Before.objects.all(), ["first", "then"], values)


def _put_synonyms(rows: Sequence[Row]) -> Change:
    values = [
        {**_take(row, "phrase", "words", "kind", *SOURCED), "services": list(row.get("services") or ())} for row in rows
    ]
    return put_rows(Synonym.objects.all(), ["phrase", "kind"], values)


@transaction.atomic
def move_places(
    *, by: Actor, services: Sequence[str], old: tuple[str, str], new: tuple[str, str], on: date, source: str
) -> int:
    """Services are given at another office from a day on: the old one's name and address (``old``) become ``new``.

    A service without a row of that office gets one. Returns how many services changed; twice is once.
    """
    hold_city()
    changed = []
    for service in Service.objects.filter(code__in=list(services), active=True).order_by("pk"):
        if _move_place(service, old, new, source, on.year):
            changed.append(service.code)
    if changed:
        announce(facts.PlacesMoved(changed, on.isoformat()), by=by)
        transaction.on_commit(queries.forget)
    return len(changed)


def _move_place(service: Service, old: tuple[str, str], new: tuple[str, str], source: str, year: int) -> bool:
    offices = list(Place.objects.select_for_update().filter(service=service, kind__in=OFFICES).order_by("pk"))
    if any((row.name, row.address) == new for row in offices):
        return False
    row = next((one for one in offices if one.name in (old[0], new[0]) or (old[1] and one.address == old[1])), None)
    if row is None:
        row = Place(service=service, kind=PlaceKind.AGENCY_OFFICE, can_finish=CanFinish.UNKNOWN)
    row.name, row.name_en, row.address = new[0], "", new[1]
    row.source, row.source_year, row.confidence, row.synthetic = source, year, "H", False
    row.save()
    return True


@transaction.atomic(durable=True)
def keep_plan(*, by: Actor, services: Sequence[str], now: datetime) -> str:
    """Keep a plan behind a code of six characters for 14 days; the same wish within a day gets the same code."""
    ordered = list(queries.plan(services).services)
    row = Plan.objects.filter(services=ordered, made_at__gt=now - timedelta(days=1), expires_at__gt=now).first()
    if row is not None:
        return row.code
    code = "".join(secrets.choice(CODE_LETTERS) for _ in range(6))
    Plan.objects.create(code=code, services=ordered, made_at=now, expires_at=now + timedelta(days=PLAN_DAYS))
    announce(facts.PlanKept(ordered), by=by)
    return code


@transaction.atomic
def drop_plans(*, before: datetime) -> int:
    """Forget plans that have expired; no fact, because nothing happened in the mall."""
    return Plan.objects.filter(expires_at__lt=before).delete()[0]
