"""The picture of choices: what a year saves against what it costs once, with what is not proved as a band."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil, floor, log10
from typing import Any

from django.utils.translation import gettext as _

from satuatap.web.components import formats
from satuatap.web.studio.study_words import language, money

LEFT, RIGHT, TOP, BOTTOM = 52.0, 24.0, 28.0, 46.0  # px
BILLION = 1e9
LINE, NAME = 17.0, 190.0  # px: of a name's line; within which two names may meet


@dataclass(frozen=True, slots=True)
class Dot:
    """One plan in the picture."""

    x: float
    y: float
    once: str
    saved: str
    most: str  # no plan for so much money saves more than this
    proved: bool
    freed: str
    moved: int
    cash: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A plan that is named."""

    name: str
    x: float
    y: float
    kind: str  # plan, or said (published by others), broken where it breaks a rule
    once: str
    saved: str
    right: bool  # the name stands left of it
    words_y: float  # px, where the name stands


@dataclass(frozen=True, slots=True)
class Choices:
    """The whole picture on a sheet of ``width`` x ``height`` px."""

    width: float
    height: float
    line: str
    band: str
    dots: tuple[Dot, ...]
    beaten: tuple[tuple[float, float], ...]
    marks: tuple[Mark, ...]
    across: tuple[tuple[float, str], ...]  # ticks: px, text
    up: tuple[tuple[float, str], ...]

    @property
    def right(self) -> float:
        return self.width - RIGHT

    @property
    def ground(self) -> float:
        return self.height - BOTTOM


@dataclass(frozen=True, slots=True)
class Said:
    """A named plan: Rupiah once, and of the yearly score without its spread."""

    name: str
    kind: str
    once: float
    yearly: float


def _step(most: float, count: int = 5) -> float:
    """A round distance of ticks."""
    raw = max(most, 1e-9) / count
    power = 10.0 ** floor(log10(raw))
    return next(power * one for one in (1, 2, 2.5, 5, 10) if power * one >= raw)


def choices_of(answer: Mapping[str, Any], marks: Sequence[Said], width: float, height: float) -> Choices:
    """The front of an answer, and named plans beside it."""
    today = float(answer["today"])
    points = sorted(answer["points"], key=lambda one: one["against"])
    far = max([one["against"] for one in points] + [mark.once for mark in marks] + [1.0]) / BILLION
    tall = (
        max([today - one["lower_bound"] for one in points] + [today - mark.yearly for mark in marks] + [1.0]) / BILLION
    )
    low = min([0.0, *(today - mark.yearly for mark in marks)]) / BILLION
    wide_step, high_step = _step(far), _step(tall - low)
    most_x, most_y = wide_step * ceil(far * 1.02 / wide_step), high_step * ceil(tall * 1.02 / high_step)
    least_y = high_step * floor(low / high_step)

    def at(once: float, yearly: float) -> tuple[float, float]:
        x = LEFT + (width - LEFT - RIGHT) * once / BILLION / most_x
        y = height - BOTTOM - (height - TOP - BOTTOM) * ((today - yearly) / BILLION - least_y) / (most_y - least_y)
        return round(x, 1), round(min(max(y, TOP - 14), height - BOTTOM), 1)

    dots = tuple(_dot(one, at(one["against"], one["yearly"]), today) for one in points)
    upper = [at(one["against"], one["lower_bound"]) for one in points]
    line = [(dot.x, dot.y) for dot in dots]
    return Choices(
        width, height, _path(line), _path([*upper, *reversed(line)]) + "Z" if len(points) > 1 else "", dots,
        tuple(at(one["against"], one["yearly"]) for one in answer["beaten"]),
        _named([_mark(one, at(one.once, one.yearly), today, width) for one in marks], height),
        tuple((at(one * BILLION, today)[0], _tick(one)) for one in _ticks(0.0, most_x, wide_step)),
        tuple((at(0.0, today - one * BILLION)[1], _tick(one)) for one in _ticks(least_y, most_y, high_step)),
    )  # fmt: skip


def _ticks(low: float, high: float, step: float) -> list[float]:
    return [low + n * step for n in range(round((high - low) / step) + 1)]


def _dot(one: Mapping[str, Any], where: tuple[float, float], today: float) -> Dot:
    return Dot(
        *where, money(one["against"]), money(today - one["yearly"]), money(today - one["lower_bound"]), one["proved"],
        ", ".join(one["freed"]), len(one["moved"]), money(one["cash_yearly"]),
    )  # fmt: skip


def _mark(one: Said, where: tuple[float, float], today: float, width: float) -> Mark:
    return Mark(
        one.name, *where, one.kind, money(one.once), money(today - one.yearly), where[0] > width * 0.6, where[1] - 10
    )


def _named(marks: Sequence[Mark], height: float) -> tuple[Mark, ...]:
    """The names apart from one another: of plans that lie close, the later one's stands lower."""
    found: list[Mark] = []
    for one in marks:
        y = one.words_y
        while any(abs(other.words_y - y) < LINE and abs(other.x - one.x) < NAME for other in found):
            y += LINE
        found.append(replace(one, words_y=min(y, height - BOTTOM - 4)))
    return tuple(found)


def _tick(number: float) -> str:
    places = 0 if abs(number - round(number)) < 1e-9 else 1 if abs(number * 10 - round(number * 10)) < 1e-9 else 2
    return formats.decimal(number, places, language())


def _path(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x} {y}" for x, y in points) if points else ""


def finding(answer: Mapping[str, Any]) -> str:
    """What the front comes to, in a sentence."""
    if answer.get("whole"):
        return _("Semua pilihan ada di sini dan terbukti.")
    return _("Pita tipis: yang belum terbukti.")
