"""Judges a way to a plan from the plain file, year by year, with ``verify`` alone: no model, no solver, no cost.py.

What a year costs is asked of ``verify`` for the state the year begins with, with today's places set to that state (so
that nothing is one-off) and with buildings that are opened in the year kept open. The one-off cost of a year is what
``verify`` adds when the year's moves are made: once spread over one year, once over two, and twice the difference.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from satuatap.engines.regroup.verify import CLOSE, Verdict, verify


@dataclass(frozen=True, slots=True)
class Judged:
    """Everything that is broken, and the sums as this file counts them."""

    broken: tuple[str, ...]
    cash: tuple[float, ...]  # (years,) running, as each year begins
    one_off: tuple[float, ...]
    total: float  # of the score

    @property
    def feasible(self) -> bool:
        """Whether nothing is broken."""
        return not self.broken


def verify_phases(
    raw: Mapping[str, Any], plan: Mapping[str, str], when: Mapping[str, int], limits: Mapping[str, Any],
    paid_years: int | None = None,
) -> Judged:  # fmt: skip
    """Judge ``when`` (unit -> calendar year) for a problem file and the ``phases`` limits as the file has them."""
    first, years = int(raw.get("year", 0)), int(limits.get("years", 5))
    count = paid_years or years + 1
    broken = _odd(raw, plan, when, range(first, first + years), bool(limits.get("finish", True)))
    cash, once, total = [], [], 0.0
    now = {u["id"]: u["present"] for u in raw["units"]}
    today = verify(_of(raw, first, now), now)
    for year in range(first, first + count):
        then = {u: plan[u] if when.get(u) == year else place for u, place in now.items()}
        moved = [u for u in now if then[u] != now[u]]
        standing = _of(raw, year, now)
        opened = sorted(set(then.values()) - set(now.values()))
        paid = verify(_kept(standing, opened), now)
        spent = 2 * (_cash(standing, then, 1.0) - _cash(standing, then, 2.0))
        cash.append(paid.cash_yearly)
        once.append(spent)
        total += paid.score + spent
        ended = verify(_of(raw, year, then), then)
        last = year >= first + years - 1
        broken += [f"{year}: {what}" for what in _worse(ended, today, last)]
        broken += _limits(limits, year - first, years, spent, len(moved))
        if limits.get("side_by_side") and year < first + years:
            broken += [f"{year}, while units come and go: {what}"
                       for what in _worse(_both(raw, now, then), today, False)]  # fmt: skip
        now = then
    whole = verify(raw, now)  # budget and moves of the whole plan
    broken += [f"at the end: {what}" for what in whole.broken if f"{first + count - 1}: {what}" not in broken]
    return Judged(tuple(broken), tuple(cash), tuple(once), total)


def _odd(
    raw: Mapping[str, Any], plan: Mapping[str, str], when: Mapping[str, int], years: range, finish: bool
) -> list[str]:
    """Moves that name nobody, lead nowhere, come in no year, or are missing."""
    units = {u["id"]: u["present"] for u in raw["units"]}
    found = [f'"{u}" is no unit' for u in when if u not in units]
    found += [f'"{u}" moves in {year}, outside the years' for u, year in when.items() if year not in years]
    found += [f'"{u}" moves to where it sits' for u in when if u in units and plan[u] == units[u]]
    if finish:
        found += [f'"{u}" never moves' for u, place in units.items() if plan[u] != place and u not in when]
    return found


def _of(raw: Mapping[str, Any], year: int, places: Mapping[str, str]) -> dict[str, Any]:
    """The file as it would read in that year with those places as today's; limits on the whole plan left out.

    ``keep`` asks for today's place of today, not of that year: it is written as ``fixed``.
    """
    present = {u["id"]: u["present"] for u in raw["units"]}
    rules: list[Mapping[str, Any]] = []
    for rule in raw.get("rules", ()):
        if rule["kind"] == "keep":
            rules += [{"name": rule["name"], "kind": "fixed", "units": [u], "buildings": [present[u]]}
                      for u in rule["units"]]  # fmt: skip
        elif rule["kind"] not in ("budget", "max_moves"):
            rules.append(rule)
    units = [{**u, "present": places[u["id"]]} for u in raw["units"]]
    return {**raw, "year": year, "units": units, "rules": rules}


def _kept(raw: Mapping[str, Any], opened: list[str]) -> dict[str, Any]:
    more = [{"name": "opened in the year", "kind": "do_not_close", "buildings": opened}]
    return {**raw, "rules": [*raw["rules"], *more]}


def _cash(raw: Mapping[str, Any], plan: Mapping[str, str], spread: float) -> float:
    return verify({**raw, "prices": {**raw["prices"], "amortise_years": spread}}, plan).cash_yearly


def _limits(limits: Mapping[str, Any], t: int, years: int, spent: float, moved: int) -> list[str]:
    found = []
    for name, used in (("budget_once", spent), ("most_moves", float(moved))):
        given = limits.get(name)
        if given is None or t >= years:
            continue
        limit = float(given[t] if isinstance(given, list | tuple) else given)
        if used > limit * (1 + CLOSE) + CLOSE:
            found.append(f"year {t + 1}: {name} {used:g} of {limit:g}")
    return found


def _both(raw: Mapping[str, Any], now: Mapping[str, str], then: Mapping[str, str]) -> Verdict:
    """The rooms when those who come sit beside those who have not left: each of them is there twice."""
    coming = [{**u, "id": f"{u['id']} (coming)", "people": 0, "visits_yearly": {}, "present": then[u["id"]]}
              for u in raw["units"] if then[u["id"]] != now[u["id"]]]  # fmt: skip
    plan = {**now, **{u["id"]: u["present"] for u in coming}}
    return verify({**raw, "units": [*raw["units"], *coming], "rules": []}, plan)


_FULL = re.compile(r'building "(.*)": ([-+.e\d]+) m2 of (.*) wanted')


def _rooms(verdict: Verdict) -> dict[tuple[str, str], float]:
    """m2 wanted where a room is too small, by building and kind."""
    found = (_FULL.match(what) for what in verdict.broken)
    return {(m[1], m[3]): float(m[2]) for m in found if m}


def _worse(verdict: Verdict, today: Verdict, last: bool) -> list[str]:
    """What a state breaks; before the last year only what today does not break, or breaks less."""
    if last:
        return list(verdict.broken)
    before = _rooms(today)
    full = [f'building "{b}": {m2:g} m2 of {kind} wanted' for (b, kind), m2 in _rooms(verdict).items()
            if m2 > before.get((b, kind), 0.0) * (1 + 1e-5)]  # fmt: skip
    return full + [what for what in verdict.broken if not _FULL.match(what) and what not in today.broken]
