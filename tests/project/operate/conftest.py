"""One installation with a city, stopped; each test gets a copy."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.project.operate.installations import backup_of, command, copy, well

CITY = Path(__file__).resolve().parents[3] / "data" / "palembang"


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation with a city, never changed by a test."""
    home = tmp_path_factory.mktemp("operate") / "home"
    well(command(home, "city", "open", CITY, "--yes"))
    return home


@pytest.fixture(scope="session")
def backed_up(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of it that has a checked backup; never changed either."""
    home = copy(installed, tmp_path_factory.mktemp("backed-up") / "home")
    well(command(home, "backup"))
    return home


@pytest.fixture
def home(installed: Path, tmp_path: Path) -> Path:
    return copy(installed, tmp_path / "home")


@pytest.fixture
def backup(backed_up: Path, tmp_path: Path) -> Path:
    """A backup and its keys in a folder of their own."""
    folder = tmp_path / "safe"
    folder.mkdir()
    source = backup_of(backed_up)
    target = folder / source.name
    target.write_bytes(source.read_bytes())
    (folder / "keys.json").write_bytes((backed_up / "keys.json").read_bytes())
    return target
