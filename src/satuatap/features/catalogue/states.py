"""Kinds of the catalogue's things, as plain data."""

from __future__ import annotations

from enum import IntEnum, StrEnum


class Component(IntEnum):
    """The 14 components of a service standard (UU 25/2009 art. 21; PermenPANRB 15/2014)."""

    REQUIREMENTS = 1
    PROCEDURE = 2
    TIME = 3
    COST = 4
    PRODUCT = 5
    COMPLAINTS = 6
    LEGAL_BASIS = 7
    FACILITIES = 8
    COMPETENCE = 9
    SUPERVISION = 10
    STAFF = 11
    SERVICE_GUARANTEE = 12
    SAFETY_GUARANTEE = 13
    EVALUATION = 14


PUBLIC = tuple(Component(n) for n in range(1, 7))


class Basis(StrEnum):
    """Whose word a text is."""

    PALEMBANG = "palembang"  # the city's own; the name of the value is the first city's, kept for its files
    NATIONAL = "national"
    OTHER_OFFICE = "other_office"
    UNKNOWN = "unknown"


class PlaceKind(StrEnum):
    """Where a service may be finished; the best trip is none, so the first kinds come first."""

    ONLINE = "online"
    APP = "app"
    HOME = "home"
    DISTRICT_OFFICE = "district_office"
    FACILITY = "facility"
    MALL = "mall"
    AGENCY_OFFICE = "agency_office"
    OFFICE = "office"


class CanFinish(StrEnum):
    YES = "yes"
    NO = "no"
    PARTLY = "partly"
    UNKNOWN = "unknown"
