"""What the public page of a plan shows besides words: the map, and who moves where, by the building that receives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _

from satuatap.features.malls import queries as malls
from satuatap.features.plans import drafting
from satuatap.features.plans.queries import Content, MoveView, PlanView
from satuatap.features.plans.states import MoveLife, PlanLife
from satuatap.web.components import formats
from satuatap.web.studio import map as maps
from satuatap.web.studio.study_page import is_rough
from satuatap.web.studio.study_words import finding, language

FEW = 12  # moves that are read at one glance, so that nothing is folded


@dataclass(frozen=True, slots=True)
class Comer:
    """One unit that comes; ``said`` is empty where the whole building's line says it."""

    unit: str
    origin: str
    said: str


@dataclass(frozen=True, slots=True)
class House:
    """A building that receives, with who comes."""

    name: str
    address: str
    said: str
    comers: tuple[Comer, ...]


@lru_cache(maxsize=16)
def _picture(content: Content, speech: str) -> tuple[maps.Map, str] | None:
    """A version never changes, nor does its study: the picture is drawn once in a language."""
    found = drafting.in_its_city(content)
    if found is None:
        return None
    case, price = found
    drawn = maps.drawn(
        case, price, maps.View.MOVES, districts=malls.districts(), rough=is_rough(case), language=speech
    )  # fmt: skip
    return drawn, finding(len(price.moved), len(price.freed))


def picture(view: PlanView) -> dict[str, Any]:
    """The map of the version that counts and its one sentence; nothing where no study stands behind it."""
    version = view.shown
    found = None if version is None else _picture(version.content, language())
    return {} if found is None else {"map": found[0], "finding": found[1]}


def houses(view: PlanView, moves: Sequence[MoveView], rows: Sequence[Any]) -> dict[str, Any]:
    """Who moves, by receiving building: the one with most first. ``few``: nothing need be folded."""
    speech = language()
    some = [(m.unit_name, m.origin_name, m.target_name, m.target_address, _state(m, speech)) for m in moves]
    if not moves:
        words = _("Diumumkan %(day)s") if view.life is PlanLife.ANNOUNCED else "%(day)s"
        days = [words % {"day": formats.long_date(row.on, speech)} for row in rows]
        some = [(r.unit, r.origin, r.target, r.address, said) for r, said in zip(rows, days, strict=True)]
    found: dict[tuple[str, str], list[Comer]] = {}
    for unit, origin, target, address, said in some:
        found.setdefault((target, address), []).append(Comer(unit, origin, said))
    all_of = [_house(name, address, comers) for (name, address), comers in found.items()]
    return {"houses": sorted(all_of, key=lambda one: (-len(one.comers), one.name)), "few": len(some) <= FEW}


def _state(move: MoveView, speech: str) -> str:
    if move.life is MoveLife.CARRIED_OUT and move.moved_on is not None:
        return _("Sudah pindah sejak %(day)s") % {"day": formats.long_date(move.moved_on, speech)}
    if move.life is MoveLife.CANCELLED:
        return _("Dibatalkan")
    return _("Direncanakan %(day)s") % {"day": formats.long_date(move.on, speech)}


def _house(name: str, address: str, comers: Sequence[Comer]) -> House:
    """What all have in common is said once."""
    said = {one.said for one in comers}
    if len(said) > 1:
        return House(name, address, "", tuple(comers))
    return House(name, address, said.pop(), tuple(Comer(one.unit, one.origin, "") for one in comers))
