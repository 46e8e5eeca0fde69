"""What tests of the web share: limits start empty, nobody is remembered."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from satuatap.web.identity import forget_all_sessions
from satuatap.web.locks import PASSKEYS


@pytest.fixture(autouse=True)
def _own_home(settings: Any, tmp_path: Path) -> None:
    """Keys and files of the tests never touch the checkout's."""
    settings.HOME = tmp_path


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    PASSKEYS.clear()
    forget_all_sessions()
    yield
    PASSKEYS.clear()
    forget_all_sessions()
