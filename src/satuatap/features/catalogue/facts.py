"""What can happen to the catalogue."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from satuatap.basics.facts import Fact


@dataclass(frozen=True)
class CataloguePut(Fact):
    """The city's files were read: how many rows of each sheet came, changed, went."""

    kind: ClassVar[str] = "catalogue_put"
    sheets: dict[str, dict[str, int]]


@dataclass(frozen=True)
class PlanKept(Fact):
    """Somebody planned a visit; what for, not who."""

    kind: ClassVar[str] = "plan_kept"
    services: list[str]


@dataclass(frozen=True)
class PlacesMoved(Fact):
    """Services are given elsewhere from a day on, because their unit moved."""

    kind: ClassVar[str] = "places_moved"
    services: list[str]
    on: str
