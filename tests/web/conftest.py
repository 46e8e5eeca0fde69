"""What tests of the web share: limits start empty, nobody is remembered."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from satuatap.web.identity import forget_all_sessions
from satuatap.web.signin.limits import FAILED


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    FAILED.clear()
    forget_all_sessions()
    yield
    FAILED.clear()
    forget_all_sessions()
