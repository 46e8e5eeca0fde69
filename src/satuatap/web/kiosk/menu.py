"""What can be chosen here: agencies with their services, life events, and what is served elsewhere."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.text import capfirst
from django.utils.translation import get_language

from satuatap.features.catalogue import queries as catalogue
from satuatap.features.catalogue.views import ServiceCard
from satuatap.features.visits.queries import hall
from satuatap.features.visits.views import NO_END, Hall, IntakeEnd, StepNow, ends_of

SHOWN_FIRST = 9  # tiles; the rest stands behind "Instansi lain"
LETTERS_ON_A_TILE = 36  # two lines beside the minutes


@dataclass(frozen=True, slots=True)
class Choice:
    """A service to tick."""

    code: str
    name: str
    chosen: bool
    end: IntakeEnd = NO_END


@dataclass(frozen=True, slots=True)
class Tile:
    """An agency, or a life event, with its services."""

    code: str
    name: str
    words: str
    low: int | None
    high: int | None
    desks_open: int
    choices: tuple[Choice, ...]
    icon: str = ""

    @property
    def chosen(self) -> int:
        return sum(choice.chosen for choice in self.choices)


@dataclass(frozen=True, slots=True)
class Menu:
    """The whole second screen."""

    tiles: tuple[Tile, ...]
    more: tuple[Tile, ...]
    open: Tile | None
    picked: tuple[ServiceCard, ...]
    ended: tuple[ServiceCard, ...]  # of what was picked: what no number is given for any more today
    elsewhere: tuple[ServiceCard, ...]


def english() -> bool:
    return (get_language() or "id").startswith("en")


def name_of(card: ServiceCard) -> str:
    """A service in everyday words, in the reader's language."""
    if english():
        return capfirst(card.everyday_name_en or card.name_en or card.name)
    return capfirst(card.everyday_name or card.name)


def served(now: Hall) -> dict[str, list[StepNow]]:
    """The services whose every step has its line in this mall, with those lines."""
    lines: dict[str, list[StepNow]] = defaultdict(list)
    missing: set[str] = set()
    for step in catalogue.all_steps():
        if step.id in now.steps:
            lines[step.service_code].append(now.steps[step.id])
        else:
            missing.add(step.service_code)
    return {code: steps for code, steps in lines.items() if code not in missing}


def known_codes(mall: int, codes: Iterable[str]) -> list[str]:
    """Those of the codes that can be had here, each once, in order."""
    here = served(hall(mall))
    return [code for code in dict.fromkeys(codes) if code in here]


def menu(mall: int, picked: Sequence[str], opened: str, by_event: bool) -> Menu:
    """Everything that the second screen shows."""
    lines = served(hall(mall))
    cards = {card.code: card for card in catalogue.services()}
    here = {code: cards[code] for code in lines if code in cards}
    groups = _events(here) if by_event else _agencies(here)
    tiles = [_tile(code, name, icon, members, lines, set(picked)) for code, name, icon, members in groups]
    found = next((tile for tile in tiles if tile.code == opened), None)
    rest = [tile for tile in tiles if tile is not found]
    first, more = halves(rest)
    return Menu(
        tiles=first,
        more=more,
        open=found,
        picked=tuple(here[code] for code in picked if code in here),
        ended=tuple(here[code] for code in picked if code in here and ends_of(lines[code]).over),
        elsewhere=tuple(sorted((c for c in cards.values() if c.code not in here), key=name_of)),
    )


def halves(tiles: Sequence[Tile]) -> tuple[tuple[Tile, ...], tuple[Tile, ...]]:
    """What is shown at once and what stands behind "Instansi lain": where something is chosen, it never hides."""
    front = {tile.code for tile in sorted(tiles, key=lambda tile: not tile.chosen)[:SHOWN_FIRST]}
    return (
        tuple(tile for tile in tiles if tile.code in front),
        tuple(tile for tile in tiles if tile.code not in front),
    )


Group = tuple[str, str, str, list[ServiceCard]]


def _agencies(here: dict[str, ServiceCard]) -> list[Group]:
    groups: dict[str, list[ServiceCard]] = defaultdict(list)
    for card in here.values():
        groups[card.agency_code].append(card)
    ordered = sorted(groups.items(), key=lambda item: (-len(item[1]), item[1][0].agency))
    return [(code, members[0].agency, "", members) for code, members in ordered]


def _events(here: dict[str, ServiceCard]) -> list[Group]:
    groups = []
    for event in catalogue.life_events():
        members = [here[code] for code, _detail in event.members if code in here]
        if members:
            groups.append((event.code, (event.name_en if english() else "") or event.name, event.icon, members))
    return groups


def words_of(names: Sequence[str]) -> str:
    """What an agency is for: as many of its services as a tile holds whole; the shortest, if the first is too long."""
    if not names:
        return ""
    first = names[0] if len(names[0]) <= LETTERS_ON_A_TILE else min(names, key=len)
    for second in names:
        both = f"{first}, {second[:1].lower() if second[1:2].islower() else second[:1]}{second[1:]}"
        if second != first and len(both) <= LETTERS_ON_A_TILE:
            return both
    return first


def _tile(
    code: str, name: str, icon: str, members: list[ServiceCard], lines: dict[str, list[StepNow]], picked: set[str]
) -> Tile:
    """The minutes on a tile are of the first step of its services: from now until called."""
    first = [lines[card.code][0] for card in members]
    ranges = [line.range for line in first if line.desks_open]
    return Tile(
        code=code,
        name=name,
        words=words_of([name_of(card) for card in members]),
        low=min((r.low for r in ranges), default=None),
        high=max((r.high for r in ranges), default=None),
        desks_open=sum(bool(line.desks_open) for line in first),
        choices=tuple(
            Choice(card.code, name_of(card), card.code in picked, ends_of(lines[card.code])) for card in members
        ),
        icon=icon,
    )
