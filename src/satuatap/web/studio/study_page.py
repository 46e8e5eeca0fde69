"""Everything that the page of a study shows of its plan, or of the plan that somebody made of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import floor, log10
from typing import Any

from django.utils.translation import gettext as _

from satuatap.features.estate import pricing
from satuatap.features.estate import queries as estate
from satuatap.features.estate.pricing import PRICES, Case, Price
from satuatap.features.malls import queries as malls
from satuatap.features.plans import queries as plans
from satuatap.features.plans.states import PlanLife
from satuatap.web.components import formats
from satuatap.web.studio import map as maps
from satuatap.web.studio.study_charts import Claimed, progress, waterfall
from satuatap.web.studio.study_scenario import PRICE, Scenario
from satuatap.web.studio.study_words import (
    PRICE_NAMES,
    breach_of,
    finding,
    gap_words,
    language,
    money,
    reason_of,
    span_words,
)

SPARK = (176.0, 40.0)


@dataclass(frozen=True, slots=True)
class MoveRow:
    """One move in the table; ``back`` is the address of the plan without it."""

    unit: str
    name: str
    target: str
    people: str
    cash: str
    capacity: str
    reason: str
    back: str
    is_own: bool  # moved here by hand, not by the study


@dataclass(frozen=True, slots=True)
class PriceField:
    """One price with its slider."""

    name: str
    label: str
    unit: str
    value: str
    study: str
    least: str
    most: str
    step: str
    is_changed: bool


def values_of(view: estate.StudyView, case: Case, found: Scenario) -> dict[str, Any]:
    """The page of a study that has a plan; ``found`` is what the address asks for."""
    best = view.best_plan or {}
    at = case.at(found.prices)
    price = pricing.price(at, found.plan(best))
    own = pricing.price(at, best) if found.changes else price
    bound = None if found.prices else view.bound
    proved = bool(view.answer and view.answer["proved"]) and not found.is_changed
    doubt = None if found.is_changed else (view.doubt or {}).get("plan")
    return {
        "title": finding(len(price.moved), len(price.freed)),
        "gap": gap_words(price.gap(bound), proved), "breaches": [breach_of(one, at) for one in price.breaches],
        "has_bound": bound is not None, "spark": progress(view.points, *SPARK),
        "found": found, "price": price, "map": _map(at, price, found), "tabs": _tabs(view, found),
        "cash": money(price.cash), "cash_span": _span(doubt, "cash"), "capacity": money(price.capacity),
        "capacity_words": capacity_words(at, price), "capacity_span": _span(doubt, "capacity"),
        "waterfall": waterfall(price, doubt, _claim()), "claims": plans.yearly_claims()[:3],
        "rows": _rows(view, at, price, found), "difference": _difference(price, own),
        "units": sorted(case.problem.units, key=lambda one: one.name),
        "houses": sorted(case.problem.buildings, key=lambda one: one.name),
        "fields": _fields(case, found), "made_up": case.problem.synthetic,
        "drafts": [one for one in plans.plans() if one.life is PlanLife.DRAFT] if not found.prices else [],
        "handover": _handover(view, found),
    }  # fmt: skip


def _map(case: Case, price: Price, found: Scenario) -> maps.Map:
    return maps.drawn(
        case, price, found.view, districts=malls.districts(), rough=is_rough(case),
        chosen=tuple(found.changes), language=language(),
    )  # fmt: skip


def is_rough(case: Case) -> bool:
    """Whether a building stands where somebody put it for the example, or where its kecamatan lies."""
    rows = {str(row["code"]): row for row in estate.sheet_rows(["buildings"])["buildings"]}

    def made_up(code: str) -> bool:
        row = rows.get(code)
        return row is None or row["lat"] is None or row["synthetic"] or "lat" in (row.get("made_up") or ())

    return any(made_up(one.id) for one in case.problem.buildings)


def _tabs(view: estate.StudyView, found: Scenario) -> list[tuple[str, str, bool]]:
    names = {maps.View.BEFORE: _("Sebelum"), maps.View.MOVES: _("Perpindahan"), maps.View.AFTER: _("Sesudah")}
    return [
        (str(names[one]), f"/studio/kajian/{view.id}{found.on(one).query()}", one is found.view) for one in maps.View
    ]  # fmt: skip


def _span(doubt: Mapping[str, Any] | None, kind: str) -> str:
    span = (doubt or {}).get(kind)
    if not span:
        return ""
    return span_words(span["low"], span["high"])


def capacity_words(case: Case, price: Price) -> str:
    """The capacity as what it is: posts that go on being paid, and hours."""
    here = language()
    yearly = {f"posts_{post.name}": post.yearly for post in case.problem.posts if not post.cash}
    saved = {term.code: term.saved for term in price.terms if term.capacity}
    posts = sum(saved.get(code, 0.0) / amount for code, amount in yearly.items() if amount)
    hour = case.problem.prices.hour
    hours = saved.get("trip_hours", 0.0) / hour if hour else 0.0
    words = []
    if yearly and abs(posts) >= 0.05:
        words.append(_("%(n)s petugas") % {"n": formats.decimal(posts, 1 if abs(posts) < 10 else 0, here)})
    if abs(hours) >= 0.5:
        words.append(_("%(n)s jam perjalanan") % {"n": formats.whole(hours, here)})
    return _(" dan ").join(words)


def _claim() -> Claimed | None:
    """The newest published figure of a year, as the line of the picture; the list below it has them all."""
    some = plans.yearly_claims()[:1]
    if not some:
        return None
    _title, claim = some[0]
    values = {"on": formats.long_date(claim.on, language()).split(", ")[-1], "amount": money(claim.low)}
    said = _("Klaim, %(on)s: lebih dari %(amount)s") if claim.more_than else _("Klaim, %(on)s: %(amount)s")
    return Claimed(claim.low, said % values)


def _rows(view: estate.StudyView, case: Case, price: Price, found: Scenario) -> list[MoveRow]:
    names = {one.id: one.name for one in case.problem.units}
    houses = {one.id: one.name for one in case.problem.buildings}
    best = view.best_plan or {}
    moves = sorted(pricing.moves(case, price.plan), key=lambda one: -(one.cash + one.capacity))
    return [
        MoveRow(
            one.unit, names[one.unit], houses[one.target], formats.whole(one.people, language()), money(one.cash),
            money(one.capacity) if one.capacity else "-", reason_of(one, case, one.origin in price.freed),
            f"/studio/kajian/{view.id}{found.moved(one.unit, one.origin, best).query()}",
            one.unit in found.changes,
        )
        for one in moves
    ]  # fmt: skip


def _difference(price: Price, own: Price) -> tuple[str, str, str] | None:
    """What the changed plan costs more or less than the study's, a year: cash, capacity, and the score."""
    if price is own:
        return None
    return (
        money(own.cash - price.cash, sign=True), money(own.capacity - price.capacity, sign=True),
        money(price.score - own.score, sign=True),
    )  # fmt: skip


