"""Roots in a file that is meant to leave the machine: one line a seal, plain text, only ever appended to.

Who keeps a copy elsewhere can show that the journal was rewritten, even by somebody who owns the whole machine.
"""

from __future__ import annotations

import fcntl
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from satuatap.features.journal.models import Seal
from satuatap.features.journal.queries import SealView, seals_after

WORD = "satuatap-akar-1"
HEAD = f"# {WORD} ukuran akar akar-sebelumnya waktu (RFC 9162, SHA-256)\n"
LINE = re.compile(rf"{WORD} ([1-9][0-9]{{0,17}}) ([0-9a-f]{{64}}) ([0-9a-f]{{64}}) (\S+)")
BATCH = 1000


class RootsUnreadable(Exception):
    """A file of roots that is not one: ``line`` (from 1) is the first that can't be, ``why`` a code word."""

    def __init__(self, line: int, why: str) -> None:
        super().__init__(f"line {line}: {why}")
        self.line, self.why = line, why


class RootsAhead(Exception):
    """The file holds a root that this database does not: an older backup was restored, or its past was rewritten."""

    def __init__(self, file: Path, root: Root) -> None:
        super().__init__(f"{file.name} holds a root of {root.size} positions that the database does not have")
        self.file, self.root = file, root


@dataclass(frozen=True, slots=True)
class Root:
    """One line: the root over ``size`` positions, the root before it, when it was made (as text, UTC)."""

    size: int
    root: bytes
    previous: bytes
    made: str


def line_of(seal: SealView) -> str:
    """The line of one seal, with its end."""
    made = seal.made.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    return f"{WORD} {seal.size} {seal.root.hex()} {seal.previous.hex()} {made}\n"


def read(text: str) -> list[Root]:
    """The roots of a file in their order; RootsUnreadable when a line is not one or the sizes do not grow."""
    roots: list[Root] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        found = LINE.fullmatch(line.strip())
        if found is None or not _is_time(found[4]):
            raise RootsUnreadable(number, "form")
        root = Root(int(found[1]), bytes.fromhex(found[2]), bytes.fromhex(found[3]), found[4])
        if roots and root.size <= roots[-1].size:
            raise RootsUnreadable(number, "order")
        roots.append(root)
    if not roots:
        raise RootsUnreadable(1, "empty")
    return roots


def _is_time(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


def files(folder: Path) -> list[Path]:
    """The files of roots in a folder, the oldest first."""
    return sorted(folder.glob("akar-????-??.txt"))


def publish(folder: Path) -> int:
    """Append the seals that the folder does not have yet; returns how many lines. Safe to repeat and when killed.

    A line that was cut in half by a kill is taken away first: it never was a whole one. A folder that knows more than
    the database is left as it is (RootsAhead): its lines are the proof.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with _alone(folder):
        newest = _newest(folder)
        if newest is not None:
            _is_ours(*newest)
        size, written = newest[1].size if newest else 0, 0
        while seals := seals_after(size, BATCH):
            for file, lines in _by_file(folder, seals):
                _append(file, lines)
            size, written = seals[-1].size, written + len(seals)
        return written


def _by_file(folder: Path, seals: Iterable[SealView]) -> Iterator[tuple[Path, str]]:
    """Lines by the file that they belong to: one a month, and never an older file than the newest."""
    months: dict[str, list[str]] = {}
    floor = next((file.stem[5:] for file in reversed(files(folder))), "")
    for seal in seals:
        floor = max(floor, seal.made.astimezone(UTC).strftime("%Y-%m"))
        months.setdefault(floor, []).append(line_of(seal))
    for month, lines in months.items():
        yield folder / f"akar-{month}.txt", "".join(lines)


def _newest(folder: Path) -> tuple[Path, Root] | None:
    for file in reversed(files(folder)):
        _mend(file)
        lines = [line for line in file.read_text().splitlines() if LINE.fullmatch(line)]
        if lines:
            return file, read(lines[-1])[0]
    return None


def _is_ours(file: Path, root: Root) -> None:
    row = Seal.objects.filter(size=root.size).values_list("root", flat=True).first()
    if row is None or bytes(row) != root.root:
        raise RootsAhead(file, root)


def _mend(file: Path) -> None:
    content = file.read_bytes()
    whole = content.rfind(b"\n") + 1
    if whole < len(content):
        os.truncate(file, whole)


def _append(file: Path, lines: str) -> None:
    new = not file.exists()
    descriptor = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        content = ((HEAD if new else "") + lines).encode()
        while content:
            content = content[os.write(descriptor, content) :]
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    descriptor = os.open(folder / ".kunci", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
