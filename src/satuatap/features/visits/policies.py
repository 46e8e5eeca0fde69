"""The calling policy in force, read as the rules want it."""

from __future__ import annotations

from dataclasses import dataclass

from satuatap.features.visits import rules
from satuatap.features.visits.models import Floor, PolicyClass
from satuatap.features.visits.personal import CONTACT_DAYS

DEFAULT_NUMBERS: dict[str, float] = {
    "recall_gap_minutes": 1,
    "recalls_before_missed": 2,
    "return_within_minutes": 30,
    "undo_minutes": 2,
    "close_after_minutes": 30,
    "idle_minutes": 60,
    "contact_days": CONTACT_DAYS,
}


@dataclass(frozen=True, slots=True)
class PolicyNow:
    """The policy in force at a mall: its weights and the house's numbers (minutes; of contacts, days), all data."""

    weights: rules.Weights
    numbers: dict[str, float]


def weights_of(mall: int) -> PolicyNow:
    """The policy that holds at the mall now."""
    floor = Floor.objects.select_related("policy").get(pk=mall)
    classes = {
        c.priority_class: rules.ClassWeights(c.base, c.a, c.b, c.line_id)
        for c in PolicyClass.objects.filter(policy=floor.policy)
    }
    weights = rules.Weights(floor.policy_id, floor.policy.weight_remaining, floor.policy.cap, classes)
    return PolicyNow(weights, {**DEFAULT_NUMBERS, **floor.policy.numbers})
