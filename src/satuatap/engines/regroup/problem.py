"""A city's buildings, units and rules as frozen values. Amounts: the file's currency a year, unless a name says else.

Built only by ``reading.read``, which has checked every shape, unit and reference; nothing here checks again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

EARTH_KM = 6371.0088


@dataclass(frozen=True, slots=True)
class Place:
    """A point on the map, in degrees."""

    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Building:
    """A building that may hold units or be set free."""

    id: str
    name: str
    place: Place
    area_m2: Mapping[str, float]  # by kind of space, floors added up
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
        """Kinds of space that any building or unit names, in order."""
        named = {kind for b in self.buildings for kind in b.area_m2} | {kind for u in self.units for kind in u.area_m2}
        return tuple(sorted(named))


def crow_km(a: Place, b: Place) -> float:
    """Great-circle distance in km (haversine)."""
    north, east = radians(b.latitude - a.latitude), radians(b.longitude - a.longitude)
    h = sin(north / 2) ** 2 + cos(radians(a.latitude)) * cos(radians(b.latitude)) * sin(east / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(h))
