"""From a hall's lines to waits by theory, and what would mend a broken promise; rows in, rows out.

Nobody but the job that judges a version imports this file: it loads numba.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import inf
from typing import Any

from satuatap.engines.rosters.answer import Judgement, Remedy, Waits
from satuatap.engines.rosters.problem import Line, Prices, RosterFault, Stretch
from satuatap.engines.rosters.solve import expect, judge, with_hours
from satuatap.features.plans.lines import Hall, Pool, Step, part_of
from satuatap.features.plans.rules import Measure

Found = dict[str, Any]

__all__ = ["RosterFault", "judge_hall", "line_of"]


def judge_hall(hall: Hall, measures: Iterable[Measure] = ()) -> Found:
    """Waits of every service whose line gets more citizens: today, under the plan, and against what was promised.

    The promise holds for each time that somebody waits, so a service of several steps is as good as its slowest line.
    """
    taken = {one.line: one for one in measures}
    lines = [
        _line_found(hall, pool, taken.get(pool.key)) for pool in hall.pools if _more(hall, pool) or pool.key in taken
    ]
    return {
        "mall": hall.mall, "hall": hall.name, "digest": hall.digest, "workdays": hall.workdays, "lines": lines,
        "services": _services(hall, lines), "brought": list(hall.brought), "unknown": list(hall.unknown),
        "synthetic": hall.synthetic, "holds": all(one["holds"] for one in lines),
    }  # fmt: skip


def line_of(hall: Hall, pool: Pool, *, planned: bool, desks: int) -> Line | None:
    """One line's day; ``None`` where nobody comes. Without ``planned`` only who comes today."""
    asks = [(part_of(pool, step.code, hall.pools), step) for step in hall.steps if step.code in pool.steps]
    parts = [(share * _yearly(step, planned), step.minutes) for share, step in asks]
    yearly = sum(count for count, _minutes in parts)
    if yearly <= 0 or not hall.day or not hall.workdays:
        return None
    mean = sum(count * minutes for count, minutes in parts) / yearly
    square = sum(count * minutes**2 for count, minutes in parts) / yearly * (1 + hall.service_cv**2)
    daily = yearly / hall.workdays
    day = tuple(Stretch(one.minutes, daily * one.share, desks if one.serves else 0) for one in hall.day)
    return Line(pool.name, mean, max(0.0, square / mean**2 - 1) ** 0.5, day)


def _yearly(step: Step, planned: bool) -> float:
    return step.yearly + (step.more if planned else 0.0)


def _more(hall: Hall, pool: Pool) -> float:
    return sum(part_of(pool, step.code, hall.pools) * step.more for step in hall.steps)


def _line_found(hall: Hall, pool: Pool, measure: Measure | None) -> Found:
    added, hours = (measure.desks, measure.hours) if measure else (0, 0)
    desks = pool.desks + added
    before = line_of(hall, pool, planned=False, desks=pool.desks) if pool.desks else None
    line = line_of(hall, pool, planned=True, desks=max(1, desks))
    assert line is not None  # somebody comes, or nobody would have asked
    line = with_hours(line, hours) if hours else line
    limits = [hall.promises[step.service] for step in hall.steps if step.code in pool.steps and _promised(hall, step)]
    promised = min((one.minutes for one in limits if one.minutes is not None), default=None)
    limit = promised if promised is not None or desks else _loosest(hall)
    if limit is None:
        judged = Judgement(expect(line), inf, ())
    else:
        judged = judge(line, limit, _prices(hall, max(1, desks)))
    remedies = _remedies(hall, judged, without_desks=desks == 0)
    return {
        "key": pool.key, "name": pool.name, "desks": desks, "added": added, "hours": hours, "load": line.load,
        "daily": line.arrivals, "promised": promised, "holds": judged.holds and desks > 0,
        **_waits("", judged.waits if desks else None), **_waits("today_", expect(before) if before else None),
        "remedies": remedies, "steps": sorted(pool.steps),
    }  # fmt: skip


def _loosest(hall: Hall) -> float | None:
    """A line that has neither desk nor promise gets as many desks as the hall's most patient promise asks for."""
    return max((one.minutes for one in hall.promises.values() if one.minutes is not None), default=None)


def _promised(hall: Hall, step: Step) -> bool:
    return step.service in hall.promises


def _prices(hall: Hall, desks: int) -> Prices:
    """A desk is an officer all day, every working day; an hour is one for each desk of the line."""
    yearly = hall.officer_hour * hall.workdays
    return Prices(desk=yearly * hall.hours_a_day, hour=yearly * desks)


def _remedies(hall: Hall, judged: Judgement, *, without_desks: bool) -> list[Found]:
    found = list(judged.remedies)
    if without_desks:  # a line that nobody serves: a desk it must have, and more only if one is not enough
        price = _prices(hall, 1).desk
        more = next((one for one in found if one.desks), None)
        found = [Remedy(more.desks + 1, 0, more.p90, more.price + price)] if more else []
        found = found or [Remedy(1, 0, judged.waits.p90, price)]
    return [{"desks": one.desks, "hours": one.hours, "p90": one.p90, "yearly": round(one.price)} for one in found]


def _waits(name: str, waits: Waits | None) -> Found:
    return {f"{name}mean": waits.mean if waits else None, f"{name}p90": waits.p90 if waits else None}


def _services(hall: Hall, lines: Sequence[Mapping[str, Any]]) -> list[Found]:
    """One row a service: the slowest of its lines."""
    worst: dict[str, Mapping[str, Any]] = {}
    for line in lines:
        for code in line["steps"]:
            service = code.rsplit("/", 1)[0]
            if service not in worst or _slower(line, worst[service]):
                worst[service] = line
    rows = []
    for service, line in worst.items():
        promise = hall.promises.get(service)
        minutes = promise.minutes if promise else None
        kept = line["p90"] is not None and (minutes is None or line["p90"] <= minutes)
        rows.append({
            "code": service, "name": hall.services.get(service, service), "line": line["name"], "promised": minutes,
            "decree": promise.decree if promise else "", "holds": kept,
            **{key: line[key] for key in ("mean", "p90", "today_mean", "today_p90")},
        })  # fmt: skip
    return sorted(rows, key=lambda row: (row["holds"], row["name"]))


def _slower(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    if one["p90"] is None or other["p90"] is None:
        return one["p90"] is None
    return bool(one["p90"] > other["p90"])
