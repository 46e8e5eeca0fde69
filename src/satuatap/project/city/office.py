"""What the office's screens may do with the city's sheets: the door that ``settings.CITY_SHEETS`` names."""

from __future__ import annotations

from satuatap.project.city.accounts import keep_link
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
from satuatap.project.city.foreign import (
    Pick,
    bring_foreign,
    columns_to_choose,
    foreign_file,
    merged,
    take_foreign,
)
from satuatap.project.city.mending import mend
from satuatap.project.city.scope import ESTATE_SHEETS, THREE, problems_file, sheets_file, template, within
from satuatap.project.city.state import OWN, contents_of, name_of, read_state, row_key
from satuatap.project.city.uploads import NotAnImport, Upload, look_at

__all__ = [
    "ESTATE_SHEETS", "OWN", "THREE", "CityMoved", "Faults", "HasProblems", "NoSuchRow", "NotAnImport", "Pick",
    "RowMoved", "Upload", "apply_draft", "bring_foreign", "city_files", "columns_to_choose", "compare_again",
    "contents_of", "fixed", "foreign_file", "keep_link", "look_at", "mend", "merged", "name_of", "named",
    "problems_file", "read_state", "remove_row", "row_key", "save_row", "sheet_of", "sheets_file", "take_foreign",
    "template", "undo_change", "version_of", "within",
]  # fmt: skip
