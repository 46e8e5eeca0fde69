"""What others may ask of the catalogue. It is small and read often: kept in memory until a fact changes it."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from satuatap.features.catalogue import refusals, rules
from satuatap.features.catalogue import search as searching
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
from satuatap.features.catalogue.states import PUBLIC, Basis, PlaceKind
from satuatap.features.catalogue.views import (
    DocumentView,
    EventView,
    PaperView,
    PlaceView,
    PlanView,
    RequirementView,
    ServiceCard,
    ServicePage,
    StepView,
    TextView,
)
from satuatap.plumbing.sourced import cells_of

KEEPS_S = 5.0


@dataclass(frozen=True, slots=True)
class Kept:
    """The whole catalogue in memory."""

    services: Mapping[str, Service]
    steps: Mapping[str, tuple[StepView, ...]]
    steps_by_id: Mapping[int, StepView]
    documents: Mapping[str, DocumentView]
    needs: tuple[rules.Need, ...]
    sequences: tuple[Before, ...]
    index: searching.Index


_lock = threading.Lock()
_kept: list[tuple[float, Kept]] = []


def forget() -> None:
    """Read the catalogue anew at the next question."""
    with _lock:
        _kept.clear()


def _all() -> Kept:
    now = time.monotonic()
    if _kept and now - _kept[0][0] < KEEPS_S:
        return _kept[0][1]
    with _lock:
        if not (_kept and now - _kept[0][0] < KEEPS_S):
            _kept[:] = [(now, _read())]
        return _kept[0][1]


def _read() -> Kept:
    services = {s.code: s for s in Service.objects.filter(active=True).select_related("agency").order_by("id")}
    steps: dict[str, list[StepView]] = defaultdict(list)
    rows = Step.objects.filter(active=True, service__active=True).select_related("service", "agency")
    rows = rows.order_by("service_id", "order")
    many = {r.service_id for r in rows if r.order > 1}
    for r in rows:
        steps[r.service.code].append(_step(r, r.service_id not in many))
    documents = {
        d.code: DocumentView(d.code, d.name, d.name_en, tuple(d.issued_by), d.how_to_get, d.how_to_get_en)
        for d in Document.objects.filter(active=True)
    }
    needs = tuple(
        rules.Need(r.document.code, r.service.code, r.need == "always", r.condition, tuple(r.document.issued_by))
        for r in Requirement.objects.select_related("service", "document").order_by("service_id", "order")
    )
    sequences = tuple(Before.objects.select_related("first", "then"))
    index = _index(services.values(), documents)
    by_id = {step.id: step for group in steps.values() for step in group}
    return Kept(services, {k: tuple(v) for k, v in steps.items()}, by_id, documents, needs, sequences, index)


def _step(row: Step, alone: bool) -> StepView:
    """A step as others see it; one that is alone carries the name of its service."""
    name, name_en = (row.service.name, row.service.name_en) if alone else (row.name, row.name_en)
    return StepView(
        row.pk, row.service_id, row.service.code, row.order, name, name_en, row.agency.short_name or row.agency.name,
        row.agency_id, row.agency.code, row.expected_minutes, tuple(row.after), row.synthetic,
    )  # fmt: skip


def _index(services: Iterable[Service], documents: Mapping[str, DocumentView]) -> searching.Index:
    extra: dict[str, list[searching.Phrase]] = defaultdict(list)
    same: dict[str, list[str]] = {}
    for row in Synonym.objects.all():
        for code in row.services:
            extra[code].append(searching.Phrase(row.phrase, 1.0))
        if row.words:
            same[" ".join(searching.words_of(row.phrase))] = searching.words_of(row.words)
    for document in documents.values():
        for code in document.issued_by:
            extra[code].append(searching.Phrase(document.name, 0.75))
    entries = []
    for s in services:
        phrases = [(s.name, 1.0), (s.everyday_name, 1.0), (s.name_en, 0.9), (s.everyday_name_en, 0.9),
                   (f"{s.name} {s.agency.short_name}", 0.85), (s.summary, 0.55),
                   (s.code.replace("-", " "), 0.9)]  # fmt: skip
        entries.append(
            searching.Entry(s.code, (*(searching.Phrase(t, w) for t, w in phrases if t), *extra.get(s.code, ())))
        )
    return searching.Index(entries, same)


def _card(row: Service, matched: str = "") -> ServiceCard:
    agency = row.agency
    return ServiceCard(
        row.pk, row.code, row.name, row.name_en, row.everyday_name, row.everyday_name_en, row.summary, row.summary_en,
        row.category, row.icon, agency.short_name or agency.name, agency.pk, agency.code, row.at_mall,
        row.expected_minutes, matched,
    )  # fmt: skip


def services(codes: Iterable[str] | None = None) -> tuple[ServiceCard, ...]:
    """All services, or those named, in the order of the city's file (or of the names)."""
    known = _all().services
    if codes is None:
        return tuple(_card(row) for row in known.values())
    return tuple(_card(known[code]) for code in codes if code in known)


