"""Words for what is asked of a study: rules that clash, rooms, what is displaced, bars of terms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from satuatap.features.estate.questions.queries import City
from satuatap.web.components import formats
from satuatap.web.studio.study_words import RULES, SPACES, language, money, term_name

SMALL_BAR = 3.0  # px: an amount that is there is seen
NOTHING = 0.5  # Rupiah a year
ROW, LABEL, RIGHT = 27.0, 172.0, 106.0  # px of a row, of its name, of its amount
Told = Mapping[str, Any]


def m2(number: float) -> str:
    """1.240 m²."""
    return f"{formats.whole(number, language())} m²"


def names(city: City, codes: Sequence[str], most: int = 4) -> str:
    """Names of buildings or units, a few of them."""
    found = ", ".join(city.name(code) for code in codes[:most])
    more = len(codes) - most
    return found + (" " + _("dan %(n)d lagi") % {"n": more} if more > 0 else "")


def rule_words(rule: Told, city: City) -> str:
    """A rule or a room that clashes, in a sentence."""
    if rule["kind"] == "room":
        return _("Ruang %(name)s tidak cukup.") % {"name": city.name(rule["building"])}
    words = RULES.get(rule["kind"])
    if rule["kind"] == "do_not_close":
        return _("%(buildings)s harus tetap dibuka.") % {"buildings": names(city, rule["buildings"])}
    if words is None:
        return str(rule["name"])
    return str(words).replace(" (%(name)s)", "") % {
        "name": rule["name"], "units": names(city, rule["units"]), "buildings": names(city, rule["buildings"]),
    }  # fmt: skip


def room_words(rows: Sequence[Told]) -> list[str]:
    """What is left in the building beside the plan's others, and what the unit needs."""
    return [
        _("Sisa %(kind)s di sana %(left)s, perlu %(need)s.") % {
            "kind": SPACES.get(row["kind"], row["kind"]), "left": m2(max(0.0, row["left"])), "need": m2(row["need"]),
        }
        for row in rows
    ]  # fmt: skip


def displaced(told: Told, city: City, unit: str) -> list[str]:
    """Which buildings are used or freed after all, then who sits elsewhere, those pushed back first."""
    found = []
    if told["opened"]:
        found.append(_("%(names)s batal dikosongkan.") % {"names": names(city, told["opened"])})
    if told["emptied"]:
        found.append(_("%(names)s ikut dikosongkan.") % {"names": names(city, told["emptied"])})
    back, others = [], []
    for row in told["changed"]:
        if row["unit"] == unit:
            continue
        values = {"unit": city.name(row["unit"]), "to": city.name(row["forced"]), "was": city.name(row["planned"])}
        if row["forced"] == row["present"]:
            back.append(_("%(unit)s terdesak kembali ke tempatnya sekarang, %(to)s.") % values)
        else:
            others.append(_("%(unit)s ke %(to)s, bukan %(was)s.") % values)
    return [*found, *back, *others]


@dataclass(frozen=True, slots=True)
class Bar:
    """One term of a price as a bar; px on its own sheet."""

    name: str
    amount: str
    y: float
    x: float
    width: float
    at: float  # of the amount
    before: bool  # the amount stands at the bar's left
    dearer: bool


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars from one upright line; ``zero`` is where it stands."""

    width: float
    height: float
    zero: float
    rows: tuple[Bar, ...]


def bars_of(terms: Mapping[str, float], width: float = 470.0) -> Bars:
    """Terms by size: what is dearer to the right, what is cheaper to the left."""
    kept = sorted(((code, amount) for code, amount in terms.items() if abs(amount) >= NOTHING), key=lambda x: -x[1])
    most = max((amount for _code, amount in kept), default=0.0)
    least = min((amount for _code, amount in kept), default=0.0)
    most, least = max(most, 0.0), min(least, 0.0)
    left = RIGHT if least < 0 else 0.0
    free = width - LABEL - RIGHT - left
    scale = free / max(most - least, 1.0)
    zero = LABEL + left - least * scale
    rows = []
    for n, (code, amount) in enumerate(kept):
        long = max(SMALL_BAR, abs(amount) * scale)
        x = zero if amount > 0 else zero - long
        at = x + long + 8 if amount > 0 else x - 8
        rows.append(Bar(term_name(code), money(amount, sign=True), 4 + n * ROW, round(x, 1), round(long, 1),
                        round(at, 1), amount < 0, amount > 0))  # fmt: skip
    return Bars(width, len(rows) * ROW + 4, round(zero, 1), tuple(rows))
