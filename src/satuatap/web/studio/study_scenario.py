"""A changed plan as an address: which units go elsewhere than the study says, and at which prices it is counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from satuatap.basics.refusal import Refusal
from satuatap.features.estate import pricing
from satuatap.features.estate.pricing import PRICES, Case
from satuatap.features.estate.refusals import BadPrices
from satuatap.web.inputs import text_of
from satuatap.web.studio.map import View
from satuatap.web.studio.study_words import PRICE_NAMES

MOVE, PRICE, MAP = "pindah", "harga-", "peta"  # names in the address
MOST_CHANGES = 400


class NotInStudy(Refusal):
    """A unit or building that this study did not count with."""

    code = "not_in_this_study"
    status = 422
    text = _("Unit atau gedung itu tidak ada dalam kajian ini. Pilih dari daftarnya.")


class NoNumber(Refusal):
    """A price that is no number."""

    code = "no_number"
    status = 422
    text = _("Ada harga yang bukan angka. Tulis angkanya saja, misalnya 40000 atau 0,5.")


@dataclass(frozen=True, slots=True)
class Scenario:
    """What the address asks for beside the study itself."""

    changes: Mapping[str, str] = field(default_factory=dict)  # unit -> building, other than the study's
    prices: Mapping[str, float] = field(default_factory=dict)  # other than the study's
    view: View = View.MOVES

    @property
    def is_changed(self) -> bool:
        """Whether a figure of the study itself does not hold for it."""
        return bool(self.changes or self.prices)

    def plan(self, study_plan: Mapping[str, str]) -> dict[str, str]:
        return {**study_plan, **self.changes}

    def pairs(self) -> list[tuple[str, str]]:
        """As the address has it, in one order."""
        moves = [(MOVE, f"{unit}:{building}") for unit, building in sorted(self.changes.items())]
        prices = [(PRICE + name, f"{value:.10g}") for name, value in sorted(self.prices.items())]
        return moves + prices + ([] if self.view is View.MOVES else [(MAP, self.view.value)])

    def query(self) -> str:
        """With its question mark; nothing for the study as it is."""
        pairs = self.pairs()
        return "?" + urlencode(pairs) if pairs else ""

    def on(self, view: View) -> Scenario:
        return replace(self, view=view)

    def without(self, unit: str) -> Scenario:
        return replace(self, changes={u: b for u, b in self.changes.items() if u != unit})

    def moved(self, unit: str, building: str, study_plan: Mapping[str, str]) -> Scenario:
        """With one unit elsewhere; back where the study has it, it is no change."""
        rest = {u: b for u, b in self.changes.items() if u != unit}
        if study_plan[unit] != building:
            rest[unit] = building
        return replace(self, changes=rest)


def scenario_of(values: QueryDict, case: Case, study_plan: Mapping[str, str]) -> Scenario:
    """What a request asks for; raises a refusal for a unit, a building or a number that is none."""
    try:
        view = View(values.get(MAP) or View.MOVES)
    except ValueError:
        view = View.MOVES
    found = Scenario({}, prices_of(values, case), view)
    for raw in values.getlist(MOVE)[:MOST_CHANGES]:
        unit, _colon, building = raw.partition(":")
        found = _moved(found, unit, building, case, study_plan)
    unit, building = (text_of(values, name, longest=200, default="") for name in ("unit", "ke"))
    if unit and building:
        found = _moved(found, unit, building, case, study_plan)
    return found


def _moved(found: Scenario, unit: str, building: str, case: Case, study_plan: Mapping[str, str]) -> Scenario:
    if unit not in study_plan or building not in {b.id for b in case.problem.buildings}:
        raise NotInStudy()
    return found.moved(unit, building, study_plan)


def prices_of(values: Mapping[str, Any], case: Case | None = None) -> dict[str, float]:
    """The prices of a form that differ from the study's; all that are there without one."""
    found = {}
    for name in PRICES:
        raw = str(values.get(PRICE + name) or "").strip()
        if not raw or len(raw) > 30:
            continue
        try:
            value = float(raw.replace(",", "."))
        except ValueError:
            raise NoNumber() from None
        if case is None or value != getattr(case.problem.prices, name):
            found[name] = value
    wrong = pricing.wrong_prices(found)
    if wrong:
        raise BadPrices([str(PRICE_NAMES[name][0]) for name in wrong])
    return found