def service_names() -> dict[int, tuple[str, str]]:
    """Service number -> name, English name."""
    return {row.pk: (row.name, row.name_en or row.name) for row in _all().services.values()}


def steps(ids: Iterable[int]) -> list[StepView]:
    """The named steps, in their order; one that has left the city's files is still known to those who wait for it."""
    wanted, known = list(ids), dict(_all().steps_by_id)
    if missing := [step for step in wanted if step not in known]:
        for row in Step.objects.filter(pk__in=missing).select_related("service", "agency"):
            known[row.pk] = _step(row, not row.name)
    return [known[step] for step in wanted if step in known]


def all_steps() -> list[StepView]:
    """Every step of every service."""
    return list(_all().steps_by_id.values())


def steps_of(codes: Iterable[str]) -> list[StepView]:
    """The steps of services, in order."""
    known = _all().steps
    return [step for code in codes for step in known.get(code, ())]


def search(text: str, limit: int = 8) -> tuple[ServiceCard, ...]:
    """Services that match everyday words, best first, each with the phrase that matched."""
    kept = _all()
    return tuple(_card(kept.services[hit.code], hit.matched) for hit in kept.index.search(text, limit))


def document(code: str) -> DocumentView | None:
    """One document."""
    return _all().documents.get(code)


def service(code: str) -> ServicePage:
    """Everything that a citizen may know of a service; refuses a code that nobody knows."""
    kept = _all()
    row = kept.services.get(code)
    if row is None:
        raise refusals.NoSuchService()
    texts: dict[int, list[TextView]] = defaultdict(list)
    for s in Standard.objects.filter(service=row).order_by("component", "place"):
        texts[s.component].append(
            TextView(s.text, s.text_en, s.basis, s.office, s.qualifier, s.source, s.source_year, s.confidence)
        )
    needs = [
        RequirementView(
            kept.documents[r.document.code], r.detail, r.detail_en, r.need == "always", r.condition, r.condition_en,
            r.form, r.basis, r.office, r.source, r.source_year,
            services(c for c in r.document.issued_by if c != code),
        )
        for r in Requirement.objects.filter(service=row).select_related("document").order_by("order")
        if r.document.code in kept.documents
    ]  # fmt: skip
    order = [k.value for k in PlaceKind]
    places = sorted(Place.objects.filter(service=row), key=lambda p: order.index(p.kind) if p.kind in order else 99)
    return ServicePage(
        card=_card(row), components=dict(texts), requirements=tuple(needs),
        places=tuple(
            PlaceView(p.kind, p.name, p.name_en, p.can_finish, p.detail, p.detail_en, p.address, p.url, p.source)
            for p in places
        ),
        steps=kept.steps.get(code, ()),
        first=tuple(
            (_card(kept.services[b.first.code]), b.reason, b.reason_en)
            for b in kept.sequences if b.then.code == code and b.first.code in kept.services
        ),
        note=row.note, source=row.source, minutes_synthetic=any(s.synthetic for s in kept.steps.get(code, ())),
    )  # fmt: skip


def life_events() -> tuple[EventView, ...]:
    """Life events in order, with how many services each brings."""
    members: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for m in LifeEventService.objects.filter(service__active=True).select_related("service").order_by("order"):
        members[m.event_id].append((m.service.code, m.detail))
    return tuple(
        EventView(e.code, e.name, e.name_en or e.name, e.icon, tuple(members[e.pk]))
        for e in LifeEvent.objects.order_by("order", "id")
    )


def life_event(code: str) -> EventView:
    """One life event."""
    found = next((e for e in life_events() if e.code == code), None)
    if found is None:
        raise refusals.NoSuchEvent()
    return found


def plan(codes: Sequence[str]) -> PlanView:
    """Several services as one visit: order, papers without repeats, errands for the ticket, minutes at desks."""
    kept = _all()
    wanted = list(dict.fromkeys(codes))
    if any(code not in kept.services for code in wanted):
        raise refusals.UnknownServiceWanted()
    before = rules.what_comes_first(wanted, [(b.first.code, b.then.code) for b in kept.sequences], kept.needs)
    try:
        ordered = rules.in_order(wanted, before)
    except rules.Circle:
        raise refusals.GoingInCircles() from None
    rows = {
        code: [
            rules.StepRow(s.id, s.service_id, code, s.order, s.after, s.expected_minutes)
            for s in kept.steps.get(code, ())
        ]
        for code in ordered
    }
    errands = rules.errands_of(ordered, before, rows)
    if len(errands) > rules.MOST_STEPS:
        raise refusals.TooManyServices()
    reasons = {(b.first.code, b.then.code): (b.reason, b.reason_en) for b in kept.sequences}
    papers = tuple(
        PaperView(
            kept.documents[p.document], services(p.services), p.always, p.conditions,
            next(iter(services([p.comes_from])), None) if p.comes_from else None,
        )
        for p in rules.papers_of(ordered, kept.needs) if p.document in kept.documents
    )  # fmt: skip
    return PlanView(
        services=ordered, cards=services(ordered), errands=errands, papers=papers,
        before=tuple(
            (next(iter(services([b.first]))), next(iter(services([b.then]))),
             reasons.get((b.first, b.then), ("", "")), kept.documents.get(b.document or ""))
            for b in before
        ),
        time=rules.desk_time([s.minutes for group in rows.values() for s in group]),
    )  # fmt: skip


