"""Frozen read models of the catalogue: what screens show, without a word of markup. Texts come in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from satuatap.features.catalogue.rules import DeskTime, Errand


@dataclass(frozen=True, slots=True)
class ServiceCard:
    """A service in a list."""

    id: int
    code: str
    name: str
    name_en: str
    everyday_name: str
    everyday_name_en: str
    summary: str
    summary_en: str
    category: str
    icon: str
    agency: str
    agency_id: int
    agency_code: str
    at_mall: str
    expected_minutes: float
    matched: str = ""


@dataclass(frozen=True, slots=True)
class StepView:
    """A step of a service; a one-step service's step carries the service's own name."""

    id: int
    service_id: int
    service_code: str
    order: int
    name: str
    name_en: str
    agency_name: str
    agency_id: int
    agency_code: str
    expected_minutes: float
    after: tuple[int, ...]
    synthetic: bool


@dataclass(frozen=True, slots=True)
class DocumentView:
    """A paper, and which services issue it."""

    code: str
    name: str
    name_en: str
    issued_by: tuple[str, ...]
    how_to_get: str
    how_to_get_en: str


@dataclass(frozen=True, slots=True)
class TextView:
    """One text of a component: whose word it is (``basis``, ``office``) and from where."""

    text: str
    text_en: str
    basis: str
    office: str
    qualifier: str
    source: str
    source_year: int | None
    confidence: str


@dataclass(frozen=True, slots=True)
class RequirementView:
    """A paper that a service asks for; ``issuers`` are services that issue it."""

    document: DocumentView
    detail: str
    detail_en: str
    always: bool
    condition: str
    condition_en: str
    form: str
    basis: str
    office: str
    source: str
    source_year: int | None
    issuers: tuple[ServiceCard, ...]


@dataclass(frozen=True, slots=True)
class PlaceView:
    """Where a service can be finished, or can't."""

    kind: str
    name: str
    name_en: str
    can_finish: str
    detail: str
    detail_en: str
    address: str
    url: str
    source: str


@dataclass(frozen=True, slots=True)
class ServicePage:
    """A service with all that is known; ``components`` by number, several texts where sources disagree."""

    card: ServiceCard
    components: Mapping[int, list[TextView]]
    requirements: tuple[RequirementView, ...]
    places: tuple[PlaceView, ...]
    steps: tuple[StepView, ...]
    first: tuple[tuple[ServiceCard, str, str], ...]  # what must come first, why, why in English
    note: str
    source: str
    minutes_synthetic: bool


@dataclass(frozen=True, slots=True)
class EventView:
    """A life event; ``members`` are (service code, detail)."""

    code: str
    name: str
    name_en: str
    icon: str
    members: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class PaperView:
    """A paper on a plan's list."""

    document: DocumentView
    services: tuple[ServiceCard, ...]
    always: bool
    conditions: tuple[tuple[str, str], ...]
    comes_from: ServiceCard | None


@dataclass(frozen=True, slots=True)
class PlanView:
    """Several services as one visit."""

    services: tuple[str, ...]
    cards: tuple[ServiceCard, ...]
    errands: tuple[Errand, ...]
    papers: tuple[PaperView, ...]
    before: tuple[tuple[ServiceCard, ServiceCard, tuple[str, str], DocumentView | None], ...]
    time: DeskTime
