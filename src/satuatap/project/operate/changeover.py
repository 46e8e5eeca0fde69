"""From the old to the new in one decision: a restore or an upgrade is made beside, then takes its place.

Everything new is made in ``HOME/.changing/new``. Writing ``committed.json`` is the decision: before it a kill leaves
the installation as it was, after it whoever comes next (any command) moves the rest into place first. No Django here:
it runs before the settings are read.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from satuatap.plumbing.holding import Held, holding, sync_folder
from satuatap.project.environment import EnvironmentTrouble

FOLDER = ".changing"
LOCK = ".changing.lock"
COMMITTED = "committed.json"
CLEARED_WITHIN = 15.0


class Change:
    """A change in the making: ``new`` is where everything new is put, under the name that it will have."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.folder = home / FOLDER
        self.new = self.folder / "new"

    def commit(self, keep_as: str = "") -> Path | None:
        """Decide, and move everything into place. What was there is kept in a folder ``keep_as-TIME`` (returned), or
        removed when no name is given."""
        kept = f"{keep_as}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}" if keep_as else ""
        os.sync()  # the new cluster was filled without waiting for the disk
        draft = self.folder / f"{COMMITTED}.part"
        with draft.open("w") as file:
            json.dump({"names": sorted(path.name for path in self.new.iterdir()), "kept": kept}, file)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self.folder / COMMITTED)
        sync_folder(self.folder)
        _move(self.home)
        return self.home / kept if kept and (self.home / kept).exists() else None


@contextlib.contextmanager
def changing(home: Path) -> Iterator[Change]:
    """Begin a change of the installation in ``home``; without ``commit`` nothing is left of it."""
    try:
        with holding(home / LOCK):
            change = Change(home)
            _clear(change.folder)
            change.new.mkdir(mode=0o700, parents=True)
            try:
                yield change
            finally:
                if not (change.folder / COMMITTED).exists():
                    shutil.rmtree(change.folder, ignore_errors=True)
    except Held:
        raise _busy(home) from None


def _clear(folder: Path) -> None:
    """Remove what a killed change left; its database server may need a moment to notice that it is alone."""
    until = time.monotonic() + CLEARED_WITHIN
    while folder.exists() and time.monotonic() < until:
        shutil.rmtree(folder, ignore_errors=True)
        time.sleep(0.05 if folder.exists() else 0)


def _busy(home: Path) -> EnvironmentTrouble:
    return EnvironmentTrouble(
        f"Instalasi di {home} sedang dipulihkan atau ditingkatkan proses lain. Tunggu sampai selesai, lalu ulangi.",
        f"The installation in {home} is being restored or upgraded by another process. Wait until it ends, then "
        "repeat.",
    )


def finish(home: Path) -> None:
    """Bring a decided change to its end, if somebody was killed in the middle; otherwise nothing."""
    if not (home / FOLDER / COMMITTED).exists():
        return
    try:
        with holding(home / LOCK):
            if (home / FOLDER / COMMITTED).exists():
                _move(home)
    except Held:
        raise _busy(home) from None


def _move(home: Path) -> None:
    """Each step may have been done already."""
    folder = home / FOLDER
    told = json.loads((folder / COMMITTED).read_text())
    old = folder / "old"
    old.mkdir(mode=0o700, exist_ok=True)
    for name in told["names"]:
        new, place = folder / "new" / name, home / name
        if not new.exists():
            continue  # it is in its place
        if place.exists():
            aside = old / name
            if aside.exists():  # made anew between a kill and now; the real one was put aside before
                aside = old / f"{name}.again"
                shutil.rmtree(aside, ignore_errors=True)
            place.rename(aside)
        new.rename(place)
    sync_folder(home)
    kept = told["kept"]
    if kept and any(old.iterdir()) and not (home / kept).exists():
        old.rename(home / kept)
    sync_folder(home)
    (folder / COMMITTED).unlink()
    shutil.rmtree(folder, ignore_errors=True)
