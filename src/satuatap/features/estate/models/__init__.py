"""Tables of the estate."""

from satuatap.features.estate.models.columns import SavedColumns
from satuatap.features.estate.models.inventory import (
    Announced,
    Bill,
    Building,
    Demand,
    Floor,
    Lease,
    Meter,
    Norm,
    Placement,
    Space,
    SupportStaff,
    Trips,
    Unit,
    UnitStaff,
    Upkeep,
)
from satuatap.features.estate.models.questions import StudyQuestion
from satuatap.features.estate.models.studies import KeptTables, Study, StudyPoint

__all__ = [
    "Announced",
    "Bill",
    "Building",
    "Demand",
    "Floor",
    "KeptTables",
    "Lease",
    "Meter",
    "Norm",
    "Placement",
    "SavedColumns",
    "Space",
    "Study",
    "StudyPoint",
    "StudyQuestion",
    "SupportStaff",
    "Trips",
    "Unit",
    "UnitStaff",
    "Upkeep",
]
