"""Two plans beside each other: which moves differ, what each costs by term, what is proved and what is made up."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from satuatap.basics.refusal import Refusal
from satuatap.features.estate import queries as estate
from satuatap.features.estate.questions import queries
from satuatap.features.plans import inventory
from satuatap.features.plans import queries as plans
from satuatap.features.plans.queries import Inventory
from satuatap.web.guards import role_required
from satuatap.web.inputs import text_of
from satuatap.web.studio.compare_sides import Side, side_of, study_in, study_title
from satuatap.web.studio.shared import page
from satuatap.web.studio.study_words import money, term_name
from satuatap.web.studio.views import READERS

ALMOST_NOTHING = 0.5  # Rupiah a year


@role_required(*READERS)
@never_cache
@require_safe
def compare_page(request: HttpRequest) -> HttpResponse:
    """``?a=..&b=..``: a study's number, or a plan's code with ``@`` its version."""
    choices = _choices()
    keys = _asked([text_of(request.GET, name, longest=60, default="") for name in ("a", "b")], choices)
    problem: Refusal | None = None
    sides: list[Side | None] = [None, None]
    try:
        basis = study_in(*keys)
        sides = [side_of(key, basis) for key in keys]
    except Refusal as refusal:
        problem = refusal
    values: dict[str, Any] = {"choices": choices, "a": keys[0], "b": keys[1], "tab": "bandingkan"}
    a, b = sides
    if a is not None and b is not None:
        now = inventory.now()
        same = bool(a.basis) and a.basis == b.basis
        values |= {
            "sides": [_told(one, now) for one in (a, b)], "same": same, "title": _finding(a, b, same),
            "differ": _differ(a, b, now), "both": sum(a.targets.get(u) == t for u, t in b.targets.items()),
            "cash": _terms(a, b, False), "capacity": _terms(a, b, True),
        }  # fmt: skip
    return page(request, "studio/compare.html", values, problem)


def _asked(keys: list[str], choices: list[tuple[str, str]]) -> list[str]:
    """Somebody who names one of the two is shown it beside a plan of the city, else beside another study."""
    others = sorted((key for key, _name in choices if key not in keys), key=lambda key: "@" not in key)
    if sum(map(bool, keys)) == 1 and others:
        return [key or others[0] for key in keys]
    return keys


def _choices() -> list[tuple[str, str]]:
    """What can be compared, the newest studies first."""
    found = []
    for view in estate.studies(12):
        if view.best_plan:
            city = queries.city_of(view.id)
            found.append((str(view.id), study_title(view, city.wishes, city)))
    for line in plans.plans():
        for version in plans.regrouping(line.code).versions:
            key = f"{line.code}@{version.number}"
            found.append((key, _("%(title)s, versi %(n)d") % {"title": line.title, "n": version.number}))
    return found


def _told(side: Side, now: Inventory) -> dict[str, Any]:
    """A side as its head shows it."""
    return {
        "side": side, "cash": money(side.cash) if side.terms else None, "capacity": money(side.freed_capacity),
        "once": None if side.once is None else money(side.once), "moves": len(side.targets),
        "freed": [_house(now, code) for code in side.freed],
    }  # fmt: skip


def _house(now: Inventory, code: str) -> str:
    return now.buildings[code][0] if code in now.buildings else code


def _unit(now: Inventory, code: str) -> str:
    return now.units[code][0] if code in now.units else code


def _finding(a: Side, b: Side, same: bool) -> str:
    """What the comparison comes to."""
    if not a.terms or not b.terms:
        return _("Salah satunya belum berharga.")
    if not same:
        return _("Keduanya dihitung dari kota atau harga yang berbeda.")
    more = b.cash - a.cash
    if abs(more) < 1.0:
        return _("Belanja yang dihemat keduanya sama.")
    which = _("Kanan") if more > 0 else _("Kiri")
    return _("%(which)s menghemat %(amount)s lebih banyak setahun.") % {"which": which, "amount": money(abs(more))}


def _differ(a: Side, b: Side, now: Inventory) -> list[tuple[str, str, str, str]]:
    """Units that the two seat differently: unit, today, left, right; empty where it stays."""
    found = []
    for unit in sorted({*a.targets, *b.targets}, key=lambda code: _unit(now, code)):
        left, right = a.targets.get(unit), b.targets.get(unit)
        if left != right:
            here = now.places.get(unit, "")
            there = [_house(now, code) if code else "" for code in (left, right)]
            found.append((_unit(now, unit), _house(now, here), there[0], there[1]))
    return found


def _terms(a: Side, b: Side, capacity: bool) -> dict[str, Any]:
    """Terms beside each other as what they save a year, and their sums."""
    saved = [{one.code: one.today - one.planned for one in side.terms if one.capacity is capacity} for side in (a, b)]
    rows = []
    for code in sorted({*saved[0], *saved[1]}, key=lambda one: -max(abs(side.get(one, 0.0)) for side in saved)):
        left, right = (side.get(code, 0.0) for side in saved)
        if max(abs(left), abs(right)) >= ALMOST_NOTHING:
            more = money(right - left, sign=True) if abs(right - left) >= ALMOST_NOTHING else ""
            rows.append((term_name(code), money(left), money(right), more))
    sums = [sum(side.values()) for side in saved]
    return {"rows": rows, "sums": (*map(money, sums), money(sums[1] - sums[0], sign=True))}