def kept_plan(code: str, now: datetime) -> PlanView:
    """The plan behind a code that has not expired."""
    row = Plan.objects.filter(code=code.strip().upper(), expires_at__gt=now).first()
    if row is None:
        raise refusals.NoSuchPlan()
    known = _all().services
    return plan([c for c in row.services if c in known])


def quality() -> dict[str, dict[int, list[str]]]:
    """Per service and component, the bases of its sourced texts (an empty list: unknown)."""
    found: dict[str, dict[int, list[str]]] = {code: {n: [] for n in range(1, 15)} for code in _all().services}
    for s in Standard.objects.filter(service__active=True).select_related("service"):
        if s.text and s.source and s.basis != Basis.UNKNOWN:
            found[s.service.code][s.component].append(s.basis)
    for r in Requirement.objects.filter(service__active=True).select_related("service"):
        if r.source and r.basis != Basis.UNKNOWN and r.basis not in found[r.service.code][1]:
            found[r.service.code][1].append(r.basis)
    return found


_SERVICE = ("code", "name", "name_en", "everyday_name", "everyday_name_en", "summary", "summary_en", "category",
            "expected_minutes", "at_mall", "icon")  # fmt: skip
_NEED = ("order", "detail", "detail_en", "need", "condition", "condition_en", "form", "basis", "office")
_DETAILS: Sequence[tuple[str, Any, tuple[str, ...], tuple[str, ...]]] = (
    ("standards", Standard, ("service_id", "component", "place"),
     ("component", "text", "text_en", "basis", "office", "qualifier")),
    ("places", Place, ("id",),
     ("kind", "name", "name_en", "can_finish", "detail", "detail_en", "address", "url")),
)  # fmt: skip


def sheet_rows() -> dict[str, list[dict[str, Any]]]:
    """What stands in the catalogue's sheets of the city's files, in the order in which it came.

    What is no longer offered is not in it, nor a step that a service without step rows gets by itself.
    """
    here = {s.pk: s for s in Service.objects.filter(active=True).select_related("agency").order_by("id")}
    document = ("code", "name", "name_en", "issued_by", "how_to_get", "how_to_get_en")
    needs = Requirement.objects.filter(service__in=here).select_related("document").order_by("service_id", "order")
    found: dict[str, list[dict[str, Any]]] = {
        "services": [{"agency": s.agency.code, **cells_of(s, *_SERVICE)} for s in here.values()],
        "steps": _step_rows(here),
        "documents": [cells_of(d, *document) for d in Document.objects.filter(active=True).order_by("id")],
        "requirements": [
            {"service": here[r.service_id].code, "document": r.document.code, **cells_of(r, *_NEED)} for r in needs
        ],
        **_event_rows(here),
        "synonyms": [cells_of(s, "phrase", "services", "words", "kind") for s in Synonym.objects.order_by("id")],
    }
    for sheet, model, order, names in _DETAILS:
        rows = model.objects.filter(service__in=here).order_by(*order)
        found[sheet] = [{"service": here[row.service_id].code, **cells_of(row, *names)} for row in rows]
    return found


def _step_rows(here: Mapping[int, Service]) -> list[dict[str, Any]]:
    rows: dict[int, list[Step]] = defaultdict(list)
    for step in Step.objects.filter(service__in=here, active=True).select_related("agency").order_by("order"):
        rows[step.service_id].append(step)
    names = ("order", "name", "name_en", "expected_minutes", "after", "lane_note")
    return [
        {"service": here[service].code, "agency": step.agency.code, **cells_of(step, *names)}
        for service in here
        for step in rows[service]
        if len(rows[service]) > 1 or not rules.comes_by_itself(step, here[service])
    ]


def _event_rows(here: Mapping[int, Service]) -> dict[str, list[dict[str, Any]]]:
    event = ("code", "name", "name_en", "everyday", "icon", "order")
    members = LifeEventService.objects.filter(service__in=here).select_related("event").order_by("id")
    before = Before.objects.filter(first__in=here, then__in=here).order_by("id")
    return {
        "life_events": [cells_of(e, *event) for e in LifeEvent.objects.order_by("id")],
        "life_event_services": [
            {"event": m.event.code, "service": here[m.service_id].code, **cells_of(m, "order", "detail")}
            for m in members
        ],
        "sequences": [
            {"first": here[b.first_id].code, "then": here[b.then_id].code, **cells_of(b, "reason", "reason_en")}
            for b in before
        ],
    }


PUBLIC_COMPONENTS = PUBLIC
