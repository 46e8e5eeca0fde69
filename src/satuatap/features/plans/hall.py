"""The hall that a version brings people into, gathered from estate, malls, catalogue and visits."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time, timedelta
from typing import Any

from satuatap.features.catalogue import promises
from satuatap.features.catalogue import queries as catalogue
from satuatap.features.estate import queries as estate
from satuatap.features.malls import queries as malls
from satuatap.features.plans.lines import NEW, Hall, Pool, Promise, Step, day_of, pools_of, shares_of
from satuatap.features.plans.rules import Content
from satuatap.features.visits import queries as visits
from satuatap.features.visits.actions.layout import has_floor

OFFICER_HOUR, SERVICE_CV = "trip.hour", "hall.service_cv"
USUAL_CV, FULL = 0.7, "full"
Row = dict[str, Any]


def mall_of(content: Content) -> malls.MallView | None:
    """The mall into whose building a version brings somebody who serves the public; ``None``: nobody."""
    halls = {view.building: view for view in malls.malls() if view.building}
    going = {one.unit: one.target for one in content.moves if one.target in halls}
    if not going:
        return None
    public = {row["code"] for row in estate.sheet_rows(["units"])["units"] if row["public_facing"]}
    return next((halls[target] for unit, target in going.items() if unit in public), None)


def hall_of(content: Content) -> Hall | None:
    """Everything that the waits under a version are computed from; ``None``: it brings nobody into a hall."""
    mall = mall_of(content)
    if mall is None:
        return None
    rows = estate.sheet_rows(["units", "visits", "norms"])
    going = {one.unit for one in content.moves if one.target == mall.building}
    units = [row for row in rows["units"] if row["code"] in going and row["public_facing"]]
    yearly: dict[str, float] = {}
    for row in rows["visits"]:
        yearly[row["unit"]] = yearly.get(row["unit"], 0.0) + float(row["yearly"])
    known = promises.loads(mall.id)
    loads = {code: one.yearly for code, one in known.items()}
    steps = {f"{one.service_code}/{one.order}": one for one in catalogue.all_steps()}
    more, new, unknown = _brought(units, yearly, loads, steps)
    pools = _pools(mall.id, steps)
    able = {code for pool in pools for code in pool.steps}
    pools += [_new_pool(row, codes - able) for row, codes in new if codes - able]
    asked = {code for pool in pools for code in pool.steps}
    norms = {row["key"]: float(row["likely"]) for row in rows["norms"]}
    year = date(malls.today(mall.id).year, 1, 1)
    promised = promises.promises(mall.id)
    made_up = [*(one.synthetic for one in known.values()), *(one.synthetic for one in promised.values())]
    return Hall(
        mall.code, mall.name,
        tuple(
            Step(code, one.service_code, one.expected_minutes, loads.get(one.service_code, 0.0), more.get(code, 0.0))
            for code, one in sorted(steps.items()) if code in asked
        ),
        tuple(pools), {card.code: card.name for card in catalogue.services()},
        {code: Promise(one.minutes, one.decree, one.synthetic) for code, one in promised.items()},
        _day(mall.id, year), sum(malls.open_hours(mall.id, year + timedelta(days=n)).is_open for n in range(365)),
        norms.get(OFFICER_HOUR, 0.0), norms.get(SERVICE_CV, USUAL_CV), tuple(sorted(row["name"] for row in units)),
        tuple(sorted(unknown)), any(made_up),
    )  # fmt: skip


def _brought(
    units: list[Row], yearly: Mapping[str, float], loads: Mapping[str, float], steps: Mapping[str, Any]
) -> tuple[dict[str, float], list[tuple[Row, set[str]]], list[str]]:
    """Errands a year that come along, by step; the steps of each unit; units of which nothing can be judged."""
    more: dict[str, float] = {}
    new, unknown = [], []
    for row in units:
        services = list(dict.fromkeys(one.service_code for one in steps.values() if one.agency_code == row["agency"]))
        own = [card.code for card in catalogue.services(services) if card.agency_code == row["agency"]]
        visits_a_year = yearly.get(row["code"], 0.0)
        if not own or not visits_a_year:
            unknown.append(str(row["name"]))
            continue
        codes = {code for code, one in steps.items() if one.service_code in own}
        for service, share in shares_of(own, loads).items():
            for code in sorted(one for one in codes if steps[one].service_code == service):
                more[code] = more.get(code, 0.0) + visits_a_year * share
        new.append((row, {code for code in codes if more.get(code)}))
    return more, new, unknown


def _pools(mall: int, steps: Mapping[str, Any]) -> list[Pool]:
    """The lines of the hall as it is laid out; a desk of a booth that is only listed serves nobody."""
    by_id = {one.id: code for code, one in steps.items()}
    floor = has_floor(mall)
    desks = []
    for place in malls.hall_plan(mall).desks:
        if place.level == FULL:
            able = visits.skills_of(place.desk) if floor else ()
            codes = frozenset(by_id[one] for one in able if one in by_id)
            desks.append((place.booth_code, place.booth_name, place.sign, codes))
    return pools_of(desks)


def _new_pool(row: Row, codes: set[str]) -> Pool:
    return Pool(f"{NEW}{row['code']}", str(row["name"]), 0, frozenset(codes))


def _day(mall: int, year: date) -> tuple[Any, ...]:
    """The first Tuesday of the year on which the mall is open: a usual day, no Monday's rush and no Friday's break."""
    days = [year + timedelta(days=n) for n in range(366)]
    usual = [day for day in days if day.isoweekday() == 2] + days
    hours = next((h for h in (malls.open_hours(mall, day) for day in usual) if h.is_open), None)
    if hours is None or hours.opens is None or hours.closes is None:
        return ()
    profile = [(_minute(one.start), one.share) for one in promises.arrivals()]
    breaks = [(_minute(a), _minute(b)) for a, b in hours.breaks]
    return day_of(_minute(hours.opens), _minute(hours.closes), breaks, profile)


def _minute(at: time) -> float:
    return at.hour * 60 + at.minute
