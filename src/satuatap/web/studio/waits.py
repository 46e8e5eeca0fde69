"""The waits in the hall under a version, as its pages show them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from satuatap.features.plans.queries import PlanView
from satuatap.features.plans.waiting import minutes_of_plan, remedy_words, what_words, whole


@dataclass(frozen=True, slots=True)
class LineRow:
    """One line of desks: minutes as text, rounded up; ``remedies`` the cheapest first, each a phrase."""

    key: str
    name: str
    services: str
    count: int
    desks: int
    added: int
    hours: int
    promised: str
    today_mean: str
    today_p90: str
    mean: str
    p90: str
    holds: bool
    decreed: bool
    remedies: tuple[str, ...]
    cure: str


def waits_of(view: PlanView) -> dict[str, Any]:
    """What a page says of the version that counts; ``minutes`` is ``None`` where it brings nobody into a hall."""
    version = view.shown
    minutes = minutes_of_plan(view.code, version.number) if version else None
    if minutes is None or minutes.found is None:
        return {"minutes": minutes, "lines": ()}
    found = minutes.found
    return {
        "minutes": minutes, "lines": [_row(one, found) for one in found["lines"]], "hall": found["hall"],
        "unknown": found["unknown"],
        "waits_made_up": found["synthetic"], "measures": version.content.measures if version else (),
    }  # fmt: skip


def _row(line: Mapping[str, Any], found: Mapping[str, Any]) -> LineRow:
    own = {code.rsplit("/", 1)[0] for code in line["steps"]}
    services = [one for one in found["services"] if one["code"] in own]
    return LineRow(
        line["key"], line["name"], ", ".join(one["name"] for one in services), len(services), line["desks"],
        line["added"], line["hours"], _text(line["promised"]), _text(line["today_mean"]), _text(line["today_p90"]),
        _text(line["mean"]), _text(line["p90"]), line["holds"], any(one["decree"] for one in services),
        tuple(what_words(one) for one in line["remedies"]), "" if line["holds"] else remedy_words(line),
    )  # fmt: skip


def _text(minutes: float | None) -> str:
    return "" if minutes is None else whole(minutes)
