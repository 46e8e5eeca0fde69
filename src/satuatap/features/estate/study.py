"""From the inventory to a problem of the regroup engine, and from its answer back to rows.

Nobody but job handlers and the command line imports this file: it loads the solvers.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil
from typing import Any

from django.utils.translation import gettext as _

from satuatap.engines.regroup import doubt as doubts
from satuatap.engines.regroup import reading, schema, verify
from satuatap.engines.regroup.cost import cost
from satuatap.engines.regroup.doubt_draws import Draws
from satuatap.engines.regroup.doubt_figures import doubted
from satuatap.engines.regroup.ranges import spots
from satuatap.engines.regroup.solve import hash_of, present, regroup
from satuatap.engines.regroup.stopping import Deadline, Either, Stop, never
from satuatap.features.estate import pricing
from satuatap.features.estate.figures import Figures
from satuatap.features.estate.states import Condition, Use
from satuatap.features.estate.study_parts import (
    House,
    building_of,
    cleaners_of,
    grouped,
    need_of,
    people_of,
    prices_of,
    sum_of,
    tariffs_of,
)

Row = Mapping[str, Any]
Rows = Mapping[str, Sequence[Row]]
NOT_A_TARGET = (Use.DISPUTED, Use.LEASED, Use.LENT)
MOST_FAULTS = 20
NEXT_YEAR_FROM = 7  # month

__all__ = ["Asked", "Point", "Solved", "ask", "hash_of", "moves_of", "solve"]


@dataclass(frozen=True, slots=True)
class Asked:
    """A problem file, or what keeps it from being one; which norms filled how many gaps; how known the figures are."""

    raw: dict[str, Any]
    faults: list[str]
    taken: dict[str, int]
    known: dict[str, int]


def first_year(today: date) -> int:
    """The first year in which a plan is carried out: this one in its first half, else the next (our choice, no law).

    A study of November whose moves all fall into the same year would promise a month for what needs a budget.
    """
    return today.year + (today.month >= NEXT_YEAR_FROM)


def ask(rows: Rows, districts: Sequence[Row], *, name: str, today: date) -> Asked:
    """The problem of a city's inventory. ``districts``: code, centroid_lat, centroid_lon."""
    figures = Figures.of(rows["norms"])
    centres = {
        str(d["code"]): (d["centroid_lat"], d["centroid_lon"]) for d in districts if d["centroid_lat"] is not None
    }
    seats = _seats(rows["placements"], today)
    units = [row for row in rows["units"] if row["code"] in seats]
    figures.faults += _missing_seats(rows["units"], seats)
    staff = grouped(rows["unit_staff"], "unit")
    needs = {str(row["code"]): need_of(row, staff.get(row["code"], ()), figures) for row in units}
    used: dict[str, float] = {}
    for row in units:
        used[seats[row["code"]]] = used.get(seats[row["code"]], 0.0) + sum_of(needs[row["code"]])
    buildings = _buildings(rows, used, centres, today, figures)
    lines = [line["tariff"] for building in buildings for line in building["connections"]]
    visits = grouped(rows["visits"], "unit")
    raw = {
        "format": schema.FORMAT, "name": name[:200], "year": first_year(today),
        "synthetic": any(row.get("synthetic") or row.get("made_up") for sheet in rows.values() for row in sheet),
        "buildings": buildings,
        "units": [_unit(row, needs, seats, visits.get(row["code"], ()), centres, figures) for row in units],
        "districts": [{"id": code, "latitude": lat, "longitude": lon} for code, (lat, lon) in centres.items()],
        "flows": _flows(rows["trips"], seats),
        "rules": _rules(units, rows["buildings"], {b["id"] for b in buildings}),
        "posts": cleaners_of(rows["support_staff"], used, figures),
        "prices": prices_of(figures), "tariffs": tariffs_of(lines, figures),
    }  # fmt: skip
    named = {spot.name for spot in spots(raw)}
    raw["shared"] = {name: number for name, number in sorted(figures.measures.items()) if name in named}
    if not figures.faults:
        figures.faults += [str(fault) for fault in reading.read(raw).faults[:MOST_FAULTS]]
    return Asked(raw, figures.faults, dict(figures.taken), {str(key): n for key, n in figures.known.items()})


