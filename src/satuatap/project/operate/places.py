"""The second place: another disk, to which every backup goes, read back, with the lists that outlive a restore."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

from satuatap.plumbing.holding import sync_folder
from satuatap.project.cli.sentences import Trouble
from satuatap.project.operate import manifest as manifests
from satuatap.project.operate.backing import FOLDERS, Made, no_room

SETTING = "SATUATAP_BACKUP_TO"
ERASURES = "erasures.csv"
PIECE = 1_000_000


def places() -> list[Path]:
    """The second places that the environment names, separated by a colon."""
    return [Path(one).absolute() for one in os.environ.get(SETTING, "").split(":") if one]


def same_disk(home: Path, place: Path) -> bool:
    """Whether a place lies on the disk of the installation: it would be lost together with it."""
    return place.stat().st_dev == home.stat().st_dev


def copy_to(made: Made, home: Path, place: Path) -> None:
    """Copy a backup and the lists; read it back and compare. The folder must be there: one that is missing is a disk
    that is not mounted. Raises ``Trouble``; then nothing half is left."""
    if not place.is_dir():
        raise Trouble(
            f"Tempat kedua {place} tidak ada: disknya belum terpasang? Cadangan tetap ada di {made.path.parent}. "
            "Pasang disknya atau buat foldernya, lalu ulangi.",
            f"The second place {place} is not there: is its disk not mounted? The backup stays in {made.path.parent}. "
            "Mount the disk or make the folder, then repeat.",
        )
    draft = place / f".{made.path.name}.part"
    try:
        with contextlib.suppress(FileNotFoundError):
            draft.unlink()
        with made.path.open("rb") as source, open(os.open(draft, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as target:
            shutil.copyfileobj(source, target, PIECE)
            target.flush()
            os.fsync(target.fileno())
            os.posix_fadvise(target.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)  # so that it is read from the disk
        if _sum(draft) != made.manifest.sha256:
            raise Trouble(
                f"Salinan di {place} tidak sama dengan aslinya: disk itu mungkin rusak. Ganti disknya, lalu ulangi.",
                f"The copy in {place} is not what was written: that disk may be failing. Replace it, then repeat.",
            )
        draft.replace(place / made.path.name)
        manifests.write_beside(place / made.path.name, made.manifest)
        take_lists(home, place)
        sync_folder(place)
    except OSError as problem:
        raise no_room(place, problem) from None
    finally:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)


def _sum(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            digest.update(piece)
    return digest.hexdigest()


def take_lists(home: Path, place: Path) -> None:
    """The newest list of erasures and the journal's roots, beside the backups: a restore needs what came after it.

    Nothing that the place knows is lost. After an older backup was restored, its roots are the only proof of what was
    published since; they are kept under another name. Lists of erasures are joined.
    """
    for path in [home / ERASURES, *(path for name in FOLDERS for path in (home / name).glob("*.txt"))]:
        if not path.is_file():
            continue
        target = place / path.relative_to(home)
        target.parent.mkdir(mode=0o700, exist_ok=True)
        ours = path.read_bytes()
        theirs = target.read_bytes() if target.exists() else b""
        if not ours.startswith(theirs):
            if path.name == ERASURES:
                ours = _joined(theirs, ours)
            else:
                when = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
                target.rename(target.with_name(f"{target.stem}.sebelum-{when}{target.suffix}"))
        draft = target.with_name(f".{target.name}.part")
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(ours)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(target)


def _joined(theirs: bytes, ours: bytes) -> bytes:
    """Every line of both, each once, in the order in which they were first known."""
    lines = dict.fromkeys(line for text in (theirs, ours) for line in text.splitlines() if line)
    return b"".join(line + b"\r\n" for line in lines)
