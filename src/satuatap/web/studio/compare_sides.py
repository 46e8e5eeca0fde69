"""One side of a comparison: a study, or a version of a plan, priced where that can be done."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from satuatap.basics.refusal import Refusal
from satuatap.features.estate import pricing
from satuatap.features.estate import queries as estate
from satuatap.features.estate.pricing import Case
from satuatap.features.estate.questions import queries
from satuatap.features.malls import queries as malls
from satuatap.features.plans import queries as plans
from satuatap.features.plans.refusals import NoSuchRegrouping
from satuatap.web.components import formats
from satuatap.web.studio.study_words import breach_of, gap_words, language

VERSION = re.compile(r"([a-z0-9-]{1,40})(?:@(\d{1,6}))?")
MOST_BREACHES = 6


@dataclass(frozen=True, slots=True)
class Amount:
    """One term of a side, Rupiah a year."""

    code: str
    today: float
    planned: float
    capacity: bool


@dataclass(frozen=True, slots=True)
class Side:
    """What one side says. ``basis`` tells which city its price is of; two of one basis can be held together."""

    key: str
    name: str
    link: str
    targets: Mapping[str, str]  # who moves, to where; codes
    terms: tuple[Amount, ...] = ()
    once: float | None = None
    gap: str = ""
    freed: tuple[str, ...] = ()
    breaches: tuple[str, ...] = ()
    made_up: bool = False
    basis: str = ""
    outside: int = 0  # moves of units or to buildings that this city does not hold
    note: str = ""

    def total(self, capacity: bool) -> float:
        """What is saved a year: cash, or capacity; never both."""
        return sum(term.today - term.planned for term in self.terms if term.capacity is capacity)

    @property
    def cash(self) -> float:
        return self.total(False)

    @property
    def freed_capacity(self) -> float:
        return self.total(True)


def study_title(view: estate.StudyView, wishes: Sequence[Mapping[str, Any]], city: queries.City) -> str:
    """A study by its time, and by what was forced in it."""
    known = malls.malls()
    zone = known[0].zone_name if known else ""
    at = f"{formats.long_date(view.made_at, language(), zone)} {formats.clock_time(view.made_at, zone, language())}"
    words = _("Kajian %(at)s") % {"at": at}
    forced = [
        _("%(unit)s ditetapkan di %(building)s")
        % {"unit": city.name(one["units"][0]), "building": city.name(one["buildings"][0])}
        for one in wishes
    ]
    return f"{words}, {'; '.join(forced)}" if forced else words


def side_of(key: str, basis: UUID | None) -> Side | None:
    """The side that an address names: a study's number, or a plan's code with ``@`` its version. ``None``: nothing."""
    if not key:
        return None
    try:
        number = UUID(key)
    except ValueError:
        return _version(key, basis)
    return _study(number)


def study_in(*keys: str) -> UUID | None:
    """The first study that the addresses name: the city in which versions are priced."""
    for key in keys:
        try:
            return UUID(key)
        except ValueError:
            continue
    found = [one for one in estate.studies() if one.best_plan]
    return found[0].id if found else None


def _study(number: UUID) -> Side:
    view, city = estate.study(number), queries.city_of(number)
    side = Side(str(number), study_title(view, city.wishes, city), f"/studio/kajian/{number}", {})
    if not view.best_plan or not city.units:
        return replace(side, note=_("Kajian ini belum punya rencana."))
    case = pricing.case_of(number)
    proved = bool((view.answer or {}).get("proved"))
    running = "" if view.ended_at else _("Masih dihitung; angkanya masih dapat membaik.")
    return replace(
        _priced(side, case, view.best_plan), gap=gap_words(view.gap, proved), made_up=city.synthetic,
        basis=basis_of(case), note=running,
    )  # fmt: skip


def basis_of(case: Case) -> str:
    """Of one basis are two problems that differ in their rules alone."""
    return queries.hash_of_asked({name: part for name, part in case.raw.items() if name != "rules"})


def _priced(side: Side, case: Case, plan: Mapping[str, str]) -> Side:
    price = pricing.price(case, plan)
    return replace(
        side, targets={unit: plan[unit] for unit in price.moved}, once=sum(price.once.values()),
        terms=tuple(Amount(one.code, one.today, one.planned, one.capacity) for one in price.terms),
        freed=price.freed, breaches=tuple(breach_of(one, case) for one in price.breaches[:MOST_BREACHES]),
    )  # fmt: skip


def _version(key: str, basis: UUID | None) -> Side:
    match = VERSION.fullmatch(key)
    if match is None:
        raise NoSuchRegrouping()
    view = plans.regrouping(match[1])
    version = next((one for one in view.versions if match[2] and one.number == int(match[2])), None)
    version = version or (None if match[2] else view.shown)
    if version is None:
        raise NoSuchRegrouping()
    content = version.content
    name = _("%(title)s, versi %(n)d") % {"title": view.title, "n": version.number}
    targets = {one.unit: one.target for one in content.moves}
    side = Side(key, name, f"/studio/rencana/{view.code}", targets, made_up=content.made_up)
    if basis is None:
        terms = tuple(Amount(one.code, one.today, one.planned, one.capacity) for one in content.terms)
        return replace(side, terms=terms, basis=content.study)
    try:
        case = pricing.case_of(basis)
    except Refusal:
        return side
    buildings = {building.id for building in case.problem.buildings}
    known = {u: b for u, b in targets.items() if u in case.present and b in buildings}
    found = _priced(side, case, {**case.present, **known})
    return replace(found, targets=targets, basis=basis_of(case), outside=len(targets) - len(known))