def _fields(case: Case, found: Scenario) -> list[PriceField]:
    rows = []
    for name, (label, unit) in PRICE_NAMES.items():
        study = float(getattr(case.problem.prices, name))
        value = found.prices.get(name, study)
        least, most = _ends(case.raw["prices"].get(name), study, PRICES[name])
        step = 10 ** floor(log10(max(most - least, 0.01))) / 100
        shown = formats.decimal(study, 0 if study == int(study) else 1, language())
        rows.append(PriceField(
            PRICE + name, str(label), str(unit), f"{value:.10g}", shown, f"{least:.10g}", f"{max(most, value):.10g}",
            f"{step:.10g}", name in found.prices,
        ))  # fmt: skip
    return rows


def _ends(raw: Any, study: float, limits: tuple[float, float]) -> tuple[float, float]:
    """From the least that means anything to twice the highest that the norms think possible."""
    high = float(raw["high"]) if isinstance(raw, Mapping) else study
    return limits[0], min(limits[1], max(2 * high, 2 * study, limits[0] + 1.0))


def _handover(view: estate.StudyView, found: Scenario) -> str:
    """The query with which the form of a version takes this plan over."""
    more = found.on(maps.View.MOVES).query().removeprefix("?")
    return f"?kajian={view.id}" + (f"&{more}" if more else "")
