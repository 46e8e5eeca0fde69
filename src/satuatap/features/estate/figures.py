"""Figures on their way into a study: a plain number where the city knows it, a range where it is in doubt."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from satuatap.features.estate.rules import standing
from satuatap.features.estate.states import Standing

Row = Mapping[str, Any]
Number = float | dict[str, float]
DOUBT = "doubt.synthetic"


def likely(number: Number) -> float:
    """The number, or the likely value of a range."""
    return number["likely"] if isinstance(number, dict) else number


def ends(number: Number) -> tuple[float, float, float]:
    """Low, likely, high; three times the same for a plain number."""
    return (number["low"], number["likely"], number["high"]) if isinstance(number, dict) else (number, number, number)


def ranged(low: float, middle: float, high: float) -> Number:
    """A range in order, or a plain number where there is nothing to doubt."""
    low, high = min(low, middle), max(high, middle)
    return middle if low == high else {"low": low, "likely": middle, "high": high}


def times(*numbers: Number) -> Number:
    """The product; of ranges end by end, none of them below 0."""
    found = (1.0, 1.0, 1.0)
    for number in numbers:
        a, b, c = ends(number)
        found = (found[0] * a, found[1] * b, found[2] * c)
    return ranged(*found)


def added(*numbers: Number) -> Number:
    """The sum, end by end."""
    all_ends = [ends(number) for number in numbers]
    return ranged(*(sum(one[n] for one in all_ends) for n in range(3)))


def less(share: Number) -> Number:
    """1 - share."""
    low, middle, high = ends(share)
    return ranged(1 - high, 1 - middle, 1 - low)


@dataclass(slots=True)
class Figures:
    """The norms, what was taken from them (how often), how well the lists' figures are known, what is missing."""

    norms: Mapping[str, Row]
    taken: Counter[str] = field(default_factory=Counter)
    known: Counter[Standing] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, rows: Sequence[Row]) -> Figures:
        return cls({str(row["key"]): row for row in rows})

    def norm(self, key: str) -> Number:
        """A norm as a range; 0 and a fault where it is not there."""
        row = self.norms.get(key)
        if row is None:
            fault = _("Norma %(key)s belum ada; isi di lembar Norma.") % {"key": key}
            if fault not in self.faults:
                self.faults.append(fault)
            return 1.0
        self.taken[key] += 1
        return ranged(float(row["low"]), float(row["likely"]), float(row["high"]))

    def own(self, row: Row, column: str, scale: float = 1.0) -> Number:
        """A figure of a list: as it stands where it is sourced, with the doubt of the norms where it is not."""
        how = standing(row, column)
        self.known[how] += 1
        return self.doubted(float(row[column]) * scale, how)

    def doubted(self, number: float, how: Standing) -> Number:
        """A number that was computed from figures that are known so well."""
        if how is Standing.SOURCED or not number:
            return number
        doubt = likely(self.norm(DOUBT))
        return ranged(number * (1 - doubt), number, number * (1 + doubt))


def worst(rows: Sequence[Row], column: str) -> Standing:
    """How well a sum of rows is known: as well as its worst part."""
    found = {standing(row, column) for row in rows}
    order = (Standing.SYNTHETIC, Standing.UNSOURCED, Standing.NORM)
    return next((one for one in order if one in found), Standing.SOURCED)
