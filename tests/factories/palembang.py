"""The demo city opened for a test, at ten past nine on its first morning."""

from __future__ import annotations

from pathlib import Path

import pytest

from satuatap.features.catalogue import queries as catalogue
from satuatap.features.malls import queries as malls
from satuatap.features.visits.actions import issue_ticket
from satuatap.features.visits.models import Visit
from satuatap.features.visits.states import PriorityClass
from satuatap.project.city.opening import open_city
from satuatap.project.heart import beat
from tests.factories.people import BY

FOLDER = Path(__file__).parents[2] / "data" / "palembang"


def open_palembang(home: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    """The mall of the demo city, its day begun and every desk that opens in the morning open; returns its number."""
    monkeypatch.setenv("SATUATAP_HOME", str(home))
    outcome = open_city(FOLDER)
    assert not outcome.problems
    mall = malls.malls()[0].id
    beat(mall)
    return mall


def take_ticket(mall: int, *codes: str, priority: bool = False) -> Visit:
    """One number for these services, as kiosk and help desk give it."""
    errands = catalogue.plan(codes).errands
    return issue_ticket(
        by=BY,
        mall=mall,
        steps=[errand.step_id for errand in errands],
        after=[errand.after for errand in errands],
        priority_class=PriorityClass.PRIORITY if priority else PriorityClass.REGULAR,
    )
