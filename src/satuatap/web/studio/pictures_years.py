"""The years of a plan: which building's units move when, from when it is empty, what each year saves and costs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from satuatap.features.estate.questions.queries import City
from satuatap.web.components import formats
from satuatap.web.studio.questions_words import names
from satuatap.web.studio.study_words import language, money

NAMES, ROW, TOP = 276.0, 34.0, 30.0  # px
LEAST_BAR = 10.0
SIGNS, LONG = 36, 42  # of a building's name; of where its units go
AFTER = 160.0  # px of what stands beside a bar


@dataclass(frozen=True, slots=True)
class Span:
    """The moves of one year out of one building."""

    x: float
    width: float
    title: str


@dataclass(frozen=True, slots=True)
class Row:
    """One building that is left: where its units go, in which years, and from when it is empty."""

    name: str
    to: str
    y: float
    spans: tuple[Span, ...]
    empty_x: float | None
    after: str  # beside the bar, where it is not emptied
    after_x: float
    units: str
    years: str
    empty_from: str

    @property
    def middle(self) -> float:
        return self.y + 7


@dataclass(frozen=True, slots=True)
class YearSum:
    """What a year saves and costs once, against its budget."""

    year: str
    x: float
    middle: float
    saved: str
    once: str
    budget: str
    over: bool
    moves: int


@dataclass(frozen=True, slots=True)
class Years:
    """The whole picture on a sheet of ``width`` x ``height`` px."""

    width: float
    height: float
    rows: tuple[Row, ...]
    sums: tuple[YearSum, ...]
    last: int  # in how many years everything is done
    left: tuple[str, ...]
    over: bool

    @property
    def floor(self) -> float:
        return self.height - 62


def years_of(answer: Mapping[str, Any], asked: Mapping[str, Any], city: City, width: float) -> Years:
    """The picture of an answer about years; the order inside a year keeps the rooms, it is no date."""
    years = answer["years"]
    column = (width - NAMES) / max(len(years), 1)
    first = int(years[0]["year"])
    by: dict[str, list[tuple[int, int, int, dict[str, Any]]]] = {}  # building -> year, place in it, of how many, move
    empty: dict[str, int] = {}
    for year in years:
        for n, move in enumerate(year["moves"]):
            by.setdefault(move["from"], []).append((int(year["year"]) - first, n, len(year["moves"]), move))
        for code in year["emptied"]:
            empty.setdefault(code, int(year["year"]) - first)
    order = sorted(by, key=lambda code: (by[code][0][0], by[code][0][1]))
    rows = _said_once(
        [_row(code, by[code], empty.get(code), n, (width, column), first, city) for n, code in enumerate(order)]
    )  # fmt: skip
    budget = asked.get("budget_once")
    sums = tuple(_sum(year, n, column, budget) for n, year in enumerate(years))
    last = max((int(year["year"]) - first + 1 for year in years if year["moves"]), default=0)
    return Years(
        width, TOP + len(rows) * ROW + 76, rows, sums, last, tuple(city.name(code) for code in answer["left"]),
        any(one.over for one in sums),
    )  # fmt: skip


def _said_once(rows: list[Row]) -> tuple[Row, ...]:
    """What stands beside the bars is read at the first row that has it; the others look the same."""
    firsts = {one.after: n for n, one in reversed(list(enumerate(rows)))}
    return tuple(one if firsts[one.after] == n else replace(one, after="") for n, one in enumerate(rows))


def _row(
    code: str, moves: list[tuple[int, int, int, dict[str, Any]]], empty: int | None, n: int, sheet: tuple[float, float],
    first: int, city: City,
) -> Row:  # fmt: skip
    (width, column), spans = sheet, []
    for year in sorted({one[0] for one in moves}):
        some = [one for one in moves if one[0] == year]
        start, end = min(one[1] for one in some), max(one[1] for one in some) + 1
        x = NAMES + column * (year + 0.04 + 0.86 * start / some[0][2])
        wide = max(LEAST_BAR, column * 0.86 * (end - start) / some[0][2])
        spans.append(Span(round(x, 1), round(wide, 1), names(city, [one[3]["unit"] for one in some], 12)))
    targets = list(dict.fromkeys(one[3]["to"] for one in moves))
    done = spans[-1].x + spans[-1].width
    count = ngettext("%(n)s unit", "%(n)s unit", len(moves)) % {"n": len(moves)}
    fits = done + 10 + AFTER < width
    return Row(
        _cut(city.name(code), SIGNS),
        _cut(_("%(units)s ke %(places)s") % {"units": count, "places": names(city, targets, 2)}, LONG),
        TOP + 8 + n * ROW, tuple(spans), None if empty is None else round(done + 12, 1),
        "" if empty is not None or not fits else _("gedung lama tetap dipakai"), round(done + 10, 1),
        names(city, [one[3]["unit"] for one in moves], 40),
        ", ".join(str(first + year) for year in sorted({one[0] for one in moves})),
        "" if empty is None else str(first + empty),
    )  # fmt: skip


def _cut(text: str, signs: int) -> str:
    return text if len(text) <= signs else text[: signs - 1] + "…"


def _sum(year: Mapping[str, Any], n: int, column: float, budget: float | None) -> YearSum:
    once = sum(year["one_off"].values())
    moving = year["one_off"].get("moving", 0.0) + year["one_off"].get("closing", 0.0)
    return YearSum(
        str(year["year"]), NAMES + n * column, NAMES + (n + 0.5) * column,
        formats.decimal(year["saving"] / 1e9, 2, language()), money(once) if once else "",
        "" if budget is None or not year["moves"] else money(budget),
        budget is not None and moving > budget * (1 + 1e-6), len(year["moves"]),
    )  # fmt: skip


def finding(picture: Years, asked: Mapping[str, Any]) -> str:
    """What the years come to, as the page's title."""
    words = ngettext("Selesai dalam %(n)s tahun", "Selesai dalam %(n)s tahun", picture.last) % {"n": picture.last}
    if picture.left:
        return _("%(n)s unit lebih baik tetap di tempatnya.") % {"n": len(picture.left)}
    if asked.get("budget_once") is None:
        return words + "."
    return _("%(words)s, tanpa melewati pagu.") % {"words": words}
