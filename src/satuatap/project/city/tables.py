"""The cells of an upload as JSON, so that they can be mended, and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from satuatap.features.estate import actions as estate_actions
from satuatap.plumbing.sheets.files import Raw, Table
from satuatap.plumbing.sheets.schema import Problem
from satuatap.project.city.export import PEOPLE

PLAIN = (str, int, float, bool)


def keep(draft: UUID, raw: Raw, problems: Sequence[Problem], notes: Sequence[str]) -> None:
    """Keep the cells of an upload with problems: they are shown around each, and a press mends what is clear.

    Not those of files that could be read in part only.
    """
    if problems and not raw.problems and not raw.broken:
        tables = {
            key: {
                "header": table.header,
                "rows": [[number, [plain_cell(cell) for cell in cells]] for number, cells in table.rows],
                "adds": key in raw.adds,
            }
            for key, table in raw.tables.items()
            if key not in PEOPLE
        }
        estate_actions.keep_tables(draft=draft, tables=tables, notes=notes)


def raw_of(plain: Mapping[str, Any]) -> Raw:
    """The tables that were kept, as they were read."""
    adds = {key for key, table in plain.items() if table.get("adds")}
    return Raw({key: _table(table) for key, table in plain.items()}, adds=adds)


def plain_cell(cell: object) -> Any:
    """A cell as JSON holds it; a moment keeps that it was one."""
    if cell is None or isinstance(cell, PLAIN):
        return cell
    if isinstance(cell, date):  # or a moment, which is one
        return {"at": cell.isoformat()}
    return {"time": cell.isoformat()} if isinstance(cell, time) else str(cell)


def cell_of(plain: Any) -> object:
    """A cell as it was before ``plain_cell``."""
    if isinstance(plain, dict):
        return time.fromisoformat(plain["time"]) if "time" in plain else datetime.fromisoformat(plain["at"])
    return plain


def _table(plain: Any) -> Table:
    return Table(
        list(plain["header"]), [(number, [cell_of(cell) for cell in cells]) for number, cells in plain["rows"]]
    )
