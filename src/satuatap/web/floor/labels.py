"""Where a booth's name stands on the plan: beside its desks, inside the hall, over nothing else. Pure.

Every booth first gets a place for its shortest name; then each grows back to as many of its words as still touch no
desk and no other name. The table under the plan has every name whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

WIDTH, HEIGHT = 1000.0, 480.0
FLAT = HEIGHT / 560.0  # the city's plan is 560 high; drawn flatter, the waits under it are on the same screen
LETTER = 7.9  # about the width of a letter of a booth's name
UNDER = 80.0  # about the width of the line under it, "198 antre" or "tidak ada", with air
ABOVE, BELOW = 13.0, 22.0  # what a name and the line under it take, from the name's base line
GAP = 8.0


class Rectangle(Protocol):
    """Anything with a place on the plan."""

    @property
    def x(self) -> float: ...
    @property
    def y(self) -> float: ...
    @property
    def w(self) -> float: ...
    @property
    def h(self) -> float: ...


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle by its edges, in units of the plan."""

    left: float
    top: float
    right: float
    bottom: float

    def touches(self, other: Box) -> bool:
        """Whether they share any place."""
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )

    def inside(self) -> bool:
        """Whether it lies within the walls."""
        return self.left >= GAP and self.top >= GAP and self.right <= WIDTH - GAP and self.bottom <= HEIGHT - GAP


@dataclass(frozen=True, slots=True)
class Place:
    """A name's words, its base line and which end of it stands there (``start``, ``middle`` or ``end``)."""

    name: str
    x: float
    y: float
    anchor: str

    @property
    def box(self) -> Box:
        """What the name and the line under it take."""
        wide = max(LETTER * len(self.name), UNDER)
        left = {"start": self.x, "middle": self.x - wide / 2, "end": self.x - wide}[self.anchor]
        return Box(left, self.y - ABOVE, left + wide, self.y + BELOW)


def box_of(shape: Rectangle) -> Box:
    """A desk's edges."""
    return Box(shape.x, shape.y, shape.x + shape.w, shape.y + shape.h)


def around(shapes: Sequence[Rectangle]) -> Box:
    """The edges of several desks together."""
    boxes = [box_of(shape) for shape in shapes]
    return Box(
        min(b.left for b in boxes), min(b.top for b in boxes), max(b.right for b in boxes), max(b.bottom for b in boxes)
    )


def put(names: Sequence[str], owns: Sequence[Box], desks: Sequence[Box]) -> list[Place | None]:
    """A place for each name, given where its booth's desks are; ``None`` where there is no room for any word of it."""
    placed = _shortest(names, owns, desks)
    for number, (name, own) in enumerate(zip(names, owns, strict=True)):
        taken = [*desks, *(other.box for other in placed[:number] + placed[number + 1 :] if other)]
        placed[number] = _first_free(shorter(name), own, taken)
    return placed


def _shortest(names: Sequence[str], owns: Sequence[Box], desks: Sequence[Box]) -> list[Place | None]:
    """A place for each shortest name; a booth for which none was left goes first in the next try."""
    order = list(range(len(names)))
    for _try in range(3):
        placed: list[Place | None] = [None] * len(names)
        for number in order:
            taken = [*desks, *(other.box for other in placed if other)]
            placed[number] = _first_free([list(shorter(names[number]))[-1]], owns[number], taken)
        without = [number for number in order if placed[number] is None]
        if not without:
            break
        order = without + [number for number in order if placed[number] is not None]
    return placed


def _first_free(names: Iterable[str], own: Box, taken: Sequence[Box]) -> Place | None:
    for words in names:
        for place in beside(words, own):
            if place.box.inside() and not any(place.box.touches(box) for box in taken):
                return place
    return None


def shorter(name: str) -> Iterator[str]:
    """A name, then the same in fewer words: an office's kind goes first, then the words at the end."""
    yield name
    words = name.removeprefix("Dinas ").removeprefix("Badan ").removeprefix("Kantor ").split()
    while words:
        yield " ".join(words).rstrip(",")
        words.pop()


def beside(name: str, own: Box) -> Iterator[Place]:
    """Places next to the desks, those towards the middle of the hall first."""
    middle_x, middle_y = (own.left + own.right) / 2, (own.top + own.bottom) / 2
    below, above = own.bottom + 20, own.top - 26
    left = Place(name, own.left - 12, middle_y, "end")
    right = Place(name, own.right + 12, middle_y, "start")
    rows = (below, above) if middle_y < HEIGHT / 2 else (above, below)
    if own.left < WIDTH * 0.15:
        yield right
    if own.right > WIDTH * 0.85 and own.left > WIDTH * 0.9:
        yield left
        yield Place(name, own.left - 12, own.bottom - 12, "end")
        yield Place(name, own.left - 12, own.top + 14, "end")
    for y in rows:
        yield Place(name, own.left, y, "start")
        yield Place(name, own.right, y, "end")
        yield Place(name, middle_x, y, "middle")
    yield right
    yield left
