"""A mall with a sealed journal; limits begin empty."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from satuatap.features.journal.actions import announce, number_entries, seal
from satuatap.features.malls import queries as malls
from satuatap.features.visits.facts import DayOpened
from satuatap.web.open.refusals import PROOFS
from tests.factories.floors import BY, make_floor


@pytest.fixture(autouse=True)
def _own(settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.HOME = tmp_path
    PROOFS.clear()
    yield
    PROOFS.clear()
    malls.forget()


@pytest.fixture
def sealed() -> list[int]:
    """Two seals; their sizes."""
    make_floor({1: 8.0}, {1: [1]})
    sizes = []
    for count in (300, 41):
        with transaction.atomic():
            for number in range(count):
                announce(DayOpened(f"2026-11-{number % 28 + 1:02}", None, None), by=BY)
        number_entries()
        made = seal(by=BY)
        assert made is not None
        sizes.append(made.size)
    return sizes
