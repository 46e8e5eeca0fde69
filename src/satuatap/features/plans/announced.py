"""A published plan against what was reported of it afterwards: pure, values in, lines out.

Both are other people's words. Where a source names a kind of unit ("UPTD Dukcapil" in every kecamatan) its rows are one
line; a place is the source's own words, or one building.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

Row = Mapping[str, Any]


class Came(StrEnum):
    """What came of a line of the plan, as far as anybody reported."""

    AS_PLANNED = "as_planned"
    ELSEWHERE = "elsewhere"
    NOT_PLANNED = "not_planned"
    NO_NEWS = "no_news"


@dataclass(frozen=True, slots=True)
class Line:
    """Who was to go where, and where they were reported; ``units`` how many units the line stands for."""

    who: str
    group: str
    units: int
    planned: str
    reported: str
    came: Came


@dataclass(frozen=True, slots=True)
class Picture:
    """The plan beside the reports, with the days and sources of both."""

    lines: tuple[Line, ...]
    planned_on: date | None
    reported_on: date | None
    sources: tuple[str, ...]

    def count(self, came: Came) -> int:
        """How many lines came out so."""
        return sum(line.came is came for line in self.lines)


def picture(planned: Sequence[Row], reported: Sequence[Row], names: Mapping[str, str]) -> Picture:
    """Each line of a plan with what was reported; ``names``: of units and buildings, by code.

    What was reported and never planned stands at the end, without a group.
    """
    plan, news = _by_who(planned, names), _by_who(reported, names)
    lines = []
    for who, rows in plan.items():
        there = news.get(who)
        place, now = _place(rows, names), _place(there, names) if there else ""
        came = Came.NO_NEWS if there is None else Came.AS_PLANNED if now == place else Came.ELSEWHERE
        lines.append(Line(who, str(rows[0]["group"]), len(rows), place, now, came))
    lines.sort(key=lambda line: line.group)
    lines += [
        Line(who, "", len(rows), "", _place(rows, names), Came.NOT_PLANNED)
        for who, rows in news.items()
        if who not in plan
    ]
    return Picture(tuple(lines), _day(planned), _day(reported), _sources((*planned, *reported)))


def targets(planned: Iterable[Row]) -> dict[str, str]:
    """Unit -> building of those rows that name both."""
    return {str(row["unit"]): str(row["building"]) for row in planned if row["unit"] and row["building"]}


def _by_who(rows: Sequence[Row], names: Mapping[str, str]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(str(row["who"] or names.get(row["unit"], row["unit"])), []).append(row)
    return found


def _place(rows: Sequence[Row], names: Mapping[str, str]) -> str:
    row = rows[0]
    return str(row["place"] or names.get(row["building"], row["building"]) or "")


def _day(rows: Sequence[Row]) -> date | None:
    return max((row["on"] for row in rows if row["on"]), default=None)


def _sources(rows: Iterable[Row]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(str(row["source"]) for row in rows if row["source"]))
