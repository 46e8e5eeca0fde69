"""Machine code of the engines is made once for what it was made from, and noted where the checkout keeps its assets."""

from __future__ import annotations

from pathlib import Path

import pytest

from satuatap.project import environment, kernels, kernels_stamp


@pytest.fixture
def engines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout with a folder of assets, and engines of one file."""
    (tmp_path / "build").mkdir()
    found = tmp_path / "engines"
    found.mkdir()
    (found / "kernel.py").write_text("x = 1\n")
    monkeypatch.setattr(environment, "CHECKOUT", tmp_path)
    monkeypatch.setattr(kernels_stamp, "ENGINES", found)
    return found


def test_they_are_made_until_an_engine_changes(engines: Path) -> None:
    assert not kernels.are_made()
    kernels_stamp.note(kernels.mark())
    assert kernels.are_made() and kernels.begin() is None
    (engines / "kernel.py").write_text("x = 2\n")
    assert not kernels.are_made()


def test_without_a_checkout_they_are_noted_in_the_installations_folder(
    engines: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "build").rmdir()
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("SATUATAP_HOME", str(home))
    kernels_stamp.note(kernels.mark())
    assert (home / "kernels").read_text() == kernels_stamp.stamp()
