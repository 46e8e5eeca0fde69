"""From the city's own columns to those of a sheet: what a person chose, done to each cell. Nothing is guessed here.

A cell that does not read as chosen stays as it was written, so that the check of the sheet names it beside its row.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from satuatap.plumbing.sheets.cells import shown

FIXED = "="  # instead of a heading: the same text in every row
LONGEST_CODE = 60
MOST_LOOKED = 15  # rows in which a heading may stand
CURRENCY = re.compile(r"^(?:rp\.?|idr)\s*|\s+|,-$|,--$", re.IGNORECASE)
ID_NUMBER = re.compile(r"-?(?:\d{1,3}(?:\.\d{3})+|\d+)(?:,\d+)?")
EN_NUMBER = re.compile(r"-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")
TEXT_CELL = re.compile(r"[^\W\d_]{2}")


class Numbers(StrEnum):
    """How a sheet writes its numbers."""

    AS_WRITTEN = "as_written"
    INDONESIAN = "id"  # 1.234.567,89
    ENGLISH = "en"  # 1,234,567.89


@dataclass(frozen=True, slots=True)
class Rule:
    """Where one column of ours comes from: a heading of theirs or a fixed text, and what is done to it."""

    column: str
    taken: str = ""  # a heading of theirs; FIXED; "": not at all
    fixed: str = ""
    numbers: Numbers = Numbers.AS_WRITTEN
    times: float = 1.0  # hectares to m2: 10000
    codes: Mapping[str, str] = field(default_factory=dict)  # their word -> ours
    makes_code: bool = False  # a code of ours is made of their text

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "numbers": self.numbers.value, "codes": dict(self.codes)}


def rule_of(plain: Mapping[str, Any]) -> Rule:
    """A rule as it was before ``as_json``."""
    return Rule(
        plain["column"], plain["taken"], plain["fixed"], Numbers(plain["numbers"]), float(plain["times"]),
        dict(plain["codes"]), bool(plain["makes_code"]),
    )  # fmt: skip


def normal(title: str) -> str:
    """A heading without what differs from year to year only in spaces and capitals."""
    return " ".join(title.split()).casefold()


def headings_of(rows: Sequence[tuple[int, Sequence[object]]], number: int, depth: int = 1) -> list[str]:
    """The headings that stand in row ``number`` and the rows under it; a group's name goes before each of its columns.

    A column without one, or whose heading stands there twice, is named by its letters.
    """
    lines = [list(cells) for row, cells in rows if number <= row < number + depth]
    width = max((len(cells) for _row, cells in rows), default=0)
    parts: list[list[str]] = [[] for _place in range(width)]
    for level, cells in enumerate(lines):
        above = ""
        for place in range(width):
            text = shown(cells[place]) if place < len(cells) else ""
            above = text or (above if level < len(lines) - 1 else "")
            if above and (text or level < len(lines) - 1):
                parts[place].append(" ".join(above.split()))
    names = [" / ".join(dict.fromkeys(part)) for part in parts]
    twice = {name for name in names if names.count(name) > 1}
    return [
        name if name and name not in twice else f"{name} ({letters(place)})".strip() for place, name in enumerate(names)
    ]


def letters(place: int) -> str:
    """The letters of a column in a spreadsheet: 0 is A, 26 is AA."""
    name, left = "", place + 1
    while left:
        left, rest = divmod(left - 1, 26)
        name = chr(65 + rest) + name
    return name


def heading_row(rows: Sequence[tuple[int, Sequence[object]]]) -> int | None:
    """The row that looks most like headings (the most different texts), to be confirmed; ``None``: no row does."""
    best, found = 1, None
    for number, cells in rows[:MOST_LOOKED]:
        texts = {shown(cell) for cell in cells if isinstance(cell, str) and TEXT_CELL.search(cell)}
        figures = sum(bool(shown(cell)) and shown(cell).replace(".", "").isdigit() for cell in cells)
        if len(texts) > best and not figures:
            best, found = len(texts), number
    return found


def recognised(taken: Sequence[str], headings: Sequence[str]) -> bool:
    """Whether a saved reading finds every heading that it takes."""
    here = {normal(heading) for heading in headings}
    return bool(taken) and {normal(heading) for heading in taken} <= here


def converted(rule: Rule, cell: object) -> str:
    """One cell by its rule, as text of the city's sheets."""
    text = shown(cell)
    if not text:
        return ""
    word = {normal(theirs): ours for theirs, ours in rule.codes.items()}.get(normal(text))
    if word is not None:
        return word
    if rule.makes_code:
        return code_of(text)
    if rule.numbers is Numbers.AS_WRITTEN and rule.times == 1.0:
        return text
    number = _number(cell, text, rule.numbers)
    return text if number is None else _plain(number * rule.times)


def _number(cell: object, text: str, numbers: Numbers) -> float | None:
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return float(cell)
    bare = CURRENCY.sub("", text)
    if numbers is Numbers.INDONESIAN:
        return float(bare.replace(".", "").replace(",", ".")) if ID_NUMBER.fullmatch(bare) else None
    if numbers is Numbers.ENGLISH:
        return float(bare.replace(",", "")) if EN_NUMBER.fullmatch(bare) else None
    return float(bare) if re.fullmatch(r"-?\d+(?:\.\d+)?", bare) else None


def _plain(number: float) -> str:
    """The number as a sheet holds it: never such that thousands and a fraction look alike."""
    rounded = round(number, 6)
    if rounded == int(rounded):
        return str(int(rounded))
    text = f"{rounded:.6f}".rstrip("0")
    return f"{text}0" if len(text.split(".")[1]) == 3 else text


def code_of(text: str) -> str:
    """A code made of a name: small letters, digits, -."""
    return re.sub(r"[^a-z0-9]+", "-", text.casefold()).strip("-")[:LONGEST_CODE].strip("-")


@dataclass(frozen=True, slots=True)
class Taken:
    """One row of theirs as a row of ours: what the rules filled in; blanks say nothing."""

    number: int
    texts: dict[str, str]


def taken(
    rules: Sequence[Rule], headings: Sequence[str], rows: Sequence[tuple[int, Sequence[object]]]
) -> list[Taken]:  # fmt: skip
    """Every row by the rules; a row in which no cell that is asked for holds anything is no row."""
    places = {normal(heading): place for place, heading in enumerate(headings)}
    used = [(rule, places.get(normal(rule.taken))) for rule in rules if rule.taken]
    found = []
    for number, cells in rows:
        texts, filled = {}, False
        for rule, place in used:
            if rule.taken == FIXED:
                texts[rule.column] = rule.fixed
                continue
            cell = cells[place] if place is not None and place < len(cells) else None
            text = converted(rule, cell)
            if text:
                texts[rule.column], filled = text, True
        if filled:
            found.append(Taken(number, texts))
    return found


def words_of(rule: Rule, headings: Sequence[str], rows: Sequence[tuple[int, Sequence[object]]], most: int) -> list[str]:
    """The different words in the column that a rule takes, the first ``most``."""
    place = next((n for n, heading in enumerate(headings) if normal(heading) == normal(rule.taken)), None)
    if place is None:
        return []
    words = (shown(cells[place]) for _number, cells in rows if place < len(cells))
    return list(dict.fromkeys(word for word in words if word))[:most]
