"""A mall with two visits, one of which left a contact, and keys in a folder of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from satuatap.features.visits import actions
from satuatap.features.visits.models import Visit
from tests.factories.floors import BY, make_floor

NAME, PHONE = "Sulastri Handayani", "081279912345"


@pytest.fixture
def home(tmp_path: Path, settings: Any) -> Path:
    settings.HOME = tmp_path
    return tmp_path


def leave(name: str = NAME, phone: str = PHONE) -> Visit:
    """One more visit, with a contact."""
    row = actions.issue_ticket(by=BY, mall=1, steps=[1], after=[[]], request=uuid4())
    actions.give_contact(by=BY, visit=row.pk, name=name, phone=phone, consent=True)
    return row


@pytest.fixture
def visit(home: Path) -> Visit:
    make_floor({1: 8.0}, {1: [1]})
    return leave()
