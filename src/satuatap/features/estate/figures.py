"""Figures on their way into a study: a plain number where the city knows it, a range where it is in doubt."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from satuatap.features.estate.numbers import SHARED, Number, factor_of, likely, ranged
from satuatap.features.estate.rules import standing
from satuatap.features.estate.states import Standing

Row = Mapping[str, Any]
DOUBT = "doubt.synthetic"
# What the city decides and nobody can find: it keeps its range for who tries another, but stands at its chosen value;
# that it is decided is its source, so the engine does not draw it.
DECIDED = "pilihan kota"
CHOICES = frozenset({"weight.citizen_km", "weight.capacity", "once.years", DOUBT})
# Norms whose range tells one building from another, by their sources' own words: classes of efficiency (Permen ESDM
# 13/2012: very, quite, fairly efficient) and kinds of building (BPKP 7/2025: simple, low, high). Every other norm is
# one number for the whole city that nobody knows well.
BETWEEN_BUILDINGS = frozenset({"energy.cooled", "energy.not_cooled", "gross.lost_share"})


@dataclass(slots=True)
class Figures:
    """The norms, what was taken from them (how often), how well the lists' figures are known, what is missing.

    ``measures``: what each factor that ranges may share is measured by, by its name: a norm's key, or where a figure of
    the lists stands (``units/CODE/headcount``) that more than one number is made of.
    """

    norms: Mapping[str, Row]
    taken: Counter[str] = field(default_factory=Counter)
    known: Counter[Standing] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    measures: dict[str, Number] = field(default_factory=dict)

    @classmethod
    def of(cls, rows: Sequence[Row]) -> Figures:
        return cls({str(row["key"]): row for row in rows})

    def norm(self, key: str) -> Number:
        """A norm as a range that all who take it share; 1 and a fault where it is not there."""
        row = self.norms.get(key)
        if row is None:
            fault = _("Norma %(key)s belum ada; isi di lembar Norma.") % {"key": key}
            if fault not in self.faults:
                self.faults.append(fault)
            return 1.0
        self.taken[key] += 1
        number = ranged(float(row["low"]), float(row["likely"]), float(row["high"]))
        if key in CHOICES:
            return {**number, "source": DECIDED} if isinstance(number, dict) else number
        return number if key in BETWEEN_BUILDINGS else self.named(number, key)

    def named(self, number: Number, name: str) -> Number:
        """A range of its own as a factor of this name, for what is made of it in several places."""
        if not isinstance(number, dict) or factor_of(number) or "of" in number:
            return number
        self.measures[name] = number
        return {**number, SHARED: name}

    def own(self, row: Row, column: str) -> Number:
        """A figure of a list: as it stands where it is sourced, with the doubt of the norms where it is not."""
        how = standing(row, column)
        self.known[how] += 1
        return self.doubted(float(row[column]), how)

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
