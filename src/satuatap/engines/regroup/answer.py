"""What the engine says: the plan, its cost by term, how good it can be proved to be, and how it was found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from satuatap.engines.regroup.cost import Cost
from satuatap.engines.regroup.problem import Building


@dataclass(frozen=True, slots=True)
class Answer:
    """``plan`` is None where no plan keeps every rule (``infeasible``) or none was found in time."""

    plan: Mapping[str, str] | None
    cost: Cost | None
    present: Cost
    lower_bound: float  # of the score; never missing
    proved: bool
    infeasible: bool
    seconds: float
    seed: int
    input_hash: str
    versions: Mapping[str, str] = field(default_factory=dict)
    buildings: Mapping[str, Building] = field(default_factory=dict)  # by id: whose a freed one is, whether protected

    @property
    def gap(self) -> float | None:
        """(score - bound) / score; None without a plan."""
        if self.cost is None:
            return None
        return max(0.0, (self.cost.score - self.lower_bound) / max(abs(self.cost.score), 1e-12))

    @property
    def freed(self) -> tuple[str, ...]:
        """Buildings that are used today and empty in the plan."""
        return () if self.cost is None else tuple(b for b in self.present.open if b not in self.cost.open)

    def as_json(self) -> dict[str, Any]:
        """The answer as a JSON object; the plan alone is enough for ``verify``."""
        return {
            "plan": None if self.plan is None else dict(self.plan),
            "cost": None if self.cost is None else _told(self.cost),
            "present_cost": _told(self.present), "freed": list(self.freed),
            "freed_buildings": [
                {"id": b, "ownership": self.buildings[b].ownership or None, "heritage": self.buildings[b].heritage}
                for b in self.freed if b in self.buildings
            ],
            "lower_bound": self.lower_bound if self.lower_bound < 1e300 else None, "gap": self.gap,
            "proved": self.proved, "infeasible": self.infeasible, "seconds": round(self.seconds, 3),
            "seed": self.seed, "input_hash": self.input_hash, "versions": dict(self.versions),
        }  # fmt: skip


def _told(cost: Cost) -> dict[str, Any]:
    return {
        "score": cost.score, "cash_yearly": cost.cash_yearly, "capacity_yearly": cost.capacity_yearly,
        "citizen_km_yearly": cost.citizen_km, "cash": dict(cost.cash), "capacity": dict(cost.capacity),
        "one_off": dict(cost.one_off), "open": list(cost.open), "moved": list(cost.moved),
    }  # fmt: skip
