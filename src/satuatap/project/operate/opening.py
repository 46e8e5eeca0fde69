"""Opening a backup: with its key, part by part, each held against its sum. Anything wrong is one sentence."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from satuatap.plumbing import archives
from satuatap.plumbing.space import space
from satuatap.project.cli.sentences import Trouble
from satuatap.project.operate import backing
from satuatap.project.operate import manifest as manifests
from satuatap.project.operate.manifest import Manifest

SMALL = 4_000_000  # the description


@dataclass(frozen=True, slots=True)
class Opened:
    """What was in a backup: its description, the dump, and the files of the installation under ``home``."""

    manifest: Manifest
    dump: Path
    home: Path


def damaged(backup: Path) -> Trouble:
    return Trouble(
        f"Cadangan {backup} rusak atau terpotong, jadi tidak dipakai; tidak ada yang berubah. Ambil salinannya dari "
        "tempat kedua, atau cadangan sebelumnya.",
        f"The backup {backup} is damaged or cut off, so it was not used; nothing has changed. Take its copy from the "
        "second place, or an earlier backup.",
    )


class _Taker:
    """Writes the members where they belong, and keeps their sums."""

    def __init__(self, backup: Path, folder: Path) -> None:
        self._backup, self._folder = backup, folder
        self.manifest = b""
        self.sums: dict[str, hashlib._Hash] = {}
        self._last_part = -1
        self._current = ""

    def take(self, name: str, data: bytes) -> None:
        if name == manifests.INSIDE:
            self.manifest += data
            if len(self.manifest) > SMALL:
                raise archives.ArchiveDamaged
            return
        stem, _, number = name.rpartition(".")
        if stem == backing.DUMP and number.isdecimal():
            if name != self._current and int(number) != self._last_part + 1:
                raise archives.ArchiveDamaged
            self._last_part, self._current, name = int(number), name, stem
        elif not name.startswith("home/") or (name != self._current and name in self.sums):
            raise archives.ArchiveDamaged
        else:
            self._current = name
        self.sums.setdefault(name, hashlib.sha256()).update(data)
        path = archives.target_of(self._folder, name)
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab") as file:
            file.write(data)


def open_backup(backup: Path, folder: Path, secrets: Sequence[str]) -> Opened:
    """Unpack ``backup`` into the empty ``folder`` with any of the age identities; raises ``Trouble``."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    taker = _Taker(backup, folder)
    try:
        size = backup.stat().st_size
        here = space(folder)
        if here.free < here.stop + 3 * size:  # the dump, and the database that is made of it
            raise _no_room(folder, 3 * size)
        with backup.open("rb") as file:
            archives.decrypt(file, taker.take, secrets)
        manifest = manifests.read_text(taker.manifest)
    except archives.WrongKey:
        raise Trouble(
            f"Kunci ini bukan kunci cadangan {backup.name}; tidak ada yang berubah. Pakai lembar kunci yang dicetak "
            "waktu cadangan itu dibuat.",
            f"This is not the key of the backup {backup.name}; nothing has changed. Use the sheet of keys that was "
            "printed when that backup was made.",
        ) from None
    except (archives.ArchiveDamaged, manifests.ManifestUnreadable):
        raise damaged(backup) from None
    except OSError as problem:
        raise Trouble(
            f"Cadangan {backup} tidak dapat dibuka ({problem.strerror}). Periksa nama, hak, dan ruang disk.",
            f"The backup {backup} can't be opened ({problem.strerror}). Check its name, rights and disk space.",
        ) from None
    if {name: one.hexdigest() for name, one in taker.sums.items()} != manifest.files:
        raise damaged(backup)
    return Opened(manifest, folder / backing.DUMP, folder / "home")


def _no_room(folder: Path, needed: int) -> Trouble:
    left = space(folder).free // 1_000_000
    return Trouble(
        f"Ruang di {folder} tinggal {left} MB; untuk memulihkan perlu sekitar {needed // 1_000_000} MB lagi. "
        "Kosongkan disk, lalu ulangi.",
        f"{folder} has {left} MB left; restoring needs about {needed // 1_000_000} MB more. Free some room, then "
        "repeat.",
    )
