"""The shapes of answers. Times are ISO 8601 with their zone, minutes are the mall's, names in both languages."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from ninja import Field, Schema

Basis = Literal["last_hour", "past_days", "synthetic"]


class Problem(Schema):
    """RFC 9457, with a stable code and what to do."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    what_to_do: str


class Me(Schema):
    name: str
    key: str = Field(description="prefix of the key that asked")
    ends_at: datetime
    scopes: list[str]
    mall: str | None
    agency: str | None
    per_minute: int


class Agency(Schema):
    code: str
    name: str
    name_en: str
    short_name: str
    kind: str
    source: str
    synthetic: bool


class Agencies(Schema):
    items: list[Agency]
    next: str | None


class ServiceLine(Schema):
    code: str
    name: str
    name_en: str
    everyday_name: str
    everyday_name_en: str
    summary: str
    summary_en: str
    category: str
    agency: str = Field(alias="agency_code")
    at_mall: str
    expected_minutes: float


class Services(Schema):
    items: list[ServiceLine]
    next: str | None


class Found(ServiceLine):
    matched: str


class FoundServices(Schema):
    items: list[Found]


class Text(Schema):
    text: str
    text_en: str
    basis: str
    office: str
    qualifier: str
    source: str
    source_year: int | None
    confidence: str


class Component(Schema):
    """One of the 14 components of a service standard (UU 25/2009 art. 21); several texts where sources disagree."""

    number: int
    key: str
    texts: list[Text]


class Requirement(Schema):
    document: str
    name: str
    name_en: str
    detail: str
    detail_en: str
    always: bool
    condition: str
    condition_en: str
    basis: str
    office: str
    source: str
    source_year: int | None


class StepLine(Schema):
    order: int
    name: str
    name_en: str
    agency: str
    expected_minutes: float
    after: list[int]
    synthetic: bool


class Service(ServiceLine):
    components: list[Component]
    requirements: list[Requirement]
    steps: list[StepLine]
    first: list[str] = Field(description="services that must come first")
    source: str
    note: str


class Mall(Schema):
    code: str
    name: str
    name_en: str
    address: str
    time_zone: str = Field(alias="zone_name")
    demo: bool
    lat: float | None
    lon: float | None
    synthetic: bool
    source: str


class Malls(Schema):
    items: list[Mall]
    next: str | None


class Booth(Schema):
    code: str
    name: str
    name_en: str
    agency: str = Field(alias="agency_code")
    zone: str
    level: str
    synthetic: bool


class Booths(Schema):
    items: list[Booth]
    next: str | None


class Desk(Schema):
    desk: int
    sign: str
    booth: str = Field(alias="booth_code")
    agency: str = Field(alias="agency_code")
    zone: str


class Desks(Schema):
    items: list[Desk]
    next: str | None


class Break(Schema):
    start: str
    end: str


class Day(Schema):
    day: date
    open: bool
    opens: str | None
    closes: str | None
    breaks: list[Break]
    label: str
    label_en: str
    source: str
    synthetic: bool


class Hours(Schema):
    mall: str
    days: list[Day]


class Minutes(Schema):
    """Until called, from now: the 10th to the 90th percentile, and what it rests on."""

    low: int
    high: int
    basis: Basis
    cases: int


class Line(Schema):
    service: str
    step: str
    step_en: str
    agency: str
    zone: str
    waiting: int
    serving: int
    desks_open: int
    minutes: Minutes


class Queue(Schema):
    mall: str
    at: datetime
    open_from: datetime | None
    open_until: datetime | None
    closed: bool
    lines: list[Line]


class Call(Schema):
    number: int
    desk: int
    sign: str
    zone: str
    at: datetime
    recalls: int
    live: bool


class Board(Schema):
    mall: str
    at: datetime
    calls: list[Call]


class VisitStop(Schema):
    seq: int
    service: str
    name: str
    name_en: str
    zone: str
    state: Literal["done", "now", "called", "waiting", "later", "missed", "dropped"]
    result: str | None
    sign: str | None
    ahead: int | None
    minutes: Minutes | None


class Visit(Schema):
    visit: int
    mall: str
    number: int
    day: date
    at: datetime
    arrived_at: datetime
    priority: bool
    state: Literal["waiting", "called", "serving", "done", "missed"]
    wait_zone: str | None
    stops: list[VisitStop]


class DeskState(Schema):
    desk: int
    sign: str
    state: Literal["closed", "break", "trouble", "ready", "called", "serving"]
    since: datetime | None
    number: int | None
    visit: int | None
    seq: int | None
    waiting: int
    can_miss: bool
    can_recall_in_s: float | None
    undo: str | None


class Report(Schema):
    mall: str
    day: date
    at: datetime
    visits: int
    finished: int
    unserved: int
    waiting: int
    in_mall: int
    missed: int
    longest_minutes: float
    over_30_minutes: int
    desks_open: int


class Webhook(Schema):
    id: UUID
    target: str
    events: list[str]
    made_at: datetime
    ended_at: datetime | None
    waiting: int
    dead: int


class MadeWebhook(Webhook):
    secret: str


class Webhooks(Schema):
    items: list[Webhook]


class Delivery(Schema):
    id: UUID
    event: str
    position: int
    state: Literal["waiting", "delivered", "dead"]
    tries: int
    status: int | None
    problem: str
    made_at: datetime
    due_at: datetime
    done_at: datetime | None


class Deliveries(Schema):
    items: list[Delivery]
    next: str | None


class Done(Schema):
    ok: Literal[True] = True
