"""The rows of an upload that have problems, each with its cells and what is wrong beside it; the others as gaps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from satuatap.plumbing.sheets.cells import shown
from satuatap.plumbing.sheets.schema import Sheet

MOST_COLUMNS, MOST_LINES = 6, 100


@dataclass(frozen=True, slots=True)
class Wrong:
    """One problem beside its row; ``place`` is its place in the draft's list."""

    place: int
    cell: str  # C14
    value: str
    text: str
    expected: str
    way: str
    mend: str
    safe: bool


@dataclass(frozen=True, slots=True)
class GridLine:
    """A row with its cells and problems, or (``number`` 0) how many rows without problems lie here."""

    number: int
    cells: tuple[tuple[str, str], ...] = ()  # text, mark: "", bad, unsure
    wrongs: tuple[Wrong, ...] = ()
    first: int = 0
    last: int = 0
    quiet: int = 0


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet of an upload as people see it in their own program."""

    sheet: Sheet
    count: int
    letters: tuple[tuple[str, str], ...]  # A, its heading
    lines: tuple[GridLine, ...]
    whole: tuple[Wrong, ...]  # problems of the sheet itself
    more: int


def letter(place: int) -> str:
    """The column's letters in a spreadsheet: 0 is A, 26 is AA."""
    name = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(65 + rest) + name
    return name


def grid(sheet: Sheet, table: Mapping[str, Any] | None, problems: Sequence[tuple[int, Sequence[Any]]]) -> Grid:
    """``table``: the kept cells, if they are kept; ``problems``: place in the draft and problem, of this sheet."""
    header = list(table["header"]) if table else []
    index = _index(sheet, header)
    by_row: dict[int, list[Wrong]] = {}
    whole = []
    for place, one in problems:
        wrong = _wrong(place, one, index)
        if one[1]:
            by_row.setdefault(int(one[1]), []).append(wrong)
        else:
            whole.append(wrong)
    columns = _columns(header, problems, index)
    rows = {int(number): cells for number, cells in table["rows"]} if table else {}
    marks = {(int(p[1]), c): _mark(p) for _place, p in problems if p[1] for c in _places(p[2], index)}
    wanted = sorted(by_row)[:MOST_LINES]
    lines: list[GridLine] = []
    for number in wanted:
        lines += _gap(lines, sorted(rows), number)
        cells = rows.get(number, [])
        shown_cells = tuple((_text(cells, c), marks.get((number, c), "")) for c in columns)
        lines.append(GridLine(number, shown_cells, tuple(by_row[number])))
    letters = tuple((letter(c), header[c]) for c in columns)
    return Grid(sheet, len(problems), letters, tuple(lines), tuple(whole), len(by_row) - len(wanted))


def _index(sheet: Sheet, header: Sequence[str]) -> dict[str, int]:
    names = {name.lower(): column.key for column in sheet.columns for name in (column.key, column.label)}
    return {names.get(title.lower().rstrip("*").strip(), title): place for place, title in enumerate(header)}


def _places(column: str, index: Mapping[str, int]) -> list[int]:
    return [index[name] for name in column.split(", ") if name in index]


def _columns(header: Sequence[str], problems: Sequence[Any], index: Mapping[str, int]) -> list[int]:
    """What fits: the columns with problems first, then from the left."""
    named = [place for _n, one in problems for place in _places(one[2], index)]
    return sorted(list(dict.fromkeys([*named, *range(len(header))]))[:MOST_COLUMNS])


def _mark(problem: Sequence[Any]) -> str:
    """A cell that one safe press or a guess mends is only unsure; the others are wrong."""
    return "unsure" if len(problem) > 6 and problem[6] else "bad"


def _text(cells: Sequence[Any], place: int) -> str:
    cell = cells[place] if place < len(cells) else None
    return str(cell.get("at") or cell.get("time") or "") if isinstance(cell, dict) else shown(cell)[:60]


def _wrong(place: int, one: Sequence[Any], index: Mapping[str, int]) -> Wrong:
    mend = one[6] if len(one) > 6 and one[6] else ("", "", False)
    at = _places(one[2], index)
    cell = f"{letter(at[0])}{one[1]}" if at and one[1] else str(one[2])
    return Wrong(place, cell, one[3], one[4], one[5], mend[0], mend[1], bool(mend[2]))


def _gap(lines: Sequence[GridLine], numbers: Sequence[int], until: int) -> list[GridLine]:
    """How many rows lie between the last shown and this one."""
    after = lines[-1].number if lines else 0
    between = [number for number in numbers if after < number < until]
    return [GridLine(0, first=between[0], last=between[-1], quiet=len(between))] if between else []
