"""Kinds of the estate's things, how well a figure is known, and the life of a study: plain data."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from satuatap.features.people.states import Role


class Standing(StrEnum):
    """How well a figure is known."""

    SOURCED = "sourced"
    SYNTHETIC = "synthetic"  # made up, and tagged on every page
    NORM = "norm"  # filled in from a norm
    UNSOURCED = "unsourced"  # given, but nobody says where from


class Ownership(StrEnum):
    """Whose a building is."""

    CITY = "city"  # BMD of the city itself
    RENTED = "rented"
    LENT = "lent"  # lent by another government (pinjam pakai)


class Use(StrEnum):
    """What a building is used for now (status penggunaan)."""

    USED = "used"
    IDLE = "idle"
    LENT = "lent"  # to another government
    LEASED = "leased"  # to somebody else
    DISPUTED = "disputed"


class Condition(StrEnum):
    """A building's state as KIB C words it: baik, rusak ringan, rusak berat."""

    GOOD = "good"
    LIGHT_DAMAGE = "light_damage"
    HEAVY_DAMAGE = "heavy_damage"


class Title(StrEnum):
    """In whose name the land's title stands; never a person's name."""

    CITY = "city"
    PROVINCE = "province"
    STATE = "state"
    OTHER = "other"


class Cooling(StrEnum):
    """How far a building is cooled (Permen ESDM 13/2012: cooled when less than 10 % of its floor is not)."""

    COOLED = "cooled"
    NOT_COOLED = "not_cooled"


class SpaceKind(StrEnum):
    """What m2 are for."""

    OFFICE = "office"
    COUNTER = "counter"
    MEETING = "meeting"
    ARCHIVE = "archive"
    STORE = "store"


class Grade(StrEnum):
    """Grades by which rooms are measured (Permendagri 7/2006)."""

    HEAD = "head"
    SECRETARY = "secretary"
    SECTION = "section"
    STAFF = "staff"


class Supply(StrEnum):
    """What a meter counts."""

    ELECTRICITY = "electricity"  # kWh
    WATER = "water"  # m3


class Post(StrEnum):
    """What support staff do."""

    GUARD = "guard"
    CLEANER = "cleaner"
    DRIVER = "driver"
    TECHNICIAN = "technician"
    HELPER = "helper"  # pramubakti


class Contract(StrEnum):
    """How support staff are held; only the last saves cash when a post ends."""

    PNS = "pns"
    PPPK = "pppk"
    PPPK_PART_TIME = "pppk_part_time"
    OUTSOURCED = "outsourced"


SAVES_CASH = frozenset({Contract.OUTSOURCED})


class Counted(StrEnum):
    """How a number of trips came about."""

    COUNTED = "counted"
    ESTIMATED = "estimated"


class Said(StrEnum):
    """What a publication says about a unit's place."""

    PLANNED = "planned"
    REPORTED = "reported"  # said to have happened


class StudyLife(StrEnum):
    """Where a study stands."""

    QUEUED = "queued"
    RUNNING = "running"
    STOPPING = "stopping"  # asked to end; keeps its best
    DONE = "done"
    FAILED = "failed"


class StudyMove(StrEnum):
    """What can happen to a study."""

    BEGIN = "begin"
    STOP = "stop"
    END = "end"
    FAIL = "fail"
    RESUME = "resume"  # its process is gone


MOVES: Mapping[tuple[StudyLife, StudyMove], StudyLife] = {
    (StudyLife.QUEUED, StudyMove.BEGIN): StudyLife.RUNNING,
    (StudyLife.QUEUED, StudyMove.STOP): StudyLife.DONE,
    (StudyLife.RUNNING, StudyMove.STOP): StudyLife.STOPPING,
    (StudyLife.RUNNING, StudyMove.END): StudyLife.DONE,
    (StudyLife.STOPPING, StudyMove.END): StudyLife.DONE,
    (StudyLife.QUEUED, StudyMove.FAIL): StudyLife.FAILED,
    (StudyLife.RUNNING, StudyMove.FAIL): StudyLife.FAILED,
    (StudyLife.STOPPING, StudyMove.FAIL): StudyLife.FAILED,
    (StudyLife.RUNNING, StudyMove.RESUME): StudyLife.QUEUED,
    (StudyLife.STOPPING, StudyMove.RESUME): StudyLife.DONE,
}
OVER = frozenset({StudyLife.DONE, StudyLife.FAILED})


class Ask(StrEnum):
    """What can be asked of a study that is over."""

    WHY = "why"  # why is this unit not in that building, and what would it cost
    FRONT = "front"  # what a year saves against what it costs once
    PHASES = "phases"  # which unit moves in which year
    RELAX = "relax"  # which single rule, left out, would change the plan most
    DOUBT = "doubt"  # how far the answer holds, with figures that were found


class QuestionLife(StrEnum):
    """Where a question stands."""

    ASKED = "asked"
    WORKING = "working"
    ANSWERED = "answered"
    FAILED = "failed"


class QuestionMove(StrEnum):
    """What can happen to a question."""

    BEGIN = "begin"
    ANSWER = "answer"
    FAIL = "fail"
    RESUME = "resume"  # its process is gone
    AGAIN = "again"  # asked once more after it failed


QUESTION_MOVES: Mapping[tuple[QuestionLife, QuestionMove], QuestionLife] = {
    (QuestionLife.ASKED, QuestionMove.BEGIN): QuestionLife.WORKING,
    (QuestionLife.WORKING, QuestionMove.ANSWER): QuestionLife.ANSWERED,
    (QuestionLife.WORKING, QuestionMove.FAIL): QuestionLife.FAILED,
    (QuestionLife.WORKING, QuestionMove.RESUME): QuestionLife.ASKED,
    (QuestionLife.FAILED, QuestionMove.AGAIN): QuestionLife.ASKED,
}

# Who reads the inventory, who keeps it: Bappeda analyses, BPKAD prices and keeps the register of goods.
READERS = frozenset({
    Role.PLANNER, Role.ASSET, Role.ORGANISATION, Role.INSPECTORATE, Role.SECRETARY, Role.MAYOR,
})  # fmt: skip
KEEPERS = frozenset({Role.PLANNER, Role.ASSET})