def _seats(placements: Sequence[Row], today: date) -> dict[str, str]:
    """Unit -> building today."""
    return {
        str(row["unit"]): str(row["building"])
        for row in placements
        if (row["since"] is None or row["since"] <= today) and (row["until"] is None or row["until"] >= today)
    }


def _missing_seats(units: Sequence[Row], seats: Mapping[str, str]) -> list[str]:
    bare = [str(row["name"]) for row in units if row["code"] not in seats]
    sentence = _("Belum diketahui di mana unit ini duduk: %(names)s.")
    return [sentence % {"names": ", ".join(bare[:5]) + (" ..." if len(bare) > 5 else "")}] if bare else []


def _unit(
    row: Row, needs: Mapping[str, Any], seats: Mapping[str, str], visits: Sequence[Row], centres: Mapping[str, Any],
    figures: Figures,
) -> dict[str, Any]:  # fmt: skip
    return {
        "id": row["code"], "name": row["name"], "people": people_of(row, figures), "area_m2": needs[row["code"]],
        "public_facing": bool(row["public_facing"]), "present": seats[row["code"]],
        "visits_yearly": {str(v["district"]): float(v["yearly"]) for v in visits if v["district"] in centres},
    }  # fmt: skip


def _buildings(
    rows: Rows, used: Mapping[str, float], centres: Mapping[str, Any], today: date, figures: Figures
) -> list[dict[str, Any]]:
    sheets = ("floors", "spaces", "meters", "support_staff", "upkeep", "leases")
    by = {sheet: grouped(rows[sheet], "building") for sheet in sheets}
    bills = grouped(rows["bills"], "meter")
    found = []
    for row in rows["buildings"]:
        code = str(row["code"])
        if code not in used and (row["use"] in NOT_A_TARGET or row["condition"] == Condition.HEAVY_DAMAGE):
            continue  # nobody may be moved there
        place = (row["lat"], row["lon"])
        if None in place:
            place = centres.get(str(row["district"]), (None, None))
        if None in place:
            sentence = _("Gedung %(name)s belum punya letak: isi lintang dan bujur, atau kecamatannya.")
            figures.faults.append(sentence % {"name": row["name"]})
            continue
        some = [by[sheet].get(code, []) for sheet in sheets]
        house = House(row, some[0], some[1], some[2], bills, some[3], some[4], some[5], used.get(code, 0.0))
        found.append(building_of(house, place, today, figures))
    return found


def _flows(trips: Sequence[Row], seats: Mapping[str, str]) -> list[dict[str, Any]]:
    return [
        {"a": row["one"], "b": row["other"], "trips_per_month": float(row["monthly"])}
        for row in trips
        if row["one"] in seats and row["other"] in seats
    ]


def _rules(units: Sequence[Row], buildings: Sequence[Row], known: set[str]) -> list[dict[str, Any]]:
    rules: list[dict[str, Any]] = [
        {"name": f"tetap: {row['code']}", "kind": "keep", "units": [row["code"]]} for row in units if row["stays"]
    ]
    return rules + [
        {"name": f"tetap dibuka: {row['code']}", "kind": "do_not_close", "buildings": [row["code"]]}
        for row in buildings
        if row["keep_open"] and row["code"] in known
    ]


# ------------------------------------------------------------------ solving
@dataclass(frozen=True, slots=True)
class Point:
    """Where a study stands: amounts of the score, Rupiah a year; ``plan`` is the best so far."""

    seconds: float
    present: float
    best: float | None
    bound: float | None
    plan: Mapping[str, str] | None


@dataclass(slots=True)
class _Picture:
    """What the solvers' threads said last; read by whoever tells it."""

    present: float
    seconds: float = 0.0
    best: float | None = None
    bound: float | None = None
    plan: Mapping[str, str] | None = None
    is_new: bool = True

    def heard(self, seconds: float, best: float | None, bound: float) -> None:
        self.seconds, self.best, self.bound = seconds, best, bound if abs(bound) < 1e300 else None
        self.is_new = True

    def better(self, plan: Mapping[str, str]) -> None:
        self.plan, self.is_new = dict(plan), True


@dataclass(frozen=True, slots=True)
class Solved:
    """The engine's answer as JSON, checked by the verifier, and the doubt where it was asked for."""

    answer: dict[str, Any]
    doubt: dict[str, Any] | None


