"""Words on a map that do not lie on one another: each tries the sides of its circle, and the last ones give way."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

Box = tuple[float, float, float, float]  # left, top, right, bottom
CELL = 48.0
GAP = 4.0  # px between a circle and its words
LETTER = 0.56  # of the size: the mean width of a letter of the house's font, rather wide than narrow


@dataclass(frozen=True, slots=True)
class Words:
    """What is to be written beside a circle: lines with their sizes, the first the most important."""

    key: str
    x: float
    y: float
    r: float
    lines: tuple[tuple[str, float], ...]

    kept: int = 1  # lines that stay when there is no room for all

    @property
    def width(self) -> float:
        return max(len(text) * size * LETTER for text, size in self.lines)

    @property
    def height(self) -> float:
        return sum(size * 1.22 for _text, size in self.lines)


@dataclass(frozen=True, slots=True)
class Line:
    """One line where it was put: its place and to which side it runs (an SVG ``text-anchor``)."""

    text: str
    x: float
    y: float
    anchor: str
    is_small: bool  # what stands under the name


@dataclass(slots=True)
class Board:
    """What is taken already, in cells, so that a look touches few boxes."""

    width: float
    height: float
    taken: dict[tuple[int, int], list[Box]] = field(default_factory=dict)

    def take(self, box: Box) -> None:
        for cell in _cells(box):
            self.taken.setdefault(cell, []).append(box)

    def is_free(self, box: Box) -> bool:
        if box[0] < 2 or box[1] < 2 or box[2] > self.width - 2 or box[3] > self.height - 2:
            return False
        return not any(_meet(box, other) for cell in _cells(box) for other in self.taken.get(cell, ()))

    def put(self, words: Words) -> tuple[Line, ...]:
        """The words on the first free side, and that room is taken; nothing where none is free."""
        for left, top, anchor in _sides(words):
            box = (left, top, left + words.width, top + words.height)
            if self.is_free(box):
                self.take(box)
                return tuple(_lines(words, box, anchor))
        return ()


def placed(board: Board, wanted: Iterable[Words]) -> dict[str, tuple[Line, ...]]:
    """The words that found room, the most important first."""
    found = {}
    for words in wanted:
        lines = board.put(words)
        if not lines and len(words.lines) > words.kept:  # rather the name alone than nothing
            lines = board.put(replace(words, lines=words.lines[: words.kept]))
        if lines:
            found[words.key] = lines
    return found


def around(x: float, y: float, r: float) -> Box:
    """The box of a circle."""
    return x - r, y - r, x + r, y + r


def _cells(box: Box) -> list[tuple[int, int]]:
    return [
        (column, row)
        for column in range(int(box[0] // CELL), int(box[2] // CELL) + 1)
        for row in range(int(box[1] // CELL), int(box[3] // CELL) + 1)
    ]


def _meet(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _sides(words: Words) -> list[tuple[float, float, str]]:
    """(left, top, anchor): right, left, below, above, then the corners."""
    w, h, far = words.width, words.height, words.r + GAP
    x, y = words.x, words.y
    near = words.r * 0.7 + GAP
    if words.r == 0:  # a name of a place, not of a circle: on its point
        return [(x - w / 2, y - h / 2, "middle"), (x - w / 2, y - h * 2, "middle"), (x - w / 2, y + h, "middle")]
    return [
        (x + far, y - h / 2, "start"), (x - far - w, y - h / 2, "end"),
        (x - w / 2, y + far, "middle"), (x - w / 2, y - far - h, "middle"),
        (x + near, y - near - h, "start"), (x + near, y + near, "start"),
        (x - near - w, y - near - h, "end"), (x - near - w, y + near, "end"),
    ]  # fmt: skip


def _lines(words: Words, box: Box, anchor: str) -> Sequence[Line]:
    x = {"start": box[0], "middle": (box[0] + box[2]) / 2, "end": box[2]}[anchor]
    found, y = [], box[1]
    for number, (text, size) in enumerate(words.lines):
        y += size * 1.22
        found.append(Line(text, round(x, 1), round(y - size * 0.3, 1), anchor, number >= words.kept))
    return found
