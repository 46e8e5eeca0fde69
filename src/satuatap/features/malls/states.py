"""Kinds of the mall's things, as plain data."""

from __future__ import annotations

from enum import StrEnum


class Level(StrEnum):
    """How far a booth takes part."""

    LISTED = "listed"  # only shown
    COUNTED = "counted"  # its visits are counted (comes later)
    OWN_NUMBERS = "own_numbers"  # gives its own numbers (comes later)
    FULL = "full"


class DayKind(StrEnum):
    """Why a date has a rule of its own."""

    NATIONAL_HOLIDAY = "national_holiday"
    JOINT_LEAVE = "joint_leave"  # cuti bersama
    CLOSURE = "closure"
    SPECIAL_HOURS = "special_hours"


CLOSED_KINDS = frozenset({DayKind.NATIONAL_HOLIDAY, DayKind.JOINT_LEAVE, DayKind.CLOSURE})
