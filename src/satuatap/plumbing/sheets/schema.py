"""What a book of sheets must hold: declared once; reader, checker and template writer all follow it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """What one cell holds."""

    TEXT = "text"
    CODE = "code"  # lower case letters, digits, -
    INT = "int"
    DECIMAL = "decimal"
    BOOL = "bool"
    DATE = "date"
    TIME = "time"
    CHOICE = "choice"
    LIST = "list"  # separated by ;
    RUPIAH = "rupiah"  # whole, without sign or points


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its key in files, its label for people, and what may stand in it."""

    key: str
    label: str
    kind: Kind = Kind.TEXT
    required: bool = False
    choices: Sequence[str] = ()
    explanation: str = ""
    example: str = ""
    least: float | None = None
    most: float | None = None
    longest: int = 5000  # letters


@dataclass(frozen=True, slots=True)
class Reference:
    """Cells that name a row of another sheet. A blank last cell names nothing; a list names several."""

    columns: tuple[str, ...]
    sheet: str
    target: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its columns, what makes a row unique, and what its rows point to."""

    key: str
    label: str
    columns: Sequence[Column]
    unique: tuple[str, ...] = ()
    references: Sequence[Reference] = ()
    required: bool = False
    explanation: str = ""

    def column(self, key: str) -> Column:
        return next(column for column in self.columns if column.key == key)


@dataclass(frozen=True, slots=True)
class Book:
    """All sheets, in the order in which people fill them in."""

    sheets: Sequence[Sheet]

    def sheet(self, key: str) -> Sheet:
        return next(sheet for sheet in self.sheets if sheet.key == key)


@dataclass(frozen=True, slots=True)
class Row:
    """One row as read: its values by column key, and where it stands."""

    sheet: str
    number: int
    values: dict[str, object]
    is_whole: bool = True  # no cell of it was wrong


@dataclass(slots=True)
class Contents:
    """What a folder or workbook holds: rows by sheet, and everything that is wrong with it."""

    rows: dict[str, list[Row]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def values(self, sheet: str) -> list[dict[str, object]]:
        """The plain values of a sheet's rows."""
        return [row.values for row in self.rows.get(sheet, [])]


class Way(StrEnum):
    """How one press mends a problem."""

    CELL = "cell"  # this text into the cell
    DROP = "drop"  # the row is there twice, cell by cell


@dataclass(frozen=True, slots=True)
class Mend:
    """What one press does about a problem; ``is_safe``: nothing else can have been meant, so all may go at once."""

    way: Way
    text: str = ""
    is_safe: bool = True


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: where, what, and what is expected."""

    sheet: str
    row: int | None
    column: str
    value: str
    wrong: str
    expected: str = ""
    mend: Mend | None = None

    def __str__(self) -> str:
        place = (
            f"{self.sheet}" + (f" baris {self.row}" if self.row else "") + (f", {self.column}" if self.column else "")
        )
        shown = f' "{self.value}"' if self.value else ""
        return f"{place}:{shown} {self.wrong.rstrip('.')}." + (f" {self.expected}" if self.expected else "")
