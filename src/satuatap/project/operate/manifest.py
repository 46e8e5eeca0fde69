"""What a backup says about itself, inside (signed by its encryption) and in a clear file beside it, and how long it
is kept."""

from __future__ import annotations

import json
import os
import re
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from satuatap.project.privacy.erasures import BACKUP_DAYS, backup_ends_on

FORMAT = 1
NAME = re.compile(r"satuatap-\d{8}T\d{6}Z\.age")
INSIDE = "manifest.json"
ALWAYS_KEPT = 2  # so many newer good ones must stand before an old one goes


class ManifestUnreadable(Exception):
    """The description is missing or is none."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """One backup. Times are UTC in ISO 8601; ``rows`` counts each table; ``files`` are SHA-256 of the members."""

    made: str
    satuatap: str
    postgres: int
    migrations: list[str]
    position: int
    entry: int
    root: str
    rows: dict[str, int]
    files: dict[str, str]
    keep_until: str
    key: str
    format: int = FORMAT
    # only in the file beside it
    bytes: int = 0
    sha256: str = ""
    seconds: float = 0.0
    checked: dict[str, Any] = field(default_factory=dict)

    @property
    def made_at(self) -> datetime:
        return datetime.fromisoformat(self.made)

    @property
    def is_good(self) -> bool:
        """Restored once, and counted."""
        return bool(self.checked.get("ok"))

    def text(self) -> str:
        return json.dumps(asdict(self), indent=1)


def read_text(text: str | bytes) -> Manifest:
    """The description in a text; ``ManifestUnreadable`` when it is none or from a newer format."""
    try:
        values = json.loads(text)
        if values["format"] != FORMAT:
            raise ManifestUnreadable(str(values["format"]))
        found = Manifest(**values)
        datetime.fromisoformat(found.made)
        date.fromisoformat(found.keep_until)
    except (ValueError, KeyError, TypeError) as problem:
        raise ManifestUnreadable(type(problem).__name__) from None
    return found


def beside(backup: Path) -> Path:
    """The clear description of a backup."""
    return backup.with_suffix(".json")


def read_beside(backup: Path) -> Manifest:
    try:
        return read_text(beside(backup).read_text())
    except OSError as problem:
        raise ManifestUnreadable(type(problem).__name__) from None


def write_beside(backup: Path, manifest: Manifest) -> None:
    """In one step; a reader sees the old or the new one."""
    draft = beside(backup).with_suffix(".json.part")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(manifest.text())
        file.flush()
        os.fsync(file.fileno())
    draft.replace(beside(backup))


def name_of(made: datetime) -> str:
    return f"satuatap-{made.astimezone(UTC):%Y%m%dT%H%M%SZ}.age"


def kept_days() -> int:
    """How long a backup is kept: SATUATAP_BACKUP_DAYS, never longer than the privacy rule allows."""
    given = os.environ.get("SATUATAP_BACKUP_DAYS", "")
    days = int(given) if given.isdecimal() and int(given) else BACKUP_DAYS
    return min(days, BACKUP_DAYS)


def keep_until(made: datetime) -> date:
    """The last day of a backup made then."""
    day = made.astimezone(UTC).date()
    return min(backup_ends_on(day), day.fromordinal(day.toordinal() + kept_days()))


def backups(folder: Path) -> list[tuple[Path, Manifest | None]]:
    """The backups in a folder, oldest first, each with its description if that can be read."""
    found: list[tuple[Path, Manifest | None]] = []
    try:
        paths = sorted(path for path in folder.iterdir() if NAME.fullmatch(path.name))
    except OSError:
        return []
    for path in paths:
        try:
            manifest = read_beside(path)
            found.append((path, manifest if manifest.bytes == path.stat().st_size else None))
        except (ManifestUnreadable, OSError):
            found.append((path, None))
    return found


def to_remove(found: list[tuple[Path, Manifest | None]], today: date) -> list[Path]:
    """Those past their day, as long as enough newer good ones stay. One that can't describe itself is never removed."""
    gone = []
    for place, (path, manifest) in enumerate(found):
        newer_good = sum(1 for _path, one in found[place + 1 :] if one is not None and one.is_good)
        if manifest is not None and date.fromisoformat(manifest.keep_until) < today and newer_good >= ALWAYS_KEPT:
            gone.append(path)
    return gone


def remove_old(folder: Path, today: date) -> list[Path]:
    """Remove what is past its day; returns what went."""
    gone = to_remove(backups(folder), today)
    for path in gone:
        path.unlink(missing_ok=True)
        beside(path).unlink(missing_ok=True)
    return gone


def with_check(manifest: Manifest, *, ok: bool, seconds: float, why: str = "") -> Manifest:
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return replace(
        manifest, checked={"ok": ok, "at": now, "seconds": round(seconds, 1), **({"why": why} if why else {})}
    )
