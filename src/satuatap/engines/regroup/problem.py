"""A city's buildings, units and rules as frozen values. Amounts: the file's currency a year, unless a name says else.

Built only by ``reading.read``, which has checked every shape, unit and reference; nothing here checks again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import asin, cos, radians, sin, sqrt

EARTH_KM = 6371.0088
OFFICE, COUNTER = "office", "counter"  # the two kinds of space of which the first may serve as the second
EITHER = "office+counter"  # what both may take together where some office space may serve as counters


@dataclass(frozen=True, slots=True)
class Place:
    """A point on the map, in degrees."""

    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Tariff:
    """What a provider asks for each unit of use in a month, in steps that begin at a use."""

    id: str
    term: str
    steps: tuple[tuple[float, float], ...]  # (from, price of a unit), the first from 0
    whole_use: bool  # the price of the step that is reached holds for all use, not only for the part beyond


@dataclass(frozen=True, slots=True)
class Connection:
    """A building's line to a provider. Use is a month's, in the tariff's unit; amounts are currency a month."""

    tariff: str
    fixed_use: float  # as soon as the building is open
    use_per_m2: float
    use_per_person: float
    standing: float
    minimum: float  # the bill is never less, until the line is cut
    until: int  # last year in which the line stays though the building is empty; 0: cut at once


@dataclass(frozen=True, slots=True)
class Contract:
    """A contract for one building: due while the building is open, and until its end in any case."""

    term: str
    yearly: float
    ends: int


@dataclass(frozen=True, slots=True)
class Floor:
    """One floor: its space by kind, and whether citizens may be served there."""

    name: str
    area_m2: Mapping[str, float]
    public_counter: bool


@dataclass(frozen=True, slots=True)
class Building:
    """A building that may hold units or be set free."""

    id: str
    name: str
    place: Place
    area_m2: Mapping[str, float]  # by kind of space, floors added up
    convertible_m2: float  # of the office space: where counters may be put instead
    fixed: Mapping[str, float]  # by term; avoided when the building is empty
    per_m2: Mapping[str, float]  # by term, of used area
    per_person: Mapping[str, float]  # by term, of people who work there
    lease_yearly: float
    lease_ends: int  # the year after which the lease saves; 0: none, or saves at once
    empty_upkeep: float  # guard, basic electricity of an empty building
    freed_income: float  # expected income of an empty building
    freed_share: float  # of it that may be counted; 0 unless the file says so
    closing_once: float
    fit_out_per_m2_once: float
    heritage: bool
    ownership: str = ""  # city, rented, lent; empty when not stated
    connections: tuple[Connection, ...] = ()
    contracts: tuple[Contract, ...] = ()
    floors: tuple[Floor, ...] = ()


@dataclass(frozen=True, slots=True)
class Unit:
    """An organisation, or a part of one, that moves as a whole."""

    id: str
    name: str
    people: float
    area_m2: Mapping[str, float]  # needed, by kind of space
    public_facing: bool
    present: str  # building id
    visits: Mapping[str, float]  # citizens' visits a year, by kecamatan


@dataclass(frozen=True, slots=True)
class Flow:
    """Official trips between two units, both directions together."""

    a: str
    b: str
    trips_per_month: float


@dataclass(frozen=True, slots=True)
class Rule:
    """A wish of the city by its name; what it needs depends on ``kind``."""

    name: str
    kind: str
    units: tuple[str, ...] = ()
    buildings: tuple[str, ...] = ()
    limit: float = 0.0
    district: str = ""


@dataclass(frozen=True, slots=True)
class Post:
    """Support posts (guards, cleaners): one for each begun ``norm_m2`` of used area, times its shifts."""

    name: str
    norm_m2: float
    shifts: float
    yearly: float
    cash: bool  # contracted posts save cash; posts of permanent staff only free capacity


@dataclass(frozen=True, slots=True)
class Prices:
    """What a trip, an hour and a move cost."""

    trip_per_km: float  # cash: fuel and wear, per km driven
    hour: float  # capacity: an hour of an official's time
    speed_kmh: float
    people_per_trip: float
    citizen_km: float  # what a citizen's km is worth in the score; nobody's cash
    move_per_person: float
    move_per_m2: float
    amortise_years: float
    detour: float  # road km for each km as the crow flies
    capacity_weight: float  # how much a unit of freed capacity counts in the score


@dataclass(frozen=True, slots=True)
class Problem:
    """All of it. ``distances`` (building, building) in km overrides the map where given."""

    name: str
    synthetic: bool
    year: int
    buildings: tuple[Building, ...]
    units: tuple[Unit, ...]
    districts: Mapping[str, Place]
    flows: tuple[Flow, ...]
    rules: tuple[Rule, ...]
    posts: tuple[Post, ...]
    prices: Prices
    distances: Mapping[tuple[str, str], float]
    tariffs: Mapping[str, Tariff] = field(default_factory=dict)

    def km(self, a: Building, b: Building) -> float:
        """Road km between two buildings; 0 within one."""
        if a.id == b.id:
            return 0.0
        given = self.distances.get((a.id, b.id))
        return crow_km(a.place, b.place) * self.prices.detour if given is None else given

    def km_to(self, district: str, building: Building) -> float:
        """Road km from a kecamatan's centre."""
        return crow_km(self.districts[district], building.place) * self.prices.detour

    @property
    def kinds(self) -> tuple[str, ...]:
        """What ``need`` and ``room`` are told for: kinds of space, and ``EITHER`` where some space may be both."""
        named = {kind for b in self.buildings for kind in b.area_m2} | {kind for u in self.units for kind in u.area_m2}
        both = (EITHER,) if any(b.convertible_m2 for b in self.buildings) else ()
        return tuple(sorted(named | ({OFFICE, COUNTER} if both else set()))) + both

    def need(self, unit: Unit, kind: str) -> float:
        """m2 that a unit takes of a kind."""
        if kind == EITHER:
            return unit.area_m2.get(OFFICE, 0.0) + unit.area_m2.get(COUNTER, 0.0)
        return unit.area_m2.get(kind, 0.0)

    def room(self, building: Building, kind: str) -> float:
        """m2 that a building has of a kind.

        Counters may take what is convertible, offices too, but both together no more than there is: with two kinds
        these three limits are all that a plan has to keep (Hall's condition).
        """
        if kind == EITHER:
            return building.area_m2.get(OFFICE, 0.0) + building.area_m2.get(COUNTER, 0.0)
        more = building.convertible_m2 if kind == COUNTER else 0.0
        return building.area_m2.get(kind, 0.0) + more


def crow_km(a: Place, b: Place) -> float:
    """Great-circle distance in km (haversine)."""
    north, east = radians(b.latitude - a.latitude), radians(b.longitude - a.longitude)
    h = sin(north / 2) ** 2 + cos(radians(a.latitude)) * cos(radians(b.latitude)) * sin(east / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(h))
