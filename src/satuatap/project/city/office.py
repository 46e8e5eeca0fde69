"""What the office's screens may do with the city's sheets: the door that ``settings.CITY_SHEETS`` names."""

from __future__ import annotations

from satuatap.project.city.changing import (
    CityMoved,
    HasProblems,
    apply_draft,
    compare_again,
    named,
    undo_change,
)
from satuatap.project.city.editing import (
    Faults,
    NoSuchRow,
    RowMoved,
    fixed,
    remove_row,
    save_row,
    sheet_of,
    version_of,
)
from satuatap.project.city.export import city_files
from satuatap.project.city.mending import mend
from satuatap.project.city.state import OWN, contents_of, name_of, read_state
from satuatap.project.city.uploads import NotAnImport, Upload, look_at

__all__ = [
    "OWN", "CityMoved", "Faults", "HasProblems", "NoSuchRow", "NotAnImport", "RowMoved", "Upload", "apply_draft",
    "city_files", "compare_again", "contents_of", "fixed", "look_at", "mend", "name_of", "named", "read_state",
    "remove_row", "save_row", "sheet_of", "undo_change", "version_of",
]  # fmt: skip