def solve(
    raw: Mapping[str, Any], *, seconds: float, seed: int = 1, draws: int = 0,
    start: Mapping[str, str] | None = None, tell: Callable[[Point], bool] | None = None, every: float = 1.0,
) -> Solved:  # fmt: skip
    """Look for the best plan for so long. ``tell`` hears where it stands every so many seconds; False from it ends the
    search, and the best so far is the answer. ``start``: a plan to begin from (of a run that was broken off).
    """
    problem = reading.read(raw).problem
    if problem is None:
        raise ValueError("the problem has faults; ask() names them")
    picture = _Picture(present(problem).score)
    over, ended = threading.Event(), threading.Event()
    teller = threading.Thread(target=_tell, args=(picture, tell, every, over, ended), daemon=True)
    if tell is not None:
        teller.start()
    stop: Stop = Either(Deadline(seconds), ended.is_set)
    try:
        answer = regroup(
            problem, stop, seed, progress=picture.heard, input_hash=hash_of(raw), start=start, better=picture.better
        )
        told = answer.as_json()
        found = None
        if answer.plan is not None:
            verdict = verify.verify(raw, answer.plan)
            told["verified"] = {
                "feasible": verdict.feasible, "score": verdict.score, "broken": list(verdict.broken),
            }  # fmt: skip
            told["moves"] = moves_of(raw, answer.plan)
            if draws and not ended.is_set():
                drawn = doubts.doubt(raw, answer.plan, draws=draws, stop=ended.is_set, seed=seed)
                found = {**drawn.as_json(), "plan": plan_in_doubt(raw, answer.plan, drawn.draws, ended.is_set)}
    finally:
        over.set()
        if tell is not None:
            teller.join()
    return Solved(told, found)


def _tell(
    picture: _Picture, tell: Callable[[Point], bool] | None, every: float, over: threading.Event, ended: threading.Event
) -> None:
    assert tell is not None
    while not over.wait(every):
        plan = picture.plan
        if not tell(Point(picture.seconds, picture.present, picture.best, picture.bound, plan)):
            ended.set()


def plan_in_doubt(
    raw: Mapping[str, Any], plan: Mapping[str, str], draws: Draws, stop: Callable[[], bool] = never
) -> dict[str, Any]:
    """What this one plan saves in the drawn cities, Rupiah a year: 5, 50 and 95 % of them, by term and in sum.

    The doubt's own summary speaks of each drawn city's best plan; this is about the plan that is on the table.
    """
    saved: list[pricing.Saved] = []
    file, paths = doubted(raw), [one.path for one in draws.figures]
    for values in draws.values.tolist():
        if stop():
            break
        problem = reading.read(file.certainly(dict(zip(paths, values, strict=True)))).problem
        if problem is not None:  # else that city has no room for all
            saved.append(pricing.saved(problem, plan))
    parts = {kind: {code for one in saved for code in getattr(one, kind)} for kind in ("cash", "capacity")}
    return {
        "draws": len(saved),
        "terms": {
            code: _span([getattr(one, kind).get(code, 0.0) for one in saved])
            for kind, codes in parts.items() for code in sorted(codes)
        },
        **{kind: _span([sum(getattr(one, kind).values()) for one in saved]) for kind in parts},
    }  # fmt: skip


def _span(amounts: Sequence[float]) -> dict[str, float] | None:
    """Low, middle, high: the smallest amount that 5, 50, 95 % do not pass."""
    if not amounts:
        return None
    rows = sorted(amounts)
    low, middle, high = (rows[max(0, ceil(share * len(rows)) - 1)] for share in (0.05, 0.5, 0.95))
    return {"low": low, "middle": middle, "high": high}


def moves_of(raw: Mapping[str, Any], plan: Mapping[str, str]) -> list[dict[str, Any]]:
    """Every move of a plan as a row: unit, from, to, people, and what the plan would cost more without it."""
    problem = reading.read(raw).problem
    if problem is None:
        raise ValueError("the problem has faults; ask() names them")
    whole = cost(problem, plan).score
    return [
        {
            "unit": unit.id, "from": unit.present, "to": plan[unit.id], "people": unit.people,
            "worth": cost(problem, {**plan, unit.id: unit.present}).score - whole,
        }
        for unit in problem.units
        if plan[unit.id] != unit.present
    ]  # fmt: skip
