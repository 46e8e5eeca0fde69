"""The history tells every fact of the inventory and of plans in words, in both languages."""

from __future__ import annotations

import inspect

import pytest
from django.utils.translation import override

from satuatap.basics.facts import Fact
from satuatap.features.estate import facts as estate
from satuatap.features.plans import facts as plans
from satuatap.web.office.estate_words import KINDS, of_estate

pytestmark = pytest.mark.django_db(transaction=True)  # with the rooms' own: one city for all of them
# what citizens and units say is read on the plan itself, not in a list of changes
NOT_TOLD = {"plan_comment_said", "unit_hours_said"}
FACT = {
    "plan": "b", "unit": "dinas-a", "origin": "lama", "target": "mal", "number": 3, "decree": "101/2026", "moves": 9,
    "move": 2, "on": "2026-11-02", "sheets": {"buildings": {"new": 2}}, "life": "compared", "verdict": "agrees",
    "check": "handover", "needed": True,
}  # fmt: skip


def kinds() -> set[str]:
    found = [one for module in (estate, plans) for _name, one in inspect.getmembers(module, inspect.isclass)]
    return {one.kind for one in found if issubclass(one, Fact) and one is not Fact}


def test_every_fact_is_told_or_said_not_to_be() -> None:
    assert kinds() == {*KINDS, *NOT_TOLD}


@pytest.mark.parametrize("kind", KINDS)
def test_each_is_a_sentence(kind: str) -> None:
    said = of_estate(kind, FACT)
    with override("en"):
        english = of_estate(kind, FACT)
    assert said.endswith(".") and english.endswith(".") and "%" not in said + english
    assert said != english


def test_a_decision_names_its_decree_and_a_move_its_day() -> None:
    assert "101/2026" in of_estate("plan_decided", FACT)
    assert "2 November 2026" in of_estate("unit_moved", FACT)
    assert of_estate("desk_opened", {}) == ""
