"""Which screens a numbered entry concerns, and what it tells each. Pure, but for the names it is given."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from satuatap.features.journal.queries import Line

# After these a citizen may have become callable, so desks that stand idle look again.
FREEING = frozenset(
    {"ticket_issued", "finished", "put_back", "transferred", "undone", "missed", "reclassed", "dropped"}
)
SHOWN_CALLS = frozenset({"called", "recalled"})
SKILL_KINDS = frozenset({"desk_opened", "skills_changed", "floor_laid_out"})


@dataclass(frozen=True, slots=True)
class Names:
    """What the feed must know to speak of desks: sign and zone of each desk, and its skills."""

    signs: Mapping[int, tuple[str, str, str]] = field(default_factory=dict)  # desk -> sign, zone, agency
    skills: Mapping[int, frozenset[int]] = field(default_factory=dict)
    places: Mapping[int, tuple[int, int]] = field(default_factory=dict)  # desk -> mall, booth


@dataclass(frozen=True, slots=True)
class Message:
    """One event for one channel."""

    channel: str
    position: int
    event: str
    data: dict[str, Any]


def _call(line: Line, names: Names) -> dict[str, Any]:
    sign, zone, agency = names.signs.get(line.fact.get("desk", 0), ("", "", ""))
    return {
        "number": line.fact.get("number"),
        "desk": line.fact.get("desk"),
        "sign": sign,
        "zone": zone,
        "agency": agency,
        "again": line.kind == "recalled",
        "at": line.at.isoformat(),
    }


def messages_of(lines: Sequence[Line], names: Names, ready_steps: Mapping[int, Iterable[int]]) -> list[Message]:
    """What a batch of new entries tells each channel; the floor and idle desks hear once a batch.

    ``ready_steps`` holds, for each visit that may have become callable, the steps it waits for now.
    """
    told: list[Message] = []
    floors: dict[int, int] = {}
    wakes: dict[int, int] = {}
    for line in lines:
        if line.mall is None or line.kind == "try_failed":
            continue
        floors[line.mall] = line.position
        if line.kind in SHOWN_CALLS:
            told.append(Message(f"board:{line.mall}", line.position, "call", _call(line, names)))
        if line.kind == "undone" and line.fact.get("undone") == "called":
            told.append(Message(f"board:{line.mall}", line.position, "withdrawn", {"desk": line.fact.get("desk")}))
        if line.visit_id is not None:
            told.append(Message(f"visit:{line.visit_id}", line.position, "change", _visit_change(line, names)))
        if isinstance(line.fact.get("desk"), int):
            wakes[line.fact["desk"]] = line.position
        if line.kind in FREEING and line.visit_id is not None:
            steps = set(ready_steps.get(line.visit_id, ()))
            for desk, skills in names.skills.items():
                if steps & skills:
                    wakes[desk] = line.position
    told += [Message(f"desk:{desk}", position, "change", {}) for desk, position in wakes.items()]
    for mall, position in floors.items():
        told.append(Message(f"floor:{mall}", position, "change", {}))
        told.append(Message(f"board:{mall}", position, "change", {}))
    return told


def _visit_change(line: Line, names: Names) -> dict[str, Any]:
    data: dict[str, Any] = {"kind": line.kind, "at": line.at.isoformat()}
    if line.kind in SHOWN_CALLS:
        data |= _call(line, names)
    return data
